"""How many rows there are of several kinds."""

from collections.abc import Mapping

from django.db.models import CharField, Count, QuerySet, Value


def counts_of(kinds: Mapping[str, QuerySet]) -> dict[str, int]:
    """Kind → number of its rows, counted in one statement."""
    each = [
        rows.order_by().values(counted_as=Value(kind, CharField())).annotate(count=Count("pk"))
        for kind, rows in kinds.items()
    ]
    found = each[0].union(*each[1:], all=True) if each else ()
    return dict.fromkeys(kinds, 0) | {row["counted_as"]: row["count"] for row in found}
