"""What the district sets about fund audits."""

from django.utils.translation import gettext_lazy as _

from unions.settingbook import DAYS, WORKING_DAYS, Definition, definitions

GROUP, YEARS = _("Fund audits"), _("years")
OWN = "朝工发〔2015〕24号：推进全覆盖审计；期限由区总工会确定"
SETTINGS = (
    ("fund-audit-cycle-years", GROUP, _("Every union is audited once within"),
     _("What coverage is counted by. At least once in each term of office."), 5, 1, 10, YEARS, OWN),
    ("fund-audit-notice-workdays", GROUP, _("The notice is served before the entry by at least"),
     _("So that the union can get its books ready."), 3, 0, 30, WORKING_DAYS, OWN),
    ("fund-audit-comment-days", GROUP, _("The union comments on the draft within"),
     _("Silence counts as no objection; the auditor goes on without a comment."), 10, 1, 60, DAYS, OWN),
    ("fund-audit-rectify-days", GROUP, _("Findings are rectified within"),
     _("Proposed when a finding is written down; each finding has its own day."), 60, 1, 365, DAYS, OWN),
    ("fund-audit-remind-workdays", GROUP, _("Whoever's turn it is is reminded before a step is due"),
     _("Once, and once more when it is overdue; then the tier above hears of it too."), 3, 0, 30, WORKING_DAYS, OWN),
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    for row in SETTINGS:
        definitions.add(row[0], Definition(*row))
