"""The list of enquiries: its filters, its table; and the queue of whoever handles them."""

from dataclasses import dataclass

import django_filters
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Window
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from assemblies.enums import Satisfaction
from disclosure.enums import EnquiryKind, EnquiryState, EnquiryWay
from disclosure.models import Enquiry, EnquiryTheme
from disclosure.models.enquiries import IN_TIME
from unions.filters import MiddleFilters, UnionFilter
from unions.forms_duties import day_input
from unions.kit.filters import SearchFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, StateColumn
from unions.models import Union, User
from unions.permissions import Permission

S = EnquiryState
SATISFIED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY)
REPLIED = Q(answered_on__isnull=False)


def is_judged(today) -> Q:
    """Enquiries by which “answered in time” is judged: the reply came, or its day is past."""
    return ~Q(state=S.DECLINED) & (REPLIED | Q(answer_due_on__lt=today))


# What a number of the board or a card counts, so that it links to exactly these rows.
FIGURES = {
    "open": (_("To be replied to"), lambda today: Q(state=S.ASKED)),
    "overdue": (_("Past its day"), lambda today: Q(state=S.ASKED, due_on__lt=today)),
    "judged": (_("Replied to, or past its day"), is_judged),
    "in_time": (_("Replied to in time"), lambda today: ~Q(state=S.DECLINED) & IN_TIME),
    "late": (_("Not replied to in time"), lambda today: is_judged(today) & ~(REPLIED & IN_TIME)),
    "rated": (_("Rated by the asker"), lambda today: ~Q(satisfaction="")),
    "satisfied": (_("Satisfied or basically satisfied"), lambda today: Q(satisfaction__in=SATISFIED)),
    "dissatisfied": (_("Dissatisfied"), lambda today: Q(satisfaction=Satisfaction.DISSATISFIED)),
    "unrated": (_("No rating yet"), lambda today: REPLIED & Q(satisfaction="")),
    "reopened": (_("Handled a second time"), lambda today: Q(is_reopened=True)),
    "declined": (pgettext_lazy("enquiry", "Not taken up"), lambda today: Q(state=S.DECLINED)),
}


def figure(name: str) -> Q:
    return FIGURES[name][1](timezone.localdate())


class EnquiryFilters(MiddleFilters):
    q = SearchFilter(placeholder=_("Number, union or words"), method="search")
    state = django_filters.ChoiceFilter(label=_("State"), choices=EnquiryState.choices)
    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=EnquiryTheme.objects.all())
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=EnquiryKind.choices)
    way = django_filters.ChoiceFilter(label=_("Came by"), choices=EnquiryWay.choices)
    union = UnionFilter(label=_("Union"))
    handler = UnionFilter(label=_("Handled by"))
    figure = django_filters.ChoiceFilter(
        label=_("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    since = django_filters.DateFilter("asked_on", "gte", label=_("Asked from"), widget=day_input())
    until = django_filters.DateFilter("asked_on", "lte", label=_("Asked until"), widget=day_input())
    see = Permission.ENQUIRY_VIEW
    primary = ("q", "state", "theme", "figure")

    class Meta:
        model = Enquiry
        fields = []

    def search(self, queryset, name, value):
        text = Q(code=value.strip().upper()) | Q(title__icontains=value) | Q(text__icontains=value)
        return queryset.filter(text | Q(union__in=Union.objects.matching(value)))

    def only(self, queryset, name, value):
        return queryset.filter(figure(value))


class EnquiryTable(ListTable):
    title = LinkColumn(
        _("Enquiry"), url=page_of("disclosure:enquiry"), orderable=False, note=lambda record: f"{record.code} · {record.union.name}"
    )  # fmt: skip
    kind = Column(_("Kind"), accessor="get_kind_display", order_by="kind", css="nowrap")
    theme = Column(_("Theme"), css="nowrap", order_by="theme__order")
    state = StateColumn(_("State"))
    way = Column(_("Came by"), accessor="get_way_display", order_by="way", css="nowrap")
    handler = Column(_("Handled by"), accessor="handler__name", orderable=False)
    asked_on = DayColumn(_("Asked on"))
    due_on = DayColumn(_("Last day of this step"))
    satisfaction = StateColumn(_("Asker's rating"))

    caption = _("Enquiries and concerns")
    empty_title = _("No enquiries yet")
    empty_text = _("They appear here when somebody asks on a public page, or somebody of the union takes one down.")

    def value_title(self, record):
        return f"{record.code} {record.title}"

    def counted(self, count: int) -> str:
        return ngettext("%(count)s enquiry", "%(count)s enquiries", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_enquiries(user: User) -> QuerySet:
    """All enquiries in a person's scope, with what a row shows, the newest first."""
    rows = Enquiry.objects.visible_to(user, Permission.ENQUIRY_VIEW).with_parts()
    return rows.order_by("-asked_on", "-pk")


# --- the queue -----------------------------------------------------------------------------------------------------

TABS = {
    "reply": _("To be replied to"),
    "rating": _("Awaiting the rating"),
    "above": _("Handed up"),
    "below": _("Late below"),
}


@dataclass
class Queue:
    """What waits for somebody who handles enquiries: those in their hands, those that went up, and what is late below."""

    user: User

    @property
    def mine(self) -> QuerySet:
        return Enquiry.objects.handled_by(self.user)

    def rows(self, tab: str) -> QuerySet:
        """The rows of one tab, the most urgent first."""
        ours = self.user.scope(Permission.ENQUIRY_HANDLE).unions
        seen = Enquiry.objects.visible_to(self.user, Permission.ENQUIRY_VIEW)
        found = {
            "reply": self.mine.filter(state=S.ASKED),
            "rating": self.mine.filter(state=S.ANSWERED),
            "above": seen.filter(union__in=ours, state=S.ASKED).exclude(handler__in=ours),
            "below": seen.overdue(timezone.localdate()).exclude(handler__in=ours),
        }[tab]
        return found.with_parts().order_by(F("due_on").asc(nulls_last=True), "pk")

    def counts(self) -> dict[str, int]:
        """How many wait in each tab; `late` of those to be replied to."""
        mine = self.mine.order_by().aggregate(
            reply=Count("pk", filter=Q(state=S.ASKED)), rating=Count("pk", filter=Q(state=S.ANSWERED)),
            late=Count("pk", filter=Q(state=S.ASKED, due_on__lt=timezone.localdate())),
        )  # fmt: skip
        return {**mine, **{tab: self.rows(tab).count() for tab in ("above", "below")}}

    def most_urgent(self) -> list[Enquiry]:
        """The first to be replied to and the first that is late below, each with how many there are (`count`): one query,
        since the workbench asks on each visit."""
        ours = Q(handler__in=self.user.scope(Permission.ENQUIRY_HANDLE).unions)
        seen = Enquiry.objects.visible_to(self.user, Permission.ENQUIRY_VIEW).filter(state=S.ASKED)
        rows = seen.filter(ours | Q(due_on__lt=timezone.localdate())).annotate(
            is_ours=ExpressionWrapper(ours, BooleanField())
        )
        counted = rows.annotate(count=Window(Count("pk"), partition_by="is_ours"))
        return list(counted.order_by("-is_ours", "due_on", "pk").distinct("is_ours"))
