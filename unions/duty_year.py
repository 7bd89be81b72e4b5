"""The duties of one union over a year, one square each: what is done, what is open, what is still to come."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.duties import tasks
from unions.enums import DutyState, Rhythm
from unions.kit.periods import Period
from unions.models import Duty, DutyRule, Union, User
from unions.permissions import Permission

SQUARES = {  # duty state → tone, icon
    DutyState.FULFILLED: ("ok", "check"),
    DutyState.SUBMITTED: ("info", "send"),
    DutyState.RETURNED: ("warn", "undo-2"),
    DutyState.OPEN: ("warn", "clock"),
    DutyState.WAIVED: ("", "circle-slash"),
}


@dataclass(frozen=True)
class Square:
    """One duty of the year: what it is, how it stands, and the way to it."""

    label: str
    word: str
    tone: str = ""
    icon: str = ""
    href: str = ""

    @property
    def is_done(self) -> bool:
        return self.tone == "ok"


def year_of_duties(
    user: User, union: Union, year: int, rules: list[DutyRule], duties: list[Duty] | None = None
) -> list[Square]:
    """Everything a union must do for the periods of a year, done or not, open or still to open. Its duties are read
    unless they are given."""
    mine = sorted(
        (rule for rule in rules if union.kind in rule.kinds),
        key=lambda rule: (rule.rhythm != Rhythm.QUARTER, rule.key),
    )
    codes = [str(year), *(f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)), f"{year}H1", f"{year}H2"]
    if not mine:
        return []
    if duties is None:
        duties = Duty.objects.visible_to(user, Permission.DUTY_VIEW).filter(union=union, period__in=codes)
    known = {(duty.rule_id, duty.period): duty for duty in duties}
    squares = []
    several = sum(rule.rhythm == Rhythm.QUARTER for rule in mine) > 1
    for rule in mine:
        fills = user.has_perm(tasks[rule.task].fill if rule.task in tasks else Permission.RETURN_FILL, union)
        for code in _codes(rule, codes, known):
            squares.append(_square(rule, Period.parse(code), known.get((rule.pk, code)), several, fills))
    return squares


def _codes(rule: DutyRule, codes: list[str], known: dict) -> list[str]:
    """The periods of the year that a rule asks for; where each union has its own time, those that came."""
    if rule.rhythm == Rhythm.OWN:
        return [code for code in codes if (rule.pk, code) in known]
    return {Rhythm.QUARTER: codes[1:5], Rhythm.HALF: codes[5:]}.get(rule.rhythm, codes[:1])


def _square(rule: DutyRule, period: Period, duty: Duty | None, several: bool, fills: bool) -> Square:
    label = quarter_name(period) if period.quarter else rule.name
    if several and period.quarter:
        label = f"{rule.name} {label}"
    elif period.half:
        label = f"{rule.name} {half_name(period)}"
    if duty is None:
        opens = period.end.toordinal() + rule.opens_after
        later = opens > timezone.localdate().toordinal()
        return Square(label, _("not open yet") if later else _("not asked for"))
    tone, icon = ("bad", "triangle-alert") if duty.is_overdue() else SQUARES[DutyState(duty.state)]
    href = tasks[rule.task].url(duty) if fills and rule.task in tasks else reverse("unions:duty", args=[duty.pk])
    word = _("overdue") if tone == "bad" else duty.get_state_display()
    return Square(label, str(word), tone, icon, href)


def half_name(period: Period) -> str:
    return _("1st half-year") if period.half == 1 else _("2nd half-year")


def quarter_name(period: Period) -> str:
    return [_("1st quarter"), _("2nd quarter"), _("3rd quarter"), _("4th quarter")][period.quarter - 1]
