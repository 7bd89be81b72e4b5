"""Accepted figures add up the tree in the transaction that accepts them; a dashboard reads rows of totals.

A middle-tier union's row is summed from the accepted returns below it, the district's from the rows directly below it.
For the summaries' form the rows are what was accepted from each middle-tier union, as it was submitted.
"""

from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from disclosure.definition import Definition, definition_of
from disclosure.enums import FigureType, FormKind
from disclosure.models import Form, Total
from unions.duties import batched_totals, running_below
from unions.enums import UnionKind
from unions.kit.periods import Period
from unions.models import Union
from unions.wall import system

_waiting: ContextVar[dict[tuple[int, str], set[int]] | None] = ContextVar("waiting", default=None)


@contextmanager
def batched():
    """Within it, totals of figures and of duties are made once at the end (bulk acts, in one transaction)."""
    token = _waiting.set({})
    try:
        with batched_totals():
            yield
        waiting = _waiting.get()
    finally:
        _waiting.reset(token)
    for (form_id, period), middles in sorted(waiting.items()):
        refresh(Form.objects.get(pk=form_id), period, middles)


def refresh(form: Form, period: Period | str, middles: Iterable[int | None]) -> None:
    """Make the totals of a form and period anew below these middle-tier unions, and the district's from them.
    One at a time for each form and period: a sum made before another's commit would overwrite it with less."""
    ids, code = sorted({middle for middle in middles if middle is not None}), getattr(period, "code", period)
    if (waiting := _waiting.get()) is not None:
        waiting.setdefault((form.pk, code), set()).update(ids)
        return
    definition = definition_of(form.version_for(code))
    with transaction.atomic(), system("adds up figures"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7402, hashtext(%s))", [f"{form.pk}.{code}"])
        figures, codes = _summed(definition, "r.figures")
        cursor.execute(
            "INSERT INTO disclosure_total (union_id, middle_id, form_id, period, figures, count, updated_at) "
            f"SELECT m.id, m.id, %s, %s, {figures}, count(r.id), now() FROM unnest(%s::bigint[]) AS m(id) "
            "LEFT JOIN disclosure_return r ON r.middle_id = m.id AND r.period = %s AND r.state = 'accepted' "
            "AND r.version_id IN (SELECT id FROM disclosure_formversion WHERE form_id = %s) "
            f"GROUP BY m.id ORDER BY m.id {_UPSERT}",
            [form.pk, code, *codes, ids, code, form.pk],
        )
        figures, codes = _summed(definition, "t.figures")
        cursor.execute(
            "INSERT INTO disclosure_total (union_id, middle_id, form_id, period, figures, count, updated_at) "
            f"SELECT d.id, NULL, %s, %s, {figures}, coalesce(sum(t.count), 0), now() FROM unions_union d "
            "LEFT JOIN disclosure_total t ON t.form_id = %s AND t.period = %s AND t.middle_id IS NOT NULL "
            f"WHERE d.kind = %s GROUP BY d.id {_UPSERT}",
            [form.pk, code, *codes, form.pk, code, UnionKind.DISTRICT],
        )


def refresh_moved(moved: Iterable[Union], middles: Iterable[int | None]) -> None:
    """Unions have moved with their subtrees: make the totals of the periods still running anew for the middle-tier unions
    that they left and joined. What was submitted upward keeps its values."""
    running = set(running_below(moved).values_list("rule", "period").distinct())
    forms = {form.rule_id: form for form in Form.objects.filter(kind=FormKind.FILED)}
    for rule_id, period in sorted(running):
        if rule_id in forms:
            refresh(forms[rule_id], period, middles)


_UPSERT = """ON CONFLICT (union_id, form_id, period)
    DO UPDATE SET figures = EXCLUDED.figures, count = EXCLUDED.count, updated_at = EXCLUDED.updated_at"""


def _summed(definition: Definition, column: str) -> tuple[str, list[str]]:
    """The SQL that adds up each figure into one jsonb object, and its parameters; money stays a decimal string."""
    terms, codes = [], []
    for indicator in definition.adding:
        text = "::text" if indicator.type == FigureType.MONEY else ""
        terms.append(f"%s::text, coalesce(sum(nullif({column}->>%s, '')::numeric), 0){text}")
        codes += [indicator.code, indicator.code]
    return f"jsonb_build_object({', '.join(terms)})", codes


def total_of(union: Union | int, form: Form, period: Period | str) -> Total:
    """The row of totals, or an empty one where nothing has been accepted yet."""
    pk, code = getattr(union, "pk", union), getattr(period, "code", period)
    row = Total.objects.filter(union=pk, form=form, period=code).first()
    return row or Total(union_id=pk, form=form, period=code, figures={}, count=0)
