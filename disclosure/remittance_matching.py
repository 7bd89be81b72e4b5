"""Which union an employer of the tax register belongs to, found for a whole quarter at once.

In this order: as somebody matched the employer by hand in an earlier quarter; by the credit code; by the name, where one union
alone has it. Without a union it goes to the middle-tier union of its street, and where that is not known to the district.
"""

import re
from collections import Counter

from django.db import connection
from django.db.models import F

from disclosure.enums import RemittanceMatch
from disclosure.models import Remittance
from unions.dashboards import short_name
from unions.enums import Tier, UnionKind
from unions.kit.names import fold_name
from unions.models import Union

BY_ITSELF = (RemittanceMatch.BY_CODE, RemittanceMatch.BY_NAME, RemittanceMatch.UNMATCHED)
PLACES = (UnionKind.STREET, UnionKind.AREA, UnionKind.ZONE)
_KIND_OF_PLACE = re.compile(r"(街道办事处|地区办事处|街道|地区|功能区|乡|镇)$")


def _folded(column: str) -> str:
    """`fold_name` of names that were cleaned when they came in, in SQL."""
    return rf"translate(upper(regexp_replace({column}, '\s', '', 'g')), '（【〔[）】〕]', '(((())))')"


class Places:
    """The middle-tier unions of streets, areas and zones by their names, with 街道 or 地区 or without."""

    def __init__(self):
        rows = list(Union.objects.active().filter(kind__in=PLACES).values_list("pk", "name"))
        self.district = fold_name(short_name(Union.objects.district().name))
        self._whole = {self._place(short_name(name)): pk for pk, name in rows}
        bare = Counter(map(_bare, self._whole))
        self._bare = {_bare(name): pk for name, pk in self._whole.items() if bare[_bare(name)] == 1}

    def _place(self, text: str) -> str:
        folded = fold_name(text)
        return folded.partition(self.district)[2] or folded

    def find(self, street: str) -> int | None:
        """The middle-tier union of a street as a register writes it; None where none or several fit."""
        place = self._place(street)
        return self._whole.get(place) or self._bare.get(_bare(place))


def _bare(place: str) -> str:
    return _KIND_OF_PLACE.sub("", place) or place


_MATCH = f"""
    UPDATE disclosure_remittance r SET union_id = m.union_id, state = m.state
    FROM (
        SELECT o.id, coalesce(hand.union_id, code.id, named.id, place.id, %(district)s) AS union_id,
            CASE WHEN hand.union_id IS NOT NULL THEN 'by_hand' WHEN code.id IS NOT NULL THEN 'by_code'
                 WHEN named.id IS NOT NULL THEN 'by_name' ELSE 'unmatched' END AS state
        FROM disclosure_remittance o
        LEFT JOIN (
            SELECT DISTINCT ON (h.credit_code) h.credit_code, h.union_id
            FROM disclosure_remittance h JOIN unions_union u ON u.id = h.union_id AND u.state = 'active'
            WHERE h.state = 'by_hand' AND h.period < %(period)s ORDER BY h.credit_code, h.period DESC
        ) hand ON hand.credit_code = o.credit_code
        LEFT JOIN (
            SELECT DISTINCT ON (upper(credit_code)) upper(credit_code) AS credit_code, id FROM unions_union
            WHERE state = 'active' AND kind = ANY(%(kinds)s) AND credit_code <> ''
            ORDER BY upper(credit_code), kind <> 'unit', id
        ) code ON code.credit_code = o.credit_code
        LEFT JOIN (
            SELECT {_folded("employer_name")} AS name, min(id) AS id FROM unions_union
            WHERE state = 'active' AND kind = ANY(%(kinds)s) AND employer_name <> '' GROUP BY 1 HAVING count(*) = 1
        ) named ON named.name = {_folded("o.name")}
        LEFT JOIN unnest(%(streets)s::text[], %(middles)s::bigint[]) AS place(street, id) ON place.street = o.street
        WHERE o.period = %(period)s AND o.state = ANY(%(by_itself)s)
    ) m
    WHERE m.id = r.id AND (r.union_id, r.state) IS DISTINCT FROM (m.union_id, m.state)
"""


def match(period: str) -> int:
    """Match every employer of a quarter that nobody has decided on by hand; returns how many now stand elsewhere. Three
    statements, however many employers there are. Whoever calls it sees the whole district."""
    streets = Remittance.objects.filter(period=period).order_by().values_list("street", flat=True).distinct()
    places = Places()
    found = {street: middle for street in streets if street and (middle := places.find(street))}
    with connection.cursor() as cursor:
        cursor.execute(
            _MATCH,
            {
                "period": period, "district": Union.objects.district().pk, "streets": list(found), "middles": list(found.values()),
                "kinds": [str(kind) for kind in Tier.GRASSROOTS.kinds], "by_itself": [str(state) for state in BY_ITSELF],
            },
        )  # fmt: skip
        return cursor.rowcount


def release(unions: list[int]) -> None:
    """Before unions are removed that an import had brought: employers matched to them by themselves go back to their
    middle-tier union, or to the district where that goes too."""
    rows = Remittance.objects.filter(union__in=unions, state__in=BY_ITSELF)
    rows.exclude(middle__in=unions).exclude(middle=None).update(union=F("middle"), state=RemittanceMatch.UNMATCHED)
    rows.update(union=Union.objects.district(), state=RemittanceMatch.UNMATCHED)
