"""From the page of a result to its bulletin: for whoever writes one a button, then the way to it, for others nothing."""

import pytest
from django.urls import reverse

from disclosure.models import Bulletin
from tests.factories.appraisals import BAD, GOOD, appraised
from tests.factories.meetings import closed
from tests.factories.votes import announced, meeting_of, motion
from unions.workflow import perform

pytestmark = pytest.mark.django_db


def shown(client, result) -> str:
    page = {"Meeting": "meeting", "Vote": "vote-detail", "Appraisal": "appraisal"}[type(result).__name__]
    return client.get(reverse(f"assemblies:{page}", args=[result.pk])).content.decode()


def test_a_published_meeting_leads_to_its_bulletin_with_its_results_taken_over(world, sign_in):
    meeting = closed(world.factory, world.chair, kind="committee")
    client, button = sign_in(world.chair), f'value="meeting.{meeting.pk}"'
    assert button not in shown(client, meeting), "members are shown the results first"
    meeting = perform(meeting, "publish", by=world.chair)
    offers = reverse("disclosure:bulletin-offers", args=[world.factory.pk])
    page = shown(client, meeting)
    assert button in page and f'action="{offers}"' in page
    answer = client.post(offers, {"result": f"meeting.{meeting.pk}"})
    made = Bulletin.objects.get()
    assert made.meeting == meeting and answer.url == reverse("disclosure:bulletin", args=[made.pk])
    page = shown(client, meeting)
    assert button not in page and answer.url in page
    client = sign_in(world.reviewer)
    assert button not in shown(client, meeting)


def test_a_vote_is_offered_once_it_is_announced(world, sign_in):
    vote = motion(meeting_of(world.factory), world.chair)
    client, button = sign_in(world.chair), f'value="vote.{vote.pk}"'
    assert button not in shown(client, vote)
    vote = announced(vote, world.chair, 1)
    assert button in shown(client, vote)
    assert button not in shown(sign_in(world.reviewer), vote), "nobody publishes for another union"


def test_an_appraisal_is_published_as_a_bulletin_with_what_is_to_be_improved_and_without_advice(world, sign_in):
    made = appraised(world.factory, world.chair, [(BAD, GOOD)] * 5 + [(GOOD, GOOD)] * 4, advice="食堂夜班没有热饭")
    client = sign_in(world.chair)
    assert f'value="vote.{made.vote_id}"' in shown(client, made)
    client.post(reverse("disclosure:bulletin-offers", args=[world.factory.pk]), {"result": f"vote.{made.vote_id}"})
    bulletin = Bulletin.objects.get()
    assert bulletin.item.category.key == "appraisals"
    assert "4 ÷ 9 = 44.4%" in bulletin.body and made.improvements.first().title in bulletin.body
    assert "食堂夜班" not in bulletin.body
    assert reverse("disclosure:bulletin", args=[bulletin.pk]) in shown(client, made)
