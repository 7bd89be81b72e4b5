"""What a union's page of terms shows: the present term as a line of days, what is next, the seats with their check."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assemblies.bands import SIZES, band
from assemblies.enums import Body, Post, TermState
from assemblies.models import Seat, Term
from assemblies.models.terms import nearing_from
from unions.duties import open_request
from unions.enums import Tier
from unions.kit.periods import months_before
from unions.models import Event, Union, User
from unions.permissions import Permission
from unions.settingbook import setting
from unions.templatetags.components import full_day

TONES = {
    TermState.IN_OFFICE: ("ok", "check"),
    TermState.NEARING: ("warn", "clock"),
    TermState.ENDING: ("warn", "clock"),
    TermState.PREPARING: ("info", "loader"),
    TermState.POSTPONED: ("info", "calendar-clock"),
    TermState.OVERDUE: ("bad", "triangle-alert"),
    TermState.ORDERED: ("bad", "gavel"),
    TermState.RENEWED: ("mute", "check"),
}


@dataclass(frozen=True)
class Mark:
    """A day on the line of a term."""

    day: date
    label: str
    is_past: bool
    is_today: bool = False


@dataclass(frozen=True)
class Fit:
    """Whether a body has as many seats as the table in force allows."""

    count: int
    members: int
    least: int
    most: int

    @property
    def is_met(self) -> bool:
        return self.least <= self.count <= self.most


@dataclass
class TermPage:
    """One union's terms as somebody looks at them."""

    user: User
    union: Union

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def terms(self) -> list[Term]:
        """All of them, the present one first."""
        terms = Term.objects.visible_to(self.user, Permission.ASSEMBLY_VIEW).filter(union=self.union)
        found = list(terms.select_related("duty__rule").order_by("-started_on"))
        for term in found:
            term.union, term.state = self.union, term.state_on(self.today)
            term.tag = (term.state.label, *TONES[term.state])
        return found

    @cached_property
    def present(self) -> Term | None:
        return next((term for term in self.terms if term.ended_on is None), None)

    @property
    def former(self) -> list[Term]:
        return [term for term in self.terms if term is not self.present]

    @cached_property
    def may_edit(self) -> bool:
        return self.union.is_active and self.user.has_perm(Permission.ASSEMBLY_EDIT, self.union)

    @cached_property
    def may_order(self) -> bool:
        is_late = self.present and self.present.state in (TermState.OVERDUE, TermState.ORDERED)
        return bool(is_late) and self.user.has_perm(Permission.ASSEMBLY_APPROVE, self.union)

    @cached_property
    def line(self) -> list[Mark]:
        """The days of the present term in order, today among them."""
        term = self.present
        nearing = months_before(term.ends_on, setting("term-nearing-months"))
        days = [
            (term.started_on, _("Election")), (nearing, _("Preparation due")), (term.preparing_on, _("Preparation began")),
            (term.ends_on, _("End of the term")), (term.postponed_to, _("Postponed to")), (term.ordered_until, _("Ordered by")),
        ]  # fmt: skip
        marks = [Mark(day, label, day <= self.today) for day, label in days if day]
        marks.append(Mark(self.today, _("Today"), is_past=True, is_today=True))
        return sorted(marks, key=lambda mark: (mark.day, mark.is_today))

    @property
    def days_left(self) -> int:
        return (self.present.final_day - self.today).days

    @property
    def how_long(self) -> str:
        """How far the end is, in words."""
        days = self.days_left
        if days < 0:
            return ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
        return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}

    @property
    def what_next(self) -> str:
        """The next step of the present term, in a sentence."""
        term = self.present
        nearing = months_before(term.ends_on, setting("term-nearing-months"))
        words = {
            TermState.IN_OFFICE: _("From %(nearing)s on the next election is prepared."),
            TermState.NEARING: _("Begin to prepare the election: report to the superior union and set the day."),
            TermState.ENDING: _("The term ends today. Hold the election, or ask the superior union to postpone it."),
            TermState.PREPARING: _("Hold the election by %(last)s, then enter the new term here."),
            TermState.POSTPONED: _("The superior union postponed the election; hold it by %(last)s."),
            TermState.OVERDUE: _("The election is overdue. Hold it without delay, then enter the new term here."),
            TermState.ORDERED: _("The superior union ordered the election to be held by %(ordered)s."),
        }
        days = {
            "nearing": full_day(nearing),
            "last": full_day(term.final_day),
            "ordered": full_day(term.ordered_until),
        }
        return words[term.state] % days

    @property
    def can_prepare(self) -> bool:
        near = self.present.ends_on <= nearing_from(self.today)
        return self.may_edit and near and self.present.preparing_on is None

    @property
    def can_begin(self) -> bool:
        """Whether an election is near, being prepared or late, so that its result is what comes next."""
        return self.may_edit and (self.present is None or self.present.state != TermState.IN_OFFICE)

    @cached_property
    def asked(self) -> Event | None:
        """The union's request to postpone that nobody has answered."""
        duty = self.present.duty if self.present else None
        return open_request(duty) if duty else None

    @property
    def can_ask(self) -> bool:
        duty = self.present.duty
        return bool(self.may_edit and duty and duty.is_outstanding and duty.last_day >= self.today and not self.asked)

    @property
    def can_answer(self) -> bool:
        superior = self.union.superior
        return bool(self.asked and superior and self.user.has_perm(Permission.DUTY_MANAGE, superior))

    @cached_property
    def seats(self) -> list[Seat]:
        return list(self.present.seats.by_rank()) if self.present else []

    @cached_property
    def bodies(self) -> list[dict]:
        """Body by body: who sits there, whether their number fits, who left."""
        found = []
        for body in Body:
            mine = [seat for seat in self.seats if seat.body == body]
            held = [seat for seat in mine if seat.until is None]
            if mine or body == Body.COMMITTEE:
                left = [seat for seat in mine if seat.until is not None]
                found.append({"body": body, "held": held, "left": left, "fit": self._fit(body, len(held))})
        return found

    def _fit(self, body: Body, count: int) -> Fit | None:
        """Of a grassroots union; the sizes of the tiers above are set with each congress."""
        if body not in SIZES or self.union.tier is not Tier.GRASSROOTS:
            return None
        members = self.union.members
        row = band(SIZES[body], members, self.today)
        return Fit(count, members, *row.range_for(members)) if row else None

    @property
    def has_chair(self) -> bool:
        return any(
            seat.post == Post.CHAIR and seat.body == Body.COMMITTEE and seat.until is None for seat in self.seats
        )

    @property
    def register_differs(self) -> bool:
        """The register names another chair than the seats, as an import brought one."""
        chairs = {seat.name for seat in self.seats if seat.post == Post.CHAIR and seat.until is None}
        return bool(self.present and self.seats and self.union.chair_name and self.union.chair_name not in chairs)
