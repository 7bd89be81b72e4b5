"""Filters of the ground floor's lists, the same for page, workbook and API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.enums import EmployerNature, Industry, Tier, UnionKind, UnionState
from unions.kit.filters import ListFilters, SearchFilter
from unions.kit.periods import months_before
from unions.models import Union
from unions.permissions import Permission
from unions.pickers import UnionPickerField

# Bands of workers: first and last number, both counted (Civil Code, article 1259).
SIZE_BANDS = {
    "0-24": (0, 24, _("under 25 workers")),
    "25-99": (25, 99, _("25–99 workers")),
    "100-199": (100, 199, _("100–199 workers")),
    "200-499": (200, 499, _("200–499 workers")),
    "500-999": (500, 999, _("500–999 workers")),
    "1000-": (1000, None, _("1,000 workers and more")),
}
CONDITIONS = {
    "place": ("has_place", _("no place for activities")),
    "sign": ("has_sign", _("no sign")),
    "account": ("has_account", _("no bank account")),
    "audit": ("has_audit_committee", _("no fund audit committee")),
    "women": ("has_women_committee", _("no women workers' committee")),
}


class UnionSearchFilter(SearchFilter):
    """The search box of a list of unions' records: found by their union's names and codes, or by a text of their own."""

    def __init__(self, *args, also: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.also = also

    def filter(self, queryset, value):
        if not value:
            return queryset
        found = Q(union__in=Union.objects.matching(value))
        return queryset.filter(found | Q(**{f"{self.also}__icontains": value}) if self.also else found)


class UnionFilter(django_filters.NumberFilter):
    """A union out of thousands, by its id: picked by name, never listed whole."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, required=False, **kwargs)

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = UnionPickerField(user=self.parent.user, label=self.label, required=False)
        return self._field


class NamedChoices(django_filters.fields.ModelChoiceIterator):
    """The ids and names alone: making a record of each would be the dearest single thing of a list's page."""

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", "name")


class NamedChoiceField(django_filters.fields.ModelChoiceField):
    iterator = NamedChoices


class MiddleFilter(django_filters.ModelChoiceFilter):
    """The middle-tier unions somebody sees, by name."""

    field_class = NamedChoiceField

    def __init__(self, *args, **kwargs):
        super().__init__(*args, queryset=Union.objects.none(), **kwargs)

    def offer(self, visible: QuerySet[Union]) -> None:
        self.queryset = visible.of_tier(Tier.MIDDLE).order_by("pinyin", "pk")


class MiddleFilters(ListFilters):
    """Filters of a list that whoever sees several middle-tier unions (`see`) narrows to one; others have nothing to choose."""

    see = Permission.UNION_VIEW
    middle = MiddleFilter(label=_("Street or industry"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scope = self.user.scope(self.see)
        if scope.everything or len(scope.middles) > 1:
            self.filters["middle"].offer(Union.objects.visible_to(self.user, self.see))
        else:
            del self.filters["middle"]
            self.primary = tuple(name for name in self.primary if name != "middle")


class UnionFilters(MiddleFilters):
    """The roster's filters. A middle-tier union or any other union stands for its whole subtree."""

    q = SearchFilter(placeholder=_("Name, former name, initials or code"), method="search")
    kind = django_filters.ChoiceFilter(label=_("Kind of union"), choices=UnionKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=UnionState.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, method="of_tier")
    nature = django_filters.ChoiceFilter(
        label=_("Employer type"), field_name="employer_nature", choices=EmployerNature.choices
    )
    industry = django_filters.ChoiceFilter(label=_("Industry"), choices=Industry.choices)
    size = django_filters.ChoiceFilter(
        label=_("Size"), choices=[(key, band[2]) for key, band in SIZE_BANDS.items()], method="of_size"
    )
    term = django_filters.ChoiceFilter(
        label=_("Term of office"),
        choices=[
            ("1", _("overdue for election")),
            ("half", _("overdue for half a year")),
            ("none", _("not recorded")),
        ],
        method="term_overdue",
    )
    lacks = django_filters.ChoiceFilter(
        label=_("Conditions"),
        choices=[("any", _("any condition missing")), *((key, label) for key, (_field, label) in CONDITIONS.items())],
        method="lacking",
    )
    below = UnionFilter(label=_("Below"), method="in_subtree")
    primary = ("q", "middle", "kind", "state")

    class Meta:
        model = Union
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "middle" not in self.filters:
            self.primary = (*self.primary, "term")

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def of_tier(self, queryset, name, value):
        return queryset.of_tier(Tier(int(value)))

    def of_size(self, queryset, name, value):
        first, last, _label = SIZE_BANDS[value]
        queryset = queryset.filter(workers__gte=first)
        return queryset if last is None else queryset.filter(workers__lte=last)

    def term_overdue(self, queryset, name, value):
        if value == "none":
            return queryset.active().filter(Q(term_started_on=None) | Q(term_years=None))
        today = timezone.localdate()
        return queryset.term_overdue(months_before(today, 6) if value == "half" else today)

    def lacking(self, queryset, name, value):
        fields = [field for key, (field, _label) in CONDITIONS.items() if value in (key, "any")]
        missing = Q()
        for field in fields:
            missing |= Q(**{field: False})
        return queryset.filter(missing)

    def in_subtree(self, queryset, name, value):
        return queryset.below(value)
