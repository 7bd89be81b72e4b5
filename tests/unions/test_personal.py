"""Personal data: listed, sealed, masked everywhere, opened for a reason, and every look is on record."""

import io
import re

import openpyxl
import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from tests.samples.rosters import nothing, preview, row_of
from unions import import_jobs
from unions.enums import PersonalLevel
from unions.kit.sealed import EncryptedCharField
from unions.models import Event, ImportRow, Setting, Union, User
from unions.outbox import send_due
from unions.personal import personal_fields
from unions.services import edit_union

LOOKS_PERSONAL = re.compile(
    r"phone|mobile|tel(ephone)?$|id_?(card|number)|identity|passport|bank|iban|card_no|e?mail|contact|birth|wechat|"
    r"^address$|ip_address|user_agent|^agent$|username|^password$|_name$"
)
# What looks so and tells nothing about a person.
OF_NO_PERSON = {
    "unions.Union.address": "the employer's",
    "disclosure.Remittance.address": "the employer's",
    "unions.Union.employer_name": "the employer's",
    "disclosure.PublicPage.contact": "the union's office, published by the union itself",
    "unions.ImportBatch.file_name": "a file's",
    "unions.Job.file_name": "a file's",
}
CANARY, ACCOUNT_CANARY = "13907771234", "13906665678"


def own_fields():
    for model in apps.get_models():
        if model._meta.app_label in ("unions", "cadres", "assemblies", "disclosure", "evaluation", "axes"):
            for field in model._meta.local_concrete_fields:
                yield f"{model._meta.label}.{field.name}", field


def test_every_field_that_looks_personal_is_on_the_register():
    """Add it to unions/personal.py with purpose, basis, level, retention and viewers, or say in OF_NO_PERSON why not."""
    asked = {label for label, field in own_fields() if LOOKS_PERSONAL.search(field.name)}
    asked |= {label for label, field in own_fields() if isinstance(field, EncryptedCharField)}
    assert sorted(label for label in asked if label not in personal_fields and label not in OF_NO_PERSON) == []


def test_the_register_lists_only_fields_that_exist_each_with_all_its_words():
    known = {label for label, _field in own_fields()}
    for one in personal_fields:
        assert f"{one.model}.{one.name}" in known
        assert all((one.purpose, one.basis, one.kept, one.seen_by))


def test_what_the_register_calls_sensitive_is_sealed_and_nothing_else_is():
    for one in personal_fields:
        assert isinstance(one.field, EncryptedCharField) == (one.level == PersonalLevel.SENSITIVE), one


@pytest.fixture
def canary(world):
    """Numbers that must show nowhere."""
    Union.objects.bulk_update(_with_number(Union.objects.all()), ["chair_phone"])
    for user in User.objects.all():
        user.phone, user.email = ACCOUNT_CANARY, "canary-person@example.org"
        user.save()
    return world


def _with_number(unions):
    for union in unions:
        union.chair_phone = CANARY
        yield union


def test_the_tables_hold_no_number(canary):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                           [f"%{CANARY}%", f"%{ACCOUNT_CANARY}%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table


def test_an_import_keeps_numbers_apart_masks_what_it_shows_and_still_brings_and_undoes_them(canary):
    world = canary
    known = row_of(
        code=world.factory.code, name=world.factory.name, parent=world.wangjing.name, chair_phone="13922223333"
    )
    odd = row_of(code="1101050269777", chair_phone="1392222", name="北京电话工会委员会", parent=world.wangjing.name)
    batch = preview(world.officer, known, odd)
    for row in ImportRow.objects.filter(batch=batch).values():
        assert "13922223333" not in str(row) and "1392222'" not in str(row)
    assert list(batch.rows.get(label=world.factory.name).changes["chair_phone"]) == ["139****1234", "139****3333"]
    batch = import_jobs.commit(batch, nothing)
    assert Union.objects.get(pk=world.factory.pk).chair_phone == "13922223333"
    assert "13922223333" not in str(list(Event.objects.values()))
    batch = import_jobs.take_back(batch, nothing)
    assert (batch.state, Union.objects.get(pk=world.factory.pk).chair_phone) == ("undone", CANARY)


def test_mail_and_cache_carry_no_number(canary, sign_in):
    client = sign_in(canary.street_staff)
    client.get(reverse("unions:union", args=[canary.factory.pk]))
    client.get(reverse("unions:union-list"))
    send_due()
    assert CANARY not in str([(m.subject, m.body) for m in mail.outbox])
    server = cache._cache.get_client()
    for key in server.scan_iter("*"):
        held = server.get(key) if server.type(key) == b"string" else b""
        assert CANARY.encode() not in key + (held or b"")


# --- looking ------------------------------------------------------------------------------------------------------


def set_parameter(key: str, number: int) -> None:
    Setting.objects.create(key=key, value=number, effective_from="2026-01-01", basis="区总工会规定")


def test_a_person_opens_only_so_many_numbers_a_day(canary, sign_in):
    set_parameter("reveals-per-day", 2)
    client, url = sign_in(canary.street_staff), reverse("unions:union-phone", args=[canary.factory.pk])
    for _n in range(2):
        assert CANARY in client.post(url, {"reason": "通知开会"}).content.decode()
    refused = client.post(url, {"reason": "通知开会"})
    assert refused.status_code == 422 and CANARY not in refused.content.decode()
    assert Event.objects.filter(action="person.reveal").count() == 2
    assert CANARY in sign_in(canary.officer).post(url, {"reason": "核对"}).content.decode(), "others have their own"


def test_the_roster_with_full_numbers_wants_a_reason_stays_in_scope_and_is_recorded(canary, sign_in):
    set_parameter("full-exports-per-day", 1)
    client, url = sign_in(canary.street_staff), reverse("unions:roster-full")
    assert CANARY not in client.get(url).content.decode()
    assert client.post(url, {"reason": " "}).status_code == 422
    response = client.post(f"{url}?q=瑞丰", {"reason": "灾情联络"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    text = str([[cell.value for cell in row] for row in sheet.iter_rows()])
    assert CANARY in text and canary.factory.name in text and canary.bank.name not in text
    event = Event.objects.get(action="person.export")
    assert (event.by, event.reason, event.data["unions"]) == (canary.street_staff, "灾情联络", [canary.factory.pk])
    assert client.post(url, {"reason": "再来一次"}).status_code == 422
    assert sign_in(canary.chair).get(url).status_code == 403


def test_a_breach_report_names_everybody_whose_number_a_person_opened(canary, sign_in):
    client = sign_in(canary.street_staff)
    client.post(reverse("unions:union-phone", args=[canary.factory.pk]), {"reason": "通知开会"})
    client.post(reverse("unions:roster-full"), {"reason": "灾情联络"})
    sign_in(canary.officer).post(reverse("unions:union-phone", args=[canary.bank.pk]), {"reason": "核对"})
    auditor = sign_in(canary.person("district_auditor", canary.district))
    page = auditor.get(reverse("unions:opening-list"), {"q": canary.street_staff.name})
    assert page.status_code == 200 and "灾情联络" in page.content.decode() and "核对" not in page.content.decode()
    body = auditor.get(reverse("unions:opening-list"), {"q": canary.street_staff.name, "export": "xlsx"}).content
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows()]
    times = {row[0]: row[3] for row in rows if isinstance(row[3], int)}
    assert times[canary.factory.name] == 2 and times[canary.hotel.name] == 1 and canary.bank.name not in times
    assert CANARY not in str(rows)
    assert sign_in(canary.chair).get(reverse("unions:opening-list")).status_code == 403


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("district_staff", "district", 200),
        ("district_auditor", "district", 200),
        ("middle_chair", "wangjing", 403),
        ("grassroots_chair", "factory", 403),
    ],
)
def test_the_register_is_read_by_whoever_holds_the_right(world, sign_in, role, place, status):
    response = sign_in(world.person(role, getattr(world, place))).get(reverse("unions:personal-register"))
    assert response.status_code == status
    if status == 200:
        body = response.content.decode()
        assert all(escape(str(word)) in body for one in personal_fields for word in (one.label, one.purpose, one.kept))


def test_a_number_cannot_be_brought_back_from_the_record_and_the_rest_of_an_edit_can(world, sign_in):
    edit_union(world.factory, {"chair_phone": CANARY}, by=world.officer)
    edit_union(
        Union.objects.get(pk=world.factory.pk),
        {"chair_phone": "13811112222", "address": "酒仙桥 4 号"},
        by=world.officer,
    )
    mixed, alone = Event.objects.filter(action="union.edit")[:2]
    client = sign_in(world.officer)
    assert client.post(reverse("unions:union-undo", args=[world.factory.pk, alone.pk])).status_code == 409
    client.post(reverse("unions:union-undo", args=[world.factory.pk, mixed.pk]))
    union = Union.objects.get(pk=world.factory.pk)
    assert union.chair_phone == "13811112222" and union.address != "酒仙桥 4 号"


# --- finding them ---------------------------------------------------------------------------------------------------


def test_exact_search_is_served_by_an_index(canary):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Union.objects.filter(chair_phone=CANARY).order_by().explain()
    assert "union_chair_phone" in plan
