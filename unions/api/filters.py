"""Filters of the resources that have no list of their own among the pages."""

import django_filters
from django.utils.translation import gettext_lazy as _

from unions.enums import DutyState, Timeliness
from unions.kit.filters import FlagFilter, ListFilters
from unions.models import Duty, DutyRule, DutyTotal, Event, Union
from unions.permissions import Permission


class ScopedUnionFilters(ListFilters):
    """A union as a filter: one that the caller sees, or the request is refused rather than answered emptily."""

    union = django_filters.ModelChoiceFilter(label=_("Union"), queryset=Union.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["union"].extra["queryset"] = Union.objects.visible_to(self.user, Permission.UNION_VIEW)


class DutyFilters(ScopedUnionFilters):
    rule = django_filters.ModelChoiceFilter(label=_("Duty rule"), queryset=DutyRule.objects.all(), to_field_name="key")
    period = django_filters.CharFilter(label=_("Period"), max_length=7)
    state = django_filters.ChoiceFilter(label=_("State"), choices=DutyState.choices)
    timeliness = django_filters.ChoiceFilter(
        label=_("Timeliness"), choices=[choice for choice in Timeliness.choices if choice[0]]
    )
    overdue = FlagFilter(label=_("Overdue"), method="only_overdue")

    class Meta:
        model = Duty
        fields = []

    def only_overdue(self, queryset, name, value):
        return queryset.overdue()


class DutyTotalFilters(ScopedUnionFilters):
    rule = django_filters.ModelChoiceFilter(label=_("Duty rule"), queryset=DutyRule.objects.all(), to_field_name="key")
    period = django_filters.CharFilter(label=_("Period"), max_length=7)

    class Meta:
        model = DutyTotal
        fields = []


class EventFilters(ScopedUnionFilters):
    action = django_filters.CharFilter(label=_("Action"), max_length=60)
    model = django_filters.CharFilter(label=_("Kind"), max_length=60)
    object = django_filters.NumberFilter(label=_("Item"), field_name="object_id")
    since = django_filters.DateFilter(label=_("From"), field_name="at__date", lookup_expr="gte")

    class Meta:
        model = Event
        fields = []
