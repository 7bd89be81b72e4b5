"""The pages' filters, and those of the resources that have no list of their own among the pages."""

import django_filters
from django.utils.translation import gettext_lazy as _

from unions import duty_lists
from unions.enums import EventResult, Timeliness, UploadState
from unions.kit.filters import ListFilters
from unions.models import DutyRule, DutyTotal, Event, Union, Upload
from unions.permissions import Permission


class ScopedUnionFilters(ListFilters):
    """A union as a filter: one that the caller sees, or the request is refused rather than answered emptily."""

    union = django_filters.ModelChoiceFilter(label=_("Union"), queryset=Union.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["union"].queryset = Union.objects.visible_to(self.user, Permission.UNION_VIEW)


class DutyFilters(ScopedUnionFilters, duty_lists.DutyFilters):
    """Those of the page; but without any of them a program gets all duties, not only what is to be done."""

    timeliness = django_filters.ChoiceFilter(
        label=_("Timeliness"), choices=[choice for choice in Timeliness.choices if choice[0]]
    )

    class Meta(duty_lists.DutyFilters.Meta):
        pass

    def filter_queryset(self, queryset):
        return ListFilters.filter_queryset(self, queryset)


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
    result = django_filters.ChoiceFilter(label=_("Result"), choices=EventResult.choices)
    since = django_filters.DateFilter(label=_("From"), field_name="at__date", lookup_expr="gte")

    class Meta:
        model = Event
        fields = []


class FileFilters(ScopedUnionFilters):
    state = django_filters.ChoiceFilter(label=_("State"), choices=UploadState.choices)

    class Meta:
        model = Upload
        fields = []
