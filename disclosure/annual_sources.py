"""What the portal already knows of a union's year, in sentences for its annual report; each names and links its source."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.enums import ImprovementState, MeetingKind, Satisfaction, VoteKind
from assemblies.models import Appraisal, Improvement, Meeting, Proposal, Vote
from disclosure.enums import AnnualSource, FormKind
from disclosure.models import AnnualPromise, Bulletin, Return, Total
from unions.enums import Tier
from unions.kit.links import link
from unions.kit.periods import Period
from unions.models import Union
from unions.templatetags.components import full_day

SHOWN = 5


@dataclass(frozen=True)
class Drawn:
    """A sentence that the portal can vouch for: what it says, what it rests on, where that is to be seen."""

    text: str
    source: str
    href: str


def shown(value: object) -> str:
    return number_format(value, force_grouping=True)


class Year:
    """One union's year, read once for a page."""

    def __init__(self, union: Union, year: int):
        self.union, self.year = union, year
        self._drawn: dict[str, list[Drawn]] = {}

    def drawn(self, source: str) -> list[Drawn]:
        if source not in self._drawn:
            self._drawn[source] = SOURCES[source](self) if source in SOURCES else []
        return self._drawn[source]

    def draft(self, source: str) -> str:
        """A paragraph to go on with; nothing in it is made up."""
        return "".join(one.text for one in self.drawn(source))

    @cached_property
    def quarters(self) -> list[tuple[str, dict, str]]:
        """Accepted figures of the year, oldest first: period, figures, address. Above the grassroots, the totals below."""
        code = str(self.year)
        if self.union.tier is not Tier.GRASSROOTS:
            rows = Total.objects.filter(union=self.union, period__startswith=code, form__kind=FormKind.FILED)
            found = rows.order_by("period").values_list("period", "figures")
            return [(period, figures, reverse("disclosure:totals", args=[period])) for period, figures in found]
        rows = Return.objects.accepted().filter(
            union=self.union, period__startswith=code, version__form__kind=FormKind.FILED
        )
        return [
            (period, figures, reverse("disclosure:return-detail", args=[pk]))
            for pk, period, figures in rows.order_by("period").values_list("pk", "period", "figures")
        ]

    def sum(self, code: str) -> Decimal:
        return sum((Decimal(str(figures.get(code) or 0)) for _p, figures, _h in self.quarters), Decimal(0))

    @property
    def from_returns(self) -> tuple[str, str]:
        """How the sums of the year are made, and where the newest figures stand."""
        first, last = self.quarters[0][0], self.quarters[-1][0]
        words = (
            Period.parse(last).label if first == last else f"{Period.parse(first).label}—{Period.parse(last).label}"
        )
        return _("Accepted returns: %(periods)s") % {"periods": words}, self.quarters[-1][2]

    @cached_property
    def promises(self) -> list[AnnualPromise]:
        """What the union promised in last year's report."""
        rows = AnnualPromise.objects.filter(union=self.union, report__year=self.year - 1)
        return list(rows.select_related("report").order_by("number"))


def _workforce(year: Year) -> list[Drawn]:
    union = year.union
    card = reverse("unions:union", args=[union.pk])
    words = _("The register counts %(workers)s workers and %(members)s members, of them %(women)s women. ")
    counts = {"workers": union.workers, "members": union.members, "women": union.women_members}
    if union.tier is not Tier.GRASSROOTS:
        found = []
    else:
        found = [Drawn(words % {name: shown(n) for name, n in counts.items()}, _("Register of unions"), card)]
    if not year.quarters:
        return found
    period, figures, href = year.quarters[-1]
    words = _("At the end of %(period)s there were %(workers)s workers and %(members)s members. ") % {
        "period": Period.parse(period).label,
        **{name: shown(figures.get(name) or 0) for name in ("workers", "members")},
    }
    label, _href = year.from_returns
    moved = _("In the year %(joined)s members joined and %(left)s left. ") % {
        name: shown(year.sum(name)) for name in ("joined", "left")
    }
    return [*found, Drawn(words, _("Accepted return"), href), Drawn(moved, label, href)]


def _activities(year: Year) -> list[Drawn]:
    if not year.quarters:
        return []
    label, href = year.from_returns
    sentences = (
        (
            ("activities", "participants"),
            _("%(activities)s activities were held, with %(participants)s attendances. "),
        ),
        (
            ("visits", "relief_money"),
            _("%(visits)s visits were paid to workers, and %(relief_money)s yuan given in relief. "),
        ),
        (
            ("contracts", "contract_workers"),
            _("%(contracts)s collective contracts were signed, covering %(contract_workers)s workers. "),
        ),
        (
            ("disputes", "disputes_settled"),
            _("%(disputes)s labour disputes were mediated, %(disputes_settled)s of them settled. "),
        ),
    )
    return [
        Drawn(words % {code: shown(year.sum(code)) for code in codes}, label, href)
        for codes, words in sentences
        if year.sum(codes[0])
    ]


def _funds(year: Year) -> list[Drawn]:
    if not year.quarters:
        return []
    label, href = year.from_returns
    counts = {code: shown(year.sum(code)) for code in ("income", "expenditure")}
    return [Drawn(_("Income was %(income)s yuan, expenditure %(expenditure)s yuan. ") % counts, label, href)]


def _meetings(year: Year) -> list[Drawn]:
    rows = Meeting.objects.filter(union=year.union).in_year(year.year).held()
    meetings = list(rows.order_by("held_on", "pk"))
    found = []
    if meetings:
        kinds = Counter(meeting.get_kind_display() for meeting in meetings)
        parts = _(", ").join(_("%(kind)s %(count)d") % {"kind": kind, "count": n} for kind, n in kinds.items())
        words = ngettext(
            "%(count)d meeting was held: %(parts)s. ", "%(count)d meetings were held: %(parts)s. ", len(meetings)
        ) % {"count": len(meetings), "parts": parts}
        href = link("assemblies:meeting-list", union=year.union.pk, year=year.year, held=1)
        found.append(Drawn(words, _("Meetings"), href))
    for meeting in [one for one in meetings if one.is_assembly][:SHOWN]:
        words = _("On %(day)s the %(title)s met: due %(due)s, present %(present)s. ") % {
            "day": full_day(meeting.held_on), "title": meeting.title, "due": shown(meeting.due_count or 0),
            "present": shown(meeting.present_count or 0),
        }  # fmt: skip
        found.append(Drawn(words, _("Record of the meeting"), reverse("assemblies:meeting", args=[meeting.pk])))
    votes = Vote.objects.filter(union=year.union).announced().in_year(year.year).exclude(kind=VoteKind.APPRAISAL)
    for vote in votes.order_by("held_on", "pk")[:SHOWN]:
        words = _("On %(day)s the result of “%(title)s” was announced. ") % {
            "day": full_day(vote.held_on), "title": vote.title
        }  # fmt: skip
        found.append(Drawn(words, _("Result of the vote"), reverse("assemblies:vote-detail", args=[vote.pk])))
    return found


def _proposals(year: Year) -> list[Drawn]:
    counts = Proposal.objects.filter(union=year.union, year=year.year).aggregate(
        received=Count("pk"),
        answered=Count("pk", filter=Q(answered_on__isnull=False)),
        content=Count("pk", filter=Q(satisfaction__in=[Satisfaction.SATISFIED, Satisfaction.BASICALLY])),
        marked=Count("pk", filter=~Q(satisfaction="")),
    )  # fmt: skip
    if not counts["received"]:
        return []
    words = _("%(received)s proposals and suggestions came in, %(answered)s were answered; ") % counts
    words += _("of %(marked)s marks given, %(content)s were satisfied or basically satisfied. ") % counts
    href = link("assemblies:proposal-list", union=year.union.pk, year=year.year)
    return [Drawn(words, _("Proposals and suggestions"), href)]


def _appraisal(year: Year) -> list[Drawn]:
    found = []
    one = Appraisal.objects.filter(union=year.union).standing().in_year(year.year).select_related("vote").first()
    if one and not one.is_hidden:
        words = _(
            "In the appraisal of %(day)s, %(good)s of %(valid)s valid answers were satisfied or basically satisfied. "
        ) % {
            "day": full_day(one.held_on),
            "good": shown(one.good_count),
            "valid": shown(one.valid_count),
        }
        found.append(Drawn(words, _("Result of the appraisal"), reverse("assemblies:appraisal", args=[one.pk])))
    rows = Improvement.objects.filter(union=year.union, due_on__year=year.year).order_by("due_on", "pk")
    for item in rows[:SHOWN]:
        if item.state == ImprovementState.OPEN:
            words = _("“%(title)s” is being put right, by %(day)s. ") % {
                "title": item.title, "day": full_day(item.due_on)
            }  # fmt: skip
        else:
            words = _("“%(title)s”: %(outcome)s ") % {"title": item.title, "outcome": item.outcome}
        found.append(Drawn(words, _("Improvement"), reverse("assemblies:improvement", args=[item.pk])))
    return found


def _bulletins(year: Year) -> list[Drawn]:
    rows = Bulletin.objects.filter(union=year.union, occurred_on__year=year.year).out()
    kinds = Counter(str(row.item.category) for row in rows.select_related("item__category"))
    if not kinds:
        return []
    parts = _(", ").join(_("%(kind)s %(count)d") % {"kind": kind, "count": n} for kind, n in kinds.most_common(SHOWN))
    count = sum(kinds.values())
    words = ngettext(
        "%(count)d bulletin was published: %(parts)s. ", "%(count)d bulletins were published: %(parts)s. ", count
    ) % {"count": count, "parts": parts}
    return [Drawn(words, _("Bulletins"), link("disclosure:bulletin-list", q=year.union.code, year=year.year))]


def _audit(year: Year) -> list[Drawn]:
    rows = Meeting.objects.filter(union=year.union, kind=MeetingKind.AUDIT).in_year(year.year).held()
    return [
        Drawn(
            _("The fund audit committee met on %(day)s: %(title)s. ") % {"day": full_day(one.held_on), "title": one.title},
            _("Record of the meeting"), reverse("assemblies:meeting", args=[one.pk]),
        )
        for one in rows.order_by("held_on", "pk")[:SHOWN]
    ]  # fmt: skip


def _promises(year: Year) -> list[Drawn]:
    return [
        Drawn(
            _("“%(text)s”: %(outcome)s. %(account)s ") % {
                "text": one.text, "outcome": one.get_outcome_display(), "account": one.account
            },
            _("Annual report %(year)s") % {"year": one.report.year}, reverse("disclosure:annual", args=[one.report_id]),
        )
        for one in year.promises
        if one.outcome
    ]  # fmt: skip


S = AnnualSource
SOURCES: dict[str, Callable[[Year], list[Drawn]]] = {
    S.WORKFORCE: _workforce, S.ACTIVITIES: _activities, S.MEETINGS: _meetings, S.PROPOSALS: _proposals,
    S.APPRAISAL: _appraisal, S.BULLETINS: _bulletins, S.FUNDS: _funds, S.AUDIT: _audit, S.PROMISES: _promises,
}  # fmt: skip
