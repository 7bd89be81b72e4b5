"""Sixty files that people send by mistake or on purpose, through the upload page and the limited child: none breaks the
portal, each is refused in words or read into a preview whose faults name row and column, and no union is written."""

import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.samples.rosters import TITLES, roster_file, row_of
from tests.unions.test_import_files import HOSTILE, altered, packed
from unions import jobs
from unions.kit import spreadsheets_in
from unions.models import ImportBatch, Union

pytestmark = pytest.mark.django_db
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def rows(**given) -> bytes:
    return roster_file([row_of(**given)])


def csv(text: str, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding)


def book(change) -> bytes:
    """A good roster, changed with openpyxl."""
    made = openpyxl.load_workbook(io.BytesIO(roster_file([row_of(), row_of()])))
    change(made)
    body = io.BytesIO()
    made.save(body)
    return body.getvalue()


def merged_titles(made):
    made.active.merge_cells("B3:D3")


def hidden_sheet(made):
    made.create_sheet("说明")
    made["名册"].sheet_state = "hidden"


def far_style(made):
    made.active["XFD1048576"].value = "x"


def errors(made):
    made.active["D4"].value, made.active["L4"].value = "#REF!", "#DIV/0!"


def hidden_rows(made):
    made.active.row_dimensions[4].hidden = True


def no_titles(made):
    made.active.delete_rows(1, 3)


def two_titles(made):
    made.active["C3"].value = made.active["B3"].value


def nested() -> bytes:
    inner = packed({f"{n}.txt": b"0" * 1_000_000 for n in range(20)})
    return altered(lambda files: files.update({f"xl/media/{n}.zip": inner for n in range(3)}))


def climbing() -> bytes:
    return altered(lambda files: files.update({"../../../tmp/niangjia-climbed": b"x"}))


def doubled() -> bytes:
    body = io.BytesIO(rows())
    with zipfile.ZipFile(body, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return body.getvalue()


GOOD = csv("工会编码,工会名称,上级工会,工会类别\n1101050269001,北京某某有限公司工会委员会,望京街道总工会,基层工会\n")
LONG = "长" * 32_767
FILES: dict[str, tuple[str, object]] = {
    **{name: ("名册.xlsx", lambda change=change: altered(change)) for name, (change, _codes) in HOSTILE.items()},
    "nothing": ("名册.xlsx", b""), "one byte": ("名册.xlsx", b"P"), "a cut archive": ("名册.xlsx", lambda: rows()[:-700]),
    "half an archive": ("名册.xlsx", lambda: rows()[: len(rows()) // 2]), "an archive of zips": ("名册.xlsx", nested),
    "a member that climbs": ("名册.xlsx", climbing), "a member twice": ("名册.xlsx", doubled),
    "text in an archive": ("名册.xlsx", lambda: packed({"a.txt": b"x"})), "a PDF": ("名册.xlsx", b"%PDF-1.7 x"),
    "a picture": ("名册.xls", b"\x89PNG\r\n\x1a\n" + b"\0" * 99), "a program": ("名册.xlsx", b"MZ" + b"\0" * 500),
    "a program's ending": ("名册.exe", rows), "a macro book's ending": ("名册.xlsm", rows), "no ending": ("名册", rows),
    "a web page": ("名册.xls", b"<html><table><tr><td>1</td></tr></table></html>"), "XML of 2003": ("名册.xls", b"<?xml version='1.0'?><Workbook/>"),
    "an encrypted book": ("名册.xlsx", COMPOUND + "EncryptedPackage".encode("utf-16-le")),
    "a broken book of 97": ("名册.xls", COMPOUND + "Workbook".encode("utf-16-le")),
    "bytes of no alphabet": ("名册.csv", b"a,b\n\x80\x81\xff\xff,2\n"), "a NUL in text": ("名册.csv", b"a\0b,c\n1,2\n"),
    "UTF-16": ("名册.csv", GOOD.decode().encode("utf-16")), "an open quote": ("名册.csv", GOOD + '"没有结束,'.encode()),
    "titles alone": ("名册.csv", csv("工会编码,工会名称\n")), "three hundred columns": ("名册.csv", b"x," * 300 + b"\n" + b"1," * 300 + b"\n"),
    "one endless line": ("名册.csv", b"x" * 3_000_000), "other titles": ("名册.csv", csv("甲,乙,丙\n1,2,3\n4,5,6\n")),
    "semicolons": ("名册.csv", GOOD.replace(b",", b";")), "tabs": ("名册.txt", GOOD.replace(b",", b"\t")),
    "merged titles": ("名册.xlsx", lambda: book(merged_titles)), "a hidden sheet": ("名册.xlsx", lambda: book(hidden_sheet)),
    "a stray cell": ("名册.xlsx", lambda: book(far_style)), "errors in cells": ("名册.xlsx", lambda: book(errors)),
    "hidden rows": ("名册.xlsx", lambda: book(hidden_rows)), "no titles": ("名册.xlsx", lambda: book(no_titles)),
    "a title twice": ("名册.xlsx", lambda: book(two_titles)),
    "a day as text": ("名册.xlsx", lambda: rows(founded_on="二〇一五年五月三日")), "a day that is none": ("名册.xlsx", lambda: rows(founded_on="2026-02-30")),
    "full-width digits": ("名册.xlsx", lambda: rows(workers="１２０")), "a number in words": ("名册.xlsx", lambda: rows(workers="一百二十")),
    "a number below zero": ("名册.xlsx", lambda: rows(workers=-5)), "a huge number": ("名册.xlsx", lambda: rows(workers=10**15)),
    "half a worker": ("名册.xlsx", lambda: rows(workers=12.5)), "a NUL in a cell": ("名册.csv", lambda: roster_file([row_of(name="甲\x01乙")], kind="utf-8")),
    "marks of direction": ("名册.xlsx", lambda: rows(name="\u202e会员委会工\u202c某")), "a zero-width name": ("名册.xlsx", lambda: rows(name="\u200b\u200b")),
    "a formula": ("名册.xlsx", lambda: rows(name='{=HYPERLINK("http://127.0.0.1/","x")}')), "a formula as text": ("名册.csv", lambda: roster_file([row_of(name="=1+1")], kind="utf-8")),
    "a cell of 32,767 signs": ("名册.xlsx", lambda: rows(address=LONG)), "markup": ("名册.xlsx", lambda: rows(name="<script>alert(1)</script>")),
    "the same code twice": ("名册.xlsx", lambda: roster_file([row_of(code="1101050269002"), row_of(code="1101050269002")])),
    "a wrong check digit": ("名册.xlsx", lambda: rows(credit_code="911101050000000000")), "a superior out of scope": ("名册.xlsx", lambda: rows(parent="建外街道总工会")),
    "a superior that is none": ("名册.xlsx", lambda: rows(parent="没有这个工会")), "more women than workers": ("名册.xlsx", lambda: rows(women_workers=500)),
    "more members than workers": ("名册.xlsx", lambda: rows(members=999)), "no name": ("名册.xlsx", lambda: rows(name=None)),
}  # fmt: skip


def test_there_are_about_sixty_of_them():
    assert len(FILES) >= 60


@pytest.mark.parametrize("label", FILES)
def test_a_file_is_refused_or_previewed_in_words(world, sign_in, label):
    name, body = FILES[label]
    body = body() if callable(body) else body
    client, before = sign_in(world.street_staff), Union.objects.count()
    url = reverse("unions:import-new", args=["roster"])
    answer = client.post(url, {"file": SimpleUploadedFile(name, body)})
    if answer.status_code == 422:
        said = answer.context["form"].errors["file"]
        assert said and not ImportBatch.objects.exists(), "what was refused is not kept"
        return
    assert answer.status_code == 302
    batch = ImportBatch.objects.get()
    jobs.run(batch.job_id)
    batch.refresh_from_db()
    page = client.get(reverse("unions:import", args=[batch.pk]))
    assert page.status_code == 200 and b"Traceback" not in page.content
    assert Union.objects.count() == before, "a preview writes nothing"
    if batch.state == "refused":
        assert batch.problem in spreadsheets_in.REASONS
    elif batch.state == "preview":
        assert batch.counts["rows"] >= 1
        for row in batch.rows.exclude(state__in=("new", "same", "changed")):
            assert row.number >= 2 and row.problems, "a row with an error says where and what"
    else:
        assert batch.state == "uploaded", "a person is asked which column is which"


def test_the_child_has_half_a_gigabyte_and_twenty_seconds():
    assert (spreadsheets_in.CHILD_MEGABYTES, spreadsheets_in.CHILD_SECONDS) == (512, 20)
    assert "code" in TITLES
