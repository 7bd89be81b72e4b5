"""The access matrix of bulletins: seen by the whole chain above, written, checked and approved by the union itself."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disclosure import bulletins
from disclosure.bulletins import FILE, PROOF
from disclosure.models import Bulletin, CatalogueItem, PublicPage
from tests.access import ALL, BELOW, OFFICER, OFFICER_SHARED, STAFF, MatrixWorld, Row, maker
from tests.factories.bulletins import drafted
from unions import uploads
from unions.models import Union
from unions.tokens import Purpose, make

WRITES = "D x DS + M + MR x G + F + N x"
WRITE = "D x DS +xx. M +xx.... MR x G +.... F +x... N x"
# As WRITE, where the page itself is read by whoever sees the union.
WRITE_OF_VIEW = "D xxx. DS +xx. M +xx.... MR xxx.... G +.... F +x... N x"
# Whoever approves keeps the public page.
KEEP = "D x DL +xx. DS +xx. M x MC +xx.... G x GC +.... F +x... N x"
KEEP_OF_VIEW = "D xxx. DL +xx. DS +xx. M xxx.... MC +xx.... G x.... GC +.... F +x... N x"
OPEN_TO_ALL = "D +. M +. G +. F +. N +."
MAKE = "D x DS +xx. M +xx.... MR x G +.... F +x... N x"


@maker("union")
def bulletin(world: MatrixWorld, union: Union) -> dict:
    return {"pk": drafted(union, world.somebody_at(union)).pk}


@maker("union")
def bulletin_move(world: MatrixWorld, union: Union) -> dict:
    return {**bulletin(world, union), "move": "submit"}


@maker("union")
def published_bulletin(world: MatrixWorld, union: Union) -> dict:
    by, made = world.somebody_at(union), bulletin(world, union)
    given = {"state": "published", "published_at": timezone.now(), "checked_by": by, "approved_by": by}
    Bulletin.objects.filter(pk=made["pk"]).update(**given)
    return made


@maker("union")
def bulletin_file(world: MatrixWorld, union: Union) -> dict:
    made = bulletin(world, union)
    return {**made, "upload": _file(world, union, FILE, made["pk"])}


@maker("union")
def posting(world: MatrixWorld, union: Union) -> dict:
    found = Bulletin.objects.get(pk=published_bulletin(world, union)["pk"])
    values = {"channel": "board", "place": "厂门口公告栏", "posted_on": timezone.localdate(), "removed_on": None}
    return {"pk": bulletins.post(found, values, by=world.somebody_at(union)).pk}


@maker("union")
def posting_proof(world: MatrixWorld, union: Union) -> dict:
    made = posting(world, union)
    return {**made, "upload": _file(world, union, PROOF, made["pk"])}


@maker("shared")
def catalogue_item(world: MatrixWorld) -> dict:
    return {"pk": CatalogueItem.objects.first().pk}


@maker("union")
def open_page(world: MatrixWorld, union: Union) -> dict:
    PublicPage.objects.get_or_create(union=union, defaults={"is_open": True})
    return {"pk": union.pk}


@maker("shared")
def public_slug(world: MatrixWorld) -> dict:
    open_page(world, world.factory)
    return {"slug": PublicPage.objects.get(union=world.factory).slug}


@maker("shared")
def public_bulletin(world: MatrixWorld) -> dict:
    made = Bulletin.objects.get(pk=published_bulletin(world, world.factory)["pk"])
    return {**public_slug(world), "code": made.code}


@maker("shared")
def public_file(world: MatrixWorld) -> dict:
    given = public_bulletin(world)
    return {**given, "upload": _file(world, world.factory, FILE, Bulletin.objects.get(code=given["code"]).pk)}


@maker("union")
def reader_link(world: MatrixWorld, union: Union) -> dict:
    return {**open_page(world, union), "readers": "members"}


@maker("shared")
def reading_link(world: MatrixWorld) -> dict:
    public_slug(world)
    page = PublicPage.objects.get(union=world.factory)
    return {"readers": "members", "token": make(Purpose.READ_MEMBERS, page.pk, page.members_link)}


@maker("shared")
def reading_bulletin(world: MatrixWorld) -> dict:
    return {**reading_link(world), "code": public_bulletin(world)["code"]}


@maker("shared")
def reading_file(world: MatrixWorld) -> dict:
    given = public_file(world)
    return {**reading_link(world), "code": given["code"], "upload": given["upload"]}


@maker("shared")
def engines_section(world: MatrixWorld) -> dict:
    return {"section": "pages"}


def _file(world: MatrixWorld, union: Union, purpose: uploads.Purpose, pk: int) -> int:
    given = SimpleUploadedFile("附件.pdf", b"%PDF-1.4\n%%EOF\n")
    return uploads.receive(given, purpose=purpose, union=union, by=world.somebody_at(union), object_id=pk).pk


BULLETINS = {
    "api:bulletin-list": Row(STAFF),
    "api:bulletin-detail": Row(BELOW, of="bulletin"),
    "disclosure:bulletin-list": Row(STAFF, also=({"export": "xlsx"},)),
    "disclosure:bulletin-write-anywhere": Row(WRITES),
    "disclosure:bulletin-offers": Row(MAKE, of="union", methods="GET POST", data={"result": "meeting.987654321"}),
    "disclosure:bulletin-write": Row(MAKE, of="union", methods="GET POST"),
    "disclosure:bulletin": Row(BELOW, of="bulletin"),
    "disclosure:bulletin-edit": Row(WRITE, of="bulletin", methods="GET POST"),
    "disclosure:bulletin-discard": Row(WRITE, of="bulletin", methods="GET POST"),
    "disclosure:bulletin-check": Row(BELOW, of="bulletin", methods="GET POST", writing=WRITE_OF_VIEW),
    "disclosure:bulletin-move": Row(WRITE_OF_VIEW, of="bulletin_move", methods="GET POST"),
    "disclosure:bulletin-files": Row(WRITE, of="bulletin", methods="GET POST"),
    "disclosure:bulletin-file": Row(BELOW, of="bulletin_file"),
    "disclosure:bulletin-file-remove": Row(WRITE, of="bulletin_file", methods="POST"),
    "disclosure:bulletin-post": Row(WRITE, of="published_bulletin", methods="GET POST"),
    "disclosure:posting": Row(BELOW, of="posting", methods="GET POST", writing=WRITE_OF_VIEW),
    "disclosure:posting-remove": Row(WRITE, of="posting", methods="POST"),
    "disclosure:posting-proof": Row(BELOW, of="posting_proof"),
    "disclosure:public-page": Row(BELOW, of="union", methods="GET POST", writing=KEEP_OF_VIEW, data={"slug": "rftc"}),
    "disclosure:public-page-open": Row(KEEP, of="union", methods="POST", data={"open": "1"}),
    "disclosure:public-page-committee": Row(KEEP, of="union", methods="POST"),
    "disclosure:public-page-poster": Row(BELOW, of="open_page"),
    "disclosure:reader-links": Row(KEEP, of="union"),
    "disclosure:reader-poster": Row(KEEP, of="reader_link"),
    "disclosure:reader-renew": Row(KEEP, of="reader_link", methods="POST", data={"number": "1"}),
    "disclosure:read": Row(OPEN_TO_ALL, of="reading_link", is_public=True),
    "disclosure:read-bulletins": Row(OPEN_TO_ALL, of="reading_link", is_public=True),
    "disclosure:read-bulletin": Row(OPEN_TO_ALL, of="reading_bulletin", is_public=True),
    "disclosure:read-file": Row(OPEN_TO_ALL, of="reading_file", is_public=True),
    "disclosure:public": Row(OPEN_TO_ALL, of="public_slug", is_public=True),
    "disclosure:public-bulletins": Row(OPEN_TO_ALL, of="public_slug", is_public=True),
    "disclosure:public-bulletin": Row(OPEN_TO_ALL, of="public_bulletin", is_public=True),
    "disclosure:public-file": Row(OPEN_TO_ALL, of="public_file", is_public=True),
    "disclosure:public-feed": Row(OPEN_TO_ALL, of="public_slug", is_public=True),
    "disclosure:sitemaps": Row(ALL, is_public=True),
    "disclosure:sitemap": Row(OPEN_TO_ALL, of="engines_section", is_public=True),
    "disclosure:robots": Row(ALL, is_public=True),
    "disclosure:catalogue": Row(STAFF),
    "disclosure:catalogue-add": Row(OFFICER, methods="GET POST"),
    "disclosure:catalogue-edit": Row(OFFICER_SHARED, of="catalogue_item", methods="GET POST"),
}
