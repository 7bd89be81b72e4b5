"""Personal data in full: for a reason that is kept, so many times a day, and every look is on record.

PIPL article 51 asks for rights and records by level; the numbers are the district's own. A look is an event with the
action `person.reveal`, a workbook with full numbers one with `person.export` that names every union in it.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.enums import EventResult
from unions.kit.sealed import EncryptedCharField
from unions.models import Event, Union, User
from unions.security_settings import limit
from unions.services import record
from unions.settingbook import setting
from unions.workflow import Invalid, NotAllowed

REVEAL, EXPORT = "person.reveal", "person.export"
READS = (REVEAL, EXPORT)
BASIS = "PIPL 2021 article 51; OWASP ASVS 5.0 V14.2"


def register() -> None:
    """Called once when the app is ready."""
    limit("reveals-per-day", gettext_lazy("Telephone numbers that one person may open in a day"),
          gettext_lazy("A workbook with full numbers counts apart."), 30, 1, 500, "", BASIS)  # fmt: skip
    limit(
        "full-exports-per-day",
        gettext_lazy("Workbooks with full numbers that one person may make in a day"),
        "",
        3,
        0,
        50,
        "",
        BASIS,
    )


def _today() -> datetime.datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _demand(by: User, action: str, limit: int, reason: str) -> None:
    """A reason, and that the day's number is not used up; the person's row is locked, so that looks at once count."""
    if not reason.strip():
        raise Invalid(_("Say why you need the number."), {"reason": _("Say why you need the number.")})
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Event.objects.filter(by=by, action=action, at__gte=_today()).count() >= limit:
        raise NotAllowed(
            _("Today's number of openings is used up (%(limit)d). Go on tomorrow, or ask a colleague.")
            % {"limit": limit}
        )


@transaction.atomic
def reveal(obj, field: EncryptedCharField, *, union: Union, by: User, reason: str) -> str:
    """One sealed value in full."""
    _demand(by, REVEAL, setting("reveals-per-day"), reason)
    data = {"field": field.name}
    record(union, REVEAL, obj, by=by, reason=reason.strip()[:200], data=data, result=EventResult.READ)
    return getattr(obj, field.name)


@transaction.atomic
def record_export(unions: Iterable[int], *, union: Union, by: User, reason: str, words: list[str]) -> Event:
    """That a workbook with full numbers was made, of which unions, for what."""
    _demand(by, EXPORT, setting("full-exports-per-day"), reason)
    data = {"unions": sorted(unions), "filter": words}
    return record(union, EXPORT, union, by=by, reason=reason.strip()[:200], data=data, result=EventResult.READ)
