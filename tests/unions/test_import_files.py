"""Whatever is uploaded ends as rows or as one sentence; the reader's process may die, the portal's does not."""

import io
import random
import zipfile

import openpyxl
import pytest

from tests.samples.rosters import TITLES, roster_file, row_of
from unions.kit import spreadsheets_in
from unions.kit.spreadsheets_in import Formula, Refused

KNOWN = set(TITLES.values())


def read(body: bytes, tmp_path, name="名册.xlsx", max_rows=5000):
    file = tmp_path / "upload"
    file.write_bytes(body)
    return spreadsheets_in.read(file, KNOWN, into=tmp_path, max_rows=max_rows, name=name)


def refusal(body: bytes, tmp_path, name="名册.xlsx", **options) -> str:
    with pytest.raises(Refused) as refused:
        read(body, tmp_path, name, **options)
    assert str(refused.value)
    return refused.value.code


def members(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def altered(change) -> bytes:
    files = members(roster_file([row_of()]))
    change(files)
    return packed(files)


@pytest.mark.parametrize("kind", ["xlsx", "utf-8", "utf-8-sig", "gb18030"])
def test_the_table_is_found_below_heading_and_seal_line_in_every_format(tmp_path, kind):
    name = "名册.xlsx" if kind == "xlsx" else "名册.csv"
    table = read(roster_file([row_of(), row_of()], kind=kind), tmp_path, name)
    assert table.header_row == 3
    assert table.headers[1] == "工会编码"
    assert [number for number, _cells in table.rows()][:2] == [4, 5]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows_also_beside_empty_rows_and_columns(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for column, title in enumerate(["工会编码", "工会名称", "上级工会", "工会类别"], 3):
        sheet.cell(5, column, title)
    sheet.cell(9, 3, "1101050260001")
    sheet.cell(9, 4, "某某工会委员会")
    body = io.BytesIO()
    book.save(body)
    table = read(body.getvalue(), tmp_path)
    assert (table.header_row, table.headers[2:]) == (5, ["工会编码", "工会名称", "上级工会", "工会类别"])
    assert list(table.rows()) == [(9, ["", "", "1101050260001", "某某工会委员会"])]


def test_a_formula_is_told_from_the_text_it_shows(tmp_path):
    table = read(roster_file([row_of(address='{=HYPERLINK("http://127.0.0.1/","点击")}')]), tmp_path)
    (_number, cells), *_rest = table.rows()
    assert isinstance(cells[table.headers.index("单位详细地址")], Formula)


def test_the_sheet_that_holds_the_table_is_taken_and_hidden_ones_are_not(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    secret = book.create_sheet("旧名册")
    secret.append(["工会编码", "工会名称", "上级工会", "工会类别", "职工人数"])
    secret.append(["1", "旧", "旧", "旧", 1])
    secret.sheet_state = "hidden"
    sheet = book.create_sheet("名册")
    sheet.append(["工会编码", "工会名称", "上级工会"])
    sheet.append(["1101050260001", "某某工会委员会", "望京街道总工会"])
    body = io.BytesIO()
    book.save(body)
    assert read(body.getvalue(), tmp_path).sheet_name == "名册"


def bomb(files):
    files["xl/worksheets/sheet1.xml"] = b"<worksheet>" + b" " * 200_000_000


def many_rows(files):
    row = b"".join(b"<c><v>1</v></c>" for _n in range(3))
    files["xl/worksheets/sheet1.xml"] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + b"".join(b'<row r="%d">%s</row>' % (n, row) for n in range(1, 1_000_001))
        + b"</sheetData></worksheet>"
    )


def sparse_corner(files):
    files["xl/worksheets/sheet1.xml"] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )


def entities(files):
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    sheet = files["xl/worksheets/sheet1.xml"]
    files["xl/worksheets/sheet1.xml"] = sheet.replace(b"<worksheet", declared + b"<worksheet", 1)


def macros(files):
    files["xl/vbaProject.bin"] = b"x"


def links(files):
    files["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"


def cut_sheet(files):
    files["xl/worksheets/sheet1.xml"] = files["xl/worksheets/sheet1.xml"][:300]


def no_sheet(files):
    del files["xl/worksheets/sheet1.xml"]


HOSTILE = {
    "bomb": (bomb, {"bomb"}),
    "a million rows": (many_rows, {"bomb", "too_long", "too_large"}),
    "a cell in the far corner": (sparse_corner, {"too_large"}),
    "entities": (entities, {"entities"}),
    "macros": (macros, {"macros"}),
    "links to other files": (links, {"links"}),
    "a sheet cut off": (cut_sheet, {"broken", "no_rows"}),
    "no sheet": (no_sheet, {"broken", "no_rows"}),
}


@pytest.mark.parametrize("change, codes", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_in_one_sentence(tmp_path, change, codes):
    assert refusal(altered(change), tmp_path) in codes


@pytest.mark.parametrize(
    "body, name, codes",
    [
        (b"", "名册.xlsx", {"empty"}),
        (b"PK\x03\x04 cut off", "名册.xlsx", {"broken"}),
        (roster_file([row_of()])[:-700], "名册.xlsx", {"broken"}),
        (packed({"a.txt": b"no workbook"}), "名册.xlsx", {"suffix"}),
        (b"%PDF-1.7 ...", "名册.xlsx", {"suffix"}),
        (b"<html><table><tr><td>1</td></tr></table></html>", "名册.xls", {"web_page"}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "名册.xlsx", {"encrypted"}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "名册.xls", {"broken"}),
        (b"a,b\n\x80\x81\xff\xff,2\n", "名册.csv", {"encoding"}),
        (b"a\0b,c\n1,2\n", "名册.csv", {"suffix"}),
        ("工会编码,工会名称\n".encode(), "名册.csv", {"no_rows"}),
        (roster_file([row_of()]), "名册.exe", {"suffix"}),
        (roster_file([row_of()]), "名册.xlsm", {"macros"}),
        (b"x," * 300 + b"\n" + b"1," * 300 + b"\n", "名册.csv", {"no_rows", "too_wide"}),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, body, name, codes):
    assert refusal(body, tmp_path, name) in codes


def test_too_many_rows_are_refused_and_not_cut_off(tmp_path):
    body = "工会编码,工会名称\n".encode() + b"1101050260001,x\n" * 400
    assert refusal(body, tmp_path, "名册.csv", max_rows=100) == "too_long"


def test_a_hundred_thousand_rows_of_gb18030_are_read(tmp_path):
    body = ("工会编码,工会名称,职工人数\n" + "1101050260001,北京某某有限公司工会委员会,12\n" * 120_000).encode(
        "gb18030"
    )
    table = read(body, tmp_path, "历年.csv", max_rows=200_000)
    assert (sum(1 for _row in table.rows()), table.encoding) == (120_000, "gb18030")


@pytest.mark.parametrize("seed", range(12))
def test_a_workbook_with_flipped_bytes_is_read_or_refused_and_nothing_else(tmp_path, seed):
    chance, body = random.Random(seed), bytearray(roster_file([row_of() for _n in range(20)]))
    for _n in range(chance.randint(1, 40)):
        body[chance.randrange(8, len(body))] = chance.randrange(256)
    try:
        assert len(list(read(bytes(body), tmp_path).rows())) <= 30
    except Refused as refused:
        assert str(refused)
