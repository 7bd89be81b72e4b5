"""The list of proposals: its filters, its table; and the queue of whoever handles them."""

from dataclasses import dataclass

import django_filters
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.enums import ProposalKind, ProposalState, Satisfaction
from assemblies.models import Collection, Delegate, Handler, Proposal, Theme
from assemblies.models.proposals import WITH_THE_UNION
from unions.enums import Tier
from unions.filters import MiddleFilters, UnionFilter
from unions.kit.filters import FlagFilter, LinkedFilter, SearchFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, StateColumn
from unions.models import User
from unions.permissions import Permission

S = ProposalState
SATISFIED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY)


def is_due(today) -> Q:
    """Proposals by which “answered in time” is judged: the answer came, or its day is past."""
    return Q(answered_on__isnull=False) | Q(answer_due_on__lt=today)


# What a number of the statistics counts, so that it links to exactly these rows.
FIGURES = {
    "taken": (gettext_lazy("Taken up"), lambda today: ~Q(state__in=[S.SUBMITTED, S.DECLINED, S.MERGED])),
    "declined": (gettext_lazy("Not taken up"), lambda today: Q(state=S.DECLINED)),
    "open": (gettext_lazy("Not answered yet"), lambda today: Q(state__in=WITH_THE_UNION)),
    "judged": (gettext_lazy("Answered, or past its day"), is_due),
    "in_time": (gettext_lazy("Answered in time"), lambda today: Q(answered_on__lte=F("answer_due_on"))),
    "late": (
        gettext_lazy("Not answered in time"),
        lambda today: is_due(today) & ~Q(answered_on__lte=F("answer_due_on"), answered_on__isnull=False),
    ),
    "answered": (gettext_lazy("Answered"), lambda today: Q(answered_on__isnull=False)),
    "marked": (gettext_lazy("Marked by the proposer"), lambda today: ~Q(satisfaction="")),
    "satisfied": (gettext_lazy("Satisfied or basically satisfied"), lambda today: Q(satisfaction__in=SATISFIED)),
    "dissatisfied": (gettext_lazy("Dissatisfied"), lambda today: Q(satisfaction=Satisfaction.DISSATISFIED)),
    "unmarked": (gettext_lazy("No mark yet"), lambda today: Q(answered_on__isnull=False, satisfaction="")),
    "overdue": (gettext_lazy("Past its day"), lambda today: Q(state__in=WITH_THE_UNION, due_on__lt=today)),
    "published": (gettext_lazy("Published"), lambda today: Q(published_on__isnull=False)),
}  # fmt: skip


def figure(name: str) -> Q:
    return FIGURES[name][1](timezone.localdate())


class ProposalFilters(MiddleFilters):
    q = SearchFilter(placeholder=gettext_lazy("Title, text or number"), method="search")
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=ProposalState.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=ProposalKind.choices)
    theme = django_filters.ModelChoiceFilter(label=gettext_lazy("Theme"), queryset=Theme.objects.all())
    union = UnionFilter(label=gettext_lazy("Union"))
    year = django_filters.NumberFilter(label=gettext_lazy("Year"))
    figure = django_filters.ChoiceFilter(
        label=gettext_lazy("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    handler = django_filters.CharFilter(label=gettext_lazy("Handled by"), method="led_by", max_length=60)
    delegate = LinkedFilter(Delegate, label=gettext_lazy("Proposer"))
    collection = LinkedFilter(Collection, label=gettext_lazy("Collection"))
    is_key = FlagFilter(label=gettext_lazy("Key proposals"), field_name="is_key")
    see = Permission.PROPOSAL_VIEW
    primary = ("q", "state", "theme", "figure")

    class Meta:
        model = Proposal
        fields = []

    def search(self, queryset, name, value):
        for word in value.split():
            year, _dash, number = word.partition("-")
            by_code = (
                Q(year=year, number=number) if year.isdecimal() and number.isdecimal() and len(number) < 9 else Q()
            )
            text = Q(title__icontains=word) | Q(facts__icontains=word) | Q(request__icontains=word)
            queryset = queryset.filter(by_code | text if by_code else text | Q(proposer=word))
        return queryset

    def only(self, queryset, name, value):
        return queryset.filter(figure(value))

    def led_by(self, queryset, name, value):
        leading = Handler.objects.filter(is_lead=True, name=value)
        return queryset.filter(handlers__in=leading)


class ProposalTable(ListTable):
    title = LinkColumn(
        gettext_lazy("Proposal"), order_by=("union__pinyin", "-year", "-number"), url=page_of("assemblies:proposal-detail"),
        note=lambda record: f"{record.code} · {record.union.name}",
    )  # fmt: skip
    kind = Column(gettext_lazy("Kind"), accessor="get_kind_display", order_by="kind", css="nowrap")
    theme = Column(gettext_lazy("Theme"), css="nowrap", order_by="theme__order")
    state = StateColumn(gettext_lazy("State"))
    proposer = Column(gettext_lazy("Proposer"), orderable=False, empty_values=())
    lead = Column(gettext_lazy("Handled by"))
    submitted_on = DayColumn(gettext_lazy("Submitted on"))
    due_on = DayColumn(gettext_lazy("Last day of this step"))
    satisfaction = StateColumn(gettext_lazy("Proposer's mark"))

    caption = gettext_lazy("Proposals and suggestions")
    empty_title = gettext_lazy("No proposals yet")
    empty_text = gettext_lazy(
        "They appear here when members hand them in by the link of a collection, or somebody enters them."
    )

    def render_proposer(self, record):
        return shown_proposer(record)

    value_proposer = render_proposer

    def render_satisfaction(self, record, bound_column):
        return bound_column.column.render(record, bound_column) if record.satisfaction else _no_mark(record)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s proposal", "%(count)s proposals", count) % {
            "count": number_format(count, force_grouping=True)
        }


def _no_mark(proposal: Proposal) -> str:
    return _("No mark yet") if proposal.answered_on else ""


def shown_proposer(proposal: Proposal) -> str:
    """The name; of a confidential proposal never, whoever looks."""
    return _("(confidential)") if proposal.is_confidential else proposal.proposer


def with_lead(proposals: QuerySet) -> QuerySet:
    """Beside each proposal, in the same query, who leads its handling."""
    leading = Handler.objects.filter(proposal=OuterRef("pk"), is_lead=True).order_by().values("name")
    return proposals.annotate(lead=Subquery(leading[:1]))


def visible_proposals(user: User) -> QuerySet:
    """All proposals in a person's scope, with what a row shows."""
    return with_lead(Proposal.objects.visible_to(user, Permission.PROPOSAL_VIEW).with_parts())


# --- the queue -----------------------------------------------------------------------------------------------------

TABS = {
    "screen": gettext_lazy("To be screened"),
    "assign": gettext_lazy("To be handed over"),
    "handling": gettext_lazy("Being handled"),
    "answered": gettext_lazy("Awaiting the proposer's mark"),
    "settled": gettext_lazy("Settled"),
    "above": gettext_lazy("Passed up to us"),
}
_STATES = {
    "screen": S.SUBMITTED,
    "assign": S.ACCEPTED,
    "handling": S.ASSIGNED,
    "answered": S.ANSWERED,
    "settled": S.CLOSED,
}


@dataclass
class Queue:
    """What waits for somebody who handles proposals: those of their own unions, and those passed up to these."""

    user: User

    @property
    def own(self) -> QuerySet:
        return Proposal.objects.visible_to(self.user, Permission.PROPOSAL_HANDLE)

    @property
    def above(self) -> QuerySet:
        """Passed up to the person's union by one below, and not answered yet."""
        ours = self.user.scope(Permission.PROPOSAL_HANDLE).unions
        passed = Handler.objects.filter(superior__in=ours, proposal__state=S.ASSIGNED)
        unanswered = passed.filter(answers=None) | passed.filter(proposal__is_reworked=True, is_lead=True)
        found = Proposal.objects.visible_to(self.user, Permission.PROPOSAL_VIEW)
        return found.filter(pk__in=unanswered.values("proposal"))

    def counts(self) -> dict[str, int]:
        states = {name: Count("pk", filter=Q(state=state)) for name, state in _STATES.items()}
        late = Count("pk", filter=Q(state=S.ASSIGNED, due_on__lt=timezone.localdate()))
        found = self.own.order_by().aggregate(**states, late=late)
        return {**found, "above": self.above.count() if self.is_above else 0}

    @property
    def is_above(self) -> bool:
        """Whether anybody could pass something up to this person's unions."""
        handling = (grant for grant in self.user.grants if grant.permission == Permission.PROPOSAL_HANDLE)
        return any(grant.tier is not Tier.GRASSROOTS for grant in handling)

    def rows(self, tab: str) -> QuerySet:
        """The rows of one tab, the most urgent first."""
        found = self.above if tab == "above" else self.own.filter(state=_STATES[tab])
        return with_lead(found.with_parts()).order_by(F("due_on").asc(nulls_last=True), "pk")
