"""The day of a meeting in the browser: the chair ticks who comes and watches the quorum, a member signs in by the code."""

from django.urls import reverse
from django.utils import timezone

from assemblies import links
from tests.factories.assemblies import owed_assembly
from tests.factories.meetings import closed, in_session, planned
from unions.workflow import perform


def page(name: str, *args) -> str:
    return reverse(f"assemblies:{name}", args=args)


def look(visitor, address: str, name: str) -> None:
    visitor.go(address)
    visitor.axe()
    visitor.fits()
    visitor.shot(name)


def test_a_chair_prepares_a_meeting_at_a_desk_and_on_a_phone(world, visit, client):
    meeting = planned(world.factory, world.chair)
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.chair, client)
        for name, address in {
            "meeting-list": page("meeting-list"),
            "meeting-kinds": page("meeting-plan", world.factory.pk),
            "meeting-plan": page("meeting-plan", world.factory.pk) + "?kind=delegates",
            "meeting": page("meeting", meeting.pk),
            "meeting-people": page("meeting-people", meeting.pk),
        }.items():
            look(visitor, address, f"{name}-{where}")


def test_presence_is_ticked_on_a_phone_and_the_quorum_follows(world, visit, client):
    meeting = in_session(world.factory, world.chair, world.reviewer, 2)
    phone = visit(phone=True)
    phone.sign_in(world.chair, client)
    look(phone, page("meeting-sit", meeting.pk), "sit-phone")
    phone.page.locator("[data-u-all]").check()
    phone.page.locator("button[value=present]").click()
    phone.page.locator("#quorum.met").wait_for()
    assert meeting.attendees.filter(presence="present").count() == 6
    phone.shot("sit-met-phone")
    desk = visit()
    desk.sign_in(world.chair, client)
    for name in ("meeting-sit", "meeting-screen", "meeting-minutes", "meeting"):
        look(desk, page(name, meeting.pk), f"{name}-open-desktop")


def test_a_member_signs_in_on_a_phone_without_an_account(world, visit):
    meeting = in_session(world.factory, world.chair, world.reviewer)
    phone = visit(phone=True)
    look(phone, page("sign-in", meeting.pk, links.sign_in_token(meeting)), "sign-in-phone")
    phone.page.fill("#number", "2")
    phone.page.fill("#name", "职工02")
    phone.page.locator("form.form button").click()
    phone.page.locator(".note.ok").wait_for()
    phone.shot("signed-in-phone")
    assert meeting.attendees.get(number=2).signed_how == "code"
    look(phone, page("papers", meeting.pk, links.papers_token(meeting)), "papers-phone")


def test_what_a_meeting_came_to_can_be_read(world, visit, client):
    meeting = closed(world.factory, world.chair, world.reviewer)
    desk = visit()
    desk.sign_in(world.chair, client)
    for name in ("meeting", "meeting-notice", "meeting-people"):
        look(desk, page(name, meeting.pk), f"{name}-closed-desktop")


def test_the_tier_above_assigns_a_late_assembly_to_the_year_that_was_missed(world, visit, client):
    missed = owed_assembly(world.factory, timezone.localdate().year - 1)
    meeting = perform(closed(world.factory, world.chair, world.reviewer), "file", by=world.chair)
    meeting = perform(meeting, "confirm", by=world.reviewer, data={"number": "望工复〔2026〕9号"})
    for where, visitor in (("desktop", visit()), ("phone", visit(phone=True))):
        visitor.sign_in(world.reviewer, client)
        look(visitor, reverse("unions:duty", args=[missed.pk]), f"duty-owed-{where}")
        look(visitor, page("meeting-move", meeting.pk, "reckon"), f"reckon-{where}")
    visitor.page.get_by_label("原因").fill("上年度大会延至今年召开，计划时漏填。")
    visitor.page.locator("form.form button.p").click()
    look(visitor, page("meeting", meeting.pk), "reckoned-phone")
    look(visitor, reverse("unions:duty", args=[missed.pk]), "duty-reckoned-phone")
    missed.refresh_from_db()
    assert missed.state == "fulfilled"


def test_a_list_is_printed_as_the_table_it_is_and_not_as_on_a_phone(world, visit, client):
    planned(world.factory, world.chair)
    desk = visit().sign_in(world.chair, client)
    desk.go(page("meeting-list"))
    desk.page.emulate_media(media="print")
    desk.page.set_viewport_size({"width": 688, "height": 980})  # A4 between its margins
    row = desk.page.locator(".listing tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "table-row"
    desk.fits()
