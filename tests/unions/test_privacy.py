"""People see what is held about them and have it put right; what is past its time is shown, confirmed, erased, proved."""

import io
from datetime import timedelta

import openpyxl
import pytest
from axes.models import AccessLog
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories.unions import UserFactory
from tests.samples.rosters import commit, preview, row_of
from unions import mydata, retention
from unions.enums import UnionState
from unions.models import Correction, Delivery, Erasure, Event, ImportRow, Notice, Union, User
from unions.reveals import reveal
from unions.services import appoint, withdraw
from unions.tasks import propose_erasure
from unions.workflow import MoveError

PHONE, OTHER = "13907771234", "13800005678"


@pytest.fixture
def chair(world):
    """The chair of the factory, whose card bears the name."""
    chair = world.chair
    chair.phone = PHONE
    chair.save()
    world.factory.chair_name, world.factory.chair_phone = chair.name, PHONE
    world.factory.save()
    return User.objects.get(pk=chair.pk)


# --- my data -----------------------------------------------------------------------------------------------------------


def test_a_person_sees_what_is_held_why_and_who_looked(world, chair, sign_in):
    sign_in(world.street_staff).post(reverse("unions:union-phone", args=[world.factory.pk]), {"reason": "通知开会"})
    sign_in(world.street_staff).post(reverse("unions:roster-full"), {"reason": "灾情联络"})
    sign_in(world.street_staff).post(reverse("unions:union-phone", args=[world.hotel.pk]), {"reason": "别家的事"})
    body = sign_in(chair).get(reverse("unions:my-data")).content.decode()
    for text in (PHONE, chair.email, world.street_staff.name, "通知开会", "灾情联络"):
        assert text in body
    assert "别家的事" not in body


def test_the_copy_holds_the_same_as_the_page(world, chair, sign_in):
    sign_in(world.street_staff).post(reverse("unions:union-phone", args=[world.factory.pk]), {"reason": "通知开会"})
    book = openpyxl.load_workbook(io.BytesIO(sign_in(chair).get(reverse("unions:my-data-copy")).content))
    held, looks = (str([[cell.value for cell in row] for row in sheet.iter_rows()]) for sheet in book.worksheets)
    assert PHONE in held and chair.email in held and world.street_staff.name in looks


def test_nobody_else_is_on_my_page(world, chair, sign_in):
    assert PHONE not in sign_in(world.clerk).get(reverse("unions:my-data")).content.decode()


def test_a_correction_reaches_whoever_manages_the_account_and_is_written_as_asked(world, chair, sign_in):
    url, manager = reverse("unions:my-data"), world.street_chair
    sign_in(chair).post(url, {"field": "phone", "wish": OTHER})
    told = set(Notice.objects.filter(kind="correction.ask").values_list("recipient__username", flat=True))
    assert told == {manager.username}, "the street's chair opens and keeps the accounts below"
    assert OTHER not in str(list(Notice.objects.values())) + str(list(Event.objects.values()))
    client = sign_in(world.street_chair)
    page = client.get(reverse("unions:correction-list")).content.decode()
    assert chair.name in page and OTHER in page
    correction = Correction.objects.get()
    client.post(reverse("unions:correction-decide", args=[correction.pk]), {"decision": "accept"})
    assert User.objects.get(pk=chair.pk).phone == OTHER
    assert Event.objects.get(action="correction.done").data["changes"] == {"phone": ["139****1234", "138****5678"]}
    assert Notice.objects.filter(kind="correction.done", recipient=chair).exists()


def test_a_correction_is_declined_with_a_reason_only_and_answered_once(world, chair, sign_in):
    mydata.ask(chair, "name", "王小芳")
    client, url = sign_in(world.street_chair), reverse("unions:correction-decide", args=[Correction.objects.get().pk])
    assert client.post(url, {"decision": "decline"}).status_code == 422
    client.post(url, {"decision": "decline", "answer": "与身份证不符"})
    assert client.post(url, {"decision": "accept"}).status_code == 409
    assert Correction.objects.get().state == "declined" and User.objects.get(pk=chair.pk).name == chair.name
    assert "与身份证不符" in sign_in(chair).get(reverse("unions:my-data")).content.decode()


def test_a_correction_is_asked_once_and_must_be_one(world, chair):
    with pytest.raises(MoveError):
        mydata.ask(chair, "email", "not an address")
    mydata.ask(chair, "email", "new@example.org")
    with pytest.raises(MoveError):
        mydata.ask(chair, "email", "newer@example.org")


@pytest.mark.parametrize("person", ["stranger", "clerk", "reviewer"])
def test_others_neither_see_nor_decide_it(world, chair, sign_in, person):
    mydata.ask(chair, "name", "王小芳")
    client = sign_in(getattr(world, person))
    assert client.get(reverse("unions:correction-list")).status_code == 403
    assert client.post(reverse("unions:correction-decide", args=[Correction.objects.get().pk])).status_code == 403


# --- past their time ----------------------------------------------------------------------------------------------------


def long_ago(days: int = 400):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def past(world):
    """Something past its time of every kind, and beside it what is not."""
    for union, days in ((world.hotel, 400), (world.bank, 10)):
        union.chair_phone = PHONE
        union.save()
        Union.objects.filter(pk=union.pk).update(
            state=UnionState.DISSOLVED, closed_on=timezone.localdate() - timedelta(days=days)
        )
    for person in (world.clerk, world.chair):
        person.phone = PHONE
        person.save()
        User.objects.filter(pk=person.pk).update(created_at=long_ago())
    gone = withdraw(world.clerk.assignments.get(), by=world.officer, reason="离任")
    type(gone).objects.filter(pk=gone.pk).update(withdrawn_at=long_ago(), starts_on=long_ago().date())
    batch = commit(
        preview(
            world.officer,
            row_of(code=world.factory.code, name=world.factory.name, parent=world.wangjing.name, chair_phone=OTHER),
        )
    )
    type(batch).objects.filter(pk=batch.pk).update(created_at=long_ago())
    notice = Notice.objects.create(recipient=world.chair, kind="digest", key="k")
    Delivery.objects.create(
        notice=notice, address="a@example.org", state="sent", not_before=long_ago(), sent_at=long_ago()
    )
    log = AccessLog.objects.create(username="chair", ip_address="10.0.0.1")
    AccessLog.objects.filter(pk=log.pk).update(attempt_time=long_ago())
    world.batch = batch
    return world


def test_looking_erases_nothing_and_tells_whoever_may_confirm(past):
    propose_erasure()
    erasure = Erasure.objects.get()
    assert erasure.found["union_contact"] == [past.hotel.pk] and erasure.found["account_contact"] == [past.clerk.pk]
    assert set(erasure.found) == {"union_contact", "account_contact", "imports", "deliveries", "accesslog"}
    assert Union.objects.get(pk=past.hotel.pk).chair_phone == PHONE
    told = set(Notice.objects.filter(kind="erasure.proposed").values_list("recipient", flat=True))
    assert told == {past.officer.pk}
    propose_erasure()
    assert Erasure.objects.count() == 1, "the same look is not made twice"


def test_confirmed_the_values_and_their_indexes_are_gone_and_the_skeleton_stays(past, sign_in):
    propose_erasure()
    erasure = Erasure.objects.get()
    url, client = reverse("unions:erasure", args=[erasure.pk]), sign_in(past.officer)
    page, events = client.get(url).content.decode(), Event.objects.count()
    assert past.hotel.name in page and PHONE not in page
    assert client.post(url, {"reason": " "}).status_code == 422
    client.post(url, {"reason": "局务会纪要 12 号"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT chair_phone FROM unions_union WHERE id = %s", [past.hotel.pk])
        assert cursor.fetchone() == ("",)
    assert not Union.objects.filter(chair_phone=PHONE, pk=past.hotel.pk).exists()
    assert Union.objects.get(pk=past.bank.pk).chair_phone == PHONE, "ten days are not a year"
    clerk = User.objects.get(pk=past.clerk.pk)
    assert (clerk.phone, clerk.email, clerk.name) == ("", "", past.clerk.name)
    assert User.objects.get(pk=past.chair.pk).phone == PHONE
    assert not ImportRow.objects.exists() and not AccessLog.objects.exists()
    assert list(Delivery.objects.filter(state="sent").values_list("address", flat=True)) == [""]
    assert Event.objects.count() == events + 1
    proof = Erasure.objects.get()
    assert (proof.state, proof.erased_by, proof.erased["union_contact"], proof.erased["account_contact"]) == (
        "done",
        past.officer,
        1,
        1,
    )
    assert "局务会纪要 12 号" in client.get(url).content.decode()
    assert client.post(url, {"reason": "再来"}).status_code == 409


def test_what_is_no_longer_past_its_time_when_it_is_confirmed_stays(past):
    propose_erasure()
    Union.objects.filter(pk=past.hotel.pk).update(state=UnionState.ACTIVE, closed_on=None)
    retention.erase(Erasure.objects.get(), by=past.officer, reason="纪要")
    assert Union.objects.get(pk=past.hotel.pk).chair_phone == PHONE
    assert Erasure.objects.get().erased["union_contact"] == 0


def test_an_import_whose_rows_are_gone_cannot_be_undone_and_says_why(past, sign_in):
    propose_erasure()
    retention.erase(Erasure.objects.get(), by=past.officer, reason="纪要")
    response = sign_in(past.officer).post(reverse("unions:import-undo", args=[past.batch.pk]))
    assert response.status_code == 409


@pytest.mark.parametrize(
    ("person", "status"), [("officer", 200), ("leader", 403), ("street_chair", 403), ("chair", 403)]
)
def test_who_may_look_and_confirm(world, sign_in, person, status):
    client = sign_in(getattr(world, person))
    assert client.get(reverse("unions:erasure-list")).status_code == status
    assert client.post(reverse("unions:erasure-list"), follow=True).status_code == status


def test_lists_cost_the_same_with_one_row_and_with_many(world, chair, sign_in):
    field = Union._meta.get_field("chair_phone")
    people = [UserFactory() for _n in range(12)]
    for person in people:
        appoint(user=person, role="grassroots_staff", union=world.factory, by=world.officer)
    pages = [
        (world.street_chair, "unions:correction-list"),
        (world.officer, "unions:opening-list"),
        (chair, "unions:my-data"),
    ]

    def queries() -> list[int]:
        counts = []
        for person, name in pages:
            client = sign_in(person)
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as seen:
                assert client.get(reverse(name)).status_code == 200
            counts.append(len(seen))
        return counts

    def more(person):
        mydata.ask(User.objects.get(pk=person.pk), "name", "王小芳")
        reveal(world.factory, field, union=world.factory, by=world.street_staff, reason="通知")

    more(people[0])
    one = queries()
    for person in people[1:]:
        more(person)
    assert queries() == one
