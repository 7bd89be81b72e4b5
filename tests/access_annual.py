"""The access matrix of annual reports: seen by the whole chain above, written and signed by the union itself, decided on
by the tier directly above."""

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure import annual_hearing
from disclosure.annual import FILE
from disclosure.models import AnnualHearer
from tests.access import BELOW, OFFICER_SHARED, STAFF, MatrixWorld, Row, maker
from tests.access_bulletins import KEEP, OPEN_TO_ALL, WRITE, WRITE_OF_VIEW
from tests.factories import annual
from unions import tokens, uploads
from unions.models import Union

DECIDE_OF_VIEW = "D xxx. DS x+x. M x++.... G x.... F xx... N x"


@maker("union")
def annual_duty(world: MatrixWorld, union: Union) -> dict:
    """Of a year on which nobody has begun to report."""
    return {"pk": annual.duty_of(union, annual.YEAR - 1).pk}


@maker("union")
def annual_part(world: MatrixWorld, union: Union) -> dict:
    return {**annual_duty(world, union), "number": 1}


@maker("union")
def annual_report(world: MatrixWorld, union: Union) -> dict:
    return {"pk": annual.begun(union, world.somebody_at(union)).pk}


@maker("union")
def annual_move(world: MatrixWorld, union: Union) -> dict:
    return {**annual_report(world, union), "move": "accept"}


@maker("union")
def annual_document(world: MatrixWorld, union: Union) -> dict:
    return {**annual_report(world, union), "form": "docx"}


@maker("union")
def annual_file(world: MatrixWorld, union: Union) -> dict:
    return {**annual_report(world, union), "upload": _file(world, union)}


@maker("union")
def annual_draft_file(world: MatrixWorld, union: Union) -> dict:
    return {"pk": annual.duty_of(union).pk, "upload": _file(world, union)}


@maker("union")
def annual_question(world: MatrixWorld, union: Union) -> dict:
    report, by = annual.begun(union, world.somebody_at(union)), world.somebody_at(union)
    return {"pk": annual_hearing.ask(report, "经费花在哪里？", by=by).pk}


@maker("shared")
def annual_token(world: MatrixWorld) -> dict:
    report = annual.begun(world.wangjing, world.somebody_at(world.wangjing))
    hearer, _new = AnnualHearer.objects.get_or_create(report=report, number=1, defaults={"name": "李敏"})
    return {"token": tokens.make(tokens.Purpose.ANNUAL_HEARING, hearer.pk)}


@maker("shared")
def annual_tier(world: MatrixWorld) -> dict:
    return {"tier": 3}


def _file(world: MatrixWorld, union: Union) -> int:
    section = annual.begun(union, world.somebody_at(union)).sections.first()
    given = SimpleUploadedFile("决算表.pdf", b"%PDF-1.4\n%%EOF\n")
    return uploads.receive(given, purpose=FILE, union=union, by=world.somebody_at(union), object_id=section.pk).pk


ANNUAL = {
    "api:annual-report-list": Row(STAFF),
    "api:annual-report-detail": Row(BELOW, of="annual_report"),
    "api:annual-report-move": Row(DECIDE_OF_VIEW, of="annual_move", methods="POST", data={"revision": 1}),
    "disclosure:annual-compare": Row(BELOW, of="union"),
    "disclosure:annual-list": Row(STAFF, also=({"export": "xlsx"},)),
    "disclosure:annual-sheets": Row(STAFF),
    "disclosure:annual-sheet-edit": Row(OFFICER_SHARED, of="annual_tier", methods="GET POST"),
    "disclosure:annual-write": Row(WRITE_OF_VIEW, of="annual_duty", methods="GET POST"),
    "disclosure:annual-field": Row(WRITE, of="annual_duty", methods="POST", data={"name": "a.before", "value": "6"}),
    "disclosure:annual-drafts": Row(WRITE, of="annual_duty", methods="POST"),
    "disclosure:annual-sign": Row(KEEP, of="annual_duty", methods="GET POST"),
    "disclosure:annual-files": Row(WRITE, of="annual_part", methods="GET POST"),
    "disclosure:annual-file-remove": Row(WRITE, of="annual_draft_file", methods="POST"),
    "disclosure:annual": Row(BELOW, of="annual_report"),
    "disclosure:annual-move": Row(DECIDE_OF_VIEW, of="annual_move", methods="GET POST"),
    "disclosure:annual-document": Row(BELOW, of="annual_document"),
    "disclosure:annual-file": Row(BELOW, of="annual_file"),
    "disclosure:annual-hear": Row(WRITE, of="annual_report", methods="GET POST"),
    "disclosure:annual-hear-end": Row(WRITE, of="annual_report", methods="POST"),
    "disclosure:annual-question-add": Row(WRITE, of="annual_report", methods="GET POST"),
    "disclosure:annual-answer": Row(WRITE, of="annual_question", methods="GET POST"),
    "disclosure:annual-hearing": Row(OPEN_TO_ALL, of="annual_token", methods="GET POST", is_public=True),
}
