"""What an uploaded file is: by its ending and by its content, which must agree; images are drawn anew.

A file that two programs read differently is refused: the ending decides what opens it on somebody's desk.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps

from unions.kit import spreadsheets_in
from unions.kit.names import clean

MEGABYTE = 1 << 20
PIXELS = 25_000_000  # a hundred megabytes unpacked
# Endings that some program runs; none may stand anywhere in a name.
RUNNING = re.compile(
    r"\.(exe|com|scr|pif|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|jar|lnk|url|reg|dll|cpl|apk|sh|py|php\d?|phtml|aspx?|jsp|"
    r"html?|xhtml|svg|xml|swf|chm|iso|img)(?=\.|\s|$)",
    re.IGNORECASE,
)
# What makes a PDF act by itself or carry another file.
ACTING = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|OpenAction|AA|XFA|SubmitForm|ImportData)\b")
REASONS = {
    "empty": gettext_lazy("The file is empty."),
    "name": gettext_lazy("The name of the file has an ending of a program. Rename it and upload it again."),
    "kind": gettext_lazy("Files of this kind are not taken in."),
    "content": gettext_lazy(
        "The content of the file is not what its ending says. Open it, save it anew and upload that."
    ),
    "size": gettext_lazy("The file is too large."),
    "acting": gettext_lazy("The PDF holds scripts, forms that send, or other files. Print it to a plain PDF and upload that."),
    "image": gettext_lazy("The image is damaged or far too large. Save it as JPEG or PNG of up to 25 million points."),
}  # fmt: skip


class Refused(Exception):
    """A file that is not taken in; its text is one sentence that says what to do."""

    def __init__(self, code: str, text: str = ""):
        self.code = code
        super().__init__(text or str(REASONS[code]))


@dataclass(frozen=True)
class Kind:
    """A kind of file: its endings, what a browser is told, and how its content is looked at. `check` may give back the
    bytes to keep instead."""

    key: str
    suffixes: tuple[str, ...]
    mime: str
    magic: tuple[str, ...]  # what puremagic calls it; zip files are known by their first bytes
    check: Callable[[Path], bytes | None]


def _office(main: str) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        try:
            spreadsheets_in.check_archive(path, main)
        except spreadsheets_in.Refused as refused:
            raise Refused(refused.code, str(refused)) from refused

    return check


def _pdf(path: Path) -> None:
    body = path.read_bytes()
    plain = re.sub(rb"#([0-9a-fA-F]{2})", lambda hexed: bytes([int(hexed[1], 16)]), body)
    if not body.startswith(b"%PDF-") or b"%%EOF" not in body[-1024:] or zipfile.is_zipfile(io.BytesIO(body)):
        raise Refused("content")
    if ACTING.search(plain):
        raise Refused("acting")


def _image(path: Path) -> bytes:
    """The picture alone: no place where it was taken, no second file behind it."""
    try:
        with warnings.catch_warnings(), Image.open(path, formats=["JPEG", "PNG"]) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if image.width * image.height > PIXELS:
                raise Refused("image")
            kind = image.format
            drawn = ImageOps.exif_transpose(image)
            drawn = drawn.convert("RGB" if kind == "JPEG" else "RGBA")
    except Refused:
        raise
    except Exception as problem:  # whatever a decoder says of a picture that is none
        raise Refused("image") from problem
    body = io.BytesIO()
    drawn.save(body, kind, **({"quality": 88} if kind == "JPEG" else {"optimize": True}))
    return body.getvalue()


KINDS = {
    kind.key: kind
    for kind in (
        Kind("pdf", (".pdf",), "application/pdf", (".pdf",), _pdf),
        Kind("docx", (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (),
             _office("word/document.xml")),
        Kind("xlsx", (".xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (),
             _office("xl/workbook.xml")),
        Kind("jpeg", (".jpg", ".jpeg"), "image/jpeg", (".jpg", ".jpeg", ".jfif"), _image),
        Kind("png", (".png",), "image/png", (".png",), _image),
    )
}  # fmt: skip
ZIP = b"PK\x03\x04"


def display_name(name: str) -> str:
    """The name as people see it: no path, nothing invisible, not too long, its ending kept."""
    bare = clean(name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, suffix = bare.rpartition(".")
    return f"{(stem or suffix)[:120]}{dot if stem else ''}{suffix[:10] if stem else ''}"


def kind_of_name(name: str, kinds: tuple[str, ...]) -> Kind:
    """The kind that an ending promises, among those allowed."""
    if RUNNING.search(name):
        raise Refused("name")
    suffix = Path(name).suffix.lower()
    found = next((KINDS[key] for key in kinds if suffix in KINDS[key].suffixes), None)
    if found is None:
        raise Refused("kind")
    return found


def look(path: Path, kind: Kind) -> bytes | None:
    """Whether the content is of this kind; the bytes to keep instead of it, where it is drawn anew."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise Refused("empty")
    if _magic(start) not in kind.magic if kind.magic else not start.startswith(ZIP):
        raise Refused("content")
    return kind.check(path)


def _magic(start: bytes) -> str:
    try:
        return puremagic.from_string(start)
    except (puremagic.PureError, ValueError):
        return ""
