import pytest
from django.urls import reverse

from disclosure.models import Return
from tests.factories.disclosure import accepted, duty_of, filled, history, submitted
from unions.models import Notice
from unions.workflow import perform


@pytest.fixture
def duty(world):
    accepted(world.factory, "2026Q2", history(world.factory))
    return duty_of(world.factory)


def url(name, pk):
    return reverse(f"disclosure:{name}", args=[pk])


def everything(filing, **changed):
    return {"revision": filing.revision, **filing.figures, **changed}


def test_the_page_shows_every_figure_with_its_source_and_stores_nothing(world, duty, sign_in):
    page = sign_in(world.chair).get(url("return-fill", duty.pk))
    assert page.status_code == 200
    for code in ("workers", "members_begin", "members", "visits"):
        assert f'name="{code}"'.encode() in page.content
    assert not Return.objects.filter(duty=duty).exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("chair", 200), ("clerk", 200), ("street_staff", 200), ("reviewer", 403), ("leader", 403), ("neighbour", 404), ("stranger", 404)],
)  # fmt: skip
def test_only_its_own_people_and_helpers_from_above_open_it(world, duty, sign_in, who, status):
    assert sign_in(getattr(world, who)).get(url("return-fill", duty.pk)).status_code == status
    saved = sign_in(getattr(world, who)).post(
        url("return-field", duty.pk), {"name": "visits", "value": "3", "revision": 1}
    )
    assert saved.status_code == status


def test_a_figure_is_kept_as_it_is_typed_and_the_answer_carries_what_follows(world, duty, sign_in):
    client = sign_in(world.chair)
    answer = client.post(
        url("return-field", duty.pk), {"name": "joined", "value": "8", "revision": 1}, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 200 and b"<html" not in answer.content and 'value="250"' in answer.content.decode()
    filing = Return.objects.get(duty=duty)
    assert (filing.figures["joined"], filing.figures["members"], filing.revision) == (8, 250, 2)


def test_a_mistake_is_answered_at_its_figure_in_a_sentence(world, duty, sign_in):
    answer = sign_in(world.chair).post(
        url("return-field", duty.pk), {"name": "visits", "value": "许多", "revision": 1}, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 422 and "许多" in answer.content.decode()


def test_a_stale_page_is_shown_both_versions(world, duty, sign_in):
    filled(duty, world.clerk, visits=9)
    answer = sign_in(world.chair).post(url("return-field", duty.pk), {"name": "visits", "value": "2", "revision": 1})
    assert answer.status_code == 409
    page = sign_in(world.chair).post(url("return-fill", duty.pk), {"visits": "2", "revision": 1})
    assert page.status_code == 409 and "9" in page.content.decode()
    assert Return.objects.get(duty=duty).figures["visits"] == 9


def test_without_scripts_everything_is_saved_confirmed_signed_and_submitted_once(world, duty, sign_in):
    client = sign_in(world.chair)
    client.post(url("return-fill", duty.pk), {"revision": 1, "visits": "5", "relief_money": "300"})
    filing = Return.objects.get(duty=duty)
    refused = client.post(url("return-submit", duty.pk), everything(filing))
    assert refused.status_code == 422, "figures nobody confirmed"
    filing.refresh_from_db()
    assert client.post(url("return-confirm", duty.pk), everything(filing)).status_code == 302
    filing.refresh_from_db()
    signing = client.post(url("return-submit", duty.pk), everything(filing))
    assert signing.status_code == 302 and signing.url == url("return-sign", duty.pk)
    page = client.get(signing.url)
    key, revision = page.context["key"], page.context["filing"].revision
    for _click in range(2):
        assert client.post(signing.url, {"key": key, "revision": revision}).status_code == 302
    filing.refresh_from_db()
    assert (filing.state, filing.rounds, filing.submitted_by) == ("submitted", 1, world.chair)


def test_a_clerk_asks_the_chair_to_sign(world, duty, sign_in):
    filing, chair = filled(duty, world.clerk), world.chair
    client = sign_in(world.clerk)
    assert client.post(url("return-ask", duty.pk), everything(filing)).status_code == 302
    assert Notice.objects.get(recipient=chair, kind="return.asked").url == url("return-fill", duty.pk)
    assert client.get(url("return-sign", duty.pk)).status_code == 403
    assert client.post(url("return-submit", duty.pk), everything(filing)).status_code == 403


def test_nobody_signs_for_another_union(world, duty, sign_in):
    filled(duty, world.chair)
    for person in (world.street_chair, world.neighbour):
        assert sign_in(person).post(url("return-sign", duty.pk)).status_code in (403, 404)


def test_a_submitted_return_opens_for_reading(world, duty, sign_in):
    filing = submitted(duty, world.chair)
    answer = sign_in(world.chair).get(url("return-fill", duty.pk))
    assert answer.status_code == 302 and answer.url == url("return-detail", filing.pk)


def test_a_returned_return_shows_reason_and_remarks_at_the_figures(world, duty, sign_in):
    from datetime import timedelta

    from django.utils import timezone

    filing = submitted(duty, world.chair)
    perform(
        filing,
        "return",
        by=world.reviewer,
        reason="请与名册核对",
        due=timezone.localdate() + timedelta(days=3),
        data={"remarks": {"women_members": "名册为109人"}},
    )
    page = sign_in(world.chair).get(url("return-fill", duty.pk)).content.decode()
    assert "请与名册核对" in page and "名册为109人" in page


def test_a_workbook_goes_out_and_comes_back_with_each_bad_cell_named(world, duty, sign_in):
    import io

    import openpyxl
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = sign_in(world.chair)
    book = openpyxl.load_workbook(io.BytesIO(client.get(url("return-workbook", duty.pk)).content))
    sheet = book.active
    column = {row[6].value: row[3] for row in sheet.iter_rows(min_row=4)}
    column["visits"].value, column["income"].value, column["activities"].value = 12, 1234.5, "三"
    column["members"].value = 999
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("季报.xlsx", out.getvalue())
    page = client.post(url("return-upload", duty.pk), {"file": file}, follow=True)
    filing = Return.objects.get(duty=duty)
    assert (filing.figures["visits"], filing.figures["income"], filing.figures["members"]) == (12, "1234.5", 242)
    assert filing.figures["activities"] == 0 and "三" in page.content.decode()
    assert filing.sources["visits"] == "uploaded"


def test_a_file_that_is_no_form_is_refused_with_a_sentence(world, duty, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = sign_in(world.chair).post(
        url("return-upload", duty.pk), {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04junk")}
    )
    assert answer.status_code == 409 and not Return.objects.filter(duty=duty).exists()
