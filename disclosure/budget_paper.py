"""The budget as an official document, for print and for the office (docs/adr/0051)."""

from django.utils.translation import gettext as _

from disclosure.annual_paper import yuan
from disclosure.budgets import Plan
from disclosure.models import Budget
from unions.kit.documents import Paper
from unions.templatetags.components import full_day


def paper(budget: Budget) -> Paper:
    """Heads with last year's figures, how it was reviewed and adopted; of an adjustment the former amounts and the reason."""
    plan, name = Plan(budget), budget.union.name
    made = Paper(f"{name}\n{budget.title}" if len(name) > 20 else f"{name}{budget.title}")
    if budget.is_editable:
        made.lead = _("Draft, not filed")
    if budget.is_adjustment:
        made.text(_("Why it is adjusted: %(reason)s") % {"reason": budget.reason})
    _table(made, plan)
    facts = []
    if budget.reviewed_on:
        facts.append((_("Reviewed on"), f"{full_day(budget.reviewed_on)}　{budget.reviewer}"))
        facts.append((_("Opinion of the fund audit committee"), budget.opinion))
    if budget.adopted_on:
        where = budget.meeting.title if budget.meeting else budget.minutes
        facts.append((_("Adopted on"), f"{full_day(budget.adopted_on)}　{where}"))
    if facts:
        made.facts(facts)
    made.signatures([_("Chair (signature)"), _("Fund audit committee (signature)"), _("Union (seal)")])
    if budget.filed_at:
        made.foot = f"{name}　{full_day(budget.filed_at.date())}"
    return made


def _table(made: Paper, plan: Plan) -> None:
    beside = (lambda line: [line.former]) if plan.former else (lambda line: [line.last_budget, line.last_accounts])
    titles = [_("Former version")] if plan.former else [_("Last year's budget"), _("Last year's accounts")]
    cells = lambda line: [yuan(amount) for amount in (*beside(line), line.amount)]  # noqa: E731
    before, planned = plan.edges
    rows = [["", before.label, *cells(before)]]
    for _side, label, lines, total in plan.sides:
        rows += [[label, line.label, *cells(line)] for line in lines if any((*beside(line), line.amount))]
        rows.append([label, _("Sum"), *cells(total)])
    rows.append(["", planned.label, *cells(planned)])
    widths = [2, 5, *[3 for _title in titles], 3]
    made.table([_("Side"), _("Head"), *titles, _("Budget (yuan)")], rows, widths)
