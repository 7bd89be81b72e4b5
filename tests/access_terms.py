"""The access matrix of terms of office and of the tables by number of members."""

import datetime

from assemblies.enums import BandKey
from assemblies.models import Seat, Term
from tests.access import BELOW, OFFICER_SHARED, SHARED, STAFF, MatrixWorld, Row, maker
from unions.models import Union


@maker("shared")
def band_key(world: MatrixWorld) -> dict:
    return {"key": BandKey.COMMITTEE.value}


@maker("union")
def term(world: MatrixWorld, union: Union) -> dict:
    """A term that is overdue, so that it can be ordered to end."""
    began = datetime.date(2019, 3, 1)
    days = {"years": 5, "started_on": began, "ends_on": datetime.date(2024, 2, 29)}
    return {"pk": Term.objects.get_or_create(union=union, number=1, defaults=days)[0].pk}


@maker("union")
def seat(world: MatrixWorld, union: Union) -> dict:
    given = {"term_id": term(world, union)["pk"], "name": "王芳"}
    return {"pk": Seat.objects.get_or_create(**given, defaults={"since": datetime.date(2019, 3, 1)})[0].pk}


# What only the union itself does: whoever leads it, and the staff of the tiers that have any.
OWN = "D x DS +xx. M +xx.... MR x G +.... GS x F +x... N x"
# An order of the tier above, never to one's own union.
ORDER = "D x DS x+x. M x++.... G x F x N x"

TERMS: dict[str, Row] = {
    "assemblies:terms": Row(BELOW, of="union"),
    "assemblies:term-begin": Row(OWN, of="union", methods="GET POST"),
    "assemblies:term-prepare": Row(OWN, of="term", methods="POST"),
    "assemblies:term-edit": Row(OWN, of="term", methods="GET POST"),
    "assemblies:term-order": Row(ORDER, of="term", methods="GET POST"),
    "assemblies:seat-add": Row(OWN, of="term", methods="GET POST"),
    "assemblies:seat-leave": Row(OWN, of="seat", methods="GET POST"),
    "assemblies:term-list": Row(STAFF, also=({"export": "xlsx"},)),
    "assemblies:term-calendar": Row(STAFF),
    "api:term-list": Row(STAFF),
    "api:term-detail": Row(BELOW, of="term"),
    "assemblies:band-list": Row(STAFF),
    "assemblies:band": Row(SHARED, of="band_key"),
    "assemblies:band-edit": Row(OFFICER_SHARED, of="band_key", methods="GET POST"),
}
