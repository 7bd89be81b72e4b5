"""What annual reports bring to the menu, the duties, the workbench and a union's page."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import FILE, REVIEW, SEE, SIGN, WRITE, may_write
from disclosure.annual_seeds import RULE
from disclosure.bulletin_cards import GROUP, TAB
from disclosure.enums import AnnualState
from disclosure.models import AnnualQuestion, AnnualReport
from unions.dashboards import Board
from unions.duties import Task, tasks
from unions.kit.links import link
from unions.kit.registry import Card, MenuItem, menu, union_cards
from unions.models import Duty, User
from unions.templatetags.components import month_day
from unions.uploads import purposes
from unions.workbench import Todo, Waiting, Workbench, todos, waiting

S = AnnualState
SHOWN = 4


def progress(duties: list[Duty]) -> dict[int, str]:
    """How many parts of each report that was begun have words in them; one query for all."""
    rows = AnnualReport.objects.filter(duty__in=duties).annotate(
        parts=Count("sections"), begun=Count("sections", filter=~Q(sections__texts={}))
    )
    words = _("%(begun)d of %(parts)d parts begun.")
    return {row.duty_id: words % {"begun": row.begun, "parts": row.parts} for row in rows}


def _write(duty: Duty) -> str:
    return reverse("disclosure:annual-write", args=[duty.pk])


def _is_open(user: User, duty: Duty) -> bool:
    return may_write(user, duty) or AnnualReport.objects.filter(duty=duty).exists()


def to_review(bench: Workbench) -> Waiting | None:
    """Reports that wait for this person's decision."""
    if not bench.user.has_perm(REVIEW):
        return None

    def said(count: int) -> Todo:
        return Todo(
            title=_("Annual reports to review"), text=_("Filed by the unions directly below."), action=_("Review"),
            url=link("disclosure:annual-list", state=S.SUBMITTED), tag=(str(count), "info", "book-check"),
        )  # fmt: skip

    return Waiting(AnnualReport.objects.visible_to(bench.user, REVIEW).to_review(), said)


def question_todo(bench: Workbench) -> Iterable[Todo]:
    """Questions about a report that this person's union has to answer, the oldest first."""
    if not bench.user.has_perm(WRITE):
        return
    rows = AnnualQuestion.objects.open().visible_to(bench.user, WRITE).select_related("union")
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        yield Todo(
            title=_("A question about the annual report"), text=one.text, action=_("Answer it"), union=one.union, due=one.due_on,
            is_overdue=one.is_late, url=reverse("disclosure:annual-answer", args=[one.pk]),
            tag=(month_day(one.due_on), "bad" if one.is_late else "info", "message-circle-question-mark"),
        )  # fmt: skip


def union_card(board: Board) -> dict | None:
    """A union's last reports; above, how many of those below have filed on the year before and on this one."""
    rows, year = AnnualReport.objects.visible_to(board.user, SEE), board.period.year
    if board.is_leaf:
        return {"reports": list(rows.filter(union=board.union)[:SHOWN]), "union": board.union, "year": year}
    if not board.is_district:
        rows = rows.filter(middle=board.union)
    counts = {
        row["year"]: row
        for row in rows.filter(year__in=(year - 1, year)).order_by().values("year").annotate(
            begun=Count("pk"), waiting=Count("pk", filter=Q(state=S.SUBMITTED)), accepted=Count("pk", filter=Q(state=S.ACCEPTED))
        )
    }  # fmt: skip
    place = {} if board.is_district else {"middle": board.union.pk}
    years = [
        {
            "year": each, **(counts.get(each) or {"begun": 0, "waiting": 0, "accepted": 0}),
            "href": link("disclosure:annual-list", year=each, **place),
            "waiting_href": link("disclosure:annual-list", year=each, state=S.SUBMITTED, **place),
        }
        for each in (year, year - 1)
    ]  # fmt: skip
    return {"years": years, "union": board.union}


def register() -> None:
    """Called once when the app is ready."""
    purposes.add(FILE.key, FILE)
    tasks.add(
        RULE,
        Task(
            _write, progress=progress, is_open_to=_is_open, action=gettext_lazy("Write the report"), fill=WRITE, sign=SIGN,
            review=REVIEW,
        ),
    )  # fmt: skip
    menu.add(
        "disclosure.annual",
        MenuItem(gettext_lazy("Annual reports"), "book-open-text", "disclosure:annual-list", SEE, 405, GROUP),
    )
    waiting.add("annual.review", to_review)
    todos.add("annual.questions", question_todo)
    union_cards.add("annual", Card("disclosure/cards/annual.html", union_card, SEE, 5, tab=TAB))
