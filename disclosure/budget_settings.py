"""What the district sets about budgets."""

from django.utils.translation import gettext_lazy as _

from disclosure.annual_seeds import FUNDS_LAW, NOTICE
from unions.settingbook import NOT_LAW, WORKING_DAYS, Definition, definitions

GROUP = _("Budgets")
USUAL = "各地通行做法：预算一般每年调整一次，在9月至10月进行；" + NOT_LAW
HALF, QUARTER = 2, 4
LAW = f"{FUNDS_LAW}；{NOTICE}：严格预算管理、强化支出管理；具体标准由区总工会确定"
PUBLIC = f"经费收支至少每半年公开一次；{NOTICE}：会务公开；时限由区总工会确定"
SETTINGS = (
    Definition("budget-rhythm", GROUP, _("The execution of a budget is entered and published"),
               _("Cumulative from the beginning of the year; by when, the catalogue of disclosure says."), HALF, basis=PUBLIC,
               choices=((HALF, _("every half-year")), (QUARTER, _("every quarter")))),
    Definition("budget-remind-workdays", GROUP, _("The union is reminded before the publication is due"),
               _("Once, and once more when it is overdue; then the tier above hears of it too."), 5, 0, 30, WORKING_DAYS, PUBLIC),
    Definition("budget-overrun", GROUP, _("A head of expenditure is over its budget by at most"),
               _("Beyond it the execution is not submitted before an adjustment is adopted."), 10, 0, 100, "%", LAW),
    Definition("budget-capital-head", GROUP, _("Head of capital expenditure"),
               _("By its name in the outline of annual reports."), "资本性支出", most=40, basis=LAW),
    Definition("budget-capital-minutes", GROUP, _("Capital expenditure wants the committee's minutes from"),
               _("A meeting of the portal or a file beside the execution."), 10_000, 0, 100_000_000, _("yuan"), LAW),
    Definition("budget-adjustments", GROUP, _("A budget is adjusted in a year at most"),
               _("Each adjustment goes the same way as the budget itself."), 1, 0, 12, _("times"), USUAL),
    Definition("budget-adjust-month", GROUP, _("A budget is adjusted until the end of the month"),
               _("Of its own year; afterwards no adjustment is begun."), 10, 1, 12, _("month of the year"), USUAL),
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for definition in SETTINGS:
        definitions.add(definition.key, definition)
