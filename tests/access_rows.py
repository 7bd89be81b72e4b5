"""The access matrix: every address, and what it answers to whom (tests/access.py explains the words)."""

import datetime

from axes.models import AccessAttempt
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disclosure.models import Form, FormVersion, Return, Total
from disclosure.services import ensure
from disclosure.versions import copy_version
from tests.access import (
    ALL,
    BELOW,
    BRING,
    DECISION,
    DUTY,
    EDIT,
    IMPORTERS,
    MINE,
    MY_BATCH,
    MY_POSTS,
    OFFICER,
    OFFICER_BELOW,
    OFFICER_SHARED,
    PEOPLE,
    SHARED,
    STAFF,
    TOTAL,
    MatrixWorld,
    Row,
    maker,
)
from tests.access_annual import ANNUAL
from tests.access_appraisals import APPRAISALS
from tests.access_assets import ASSETS
from tests.access_audits import FUND_AUDITS
from tests.access_bulletins import BULLETINS
from tests.access_enquiries import ENQUIRIES
from tests.access_funds import FUNDS
from tests.access_meetings import MEETINGS
from tests.access_oversight import OVERSIGHT
from tests.access_proposals import PROPOSALS
from tests.access_remittances import REMITTANCES
from tests.access_terms import TERMS
from tests.access_votes import VOTES
from tests.factories.disclosure import PERIOD, accepted, duty_of
from unions import uploads
from unions.enums import Tier
from unions.models import (
    CalendarDay,
    Correction,
    Delivery,
    Duty,
    DutyRule,
    DutyTotal,
    EmergencyAccess,
    Erasure,
    ImportBatch,
    Job,
    Notice,
    Passkey,
    Session,
    Union,
    User,
    Webhook,
    WebhookPost,
)
from unions.pickers import PURPOSES
from unions.services import record


@maker("union")
def union(world: MatrixWorld, union: Union) -> dict:
    return {"pk": union.pk}


@maker("union")
def return_duty(world: MatrixWorld, union: Union) -> dict | None:
    """The duty of a quarterly return, which grassroots unions file; of a quarter in which nobody has begun yet."""
    return {"pk": duty_of(union, "2026Q1").pk} if union.tier is Tier.GRASSROOTS else None


@maker("union")
def duty(world: MatrixWorld, union: Union) -> dict | None:
    form = {Tier.MIDDLE: "quarterly-summary", Tier.GRASSROOTS: "quarterly-return"}.get(union.tier)
    return {"pk": duty_of(union, form=form).pk} if form else None


@maker("union")
def decision(world: MatrixWorld, union: Union) -> dict | None:
    found = duty(world, union)
    return {**found, "decision": "waive"} if found else None


@maker("union")
def filing(world: MatrixWorld, union: Union) -> dict | None:
    """A draft of a return, or of a middle-tier union's summary."""
    found = duty(world, union)
    return {"pk": ensure(Duty.objects.get(pk=found["pk"]), by=world.nobody).pk} if found else None


@maker("union")
def move(world: MatrixWorld, union: Union) -> dict | None:
    found = filing(world, union)
    return {**found, "move": "submit"} if found else None


@maker("union")
def event(world: MatrixWorld, union: Union) -> dict:
    return {"pk": record(union, "union.edit", union, by=None).pk}


@maker("union")
def edit(world: MatrixWorld, union: Union) -> dict:
    """An edit of the union's card, to be taken back."""
    made = record(union, "union.edit", union, by=None, data={"changes": {"address": ["", union.address]}})
    return {"pk": union.pk, "event_pk": made.pk}


@maker("union")
def correction(world: MatrixWorld, union: Union) -> dict:
    person = world.colleague_at(union)
    return {
        "pk": Correction.objects.get_or_create(by=person, union=union, field="name", defaults={"wish": "王芳"})[0].pk
    }


@maker("shared")
def erasure(world: MatrixWorld) -> dict:
    return {"pk": Erasure.objects.create(union=world.district, found={}).pk}


@maker("union")
def upload(world: MatrixWorld, union: Union) -> dict:
    given = SimpleUploadedFile("批复.pdf", b"%PDF-1.4\n%%EOF")
    made = uploads.receive(given, purpose=uploads.UNION_FILE, union=union, by=world.nobody)
    return {"pk": union.pk, "upload_pk": made.pk}


@maker("union")
def attachment(world: MatrixWorld, union: Union) -> dict:
    return {"pk": upload(world, union)["upload_pk"]}


@maker("union")
def assignment(world: MatrixWorld, union: Union) -> dict:
    return {"pk": union.pk, "assignment_pk": world.colleague_at(union).assignments.get().pk}


@maker("union")
def summary_duty(world: MatrixWorld, union: Union) -> dict | None:
    return {"pk": duty_of(union, form="quarterly-summary").pk} if union.tier is Tier.MIDDLE else None


@maker("union")
def summary_with_return(world: MatrixWorld, union: Union) -> dict | None:
    """A summary begun, with an accepted return below it."""
    found = summary_duty(world, union)
    if found:
        ensure(Duty.objects.get(pk=found["pk"]), by=world.nobody)
        accepted(world.factory if union == world.wangjing else world.bank, PERIOD)
    return found


def remark_to_push(kwargs: dict) -> dict:
    return {"code": "members", "target": Return.objects.filter(state="accepted").first().pk, "text": ""}


@maker("union")
def summary_figure(world: MatrixWorld, union: Union) -> dict | None:
    found = summary_duty(world, union)
    return {**found, "code": "members"} if found else None


@maker("shared")
def period(world: MatrixWorld) -> dict:
    return {"period": PERIOD}


@maker("union")
def total(world: MatrixWorld, union: Union) -> dict | None:
    if union.tier is Tier.GRASSROOTS:
        return None
    form = Form.objects.get(code="quarterly-return")
    return {"pk": Total.objects.get_or_create(union=union, form=form, period=PERIOD, middle_id=union.middle_id)[0].pk}


@maker("union")
def duty_total(world: MatrixWorld, union: Union) -> dict | None:
    if union.tier is Tier.GRASSROOTS:
        return None
    rule = DutyRule.objects.get(key="quarterly-return")
    found = DutyTotal.objects.get_or_create(union=union, rule=rule, period=PERIOD, middle_id=union.middle_id)[0]
    return {"pk": found.pk}


@maker("shared")
def rule(world: MatrixWorld) -> dict:
    return {"pk": DutyRule.objects.get(key="quarterly-return").pk}


@maker("shared")
def form(world: MatrixWorld) -> dict:
    return {"code": "quarterly-return"}


@maker("shared")
def draft_version(world: MatrixWorld) -> dict:
    published = Form.objects.get(code="quarterly-return").version_for(PERIOD)
    return {"pk": copy_version(published, by=world.officer).pk}


@maker("shared")
def draft_figure(world: MatrixWorld) -> dict:
    version = FormVersion.objects.get(pk=draft_version(world)["pk"])
    return {"pk": version.pk, "item": version.indicators.first().pk}


@maker("shared")
def draft_check(world: MatrixWorld) -> dict:
    version = FormVersion.objects.get(pk=draft_version(world)["pk"])
    return {"pk": version.pk, "item": version.rules.first().pk}


@maker("shared")
def day(world: MatrixWorld) -> dict:
    return {"pk": CalendarDay.objects.get_or_create(day="2026-12-31", defaults={"is_workday": False})[0].pk}


@maker("shared")
def setting(world: MatrixWorld) -> dict:
    return {"key": "due-soon"}


@maker("shared")
def webhook(world: MatrixWorld) -> dict:
    return {"pk": Webhook.objects.get_or_create(union=world.district, url="https://example.org/robot")[0].pk}


@maker("shared")
def post(world: MatrixWorld) -> dict:
    given = {"key": "day", "body": {}, "state": "failed", "not_before": "2026-11-22T08:00:00Z"}
    return {"pk": WebhookPost.objects.create(webhook_id=webhook(world)["pk"], **given).pk}


@maker("shared")
def delivery(world: MatrixWorld) -> dict:
    notice, now = _notice(world.nobody), "2026-11-22T08:00:00Z"
    return {"pk": Delivery.objects.create(notice=notice, address="a@example.org", state="failed", not_before=now).pk}


@maker("personal")
def notice(world: MatrixWorld, person: User) -> dict:
    return {"pk": _notice(person).pk}


@maker("personal")
def job(world: MatrixWorld, person: User) -> dict:
    return {"pk": Job.objects.create(kind="roster", by=person, union=person.union or world.factory).pk}


@maker("personal")
def job_with_file(world: MatrixWorld, person: User) -> dict:
    made = Job.objects.get(**job(world, person))
    made.file.save("made.xlsx", ContentFile(b"made"))
    return {"pk": made.pk}


@maker("shared")
def importer(world: MatrixWorld) -> dict:
    return {"key": "roster"}


@maker("personal")
def batch(world: MatrixWorld, person: User) -> dict:
    made = ImportBatch.objects.create(
        importer="roster",
        by=person,
        union=person.union or world.factory,
        file_name="名册.xlsx",
        state="preview",
        counts={"error": 1},
    )
    return {"pk": made.pk}


@maker("union")
def account(world: MatrixWorld, union: Union) -> dict:
    return {"pk": world.colleague_at(union).pk}


@maker("shared")
def lock(world: MatrixWorld) -> dict:
    return {
        "pk": AccessAttempt.objects.create(
            username=world.nobody.username, ip_address="10.0.0.1", failures_since_start=5
        ).pk
    }


@maker("personal")
def emergency(world: MatrixWorld, person: User) -> dict:
    until = timezone.now() + datetime.timedelta(hours=1)
    return {"pk": EmergencyAccess.objects.create(union=world.hotel, user=person, reason="x", ends_at=until).pk}


@maker("personal")
def session(world: MatrixWorld, person: User) -> dict:
    key = f"matrix{Session.objects.count()}"
    until = timezone.now() + datetime.timedelta(hours=1)
    return {"number": Session.objects.create(session_key=key, user=person, expire_date=until).number}


@maker("personal")
def account_batch(world: MatrixWorld, person: User) -> dict:
    made = ImportBatch.objects.get(**batch(world, person))
    ImportBatch.objects.filter(pk=made.pk).update(importer="accounts")
    return {"pk": made.pk}


@maker("personal")
def passkey(world: MatrixWorld, person: User) -> dict:
    credential = f"{person.pk}.{Passkey.objects.count()}".encode()
    return {"pk": Passkey.objects.create(user=person, name="PC", credential=credential, public_key=b"key").pk}


def _notice(person: User) -> Notice:
    key = f"matrix:{Notice.objects.count()}"
    params = {"union": "望京宾馆工会", "period": PERIOD, "round": 1, "by": "王芳"}
    return Notice.objects.create(recipient=person, kind="return.accepted", params=params, key=key, url="/")


ACCOUNTS = {
    "unions:sign-in": Row(ALL, methods="GET POST", is_public=True),
    "unions:sign-out": Row(ALL, methods="POST", is_public=True, before_password=True),
    "unions:password": Row(ALL, methods="GET POST", before_password=True),
    "unions:account-list": Row("D x DS + M x MC + G x F x N x YK +"),
    "unions:account": Row("D x DS +++. M x MC +++.... G x F x N x YK +.", of="account"),
    "unions:account-sign-out": Row("D x DS +++. M x MC +++.... G x F x N x YK +.", of="account", methods="POST"),
    "unions:account-reset": Row("D x DS +++. M x MC +++.... G x F x N x YK +.", of="account", methods="GET POST"),
    "unions:assist": Row("D x DS +++. M x G x F x N x", of="account", methods="GET POST"),
    "unions:assist-end": Row(ALL, methods="POST"),
    "unions:lock-list": Row("D x M x G x F x N x YK +"),
    "unions:lock-open": Row("D x M x G x F x N x YK +.", of="lock", methods="POST"),
    "unions:emergency-list": Row("D + M + G + F + N x YA +"),
    "unions:emergency-begin": Row("D x M x MC + G x F x N x", methods="GET POST"),
    "unions:emergency-end": Row("D x M x MC +.. G x F x N x", of="emergency", methods="POST"),
    "unions:factor-ask": Row(ALL, methods="GET POST", is_public=True),
    "unions:prove": Row(ALL, methods="POST"),
    "unions:factor-list": Row(ALL),
    "unions:code-app": Row(ALL, methods="GET POST"),
    "unions:code-app-remove": Row(ALL, methods="POST"),
    "unions:passkey": Row(ALL, methods="GET POST"),
    "unions:passkey-remove": Row(MINE, of="passkey", methods="POST"),
    "unions:recovery-codes": Row(ALL, methods="POST"),
    "unions:session-list": Row(ALL),
    "unions:session-end": Row(MINE, of="session", methods="POST"),
    "unions:session-end-others": Row(ALL, methods="POST"),
    "unions:language": Row(ALL, methods="POST", data={"language": "en"}, is_public=True),
}

API = {
    "api-page": Row(ALL),
    "api-schema": Row(ALL),
    "api:union-list": Row(STAFF + " YK +"),
    "api:union-detail": Row(BELOW + " YK +.", of="union"),
    "api:duty-list": Row(STAFF),
    "api:duty-detail": Row(DUTY, of="duty"),
    "api:duty-decide": Row("D -xx. DS -++. M x++-... MR xxx-... G x.... F xx... N x", of="decision", methods="POST"),
    "api:duty-total-list": Row(STAFF),
    "api:duty-total-detail": Row(TOTAL, of="duty_total"),
    "api:rule-list": Row(STAFF),
    "api:rule-detail": Row(SHARED, of="rule"),
    "api:form-list": Row(STAFF),
    "api:form-detail": Row(SHARED, of="form"),
    "api:return-list": Row(STAFF, methods="GET POST"),
    "api:return-detail": Row(
        DUTY,
        of="filing",
        methods="GET PATCH",
        data={"revision": 1, "narrative": ""},
        writing="D -xx. M xxx-... MC +xx-... MS +++-... G +.... F +x... N x",
    ),
    "api:return-move": Row(
        "D -xx. M xxx-... MC +xx-... G x.... GC +.... F +x... N x", of="move", methods="POST", data={"revision": 1}
    ),
    "api:total-list": Row(STAFF),
    "api:total-detail": Row(TOTAL, of="total"),
    "api:notice-list": Row(ALL),
    "api:notice-detail": Row(MINE, of="notice"),
    "api:notice-read": Row(MINE, of="notice", methods="POST"),
    "api:job-list": Row(ALL),
    "api:job-detail": Row(MY_POSTS, of="job"),
    "api:file-list": Row(STAFF + " YK +"),
    "api:file-detail": Row(BELOW + " YK +.", of="attachment"),
    "api:file-content": Row(BELOW + " YK +.", of="attachment"),
    "api:event-list": Row(STAFF + " YA +"),
    "api:event-detail": Row(BELOW + " YA +.", of="event"),
}

PERSONAL = {
    "unions:home": Row(ALL),
    "unions:inbox": Row(ALL),
    "unions:inbox-open": Row(MINE, of="notice"),
    "unions:inbox-read-all": Row(ALL, methods="POST"),
    "unions:job-list": Row(ALL),
    "unions:job": Row(MY_POSTS, of="job"),
    "unions:export": Row(ALL, methods="POST"),
    "unions:job-file": Row(MY_POSTS, of="job_with_file"),
}

ROSTER = {
    "unions:search": Row(STAFF + " YK +", query={"q": "望"}),
    "unions:tree": Row(STAFF + " YK +"),
    "unions:union-list": Row(STAFF + " YK +", also=({"export": "xlsx"},)),
    "unions:roster-full": Row("D x DS + M + MR x G x F x N x", methods="GET POST"),
    "unions:personal-register": Row("D x DS + DA + M x G x F x N x"),
    "unions:my-data": Row(ALL, methods="GET POST"),
    "unions:my-data-copy": Row(ALL),
    "unions:correction-list": Row("D x DS + M x MC + G x F x N x YK +"),
    "unions:correction-decide": Row(PEOPLE + " YK +.", of="correction", methods="POST"),
    "unions:erasure-list": Row(OFFICER, methods="GET POST"),
    "unions:erasure": Row(OFFICER_SHARED, of="erasure", methods="GET POST"),
    "unions:opening-list": Row("D x DS + DA + M x G x F x N x", also=({"export": "xlsx"},)),
    "unions:union-pick": Row(
        STAFF + " YK +",
        query={"field": "target", "purpose": "view"},
        also=tuple({"purpose": purpose, "target_q": "隐名"} for purpose in PURPOSES),
    ),
    "unions:union": Row(BELOW + " YK +.", of="union", also=({"tab": "assemblies"},)),
    "unions:union-edit": Row(EDIT, of="union", methods="GET POST"),
    "unions:union-add": Row("D x DS +++. M +++.... MR x G x.... F xx... N x", of="union", methods="GET POST"),
    "unions:union-move": Row(OFFICER_BELOW, of="union", methods="GET POST"),
    "unions:union-move-undo": Row(OFFICER_BELOW, of="union", methods="GET POST"),
    "unions:union-merge": Row(OFFICER_BELOW, of="union", methods="GET POST"),
    "unions:union-dissolve": Row(OFFICER_BELOW, of="union", methods="GET POST"),
    "unions:union-restore": Row(OFFICER_BELOW, of="union", methods="GET POST"),
    "unions:union-phone": Row("D x DS +++. M +++.... MR x G x F x N x", of="union", methods="POST"),
    "unions:union-history": Row(BELOW + " YA +.", of="union", also=({"export": "xlsx"},)),
    "unions:union-undo": Row(EDIT, of="edit", methods="POST"),
    "unions:file-list": Row(BELOW + " YK +.", of="union", methods="GET POST", writing=BRING + " YK x."),
    "unions:file": Row(BELOW + " YK +.", of="upload"),
    "unions:file-remove": Row(EDIT, of="upload", methods="GET POST"),
    "unions:union-people": Row(BELOW + " YK +.", of="union"),
    "unions:person-add": Row(PEOPLE + " YK +.", of="union", methods="GET POST"),
    "unions:person-appoint": Row(PEOPLE + " YK +.", of="union", methods="GET POST"),
    "unions:person-end": Row(PEOPLE + " YK +.", of="assignment", methods="GET POST"),
    "unions:person-password": Row(PEOPLE + " YK +.", of="assignment", methods="GET POST"),
    "unions:person-enabled": Row(PEOPLE + " YK +.", of="assignment", methods="GET POST"),
    "unions:import-list": Row(IMPORTERS + " MC + G + F + YK +"),  # the grassroots bring delegates and assets
    "unions:import-new": Row("D x. DS +. M x. MS +. G x. F x. N x.", of="importer", methods="GET POST"),
    "unions:import-template": Row("D x. DS +. M x. MS +. G x. F x. N x.", of="importer"),
    "unions:import": Row(MY_BATCH, of="batch"),
    "unions:import-progress": Row(MY_BATCH, of="batch"),
    "unions:import-columns": Row(MY_BATCH, of="batch", methods="POST"),
    "unions:import-confirm": Row(MY_BATCH, of="batch", methods="POST"),
    "unions:import-again": Row(MY_BATCH, of="batch", methods="POST"),
    "unions:import-passwords": Row(
        "D x.. DS +.. M x.. MS x.. MC +.. G x.. F x.. N . Y x.. YK +..", of="account_batch", methods="POST"
    ),
    "unions:import-undo": Row(MY_BATCH, of="batch", methods="POST"),
    "unions:import-errors": Row(MY_BATCH, of="batch"),
}

DUTIES = {
    "unions:duty-list": Row(STAFF, also=({"export": "xlsx"},)),
    "unions:duty": Row(DUTY, of="duty"),
    "unions:duty-ask": Row("D -xx. M +xx-... MR xxx-... G +.... F +x... N x", of="duty", methods="GET POST"),
    "unions:duty-extend": Row(DECISION, of="duty", methods="GET POST"),
    "unions:duty-decline": Row(DECISION, of="duty", methods="GET POST"),
    "unions:duty-waive": Row(DECISION, of="duty", methods="GET POST"),
    "unions:duty-demand": Row(DECISION, of="duty", methods="POST"),
    "unions:board": Row(STAFF, also=({"export": "xlsx"},)),
    "unions:rule-list": Row(STAFF),
    "unions:rule": Row(SHARED, of="rule"),
    "unions:rule-edit": Row(OFFICER_SHARED, of="rule", methods="GET POST"),
    "unions:calendar": Row(STAFF),
    "unions:day-add": Row(OFFICER, methods="GET POST"),
    "unions:day-edit": Row(OFFICER_SHARED, of="day", methods="GET POST"),
    "unions:day-remove": Row(OFFICER_SHARED, of="day", methods="GET POST"),
    "unions:calendar-redate": Row(OFFICER, methods="POST"),
    "unions:setting-list": Row(OFFICER + " YS +"),
    "unions:setting-edit": Row(OFFICER_SHARED + " YS x.", of="setting", methods="GET POST"),
    "unions:setting-reset": Row(OFFICER_SHARED + " YS x.", of="setting", methods="GET POST"),
    "unions:webhook-list": Row(OFFICER),
    "unions:webhook-add": Row(OFFICER, methods="GET POST"),
    "unions:webhook": Row(OFFICER_SHARED, of="webhook", methods="GET POST"),
    "unions:webhook-test": Row(OFFICER_SHARED, of="webhook", methods="POST"),
    "unions:webhook-secret": Row(OFFICER_SHARED, of="webhook", methods="GET POST"),
    "unions:webhook-remove": Row(OFFICER_SHARED, of="webhook", methods="GET POST"),
    "unions:post-resend": Row(OFFICER_SHARED, of="post", methods="POST"),
    "unions:access": Row(ALL, query={"why": "hidden", "right": "union_view"}),
    "unions:event-list": Row(STAFF + " YA +", also=({"result": "refused"}, {"record": "unions.Union:1"})),
    "unions:event-export": Row(STAFF + " YA +", methods="POST"),
    "unions:seal-list": Row("D + M x G x F x N x YA +"),
    "unions:seal-file": Row("D + M x G x F x N x YA +"),
    "unions:seal-check": Row("D + M x G x F x N x YA +", methods="POST"),
    "unions:run-list": Row("D + M x G x F x N x YS +"),
    "unions:delivery-resend": Row(OFFICER_SHARED, of="delivery", methods="POST"),
}

# Filled in by the union itself; the staff of the tier above may help.
FILL = "D --x. M -xx--.. MS -++--.. G +-... F +x-.. N x"
SIGN = "D x M x MC -xx--.. G x GC +-... F +x-.. N x"

# Reviewed by the tier directly above, never by a union itself and never across a tier.
REVIEW = "D x DS -+x. M x++-... G x F x N x"
REVIEWERS = "D x DS +. M +. G x F x N x"
SUMMARY = "D -+-. M +---.-. G -.--. F --.-. N x"

RETURNS = {
    "disclosure:return-fill": Row(FILL, of="return_duty", methods="GET POST"),
    "disclosure:return-field": Row(FILL, of="return_duty", methods="POST", data={"name": "visits", "value": "6"}),
    "disclosure:return-confirm": Row(FILL, of="return_duty", methods="POST"),
    "disclosure:return-submit": Row(SIGN, of="return_duty", methods="POST"),
    "disclosure:return-sign": Row(SIGN, of="return_duty", methods="GET POST"),
    "disclosure:return-ask": Row(
        "D x M x MC -xx--.. MS -++--.. G +-... F +x-.. N x", of="return_duty", methods="POST"
    ),
    "disclosure:return-workbook": Row(FILL, of="return_duty"),
    "disclosure:return-upload": Row(FILL, of="return_duty", methods="POST"),
    "disclosure:return-list": Row(STAFF, also=({"export": "xlsx"},)),
    "disclosure:return-detail": Row(DUTY, of="filing"),
    "disclosure:return-print": Row(DUTY, of="filing"),
    "disclosure:return-withdraw": Row("D x M x MC +xx-... G x GC +.... F +x... N x", of="filing", methods="POST"),
    "disclosure:return-reopen": Row("D x DS -++. M x MC +++-... G x F x N x", of="filing", methods="GET POST"),
    "disclosure:return-accept": Row(REVIEW, of="filing", methods="POST"),
    "disclosure:return-return": Row(REVIEW, of="filing", methods="GET POST"),
    "disclosure:review-newest": Row("D x DS + M + G x F x N x"),
    "disclosure:review": Row(REVIEWERS, of="period"),
    "disclosure:review-bulk": Row(REVIEWERS, of="period", methods="POST"),
    "disclosure:review-chase": Row(REVIEWERS, of="period", methods="POST"),
    "disclosure:summary": Row(
        SUMMARY, of="summary_duty", methods="GET POST", writing="D -x-. M +---.-. MR x---.-. G -.--. F --.-. N x"
    ),
    "disclosure:summary-submit": Row("D x M x MC +---.-. G x GC -.--. F --.-. N x", of="summary_duty", methods="POST"),
    "disclosure:summary-figure": Row(SUMMARY, of="summary_figure"),
    "disclosure:summary-push": Row(
        "D x DS -+-. M x---.-. G x F x N x", of="summary_with_return", methods="POST", data=remark_to_push
    ),
    "disclosure:totals-newest": Row(STAFF),
    "disclosure:totals": Row(SHARED, of="period"),
    "disclosure:verify": Row(ALL, is_public=True),
    "disclosure:form-list": Row(OFFICER),
    "disclosure:version": Row(OFFICER_SHARED, of="draft_version", methods="GET POST"),
    "disclosure:version-copy": Row(OFFICER_SHARED, of="draft_version", methods="POST"),
    "disclosure:version-publish": Row(OFFICER_SHARED, of="draft_version", methods="POST"),
    "disclosure:version-discard": Row(OFFICER_SHARED, of="draft_version", methods="POST"),
    "disclosure:indicator-add": Row(OFFICER_SHARED, of="draft_version", methods="GET POST"),
    "disclosure:indicator-edit": Row(OFFICER_SHARED, of="draft_figure", methods="GET POST"),
    "disclosure:check-add": Row(OFFICER_SHARED, of="draft_version", methods="GET POST"),
    "disclosure:check-edit": Row(OFFICER_SHARED, of="draft_check", methods="GET POST"),
}

ROWS: dict[str, Row] = {
    "healthz": Row(ALL, is_public=True),
    "components": Row(ALL),
    **ACCOUNTS,
    **API,
    **PERSONAL,
    **ROSTER,
    **DUTIES,
    **RETURNS,
    **TERMS,
    **VOTES,
    **ANNUAL,
    **OVERSIGHT,
    **FUND_AUDITS,
    **FUNDS,
    **ASSETS,
    **REMITTANCES,
    **APPRAISALS,
    **PROPOSALS,
    **MEETINGS,
    **BULLETINS,
    **ENQUIRIES,
}
