"""Identity, telephone and bank card numbers are found where they hold, at their place, in text and files."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook

from disclosure.bulletins import FILE, findings_of
from disclosure.marks import segments
from disclosure.scanner import CARD, IDENTITY, PHONE, UNREAD, scan
from tests.factories.bulletins import drafted
from unions import uploads

IDENTITY_NUMBER, CARD_NUMBER, PHONE_NUMBER = "11010519491231002X", "6222021234567890128", "13800138000"


def luhn_completed(stem: str) -> str:
    from stdnum import luhn

    return stem + luhn.calc_check_digit(stem)


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in scan(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"身份证号{IDENTITY_NUMBER}。", "身份证 110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ",
        f"2026 {IDENTITY_NUMBER}", "110105-19491231-002X",
    ],
)  # fmt: skip
def test_an_identity_number_is_found_however_it_is_written(text):
    assert kinds(text) == [IDENTITY]


def test_an_identity_number_whose_check_digit_is_wrong_is_none():
    assert kinds("110105194912310021") == []
    assert kinds("110105194913310021") == [], "there is no thirteenth month"


@pytest.mark.parametrize("text", [PHONE_NUMBER, "138 0013 8000", "+86 138-0013-8000", "电话：１３８００１３８０００"])
def test_a_telephone_number_is_found_however_it_is_written(text):
    assert kinds(text) == [PHONE]


@pytest.mark.parametrize("text", ["12800138000", "138001380001", "2026-11-22", "拨缴 1,380,013.80 元", "010-65099999"])
def test_what_is_no_mobile_number_is_left_alone(text):
    assert kinds(text) == []


def test_a_bank_card_number_is_found_by_its_sum():
    card = luhn_completed("622202123456789012")
    spaced = " ".join(card[start : start + 4] for start in range(0, len(card), 4))
    assert kinds(f"卡号 {card}") == kinds(f"卡号 {spaced}") == [CARD]
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert kinds(f"卡号 {wrong}") == []


def test_a_credit_code_is_no_card_and_no_identity_number():
    assert kinds("统一社会信用代码 91110105MA01A2BC3D，文号 朝工发〔2015〕24号") == []


def test_a_finding_says_where_it_stands_and_shows_it_masked():
    text = f"联系人张三，电话{PHONE_NUMBER}。"
    finding = scan(text)[0]
    assert text[finding.start : finding.end] == PHONE_NUMBER
    assert finding.masked == "138*****000"
    assert [part.text for part in segments(text, [finding])] == ["联系人张三，电话", PHONE_NUMBER, "。"]


def brought(bulletin, name: str, body: bytes, by):
    given = SimpleUploadedFile(name, body)
    return uploads.receive(given, purpose=FILE, union=bulletin.union, by=by, object_id=bulletin.pk)


def workbook(hide: bool = False) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "帮扶名单"
    sheet.append(["姓名", "身份证号", "电话"])
    sheet.append(["张三", IDENTITY_NUMBER, int(PHONE_NUMBER)])
    if hide:
        book.create_sheet("底稿").sheet_state = "hidden"
    book.save(out)
    return out.getvalue()


def test_numbers_in_the_cells_of_a_workbook_are_named_by_cell(world):
    bulletin = drafted(world.factory, world.chair)
    brought(bulletin, "名单.xlsx", workbook(), world.chair)
    assert [(f.kind, f.place) for f in findings_of(bulletin)] == [
        (IDENTITY, "名单.xlsx · 帮扶名单!B2"), (PHONE, "名单.xlsx · 帮扶名单!C2"),
    ]  # fmt: skip


def test_a_hidden_sheet_has_to_be_looked_at_by_a_person(world):
    bulletin = drafted(world.factory, world.chair)
    brought(bulletin, "名单.xlsx", workbook(hide=True), world.chair)
    assert findings_of(bulletin)[0].kind == UNREAD


def test_a_number_cut_into_pieces_in_a_word_document_is_found(world):
    document, out = Document(), io.BytesIO()
    paragraph = document.add_paragraph("电话")
    for piece in ("138", "0013", "8000"):
        paragraph.add_run(piece).bold = piece == "0013"
    document.save(out)
    bulletin = drafted(world.factory, world.chair)
    brought(bulletin, "通知.docx", out.getvalue(), world.chair)
    assert [f.kind for f in findings_of(bulletin)] == [PHONE]


def test_what_a_machine_cannot_read_is_said(world):
    bulletin = drafted(world.factory, world.chair)
    brought(bulletin, "扫描件.pdf", b"%PDF-1.4\n%%EOF\n", world.chair)
    assert [(f.kind, f.masked) for f in findings_of(bulletin)] == [(UNREAD, "扫描件.pdf")]
