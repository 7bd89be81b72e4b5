"""Seals over the record of acts: what somebody with rights in the database changes afterwards is found out.

A seal covers the events of a stretch of ids: of each the digest of its whole row, and the digest of the seal before. Its
signature is made with the portal's own key, which the database does not hold, and each seal is written down in a file and in the
log. Nobody who writes an event waits for a seal: the clock seals what nobody can add to any more
(docs/adr/0034-sealed-events.md).
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from unions.models import Event, Seal

log = logging.getLogger(__name__)

MOST = 20_000  # events in one seal
UNSEALED_FOR = timedelta(hours=6)
PATIENCE = 20.0  # seconds for those who are writing
LEAF = 40
_LOCK = (7403, 1)
# The whole row but for `middle`, which follows the union. Built-in functions alone: what somebody changed in the
# database cannot answer for itself.
_DIGEST = """
    SELECT id, sha256(convert_to(jsonb_build_array(
        id, union_id, action, model, object_id, extract(epoch FROM at), by_id, assignment_id, result, source, target,
        reason, data, request_id, address, key)::text, 'UTF8'))
    FROM unions_event WHERE id > %s AND id <= %s ORDER BY id"""


@dataclass(frozen=True)
class Fault:
    """What does not agree: the seal, the event where one can be named, and how."""

    kind: str  # changed, removed or added events; a seal, a signature; seals lost; events left unsealed
    seal: int
    event: int | None = None


def _digests(after: int, last: int) -> Iterator[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [after, last])
        for pk, digest in cursor.fetchall():
            yield pk, bytes(digest)


def _digest_of(previous: str, number: int, leaves: bytes) -> str:
    return hashlib.sha256(f"{previous} {number} {len(leaves)} ".encode() + leaves).hexdigest()


def _signature(digest: str, secret: str | None = None) -> str:
    return salted_hmac("unions.seals", digest, secret=secret, algorithm="sha256").hexdigest()


def _is_signed(seal: Seal) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(seal.signature, _signature(seal.digest, key)) for key in keys)


# --- sealing -----------------------------------------------------------------------------------------------------


def settled_id(patience: float = PATIENCE) -> int | None:
    """An id up to which every event is there that ever will be; None when somebody writes for longer than `patience`.

    Ids are given out before commits, so a lower one may come in later. Whoever is about to insert holds a lock on the
    table before an id is given out; those who hold one now are waited for, as CREATE INDEX CONCURRENTLY does,
    and nobody waits for us.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM unions_event_id_seq")
        last = cursor.fetchone()[0]
        writing = _writers(cursor)
        until = time.monotonic() + patience
        while writing:
            if time.monotonic() > until:
                return None
            time.sleep(0.05)
            writing &= _writers(cursor)
    return last


def _writers(cursor) -> set[str]:
    cursor.execute(
        "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'unions_event'::regclass"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()"
    )
    return {row[0] for row in cursor.fetchall()}


def seal_events(patience: float = PATIENCE) -> list[Seal]:
    """Seal what is settled and not sealed yet. Two at once do no harm: the second finds nothing left to do."""
    last = settled_id(patience)
    made: list[Seal] = []
    while last is not None and (seal := _seal_next(last)):
        made.append(seal)
        # The log is shipped elsewhere: there stands what the database should say.
        log.info("seal %s over events %s-%s: %s", seal.number, seal.first_id, seal.last_id, seal.digest)
    write_down(made, settings.SEALS_FILE)
    return made


@transaction.atomic
def _seal_next(last: int) -> Seal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
    before = Seal.objects.first()
    after = before.last_id if before else 0
    ids = Event.objects.filter(pk__gt=after, pk__lte=last).order_by("pk").values_list("pk", flat=True)[:MOST]
    bounds = list(ids)
    if not bounds:
        return None
    leaves = b"".join(pk.to_bytes(8, "big") + digest for pk, digest in _digests(after, bounds[-1]))
    number = before.number + 1 if before else 1
    digest = _digest_of(before.digest if before else "", number, leaves)
    return Seal.objects.create(
        number=number, first_id=bounds[0], last_id=bounds[-1], count=len(bounds), leaves=leaves, digest=digest,
        signature=_signature(digest),
    )  # fmt: skip


# --- kept elsewhere ------------------------------------------------------------------------------------------------


def line_of(seal: Seal) -> str:
    """A seal as it is written down outside the database."""
    return f"{seal.number} {seal.digest} {seal.first_id} {seal.last_id} {seal.count} {seal.sealed_at:%FT%TZ} {seal.signature}"


def write_down(seals: Iterable[Seal], path: Path) -> int:
    """Append seals to a file; returns how many."""
    lines = [line_of(seal) + "\n" for seal in seals]
    if lines:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="ascii") as file:
            file.writelines(lines)
    return len(lines)


def read_back(path: Path) -> dict[int, str]:
    """number → digest of the seals in a file; nothing where there is none."""
    if not path.exists():
        return {}
    rows = (line.split() for line in path.read_text("ascii").splitlines())
    return {int(row[0]): row[1] for row in rows if len(row) > 1}


# --- checking ----------------------------------------------------------------------------------------------------


def verify(kept: dict[int, str] | None = None) -> Iterator[Fault]:
    """What does not agree, oldest first, against the seals and those `kept` outside the database (number → digest).
    Memory is that of one seal."""
    kept, previous, number, last_id, newest = kept or {}, "", 0, 0, None
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        leaves = bytes(seal.leaves)
        true = _digest_of(previous, number + 1, leaves)
        if (seal.number, seal.digest) != (number + 1, true) or kept.get(seal.number, true) != true:
            yield Fault("seal", seal.number)
        yield from _compare(seal.number, leaves, _digests(last_id, seal.last_id))
        previous, number, last_id, newest = seal.digest, seal.number, seal.last_id, seal
    if newest is not None and not _is_signed(newest):
        yield Fault("signature", newest.number)
    if lost := [known for known in kept if known > number]:
        yield Fault("lost", min(lost))
    overdue = Event.objects.filter(pk__gt=last_id, at__lt=timezone.now() - UNSEALED_FOR).order_by("pk").first()
    if overdue:
        yield Fault("unsealed", number + 1, overdue.pk)


def _compare(seal: int, leaves: bytes, found: Iterable[tuple[int, bytes]]) -> Iterator[Fault]:
    """The rows as they stand against the leaves of their seal."""
    sealed = {
        int.from_bytes(leaves[at : at + 8], "big"): leaves[at + 8 : at + LEAF] for at in range(0, len(leaves), LEAF)
    }
    faults = []
    for pk, digest in found:
        known = sealed.pop(pk, None)
        if known != digest:
            faults.append(Fault("added" if known is None else "changed", seal, pk))
    faults += [Fault("removed", seal, pk) for pk in sealed]
    yield from sorted(faults, key=lambda fault: fault.event)
