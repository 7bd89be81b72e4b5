"""Delegates over a term: who is elected where, whether numbers and shares keep to the rules, who is missing, who came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.bands import band
from assemblies.enums import BandKey, DelegateWork, Presence, ProposalKind
from assemblies.models import Band, Constituency, Delegate, DelegateAttendance, Proposal, Term
from assemblies.models.meetings import HELD
from assemblies.quorum import needed_of
from unions.enums import Sex, Tier
from unions.kit.periods import months_before
from unions.models import Union, User
from unions.services import differences, record
from unions.settingbook import setting
from unions.workflow import Invalid, demand_unchanged

# --- the plan ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Share:
    """A part of the delegates beside the part that the rule wants; both as counts, so that nothing is rounded away."""

    label: str
    count: int
    of: int
    least: Fraction | None = None
    most: Fraction | None = None

    @property
    def least_percent(self) -> str:
        return "" if self.least is None else f"{float(self.least * 100):.1f}".removesuffix(".0")

    @property
    def most_percent(self) -> str:
        return "" if self.most is None else f"{float(self.most * 100):.1f}".removesuffix(".0")

    @property
    def is_kept(self) -> bool:
        if not self.of:
            return True
        part = Fraction(self.count, self.of)
        return (self.least is None or part >= self.least) and (self.most is None or part <= self.most)


@dataclass
class Plan:
    """What the rules allow for a term and what is planned and filled."""

    term: Term
    day: date
    members: int
    row: Band | None
    constituencies: list[Constituency]  # each with `filled`
    shares: list[Share]

    @property
    def seats(self) -> int:
        return sum(each.seats for each in self.constituencies)

    @property
    def filled(self) -> int:
        return sum(each.filled for each in self.constituencies)

    @property
    def counted(self) -> int:
        """The members of all constituencies: they should be those of the union."""
        return sum(each.members for each in self.constituencies)

    @property
    def allowed(self) -> tuple[int, int] | None:
        return self.row.range_for(self.members) if self.row else None

    @property
    def is_number_kept(self) -> bool:
        return self.allowed is None or self.allowed[0] <= self.seats <= self.allowed[1]


def members_of(union: Union) -> int:
    """The members whom the delegates stand for: a union's own, above it those of all unions below."""
    return Union.objects.with_tree_counts().get(pk=union.pk).member_count


def plan_of(term: Term) -> Plan:
    """Numbers by the table and shares by the settings in force on the day the term began."""
    day, union = term.started_on, term.union
    key = BandKey.DELEGATES if union.tier is Tier.GRASSROOTS else BandKey.CONGRESS
    members, today = members_of(union), min(timezone.localdate(), term.ended_on or date.max)
    serving = Delegate.objects.in_office(today).filter(term=term)
    filled = Q(delegates__in=serving.values("pk"))
    constituencies = list(term.constituencies.annotate(filled=Count("delegates", filter=filled)).order_by("pk"))
    counts = serving.aggregate(
        all=Count("pk"), women=Count("pk", filter=Q(sex=Sex.FEMALE)), managers=Count("pk", filter=Q(is_senior=True)),
        front=Count("pk", filter=Q(work=DelegateWork.FRONT_LINE)), models=Count("pk", filter=Q(is_model=True)),
        young=Count("pk", filter=Q(is_young=True)),
    )  # fmt: skip
    everybody = counts["all"]
    due_share = Fraction(union.women_members, union.members) if union.members else None
    wanted = due_share and due_share * Fraction(setting("women-delegates-percent", day), 100)
    shares = [
        Share(_("Front-line workers"), counts["front"], everybody, least=Fraction(setting("front-line-percent", day), 100)),
        Share(_("Women"), counts["women"], everybody, least=wanted),
        Share(_("Heads of departments and higher"), counts["managers"], everybody, most=Fraction(setting("managers-percent", day), 100)),
        Share(_("Model workers"), counts["models"], everybody),
        Share(_("Aged 35 or younger"), counts["young"], everybody),
    ]  # fmt: skip
    return Plan(term, day, members, band(key, members, day), constituencies, shares)


# --- writes --------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_constituency(term: Term, values: dict, *, by: User, constituency: Constituency | None = None) -> Constituency:
    """Plan a constituency of a term, or change it; it never has fewer seats than delegates who fill them."""
    made = constituency or Constituency(term=term)
    before = {name: getattr(made, name) for name in values}
    for name, value in values.items():
        setattr(made, name, value)
    made.full_clean(exclude=["union", "middle"])
    if made.pk and made.seats < made.delegates.filter(ended_on=None).count():
        raise Invalid(_("Something is still missing."), {"seats": _("More delegates than that are in office.")})
    made.save()
    record(term.union, "constituency.save", made, by=by, data={"changes": differences(before, values)})
    return made


@transaction.atomic
def remove_constituency(constituency: Constituency, *, by: User) -> None:
    """Only where nobody was ever elected."""
    if constituency.delegates.exists():
        raise Invalid(_("Delegates were elected in this constituency; it stays on record."))
    record(constituency.union, "constituency.remove", constituency, by=by, data={"name": constituency.name})
    constituency.delete()


def election_faults(values: dict, day: date) -> dict[str, str]:
    """Why somebody cannot count as elected by these numbers: a quorum of those due, more than half of those due."""
    due, present, votes = (values.get(name) for name in ("due_count", "present_count", "votes"))
    if due is None and present is None and votes is None:
        return {}
    if None in (due, present, votes):
        return {"due_count": _("Give all three: due, present, votes; or none of them.")}
    faults = {}
    if not votes <= present <= due:
        faults["votes"] = _("Votes cannot exceed those present, nor these those due.")
    elif present < needed_of(due, setting("assembly-quorum", day)):
        faults["present_count"] = _("%(present)d of %(due)d present is below the quorum of %(quorum)s.") % {
            "present": present, "due": due, "quorum": setting("assembly-quorum", day)
        }  # fmt: skip
    elif votes <= due * setting("elected-over", day):
        faults["votes"] = _("%(votes)d votes are not more than %(part)s of the %(due)d due: not elected.") % {
            "votes": votes, "due": due, "part": setting("elected-over", day)
        }  # fmt: skip
    return faults


@transaction.atomic
def save_delegate(
    term: Term, values: dict, *, by: User, delegate: Delegate | None = None, revision: int | None = None
) -> Delegate:
    """Enter somebody as elected, or correct the entry. Nobody below the rule is entered, nor beyond the seats."""
    constituency = Constituency.objects.select_for_update(of=("self",), no_key=True).get(
        pk=values["constituency"].pk, term=term
    )
    made = delegate or Delegate(term=term)
    if delegate:
        made = Delegate.objects.select_for_update(of=("self",), no_key=True).get(pk=delegate.pk, term=term)
        demand_unchanged(made, revision)
    faults = election_faults(values, values["elected_on"])
    others = constituency.delegates.filter(ended_on=None).exclude(pk=made.pk).count()
    if made.ended_on is None and others >= constituency.seats:
        faults["constituency"] = _("All %(seats)d seats of this constituency are filled.") % {
            "seats": constituency.seats
        }
    if faults:
        raise Invalid(_("Something is still missing."), faults)
    changes = differences({name: getattr(made, name, None) if made.pk else None for name in values}, values)
    for name, value in values.items():
        setattr(made, name, value)
    made.revision += bool(delegate)
    made.full_clean(exclude=["union", "middle"])
    made.save()
    record(term.union, "delegate.edit" if delegate else "delegate.add", made, by=by, data={"changes": changes})
    return made


@transaction.atomic
def renew_card(delegate: Delegate, *, by: User) -> None:
    """A lost card is replaced; the former one no longer shows as valid."""
    Delegate.objects.filter(pk=delegate.pk).update(card_number=F("card_number") + 1)
    record(delegate.union, "delegate.renew_card", delegate, by=by)


# --- the register over the term ------------------------------------------------------------------------------------


def with_record(delegates):
    """Beside each delegate, in the same query: meetings of the term at which they were due and came, and proposals made
    under their name."""
    meetings = DelegateAttendance.objects.filter(delegate=OuterRef("pk"), attendee__meeting__state__in=HELD).order_by()
    made = Proposal.objects.filter(delegate=OuterRef("pk")).exclude(kind=ProposalKind.OPINION).order_by()
    count = lambda rows, by: Subquery(rows.values(by).annotate(n=Count("pk")).values("n"))  # noqa: E731
    return delegates.annotate(
        meetings_due=count(meetings, "delegate"),
        meetings_present=count(meetings.filter(attendee__presence=Presence.PRESENT), "delegate"),
        proposals_made=count(made, "delegate"),
    )


# --- gaps ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Too many delegates of a term are missing: how many of how many, since when, and by when others must be elected."""

    term: Term
    missing: int
    seats: int
    since: date
    due: date


def gap_of(term: Term, day: date) -> Gap | None:
    """None while the gap is within what the rule bears (a quarter of all). Only a term whose delegates were once
    complete enough can have one: an election still under way is no gap."""
    seats = term.constituencies.aggregate(sum=Sum("seats"))["sum"] or 0
    if not seats or (term.ended_on and term.ended_on <= day):
        return None
    bearable = seats * setting("delegate-gap", day)
    steps: dict[date, int] = {}
    for elected_on, ended_on in term.delegates.values_list("elected_on", "ended_on"):
        steps[elected_on] = steps.get(elected_on, 0) + 1
        if ended_on:
            steps[ended_on] = steps.get(ended_on, 0) - 1
    serving, was_complete, since = 0, False, None
    for when in sorted(step for step in steps if step <= day):
        serving += steps[when]
        is_within = seats - serving <= bearable
        was_complete |= is_within
        since = None if is_within or not was_complete else since or when
    if since is None:
        return None
    months = setting("delegate-by-election-months", since)
    return Gap(term, seats - serving, seats, since, months_before(since, -months))


def gaps_of(terms: Iterable[Term], day: date) -> list[Gap]:
    return [gap for term in terms if (gap := gap_of(term, day))]
