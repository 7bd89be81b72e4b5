"""Remittance of union funds (经费拨缴): what each employer of the tax office's register owed and paid for a quarter."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Case, Count, DateField, DecimalField, F, Func, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosure.enums import RemittanceKind, RemittanceMatch
from unions.kit.periods import Period
from unions.models import UnionOwned, UnionOwnedQuerySet
from unions.settingbook import setting
from unions.workflow import Movable

MONEY = DecimalField(max_digits=16, decimal_places=2)
# The rows of the pool of the district and of a middle-tier union itself: no grassroots union was found.
WITHOUT_UNION = Q(middle=None) | Q(union=F("middle"))
_SUMS = {
    "count": Count("pk"),
    **{
        f"{name}_sum": Coalesce(Sum(name), Value(Decimal(0), MONEY))
        for name in ("payable", "paid", "arrears", "late_fee")
    },
}
LARGE = 100  # workers: where a union is founded first (notice 2015-24: 以百人以上单位为建会重点)


def amount(label) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2)


class RemittanceQuerySet(UnionOwnedQuerySet):
    def with_arrears(self, today: date):
        """Beside each row what is owed after its due day, and the late fee on it up to a day, by the rate of that day."""
        days = Func(Value(today, DateField()), F("due_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())  # fmt: skip
        rate = Value(
            Decimal(setting("remittance-late-fee", today)) / 1000, DecimalField(max_digits=6, decimal_places=3)
        )
        owed = When(due_on__lt=today, then=Greatest(F("payable") - F("paid"), Value(0), output_field=MONEY))
        rows = self.annotate(arrears=Case(owed, default=Value(0), output_field=MONEY))
        return rows.annotate(late_fee=Round(F("arrears") * days * rate, 2, output_field=MONEY))

    def in_arrears(self, today: date):
        return self.filter(due_on__lt=today, payable__gt=F("paid"))

    def sums(self) -> dict:
        """How many employers, and what they owed and paid, of rows `with_arrears`."""
        return self.order_by().aggregate(**_SUMS)

    def sums_by(self, name: str):
        """The same for each value of a field."""
        return self.order_by().values(name).annotate(**_SUMS)


class Remittance(UnionOwned, Movable):
    """One employer of the register and quarter. It belongs to the grassroots union it was matched to; else to the middle-tier
    union of its street; else to the district, the pool that nobody has claimed."""

    credit_code = models.CharField(_("Unified social credit code"), max_length=18)
    period = models.CharField(_("Quarter"), max_length=6)
    due_on = models.DateField(_("Due on"))
    name = models.CharField(pgettext_lazy("remittance", "Employer"), max_length=120)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    street = models.CharField(_("Street as registered"), max_length=60, blank=True)
    registration = models.CharField(_("Type of registration"), max_length=40, blank=True)
    industry = models.CharField(pgettext_lazy("of an employer", "Industry"), max_length=40, blank=True)
    headcount = models.PositiveIntegerField(_("Workers"))
    payroll = amount(_("Payroll of the quarter (yuan)"))
    payable = amount(_("Payable (yuan)"))
    paid = amount(_("Paid (yuan)"))
    kind = models.CharField(_("Kind of payment"), max_length=11, choices=RemittanceKind.choices)
    approved_on = models.DateField(pgettext_lazy("remittance", "Approved on"), null=True, blank=True)
    state = models.CharField(
        _("How matched"), max_length=9, choices=RemittanceMatch.choices, default=RemittanceMatch.UNMATCHED
    )

    objects = RemittanceQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Remittance")
        ordering = ["-period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code", "period"],
                name="remittance_once",
                violation_error_message=_("This employer is on record for the quarter already."),
            ),
            models.CheckConstraint(condition=Q(state__in=RemittanceMatch.values), name="remittance_state_known"),
            models.CheckConstraint(condition=Q(kind__in=RemittanceKind.values), name="remittance_kind_known"),
            models.CheckConstraint(
                condition=Q(payroll__gte=0, payable__gte=0, paid__gte=0),
                name="remittance_not_negative",
                violation_error_message=_("An amount is zero or more."),
            ),
        ]
        indexes = [
            models.Index(fields=["period", "id"], name="remittance_period"),
            models.Index(fields=["middle", "period"], name="remittance_middle"),
            models.Index(fields=["union", "period"], name="remittance_union"),
            models.Index(
                fields=["credit_code"], condition=Q(state=RemittanceMatch.BY_HAND), name="remittance_by_hand"
            ),
        ]

    def __str__(self):
        return f"{self.name} {Period.parse(self.period).short}"

    @property
    def is_without_union(self) -> bool:
        """No grassroots union was found for the employer."""
        return self.middle_id is None or self.middle_id == self.union_id
