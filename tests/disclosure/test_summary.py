import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosure.models import Form, Remark, Return
from disclosure.totals import total_of
from tests.factories.disclosure import PERIOD, accepted, duty_of, history, many_unions, submitted
from unions.models import Notice
from unions.services import move_union
from unions.workflow import MoveError, perform


@pytest.fixture
def street(world):
    """Two unions of 望京 accepted, one waiting, one silent; and the street's own duty to sum up."""
    filings = []
    for union in many_unions(world.wangjing, 3):
        accepted(union, "2026Q2", history(union))
        filings.append(submitted(duty_of(union), world.person("grassroots_chair", union)))
    for filing in filings[:2]:
        perform(filing, "accept", by=world.reviewer)
    duty_of(world.hotel)
    world.filings = [Return.objects.get(pk=filing.pk) for filing in filings]
    return duty_of(world.wangjing, form="quarterly-summary")


def page(duty, name="summary"):
    return reverse(f"disclosure:{name}", args=[duty.pk])


def reasons(world, **given):
    return {f"reason.{world.filings[2].union_id}": "reviewing", f"reason.{world.hotel.pk}": "silent", **given}


def test_the_total_is_live_until_it_is_submitted(world, street, sign_in):
    found = sign_in(world.street_chair).get(page(street))
    row = found.context["sheet"].by_code["members"]
    assert row.value == 40 + 41 and [r["duty"].union for r in found.context["missing"]] == [
        world.hotel,
        world.filings[2].union,
    ]
    perform(world.filings[2], "accept", by=world.reviewer)
    assert sign_in(world.street_chair).get(page(street)).context["sheet"].by_code["members"].value == 40 + 41 + 42


def test_each_missing_union_needs_a_reason_before_it_goes_up(world, street, sign_in):
    client, submit = sign_in(world.street_chair), page(street, "summary-submit")
    assert client.post(submit, {"revision": 1}).status_code == 409
    other = {f"reason.{world.hotel.pk}": "other", f"text.{world.hotel.pk}": " "}
    revision = Return.objects.get(duty=street).revision
    assert client.post(submit, {"revision": revision, **reasons(world), **other}).status_code == 409, (
        "another reason wants words"
    )
    revision = Return.objects.get(duty=street).revision
    assert client.post(submit, {"revision": revision, **reasons(world), "narrative": "本季平稳"}).status_code == 302
    filing = Return.objects.get(duty=street)
    assert filing.state == "submitted" and filing.figures["members"] == 81 and len(filing.included) == 2
    assert {row["code"] for row in filing.shortfall} == {"reviewing", "silent"}
    assert filing.shortfall[0]["name"]


def test_what_went_up_stays_as_it_was(world, street, sign_in):
    client = sign_in(world.street_chair)
    client.post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    perform(world.filings[2], "accept", by=world.reviewer)
    found = client.get(page(street))
    assert found.context["filing"].figures["members"] == 81 and found.context["since"] == 1
    live = Form.objects.get(code="quarterly-return")
    assert total_of(world.wangjing, live, PERIOD).figures["members"] == 123


def test_staff_prepare_it_and_only_the_chair_submits(world, street, sign_in):
    staff = sign_in(world.street_staff)
    assert staff.post(page(street), {"revision": 1, **reasons(world)}).status_code == 302
    assert staff.post(page(street, "summary-submit"), {"revision": 2}).status_code == 403
    assert sign_in(world.reviewer).post(page(street), {"revision": 2}).status_code == 403


def test_the_district_accepts_and_its_total_of_summaries_follows(world, street, sign_in):
    sign_in(world.street_chair).post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    filing = Return.objects.get(duty=street)
    assert sign_in(world.street_chair).post(f"/review/{filing.pk}/accept/").status_code == 403, (
        "nobody reviews the own tier"
    )
    assert (
        sign_in(world.officer).post(f"/review/{filing.pk}/accept/", {"revision": filing.revision}).status_code == 302
    )
    form = Form.objects.get(code="quarterly-summary")
    assert total_of(world.district, form, PERIOD).figures["members"] == 81
    with pytest.raises(MoveError):
        perform(Return.objects.get(pk=filing.pk), "reopen", by=world.street_chair, reason="更正")


def test_a_figure_leads_to_the_unions_behind_it(world, street, sign_in):
    url = reverse("disclosure:summary-figure", args=[street.pk, "members"])
    found = sign_in(world.street_chair).get(url)
    assert found.context["total"] == 81 and [row["value"] for row in found.context["rows"]] == [41, 40]
    assert [row["value"] for row in sign_in(world.street_chair).get(url, {"sort": "value"}).context["rows"]] == [
        40,
        41,
    ]
    assert sign_in(world.street_chair).get(url, {"export": "xlsx"})["Content-Type"].startswith("application/vnd")
    assert sign_in(world.other_reviewer).get(url).status_code == 404
    assert (
        sign_in(world.street_chair).get(reverse("disclosure:summary-figure", args=[street.pk, "nothing"])).status_code
        == 404
    )


def test_a_figure_of_a_submitted_summary_stays_what_it_was_made_of(world, street, sign_in):
    url = reverse("disclosure:summary-figure", args=[street.pk, "members"])
    sign_in(world.street_chair).post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    corrected = world.filings[0]
    perform(corrected, "reopen", by=world.officer, reason="更正")
    corrected = Return.objects.get(pk=corrected.pk)
    corrected.figures["members"] += 1
    corrected.save()
    union = corrected.union
    perform(corrected, "submit", by=world.person("grassroots_chair", union))
    perform(Return.objects.get(pk=corrected.pk), "accept", by=world.reviewer)
    for person in (world.street_chair, world.officer):
        found = sign_in(person).get(url)
        assert found.context["total"] == 81 and [row["value"] for row in found.context["rows"]] == [41, 40]
    assert sign_in(world.other_reviewer).get(url).status_code == 404
    assert sign_in(world.person("grassroots_chair", union)).get(url).status_code == 404


def test_a_union_that_moved_away_keeps_its_line_in_the_old_summary_without_a_link(world, street, sign_in):
    url = reverse("disclosure:summary-figure", args=[street.pk, "members"])
    sign_in(world.street_chair).post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    gone, stays = world.filings[0], world.filings[1]
    move_union(gone.union, world.jianwai, by=world.officer, reason="区划调整")
    there, here = (reverse("disclosure:return-detail", args=[filing.pk]) for filing in (gone, stays))
    shown = sign_in(world.street_chair).get(url)
    page_now = shown.content.decode()
    assert shown.context["total"] == 81 and gone.union.name in page_now and "此后已转至其他上级工会" in page_now
    assert here in page_now and there not in page_now
    assert [row["last"] for row in shown.context["rows"] if row["pk"] == gone.pk] == [None]
    district = sign_in(world.officer).get(url).content.decode()
    assert there in district and here in district and "此后已转至其他上级工会" in district
    assert sign_in(world.other_reviewer).get(url).status_code == 404


def test_the_column_to_compare_with_is_called_last_quarter_unless_quarters_lie_between(world, sign_in):
    union, late = many_unions(world.wangjing, 2)
    accepted(union, "2026Q2", history(union))
    accepted(late, "2026Q1", history(late))
    for each, words in ((union, ">上季度</span>"), (late, ">2026年第一季度</span>")):
        filing = submitted(duty_of(each), world.person("grassroots_chair", each))
        shown = sign_in(world.reviewer).get(reverse("disclosure:return-detail", args=[filing.pk])).content.decode()
        assert words in shown and ">26Q" not in shown


def test_the_district_pushes_a_question_down_to_the_figure_that_caused_it(world, street, sign_in):
    reviewer = world.reviewer
    sign_in(world.street_chair).post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    given = {"code": "members", "target": world.filings[0].pk, "text": "会员数与名册相差较大"}
    assert sign_in(world.street_chair).post(page(street, "summary-push"), given).status_code == 403
    assert sign_in(world.officer).post(page(street, "summary-push"), given).status_code == 302
    own, pushed = Remark.objects.order_by("pk")
    assert own.filing.duty == street and pushed.filing == world.filings[0] and pushed.pushed_from == own
    assert Notice.objects.filter(recipient=reviewer, kind="return.pushed").count() == 1


def test_a_summary_is_not_a_return_to_fill_and_the_other_way_round(world, street, sign_in):
    client = sign_in(world.street_chair)
    assert client.get(reverse("disclosure:return-fill", args=[street.pk])).status_code == 404
    assert client.get(page(duty_of(world.hotel))).status_code == 404


def test_the_totals_page_shows_each_tier_its_own_rows(world, street, sign_in):
    url = f"/totals/{PERIOD}/"
    found = sign_in(world.leader).get(url)
    assert [row.union for row in found.context["rows"]] == [world.wangjing] and found.context["district"].figures[
        "members"
    ] == 81
    assert sign_in(world.reviewer).get(url).context["district"] is None
    assert sign_in(world.other_reviewer).get(url).context["rows"] == []
    assert sign_in(world.leader).get(url, {"export": "xlsx"})["Content-Type"].startswith("application/vnd")
    assert sign_in(world.leader).get(url, {"basis": "submitted"}).context["basis"] == "submitted"
    assert sign_in(world.leader).get("/totals/").status_code == 302


def test_a_withdrawn_summary_is_live_again(world, street, sign_in):
    client = sign_in(world.street_chair)
    client.post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    filing = Return.objects.get(duty=street)
    client.post(reverse("disclosure:return-withdraw", args=[filing.pk]), {"revision": filing.revision})
    perform(world.filings[2], "accept", by=world.reviewer)
    assert client.get(page(street)).context["sheet"].by_code["members"].value == 123


def test_returning_a_summary_tells_the_street(world, street, sign_in):
    chair = world.street_chair
    sign_in(chair).post(page(street, "summary-submit"), {"revision": 1, **reasons(world)})
    due = timezone.localdate() + datetime.timedelta(days=2)
    perform(Return.objects.get(duty=street), "return", by=world.officer, reason="请补报", due=due)
    notice = Notice.objects.get(recipient=chair, kind="return.returned")
    assert notice.url == page(street)
