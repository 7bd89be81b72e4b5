"""The access matrix of votes: run by the union itself, read by its scope, cast by whoever holds a link."""

from assemblies import ballots, votes
from assemblies.enums import VoteManner
from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.factories.votes import meeting_of, motion, opened, tick
from unions.models import Union
from unions.workflow import perform

# Whoever runs the union's own votes.
OWN = "D x DS +xx. M +xx.... MR x G +.... GS x F +x... N x"
# Paper is counted by people of the union itself, or of the tier directly above.
TELLERS = "D +xx. DS ++x. M +++.... G +.... F +x... N x"
LINK = "D +. M +. G +. F +. N +."


def _motion(world: MatrixWorld, union: Union, manner: str = VoteManner.SECRET):
    return motion(meeting_of(union), world.somebody_at(union), manner=manner)


@maker("union")
def vote(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _motion(world, union).pk}


@maker("union")
def vote_to_open(world: MatrixWorld, union: Union) -> dict:
    return {"pk": _motion(world, union).pk, "move": "open"}


@maker("union")
def kind_of_vote(world: MatrixWorld, union: Union) -> dict:
    return {"pk": union.pk, "kind": "motion"}


@maker("union")
def open_vote(world: MatrixWorld, union: Union) -> dict:
    return {"pk": opened(_motion(world, union), world.somebody_at(union))[0].pk}


@maker("union")
def open_link(world: MatrixWorld, union: Union) -> dict:
    made, links = opened(_motion(world, union, VoteManner.MIXED), world.somebody_at(union))
    return {"pk": made.pk, "link_pk": links[0][0].pk}


@maker("union")
def paper_vote(world: MatrixWorld, union: Union) -> dict:
    return {"pk": opened(_motion(world, union, VoteManner.PAPER), world.somebody_at(union))[0].pk}


@maker("union")
def paper_batch(world: MatrixWorld, union: Union) -> dict:
    made = opened(_motion(world, union, VoteManner.PAPER), world.somebody_at(union))[0]
    return {"pk": made.pk, "batch_pk": votes.add_batch(made, "", by=world.somebody_at(union)).pk}


@maker("union")
def counted_vote(world: MatrixWorld, union: Union) -> dict:
    by = world.somebody_at(union)
    made, links = opened(_motion(world, union, VoteManner.NAMED), by)
    for link, _secret in links[:6]:
        tick(made, link, 1)
    return {"pk": perform(perform(made, "close", by=by), "count", by=by).pk}


@maker("shared")
def ballot_link(world: MatrixWorld) -> dict:
    made = opened(_motion(world, world.factory), world.somebody_at(world.factory))[1]
    return {"token": made[0][1]}


@maker("shared")
def slip(world: MatrixWorld) -> dict:
    made = ballots.make_slips(_motion(world, world.factory), 1, by=world.somebody_at(world.factory))
    return {"token": made[0][1]}


VOTES: dict[str, Row] = {
    "api:vote-list": Row(STAFF),
    "api:vote-detail": Row(BELOW, of="counted_vote"),
    "assemblies:vote-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:vote-new": Row(OWN, of="kind_of_vote", methods="GET POST"),
    "assemblies:vote-detail": Row(BELOW, of="vote"),
    "assemblies:vote-edit": Row(OWN, of="vote", methods="GET POST"),
    "assemblies:vote-discard": Row(OWN, of="vote", methods="POST"),
    "assemblies:vote-move": Row(OWN, of="vote_to_open", methods="POST"),
    "assemblies:vote-slips": Row(OWN, of="vote", methods="POST", data={"count": 2}),
    "assemblies:vote-links": Row(OWN, of="open_vote", methods="POST"),
    "assemblies:vote-turnout": Row(BELOW, of="open_vote"),
    "assemblies:link-paper": Row(OWN, of="open_link", methods="POST"),
    "assemblies:vote-issued": Row(OWN, of="paper_vote", methods="POST", data={"paper_issued": 5}),
    "assemblies:batch-add": Row(OWN, of="paper_vote", methods="POST"),
    "assemblies:batch": Row(BELOW, of="paper_batch", methods="GET POST", writing=TELLERS),
    "assemblies:vote-again": Row(OWN, of="counted_vote", methods="POST"),
    "assemblies:vote-seats": Row(OWN, of="counted_vote", methods="POST"),
    "assemblies:vote-print": Row(BELOW, of="counted_vote"),
    "assemblies:vote-workbook": Row(BELOW, of="counted_vote"),
    "assemblies:ballot": Row(LINK, of="ballot_link", methods="GET POST", is_public=True),
    "assemblies:ballot-cast": Row(LINK, of="slip", methods="POST", is_public=True),
}
