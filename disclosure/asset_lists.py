"""The list of assets: its filters, its table, what its numbers count, and the value by category."""

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from disclosure.assets import SEE
from disclosure.enums import AssetCategory, AssetSource, AssetState
from disclosure.models import Asset
from disclosure.models.assets import HELD
from unions.filters import MiddleFilters, UnionFilter
from unions.kit.filters import SearchFilter
from unions.kit.links import link, page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import Union, User

FIGURES = {
    "held": (_("Still there"), Q(state__in=HELD)),
    "missing": (_("Missing at the last stock-taking"), Q(state__in=HELD, is_missing=True)),
    "uncounted": (_("Never counted"), Q(state__in=HELD, checked_on=None)),
    "asked": (_("Disposal waits for the tier above"), Q(state=AssetState.ASKED)),
}


class AssetFilters(MiddleFilters):
    q = SearchFilter(placeholder=_("Asset, number, place or union"), method="search")
    category = django_filters.ChoiceFilter(label=pgettext_lazy("asset", "Category"), choices=AssetCategory.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=AssetState.choices)
    source = django_filters.ChoiceFilter(label=_("Where from"), choices=AssetSource.choices)
    union = UnionFilter(label=_("Union"))
    figure = django_filters.ChoiceFilter(
        label=_("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    see = SEE
    primary = ("q", "category", "state", "figure")

    class Meta:
        model = Asset
        fields = []

    def search(self, queryset, name, value):
        text = Q(name__icontains=value) | Q(number__icontains=value) | Q(place__icontains=value)
        return queryset.filter(text | Q(union__in=Union.objects.matching(value)))

    def only(self, queryset, name, value):
        return queryset.filter(FIGURES[value][1])


class AssetTable(ListTable):
    name = LinkColumn(
        _("Asset"), url=page_of("disclosure:asset"), orderable=False, note=lambda record: record.union.name
    )
    number = Column(pgettext_lazy("asset", "No."))
    category = Column(pgettext_lazy("asset", "Category"), accessor="get_category_display", orderable=False)
    value = NumberColumn(_("Value (yuan)"))
    acquired_on = DayColumn(_("Acquired on"))
    place = Column(_("Where it stands"), orderable=False)
    state = StateColumn(_("State"))
    checked_on = DayColumn(_("Last seen or missed on"))

    caption = _("Assets")
    empty_title = _("No assets yet")
    empty_text = _("They appear here when a union enters what it owns, or brings its register as a workbook.")

    def counted(self, count: int) -> str:
        return ngettext("%(count)s asset", "%(count)s assets", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_assets(user: User) -> QuerySet:
    """All in a person's scope, by union and number."""
    return Asset.objects.visible_to(user, SEE).with_unions().order_by("union", "number", "pk")


def by_category(assets: QuerySet, **place) -> list[dict]:
    """Number and value of what is held, the dearest category first, each with the way to its rows."""
    rows = assets.held().order_by().values("category").annotate(count=Count("pk"), total=Sum("value"))
    words = dict(AssetCategory.choices)
    return [
        {
            **row, "label": words[row["category"]],
            "href": link("disclosure:asset-list", **place, category=row["category"], figure="held"),
        }
        for row in sorted(rows, key=lambda row: -row["total"])
    ]  # fmt: skip
