"""How an annual report is heard: by a grassroots union's assembly, or by the committee's members, who rate it and ask."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import Body, Satisfaction
from assemblies.models import Appraisal, Meeting, Seat
from disclosure.annual import WRITE
from disclosure.models import AnnualHearer, AnnualQuestion, AnnualReport
from disclosure.models.annual_hearing import CONTENT
from unions import tokens
from unions.calendar import WorkCalendar
from unions.enums import Tier
from unions.kit.text import sentence
from unions.models import User
from unions.notices import holders, notify
from unions.services import record
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, NotAllowed

MOST_PEOPLE, MOST_QUESTIONS = 200, 10
REMIND_BEFORE = 2  # working days


def is_heard_by_assembly(report: AnnualReport) -> bool:
    return report.union.tier is Tier.GRASSROOTS


def _locked(report: AnnualReport, by: User | None = None) -> AnnualReport:
    if by is not None and not by.has_perm(WRITE, report):
        raise NotAllowed(_("You may not write this union's annual report."))
    rows = AnnualReport.objects.select_for_update(of=("self",), no_key=True).select_related("union")
    return rows.get(pk=report.pk)


# --- by the assembly -----------------------------------------------------------------------------------------------


def meetings_for(report: AnnualReport) -> QuerySet[Meeting]:
    """Assemblies held that can have heard it: in the year itself or in the next, the newest first."""
    rows = Meeting.objects.filter(union=report.union_id).assemblies().held()
    return rows.filter(held_on__year__in=(report.year, report.year + 1)).order_by("-held_on", "-pk")


@transaction.atomic
def hear_at(report: AnnualReport, meeting: Meeting, *, by: User) -> AnnualReport:
    """The assembly heard the report (notice 2015-24: yearly, before the members' or delegates' assembly)."""
    report = _locked(report, by)
    if not is_heard_by_assembly(report):
        raise MoveError(_("The members of the committee hear this report."))
    if not meetings_for(report).filter(pk=meeting.pk).exists():
        raise Invalid(
            _("Something is still missing."), {"meeting": _("Choose an assembly of this union that was held.")}
        )
    report.meeting, report.heard_on = meeting, meeting.held_on
    report.revision += 1
    report.save(update_fields=["meeting", "heard_on", "revision"])
    record(report.union, "annualreport.hear", report, by=by, data={"where": meeting.title})
    return report


# --- by the committee ----------------------------------------------------------------------------------------------


def committee_of(report: AnnualReport) -> list[str]:
    """Who sits in the union's committee now, the chair first."""
    seats = Seat.objects.filter(union=report.union_id, body=Body.COMMITTEE, term__ended_on=None).held().by_rank()
    return [seat.name for seat in seats]


@transaction.atomic
def open_hearing(report: AnnualReport, names: list[str], until: date, *, by: User) -> AnnualReport:
    """Give the filed report to the committee's members; each has a link of their own until the day. Who is on the list
    stays on it, so that no link changes hands."""
    report = _locked(report, by)
    if is_heard_by_assembly(report):
        raise MoveError(_("The assembly hears this report."))
    if report.is_editable:
        raise MoveError(_("File the report first: what is heard does not change any more."))
    if report.heard_on:
        raise MoveError(_("The hearing is over."))
    if until < timezone.localdate():
        raise Invalid(_("Something is still missing."), {"until": _("Choose today or a later day.")})
    known = list(report.hearers.values_list("name", flat=True))
    names = [sentence(name, 40) for name in names if name.strip()]
    added = [name for name in dict.fromkeys(names) if name not in known]
    if not known and not added:
        raise Invalid(_("Something is still missing."), {"names": _("Name the members of the committee, one a line.")})
    if len(known) + len(added) > MOST_PEOPLE:
        raise Invalid(_("Something is still missing."), {"names": _("At most %(n)d people.") % {"n": MOST_PEOPLE}})
    AnnualHearer.objects.bulk_create(
        AnnualHearer(report=report, number=number, name=name) for number, name in enumerate(added, len(known) + 1)
    )
    report.hearing_until = until
    report.revision += 1
    report.save(update_fields=["hearing_until", "revision"])
    record(
        report.union,
        "annualreport.give",
        report,
        by=by,
        data={"count": len(known) + len(added), "until": until.isoformat()},
    )
    return report


def link_of(hearer: AnnualHearer) -> str:
    return reverse("disclosure:annual-hearing", args=[tokens.make(tokens.Purpose.ANNUAL_HEARING, hearer.pk)])


@dataclass(frozen=True)
class Tally:
    """How a report was rated: of so many asked so many answered, so many of them content."""

    due: int
    rated: int
    content: int
    counts: list[tuple[str, int]]
    href: str = ""


def tally_of(report: AnnualReport) -> Tally | None:
    """The committee's ratings; for a grassroots union its appraisal at the assembly that heard the report, or of that
    year."""
    if is_heard_by_assembly(report):
        rows = Appraisal.objects.filter(union=report.union_id).standing().exclude(valid_count=None)
        at_meeting = Q(vote__meeting=report.meeting_id) if report.meeting_id else Q(pk=None)
        year = report.heard_on.year if report.heard_on else report.year
        one = rows.filter(at_meeting).first() or rows.in_year(year).first()
        if one is None:
            return None
        href = reverse("assemblies:appraisal", args=[one.pk])
        return Tally(one.valid_count, one.valid_count, one.good_count, [], href)
    given = dict(report.hearers.order_by().values_list("rating").annotate(n=Count("pk")))
    if not given:
        return None
    rated = sum(n for rating, n in given.items() if rating)
    counts = [(str(grade.label), given.get(grade.value, 0)) for grade in Satisfaction]
    return Tally(sum(given.values()), rated, sum(given.get(grade, 0) for grade in CONTENT), counts)


def is_open(report: AnnualReport) -> bool:
    """Whether links still take a rating or a question."""
    return bool(report.hearing_until and not report.heard_on and report.hearing_until >= timezone.localdate())


@transaction.atomic
def rate(hearer: AnnualHearer, rating: str) -> AnnualHearer:
    """A member's rating, by their own link; they may change it until the hearing is over."""
    report = _locked(hearer.report)
    if not is_open(report):
        raise MoveError(_("The hearing is over."))
    if rating not in Satisfaction.values:
        raise Invalid(_("Something is still missing."), {"rating": _("Choose how far the report satisfies you.")})
    hearer = AnnualHearer.objects.select_for_update(of=("self",), no_key=True).get(pk=hearer.pk)
    hearer.rating, hearer.rated_at = rating, timezone.now()
    hearer.save(update_fields=["rating", "rated_at"])
    record(report.union, "annualreport.rate", report, by=None, data={"number": hearer.number})
    return hearer


@transaction.atomic
def end_hearing(report: AnnualReport, *, by: User) -> AnnualReport:
    """Everybody asked has rated it, or the last day has passed and somebody has: it counts as heard."""
    report = _locked(report, by)
    tally = None if is_heard_by_assembly(report) else tally_of(report)
    if tally is None or report.heard_on:
        raise MoveError(_("There is no hearing to end."))
    if not tally.rated or (tally.rated < tally.due and report.hearing_until >= timezone.localdate()):
        raise MoveError(
            _("%(rated)d of %(due)d have rated it; it ends when all have, or after %(day)s.")
            % {"rated": tally.rated, "due": tally.due, "day": report.hearing_until.isoformat()}
        )
    report.heard_on = timezone.localdate()
    report.revision += 1
    report.save(update_fields=["heard_on", "revision"])
    record(report.union, "annualreport.hear", report, by=by, data={"where": str(_("Committee members"))})
    return report


# --- questions -----------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(
    report: AnnualReport, text: str, *, by: User | None, hearer: AnnualHearer | None = None, asker: str = ""
) -> AnnualQuestion:
    """A question about the report: of a committee member by their link, or taken down at the assembly."""
    report = _locked(report, by)
    text = sentence(text, 500)
    if not text:
        raise Invalid(_("Something is still missing."), {"text": _("Write the question.")})
    if hearer and not is_open(report):
        raise MoveError(_("The hearing is over."))
    if report.questions.filter(hearer=hearer).count() >= (MOST_QUESTIONS if hearer else MOST_PEOPLE):
        raise MoveError(_("Enough questions have been asked; put further ones to the union itself."))
    if known := report.questions.filter(hearer=hearer, text=text).first():
        return known
    due = WorkCalendar().shift(timezone.localdate(), setting("annual-answer-workdays"))
    made = AnnualQuestion.objects.create(
        report=report, hearer=hearer, asker=hearer.name if hearer else sentence(asker, 40), text=text, due_on=due
    )
    record(report.union, "annualreport.question", report, by=by, data={"due": due.isoformat()})
    if by is None:
        _tell(made, "asked")
    return made


@transaction.atomic
def answer(question: AnnualQuestion, text: str, *, by: User) -> AnnualQuestion:
    """The union answers; whoever asked reads it at their link."""
    report = _locked(question.report, by)
    question = AnnualQuestion.objects.select_for_update(of=("self",), no_key=True).get(pk=question.pk)
    if not (text := sentence(text, 2000)):
        raise Invalid(_("Something is still missing."), {"text": _("Write the answer.")})
    question.answer, question.answered_at, question.answered_by = text, timezone.now(), by
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    record(report.union, "annualreport.answer", report, by=by)
    return question


def remind(today: date, calendar: WorkCalendar) -> int:
    """The clock's part: whoever writes the report hears before an answer is due and once more when it is late."""
    soon, told = calendar.shift(today, REMIND_BEFORE), 0
    waiting = AnnualQuestion.objects.open().filter(
        Q(due_on__lte=soon, told="") | (Q(due_on__lt=today) & ~Q(told="late"))
    )
    with transaction.atomic():
        rows = waiting.select_related("report__union").order_by("pk").select_for_update(of=("self",), no_key=True)
        for question in rows[:1000]:
            question.told = "late" if question.due_on < today else "soon"
            _tell(question, question.told)
            question.save(update_fields=["told"])
            told += 1
    return told


def _tell(question: AnnualQuestion, kind: str) -> None:
    report = question.report
    notify(
        holders(WRITE, report.union), f"annual.question_{kind}", union=report.union,
        params={"union": report.union.name, "year": report.year, "due": question.due_on.isoformat()},
        url=reverse("disclosure:annual", args=[report.pk]) + "#questions", key=f"annual.question.{question.pk}.{kind}",
    )  # fmt: skip
