"""The access matrix of delegates and proposals."""

from assemblies.models import Proposer, Theme
from tests.access import BELOW, OFFICER, OFFICER_SHARED, STAFF, MatrixWorld, Row, maker
from tests.factories.assemblies import collection_of, constituency_of, delegate_of, proposal_of, term_of
from unions.models import Union
from unions.tokens import Purpose, make
from unions.workflow import perform

# Whoever handles the union's own proposals, and nobody else's; where the page is only theirs.
OWN = "D x DS +xx. M +xx.... MR x G +.... GS x F +x... N x"
# The same where everybody in scope reads the page before it.
OWN_STEP = "D xxx. DS +xx. M +xx.... MR xxx.... G +.... GS x.... F +x... N x"
HANDLERS = "D x DS + M + MR x G + GS x F + N x"


@maker("union")
def proposal(world: MatrixWorld, union: Union) -> dict:
    return {"pk": proposal_of(union).pk}


@maker("union")
def proposal_to_decline(world: MatrixWorld, union: Union) -> dict:
    return {"pk": proposal_of(union).pk, "move": "decline"}


@maker("union")
def proposal_to_accept(world: MatrixWorld, union: Union) -> dict:
    return {"pk": proposal_of(union).pk, "move": "accept"}


@maker("shared")
def theme_kind(world: MatrixWorld) -> dict:
    return {"kind": "theme"}


@maker("union")
def handed_over(world: MatrixWorld, union: Union) -> dict:
    """A proposal in the hands of a department of the union."""
    person = world.somebody_at(union)
    made = perform(perform(proposal_of(union), "accept", by=person), "assign", by=person, data={"lead": "办公室"})
    return {"pk": made.pk, "handler_pk": made.handlers.get().pk}


@maker("union")
def sealed_name(world: MatrixWorld, union: Union) -> dict:
    made = proposal_of(union, proposer="赵隐名", is_confidential=True)
    return {"pk": Proposer.objects.get(proposal=made).proposal_id, "item": "name"}


@maker("union")
def link_to_take(world: MatrixWorld, union: Union) -> dict:
    return {"pk": proposal_of(union).pk}


@maker("union")
def collection(world: MatrixWorld, union: Union) -> dict:
    return {"pk": collection_of(union).pk}


@maker("union")
def term(world: MatrixWorld, union: Union) -> dict:
    """A term with a constituency, so that delegates can be entered."""
    made = term_of(union)
    if not made.constituencies.exists():
        constituency_of(made, world.somebody_at(union))
    return {"pk": made.pk}


@maker("union")
def constituency(world: MatrixWorld, union: Union) -> dict:
    term = term_of(union, 4)
    made = term.constituencies.first() or constituency_of(term, world.somebody_at(union), "后勤部")
    return {"pk": made.term_id, "item": made.pk}


@maker("union")
def delegate(world: MatrixWorld, union: Union) -> dict:
    term = term_of(union, 3)
    place = term.constituencies.first() or constituency_of(term, world.somebody_at(union), "技术部")
    return {"pk": (place.delegates.first() or delegate_of(place, world.somebody_at(union))).pk}


@maker("union")
def delegate_to_end(world: MatrixWorld, union: Union) -> dict:
    term = term_of(union, 2)
    place = term.constituencies.first() or constituency_of(term, world.somebody_at(union), "销售部")
    return {"pk": (place.delegates.first() or delegate_of(place, world.somebody_at(union))).pk, "move": "end"}


@maker("shared")
def theme(world: MatrixWorld) -> dict:
    return {"kind": "theme", "pk": Theme.objects.first().pk}


@maker("shared")
def collection_link(world: MatrixWorld) -> dict:
    return {"token": make(Purpose.COLLECTION, collection_of(world.factory).pk)}


@maker("shared")
def proposer_link(world: MatrixWorld) -> dict:
    return {"token": make(Purpose.PROPOSER, proposal_of(world.factory).pk)}


@maker("shared")
def published_link(world: MatrixWorld) -> dict:
    return {"token": make(Purpose.PUBLISHED, world.factory.pk)}


@maker("shared")
def card_link(world: MatrixWorld) -> dict:
    return {"token": make(Purpose.CARD, delegate(world, world.factory)["pk"])}


PUBLIC = "D +. M +. G +. F +. N +. Y +."
REPLY = {"grade": "a", "text": "已办。", "signed": "办公室"}

PROPOSALS: dict[str, Row] = {
    "assemblies:proposal-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "in_time"})),
    "assemblies:proposal-new": Row(HANDLERS, methods="GET POST"),
    "assemblies:proposal-queue": Row(HANDLERS),
    "assemblies:proposal-bulk": Row(HANDLERS, methods="POST", data={"action": "accept"}),
    "assemblies:proposal-detail": Row(BELOW, of="proposal"),
    "assemblies:proposal-print": Row(BELOW, of="proposal"),
    "assemblies:proposal-move": Row(
        OWN_STEP, of="proposal_to_decline", methods="GET POST", data={"reason": "不属工会职责"}
    ),
    "assemblies:proposal-answer": Row(OWN, of="handed_over", methods="GET POST", data=REPLY),
    "assemblies:proposal-statistics": Row(
        STAFF, also=({"by": "handler"}, {"by": "middle"}, {"export": "xlsx"}, {"year": "2026"})
    ),
    "assemblies:proposal-link": Row(OWN, of="link_to_take", methods="POST"),
    "assemblies:theme-list": Row(OFFICER),
    "assemblies:theme-add": Row(OFFICER_SHARED, of="theme_kind", methods="GET POST"),
    "assemblies:theme-edit": Row(OFFICER_SHARED, of="theme", methods="GET POST"),
    "assemblies:collection-list": Row(STAFF),
    "assemblies:collection-new": Row(OWN, of="union", methods="GET POST"),
    "assemblies:collection": Row(BELOW, of="collection"),
    "assemblies:collection-edit": Row(OWN, of="collection", methods="GET POST"),
    "assemblies:collection-renew": Row(OWN, of="collection", methods="POST"),
    "assemblies:delegate-list": Row(STAFF, also=({"export": "xlsx"}, {"serving": "1"}, {"absent": "1"})),
    "assemblies:delegate": Row(BELOW, of="delegate"),
    "assemblies:delegate-edit": Row(OWN, of="delegate", methods="GET POST"),
    "assemblies:delegate-phone": Row(OWN, of="delegate", methods="GET POST"),
    "assemblies:delegate-card-renew": Row(OWN, of="delegate", methods="POST"),
    "assemblies:delegate-move": Row(OWN, of="delegate_to_end", methods="GET POST"),
    "assemblies:delegate-plan": Row(BELOW, of="term"),
    "assemblies:delegate-new": Row(OWN, of="term", methods="GET POST"),
    "assemblies:delegate-cards": Row(BELOW, of="term"),
    "assemblies:constituency-add": Row(OWN, of="term", methods="GET POST"),
    "assemblies:constituency-edit": Row(OWN, of="constituency", methods="GET POST"),
    "assemblies:constituency-remove": Row(OWN, of="constituency", methods="POST"),
    "assemblies:public-collection": Row(PUBLIC, of="collection_link", methods="GET POST", is_public=True),
    "assemblies:public-proposal": Row(PUBLIC, of="proposer_link", methods="GET POST", is_public=True),
    "assemblies:public-published": Row(PUBLIC, of="published_link", is_public=True),
    "assemblies:public-card": Row(PUBLIC, of="card_link", is_public=True),
    "api:proposal-list": Row(STAFF),
    "api:proposal-detail": Row(BELOW, of="proposal"),
    "api:proposal-move": Row(OWN_STEP, of="proposal_to_accept", methods="POST", data={"revision": 1}),
    "api:delegate-list": Row(STAFF),
    "api:delegate-detail": Row(BELOW, of="delegate"),
    "assemblies:proposal-reveal": Row(OWN, of="sealed_name", methods="GET POST", data={"reason": "核实"}),
}
