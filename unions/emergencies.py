"""Emergency access (“breaking the glass”): who may, for how long, who is told."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.models import EmergencyAccess, Union, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.services import record
from unions.settingbook import setting
from unions.wall import system
from unions.workflow import Invalid, NotAllowed

ADDRESS = "/emergency/"


@transaction.atomic
def begin(*, code: str, by: User, reason: str) -> EmergencyAccess:
    """Open one union to somebody whose scope it is not in. The union and its superior are told at once, with the reason."""
    if not by.has_perm(Permission.EMERGENCY_READ):
        raise NotAllowed(_("Your appointments do not include emergency access."))
    with system("opens a union in an emergency"):
        return _open(code, by, reason)


def _open(code: str, by: User, reason: str) -> EmergencyAccess:
    union = Union.objects.select_related("parent").filter(code=code.strip()).first()
    if union is None:
        raise Invalid(_("There is no union with this code."), {"code": _("There is no union with this code.")})
    if by.has_perm(Permission.UNION_VIEW, union):
        raise Invalid(_("You see this union already."), {"code": _("You see this union already.")})
    if not reason.strip():
        raise Invalid(_("Say why."), {"reason": _("Say why.")})
    now = timezone.now()
    access = EmergencyAccess.objects.create(
        union=union, user=by, reason=reason.strip(), started_at=now,
        ends_at=now + timedelta(minutes=setting("emergency-minutes")),
    )  # fmt: skip
    record(union, "emergency.begin", access, by=by, reason=reason.strip(), data={"until": access.ends_at.isoformat()})
    params = {"by": by.name, "from": by.union.name if by.union else "", "union": union.name, "reason": reason.strip()}
    told = {
        person.pk: person
        for above in (union, union.parent)
        if above
        for person in holders(Permission.UNION_VIEW, above)
    }
    notify(told.values(), "emergency.begin", union=union, params=params, url=ADDRESS, key=f"emergency.{access.pk}")
    return access


@transaction.atomic
def end(access: EmergencyAccess, *, by: User) -> None:
    """Close it before its time."""
    if EmergencyAccess.objects.filter(pk=access.pk).open().update(ended_at=timezone.now()):
        record(access.union, "emergency.end", access, by=by)
