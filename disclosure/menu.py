"""What the floor brings to the ground floor: how its duties are done, and entries of the menu."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.models import Return
from disclosure.services import filled_count, may_fill
from unions.duties import Task, tasks
from unions.kit.registry import MenuItem, menu
from unions.models import Duty, DutyRule, User
from unions.permissions import Permission


def progress(duties: list[Duty]) -> dict[int, str]:
    """How far each return that was begun has come, in a sentence; one query for all."""
    filings = Return.objects.filter(duty__in=duties).select_related("version")
    return {filing.duty_id: _progress(filing) for filing in filings}


def _progress(filing: Return) -> str:
    done, left = filled_count(filing)
    if not left:
        return _("All filled in, ready to sign.")
    return _("%(done)d figures filled in, %(left)d to check.") % {"done": done, "left": left}


def summary_progress(duties: list[Duty]) -> dict[int, str]:
    """How many of the returns below are accepted."""
    found = {}
    for duty in duties:
        below = Duty.objects.filter(middle=duty.union_id, rule__form__summaries__rule=duty.rule_id, period=duty.period)
        rates = below.rates()
        found[duty.pk] = _("%(accepted)d of %(expected)d returns accepted.") % {
            "accepted": rates.accepted, "expected": rates.expected
        }  # fmt: skip
    return found


def _fill(duty: Duty) -> str:
    return reverse("disclosure:return-fill", args=[duty.pk])


def _is_open(user: User, duty: Duty) -> bool:
    """Whoever may fill it in, and once it was begun everybody who sees it."""
    return may_fill(user, duty) or Return.objects.filter(duty=duty).exists()


def _sum_up(duty: Duty) -> str:
    return reverse("disclosure:summary", args=[duty.pk])


def _review(rule: DutyRule, period: str) -> str:
    return reverse("disclosure:review", args=[period])


def waiting(user) -> int:
    """How many returns wait for this person's decision."""
    return Return.objects.visible_to(user, Permission.RETURN_REVIEW).to_review().count()


def _has_unions_below(user) -> bool:
    scope = user.scope(Permission.RETURN_VIEW)
    return scope.everything or bool(scope.middles)


def register() -> None:
    """Called once when the app is ready."""
    tasks.add("return", Task(url=_fill, review_url=_review, progress=progress, is_open_to=_is_open))
    tasks.add("summary", Task(url=_sum_up, review_url=_review, progress=summary_progress))
    for key, item in {
        "returns": MenuItem(gettext_lazy("Returns"), "file-spreadsheet", "disclosure:return-list", Permission.RETURN_VIEW, order=20),
        "review": MenuItem(
            gettext_lazy("Review of returns"), "clipboard-check", "disclosure:review-newest", Permission.RETURN_REVIEW, order=22,
            badge=lambda request: waiting(request.user),
        ),
        "totals": MenuItem(
            gettext_lazy("Totals"), "sigma", "disclosure:totals-newest", Permission.RETURN_VIEW, order=24, shown=_has_unions_below
        ),
        "forms": MenuItem(
            gettext_lazy("Forms"), "file-cog", "disclosure:form-list", Permission.RULE_EDIT, order=905, group=gettext_lazy("Administration")
        ),
    }.items():  # fmt: skip
        menu.add(f"disclosure.{key}", item)
