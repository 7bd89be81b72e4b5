"""How a budget moves: drafted, reviewed by the fund audit committee, adopted, filed with the tier above, decided on."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assemblies.enums import MeetingKind
from assemblies.models import Meeting
from disclosure.annual import REVIEW, SIGN, WRITE
from disclosure.budget_executions import owe_next
from disclosure.budgets import MISSING, shortcoming
from disclosure.duties import follow_budget
from disclosure.enums import BudgetState
from disclosure.models import Budget
from unions.kit.text import sentence
from unions.models import Event, User
from unions.notices import holders, notify
from unions.workflow import Invalid, Transition, Workflow, register

S = BudgetState
# Which meetings adopt a budget: the committee or the members' or delegates' assembly, at its height the congress.
ADOPTING = (MeetingKind.COMMITTEE, MeetingKind.MEMBERS, MeetingKind.DELEGATES, MeetingKind.CONGRESS)


def meetings_for(budget: Budget):
    """Meetings of the union that can have adopted it: held, not before it was reviewed."""
    rows = Meeting.objects.filter(union=budget.union_id, kind__in=ADOPTING).held()
    return rows.filter(held_on__gte=budget.reviewed_on).order_by("-held_on", "-pk")


# --- guards --------------------------------------------------------------------------------------------------------


def is_whole(budget: Budget, by: User) -> str | None:
    return shortcoming(budget)


def goes_up(budget: Budget, by: User) -> str | None:
    """The district has no tier above in this portal: it puts its own budget on file."""
    return None if budget.union.superior else _("No tier above decides on this budget here; put it on file.")


def stays(budget: Budget, by: User) -> str | None:
    return _("The tier above decides on this budget.") if budget.union.superior else None


def not_ones_own(budget: Budget, by: User) -> str | None:
    """Nobody decides on what they signed."""
    return _("You signed this budget yourself; somebody else has to decide on it.") if budget.filed_by == by else None


# --- effects -------------------------------------------------------------------------------------------------------


def review(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    """By the fund audit committee of the same tier: the day, its opinion, who of it."""
    day = event.data.pop("reviewed_on", None)
    who, opinion = (
        sentence(str(event.data.pop(name, "") or ""), most) for name, most in (("reviewer", 60), ("opinion", 500))
    )
    errors = {} if who else {"reviewer": _("Say who of the fund audit committee reviewed it.")}
    if not opinion:
        errors["opinion"] = _("Enter its opinion.")
    if not isinstance(day, date) or day > timezone.localdate():
        errors["reviewed_on"] = _("Choose today or an earlier day.")
    if errors:
        raise Invalid(MISSING, errors)
    budget.reviewed_on, budget.reviewer, budget.opinion = day, who, opinion
    budget.adopted_on, budget.meeting, budget.minutes = None, None, ""
    event.data["day"] = day.isoformat()


def adopt(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    """By the committee or the assembly: a meeting of the portal, or its number, or the day and where it is written down."""
    chosen, day, minutes = (event.data.pop(name, None) for name in ("meeting", "adopted_on", "minutes"))
    minutes, errors, meeting = sentence(str(minutes or ""), 300), {}, None
    if chosen is not None:
        meeting = meetings_for(budget).filter(pk=getattr(chosen, "pk", chosen)).first()
        if meeting is None:
            errors["meeting"] = _("Choose a meeting of this union that was held after the review.")
        else:
            day = meeting.held_on
    else:
        if not isinstance(day, date) or not budget.reviewed_on <= day <= timezone.localdate():
            errors["adopted_on"] = _("Choose a day from the review until today.")
        if not minutes:
            errors["minutes"] = _("Name the meeting and where its minutes are, or choose a meeting.")
    if errors:
        raise Invalid(MISSING, errors)
    budget.adopted_on, budget.meeting, budget.minutes = day, meeting, minutes
    owe_next(budget)
    event.data["day"] = day.isoformat()


def file(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    budget.filed_at, budget.filed_by = timezone.now(), by
    budget.decided_at = budget.decided_by = None
    if above := budget.union.superior:
        tell(budget, "submitted", holders(REVIEW, above), by, mail=False)


def conclude(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    file(budget, event=event, by=by, due=due)
    budget.decided_at, budget.decided_by = budget.filed_at, by


def accept(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    budget.decided_at, budget.decided_by = timezone.now(), by
    tell(budget, "accepted", holders(WRITE, budget.union), by, mail=False)


def send_back(budget: Budget, *, event: Event, by: User, due: date | None) -> None:
    budget.decided_at, budget.decided_by = timezone.now(), by
    tell(budget, "returned", holders(WRITE, budget.union), by, reason=event.reason)


def tell(budget: Budget, kind: str, people: list[User], by: User, *, mail: bool = True, **params) -> None:
    notify(
        [person for person in people if person != by], f"budget.{kind}", union=budget.union,
        params={"union": budget.union.name, "title": budget.title, "by": by.name, **params},
        url=reverse("disclosure:budget", args=[budget.pk]), key=f"budget.{budget.pk}.{kind}.{budget.revision}", mail=mail,
    )  # fmt: skip


_OPEN, _REASON = frozenset({S.DRAFT, S.RETURNED}), frozenset({"reason"})

BUDGETS = register(Workflow(Budget))
BUDGETS.add(
    Transition("review", gettext_lazy("Enter the review"), _OPEN, S.REVIEWED, WRITE, guard=is_whole, effect=review, is_primary=True,
               meaning=gettext_lazy("What the fund audit committee of your union said. The amounts do not change any more.")),
    Transition("take_back", gettext_lazy("Take back to change it"), frozenset({S.REVIEWED}), S.DRAFT, WRITE, _REASON,
               meaning=gettext_lazy("What is changed is reviewed anew.")),
    Transition("adopt", gettext_lazy("Enter the adoption"), frozenset({S.REVIEWED}), S.ADOPTED, SIGN, effect=adopt, is_primary=True,
               meaning=gettext_lazy("By the committee or the assembly. The budget is in force from then on.")),
    Transition("file", pgettext_lazy("budget", "File with the tier above"), frozenset({S.ADOPTED}), S.SUBMITTED, SIGN, guard=goes_up, effect=file, after=follow_budget, is_primary=True),
    Transition("conclude", gettext_lazy("Put on file"), frozenset({S.ADOPTED}), S.ACCEPTED, SIGN, guard=stays, effect=conclude, after=follow_budget, is_primary=True),
    Transition("accept", gettext_lazy("Accept"), frozenset({S.SUBMITTED}), S.ACCEPTED, REVIEW, guard=not_ones_own, effect=accept, after=follow_budget, is_primary=True),
    Transition("return", gettext_lazy("Return with remarks"), frozenset({S.SUBMITTED}), S.RETURNED, REVIEW, _REASON, not_ones_own, send_back, after=follow_budget,
               meaning=gettext_lazy("The union corrects it; review and adoption begin anew.")),
)  # fmt: skip
