"""The access matrix of the remittance of funds: seen by the whole chain above, matched by the staff of the street and the district."""

from tests.access import BELOW, STAFF, MatrixWorld, Row, maker
from tests.factories.remittances import remitted
from unions.models import Union

MATCHES = "D xxx. DS +++. M xxx.... MS +++.... G x.... F xx... N x"


@maker("union")
def remittance(world: MatrixWorld, union: Union) -> dict:
    return {"pk": remitted(union).pk}


@maker("union")
def remittance_move(world: MatrixWorld, union: Union) -> dict:
    return {**remittance(world, union), "move": "disown"}


REMITTANCES = {
    "api:remittance-list": Row(STAFF),
    "api:remittance-detail": Row(BELOW, of="remittance"),
    "disclosure:remittance-rates": Row(STAFF, also=({"export": "xlsx"},)),
    "disclosure:union-remittances": Row(BELOW, of="union"),
    "disclosure:remittance-list": Row(STAFF, also=({"export": "xlsx"}, {"figure": "pool", "owing": "1"})),
    "disclosure:remittance": Row(BELOW, of="remittance"),
    "disclosure:remittance-move": Row(
        MATCHES, of="remittance_move", methods="GET POST", data={"reason": "不在本街道"}
    ),
}
