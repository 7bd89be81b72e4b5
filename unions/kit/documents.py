"""Documents out of the portal's records: one description, written as Word for the office and as PDF for print.

A `Paper` is a title, facts, texts, tables and places for signatures. What people typed goes in as data and is never
read as markup (docs/adr/0051).
"""

import io
import json
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
LAYOUT = Path(__file__).with_name("paper.typ")
WORD_FONT, PRINT_FONT = "仿宋", "Noto Sans CJK SC"


@dataclass(frozen=True)
class Block:
    """One part of a paper: `kind` says which of the others it uses."""

    kind: str  # heading, text, facts, table, signatures
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)  # of a table's columns, in parts of the line


@dataclass
class Paper:
    title: str
    lead: str = ""
    blocks: list[Block] = field(default_factory=list)
    foot: str = ""

    def heading(self, text: str) -> None:
        self.blocks.append(Block("heading", text))

    def text(self, text: str) -> None:
        if text.strip():
            self.blocks.append(Block("text", text.strip()))

    def facts(self, rows: list[tuple[str, str]]) -> None:
        self.blocks.append(Block("facts", rows=[[str(label), str(value)] for label, value in rows]))

    def table(self, head: list[str], rows: list[list[object]], widths: list[float]) -> None:
        cells = [[str(cell) for cell in row] for row in rows]
        self.blocks.append(Block("table", rows=cells, head=[str(cell) for cell in head], widths=widths))

    def signatures(self, places: list[str]) -> None:
        self.blocks.append(Block("signatures", rows=[[str(place)] for place in places]))


def _font_folder() -> str:
    return str(Path(find_spec("noto_cjk_sans_otc").origin).parent)


def as_pdf(paper: Paper) -> bytes:
    data = json.dumps({**asdict(paper), "font": PRINT_FONT}, ensure_ascii=False)
    return typst.compile(
        LAYOUT.read_bytes(), font_paths=[_font_folder()], ignore_system_fonts=True, sys_inputs={"paper": data}
    )


# --- Word ----------------------------------------------------------------------------------------------------------


def as_docx(paper: Paper) -> bytes:
    book = Document()
    section = book.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    style = book.styles["Normal"]
    style.font.name, style.font.size = WORD_FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), WORD_FONT)
    _line(book, paper.title, size=18, is_bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    if paper.lead:
        _line(book, paper.lead, align=WD_ALIGN_PARAGRAPH.CENTER)
    for block in paper.blocks:
        _WRITERS[block.kind](book, block)
    if paper.foot:
        _line(book, paper.foot, align=WD_ALIGN_PARAGRAPH.RIGHT)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _line(book, text: str, *, size: int = 12, is_bold: bool = False, align=None):
    paragraph = book.add_paragraph()
    run = paragraph.add_run(_printable(text))
    run.bold, run.font.size = is_bold, Pt(size)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(ch for ch in text if ch in "\n\t" or ch.isprintable())


def _heading(book, block: Block) -> None:
    _line(book, block.text, size=14, is_bold=True)


def _text(book, block: Block) -> None:
    for line in block.text.splitlines():
        _line(book, line)


def _facts(book, block: Block) -> None:
    for label, value in block.rows:
        _line(book, f"{label}：{value}")


def _table(book, block: Block) -> None:
    table = book.add_table(rows=1, cols=len(block.head), style="Table Grid")
    whole = sum(block.widths)
    for row in [block.head, *block.rows]:
        cells = table.rows[0].cells if row is block.head else table.add_row().cells
        for cell, value, width in zip(cells, row, block.widths, strict=True):
            cell.width, cell.text = Cm(15.8 * width / whole), _printable(value)
    book.add_paragraph()


def _signatures(book, block: Block) -> None:
    for (place,) in block.rows:
        _line(book, f"{place}：＿＿＿＿＿＿＿＿＿＿　　　　年　　月　　日")


_WRITERS = {"heading": _heading, "text": _text, "facts": _facts, "table": _table, "signatures": _signatures}
