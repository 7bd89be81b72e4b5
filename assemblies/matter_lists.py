"""The list of matters raised at symposiums: filters, table."""

import django_filters
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assemblies.enums import MatterState
from assemblies.models import Matter
from unions.filters import MiddleFilters, UnionSearchFilter
from unions.kit.filters import FlagFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, StateColumn
from unions.models import User
from unions.permissions import Permission
from unions.templatetags.components import tag


class MatterFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Union or matter"), also="title")
    state = django_filters.ChoiceFilter(label=_("State"), choices=MatterState.choices)
    late = FlagFilter(label=_("Answer overdue"), choice=_("Only those not answered in time"), method="only_late")
    open = FlagFilter(label=_("Not settled"), choice=_("Only those not settled"), method="only_open")
    see = Permission.ASSEMBLY_VIEW
    primary = ("q", "state", "late", "middle")

    class Meta:
        model = Matter
        fields = []

    def only_late(self, queryset, name, value):
        return queryset.overdue()

    def only_open(self, queryset, name, value):
        return queryset.open()


class MatterTable(ListTable):
    title = LinkColumn(
        _("Matter"), url=page_of("assemblies:matter"), orderable=False, note=lambda record: record.union.name
    )
    state = StateColumn(_("State"))
    owner = Column(_("Who sees to it"), orderable=False)
    due_on = DayColumn(_("Answer due on"))
    answered_on = DayColumn(_("Answered on"))
    ended_on = DayColumn(_("Settled on"))

    caption = _("Matters raised")
    empty_title = _("No matters yet")
    empty_text = _("They appear here as soon as one is taken down at a symposium.")

    def render_due_on(self, record):
        if days := record.days_late:
            return tag(_text("%(days)d days overdue") % {"days": days}, "bad", "triangle-alert")
        return record.due_on.isoformat()

    def counted(self, count: int) -> str:
        return ngettext("%(count)s matter", "%(count)s matters", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_matters(user: User) -> QuerySet:
    """All matters in a person's scope: what waits first."""
    return Matter.objects.visible_to(user, Permission.ASSEMBLY_VIEW).select_related("union").urgent_first()
