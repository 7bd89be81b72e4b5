"""The annual report as an official document, for print and for the office (docs/adr/0051)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from disclosure.annual import Book
from disclosure.enums import AnnualState
from disclosure.models import AnnualReport
from unions.kit.documents import Paper
from unions.kit.text import numeral
from unions.templatetags.components import full_day


def yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def paper(report: AnnualReport) -> Paper:
    """Every part with its headings; the accounts as a table; what became of last year's promises."""
    book, name = Book(report), report.union.name
    made = Paper(f"{name}\n{report.title}" if len(name) > 20 else f"{name}{report.title}")
    if report.state in (AnnualState.DRAFT, AnnualState.RETURNED):
        made.lead = _("Draft, not filed")
    for chapter in book.chapters:
        made.heading(
            _("%(number)s. %(title)s") % {"number": numeral(chapter.part.number), "title": chapter.part.title}
        )
        if chapter.part.has_accounts:
            _accounts(made, book)
        for number, one in enumerate(chapter.paragraphs, 1):
            if not one.text and not (one.is_review and book.promises):
                continue
            made.text(_("(%(number)s) %(title)s") % {"number": numeral(number), "title": one.prompt.title})
            if one.is_review and book.promises:
                _promises(made, book)
            made.text(one.text)
        if chapter.files:
            made.text(_("Attached: %(names)s") % {"names": _(", ").join(file.name for file in chapter.files)})
    made.signatures([_("Chair (signature)"), _("Union (seal)")])
    if report.submitted_at:
        made.foot = f"{name}　{full_day(report.submitted_at.date())}"
    return made


def _accounts(made: Paper, book: Book) -> None:
    rows: list[list[object]] = [["", _("Carried over from last year"), yuan(book.report.before)]]
    for _side, label, lines, total in book.sides:
        rows += [[label, line.label, yuan(line.amount)] for line in lines if line.amount]
        rows.append([label, _("Sum"), yuan(total)])
    rows.append(["", _("Balance at the end of the year"), yuan(book.balance)])
    made.table([_("Side"), _("Head"), _("Amount (yuan)")], rows, [2, 5, 3])


def _promises(made: Paper, book: Book) -> None:
    rows = [[one.number, one.text, one.get_outcome_display(), one.account] for one in book.promises]
    made.table([_("No."), _("Promise"), _("What became of it"), _("In a sentence")], rows, [1, 5, 2, 5])
