"""The pages of special oversight: the own union, the tier above, a stranger, and an overseer without an account."""

import datetime
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from disclosure import oversight as oversights
from disclosure import oversight_draw
from disclosure.models import Bulletin, Overseer, Oversight, OversightFinding
from tests.factories import oversight as made
from tests.factories.annual import begun
from tests.factories.assemblies import proposal_of
from tests.factories.meetings import planned
from unions.models import Event, Upload
from unions.workflow import perform

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"disclosure:{name}", args=args)


def form(**given) -> dict:
    return {name: str(value) for name, value in made.values(**given).items()}


@pytest.fixture
def outsider() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


def test_a_union_enters_a_matter_tied_to_its_own_records_and_to_nobody_elses(world, sign_in):
    own, other = planned(world.factory, world.chair), planned(world.bank, world.stranger)
    client = sign_in(world.clerk)
    page = client.get(url("oversight-add", world.factory.pk)).content.decode()
    assert own.title in page and "会员（代表）进行专项监督" in page
    refused = client.post(url("oversight-add", world.factory.pk), form(meeting=other.pk))
    assert refused.status_code == 422 and not Oversight.objects.exists()
    assert client.post(url("oversight-add", world.factory.pk), form(meeting=own.pk)).status_code == 302
    matter = Oversight.objects.get()
    assert (matter.state, matter.meeting) == ("preparing", own)
    page = client.get(url("oversight", matter.pk)).content.decode()
    assert own.title in page and "至少需要 3 名" in page, "what comes next, and why it cannot be done yet"
    edited = {**form(title="食堂承包"), "revision": matter.revision}
    assert client.post(url("oversight-edit", matter.pk), edited).status_code == 302
    assert client.post(url("oversight-edit", matter.pk), edited).status_code == 409, "somebody else was faster"


def test_a_meeting_or_a_proposal_leads_to_its_oversight_with_title_and_source_filled_in(world, sign_in):
    meeting, proposal = planned(world.factory, world.chair), proposal_of(world.factory)
    for name, record in (("meeting", meeting), ("proposal", proposal)):
        page = "assemblies:meeting" if name == "meeting" else "assemblies:proposal-detail"
        there = f"{url('oversight-add', world.factory.pk)}?{name}={record.pk}"
        for somebody in (world.chair, world.street_staff):
            assert there in sign_in(somebody).get(reverse(page, args=[record.pk])).content.decode()
        shown = sign_in(world.chair).get(there).content.decode()
        assert f'value="{record}"' in shown and f'<option value="{record.pk}" selected>' in shown
        matter = oversights.enter(world.factory, made.values(**{name: record}), by=world.chair)
        shown = sign_in(world.chair).get(reverse(page, args=[record.pk])).content.decode()
        assert url("oversight", matter.pk) in shown and there not in shown, "once there is one, the page leads to it"


def test_the_tier_above_asks_remarks_and_reads_a_stranger_finds_nothing(world, sign_in):
    report = begun(world.factory, world.chair)
    client = sign_in(world.street_staff)
    assert client.post(url("oversight-add", world.factory.pk), form(report=report.pk)).status_code == 302
    matter = Oversight.objects.get()
    assert matter.is_demanded and matter.report == report
    client.post(url("oversight-comment", matter.pk), {"text": "请一并查看凭证。"})
    page = sign_in(world.chair).get(url("oversight", matter.pk)).content.decode()
    assert "请一并查看凭证。" in page and "接办" in page
    assert sign_in(world.stranger).get(url("oversight", matter.pk)).status_code == 404
    home = sign_in(world.chair).get(reverse("unions:home")).content.decode()
    assert "上级要求开展，请接办" in home


def test_the_page_of_a_draw_shows_the_seed_first_then_draws_and_computes_it_anew(world, sign_in):
    matter, meeting = made.preparing(world.factory, world.chair), planned(world.factory, world.chair)
    client = sign_in(world.chair)
    given = {"pool": "attendees", "meeting": meeting.pk, "wanted": "3", "names": "职工01"}
    response = client.post(url("oversight-freeze", matter.pk), given)
    draw = matter.draws.get()
    assert response.url == url("oversight-draw", draw.pk) and not Overseer.objects.exists()
    page = client.get(response.url).content.decode()
    assert draw.seed in page and "sha256sum" in page and "拟邀请" in page
    assert client.post(response.url).status_code == 302
    assert "核对一致" in client.get(response.url, {"check": "1"}).content.decode()
    Overseer.objects.filter(place=1).update(entry="A1")
    assert "核对不一致" in sign_in(world.reviewer).get(response.url, {"check": "1"}).content.decode()
    assert sign_in(world.reviewer).post(response.url).status_code == 403
    assert sign_in(world.chair).post(url("oversight-freeze", matter.pk), given).status_code == 422, (
        "another draw needs a reason"
    )


def test_names_are_masked_and_opened_for_a_reason_by_whoever_prepares_it(world, sign_in):
    matter = made.opened(world.factory, world.chair)
    one = matter.overseers.first()
    for person in (world.chair, world.reviewer):
        page = sign_in(person).get(url("oversight", matter.pk)).content.decode()
        assert "赵监督" not in page and "赵监***" in page and "13800001111" not in page
    client = sign_in(world.chair)
    assert client.post(url("overseer-reveal", one.pk, "phone"), {"reason": ""}).status_code == 422
    assert (
        "13800001111" in client.post(url("overseer-reveal", one.pk, "phone"), {"reason": "发送链接"}).content.decode()
    )
    assert Event.objects.filter(action="person.reveal", reason="发送链接").exists()
    assert (
        sign_in(world.street_chair).post(url("overseer-reveal", one.pk, "phone"), {"reason": "看看"}).status_code
        == 403
    )


def test_an_overseer_without_an_account_takes_part_finds_reads_and_rates(world, outsider, sign_in):
    matter = made.preparing(world.factory, world.chair)
    for name in made.NAMES:
        oversight_draw.invite(matter, name, by=world.chair)
    me, second, third = matter.overseers.all()
    mine = oversights.link_of(me)
    assert matter.scope in outsider.get(mine).content.decode()
    assert outsider.post(mine, {"act": "accept"}).status_code == 422, "nobody takes part without the statement"
    assert outsider.post(mine, {"act": "accept", "is_free": "on"}).status_code == 302
    for other in (second, third):
        perform(other, "accept", by=world.chair, data={"is_free": True})
    assert outsider.post(mine, {"act": "finding", "title": "标准不一", "text": "早了"}).status_code == 422, (
        "not yet begun"
    )
    perform(matter, "begin", by=world.chair)
    for _twice in range(2):
        assert outsider.post(mine, {"act": "finding", "title": "标准不一", "text": "两个车间不同"}).status_code == 302
    assert outsider.post(mine, {"act": "finding", "title": "写错了", "text": "要撤回"}).status_code == 302
    wrong = OversightFinding.objects.get(title="写错了")
    assert Client().post(oversights.link_of(second), {"act": f"take-back-{wrong.pk}"}).status_code == 422
    assert outsider.post(mine, {"act": f"take-back-{wrong.pk}"}).status_code == 302
    assert outsider.post(mine, {"act": "hand-in"}).status_code == 302
    assert "标准不一" not in Client().get(oversights.link_of(second)).content.decode(), "each reads their own"
    oversights.hand_in(second, by=world.chair)
    oversights.hand_in(third, by=world.chair)
    matter = perform(matter, "collect", by=world.chair)
    finding = made.fresh(OversightFinding.objects.get())
    due = timezone.localdate() + datetime.timedelta(days=9)
    perform(finding, "answer", by=world.chair, data=dict(made.ANSWER), due=due)
    assert "予以采纳" not in outsider.get(mine).content.decode(), "not sent yet"
    perform(matter, "reply", by=world.chair)
    assert "予以采纳" in outsider.get(mine).content.decode()
    assert outsider.post(mine, {"act": f"rate-{finding.pk}", "satisfaction": "dissatisfied"}).status_code == 302
    assert made.fresh(finding).state == "rework"
    page = sign_in(world.chair).get(url("oversight", matter.pk)).content.decode()
    assert "监督人员凭链接" in page and "不满意" in page


def test_an_overseer_adds_files_by_link_which_the_union_reads_beside_the_finding(
    world, outsider, sign_in, settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    matter = made.opened(world.factory, world.chair)
    me, second, _third = matter.overseers.all()
    mine = oversights.link_of(me)
    finding = oversights.give(me, "标准不一", "两个车间不同", by=None)

    def send(link: str, name: str = "公示栏.pdf", body: bytes = b"%PDF-1.4\n%%EOF\n"):
        given = {"act": f"file-{finding.pk}", "file": SimpleUploadedFile(name, body), "note": "车间公示栏"}
        return outsider.post(link, given)

    assert send(mine).status_code == 302 and "公示栏.pdf" in outsider.get(mine).content.decode()
    assert send(oversights.link_of(second)).status_code == 422, "beside somebody else's finding nobody puts anything"
    for name, body in (("说明.docx", b"PK"), ("公示栏.pdf", b"<html>"), ("公示栏.pdf", b"%PDF" + b"0" * 5 * 1024**2)):
        assert send(mine, name, body).status_code == 422
    assert "公示栏.pdf" not in Client().get(oversights.link_of(second)).content.decode()
    kept = Upload.objects.get()
    assert (kept.by, kept.object_id, kept.union) == (None, finding.pk, world.factory)
    monkeypatch.setattr(oversights, "MOST_FILES", 1)
    assert "已上传 1 个文件" in send(mine).content.decode()
    page = sign_in(world.chair).get(url("oversight-finding", finding.pk)).content.decode()
    assert "公示栏.pdf" in page and "车间公示栏" in page and "监督人员凭链接" in page
    file = url("oversight-file", finding.pk, kept.pk)
    assert b"%PDF" in b"".join(sign_in(world.street_chair).get(file))
    assert sign_in(world.stranger).get(file).status_code == Client().get(f"{mine}files/").status_code == 404
    assert outsider.post(mine, {"act": f"take-back-{finding.pk}"}).status_code == 302
    assert not Upload.objects.exists(), "a finding that is taken back takes its files along"
    finding = oversights.give(me, "标准不一", "两个车间不同", by=None)
    monkeypatch.setattr(oversights, "FILES_A_DAY", 1)
    assert "今日" in send(mine).content.decode(), "taking back makes no room for more"


def test_somebody_who_declines_by_link_says_why(world, outsider):
    matter = made.preparing(world.factory, world.chair)
    one = oversight_draw.invite(matter, "赵监督", by=world.chair)
    assert outsider.post(oversights.link_of(one), {"act": "decline"}).status_code == 422
    assert outsider.post(oversights.link_of(one), {"act": "recuse", "reason": "配偶是承办人"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.reason) == ("recused", "配偶是承办人")
    assert outsider.post(oversights.link_of(one), {"act": "accept", "is_free": "on"}).status_code == 422


def test_a_link_of_ones_own_making_or_a_replaced_one_opens_nothing(world, outsider, sign_in):
    one = made.opened(world.factory, world.chair).overseers.first()
    former = oversights.link_of(one)
    assert outsider.get(former[:-4] + "AAA/").status_code == 404
    assert outsider.get(former.replace(f"/{one.pk}.", f"/{one.pk + 1}.")).status_code == 404
    page = sign_in(world.chair).post(url("overseer-link", one.pk), {"renew": "1"}).content.decode()
    assert outsider.get(former).status_code == 404
    fresh = re.search(r"(/p/oversight/[^<\s]+)", page)[1]
    assert outsider.get(fresh).status_code == 200


def test_paper_and_telephone_lead_the_same_way(world, sign_in):
    matter = made.opened(world.factory, world.chair)
    one = matter.overseers.first()
    client = sign_in(world.clerk)
    response = client.post(url("oversight-take-down", one.pk), {"title": "标准不一", "text": "两个车间不同"})
    finding = OversightFinding.objects.get()
    assert response.url == url("oversight-finding", finding.pk) and finding.taken_by == world.clerk
    given = SimpleUploadedFile("意见表.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert client.post(response.url, {"file": given, "note": "意见表原件"}).status_code == 302
    page = client.get(response.url)
    assert "意见表.pdf" in page.content.decode()
    address = re.search(rf"{response.url}files/\d+/", page.content.decode())[0]
    assert b"".join(client.get(address)).startswith(b"%PDF")
    assert sign_in(world.stranger).get(address).status_code == 404
    assert sign_in(world.clerk).post(url("oversight-hand-in", one.pk)).status_code == 302
    sheet = sign_in(world.chair).get(url("oversight-sheet", matter.pk, "docx"))
    assert matter.scope in "\n".join(p.text for p in Document(BytesIO(sheet.content)).paragraphs)


def test_promises_are_followed_with_evidence_until_it_is_published_and_closed(world, sign_in):
    finding = made.replied(world.factory, world.chair)
    matter, reply, client = finding.oversight, finding.replies.get(), sign_in(world.chair)
    assert (
        client.post(url("oversight-finding-move", finding.pk, "rate"), {"satisfaction": "satisfied"}).status_code
        == 302
    )
    page = client.get(url("oversight", matter.pk)).content.decode()
    assert "承诺尚未落实" in page and "结果尚未公开" in page
    assert client.post(url("oversight-move", matter.pk, "close")).status_code == 409
    assert client.post(url("oversight-reply-move", reply.pk, "done"), {"outcome": "已更换"}).status_code == 409
    given = SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    assert client.post(url("oversight-evidence", reply.pk), {"file": given}).status_code == 302
    assert client.post(url("oversight-reply-move", reply.pk, "done"), {"outcome": "已更换供应商"}).status_code == 302
    made.published(matter, world.chair)
    assert Bulletin.objects.get(source="oversight").source_id == matter.pk
    assert client.post(url("oversight-move", matter.pk, "close")).status_code == 302
    whole = client.get(url("oversight-document", matter.pk, "docx"))
    text = "\n".join(
        cell.text for table in Document(BytesIO(whole.content)).tables for row in table.rows for cell in row.cells
    )
    assert "已更换供应商" in text and "赵监督" not in text
    assert client.get(url("oversight-document", matter.pk, "pdf")).content.startswith(b"%PDF")


def test_the_list_is_filtered_exported_and_costs_the_same_however_long(world, sign_in):
    made.replied(world.factory, world.chair)
    client = sign_in(world.officer)
    client.get(url("oversight-list"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("oversight-list"))
    for n in range(6):
        made.preparing(world.hotel, world.neighbour, title=f"事项{n}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(url("oversight-list"))
    assert len(many) == len(few) and "7 项监督事项" in page.content.decode()
    assert len(client.get(url("oversight-list"), {"figure": "in_time"}).context["table"].rows) == 1
    response = client.get(url("oversight-list"), {"export": "xlsx", "state": "following"})
    rows = list(load_workbook(BytesIO(b"".join(response) if response.streaming else response.content)).active.values)
    assert any("送温暖资金使用" in str(row) for row in rows) and not any("事项1" in str(row) for row in rows)


def test_the_card_of_a_union_counts_what_its_links_list(world, sign_in):
    made.replied(world.factory, world.chair)
    made.preparing(world.hotel, world.neighbour)
    client = sign_in(world.street_chair)
    for union, count in ((world.factory, 1), (world.wangjing, 2)):
        page = client.get(reverse("unions:union", args=[union.pk]), {"tab": "disclosure"})
        assert "figure=in_time" in page.content.decode()
        links = {
            address.replace("&amp;", "&")
            for address in re.findall(r'href="(/oversight/\?[^"]+)"', page.content.decode())
        }
        whole = next(address for address in links if "figure" not in address)
        assert len(client.get(whole).context["table"].rows) == count


def test_the_api_lists_moves_and_names_nobody(world, sign_in):
    matter = made.opened(world.factory, world.chair)
    client = sign_in(world.chair)
    assert [row["overseer_count"] for row in client.get("/api/v1/oversights/").json()["results"]] == [3]
    one = client.get(f"/api/v1/oversights/{matter.pk}/").json()
    assert len(one["overseers"]) == 3 and "赵监督" not in str(one) and "extend" in one["moves"]
    move, due = (
        f"/api/v1/oversights/{matter.pk}/extend/",
        (matter.findings_due_on + datetime.timedelta(days=3)).isoformat(),
    )
    body = {"revision": one["revision"], "reason": "资料较多", "due": due}
    assert sign_in(world.reviewer).post(move, body, content_type="application/json").status_code == 403
    assert sign_in(world.stranger).post(move, body, content_type="application/json").status_code == 404
    moved = sign_in(world.chair).post(move, body, content_type="application/json")
    assert moved.status_code == 200 and moved.json()["findings_due_on"] == due
    assert sign_in(world.chair).post(move, body, content_type="application/json").status_code == 409
