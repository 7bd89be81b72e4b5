"""The register of personal fields: what the portal holds about people, why, on what basis, how long, and who sees it.

Personal Information Protection Law (PIPL) articles 6, 13, 19 and 51 ask for purpose, basis, shortest retention and
classification of each. A model field that looks personal and is not listed here fails a test. What is not law is the
district's own word. The page of the register, masks, the erasure of what is past its time and “my data” read it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Field, Model
from django.utils.translation import gettext_lazy as _

from unions.enums import PersonalLevel
from unions.kit.masking import mask_email, mask_phone
from unions.kit.registry import Registry


@dataclass(frozen=True)
class PersonalField:
    """One field that holds something about a person."""

    model: str
    name: str
    purpose: str
    basis: str
    level: PersonalLevel
    kept: str
    seen_by: str
    mask: Callable[[str], str] | None = None

    @property
    def field(self) -> Field:
        return apps.get_model(self.model)._meta.get_field(self.name)

    @property
    def label(self) -> str:
        return str(LABELS.get(self.name, self.field.verbose_name))

    @property
    def record(self) -> str:
        return str(SIGN_INS if self.model.startswith("axes.") else apps.get_model(self.model)._meta.verbose_name)


personal_fields: Registry[PersonalField] = Registry("personal field")

# What fields are called on the register where the model has only a name for developers.
LABELS = {
    "seed": _("Key of the code app"),
    "private": _("Rows as brought"),
    "file": _("File"),
    "agent": _("Device"),
    "user_agent": _("Device"),
    "ip_address": _("Network address"),
    "username": _("Account name"),
}
SIGN_INS = _("Records of signing in")

OFFICE = _("PIPL article 13 (1) 3: duties that the Trade Union Law gives to unions (the district's own reading)")
ACCOUNT = _("PIPL article 13 (1) 2 and 3: the work of the union's staff under its lawful rules")
SECURITY = _(
    "Cybersecurity Law article 21 and GB/T 22239-2019 8.1.4.3: records of use are kept for six months or more"
)
TRANSIENT = _("PIPL article 6: as little and as briefly as the work needs (the district's own rule)")

WHILE_UNION = _("while the union exists; a closed union's until the erasure day")
WHILE_ACCOUNT = _("while the account works for a union, then until the erasure day")
AS_IMPORT = _("until the erasure day of imports")
AS_RECORD = _("with the record of changes")
ALL_IN_SCOPE = _("everybody whose scope holds the union")
REVEALERS = _("masked to everybody in scope; in full for a reason to whoever may reveal")
MANAGERS = _("whoever manages the account, and the person")
MYSELF = _("the person alone")
NOBODY = _("nobody; the portal alone")
IMPORTER = _("the person who brought the file")
RUNNERS = _("whoever looks after runs")


def declare(model: str, names: str, **words) -> None:
    """Enter fields of one model that share all their words."""
    for name in names.split():
        personal_fields.add(f"{model}.{name}", PersonalField(model, name, **words))


P = PersonalLevel
declare("unions.Union", "chair_name chair_sex chair_rank chair_engagement", purpose=_("Who leads the union; statistics of chairs"),
        basis=OFFICE, level=P.PUBLIC, kept=WHILE_UNION, seen_by=ALL_IN_SCOPE)  # fmt: skip
declare("unions.Union", "chair_phone", purpose=_("To reach the chair about the union's work"), basis=OFFICE, level=P.SENSITIVE,
        kept=WHILE_UNION, seen_by=REVEALERS, mask=mask_phone)  # fmt: skip
declare("unions.User", "username name", purpose=_("To sign in, and to name who did what"), basis=ACCOUNT, level=P.GENERAL,
        kept=AS_RECORD, seen_by=ALL_IN_SCOPE)  # fmt: skip
declare("unions.User", "email", purpose=_("Reminders and notices of the account"), basis=ACCOUNT, level=P.GENERAL,
        kept=WHILE_ACCOUNT, seen_by=MANAGERS, mask=mask_email)  # fmt: skip
declare("unions.User", "phone", purpose=_("To reach the account's owner about the union's work"), basis=ACCOUNT, level=P.SENSITIVE,
        kept=WHILE_ACCOUNT, seen_by=MANAGERS, mask=mask_phone)  # fmt: skip
declare("unions.User", "password last_login", purpose=_("To sign in safely"), basis=SECURITY, level=P.GENERAL,
        kept=WHILE_ACCOUNT, seen_by=NOBODY)  # fmt: skip
declare("unions.Correction", "wish", purpose=_("What a person asked to have put right about them"), basis=_("PIPL articles 46 and 50"),
        level=P.SENSITIVE, kept=_("until the erasure day of corrections"), seen_by=MANAGERS)  # fmt: skip
declare("unions.CodeApp", "seed", purpose=_("The second factor of the account"), basis=SECURITY, level=P.SENSITIVE,
        kept=WHILE_ACCOUNT, seen_by=NOBODY)  # fmt: skip
declare("unions.FormerPassword", "password", purpose=_("So that a former password does not come back"), basis=SECURITY,
        level=P.GENERAL, kept=_("the last 24"), seen_by=NOBODY)  # fmt: skip
declare("unions.Event", "by address", purpose=_("Who did what, when and why"), basis=SECURITY, level=P.GENERAL, kept=AS_RECORD,
        seen_by=_("whoever may see the record of changes"))  # fmt: skip
declare("unions.ImportRow", "private", purpose=_("Rows of a roster as they were brought, to correct or undo an import"), basis=TRANSIENT,
        level=P.SENSITIVE, kept=AS_IMPORT, seen_by=IMPORTER)  # fmt: skip
declare("unions.ImportBatch", "file", purpose=_("The workbook of an import, which may hold telephone numbers"), basis=TRANSIENT,
        level=P.GENERAL, kept=AS_IMPORT, seen_by=NOBODY)  # fmt: skip
declare("unions.Job", "address", purpose=_("From where a job was started that acts for a person"), basis=SECURITY, level=P.GENERAL,
        kept=AS_RECORD, seen_by=NOBODY)  # fmt: skip
declare("unions.Job", "file", purpose=_("A workbook that somebody asked for"), basis=TRANSIENT, level=P.GENERAL,
        kept=_("until the erasure day of finished workbooks"), seen_by=MYSELF)  # fmt: skip
declare("unions.Delivery", "address", purpose=_("Where a notice was sent"), basis=TRANSIENT, level=P.GENERAL,
        kept=_("until the erasure day of sent messages"), seen_by=RUNNERS, mask=mask_email)  # fmt: skip
declare("unions.Session", "address agent", purpose=_("So that people know their own sessions and end a stranger's"), basis=SECURITY,
        level=P.GENERAL, kept=_("90 days after the session"), seen_by=MANAGERS)  # fmt: skip
for _log in ("AccessAttempt", "AccessFailureLog", "AccessLog"):
    declare(f"axes.{_log}", "username ip_address user_agent", purpose=_("To lock guessing of passwords, and to look into it"), basis=SECURITY,
            level=P.GENERAL, kept=_("until the erasure day of sign-in records"), seen_by=NOBODY)  # fmt: skip


@dataclass
class Entry:
    """A line of the printed register: the fields of one record that share all their words."""

    about: PersonalField
    labels: list[str]


def entries() -> list[Entry]:
    found: dict[tuple, Entry] = {}
    for one in personal_fields:
        key = (one.record, str(one.purpose), str(one.basis), one.level, str(one.kept), str(one.seen_by))
        entry = found.setdefault(key, Entry(one, []))
        if one.label not in entry.labels:
            entry.labels.append(one.label)
    return list(found.values())


def mask_of(model: type[Model], name: str) -> Callable[[str], str] | None:
    """How this field's value is shown to whoever has not asked for it with a reason; None: as it stands."""
    known = personal_fields.get(f"{model._meta.label}.{name}")
    return known.mask if known else None


def masked_changes(model: type[Model], changes: dict[str, list]) -> dict[str, list]:
    """The changes of an act as the record of changes keeps them: nobody can erase there, so nothing full stands there."""
    return {
        name: [mask(value) if isinstance(value, str) else value for value in pair] if (mask := mask_of(model, name)) else pair
        for name, pair in changes.items()
    }  # fmt: skip
