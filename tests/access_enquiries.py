"""The access matrix of enquiries: seen by the whole chain above, handled by whoever has them now."""

from disclosure.models import EnquiryTheme
from tests.access import BELOW, OFFICER, OFFICER_SHARED, STAFF, MatrixWorld, Row, maker
from tests.access_bulletins import public_slug  # noqa: F401  a public page to ask on
from tests.access_meetings import matter  # noqa: F401  what was raised at a symposium
from tests.factories.enquiries import asked
from unions.models import Union
from unions.tokens import Purpose, make

HANDLERS = "D x DS + M + MR x G + F + N x"
OWN = "D x DS +xx. M +xx.... MR x G +.... F +x... N x"
# Whoever sees to the union's matters and to its enquiries.
OF_MATTER = "D x DS +xx. M +xx.... MR x G x.... GC +.... F +x... N x"
# The same where whoever sees it may ask for the page before the right is looked at.
OPEN = "D +. M +. G +. F +. N +. Y +."


@maker("union")
def enquiry(world: MatrixWorld, union: Union) -> dict:
    return {"pk": asked(union, world.somebody_at(union)).pk}


@maker("union")
def enquiry_to_decline(world: MatrixWorld, union: Union) -> dict:
    return {**enquiry(world, union), "move": "decline"}


@maker("union")
def asker(world: MatrixWorld, union: Union) -> dict:
    return {"pk": asked(union, world.somebody_at(union), name="赵隐名").pk, "item": "name"}


@maker("shared")
def enquiry_theme(world: MatrixWorld) -> dict:
    return {"pk": EnquiryTheme.objects.first().pk}


@maker("shared")
def asker_link(world: MatrixWorld) -> dict:
    return {"token": make(Purpose.ENQUIRY, asked(world.factory).pk)}


@maker("shared")
def dialogue_month(world: MatrixWorld) -> dict:
    return {"month": "2026-11"}


ENQUIRIES: dict[str, Row] = {
    "disclosure:enquiry-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "in_time"})),
    "disclosure:enquiry-queue": Row(HANDLERS),
    "disclosure:enquiry-bulk": Row(HANDLERS, methods="POST", data={"action": "up", "ids": "987654321"}),
    "disclosure:enquiry-board": Row(STAFF, also=({"export": "xlsx"}, {"days": "30"})),
    "api:enquiry-list": Row(STAFF),
    "api:enquiry-detail": Row(BELOW, of="enquiry"),
    "api:enquiry-move": Row(
        OWN, of="enquiry_to_decline", methods="POST", data={"revision": 1, "reason": "不属工会职责"}
    ),
    "disclosure:enquiry-new": Row(HANDLERS, methods="GET POST"),
    "disclosure:enquiry-of-matter": Row(OF_MATTER, of="matter", methods="GET POST"),
    "disclosure:enquiry": Row(BELOW, of="enquiry"),
    "disclosure:enquiry-move": Row(OWN, of="enquiry_to_decline", methods="GET POST", data={"reason": "不属工会职责"}),
    "disclosure:enquiry-add": Row(OWN, of="enquiry", methods="POST", data={"text": "补充一句"}),
    "disclosure:enquiry-reveal": Row(OWN, of="asker", methods="GET POST", data={"reason": "回电"}),
    "disclosure:enquiry-link": Row(OWN, of="enquiry", methods="POST"),
    "disclosure:enquiry-theme-list": Row(OFFICER),
    "disclosure:enquiry-theme-add": Row(OFFICER, methods="GET POST"),
    "disclosure:enquiry-theme-edit": Row(OFFICER_SHARED, of="enquiry_theme", methods="GET POST"),
    "disclosure:dialogue-newest": Row(STAFF),
    "disclosure:dialogue": Row("D +. M +. G +. F +. N x", of="dialogue_month"),
    "disclosure:public-ask": Row(OPEN, of="public_slug", methods="GET POST", is_public=True),
    "disclosure:public-enquiry": Row(OPEN, of="asker_link", methods="GET POST", is_public=True),
}
