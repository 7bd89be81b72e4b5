"""The list of budgets, one's own or up the tree: who has planned which year, and how far it came; filters, table, workbook."""

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from assemblies.appraisal_lists import ShareColumn
from disclosure.annual import SEE
from disclosure.enums import AccountSide, BudgetState
from disclosure.models import Budget, Execution
from unions.enums import Tier
from unions.filters import MiddleFilters, UnionFilter, UnionSearchFilter
from unions.kit.filters import FlagFilter, SearchFilter
from unions.kit.links import page_of
from unions.kit.tables import Column, DayColumn, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.models import Union, User
from unions.templatetags.components import number, rate

YEARS_BACK = 8


def years() -> list[tuple[str, str]]:
    following = timezone.localdate().year + 1
    return [(str(year), str(year)) for year in range(following, following - YEARS_BACK, -1)]


class BudgetFilters(MiddleFilters):
    q = UnionSearchFilter(label=_("Find"), placeholder=_("Name, initials or code"))
    year = django_filters.ChoiceFilter(label=_("Year"), choices=years)
    state = django_filters.ChoiceFilter(label=_("State"), choices=BudgetState.choices)
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, method="of_tier")
    union = UnionFilter(label=_("Union"))
    adopted = FlagFilter(
        label=_("Adoption"), choice=_("Only where a budget of the year is adopted"), method="only_adopted"
    )
    executed = FlagFilter(
        label=pgettext_lazy("of a budget", "Execution"),
        choice=_("Only with an execution submitted"),
        method="only_executed",
    )
    adjusted = FlagFilter(label=_("Adjustments"), choice=_("Only adjusted budgets"), method="only_adjusted")
    see = SEE
    primary = ("q", "year", "state", "middle")

    class Meta:
        model = Budget
        fields = []

    def of_tier(self, queryset, name, value):
        return queryset.filter(sheet__tier=int(value))

    def only_adopted(self, queryset, name, value):
        return queryset.filter(
            Exists(Budget.objects.in_force().filter(union=OuterRef("union"), year=OuterRef("year")))
        )

    def only_executed(self, queryset, name, value):
        done = Execution.objects.submitted().filter(union=OuterRef("union"), budget__year=OuterRef("year"))
        return queryset.filter(Exists(done))

    def only_adjusted(self, queryset, name, value):
        return queryset.filter(number__gt=1)


class MoneyColumn(NumberColumn):
    """Yuan, with decimals where there are some."""

    kind, width = "money", 16

    def render(self, value):
        return number(value)


class MoneyShareColumn(ShareColumn):
    """A rate of two sums of yuan."""

    def render(self, record):
        return rate(*self.parts(record))


class BudgetTable(ListTable):
    union = LinkColumn(
        _("Union"), accessor="union__name", order_by="union__pinyin", url=page_of("disclosure:budget"), note=lambda record: record.title
    )  # fmt: skip
    state = StateColumn(_("State"))
    income = MoneyColumn(_("Income"), empty_values=(), orderable=False)
    expense = MoneyColumn(_("Expenditure"), empty_values=(), orderable=False)
    execution = MoneyShareColumn(
        pgettext_lazy("of a budget", "Execution"), parts=lambda record: (record.spent or 0, record.budgeted or 0)
    )
    until_on = DayColumn(_("Executed until"), orderable=False)
    reviewed_on = DayColumn(_("Reviewed on"))
    adopted_on = DayColumn(_("Adopted on"))
    filed_at = DayColumn(_("Filed at"))

    caption = _("Budgets")
    empty_title = _("No budgets yet")
    empty_text = _("They appear here when unions in your scope begin to plan a year.")

    def render_income(self, record):
        return number(record.sum_of(AccountSide.INCOME))

    def value_income(self, record):
        return record.sum_of(AccountSide.INCOME)

    def render_expense(self, record):
        return number(record.sum_of(AccountSide.EXPENSE))

    def value_expense(self, record):
        return record.sum_of(AccountSide.EXPENSE)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s budget", "%(count)s budgets", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_budgets(user: User) -> QuerySet:
    """The newest version of each budget in a person's scope, the newest year first."""
    rows = with_execution(Budget.objects.visible_to(user, SEE).newest()).with_unions()
    return rows.prefetch_related("sheet__heads").order_by("-year", "-pk")


def with_execution(rows: QuerySet) -> QuerySet:
    """Beside each budget what was `spent` of what was `budgeted`, `until_on`: by the last execution submitted."""
    last = (
        Execution.objects.submitted()
        .filter(union=OuterRef("union"), budget__year=OuterRef("year"))
        .order_by("-until_on")
    )
    return rows.annotate(**{name: Subquery(last.values(name)[:1]) for name in ("spent", "budgeted", "until_on")})


# --- who has none --------------------------------------------------------------------------------------------------


def without_budget(unions: QuerySet[Union], year: int) -> QuerySet[Union]:
    """Those of these unions whose budget of the year is not adopted."""
    return unions.exclude(Exists(Budget.objects.in_force().filter(union=OuterRef("pk"), year=year)))


class MissingFilters(MiddleFilters):
    q = SearchFilter(placeholder=_("Name, former name, initials or code"), method="search")
    year = django_filters.ChoiceFilter(label=_("Year"), choices=years, method="of_year")
    tier = django_filters.ChoiceFilter(label=_("Tier"), choices=Tier.choices, method="of_tier")
    see = SEE
    primary = ("q", "year", "middle", "tier")

    class Meta:
        model = Union
        fields = []

    def filter_queryset(self, queryset):
        """Of this year where none is chosen."""
        found = super().filter_queryset(queryset)
        chosen = self.form.cleaned_data.get("year") if self.form.is_valid() else None
        return found if chosen else without_budget(found, timezone.localdate().year)

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def of_year(self, queryset, name, value):
        return without_budget(queryset, int(value))

    def of_tier(self, queryset, name, value):
        return queryset.of_tier(Tier(int(value)))


class MissingTable(ListTable):
    name = LinkColumn(_("Union name"), order_by="pinyin", url=page_of("unions:union"), note=lambda record: record.code)
    parent = Column(_("Superior union"), accessor="parent__name", order_by="parent__pinyin")
    members = NumberColumn(_("Members"))

    reads = ("name", "code", "parent", "members")

    caption = _("Without an adopted budget")
    empty_title = _("Every union in your scope has adopted its budget")
    empty_text = _("Choose another year to look further back.")

    class Meta:
        order_by = ("name",)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s union", "%(count)s unions", count) % {
            "count": number_format(count, force_grouping=True)
        }


def visible_without(user: User) -> QuerySet[Union]:
    superiors = Prefetch("parent", Union.objects.only("name"))
    return Union.objects.visible_to(user, SEE).active().prefetch_related(superiors).defer("search_text")
