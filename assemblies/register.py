"""The register and the terms of office, kept in step.

The register holds a union's present term in two fields, as rosters bring it and as its card shows it; the rows of `Term`
hold every term the portal has known. The register has the last word on the present one: `follow_register` brings the rows
after it, in a handful of statements for one union or for all of them. What is written the other way, by `begin_term`, writes
both (docs/adr/0047-terms-follow-the-register.md).
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from assemblies.enums import Body, Post
from assemblies.models import Seat, Term
from unions.duties import refresh_totals
from unions.enums import DutyState, Timeliness, UnionState
from unions.models import Duty

# The day before the anniversary (Civil Code, article 203), as `Union.term_ends_on`.
_ENDS = (
    "((u.term_started_on + make_interval(years => u.term_years))::date"
    " - (to_char(u.term_started_on, 'MMDD') <> '0229')::int)"
)

# An election at least a year after the present term began is a new term; a smaller difference corrects the day.
_RENEW = """
    UPDATE assemblies_term t SET ended_on = u.term_started_on FROM unions_union u
    WHERE u.id = t.union_id AND t.ended_on IS NULL AND u.term_years IS NOT NULL
      AND u.term_started_on >= t.started_on + interval '1 year' AND {only} RETURNING t.duty_id
"""
_CORRECT = f"""
    UPDATE assemblies_term t SET started_on = u.term_started_on, years = u.term_years, ends_on = {_ENDS},
           postponed_to = CASE WHEN t.postponed_to > {_ENDS} THEN t.postponed_to END
    FROM unions_union u
    WHERE u.id = t.union_id AND t.ended_on IS NULL AND u.term_started_on IS NOT NULL AND u.term_years IS NOT NULL
      AND (u.term_started_on, u.term_years) IS DISTINCT FROM (t.started_on, t.years::int) AND {{only}} RETURNING t.duty_id
"""
_BEGIN = f"""
    INSERT INTO assemblies_term (union_id, middle_id, number, years, started_on, ends_on)
    SELECT u.id, u.middle_id, coalesce((SELECT max(number) FROM assemblies_term e WHERE e.union_id = u.id), 0) + 1,
           u.term_years, u.term_started_on, {_ENDS}
    FROM unions_union u
    WHERE u.state = '{UnionState.ACTIVE}' AND u.term_started_on IS NOT NULL AND u.term_years IS NOT NULL AND {{only}}
      AND NOT EXISTS (SELECT FROM assemblies_term t WHERE t.union_id = u.id AND t.ended_on IS NULL)
    ORDER BY u.id ON CONFLICT DO NOTHING RETURNING id
"""
# The chair of whom the register knows; the other seats are the union's to enter.
_SEAT = f"""
    INSERT INTO assemblies_seat (term_id, body, post, name, sex, since)
    SELECT t.id, '{Body.COMMITTEE}', '{Post.CHAIR}', u.chair_name, u.chair_sex, t.started_on
    FROM assemblies_term t JOIN unions_union u ON u.id = t.union_id
    WHERE t.id = ANY(%(terms)s) AND u.chair_name <> '' ORDER BY t.id ON CONFLICT DO NOTHING
"""
_PRESENT = """
    UPDATE unions_union u SET term_extended_to = t.postponed_to FROM assemblies_term t
    WHERE t.union_id = u.id AND t.ended_on IS NULL AND u.term_extended_to IS DISTINCT FROM t.postponed_to AND {only}
"""
# An election fulfils the duty of the term that it ended.
_FULFIL = f"""
    UPDATE unions_duty d SET state = '{DutyState.FULFILLED}', fulfilled_at = now(),
           first_submitted_at = coalesce(d.first_submitted_at, t.ended_on + time '12:00'),
           timeliness = CASE WHEN d.timeliness <> '' THEN d.timeliness WHEN t.ended_on <= d.due_on THEN '{Timeliness.ON_TIME}'
                             WHEN t.ended_on <= d.extended_to THEN '{Timeliness.EXTENDED}' ELSE '{Timeliness.LATE}' END
    FROM assemblies_term t
    WHERE t.duty_id = d.id AND d.id = ANY(%(duties)s) AND d.state NOT IN ('{DutyState.FULFILLED}', '{DutyState.WAIVED}')
    RETURNING d.rule_id, d.period, d.middle_id
"""
# The day of a duty not yet done moves with its term.
_REDATE = f"""
    UPDATE unions_duty d SET due_on = t.ends_on, opens_on = least(d.opens_on, t.ends_on),
           last_day = greatest(t.ends_on, d.extended_to, t.ordered_until)
    FROM assemblies_term t
    WHERE t.duty_id = d.id AND d.id = ANY(%(duties)s) AND d.first_submitted_at IS NULL AND d.state = '{DutyState.OPEN}'
"""


@transaction.atomic
def follow_register(unions: Iterable[int] | None = None) -> int:
    """Bring the terms after the register, of these unions or of all. Safe to repeat; returns how many terms began."""
    ids = None if unions is None else list(unions)
    given = {"unions": ids, "terms": [], "duties": []}
    only = "true" if ids is None else "u.id = ANY(%(unions)s)"

    _go_back(ids)

    def run(sql: str) -> list[tuple]:
        cursor.execute(sql.replace("{only}", only), given)
        return cursor.fetchall() if cursor.description else []

    with connection.cursor() as cursor:
        given["duties"] = [duty for (duty,) in run(_RENEW) if duty]
        touched = run(_FULFIL) if given["duties"] else []
        given["duties"] = [duty for (duty,) in run(_CORRECT) if duty]
        if given["duties"]:
            run(_REDATE)
        given["terms"] = [term for (term,) in run(_BEGIN)]
        if given["terms"]:
            run(_SEAT)
        run(_PRESENT)
    for rule, period in {(rule, period) for rule, period, _middle in touched}:
        refresh_totals(rule, period, [middle for r, p, middle in touched if (r, p) == (rule, period)])
    return len(given["terms"])


def _go_back(unions: list[int] | None) -> None:
    """The register names the term before again, as an import was undone: the term that it had brought goes, unless
    somebody has worked on it."""
    before = Term.objects.filter(
        union=OuterRef("union"), ended_on=OuterRef("started_on"), started_on=OuterRef("union__term_started_on")
    )
    present = Term.objects.filter(Exists(before), ended_on=None)
    if unions is not None:
        present = present.filter(union__in=unions)
    gone = dict(_untouched(present).values_list("union", "started_on"))
    if not gone:
        return
    _untouched(present).delete()
    former = [term for term in Term.objects.filter(union__in=gone) if term.ended_on == gone[term.union_id]]
    Term.objects.filter(pk__in=[term.pk for term in former]).update(ended_on=None)
    duties = Duty.objects.filter(pk__in=[term.duty_id for term in former], state=DutyState.FULFILLED)
    touched = list(duties.values_list("rule", "period", "middle"))
    duties.update(state=DutyState.OPEN, timeliness=Timeliness.NONE, first_submitted_at=None, fulfilled_at=None)
    for rule, period, middle in touched:
        refresh_totals(rule, period, [middle])


def forget_untouched(unions: list[int]) -> None:
    """Take back the terms that rest on the register alone, before an import's unions are removed."""
    _untouched(Term.objects.filter(union__in=unions)).delete()


def _untouched(terms: QuerySet[Term]) -> QuerySet[Term]:
    """Those on which nothing hangs but the chair of the register."""
    terms = terms.filter(duty=None)
    for relation in Term._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        if relation.related_model is Seat:
            rows = rows.exclude(post=Post.CHAIR, until=None)
        terms = terms.exclude(Exists(rows))
    return terms
