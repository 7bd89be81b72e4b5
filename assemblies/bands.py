"""Tables by number of members: asked by the day of the matter, changed by the district from a day on."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby, pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.enums import BandKey, Body
from assemblies.models import Band
from unions.models import Union, User
from unions.services import record
from unions.workflow import Conflict, Invalid

SIZES = {Body.COMMITTEE: BandKey.COMMITTEE, Body.AUDIT: BandKey.AUDIT}
Row = tuple[int, int | None, int, int, bool]  # members from, members to, least, most, in per cent


def band(key: str, members: int, day: date | None = None) -> Band | None:
    """The row of the table in force on a day for so many members; None where the table has none for them."""
    return Band.objects.in_force(key, day or timezone.localdate()).around(members).first()


def tables(key: str) -> list[dict]:
    """Every table of a key, the newest first, with the days it holds."""
    rows = Band.objects.filter(key=key).order_by("-effective_from", "members_from")
    found, later = [], None
    for start, group in groupby(rows, key=lambda row: row.effective_from):
        found.append({"effective_from": start, "until": later, "rows": list(group)})
        later = start
    return found


def revision(key: str) -> int:
    """Grows with each edit; whoever edits says which one was on the page."""
    return Band.objects.filter(key=key).order_by("-pk").values_list("pk", flat=True).first() or 0


def _written(rows: Sequence[Band]) -> list[str]:
    """As the record of acts keeps it, in no language."""
    return [f"{row.members_from}–{row.members_to or ''}: {row.count_words}" for row in rows]


def _check(rows: Sequence[Row]) -> None:
    """The ranges of members follow one another; only the last may be open."""
    for before, after in pairwise(rows):
        if before[1] is None or after[0] <= before[1]:
            raise Invalid(_("Two ranges of members overlap: each number of members has one row."))


@transaction.atomic
def set_table(key: str, rows: Sequence[Row], *, basis: str, effective_from: date, by: User, seen: int) -> None:
    """The district sets a table from a day on; days gone by keep the table they had."""
    district = Union.objects.select_for_update(of=("self",), no_key=True).district()
    if revision(key) != seen:
        raise Conflict(district)
    rows = sorted(rows, key=lambda row: row[0])
    _check(rows)
    before = list(Band.objects.in_force(key, effective_from))
    names = ("members_from", "members_to", "least", "most", "is_percent")
    if [tuple(getattr(row, name) for name in names) for row in before] == rows and before[0].basis == basis:
        return
    old = _written(before)
    Band.objects.filter(key=key, effective_from=effective_from).delete()
    made = [
        Band(key=key, effective_from=effective_from, basis=basis, **dict(zip(names, row, strict=True))) for row in rows
    ]
    Band.objects.bulk_create(made)
    changes = {"count": [old, _written(made)], "effective_from": ["", effective_from.isoformat()]}
    record(district, "band.edit", made[0], by=by, data={"key": key, "changes": changes})
