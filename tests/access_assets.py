"""The access matrix of assets: seen by the whole chain above, kept by the union itself, large disposals decided on by the tier
directly above."""

from django.core.files.uploadedfile import SimpleUploadedFile

from disclosure import assets
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.access_bulletins import WRITE, WRITE_OF_VIEW
from tests.access_oversight import _leads
from tests.factories import assets as made
from unions import uploads
from unions.models import Union

SIGNS = "D x DL +xx. DS +xx. M x MC +xx.... G x GC +.... F +x... N x"
SIGNS_OF_VIEW = "D xxx. DL +xx. DS +xx. M xxx.... MC +xx.... G x.... GC +.... F +x... N x"


@maker("union")
def asset(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.entered(union, world.somebody_at(union)).pk}


@maker("union")
def asset_move(world: MatrixWorld, union: Union) -> dict:
    return {**asset(world, union), "move": "dispose"}


@maker("union")
def asset_register(world: MatrixWorld, union: Union) -> dict:
    return {"pk": union.pk, "form": "docx"}


@maker("union")
def asset_file(world: MatrixWorld, union: Union) -> dict:
    found, by = asset(world, union), world.somebody_at(union)
    given = SimpleUploadedFile("发票.pdf", b"%PDF-1.4\n%%EOF\n")
    return {
        **found,
        "upload": uploads.receive(given, purpose=assets.FILE, union=union, by=by, object_id=found["pk"]).pk,
    }


@maker("union")
def stock_taking(world: MatrixWorld, union: Union) -> dict:
    return {"pk": made.counted(union, _leads(world, union)).pk}


GIVEN = {"way": "scrapped", "reason": "已损坏"}
ASSETS = {
    "api:asset-list": Row(STAFF),
    "api:asset-detail": Row(BELOW, of="asset"),
    "api:asset-move": Row(SIGNS_OF_VIEW, of="asset_move", methods="POST", data={"revision": 1, **GIVEN}),
    "disclosure:asset-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "missing"})),
    "disclosure:asset-add": Row(WRITE, of="union", methods="GET POST"),
    "disclosure:stock-count": Row(SIGNS, of="union", methods="GET POST"),
    "disclosure:asset-register": Row(BELOW, of="asset_register"),
    "disclosure:asset": Row(BELOW, WRITE_OF_VIEW, of="asset", methods="GET POST"),
    "disclosure:asset-correct": Row(WRITE, of="asset", methods="GET POST"),
    "disclosure:asset-move": Row(SIGNS_OF_VIEW, of="asset_move", methods="GET POST", data=GIVEN),
    "disclosure:asset-file": Row(BELOW, of="asset_file"),
    "disclosure:stock-taking": Row(BELOW, of="stock_taking"),
}
