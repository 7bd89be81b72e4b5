"""The access matrix of special oversight: seen by the whole chain above, led by the union itself, asked for and remarked on by
the tier directly above."""

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure import oversight as oversights
from disclosure.models import OversightFinding
from disclosure.oversight_draw import freeze
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.access_bulletins import OPEN_TO_ALL, WRITE, WRITE_OF_VIEW
from tests.factories import oversight as made
from tests.factories.meetings import planned
from tests.factories.unions import UserFactory
from unions import uploads
from unions.models import Union, User
from unions.services import appoint

ENTER = "D x DS ++x. M +++.... MR x G +.... F +x... N x"
ABOVE = "D x DS x+x. M x++.... MR x G x.... F xx... N x"


def _leads(world: MatrixWorld, union: Union) -> User:
    """Somebody who prepares, begins and replies there; a street's staff leave that to the chair, whom not all streets of
    the standing world have."""
    if union.tier != 2:
        return world.somebody_at(union)
    chair = UserFactory()
    appoint(user=chair, role="middle_chair", union=union, by=None)
    return User.objects.get(pk=chair.pk)


@maker("union")
def oversight(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.preparing(union, _leads(world, union)).pk}


@maker("union")
def oversight_move(world: MatrixWorld, union: Union) -> dict:
    return {**oversight(world, union), "move": "begin"}


@maker("union")
def oversight_document(world: MatrixWorld, union: Union) -> dict:
    return {**oversight(world, union), "form": "docx"}


@maker("union")
def oversight_draw(world: MatrixWorld, union: Union) -> dict:
    by = _leads(world, union)
    matter, meeting = made.preparing(union, by), planned(union, by, kind="committee")
    return {"pk": freeze(matter, pool="attendees", meeting=meeting, wanted=2, by=by).pk}


@maker("union")
def overseer(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.opened(union, _leads(world, union)).overseers.first().pk}


@maker("union")
def overseer_move(world: MatrixWorld, union: Union) -> dict:
    return {**overseer(world, union), "move": "decline"}


@maker("union")
def overseer_name(world: MatrixWorld, union: Union) -> dict:
    return {**overseer(world, union), "item": "name"}


@maker("union")
def oversight_finding(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.found(union, _leads(world, union)).pk}


@maker("union")
def oversight_finding_move(world: MatrixWorld, union: Union) -> dict:
    return {**oversight_finding(world, union), "move": "answer"}


@maker("union")
def oversight_reply(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.replied(union, _leads(world, union)).replies.get().pk}


@maker("union")
def oversight_reply_move(world: MatrixWorld, union: Union) -> dict:
    return {**oversight_reply(world, union), "move": "done"}


@maker("union")
def oversight_file(world: MatrixWorld, union: Union) -> dict:
    found, by = oversight_finding(world, union), _leads(world, union)
    finding = OversightFinding.objects.get(pk=found["pk"])
    given = SimpleUploadedFile("意见表.pdf", b"%PDF-1.4\n%%EOF\n")
    kept = uploads.receive(given, purpose=oversights.FILE, union=finding.oversight.union, by=by, object_id=finding.pk)
    return {**found, "upload": kept.pk}


@maker("shared")
def oversight_token(world: MatrixWorld) -> dict:
    matter = made.opened(world.wangjing, _leads(world, world.wangjing))
    return {"token": oversights.link_of(matter.overseers.first()).rstrip("/").rpartition("/")[2]}


LEAD = "D xxx. DL +xx. DS +xx. M xxx.... MC +xx.... G x.... GC +.... F +x... N x"

OVERSIGHT = {
    "api:oversight-list": Row(STAFF),
    "api:oversight-detail": Row(BELOW, of="oversight"),
    "api:oversight-move": Row(LEAD, of="oversight_move", methods="POST", data={"revision": 1}),
    "disclosure:oversight-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "in_time"})),
    "disclosure:oversight-add": Row(ENTER, of="union", methods="GET POST"),
    "disclosure:oversight": Row(BELOW, of="oversight"),
    "disclosure:oversight-edit": Row(ENTER, of="oversight", methods="GET POST"),
    "disclosure:oversight-move": Row(
        "D xxx. DL +xx. DS +xx. M xxx.... MC +xx.... G x.... GC +.... F +x... N x",
        of="oversight_move",
        methods="GET POST",
    ),
    "disclosure:oversight-comment": Row(ABOVE, of="oversight", methods="POST", data={"text": "请如期完成"}),
    "disclosure:oversight-document": Row(BELOW, of="oversight_document"),
    "disclosure:oversight-sheet": Row(BELOW, of="oversight_document"),
    "disclosure:overseer-invite": Row(WRITE, of="oversight", methods="GET POST", data={"name": "周监督"}),
    "disclosure:oversight-freeze": Row(WRITE, of="oversight", methods="GET POST"),
    "disclosure:oversight-draw": Row(
        BELOW, WRITE_OF_VIEW, of="oversight_draw", methods="GET POST", also=({"check": "1"},)
    ),
    "disclosure:overseer-link": Row(WRITE, of="overseer", methods="POST"),
    "disclosure:overseer-reveal": Row(WRITE, of="overseer_name", methods="GET POST", data={"reason": "联系本人"}),
    "disclosure:overseer-move": Row(WRITE, of="overseer_move", methods="GET POST", data={"reason": "出差"}),
    "disclosure:oversight-take-down": Row(
        WRITE, of="overseer", methods="GET POST", data={"title": "标准不一", "text": "两个车间标准不同"}
    ),
    "disclosure:oversight-hand-in": Row(WRITE, of="overseer", methods="POST"),
    "disclosure:oversight-finding": Row(BELOW, WRITE_OF_VIEW, of="oversight_finding", methods="GET POST"),
    "disclosure:oversight-finding-move": Row(WRITE, of="oversight_finding_move", methods="GET POST"),
    "disclosure:oversight-reply-move": Row(WRITE, of="oversight_reply_move", methods="GET POST"),
    "disclosure:oversight-evidence": Row(WRITE, of="oversight_reply", methods="GET POST"),
    "disclosure:oversight-file": Row(BELOW, of="oversight_file"),
    "disclosure:oversight-link": Row(OPEN_TO_ALL, of="oversight_token", methods="GET POST", is_public=True),
}
