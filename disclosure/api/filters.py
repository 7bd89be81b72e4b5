"""The filters of the pages, with forms named by their code and the union by its id."""

import django_filters
from django.utils.translation import gettext_lazy as _

from disclosure import lists
from disclosure.models import Form, Total
from unions.api.filters import ScopedUnionFilters


class ReturnFilters(ScopedUnionFilters, lists.ReturnFilters):
    form = django_filters.ModelChoiceFilter(
        label=_("Form"), field_name="version__form", queryset=Form.objects.all(), to_field_name="code"
    )

    class Meta(lists.ReturnFilters.Meta):
        pass


class TotalFilters(ScopedUnionFilters):
    form = django_filters.ModelChoiceFilter(label=_("Form"), queryset=Form.objects.all(), to_field_name="code")
    period = django_filters.CharFilter(label=_("Period"), max_length=7)

    class Meta:
        model = Total
        fields = []
