"""What is past its time is found by the clock, shown to a person, and erased when that person says so (PIPL article 19, 47).

Each rule erases the value and with it its index, and leaves the skeleton: the union, the account, the acts stay on record.
How long is the district's own, each number a parameter with its basis.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.enums import BatchState, ErasureState, UnionState
from unions.kit.registry import Registry
from unions.models import Correction, Delivery, Erasure, ImportBatch, RoleAssignment, Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.security_settings import limit
from unions.services import record
from unions.settingbook import DAYS, setting
from unions.workflow import Invalid, MoveError

PIPL = gettext_lazy("PIPL articles 19 and 47; the number is the district's own")


@dataclass(frozen=True)
class Rule:
    """What goes when: `past(limit)` are the rows whose time was over before the limit, `erase(rows)` does it."""

    key: str
    label: str
    past: Callable[[object], QuerySet]
    erase: Callable[[QuerySet], int]

    @property
    def days(self) -> int:
        return setting(f"keep-{self.key}-days")

    def due(self) -> QuerySet:
        return self.past(timezone.now() - timedelta(days=self.days)).order_by("pk")


rules: Registry[Rule] = Registry("rule of erasure")


def add(key: str, label: str, days: int, low: int, past: Callable, erase: Callable) -> None:
    rules.add(key, Rule(key, label, past, erase))
    limit(f"keep-{key}-days", label, "", days, low, 3650, DAYS, PIPL)


def _closed_unions(limit) -> QuerySet:
    return Union.objects.exclude(state=UnionState.ACTIVE).filter(closed_on__lt=limit.date()).exclude(chair_phone="")


def _idle_accounts(limit) -> QuerySet:
    """Accounts whose last appointment ended before the limit; none that has yet to begin."""
    later = RoleAssignment.objects.filter(user=OuterRef("pk")).filter(
        Q(withdrawn_at__gte=limit) | Q(withdrawn_at=None) & (Q(ends_on=None) | Q(ends_on__gte=limit.date()))
    )
    without = User.objects.filter(~Exists(later), created_at__lt=limit)
    return without.exclude(phone="", email="")


def _old_imports(limit) -> QuerySet:
    running = [BatchState.READING, BatchState.COMMITTING, BatchState.UNDOING]
    old = ImportBatch.objects.filter(created_at__lt=limit).exclude(state__in=running)
    return old.filter(Q(rows__isnull=False) | ~Q(file="")).distinct()


def _forget_imports(batches: QuerySet) -> int:
    count = 0
    for batch in ImportBatch.objects.filter(pk__in=[batch.pk for batch in batches]):
        batch.rows.all().delete()
        stored, storage = batch.file.name, batch.file.storage
        batch.file.name = ""
        batch.save(update_fields=["file"])
        if stored:
            transaction.on_commit(lambda stored=stored, storage=storage: storage.delete(stored))
        count += 1
    return count


def _delete(rows: QuerySet) -> int:
    return rows.delete()[0]


add(
    "union_contact",
    gettext_lazy("Telephone numbers of closed unions"),
    365,
    30,
    _closed_unions,
    lambda rows: rows.update(chair_phone=""),
)
add(
    "account_contact",
    gettext_lazy("Telephone and e-mail of accounts without an appointment"),
    365,
    30,
    _idle_accounts,
    lambda rows: rows.update(phone="", email=""),
)
add(
    "imports",
    gettext_lazy("Files and rows of imports; they cannot be undone any more"),
    180,
    30,
    _old_imports,
    _forget_imports,
)
add(
    "deliveries",
    gettext_lazy("Addresses of messages that were sent"),
    180,
    30,
    lambda limit: Delivery.objects.filter(sent_at__lt=limit).exclude(address=""),
    lambda rows: rows.update(address=""),
)
add(
    "corrections",
    gettext_lazy("Wishes of corrections that were answered"),
    365,
    30,
    lambda limit: Correction.objects.filter(decided_at__lt=limit).exclude(wish=""),
    lambda rows: rows.update(wish=""),
)
for _log, _label in ((AccessLog, gettext_lazy("Records of signing in")), (AccessFailureLog, gettext_lazy("Records of failed sign-ins")),
                     (AccessAttempt, gettext_lazy("Records of locks"))):  # fmt: skip
    add(
        _log._meta.model_name,
        _label,
        365,
        180,
        lambda limit, log=_log: log.objects.filter(attempt_time__lt=limit),
        _delete,
    )


def propose() -> Erasure | None:
    """The dry run: what is past its time now. An older proposal that nobody confirmed is superseded; whoever may
    confirm is told once for each new one."""
    found = {rule.key: ids for rule in rules if (ids := list(rule.due().values_list("pk", flat=True)))}
    with transaction.atomic():
        open_ones = Erasure.objects.select_for_update(of=("self",)).filter(state=ErasureState.PROPOSED)
        if (last := open_ones.first()) and last.found == found:
            return last
        open_ones.update(state=ErasureState.SUPERSEDED)
        if not found:
            return None
        district = Union.objects.district()
        erasure = Erasure.objects.create(union=district, found=found)
        notify(
            holders(Permission.PERSON_ERASE, district), "erasure.proposed", union=district, params={"n": erasure.found_count},
            url=reverse("unions:erasure", args=[erasure.pk]), key=f"erasure.{erasure.pk}",
        )  # fmt: skip
    return erasure


@transaction.atomic
def erase(erasure: Erasure, *, by: User, reason: str) -> Erasure:
    """Erase what was shown and is still past its time; the counts stay as proof."""
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say on whose decision.")})
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if erasure.state != ErasureState.PROPOSED:
        raise MoveError(_("This proposal was confirmed or superseded meanwhile. Reload the page."))
    for rule in rules:
        if ids := erasure.found.get(rule.key):
            rows = rule.due().filter(pk__in=ids).order_by()
            erasure.erased[rule.key] = rule.erase(
                rows.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
            )
    erasure.state, erasure.erased_by, erasure.erased_at = ErasureState.DONE, by, timezone.now()
    erasure.reason = reason.strip()[:200]
    erasure.save()
    record(erasure.union, "person.erase", erasure, by=by, reason=erasure.reason, data={"erased": erasure.erased})
    return erasure
