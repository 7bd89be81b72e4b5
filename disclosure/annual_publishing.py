"""Annual reports as things to publish: part by part or all in one, in the words that were filed; and what is out."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.annual import SEE, Book, Chapter
from disclosure.enums import AnnualState, BulletinState
from disclosure.models import AnnualReport, AnnualSection, Bulletin
from disclosure.models.bulletins import OUT
from unions.models import Union, User
from unions.publishables import Draft, Publishable, Way, publishables, ways_of

PART, WHOLE = "annual-part", "annual-report"
LONGEST = 20_000


def _heard() -> Q:
    """What was heard and accepted is published; a draft never."""
    return Q(state=AnnualState.ACCEPTED, heard_on__isnull=False)


def reports_of(union: Union) -> QuerySet:
    return AnnualReport.objects.filter(_heard(), union=union).order_by("-year", "-pk")


def parts_of(union: Union) -> QuerySet:
    rows = AnnualSection.objects.filter(union=union, report__in=reports_of(union).values("pk"))
    return rows.select_related("report__union", "report__sheet", "report__meeting", "part__item").order_by(
        "-report__year", "part__number"
    )


def _words(book: Book, chapter: Chapter) -> list[str]:
    """A block of lines for the accounts and for each heading."""
    blocks = []
    if chapter.part.has_accounts:
        lines = [_("Carried over from last year: %(sum)s yuan") % {"sum": f"{book.report.before:,.2f}"}]
        for _side, label, rows, total in book.sides:
            lines += [f"{row.label}：{row.amount:,.2f}" for row in rows if row.amount]
            lines.append(_("%(side)s, sum: %(total)s yuan") % {"side": label, "total": f"{total:,.2f}"})
        lines.append(_("Balance at the end of the year: %(sum)s yuan") % {"sum": f"{book.balance:,.2f}"})
        blocks.append("\n".join(lines))
    for one in chapter.paragraphs:
        promises = book.promises if one.is_review else []
        lines = [f"{each.text}：{each.get_outcome_display()}。{each.account}" for each in promises]
        if one.text or lines:
            blocks.append("\n".join([one.prompt.title, *lines, *filter(None, [one.text])]))
    return blocks


def draft_of_part(section: AnnualSection) -> Draft:
    """One part, as filed."""
    report = section.report
    book = Book(report)
    chapter = next(one for one in book.chapters if one.part == section.part)
    title = _("%(year)s: %(part)s") % {"year": report.year, "part": section.part}
    body = "\n\n".join(_words(book, chapter))[:LONGEST]
    return Draft(
        title, body, section.part.item.category.key, report.heard_on, report.meeting, section.part.item.name_zh
    )


def draft_of_report(report: AnnualReport) -> Draft:
    """All parts in one, as filed."""
    book = Book(report)
    body = "\n\n".join("\n\n".join([f"{one.part.number} {one.part}", *_words(book, one)]) for one in book.chapters)[
        :LONGEST
    ]
    item = book.chapters[0].part.item
    return Draft(report.title, body, item.category.key, report.heard_on, report.meeting, item.name_zh)


def _out(source: str, pk: OuterRef) -> Exists:
    return Exists(Bulletin.objects.filter(OUT, source=source, source_id=pk))


def complete(reports: QuerySet) -> QuerySet:
    """Accepted, heard and published whole (domain 7: complete only when all parts are published)."""
    missing = AnnualSection.objects.filter(report=OuterRef("pk")).exclude(_out(PART, OuterRef("pk")))
    return reports.filter(_heard()).filter(_out(WHOLE, OuterRef("pk")) | ~Exists(missing))


@dataclass(frozen=True)
class Publication:
    """What may be made public: a part or the whole, and the way there that is open to this person."""

    label: str
    ways: list[Way]
    bulletin: Bulletin | None


def publications(report: AnnualReport, user: User) -> list[Publication]:
    """The whole report and each of its parts with the bulletin made of it, if there is one. Once the whole is out, its
    parts are not offered any more."""
    sections = list(report.sections.select_related("part").order_by("part__number"))
    made = Bulletin.objects.filter(union=report.union_id).exclude(state=BulletinState.WITHDRAWN)
    rows = made.filter(
        Q(source=WHOLE, source_id=report.pk) | Q(source=PART, source_id__in=[one.pk for one in sections])
    )
    found = {(one.source, one.source_id): one for one in rows.order_by("pk")}
    things = [(PART, one, one.part.title) for one in sections] + [(WHOLE, report, _("All parts in one bulletin"))]
    whole = found.get((WHOLE, report.pk))
    if whole and whole.is_out:
        things = [thing for thing in things if (thing[0], thing[1].pk) in found]
    return [
        Publication(label, ways_of(key, thing, user), found.get((key, thing.pk))) for key, thing, label in things
    ]  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    publishables.add(WHOLE, Publishable(gettext_lazy("Annual reports, whole"), SEE, reports_of, draft_of_report))
    publishables.add(PART, Publishable(gettext_lazy("Parts of annual reports"), SEE, parts_of, draft_of_part))
