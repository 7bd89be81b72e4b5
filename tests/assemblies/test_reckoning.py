"""For which year an assembly counts, set right by the tier above after its results were approved."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assemblies.models import Meeting
from tests.factories.assemblies import owed_assembly
from tests.factories.meetings import closed
from unions.duties import waive
from unions.enums import DutyState, Timeliness
from unions.models import Duty, DutyTotal, Event, Notice
from unions.workflow import Invalid, MoveError, NotAllowed, perform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
THIS = timezone.localdate().year


@pytest.fixture
def last_year(world) -> Duty:
    return owed_assembly(world.factory, THIS - 1)


@pytest.fixture
def this_year(world) -> Duty:
    return owed_assembly(world.factory, THIS)


@pytest.fixture
def confirmed(world, last_year, this_year) -> Meeting:
    """Held this year; the union did not say that it makes up for the last one."""
    meeting = perform(closed(world.factory, world.chair, world.reviewer), "file", by=world.chair)
    return perform(meeting, "confirm", by=world.reviewer, data={"number": "望工复〔2026〕9号"})


def state(duty: Duty) -> tuple[str, str]:
    duty.refresh_from_db()
    return duty.state, duty.timeliness


def reckon(meeting: Meeting, by, year: int, reason: str = "该会补开上年度大会，报送时漏填") -> Meeting:
    return perform(meeting, "reckon", by=by, reason=reason, data={"year": year})


def test_the_tier_above_assigns_it_to_the_year_that_was_missed_and_takes_that_back(
    world, confirmed, last_year, this_year
):
    assert state(this_year) == (DutyState.FULFILLED, Timeliness.ON_TIME) and state(last_year)[0] == DutyState.OPEN
    meeting = reckon(confirmed, world.reviewer, THIS - 1)
    assert (meeting.makes_up_for, meeting.state) == (THIS - 1, "confirmed")
    assert state(last_year) == (DutyState.FULFILLED, Timeliness.LATE)
    assert state(this_year) == (DutyState.OPEN, Timeliness.NONE), "one assembly counts for one year"
    totals = dict(DutyTotal.objects.filter(union=world.wangjing).values_list("period", "accepted"))
    assert totals == {str(THIS - 1): 1, str(THIS): 0}
    assert Notice.objects.filter(recipient=world.chair, kind="meeting.reckoned").exists()

    meeting = perform(meeting, "reckon_back", by=world.reviewer)
    assert meeting.makes_up_for is None
    assert (state(last_year)[0], state(this_year)[0]) == (DutyState.OPEN, DutyState.FULFILLED)
    with pytest.raises(MoveError, match="nothing to take back"):
        perform(meeting, "reckon_back", by=world.reviewer)
    acts = Event.objects.filter(model="unions.Duty", object_id=last_year.pk, action="duty.reckon")
    assert [event.target for event in acts] == [DutyState.OPEN, DutyState.FULFILLED]


def test_another_assembly_of_the_year_that_it_leaves_counts_in_its_place(world, confirmed, last_year, this_year):
    closed(world.factory, world.chair, world.reviewer)
    reckon(confirmed, world.reviewer, THIS - 1)
    assert state(this_year)[0] == state(last_year)[0] == DutyState.FULFILLED


def test_one_that_was_held_in_a_year_asked_for_afterwards_counts_for_its_own(world, confirmed, this_year):
    """The duty was opened, or an exemption taken back, when the assembly was over."""
    Duty.objects.filter(pk=this_year.pk).update(
        state=DutyState.OPEN, timeliness="", first_submitted_at=None, fulfilled_at=None
    )
    reckon(confirmed, world.reviewer, THIS)
    assert state(this_year) == (DutyState.FULFILLED, Timeliness.ON_TIME)


def test_neither_the_union_itself_nor_a_stranger_assigns_it_and_a_reason_is_asked_for(world, confirmed):
    for person in (world.chair, world.neighbour):
        with pytest.raises(NotAllowed):
            reckon(confirmed, person, THIS - 1)
    with pytest.raises(Invalid):
        reckon(confirmed, world.reviewer, THIS - 1, reason=" ")


def test_only_a_year_that_is_owed_is_offered_and_an_exemption_stays(world, confirmed, last_year):
    waive(last_year, reason="当年改制", by=world.reviewer)
    for year in (THIS - 1, THIS - 2, THIS + 1, None):
        with pytest.raises(MoveError):
            reckon(confirmed, world.reviewer, year)
    assert state(last_year)[0] == DutyState.WAIVED


def test_before_its_results_are_approved_the_year_is_the_unions_to_say(world, last_year):
    meeting = closed(world.factory, world.chair, world.reviewer)
    with pytest.raises(MoveError):
        reckon(meeting, world.reviewer, THIS - 1)


def test_the_pages_of_duty_and_meeting_lead_there_and_show_what_was_decided(world, sign_in, confirmed, last_year):
    there = reverse("assemblies:meeting-move", args=[confirmed.pk, "reckon"])
    duty, page = reverse("unions:duty", args=[last_year.pk]), reverse("assemblies:meeting", args=[confirmed.pk])
    client = sign_in(world.reviewer)
    assert f"{there}?year={THIS - 1}" in client.get(duty).content.decode()
    assert there in client.get(page).content.decode()
    form = client.get(f"{there}?year={THIS - 1}").context["form"]
    assert form.get_initial_for_field(form.fields["year"], "year") == str(THIS - 1)
    given = {"year": THIS - 1, "reason": "上年度大会延至今年召开", "revision": confirmed.revision}
    assert client.post(there, {**given, "year": THIS - 2}).status_code == 422
    assert client.post(there, given).status_code == 302
    assert client.post(there, given).status_code == 422, "sent twice"
    for person, address in ((world.chair, page), (world.chair, duty), (world.reviewer, duty)):
        assert "上年度大会延至今年召开" in sign_in(person).get(address).content.decode()
    client = sign_in(world.reviewer)
    back = reverse("assemblies:meeting-move", args=[confirmed.pk, "reckon_back"])
    assert back in client.get(page).content.decode() and there not in client.get(duty).content.decode()
    assert client.post(back, {"revision": confirmed.revision + 1}).status_code == 302
    assert client.get(page).context["reckoning"] is None
    client = sign_in(world.chair)
    assert there not in client.get(page).content.decode() + client.get(duty).content.decode()
    assert sign_in(world.neighbour).get(there).status_code == 404
