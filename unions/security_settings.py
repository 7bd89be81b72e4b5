"""The settings of security: how long a session lasts, who gives a second factor, what passwords are like. The system
administrator sets them; `level3` is what GB/T 22239 asks of a system of the third level, or what assessors expect."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from unions.permissions import Permission
from unions.settingbook import DAYS, HOURS, Definition, definitions

SECURITY = _("Security")
GB22239 = "GB/T 22239-2019 8.1.4.1"
MINUTES = _("minutes")
FACTOR_TIERS = (
    (0, _("nobody, but offered to everybody")),
    (1, _("the district")),
    (2, _("the district and the middle tier")),
    (3, _("everybody")),
)


def limit(key: str, label: str, help: str, default: int, least: int, most: int, unit: str, basis: str, **more) -> None:
    """Enter a number that the system administrator sets."""
    given = {"permission": Permission.SECURITY_EDIT, "basis": basis, **more}
    definitions.add(key, Definition(key, SECURITY, label, help, default, least, most, unit, **given))


def register() -> None:
    """Called once when the app is ready."""
    limit("session-idle-minutes", _("Idle limit of a session"),
          _("Whoever does nothing for so long signs in again; what was typed is saved as it is typed."),
          30, 5, 240, MINUTES, f"{GB22239} b)", level3=15)  # fmt: skip
    limit("session-hours", _("Longest time of a session"), _("Then one signs in again, however busy."),
          12, 1, 24, HOURS, "OWASP ASVS 5.0 V7.3.2")  # fmt: skip
    limit("sessions-per-account", _("Live sessions of one account"),
          _("One more sign-in ends the oldest; the person is told."), 2, 1, 10, "", "OWASP ASVS 5.0 V7.1.2", level3=2)  # fmt: skip
    limit("address-failures", _("Wrong passwords from one address"),
          _("So many within a quarter of an hour, whatever the names, and the address waits. 0: no limit. A street hall may share an address."),
          200, 0, 10_000, "", "OWASP ASVS 5.0 V6.3.1")  # fmt: skip
    limit("proof-minutes", _("How long a proof of identity holds"),
          _("Before personal data are shown or exported and before rights are given, the person proves anew who they are."),
          10, 0, 120, MINUTES, "OWASP ASVS 5.0 V7.5.3", level3=5)  # fmt: skip
    limit("factor-tier", _("Who must give a second factor"), _("Whoever reads other people's data; a demo demands none."),
          0 if settings.DEMO_ALLOWED else 2, 0, 3, "", f"{GB22239} d)", level3=2, choices=FACTOR_TIERS)  # fmt: skip
    limit("password-length", _("Shortest password"), _("Long beats odd: twelve characters or more."),
          12, 8, 64, _("characters"), f"{GB22239} a); OWASP ASVS 5.0 V6.2.1", level3=12)  # fmt: skip
    limit(
        "password-history",
        _("Former passwords that do not come back"),
        _("0: any may."),
        5,
        0,
        24,
        "",
        f"{GB22239} a)",
        level3=5,
    )
    limit("password-days", _("A password must be changed after"),
          _("0: never. OWASP advises against it, assessors of the third level ask for it."), 0, 0, 365, DAYS, f"{GB22239} a)", level3=90)  # fmt: skip
    limit("unused-days", _("An unused account is disabled after"), _("0: never. The person is told two weeks before."),
          0 if settings.DEMO_ALLOWED else 90, 0, 365, DAYS, "GB/T 22239-2019 8.1.4.2 c)", level3=90)  # fmt: skip
    limit("assist-minutes", _("Looking on as another account lasts at most"), _("For support, read-only; the person is told."),
          30, 5, 120, MINUTES, "GB/T 22239-2019 8.1.4.2")  # fmt: skip
    limit("emergency-minutes", _("Emergency access lasts at most"), _("To one union outside the scope, read-only; its superior is told."),
          60, 10, 480, MINUTES, "GB/T 22239-2019 8.1.4.2")  # fmt: skip
