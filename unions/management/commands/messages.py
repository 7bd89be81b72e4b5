"""The Chinese catalogue, kept without GNU gettext: extracted, filled, checked and compiled by one command.

English sentences stand in the code; locale/zh_Hans/LC_MESSAGES/django.po holds the Chinese. Only `--compile` runs in
production, so Babel, which reads the sources, is imported where it is needed.
"""

import fcntl
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

FOLDER = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"
CATALOGUE = FOLDER / "django.po"
COMPILED = FOLDER / "django.mo"
SOURCES = ("config", "evaluation", "disclosure", "assemblies", "cadres", "unions", "templates")
HEADER = {
    "Project-Id-Version": "niangjia",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = {
    "_": None,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
CONTEXT_MARK = "\u0004"
PLACEHOLDER = re.compile(r"%\((\w+)\)|%([sd])|\{(\w*)[^{}]*\}")


class Command(BaseCommand):
    help = "Brings the Chinese catalogue up to date with the sources; see the options for the rest."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--compile", action="store_true", help="write django.mo, which the server reads")
        choice.add_argument("--fill", metavar="FILE.json", help='put in translations: {"English": "中文"}')
        choice.add_argument("--missing", action="store_true", help="print what has no translation, as JSON to fill in")
        choice.add_argument("--check", action="store_true", help="exit 1 unless the catalogue is complete and clean")

    def handle(self, *args, **options):
        if options["compile"]:
            compile_catalogue()
        elif options["missing"]:
            missing = {key(entry): "" for entry in brought_up_to_date() if not translated(entry)}
            self.stdout.write(json.dumps(missing, ensure_ascii=False, indent=1))
        elif options["check"]:
            self.check_all()
        elif options["fill"]:
            self.fill(json.loads(Path(options["fill"]).read_text("utf-8")))
        else:
            with locked():
                catalogue = brought_up_to_date()
                write(catalogue)
            self.stdout.write(f"{len(catalogue)} messages, {sum(not translated(e) for e in catalogue)} untranslated")

    def fill(self, translations: dict[str, str]) -> None:
        with locked():
            catalogue = brought_up_to_date()
            entries = {key(entry): entry for entry in catalogue}
            for message, chinese in translations.items():
                if message in entries and chinese:
                    put(entries[message], chinese)
            write(catalogue)
        for message in sorted(translations.keys() - entries.keys()):
            self.stderr.write(f"not in the sources: {message!r}")
        self.stdout.write(f"{sum(not translated(entry) for entry in catalogue)} messages are still untranslated")

    def check_all(self) -> None:
        found = problems()
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"The Chinese catalogue has {len(found)} problems; `manage.py messages` updates it.")


def problems() -> list[str]:
    """What keeps the catalogue from being complete: missing, fuzzy, obsolete, or other placeholders than English."""
    stored = read()
    found = extracted()
    known = {key(entry): entry for entry in stored if not entry.obsolete}
    result = [f"missing: {message!r}" for message in found if message not in known or not translated(known[message])]
    result += [f"fuzzy: {key(entry)!r}" for entry in stored if entry.fuzzy]
    result += [f"obsolete: {entry.msgid!r}" for entry in stored if entry.obsolete or key(entry) not in found]
    result += [f"placeholders differ: {key(entry)!r}" for entry in known.values() if not same_placeholders(entry)]
    return result


def same_placeholders(entry: polib.POEntry) -> bool:
    if not translated(entry):
        return True
    chinese = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
    # As in the plural, or, where the count is not said, as in the singular.
    return placeholders(chinese) in (placeholders(entry.msgid_plural or entry.msgid), placeholders(entry.msgid))


def placeholders(text: str) -> list[tuple[str, ...]]:
    """Names and places to fill in; how a number is padded is each language's own affair."""
    return sorted(match.groups("") for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def key(entry: polib.POEntry) -> str:
    return entry.msgid if entry.msgctxt is None else f"{entry.msgctxt}{CONTEXT_MARK}{entry.msgid}"


def translated(entry: polib.POEntry) -> bool:
    return bool(entry.msgstr_plural.get(0) if entry.msgid_plural else entry.msgstr)


def put(entry: polib.POEntry, chinese: str) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: chinese}
    else:
        entry.msgstr = chinese


def read() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=0) if CATALOGUE.exists() else polib.POFile(wrapwidth=0)


def write(catalogue: polib.POFile) -> None:
    replace(CATALOGUE, str(catalogue).rstrip("\n").encode() + b"\n")


def replace(target: Path, content: bytes) -> None:
    """Write beside the file and rename: whoever reads meanwhile sees the old one or the new one, whole."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(target)


@contextmanager
def locked() -> Iterator[None]:
    """One writer at a time; the lock is on the folder, which stays while the file in it is replaced."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def compile_catalogue() -> None:
    """Write the file the server reads, unless it is newer than what it is made from."""
    with locked():
        if COMPILED.exists() and COMPILED.stat().st_mtime_ns > CATALOGUE.stat().st_mtime_ns:
            return
        replace(COMPILED, read().to_binary())
    # This process may have looked for it before it was there: the first demo district would be half in English.
    translation_file_changed(sender=None, file_path=COMPILED)


def brought_up_to_date() -> polib.POFile:
    """The sources' messages, sorted, with the translations the catalogue has; what the sources lost is dropped."""
    stored = {key(entry): entry for entry in read() if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = HEADER
    for message, entry in sorted(extracted().items()):
        old = stored.get(message)
        if old is not None and translated(old):
            put(entry, old.msgstr_plural[0] if old.msgid_plural else old.msgstr)
        catalogue.append(entry)
    return catalogue


def extracted() -> dict[str, polib.POEntry]:
    """Every message of the sources under its key, with the files that say it."""
    entries: dict[str, polib.POEntry] = {}
    for path in source_files():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for singular, plural, context in messages_of(path):
            entry = polib.POEntry(msgid=singular, msgctxt=context)
            entry = entries.setdefault(key(entry), entry)
            if plural:
                entry.msgid_plural, entry.msgstr_plural = plural, {0: ""}
            if (name, "") not in entry.occurrences:
                entry.occurrences.append((name, ""))
    return entries


def source_files() -> list[Path]:
    found = [path for folder in SOURCES for path in (Path(settings.BASE_DIR) / folder).rglob("*")]
    wanted = {".py", ".html", ".txt"}
    return sorted(path for path in found if path.suffix in wanted and "migrations" not in path.parts)


def messages_of(path: Path) -> Iterator[tuple[str, str, str | None]]:
    """Singular, plural (or nothing) and context (or None) of each message in a file."""
    from babel.messages.extract import extract

    text = path.read_text("utf-8")
    if path.suffix != ".py":
        # Templates become calls in a sea of X; their indentation would be an error to a reader of Python.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        singular, plural = message[:2] if isinstance(message, tuple) else (message, "")
        if singular:
            yield singular, plural, context
