"""Numbers of the house that are not law, each with its basis: the district's system administrator sets them.

A parameter is declared here or by an app from its AppConfig.ready(); the value in force is the newest row of `Setting`
whose day has come, otherwise the default. `level3` is what GB/T 22239 asks of a system of the third level.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unions.kit.registry import Registry

REMEMBERED = 10  # seconds a process may go on with a value that another has changed
GB22239 = "GB/T 22239-2019 8.1.4.1"


@dataclass(frozen=True)
class Parameter:
    """A number with its bounds; where `choices` are given, one of them."""

    key: str
    label: str
    default: int
    low: int
    high: int
    basis: str
    unit: str = ""
    help: str = ""
    level3: int | None = None
    choices: Sequence[tuple[int, str]] = ()

    def shown(self, number: int) -> str:
        if self.choices:
            return str(dict(self.choices).get(number, number))
        return f"{number} {self.unit}".strip()


parameters: Registry[Parameter] = Registry("parameter")

MINUTES, HOURS, DAYS = _("minutes"), _("hours"), _("days")
FACTOR_TIERS = (
    (0, _("nobody, but offered to everybody")),
    (1, _("the district")),
    (2, _("the district and the middle tier")),
    (3, _("everybody")),
)

for _parameter in (
    Parameter("session_idle_minutes", _("Idle limit of a session"), 30, 5, 240, f"{GB22239} b)", MINUTES,
              _("Whoever does nothing for so long signs in again; what was typed is saved as it is typed."), level3=15),
    Parameter("session_hours", _("Longest time of a session"), 12, 1, 24, "OWASP ASVS 5.0 V7.3.2", HOURS),
    Parameter("sessions_per_account", _("Live sessions of one account"), 2, 1, 10, "OWASP ASVS 5.0 V7.1.2", "",
              _("One more sign-in ends the oldest; the person is told."), level3=2),
    Parameter("proof_minutes", _("How long a proof of identity holds"), 10, 1, 120, "OWASP ASVS 5.0 V7.5.3", MINUTES,
              _("Before personal data are shown or exported and before rights are given, the person proves anew who they are."), level3=5),
    Parameter("factor_tier", _("Who must give a second factor"), 0 if settings.DEMO_ALLOWED else 2, 0, 3, f"{GB22239} d)", "",
              _("Whoever reads other people's data; a demo demands none."), level3=2, choices=FACTOR_TIERS),
):  # fmt: skip
    parameters.add(_parameter.key, _parameter)

_memory: tuple[float, dict[str, int]] | None = None


def value(key: str) -> int:
    """The number in force today."""
    return _stored().get(key, parameters[key].default)


def _stored() -> dict[str, int]:
    global _memory
    if _memory is None or time.monotonic() - _memory[0] > REMEMBERED:
        rows = apps.get_model("unions", "Setting").objects.filter(effective_from__lte=timezone.localdate())
        _memory = (time.monotonic(), dict(rows.order_by("effective_from").values_list("key", "value")))
    return _memory[1]


def forget() -> None:
    """Read the values anew at the next question."""
    global _memory
    _memory = None
