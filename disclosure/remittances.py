"""Remittance of union funds: who sees and matches what, and when it is due.

Employers remit 2 % of their payroll by the 15th of the following month, with a late fee for every day after it (Trade union
law art. 43; Beijing measures art. 55). Rate, day and fee are the district's to set.
"""

from datetime import date

from django.db.models import QuerySet

from disclosure.models import Remittance
from unions.kit.periods import Period
from unions.models import User
from unions.permissions import Permission
from unions.settingbook import setting

SEE, MATCH, BRING = Permission.BULLETIN_VIEW, Permission.UNION_IMPORT, Permission.RETURN_IMPORT
FIELDS = (
    "name", "address", "street", "registration", "industry", "headcount", "payroll", "payable", "paid", "kind", "approved_on",
)  # fmt: skip


def due_day(period: Period) -> date:
    """The day that the district had set when the quarter ended, of the month after it."""
    return period.next().start.replace(day=setting("remittance-due-day", period.end))


def visible_remittances(user: User, today: date) -> QuerySet:
    """All in a person's scope with what is owed as of a day, the newest quarter first, in the register's order."""
    rows = Remittance.objects.visible_to(user, SEE).with_arrears(today)
    return rows.with_unions().order_by("-period", "pk")
