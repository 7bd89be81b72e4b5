"""The list of delegates: its filters, its table with attendance and proposals over the term."""

import django_filters
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

from assemblies.delegates import with_record
from assemblies.enums import DelegateState, DelegateWork, Presence
from assemblies.models import Constituency, Delegate, DelegateAttendance, Term
from assemblies.models.meetings import HELD
from unions.enums import Sex
from unions.filters import MiddleFilters, UnionFilter
from unions.kit.filters import FlagFilter, LinkedFilter, SearchFilter
from unions.kit.links import page_of
from unions.kit.periods import months_before
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import User
from unions.permissions import Permission
from unions.settingbook import setting

SEE = Permission.ASSEMBLY_VIEW


class DelegateFilters(MiddleFilters):
    q = SearchFilter(placeholder=gettext_lazy("Name of the delegate"), field_name="name", lookup_expr="contains")
    state = django_filters.ChoiceFilter(label=gettext_lazy("State"), choices=DelegateState.choices)
    work = django_filters.ChoiceFilter(label=gettext_lazy("Work"), choices=DelegateWork.choices)
    sex = django_filters.ChoiceFilter(label=gettext_lazy("Sex"), choices=Sex.choices)
    union = UnionFilter(label=gettext_lazy("Union"))
    term = LinkedFilter(Term, label=gettext_lazy("Term"))
    constituency = LinkedFilter(Constituency, label=gettext_lazy("Constituency"))
    serving = FlagFilter(label=gettext_lazy("In office today"), method="only_serving")
    senior = FlagFilter(label=gettext_lazy("Head of a department or higher"), field_name="is_senior")
    model = FlagFilter(label=gettext_lazy("Model worker"), field_name="is_model")
    young = FlagFilter(label=gettext_lazy("Aged 35 or younger when elected"), field_name="is_young")
    absent = FlagFilter(label=gettext_lazy("Absent for too long"), method="only_absent")
    see = SEE
    primary = ("q", "state", "work", "serving")

    class Meta:
        model = Delegate
        fields = []

    def only_serving(self, queryset, name, value):
        return queryset.in_office(timezone.localdate())

    def only_absent(self, queryset, name, value):
        """In office, due at a meeting within the months of the rule, and at none of them."""
        since = months_before(timezone.localdate(), setting("delegate-absent-months"))
        due = DelegateAttendance.objects.filter(
            attendee__meeting__state__in=HELD, attendee__meeting__held_on__gte=since
        )
        came = due.filter(attendee__presence=Presence.PRESENT)
        serving = queryset.in_office(timezone.localdate()).filter(elected_on__lte=since)
        return serving.filter(pk__in=due.values("delegate")).exclude(pk__in=came.values("delegate"))


class DelegateTable(ListTable):
    name = LinkColumn(
        gettext_lazy("Delegate"), url=page_of("assemblies:delegate"),
        note=lambda record: f"{record.union.name} · {record.constituency.name}",
    )  # fmt: skip
    term = Column(gettext_lazy("Term no."), css="nowrap", order_by="term__number")
    work = Column(gettext_lazy("Work"), accessor="get_work_display", order_by="work", css="nowrap")
    sex = Column(gettext_lazy("Sex"), accessor="get_sex_display", order_by="sex", css="nowrap")
    elected_on = DayColumn(gettext_lazy("Elected on"))
    state = StateColumn(gettext_lazy("State"))
    meetings_due = NumberColumn(gettext_lazy("Meetings due"))
    meetings_present = NumberColumn(gettext_lazy("Meetings attended"))
    proposals_made = NumberColumn(gettext_lazy("Proposals"))

    caption = gettext_lazy("Delegates")
    empty_title = gettext_lazy("No delegates yet")
    empty_text = gettext_lazy(
        "They are entered by hand or brought in a workbook, once the constituencies are planned."
    )

    def counted(self, count: int) -> str:
        return ngettext("%(count)s delegate", "%(count)s delegates", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_delegates(user: User):
    """All delegates in a person's scope, with what a row shows."""
    found = Delegate.objects.visible_to(user, SEE).select_related("union", "term", "constituency")
    return with_record(found)
