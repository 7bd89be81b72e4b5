"""The access matrix of fund audits: seen by the whole chain above and by the union itself, carried out by the tier above or the
district; what was found is hidden from the union until the draft is sent to it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure import fund_audits
from disclosure.models import FundFinding
from tests.access import STAFF, MatrixWorld, Row, maker
from tests.factories import fund_audits as made
from unions import uploads
from unions.enums import Tier
from unions.models import Union, User

# The district itself is audited by nobody here. A union is seen with what lies below it.
SEEN = "D -++. M +++-... G +.... F ++... N x"
# The district's staff and auditors of the middle tier, a street's staff of those below: others are refused within sight.
# Whoever plans in another union's name, or holds a post at the audited one, is refused with a sentence (409).
AUDITS = "D -++. DL -xx. M +++-... MR xxx-... G x.... F xx... N x"
# As AUDITS, where the page is for auditors alone.
WRITES_DOWN = "D -++. DL x M +++-... MR x G x F x N x"
RECTIFIES = "D -xx. M +xx-... MR xxx-... G +.... F +x... N x"
AUDITORS = "D + DL x M + MR x G x F x N x"


def auditor_of(world: MatrixWorld, union: Union) -> User:
    above = world.district if union.tier is not Tier.GRASSROOTS else union.middle
    return world.person("district_auditor" if above == world.district else "middle_staff", above)


def _at(stage, world: MatrixWorld, union: Union):
    """None where nobody audits: the district federation."""
    return None if union == world.district else {"pk": stage(union, auditor_of(world, union)).pk}


@maker("union")
def fund_audit(world: MatrixWorld, union: Union) -> dict | None:
    return _at(made.planned, world, union)


@maker("union")
def fund_audit_move(world: MatrixWorld, union: Union) -> dict | None:
    found = fund_audit(world, union)
    return found and {**found, "move": "call_off"}


@maker("union")
def fund_audit_at_work(world: MatrixWorld, union: Union) -> dict | None:
    return _at(made.at_work, world, union)


@maker("union")
def fund_audit_paper(world: MatrixWorld, union: Union) -> dict | None:
    found = _at(made.served, world, union)
    return found and {**found, "name": "notice", "form": "docx"}


@maker("union")
def fund_finding(world: MatrixWorld, union: Union) -> dict | None:
    """Of a report, so that the union reads it."""
    return _at(made.reported, world, union)


@maker("union")
def fund_finding_draft(world: MatrixWorld, union: Union) -> dict | None:
    """Before the report, after the comment."""
    if union == world.district:
        return None
    return {"pk": made.commented(union, auditor_of(world, union)).findings.get().pk}


@maker("union")
def fund_finding_move(world: MatrixWorld, union: Union) -> dict | None:
    found = fund_finding(world, union)
    return found and {**found, "move": "send_back"}


@maker("union")
def fund_finding_file(world: MatrixWorld, union: Union) -> dict | None:
    if (found := fund_finding(world, union)) is None:
        return None
    finding = FundFinding.objects.get(pk=found["pk"])
    given = SimpleUploadedFile("凭证.pdf", b"%PDF-1.4\n%%EOF\n")
    by = world.somebody_at(union)
    kept = uploads.receive(given, purpose=fund_audits.EVIDENCE, union=union, by=by, object_id=finding.pk)
    return {**found, "upload": kept.pk}


FUND_AUDITS = {
    "api:fund-audit-list": Row(STAFF),
    "api:fund-audit-detail": Row(SEEN, of="fund_audit"),
    "api:fund-audit-move": Row(
        AUDITS, of="fund_audit_move", methods="POST", data={"revision": 1, "reason": "计划调整"}
    ),
    "disclosure:fund-audit-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "open"})),
    "disclosure:fund-audit-plan": Row(AUDITORS, methods="GET POST", also=({"standing": "never"},)),
    "disclosure:fund-audit-unions": Row(STAFF, also=({"export": "xlsx"}, {"standing": "never", "tier": "3"})),
    "disclosure:fund-audit-coverage": Row(STAFF, also=({"export": "xlsx"},)),
    "disclosure:fund-audit": Row(SEEN, of="fund_audit"),
    "disclosure:fund-audit-move": Row(AUDITS, of="fund_audit_move", methods="GET POST", data={"reason": "计划调整"}),
    "disclosure:fund-audit-paper": Row(SEEN, of="fund_audit_paper"),
    "disclosure:fund-finding-add": Row(WRITES_DOWN, of="fund_audit_at_work", methods="GET POST"),
    "disclosure:fund-finding": Row(SEEN, RECTIFIES, of="fund_finding", methods="GET POST"),
    "disclosure:fund-finding-edit": Row(WRITES_DOWN, of="fund_finding_draft", methods="GET POST"),
    "disclosure:fund-finding-drop": Row(
        WRITES_DOWN, of="fund_finding_draft", methods="GET POST", data={"reason": "不成立"}
    ),
    "disclosure:fund-finding-move": Row(AUDITS, of="fund_finding_move", methods="GET POST"),
    "disclosure:fund-finding-file": Row(SEEN, of="fund_finding_file"),
}
