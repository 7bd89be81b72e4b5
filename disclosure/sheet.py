"""A return as people look at it: rows with last quarter, change, source, findings and remarks. One reading of it for
the page, the review panel, print and workbook; nothing here writes."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from disclosure.definition import Definition, definition_of
from disclosure.enums import FigureSource, FigureType, Severity
from disclosure.models import Indicator, Remark, Return
from disclosure.prefill import last_filing
from disclosure.rules import Assessment, Finding, as_number
from disclosure.services import assessment_of
from unions.kit.periods import Period
from unions.models import Event


@dataclass
class Row:
    """One figure of a return."""

    number: int
    indicator: Indicator
    value: object
    last: object
    source: str
    findings: list[Finding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    before: object = None  # what the round before said, where it differs
    is_corrected: bool = False
    is_unchecked: bool = False
    mistake: str = ""  # what was typed just now and could not be read, in a sentence
    typed: str | None = None

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def entry(self) -> str:
        """The figure as it stands in its field."""
        if self.typed is not None:
            return self.typed
        return "" if self.value is None else str(self.value)

    @property
    def change(self) -> Decimal | None:
        if (
            self.indicator.type == FigureType.TEXT
            or self.is_unchecked
            or self.value in (None, "")
            or self.last in (None, "")
        ):
            return None
        return as_number(self.value) - as_number(self.last)

    @property
    def is_changed(self) -> bool:
        return bool(self.change)

    @property
    def source_label(self) -> str:
        return str(_("To check")) if self.is_unchecked else str(FigureSource(self.source).label if self.source else "")

    @property
    def tone(self) -> str:
        """How the field is marked: bad for an error, warn for an open or answered question."""
        # A blank that nobody has come to yet is to be filled in, not a fault.
        if self.mistake or any(f.severity == Severity.ERROR and f.code != "required" for f in self.findings):
            return "bad"
        return "warn" if any(f.severity == Severity.EXPLAIN for f in self.findings) else ""

    errors = property(lambda self: [f for f in self.findings if f.severity == Severity.ERROR])
    questions = property(lambda self: [f for f in self.findings if f.severity == Severity.EXPLAIN])
    notes = property(lambda self: [f for f in self.findings if f.severity == Severity.INFO])

    @property
    def deserves_a_look(self) -> bool:
        return bool(self.is_changed or self.findings or self.remarks or self.is_corrected)


@dataclass(frozen=True)
class Part:
    """A section as it stands."""

    order: int
    name: str
    rows: list[Row]

    def __str__(self) -> str:
        return self.name

    @property
    def is_done(self) -> bool:
        """Nothing in it stands in the way of submission."""
        open_questions = (question for row in self.rows for question in row.questions if question.blocks)
        return not (any(row.errors or row.mistake or row.is_unchecked for row in self.rows) or any(open_questions))


@dataclass
class Sheet:
    filing: Return
    definition: Definition
    sections: list[tuple[Part, list[Row]]]
    assessment: Assessment
    last_period: str | None

    @cached_property
    def rows(self) -> list[Row]:
        return [row for _section, rows in self.sections for row in rows]

    @cached_property
    def by_code(self) -> dict[str, Row]:
        return {row.code: row for row in self.rows}

    @property
    def last_title(self) -> str:
        """The head of the column to compare with; the period by its name where quarters lie between."""
        if self.last_period in (None, Period.parse(self.filing.period).previous().code):
            return _("Last quarter")
        return Period.parse(self.last_period).label

    @property
    def mistakes(self) -> list[Row]:
        return [row for row in self.rows if row.mistake]

    @property
    def mistakes_count(self) -> int:
        return len(self.mistakes)

    @property
    def fine(self) -> int:
        return sum(not (row.errors or row.questions or row.mistake or row.is_unchecked) for row in self.rows)

    @property
    def same(self) -> int:
        return sum(row.change == 0 for row in self.rows)

    @property
    def has_last(self) -> bool:
        """Whether there is an earlier return to compare with."""
        return self.last_period is not None

    @property
    def first(self) -> list[Row]:
        """What a reviewer sees first: what changed, was asked, explained, remarked on or corrected; of a union's first
        return everything."""
        return [row for row in self.rows if row.deserves_a_look or not self.has_last]

    @property
    def rest(self) -> list[Row]:
        return [row for row in self.rows if self.has_last and not row.deserves_a_look]

    @property
    def general_remarks(self) -> list[Remark]:
        return [remark for remark in latest_remarks(self.filing) if not remark.code]


def latest_remarks(filing: Return) -> list[Remark]:
    """The remarks of the last time it came back."""
    if not hasattr(filing, "_remarks"):
        filing._remarks = list(filing.remarks.select_related("by").order_by("-round", "pk")) if filing.pk else []
    newest = filing._remarks[0].round if filing._remarks else 0
    return [remark for remark in filing._remarks if remark.round == newest]


def earlier_figures(filing: Return) -> dict:
    """The figures of the round before the one that is being filled in or reviewed."""
    number = filing.rounds if filing.is_editable else filing.rounds - 1
    if filing.pk is None or number < 1:
        return {}
    return filing.round_set.filter(number=number).values_list("figures", flat=True).first() or {}


def sheet_of(filing: Return, *, mistakes: dict[str, str] | None = None, typed: dict[str, str] | None = None) -> Sheet:
    """The return drawn up for looking at. `mistakes` and `typed`: what could not be kept a moment ago."""
    definition, mistakes, typed = definition_of(filing.version), mistakes or {}, typed or {}
    found, last = assessment_of(filing), last_filing(filing) or {}
    last_figures, before = last.get("figures", {}), earlier_figures(filing)
    remarks: dict[str, list[Remark]] = {}
    for remark in latest_remarks(filing):
        remarks.setdefault(remark.code, []).append(remark)
    unchecked = {indicator.code for indicator in found.unchecked}
    by_field = found.by_field
    sections = []
    for section, indicators in definition.sections:
        rows = []
        for indicator in indicators:
            code = indicator.code
            value, old = filing.figures.get(code), before.get(code)
            carried = indicator.source == FigureSource.CARRIED and filing.sources.get(code) == FigureSource.CARRIED
            moved = bool(before) and as_number_or_text(value) != as_number_or_text(old)
            rows.append(
                Row(
                    definition.numbers[code], indicator, value, last_figures.get(code, value if carried else None), filing.sources.get(code, ""),
                    by_field.get(code, []), remarks.get(code, []), old if moved else None, moved and code in before,
                    code in unchecked, mistakes.get(code, ""), typed.get(code) if code in mistakes else None,
                )
            )  # fmt: skip
        sections.append((Part(section.order, str(section), rows), rows))
    return Sheet(filing, definition, sections, found, last.get("period"))


def as_number_or_text(value: object) -> object:
    try:
        return as_number(value)
    except ArithmeticError:
        return value


@dataclass(frozen=True)
class Entry:
    """One line of what went back and forth."""

    event: Event
    remarks: list[tuple[int | None, str]]

    @property
    def verb(self) -> str:
        return self.event.action.partition(".")[2]


def correspondence(filing: Return) -> list[Entry]:
    """Who did what to this return and when, newest first, with the remarks of each time it came back."""
    if filing.pk is None:
        return []
    numbers = definition_of(filing.version).numbers
    remarks: dict[int, list[tuple[int | None, str]]] = {}
    latest_remarks(filing)
    for remark in filing._remarks:
        remarks.setdefault(remark.round, []).append((numbers.get(remark.code), remark.text))
    events = Event.objects.acts().filter(model=Return._meta.label, object_id=filing.pk).select_related("by")
    back = ("return.return", "return.reopen")
    return [Entry(e, remarks.pop(e.data.get("round"), []) if e.action in back else []) for e in events]
