"""Terms of the demo district, one for every union by its register, with seats, terms before, and some elections under way.

Written by the database itself out of what the register holds, so that twelve thousand unions take seconds.
"""

from datetime import date, timedelta
from random import Random

from django.db import connection

from assemblies.duties import APPRAISAL, ASSEMBLY, CONGRESS, RENEWAL, latest_election, open_renewals
from assemblies.enums import Body, Post
from assemblies.models import Term
from assemblies.models.terms import nearing_from
from unions.demo import names
from unions.duties import refresh_totals
from unions.enums import MIDDLE_KINDS, DutyState, Sex
from unions.kit.periods import months_before
from unions.models import Duty, DutyRule, Union
from unions.opening import open_due

POOL = 400  # names that seats draw from
POSTPONED = 12
NEAR = 75  # days

# A union is in as many terms as fit between its founding and the present one; the one before is kept.
_NUMBER = """
    UPDATE assemblies_term t SET number = 1 + greatest(0, extract(year FROM age(t.started_on, u.founded_on))::int / t.years)
    FROM unions_union u WHERE u.id = t.union_id AND u.founded_on IS NOT NULL
"""
_BEFORE = """
    INSERT INTO assemblies_term (union_id, middle_id, number, years, started_on, ends_on, ended_on)
    SELECT union_id, middle_id, number - 1, years, began, (began + make_interval(years => years))::date - 1, started_on
    FROM (SELECT *, (started_on - make_interval(years => years) - make_interval(days => (union_id %% 5)::int * 9))::date AS began
          FROM assemblies_term WHERE number > 1 AND ended_on IS NULL) t ORDER BY union_id
"""
# As many members as the table in force allows at least; a few unions have one too few.
_SEATS = f"""
    INSERT INTO assemblies_seat (term_id, body, post, name, sex, since)
    SELECT t.id, '{Body.COMMITTEE}', CASE WHEN n = 2 AND size > 3 THEN '{Post.DEPUTY}' ELSE '{Post.MEMBER}' END,
           pool.name, pool.sex, t.started_on
    FROM assemblies_term t JOIN unions_union u ON u.id = t.union_id
    JOIN LATERAL (SELECT least FROM assemblies_band b WHERE b.key = 'committee-size' AND u.members BETWEEN b.members_from
                  AND coalesce(b.members_to, 1000000000) ORDER BY b.effective_from DESC LIMIT 1) b ON true
    CROSS JOIN LATERAL (SELECT CASE WHEN u.members >= 25 AND t.id %% 14 = 0 THEN b.least - 1 ELSE b.least END AS size) s
    CROSS JOIN LATERAL generate_series(2, size) n
    JOIN unnest(%(names)s::text[], %(sexes)s::text[]) WITH ORDINALITY AS pool(name, sex, place)
      ON pool.place = 1 + (t.id * 31 + n * 7) %% {POOL}
    WHERE t.ended_on IS NULL ORDER BY t.id, n
"""
_AUDIT = f"""
    INSERT INTO assemblies_seat (term_id, body, post, name, sex, since)
    SELECT t.id, '{Body.AUDIT}', CASE WHEN n = 1 THEN '{Post.CHAIR}' ELSE '{Post.MEMBER}' END, pool.name, pool.sex, t.started_on
    FROM assemblies_term t JOIN unions_union u ON u.id = t.union_id CROSS JOIN generate_series(1, 3) n
    JOIN unnest(%(names)s::text[], %(sexes)s::text[]) WITH ORDINALITY AS pool(name, sex, place)
      ON pool.place = 1 + (t.id * 17 + n * 113) %% {POOL}
    WHERE t.ended_on IS NULL AND u.has_audit_committee ORDER BY t.id, n
"""
_PREPARING = """
    UPDATE assemblies_term SET preparing_on = %(today)s - (id %% 60)::int
    WHERE ended_on IS NULL AND ends_on BETWEEN %(today)s AND %(near)s AND id %% 5 < 2
"""
_ORDERED = """
    UPDATE assemblies_term SET ordered_until = %(today)s + 30 + (id %% 60)::int
    WHERE ended_on IS NULL AND postponed_to IS NULL AND ends_on < %(today)s - 180 AND id %% 3 = 0
"""
# What is yearly was done by most of the unions by now, as the year goes.
_DONE = f"""
    UPDATE unions_duty d SET state = '{DutyState.FULFILLED}', timeliness = 'on_time', first_submitted_at = at.day + time '04:00',
           fulfilled_at = at.day + time '08:00'
    FROM (SELECT id, date_trunc('year', %(today)s::date)::date + 40 + (id * 37 %% 290)::int AS day FROM unions_duty
          WHERE rule_id = %(rule)s AND id %% 100 < 96) at
    WHERE at.id = d.id AND at.day < %(today)s
      AND at.day > (SELECT coalesce(founded_on, '1950-01-01') FROM unions_union u WHERE u.id = d.union_id)
"""


def write(random: Random, shown: Union, today: date, progress) -> None:
    """Terms, seats and elections under way; the duties of the terms that end within a year. The election of the union
    `shown` to visitors is near."""
    ends = today + timedelta(days=NEAR)
    began = months_before(ends, 12 * shown.term_years) + timedelta(days=1)
    Union.objects.filter(pk=shown.pk).update(term_started_on=began)
    women = [random.random() < 0.4 for _n in range(POOL)]
    given = {
        "names": [names.person(random, female=is_woman) for is_woman in women],
        "sexes": [Sex.FEMALE.value if is_woman else Sex.MALE.value for is_woman in women],
        "today": today, "near": nearing_from(today),
    }  # fmt: skip
    rules = list(DutyRule.objects.filter(key__in=(RENEWAL, CONGRESS)))
    for rule in rules:
        open_renewals(rule, today)
    with connection.cursor() as cursor:
        for sql in (_NUMBER, _BEFORE, _SEATS, _AUDIT, _PREPARING):
            cursor.execute(sql, given)
        _postpone(today)
        cursor.execute(_ORDERED, given)
        for rule in DutyRule.objects.filter(key__in=(ASSEMBLY, APPRAISAL)):
            open_due(rule, today)
            if rule.key == APPRAISAL:  # assemblies are done by their meetings alone
                cursor.execute(_DONE, {**given, "rule": rule.pk})
            rules.append(rule)
    middles = list(Union.objects.filter(kind__in=MIDDLE_KINDS).values_list("pk", flat=True))
    for rule, period in Duty.objects.filter(rule__in=rules).order_by().values_list("rule", "period").distinct():
        refresh_totals(rule, period, middles)
    count = Term.objects.count()
    progress(count, count)


def _postpone(today: date) -> None:
    """The tier above has postponed some of the elections that are overdue since lately."""
    late = Term.objects.in_office().filter(ends_on__lt=today, duty__isnull=False).select_related("duty__rule")
    for term in late.order_by("-ends_on", "pk")[:POSTPONED]:
        until = latest_election(term.duty)
        if until >= today:
            Duty.objects.filter(pk=term.duty_id).update(
                extended_to=until, last_day=until, note="单位搬迁改制，经上级工会批准延期换届"
            )
            Term.objects.filter(pk=term.pk).update(postponed_to=until)
            Union.objects.filter(pk=term.union_id).update(term_extended_to=until)
