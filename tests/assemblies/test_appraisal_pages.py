"""The pages of appraisals, asked through the client: from the duty to the notice on the board."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assemblies.appraisals import add_improvement
from assemblies.duties import APPRAISAL
from assemblies.enums import VoteKind, VoteManner
from assemblies.models import Appraisal, AppraisalSheet, Improvement, Vote
from assemblies.votes import add_batch, set_paper_issued
from tests.factories.appraisals import BAD, GOOD, appraised, approved, evidence, published, sheet_vote
from unions import tokens
from unions.duties import tasks
from unions.models import Duty, DutyRule, Event, Setting
from unions.tokens import Purpose
from unions.workflow import perform

pytestmark = pytest.mark.django_db


def page(name: str, *args) -> str:
    return reverse(f"assemblies:{name}", args=args)


def text_of(response) -> str:
    return response.content.decode()


def test_the_duty_of_the_year_leads_to_the_appraisal_with_one_next_step(world, sign_in):
    rule, year = DutyRule.objects.get(key=APPRAISAL), timezone.localdate().year
    days = {name: timezone.localdate() for name in ("opens_on", "due_on", "last_day")}
    duty = Duty.objects.create(rule=rule, union=world.factory, period=str(year), **days)
    task = tasks.get("appraisal")
    assert task.url(duty) == page("appraisals", world.factory.pk)
    begin = page("vote-new", world.factory.pk, "appraisal")
    assert begin in text_of(sign_in(world.chair).get(task.url(duty)))
    assert "尚未进行" in task.progress([duty])[duty.pk]
    appraised(world.factory, world.chair)
    assert "待公布" in task.progress([duty])[duty.pk]


def test_the_sheet_is_filled_in_and_only_what_the_union_adds_is_typed(world, sign_in):
    client = sign_in(world.chair)
    shown = text_of(client.get(page("vote-new", world.factory.pk, "appraisal")))
    assert "服务职工、为职工办实事" in shown and 'value="242"' in shown and "named" not in shown
    data = {
        "title": "2026年度民主评议",
        "held_on": timezone.localdate(),
        "due": 20,
        "manner": "secret",
        "asks_advice": "on",
    }
    client.post(page("vote-new", world.factory.pk, "appraisal"), {**data, "questions": "职工食堂"})
    vote = Vote.objects.get(kind=VoteKind.APPRAISAL)
    assert len(vote.sheet) == 6 and vote.base == "valid"
    assert 'rows="3"' in text_of(client.get(page("vote-edit", vote.pk)))


def test_what_does_not_add_up_on_paper_is_said_at_its_field(world, sign_in):
    vote = perform(sheet_vote(world.factory, world.chair, manner=VoteManner.PAPER), "open", by=world.chair)
    set_paper_issued(vote, 10, by=world.chair)
    batch = add_batch(Vote.objects.get(pk=vote.pk), "", by=world.chair)
    given = {}
    for question in vote.sheet:
        ticks = {f"q{question.number}_tick{number}": 0 for number in (2, 3, 4)}
        given |= {
            f"q{question.number}_returned": 11,
            f"q{question.number}_invalid": 0,
            f"q{question.number}_tick1": 11,
            **ticks,
        }
    answer = sign_in(world.chair).post(page("batch", vote.pk, batch.pk), given)
    assert answer.status_code == 422
    assert 'id="id_q1_returned_error"' in text_of(answer)
    assert "收回数不能超过发出数" in text_of(answer)


def test_announcing_leads_on_and_the_page_shows_arithmetic_consequence_and_what_is_missing(world, sign_in):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 4 + [(GOOD, GOOD)] * 5, advice="食堂夜班没有热饭")
    shown = text_of(sign_in(world.chair).get(page("appraisal", made.pk)))
    for words in (
        "9 ÷ 9 = 100.0%",
        "4 ÷ 9 = 44.4%",
        "&gt; 1/3",
        "限期整改",
        "食堂夜班没有热饭",
        "结果尚未向会员公布",
        "尚未整改完成",
    ):
        assert words in shown
    advice = re.search(r"\?advice=([0-9a-f-]{36})", shown)[1]
    form = sign_in(world.chair).get(page("improvement-add", made.pk) + f"?advice={advice}")
    assert "食堂夜班没有热饭" in text_of(form)
    for other in ("nothing", "0" * 32):
        empty = sign_in(world.chair).get(page("improvement-add", made.pk) + f"?advice={other}")
        assert empty.status_code == 200 and "食堂" not in text_of(empty)


def test_from_publication_to_the_end_by_the_pages_alone(world, sign_in):
    made = appraised(world.factory, world.chair)
    client = sign_in(world.chair)
    assert client.post(page("appraisal-move", made.pk, "publish"), {"where": ""}).status_code == 422
    client.post(page("appraisal-move", made.pk, "publish"), {"where": "厂区公告栏"})
    client.post(page("appraisal-move", made.pk, "report"))
    day = timezone.localdate() + datetime.timedelta(days=20)
    planned = {"title": "夜班供餐", "measure": "延长供餐到零点", "owner": "后勤部", "due_on": day}
    client.post(page("improvement-add", made.pk), planned)
    item = Improvement.objects.get()
    assert client.get(page("appraisal-move", made.pk, "approve")).status_code == 403
    client = sign_in(world.street_chair)
    client.post(page("appraisal-move", made.pk, "approve"), {"opinion": "同意，抓好整改。"})
    client = sign_in(world.chair)
    assert "尚未整改完成" in text_of(client.get(page("appraisal-move", made.pk, "close")))
    assert client.post(page("appraisal-move", made.pk, "close")).status_code == 409
    evidence(item, world.chair)
    client.post(page("improvement-move", item.pk, "note"), {"reason": "设备已到货"})
    client.post(page("improvement-move", item.pk, "finish"), {"outcome": "零点前有热饭"})
    assert "设备已到货" in text_of(client.get(page("improvement", item.pk)))
    client.post(page("appraisal-move", made.pk, "close"))
    made.refresh_from_db()
    assert made.state == "closed"
    acts = set(Event.objects.filter(model="assemblies.Appraisal").values_list("action", flat=True))
    assert {"appraisal.take", "appraisal.publish", "appraisal.report", "appraisal.approve", "appraisal.close"} <= acts


def test_members_read_the_published_result_by_a_link_and_never_the_advice(world, client):
    made = appraised(world.factory, world.chair, advice="主席从不下车间")
    address = page("public-appraisal", tokens.make(Purpose.APPRAISAL, made.pk))
    assert client.get(address).status_code == 404, "not published yet"
    add_improvement(made, {"title": "夜班供餐", "owner": "后勤部", "due_on": timezone.localdate()}, by=world.chair)
    published(made, world.chair)
    shown = text_of(client.get(address))
    assert "12 ÷ 12 = 100.0%" in shown and "夜班供餐" in shown
    assert "主席从不下车间" not in shown and "后勤部" not in shown
    other = tokens.make(Purpose.CARD, made.pk)
    assert client.get(page("public-appraisal", other)).status_code == 404


def test_a_hidden_result_shows_nowhere(world, sign_in, client):
    Setting.objects.create(key="hidden-below-ballots", value=9, basis="x", effective_from=timezone.localdate())
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 9, due=9, present=9)
    Setting.objects.filter(key="hidden-below-ballots").update(value=10)
    Appraisal.objects.filter(pk=made.pk).update(valid_count=None, good_count=None, bad_count=None)
    published(made, world.chair)
    api = reverse("api:appraisal-detail", args=[made.pk])
    names = ("appraisal", "appraisal-notice", "vote-detail", "vote-print")
    addresses = [page(n, made.vote_id if n.startswith("vote") else made.pk) for n in names]
    for address in [*addresses, page("appraisal-list"), api]:
        shown = text_of(sign_in(world.street_chair).get(address))
        assert "9 ÷ 9 = 100.0%" not in shown, address
    assert sign_in(world.street_chair).get(api).json()["ratings"] == []


def test_last_years_items_stand_beside_this_years_result(world, sign_in):
    old = approved(appraised(world.factory, world.chair), world.chair, world.street_chair)
    add_improvement(
        old, {"title": "去年承诺的热水器", "owner": "后勤部", "due_on": timezone.localdate()}, by=world.chair
    )
    Appraisal.objects.filter(pk=old.pk).update(held_on=timezone.localdate() - datetime.timedelta(days=360))
    new = appraised(world.factory, world.chair)
    shown = text_of(sign_in(world.chair).get(page("appraisal", new.pk)))
    assert "去年承诺的热水器" in shown and page("appraisal", old.pk) in shown


def test_the_district_edits_the_sheet_with_its_basis_and_a_stale_page_is_told(world, sign_in):
    client, address = sign_in(world.officer), page("appraisal-sheet-edit")
    shown = text_of(client.get(address))
    data = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', shown) if "csrf" not in name}
    rows = {f"items-{n}-subject": "committee" for n in range(7)} | {"grades-4-kind": "abstain"}
    kinds = {f"grades-{n}-kind": kind for n, kind in enumerate(("satisfied", "basic", "dissatisfied", "abstain"))}
    data |= (
        rows
        | kinds
        | {"items-5-text": "职工之家建设", "basis": "朝工发〔2026〕3号", "effective_from": timezone.localdate()}
    )
    assert client.post(address, {**data, "basis": ""}).status_code == 422
    refused = client.post(address, {**data, "items-5-subject": ""})
    assert refused.status_code == 422 and refused.context["items"].forms[5].errors["subject"]
    assert client.post(address, data).status_code == 302
    sheet = AppraisalSheet.objects.first()
    assert sheet.basis == "朝工发〔2026〕3号" and sheet.items.last().text == "职工之家建设"
    assert client.post(address, data).status_code == 409
    assert "朝工发〔2026〕3号" in text_of(sign_in(world.chair).get(page("appraisal-sheet")))


def test_filters_find_what_is_late_and_what_passed_a_threshold(world, sign_in):
    good = appraised(world.factory, world.chair)
    bad = appraised(world.hotel, world.neighbour, [(BAD, BAD)] * 8)
    Appraisal.objects.filter(pk=good.pk).update(publish_due_on=timezone.localdate() - datetime.timedelta(days=1))
    Improvement.objects.filter(appraisal=bad).update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    client = sign_in(world.street_chair)
    for query, found, other in (
        ("late=1", good, bad),
        ("hard=1", bad, good),
        ("items=1", bad, good),
        ("consequence=recall", bad, good),
    ):
        shown = text_of(client.get(page("appraisal-list") + f"?{query}"))
        assert page("appraisal", found.pk) in shown and page("appraisal", other.pk) not in shown, query
    assert client.get(page("improvement-list") + "?late=1&export=xlsx").status_code == 200
    assert client.get(page("appraisal-list") + "?export=xlsx").status_code == 200


@pytest.mark.parametrize("name", ["appraisal-list", "improvement-list"])
def test_a_list_costs_the_same_for_one_and_for_many(world, sign_in, name, django_assert_max_num_queries):
    client = sign_in(world.street_chair)
    made = appraised(world.factory, world.chair, [(BAD, BAD)] * 8)
    for number in range(12):
        add_improvement(
            made, {"title": f"事项{number}", "owner": "后勤部", "due_on": timezone.localdate()}, by=world.chair
        )
        appraised(world.hotel, world.neighbour)
    client.get(page(name))
    with django_assert_max_num_queries(16):
        assert client.get(page(name)).status_code == 200


def test_workbench_and_union_page_say_what_waits(world, sign_in):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 4 + [(GOOD, GOOD)] * 5)
    home = text_of(sign_in(world.chair).get(reverse("unions:home")))
    assert page("appraisal", made.pk) in home and page("improvement", made.improvements.get().pk) in home
    perform(published(made, world.chair), "report", by=world.chair)
    assert page("appraisal-list") + "?state=reported" in text_of(
        sign_in(world.street_chair).get(reverse("unions:home"))
    )
    card = text_of(
        sign_in(world.street_chair).get(reverse("unions:union", args=[world.wangjing.pk]) + "?tab=assemblies")
    )
    assert page("appraisal-list") in card and "41/45" in card
    own = text_of(sign_in(world.chair).get(reverse("unions:union", args=[world.factory.pk]) + "?tab=assemblies"))
    assert page("appraisals", world.factory.pk) in own


def test_the_api_reads_one_with_its_arithmetic(world, sign_in):
    made = appraised(world.factory, world.chair, [(GOOD, BAD)] * 4 + [(GOOD, GOOD)] * 5)
    client = sign_in(world.street_chair)
    (row,) = client.get(reverse("api:appraisal-list")).json()["results"]
    assert (row["good_count"], row["valid_count"], row["consequence"]) == (41, 45, "rectify")
    one = client.get(reverse("api:appraisal-detail", args=[made.pk])).json()
    chair = one["ratings"][-1]
    assert (chair["satisfied"], chair["dissatisfied"], chair["valid"], chair["post"]) == (5, 4, 9, "chair")
    assert len(one["missing"]) == 3 and one["improvements"][0]["consequence"] == "rectify"
    assert sign_in(world.stranger).get(reverse("api:appraisal-detail", args=[made.pk])).status_code == 404
