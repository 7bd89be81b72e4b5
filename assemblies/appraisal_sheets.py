"""The sheet of appraisals: its questions and answers, asked by the day of the vote, changed by the district from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assemblies.enums import Body, OptionKind, Post, Subject
from assemblies.models import AppraisalGrade, AppraisalItem, AppraisalSheet, Option
from assemblies.terms import present_term
from unions.models import Union, User
from unions.services import record
from unions.workflow import Conflict, Invalid, MoveError


@dataclass(frozen=True)
class Asked:
    """A question as one union's ballot has it."""

    text: str
    body: str = Body.COMMITTEE
    post: str = ""


def sheet_on(day: date) -> AppraisalSheet | None:
    """The sheet in force on a day."""
    return AppraisalSheet.objects.filter(effective_from__lte=day).order_by("-effective_from").first()


def _demanded(day: date) -> AppraisalSheet:
    found = sheet_on(day)
    if found is None:
        raise MoveError(_("The district has not set a sheet for appraisals of that day."))
    return found


def questions_for(union: Union, day: date) -> list[Asked]:
    """The sheet's questions for a union: of a post one for each person who holds it now."""
    holders = _holders(union)
    asked = []
    for item in _demanded(day).items.all():
        if item.subject == Subject.COMMITTEE:
            asked.append(Asked(item.text))
            continue
        post = Post(item.subject)
        for name in holders.get(post, []):
            words = {"who": _person(post, name), "text": item.text}
            asked.append(Asked((_("%(who)s: %(text)s") % words)[:300], post=post))
    return asked


def _person(post: Post, name: str) -> str:
    return _("%(post)s %(name)s") % {"post": post.label, "name": name} if name else str(post.label)


def _holders(union: Union) -> dict[str, list[str]]:
    """Who holds which post of the committee. The chair is asked about even where no name is recorded."""
    term = present_term(union)
    found: dict[str, list[str]] = {}
    for seat in term.seats.filter(body=Body.COMMITTEE, until=None).order_by("pk") if term else []:
        found.setdefault(seat.post, []).append(seat.name)
    found.setdefault(Post.CHAIR, [union.chair_name])
    return found


def options_on(day: date) -> list[Option]:
    """The answers to each question, unsaved."""
    return [Option(kind=grade.kind, text=grade.text) for grade in _demanded(day).grades.all()]


def revision() -> int:
    """Grows with each edit; whoever edits says which one was on the page."""
    return AppraisalItem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _check(items: Sequence[tuple[str, str]], grades: Sequence[tuple[str, str]]) -> None:
    if not items:
        raise Invalid(_("A sheet asks at least one question."))
    kinds = {kind for kind, _text in grades}
    if not {OptionKind.SATISFIED, OptionKind.DISSATISFIED} <= kinds:
        raise Invalid(_("A sheet needs an answer that counts as satisfied and one that counts as dissatisfied."))
    if len({text for _kind, text in grades}) < len(grades):
        raise Invalid(_("Two answers have the same words."))


@transaction.atomic
def set_sheet(
    items: Sequence[tuple[str, str]], grades: Sequence[tuple[str, str]], *, basis: str, effective_from: date, by: User,
    seen: int,
) -> AppraisalSheet:  # fmt: skip
    """The district sets the sheet from a day on: (subject, question) and (counts as, answer). Votes of days gone by, and
    those prepared already, keep the sheet they had."""
    district = Union.objects.select_for_update(of=("self",), no_key=True).district()
    if revision() != seen:
        raise Conflict(district)
    _check(items, grades)
    before = sheet_on(effective_from)
    sheet, _is_new = AppraisalSheet.objects.update_or_create(effective_from=effective_from, defaults={"basis": basis})
    changes = {
        "items": [_written(before.items.all()) if before else [], [text for _subject, text in items]],
        "grades": [_written(before.grades.all()) if before else [], [text for _kind, text in grades]],
        "effective_from": ["", effective_from.isoformat()],
    }
    sheet.items.all().delete()
    sheet.grades.all().delete()
    AppraisalItem.objects.bulk_create(
        AppraisalItem(sheet=sheet, number=n, subject=subject, text=text) for n, (subject, text) in enumerate(items, 1)
    )
    AppraisalGrade.objects.bulk_create(
        AppraisalGrade(sheet=sheet, number=n, kind=kind, text=text) for n, (kind, text) in enumerate(grades, 1)
    )
    record(district, "appraisalsheet.edit", sheet, by=by, data={"changes": changes})
    return sheet


def _written(rows) -> list[str]:
    return [row.text for row in rows]
