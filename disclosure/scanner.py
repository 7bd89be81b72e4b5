"""Numbers that must not stand in what is published: identity, telephone, bank card, in a text or in the cells of a file.

PIPL article 25 (no publication without separate consent). A number counts where it holds: an identity number by its
date and check digit, a card by Luhn's sum; so amounts, codes and document numbers are left alone. What a machine cannot
read is said, too: somebody has to look at it.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from unions.kit import spreadsheets_in
from unions.kit.spreadsheets_in import Formula

IDENTITY, PHONE, CARD, UNREAD = "identity", "phone", "card", "unread"
LABELS = {
    IDENTITY: gettext_lazy("Identity number"),
    PHONE: gettext_lazy("Telephone number"),
    CARD: gettext_lazy("Bank card number"),
    UNREAD: gettext_lazy("Not read by the portal"),
}
# People write numbers in groups; full-width digits and letters are the same length as plain ones, so places stay.
_GAP = r"[ \-\u00a0·]?"
_PLAIN = str.maketrans("０１２３４５６７８９ＸｘⅩ－—–　", "0123456789XXX---" + " ")
_DIGITS = rf"(?:{_GAP}\d)"
# Looked for from every place on, so that a number right behind another one is not hidden by it.
PATTERNS = {
    IDENTITY: re.compile(rf"(?<!\d)(?=([1-9]{_DIGITS}{{16}}{_GAP}[\dXx])(?![\dA-Za-z]))"),
    PHONE: re.compile(rf"(?<![\d])(?=((?:\+?86{_GAP})?1{_GAP}[3-9]{_DIGITS}{{9}})(?!\d))"),
    CARD: re.compile(rf"(?<!\d)(?=([3-6]{_DIGITS}{{15,18}})(?![\dA-Za-z]))"),
}
MOST_ROWS, MOST_FOUND, MOST_BYTES = 20_000, 200, 20 << 20
_HIDDEN = re.compile(rb"state=[\"'](?:hidden|veryHidden)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b")
_TAG, _BREAK = re.compile(r"<[^>]+>"), re.compile(r"</w:(?:p|tc)>|<w:(?:br|tab)/>")


@dataclass(frozen=True)
class Finding:
    """A number, where it stands and what it is. `value` never leaves this process: pages show `masked`."""

    kind: str
    value: str
    start: int = 0
    end: int = 0
    place: str = ""  # of a file: its name and the cell

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def masked(self) -> str:
        """As much as tells which one it is."""
        if self.kind == UNREAD:
            return self.value
        shown = 3 if self.kind == PHONE else 4
        return f"{self.value[:shown]}{'*' * (len(self.value) - 2 * shown)}{self.value[-shown:]}"


def scan(text: str, place: str = "") -> list[Finding]:
    """What stands in a text, in order; where two readings overlap the longer one holds."""
    plain, found = text.translate(_PLAIN), []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(plain):
            bare = re.sub(_GAP.rstrip("?"), "", match[1]).upper()
            if _holds(kind, bare):
                found.append(Finding(kind, bare, match.start(1), match.end(1), place))
    kept: list[Finding] = []
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _holds(kind: str, bare: str) -> bool:
    if kind == PHONE:
        return True
    if kind == CARD:
        return 16 <= len(bare) <= 19 and luhn.is_valid(bare)
    try:
        ric.validate(bare)
    except ValidationError:
        return False
    return True


def scan_file(path: Path, kind: str, name: str) -> list[Finding]:
    """What stands in an uploaded file: each cell of a workbook, the text of a Word document; what cannot be read (a PDF,
    a picture, a hidden sheet) is one finding of its own."""
    if kind == "xlsx":
        return _scan_workbook(path, name)
    if kind == "docx":
        return _scan_document(path, name)
    return [Finding(UNREAD, name, place=name)]


def _scan_workbook(path: Path, name: str) -> list[Finding]:
    found = []
    with zipfile.ZipFile(path) as archive:
        book = archive.read("xl/workbook.xml")
    if _HIDDEN.search(book) or len(_SHEET.findall(book)) > spreadsheets_in.SHEETS:
        words = _("%(name)s: hidden sheets, or more than %(count)d sheets")
        found.append(Finding(UNREAD, words % {"name": name, "count": spreadsheets_in.SHEETS}, place=name))
    try:
        with spreadsheets_in.workspace() as folder:
            for sheet, number, cells in spreadsheets_in.every_row(path, into=Path(folder), max_rows=MOST_ROWS):
                for column, cell in enumerate(cells):
                    if len(found) >= MOST_FOUND:
                        return found
                    found += scan(_words(cell), f"{name} · {sheet}!{_letters(column)}{number}")
    except spreadsheets_in.Refused as problem:
        found.append(Finding(UNREAD, f"{name}：{problem}", place=name))
    return found


def _words(cell: object) -> str:
    if isinstance(cell, Formula):
        cell = cell.shown
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None or isinstance(cell, bool) else str(cell)


def _letters(column: int) -> str:
    """A, B, … Z, AA: as the spreadsheet names it."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _scan_document(path: Path, name: str) -> list[Finding]:
    """Of a Word document: body, heads, feet, notes and comments. A number may be cut into several runs."""
    found = []
    for part, text in _parts(path):
        if text is None:
            found.append(Finding(UNREAD, f"{name} · {part}", place=name))
            continue
        for paragraph in _BREAK.split(text):
            found += scan(_TAG.sub("", paragraph), name)
    return found[:MOST_FOUND]


def _parts(path: Path) -> Iterator[tuple[str, str | None]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml", member.filename):
                fits = member.file_size <= MOST_BYTES
                yield member.filename, archive.read(member).decode("utf-8", "replace") if fits else None
