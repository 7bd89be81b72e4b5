"""What is not law is set by the district, with its basis and from a day on; the portal works by it at once."""

import datetime
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosure.models import FormRule
from tests.factories.duties import make_duty, make_rule
from unions import settingbook
from unions.calendar import WorkCalendar
from unions.clock import is_time_to_remind
from unions.models import DutyRule, Event, Setting
from unions.notices import after_quiet_hours
from unions.permissions import Permission
from unions.rulebook import edit_setting
from unions.settingbook import definitions, held, setting


def edit_page(key="due-soon"):
    return reverse("unions:setting-edit", args=[key])


def given(value, key="due-soon", *, day=None, basis="区总工会2026年第3次主席办公会", **more):
    day = day or timezone.localdate()
    return {"value": value, "basis": basis, "effective_from": day.isoformat(), "revision": settingbook.revision(key), **more}  # fmt: skip


def put(world, key, value, day=None):
    edit_setting(key, value, basis="测试", effective_from=day or timezone.localdate(), by=world.officer, seen=settingbook.revision(key))  # fmt: skip


def test_the_district_reads_and_changes_settings_and_nobody_else(world, sign_in):
    addresses = [reverse("unions:setting-list"), edit_page(), reverse("unions:setting-reset", args=["due-soon"])]
    for user, expected in ((world.officer, 200), (world.leader, 403), (world.street_chair, 403), (world.stranger, 403)):  # fmt: skip
        client = sign_in(user)
        assert [client.get(address).status_code for address in addresses] == [expected] * 3
    assert sign_in(world.officer).get(edit_page("no-such-thing")).status_code == 404


def test_every_setting_is_listed_with_its_basis_in_both_languages(world, sign_in):
    client = sign_in(world.officer)
    page = client.get(reverse("unions:setting-list"))
    rows = [row for group in page.context["groups"] for row in group["rows"]]
    assert [row["definition"].key for row in rows] == [
        found.key for found in definitions if found.permission is Permission.RULE_EDIT
    ]
    assert all(row["basis"] for row in rows)
    client.cookies["language"] = "en"
    assert "Due soon means within" in client.get(reverse("unions:setting-list")).content.decode()


def test_a_change_holds_at_once_with_its_basis_and_its_history(world, sign_in):
    make_duty(make_rule(), world.factory, due=WorkCalendar().shift(timezone.localdate(), 8))
    client, soon = sign_in(world.officer), reverse("unions:duty-list") + "?figure=soon"
    assert client.get(soon).context["table"].paginator.count == 0
    assert client.post(edit_page(), given(9)).status_code == 302
    assert client.get(soon).context["table"].paginator.count == 1
    assert "9 个工作日内到期" in client.get(soon).content.decode()
    page = client.get(edit_page())
    assert (page.context["words"], page.context["basis"]) == ("9 个工作日", "区总工会2026年第3次主席办公会")
    event = Event.objects.get(action="setting.edit")
    assert (event.by, event.union, event.data["changes"]["value"]) == (world.officer, world.district, [5, 9])
    assert "5 → 9" in page.content.decode()
    assert client.post(edit_page(), given(9)).status_code == 302
    assert Event.objects.filter(action="setting.edit").count() == 1, "nothing changed, nothing recorded"


@pytest.mark.parametrize(
    ("key", "values", "field"),
    [
        ("due-soon", {"value": 0}, "value"),
        ("due-soon", {"value": "x"}, "value"),
        ("reminders-from", {"value": "13:00"}, "value"),
        ("signature-law", {"value": ""}, "value"),
        ("due-soon", {"value": 6, "basis": " "}, "basis"),
        ("due-soon", {"value": 6, "day": datetime.date(2020, 1, 1)}, "effective_from"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(world, sign_in, key, values, field):
    response = sign_in(world.officer).post(edit_page(key), given(key=key, **values))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Setting.objects.exists()


def test_two_editors_do_not_overwrite_each_other(world, sign_in):
    client, stale = sign_in(world.officer), given(7)
    assert client.post(edit_page(), given(8)).status_code == 302
    assert client.post(edit_page(), stale).status_code == 409
    assert setting("due-soon") == 8


def test_a_later_value_waits_for_its_day_and_earlier_days_keep_theirs(world, sign_in):
    today = timezone.localdate()
    later = today + datetime.timedelta(days=30)
    put(world, "due-soon", 7, later)
    assert (setting("due-soon"), setting("due-soon", later)) == (5, 7)
    page = sign_in(world.officer).get(reverse("unions:setting-list")).content.decode()
    assert "7 个工作日" in page


def test_the_default_is_put_back_after_a_question(world, sign_in):
    put(world, "due-soon", 9)
    put(world, "due-soon", 12, timezone.localdate() + datetime.timedelta(days=9))
    client, address = sign_in(world.officer), reverse("unions:setting-reset", args=["due-soon"])
    assert client.get(address).status_code == 200
    assert setting("due-soon") == 9
    assert client.post(address, {"revision": settingbook.revision("due-soon")}).status_code == 302
    assert setting("due-soon", timezone.localdate() + datetime.timedelta(days=99)) == 5
    assert not settingbook.is_changed("due-soon")
    assert client.post(address, {"revision": settingbook.revision("due-soon")}).status_code == 302
    assert Event.objects.filter(action="setting.reset").count() == 1


def test_the_hours_of_reminders_are_the_districts(world):
    day = datetime.date(2026, 10, 12)
    at = lambda hour, minute=0: timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))  # noqa: E731
    assert is_time_to_remind(at(8, 30), WorkCalendar()) and not is_time_to_remind(at(8, 29), WorkCalendar())
    Setting.objects.create(key="reminders-from", value="09:15", basis="区", effective_from="2026-01-01")
    Setting.objects.create(key="reminders-until", value="17:00", basis="区", effective_from="2026-01-01")
    assert not is_time_to_remind(at(9, 0), WorkCalendar())
    assert is_time_to_remind(at(9, 15), WorkCalendar())
    assert after_quiet_hours(at(17)) == at(9, 15) + datetime.timedelta(days=1)


def test_settings_are_read_once_for_what_is_done_together(world, sign_in, django_assert_num_queries):
    with held(), django_assert_num_queries(1):
        assert [setting("due-soon") for _n in range(50)] == [5] * 50
    with held():
        assert setting("due-soon") == 5
        put(world, "due-soon", 6)
        assert setting("due-soon") == 6, "not even within the same request an old value"
    client = sign_in(world.officer)
    for value in (7, 8, 9):
        Setting.objects.filter(key="due-soon").update(value=value)  # as another process would have written it
        assert client.get(edit_page()).context["words"] == f"{value} 个工作日"


def test_no_first_text_names_an_article_of_the_amended_statistics_law(db):
    texts = [
        *DutyRule.objects.values_list("basis", flat=True),
        *FormRule.objects.values_list("basis", flat=True),
        *(str(definition.default) + definition.basis for definition in definitions),
    ]
    assert any("统计法" in text for text in texts)
    assert [text for text in texts if "统计法》第" in text] == []


def test_the_law_beside_the_signature_is_the_districts(world, sign_in):
    put(world, "signature-law", "《中华人民共和国统计法》第八条")
    from tests.factories.disclosure import duty_of

    page = sign_in(world.chair).get(reverse("disclosure:return-fill", args=[duty_of(world.factory).pk]))
    assert "《中华人民共和国统计法》第八条" in page.content.decode()


@pytest.mark.parametrize(
    ("written", "status"), [("3/4", 302), ("２/3", 422), ("1/3", 422), ("0/3", 422), ("2/0", 422)]
)
def test_a_part_of_a_whole_is_written_as_a_fraction_and_stays_exact(world, sign_in, written, status):
    key = "assembly-quorum"
    assert sign_in(world.officer).post(edit_page(key), given(written, key)).status_code == status
    assert setting(key) == (Fraction(3, 4) if status == 302 else Fraction(2, 3))
