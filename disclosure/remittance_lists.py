"""The list of employers of the tax register: its filters, its table, what its numbers count."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from disclosure.enums import RemittanceKind, RemittanceMatch
from disclosure.models import Remittance
from disclosure.models.remittance import LARGE, WITHOUT_UNION
from disclosure.remittances import SEE
from unions.filters import MiddleFilters, UnionFilter
from unions.kit.filters import SearchFilter
from unions.kit.links import page_of
from unions.kit.periods import Period
from unions.kit.tables import Column, LinkColumn, ListTable, NumberColumn, StateColumn
from unions.kit.workbooks import Out, write_table
from unions.models import Union
from unions.templatetags.components import number, percent

QUARTERS = 20

# What a number counts, so that it links to exactly these rows.
FIGURES = {
    "pool": (gettext_lazy("In the district's pool"), lambda today: Q(middle=None)),
    "unmatched": (gettext_lazy("Without a union"), lambda today: WITHOUT_UNION),
    "lost": (
        gettext_lazy("Pay union funds, and no union was found"), lambda today: WITHOUT_UNION & Q(kind=RemittanceKind.FUNDS)
    ),
    "founded": (
        gettext_lazy("Have a union and still pay the preparation fund"),
        lambda today: ~WITHOUT_UNION & Q(kind=RemittanceKind.PREPARATION),
    ),
    "not_ours": (gettext_lazy("Said not to belong there"), lambda today: Q(state=RemittanceMatch.NOT_OURS)),
}  # fmt: skip


def quarters() -> list[tuple[str, str]]:
    """The quarters that one may choose, the newest first."""
    ended = Period.quarter_of(timezone.localdate()).previous()
    return [(period.code, period.label) for period in reversed(ended.last(QUARTERS))]


class RemittanceFilters(MiddleFilters):
    q = SearchFilter(placeholder=gettext_lazy("Employer, credit code or union"), method="search")
    period = django_filters.ChoiceFilter(label=gettext_lazy("Quarter"), choices=quarters)
    figure = django_filters.ChoiceFilter(
        label=gettext_lazy("Only"), choices=[(name, words) for name, (words, _rule) in FIGURES.items()], method="only"
    )
    owing = django_filters.ChoiceFilter(
        label=gettext_lazy("Arrears"), choices=[("1", gettext_lazy("in arrears only"))], method="in_arrears"
    )
    size = django_filters.ChoiceFilter(
        label=gettext_lazy("Size"), choices=[("large", gettext_lazy("100 workers and more"))], method="of_size"
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind of payment"), choices=RemittanceKind.choices)
    state = django_filters.ChoiceFilter(label=gettext_lazy("How matched"), choices=RemittanceMatch.choices)
    union = UnionFilter(label=gettext_lazy("Union"))
    see = SEE
    primary = ("q", "period", "middle", "figure", "owing")

    class Meta:
        model = Remittance
        fields = []

    def search(self, queryset, name, value):
        text = Q(name__icontains=value) | Q(credit_code__startswith=value.upper())
        return queryset.filter(text | Q(union__in=Union.objects.matching(value)))

    def only(self, queryset, name, value):
        return queryset.filter(FIGURES[value][1](timezone.localdate()))

    def in_arrears(self, queryset, name, value):
        return queryset.in_arrears(timezone.localdate())

    def of_size(self, queryset, name, value):
        return queryset.filter(headcount__gte=LARGE)


class MoneyColumn(NumberColumn):
    kind, width = "money", 16

    def render(self, value):
        return number_format(value, 2, force_grouping=True)


class RemittanceTable(ListTable):
    name = LinkColumn(
        pgettext_lazy("remittance", "Employer"),
        url=page_of("disclosure:remittance"),
        note=lambda record: f"{record.credit_code} · {record.get_kind_display()}",
    )
    period = Column(gettext_lazy("Quarter"), css="nowrap")
    union = Column(gettext_lazy("Union"), accessor="union__name", orderable=False, css="lead")
    headcount = NumberColumn(gettext_lazy("Workers"))
    payable = MoneyColumn(gettext_lazy("Payable (yuan)"))
    paid = MoneyColumn(gettext_lazy("Paid (yuan)"))
    arrears = MoneyColumn(gettext_lazy("Arrears (yuan)"))
    state = StateColumn(gettext_lazy("How matched"))

    caption = gettext_lazy("Remittance of funds")
    empty_title = gettext_lazy("No employers here")
    empty_text = gettext_lazy("They appear here when the district brings the tax office's register of a quarter.")

    def render_period(self, value):
        return Period.parse(value).short

    def counted(self, count: int) -> str:
        """How many employers, and what they owed and paid: the rate of what is filtered."""
        said = ngettext("%(count)s employer", "%(count)s employers", count) % {"count": number(count)}
        sums = self.data.data.sums()
        if not sums["payable_sum"]:
            return said
        return _("%(employers)s: %(paid)s of %(payable)s yuan paid (%(rate)s), %(arrears)s in arrears") % {
            "employers": said, "paid": number(sums["paid_sum"]), "payable": number(sums["payable_sum"]),
            "rate": percent(sums["paid_sum"] / sums["payable_sum"]), "arrears": number(sums["arrears_sum"]),
        }  # fmt: skip


def workbook(rows: QuerySet, words: list[str]) -> bytes:
    """What is filtered, with what the page has no room for: code, street, payroll, late fee."""
    title = _("Remittance of funds")
    heads = [
        (pgettext("remittance", "Employer"), "text", 34), (_("Unified social credit code"), "text", 22), (_("Quarter"), "text", 10), (_("Street as registered"), "text", 16),
        (_("Union"), "text", 34), (_("How matched"), "text", 16), (_("Workers"), "int", 10), (_("Payroll of the quarter (yuan)"), "money", 18),
        (_("Payable (yuan)"), "money", 16), (_("Paid (yuan)"), "money", 16), (_("Arrears (yuan)"), "money", 16), (_("Late fee so far (yuan)"), "money", 16),
        (_("Kind of payment"), "text", 14),
    ]  # fmt: skip
    lines = (
        [
            one.name, one.credit_code, one.period, one.street, one.union.name, one.get_state_display(), one.headcount, one.payroll,
            one.payable, one.paid, one.arrears, one.late_fee, one.get_kind_display(),
        ]
        for one in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    filtered = "；".join(words) or _("all")
    lead = [
        _("Filter: %(words)s. As of %(time)s.") % {"words": filtered, "time": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    ]
    with write_table(lines, [Out(*head) for head in heads], sheet=title, title=title, lead=lead) as file:
        return file.read()
