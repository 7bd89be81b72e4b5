"""Enquiries at any stage, moved there by whoever may."""

import datetime

from disclosure.enquiries import Question, ask
from disclosure.enums import EnquiryKind, EnquiryWay
from disclosure.models import Enquiry, EnquiryTheme
from unions.models import Union, User
from unions.workflow import perform

REPLY = {"text": "未休年休假可按日工资的三倍折算，请带考勤记录到工会办公室办理。", "signed": "工会办公室"}


def question(**given) -> Question:
    values = {
        "kind": EnquiryKind.ENQUIRY, "theme": EnquiryTheme.objects.get(name_zh="休息休假"), "title": "年休假没有休完怎么办",
        "text": "去年的年休假还有三天没有休，单位说过期作废，是这样吗？",
    }  # fmt: skip
    return Question(**{**values, **given})


def asked(
    union: Union, by: User | None = None, way: str = EnquiryWay.PHONE, day: datetime.date | None = None, **given
) -> Enquiry:
    return ask(union, question(**given), by=by, way=way, day=day)


def replied(union: Union, by: User, **given) -> Enquiry:
    return perform(asked(union, by, **given), "reply", by=by, data=dict(REPLY))
