"""Whose request is being served: its number, where it comes from and what its view demands.

The number stands on the answer (X-Request-ID), on error pages, on each line of the log and on each event, so that a
sentence on the telephone leads to what happened. Long work carries the number of the request that started it.
"""

import contextlib
import re
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

NUMBER = re.compile(r"[0-9A-Za-z-]{8,40}")


@dataclass
class Trace:
    """`permission` is what the view demands; it tells which of a person's appointments an act is made with."""

    request_id: str = ""
    address: str = ""
    permission: str = ""


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def trace() -> Trace:
    """The request, or the job on a person's behalf, that this code runs for; empty outside of both."""
    return _trace.get() or Trace()


def begin(request_id: str = "", address: str = "") -> Trace:
    """From here on this thread works for a request, until it begins the next: what Django logs of an answer it logs after
    every middleware has left."""
    current = Trace(request_id if NUMBER.fullmatch(request_id) else uuid.uuid4().hex[:16], address[:45])
    _trace.set(current)
    return current


@contextlib.contextmanager
def tracing(request_id: str = "", address: str = "") -> Iterator[Trace]:
    """Run a block as part of a request. A number that is none of ours is replaced by a new one."""
    before = _trace.get()
    try:
        yield begin(request_id, address)
    finally:
        _trace.set(before)
