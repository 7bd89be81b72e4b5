"""Special oversight at any stage of its way, moved there by whoever may."""

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disclosure import bulletins
from disclosure import oversight as oversights
from disclosure.bulletin_moves import take
from disclosure.models import Overseer, Oversight, OversightFinding
from disclosure.oversight_draw import invite
from unions import uploads
from unions.models import Union, User
from unions.workflow import perform

NAMES = ["赵监督", "钱监督", "孙监督"]
ANSWER = {"verdict": "accepted", "text": "意见属实，予以采纳。", "promise": "年底前更换供应商。"}


def values(**given) -> dict:
    today = timezone.localdate()
    days = {"opens_on": 0, "findings_due_on": 14, "reply_due_on": 28}
    return {
        "title": "送温暖资金使用", "scope": "2026年送温暖资金的发放名单、标准和凭证。", "why": "涉及会员切身利益。",
        "basis": "工会委员会决议", "lead": "李敏（工会副主席）", **{name: today + datetime.timedelta(days=n) for name, n in days.items()},
        **given,
    }  # fmt: skip


def preparing(union: Union, by: User, **given) -> Oversight:
    return oversights.enter(union, values(**given), by=by)


def willing(oversight: Oversight, by: User) -> list[Overseer]:
    """Three people who take part."""
    people = [invite(oversight, name, "13800001111", by=by) for name in NAMES]
    return [perform(one, "accept", by=by, data={"is_free": True}) for one in people]


def opened(union: Union, by: User, **given) -> Oversight:
    made = preparing(union, by, **given)
    willing(made, by)
    return perform(made, "begin", by=by)


def found(union: Union, by: User, **given) -> OversightFinding:
    """One finding; the others found nothing."""
    made = opened(union, by, **given)
    finding = oversights.give(made.overseers.first(), "发放标准不一", "两个车间标准不同，建议统一。", by=by)
    for one in made.overseers.all():
        oversights.hand_in(one, by=by)
    return finding


def answered(union: Union, by: User, **given) -> OversightFinding:
    """Collected, and the finding replied to; the replies are not sent yet."""
    finding = found(union, by, **given)
    perform(finding.oversight, "collect", by=by)
    due = timezone.localdate() + datetime.timedelta(days=20)
    return perform(fresh(finding), "answer", by=by, data=dict(ANSWER), due=due)


def replied(union: Union, by: User, **given) -> OversightFinding:
    finding = answered(union, by, **given)
    perform(finding.oversight, "reply", by=by)
    return fresh(finding)


def fresh(finding: OversightFinding) -> OversightFinding:
    return OversightFinding.objects.select_related("oversight__union", "overseer").get(pk=finding.pk)


def evidenced(finding: OversightFinding, by: User):
    """The reply with evidence that its promise was kept."""
    reply = finding.replies.last()
    given = SimpleUploadedFile("更换合同.pdf", b"%PDF-1.4\n%%EOF\n")
    uploads.receive(given, purpose=oversights.EVIDENCE, union=finding.oversight.union, by=by, object_id=reply.pk)
    return reply


def published(oversight: Oversight, by: User):
    made = bulletins.write_from(oversight.union, "oversight", oversight.pk, by=by)
    return take(take(take(made, "submit", by=by), "check", by=by), "approve", by=by)
