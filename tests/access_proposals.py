"""The access matrix of delegates and proposals."""

from assemblies.models import Proposer
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.factories.assemblies import proposal_of
from unions.models import Union
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
def handed_over(world: MatrixWorld, union: Union) -> dict:
    """A proposal in the hands of a department of the union."""
    person = world.somebody_at(union)
    made = perform(perform(proposal_of(union), "accept", by=person), "assign", by=person, data={"lead": "办公室"})
    return {"pk": made.pk, "handler_pk": made.handlers.get().pk}


@maker("union")
def sealed_name(world: MatrixWorld, union: Union) -> dict:
    made = proposal_of(union, proposer="赵隐名", is_confidential=True)
    return {"pk": Proposer.objects.get(proposal=made).proposal_id, "item": "name"}


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
    "assemblies:proposal-reveal": Row(OWN, of="sealed_name", methods="GET POST", data={"reason": "核实"}),
}
