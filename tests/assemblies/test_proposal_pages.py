"""Proposals on the pages: by link without an account, in the queue, in numbers."""

import datetime
import re

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assemblies import proposals
from assemblies.enums import Satisfaction
from assemblies.models import Proposal, Proposer, Theme
from tests.factories.assemblies import collection_of, proposal_of
from unions.models import Event, Notice
from unions.tokens import Purpose, make, read
from unions.workflow import perform

pytestmark = pytest.mark.django_db
WORDS = {
    "kind": "opinion",
    "title": "增设饮水机",
    "facts": "三楼没有饮水机。",
    "request": "请增设。",
    "proposer": "赵会员",
}


@pytest.fixture
def collected(world):
    return collection_of(world.factory)


def link_of(purpose, obj) -> str:
    view = {Purpose.COLLECTION: "public-collection", Purpose.PROPOSER: "public-proposal"}[purpose]
    return reverse(f"assemblies:{view}", args=[make(purpose, obj.pk, obj.link_number)])


def given(**more) -> dict:
    return {**WORDS, "theme": Theme.objects.first().pk, **more}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_member_hands_in_by_link_without_an_account(world, collected):
    client, chair = Client(), world.chair
    page = client.get(link_of(Purpose.COLLECTION, collected))
    assert page.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    done = client.post(link_of(Purpose.COLLECTION, collected), given(key=key, phone="13800002222"), follow=True)
    made = Proposal.objects.get()
    assert (made.union, made.collection, made.code) == (world.factory, collected, f"{timezone.localdate().year}-001")
    assert "已提交" in done.content.decode() and made.code in done.content.decode()
    assert done["X-Robots-Tag"] == "noindex"
    assert Notice.objects.filter(kind="proposal.submitted", recipient=chair).exists()
    client.post(link_of(Purpose.COLLECTION, collected), given(key=key))
    assert Proposal.objects.count() == 1, "the same form sent twice"
    assert Event.objects.get(action="proposal.submit").by is None


def test_what_a_robot_fills_in_is_not_taken(world, collected):
    answer = Client().post(link_of(Purpose.COLLECTION, collected), given(website="http://x.example"))
    assert (answer.status_code, Proposal.objects.count()) == (200, 0)


def test_a_flood_from_one_address_is_turned_away(world, collected, monkeypatch):
    monkeypatch.setattr("assemblies.views.proposal_public.setting", lambda key: 2)
    codes = [Client().post(link_of(Purpose.COLLECTION, collected), given()).status_code for _number in range(3)]
    assert (codes, Proposal.objects.count()) == ([302, 302, 429], 2)


def test_after_the_last_day_the_link_takes_nothing_in(world):
    over = collection_of(world.factory, opens_on=datetime.date(2025, 1, 1), closes_on=datetime.date(2025, 2, 1))
    answer = Client().post(link_of(Purpose.COLLECTION, over), given())
    assert "征集时间为" in answer.content.decode() and not Proposal.objects.exists()


def test_a_replaced_link_leads_nowhere(world, collected):
    former = link_of(Purpose.COLLECTION, collected)
    signed_in(world.chair).post(reverse("assemblies:collection-renew", args=[collected.pk]))
    collected.refresh_from_db()
    assert Client().get(former).status_code == 404
    assert Client().get(link_of(Purpose.COLLECTION, collected)).status_code == 200


def test_no_link_is_guessed_and_none_serves_another_purpose(world, collected, settings):
    token = make(Purpose.COLLECTION, collected.pk)
    assert read(Purpose.PROPOSER, token) is None
    assert read(Purpose.COLLECTION, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert read(Purpose.COLLECTION, f"{collected.pk}.1.") is None
    assert len(token.rpartition(".")[2]) == 22, "128 bits"
    cache.clear()
    settings.WRONG_LINKS = 2
    codes = [Client().get(reverse("assemblies:public-card", args=["1.1.x"])).status_code for _number in range(3)]
    assert codes == [404, 404, 429]
    cache.clear()


def test_a_confidential_name_shows_on_no_page(world):
    made = proposal_of(world.factory, proposer="赵隐名", phone="13911112222", is_confidential=True)
    client, outsider = signed_in(world.chair), Client()
    pages = [
        client.get(reverse("assemblies:proposal-detail", args=[made.pk])), client.get(reverse("assemblies:proposal-list")),
        client.get(reverse("assemblies:proposal-queue")), client.get(reverse("assemblies:proposal-print", args=[made.pk])),
        outsider.get(link_of(Purpose.PROPOSER, made)), client.get(reverse("api:proposal-detail", args=[made.pk])),
    ]  # fmt: skip
    for page in pages:
        assert page.status_code == 200
        assert "赵隐名" not in page.content.decode() and "13911112222" not in page.content.decode()
    opened = client.post(reverse("assemblies:proposal-reveal", args=[made.pk, "name"]), {"reason": "核实"})
    assert "赵隐名" in opened.content.decode()
    assert Proposer.objects.count() == 1


def answered(world) -> Proposal:
    made = perform(
        perform(proposal_of(world.factory), "accept", by=world.chair),
        "assign",
        by=world.chair,
        data={"lead": "行政部"},
    )
    return proposals.answer(made.handlers.get(), text="已办。", grade="a", signed="刘", by=world.chair)


def test_the_proposer_marks_the_answer_by_link_once(world):
    made = answered(world)
    page = link_of(Purpose.PROPOSER, made)
    assert "已办。" in Client().get(page).content.decode()
    told = Client().post(page, {"satisfaction": Satisfaction.DISSATISFIED, "words": "没有变化"}, follow=True)
    assert "您的评价已收到" in told.content.decode() and "重新办理" in told.content.decode()
    made.refresh_from_db()
    assert (made.state, made.is_reworked) == ("assigned", True)
    Client().post(page, {"satisfaction": Satisfaction.SATISFIED})
    made.refresh_from_db()
    assert made.state == "assigned", "what waits for its second answer is not marked"


def test_only_what_is_published_can_be_read_by_everybody(world):
    made = perform(
        proposals.give_mark(answered(world), Satisfaction.SATISFIED, by=world.chair), "publish", by=world.chair
    )
    other = proposal_of(world.factory, title="不公开的建议")
    page = Client().get(reverse("assemblies:public-published", args=[make(Purpose.PUBLISHED, world.factory.pk)]))
    assert made.title in page.content.decode() and other.title not in page.content.decode()


def test_many_are_handed_over_at_once_and_the_filter_is_kept(world):
    theme = Theme.objects.first()
    made = [perform(proposal_of(world.factory, theme=theme), "accept", by=world.chair) for _number in range(3)]
    stranger = proposal_of(world.bank)
    answer = signed_in(world.chair).post(
        reverse("assemblies:proposal-bulk"),
        {"tab": "assign", "theme": theme.pk, "action": "assign", "lead": "行政部", "ids": [*(p.pk for p in made), stranger.pk]},
    )  # fmt: skip
    assert answer["Location"].endswith(f"?tab=assign&theme={theme.pk}")
    assert Proposal.objects.filter(state="assigned").count() == 3
    stranger.refresh_from_db()
    assert stranger.state == "submitted"


def test_a_move_on_the_page_asks_for_its_reason(world):
    made = proposal_of(world.factory)
    client, page = signed_in(world.chair), reverse("assemblies:proposal-move", args=[made.pk, "decline"])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "不属工会职责", "revision": 99}).status_code == 409
    client.post(page, {"reason": "不属工会职责"})
    assert Event.objects.get(action="proposal.decline").reason == "不属工会职责"


def test_numbers_of_the_statistics_are_those_of_the_rows_behind_them(world):
    answered(world)
    proposals.give_mark(answered(world), Satisfaction.SATISFIED, by=world.chair)
    proposal_of(world.factory)
    client = signed_in(world.street_chair)
    page = client.get(reverse("assemblies:proposal-statistics"), {"by": "handler"})
    line = page.context["lines"][0]
    assert (line.label, line.total, line.counts["in_time"], line.counts["judged"]) == ("行政部", 2, 2, 2)
    assert (line.counts["satisfied"], line.counts["marked"], line.counts["unmarked"]) == (1, 1, 1)
    for name, address in line.links.items():
        rows = client.get(address).context["table"].page.paginator.count
        assert rows == line.counts[name], name
    assert page.context["whole"].total == 3


def test_the_workbook_of_the_statistics_holds_the_same_numbers(world, tmp_path):
    answered(world)
    body = signed_in(world.chair).get(reverse("assemblies:proposal-statistics"), {"export": "xlsx"})
    (tmp_path / "s.xlsx").write_bytes(body.getvalue())
    rows = list(openpyxl.load_workbook(tmp_path / "s.xlsx").active.values)
    assert rows[-1][1] == 1


def test_lists_ask_the_database_as_often_for_one_row_as_for_many(world, django_assert_max_num_queries):
    client = signed_in(world.street_chair)
    for _number in range(12):
        answered(world)
    with django_assert_max_num_queries(25):
        client.get(reverse("assemblies:proposal-list"))
    with django_assert_max_num_queries(30):
        client.get(reverse("assemblies:proposal-statistics"))


def test_a_tier_above_sees_and_does_not_handle(world):
    made = proposal_of(world.factory)
    client = signed_in(world.street_chair)
    assert client.get(reverse("assemblies:proposal-detail", args=[made.pk])).context["moves"] == []
    assert client.post(reverse("assemblies:proposal-move", args=[made.pk, "accept"])).status_code == 403
    assert signed_in(world.stranger).get(reverse("assemblies:proposal-detail", args=[made.pk])).status_code == 404


def test_the_workbench_shows_what_waits(world):
    proposal_of(world.factory)
    assert "待审查的提案" in signed_in(world.chair).get(reverse("unions:home")).content.decode()


def test_the_api_moves_a_proposal_once_for_one_key(world):
    made = proposal_of(world.factory)
    client, address = signed_in(world.chair), reverse("api:proposal-move", args=[made.pk, "accept"])
    for _number in range(2):
        answer = client.post(
            address, {"revision": 1}, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )
        assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert Event.objects.filter(action="proposal.accept").count() == 1


def test_a_unions_page_shows_its_proposals_in_numbers(world):
    answered(world)
    address = reverse("unions:union", args=[world.factory.pk])
    page = signed_in(world.chair).get(address, {"tab": "assemblies"}).content.decode()
    card = page[page.index(f"{timezone.localdate().year} 年提案、建议") :]
    assert "figure=in_time" in card and "100.0%" in card[:1500]


def test_lists_say_kinds_in_words(world):
    proposal_of(world.factory)
    page = signed_in(world.chair).get(reverse("assemblies:proposal-list")).content.decode()
    table = page[page.index("<tbody") :]
    assert "建议案" in table and ">suggestion<" not in table


def test_collections_are_listed(world, collected):
    assert collected.title in signed_in(world.chair).get(reverse("assemblies:collection-list")).content.decode()
