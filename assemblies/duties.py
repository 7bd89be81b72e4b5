"""The duties of this floor: an assembly and an appraisal each year, the election at the end of a term, a vacant chair.

Other parts report here what was done (`record_assembly`, `record_appraisal`); deadlines, reminders and rates are the
duties' own (unions/duties.py, unions/reminders.py).
"""

from datetime import date, datetime, time

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import VoteKind
from assemblies.models import Appraisal, Meeting, Term, Vote
from assemblies.models.meetings import YEARLY
from assemblies.quorum import quorum_of
from assemblies.register import follow_register
from unions.duties import Task, record_acceptance, record_submission, refresh_totals, tasks
from unions.enums import DutyState, UnionState
from unions.kit.periods import Period, months_before
from unions.models import Duty, DutyRule, Union
from unions.permissions import Permission
from unions.settingbook import setting
from unions.templatetags.components import full_day

ASSEMBLY, APPRAISAL = "assembly", "appraisal"
RENEWAL, CONGRESS, BY_ELECTION = "term-renewal", "congress", "chair-by-election"


def fulfil(duty: Duty | None, day: date) -> None:
    """What the duty asks for was done on a day, which alone decides whether it was in time. Once: later ones change
    nothing."""
    if duty is None or not duty.is_outstanding:
        return
    duty = record_submission(duty, at=timezone.make_aware(datetime.combine(day, time(12))))
    record_acceptance(duty)


def duty_of(union: Union, rule: str, year: int) -> Duty | None:
    return Duty.objects.filter(union=union, rule__key=rule, period=str(year)).first()


def counts(meeting: Meeting) -> bool:
    """Whether a meeting that was held is the assembly of a year (`record_assembly`)."""
    is_settled = meeting.makes_up_for is None or meeting.confirmed_on
    return bool(meeting.kind in YEARLY and is_settled and (meeting.override_reason or quorum_of(meeting).is_met))


def record_assembly(meeting: Meeting) -> None:
    """A members' or delegates' assembly was held: the union has met in that year (notice 2015-24: at least yearly). Without
    a quorum it was none, unless it is on record why it went on. One that makes up for a year gone by counts once the tier
    above has confirmed its results, late (docs/adr/0064). A congress fulfils the duty of the term that it ends when it
    elected (`begin_term`)."""
    if counts(meeting):
        fulfil(duty_of(meeting.union, ASSEMBLY, meeting.counts_for), meeting.held_on)


def missed_years(union: Union, today: date) -> list[int]:
    """The years gone by whose assembly the union still owes."""
    owed = Duty.objects.filter(union=union, rule__key=ASSEMBLY, period__lt=str(today.year)).outstanding()
    return sorted({year_of(duty) for duty in owed})


def record_appraisal(union: Union, day: date) -> None:
    """A democratic appraisal of that day was published, reported and approved (notice 2015-24: at least yearly)."""
    fulfil(duty_of(union, APPRAISAL, day.year), day)


# --- the election at the end of a term ---------------------------------------------------------------------------

_OPEN = f"""
    INSERT INTO unions_duty (union_id, middle_id, rule_id, period, opens_on, due_on, last_day, state, timeliness,
                             return_count, note, members)
    SELECT u.id, u.middle_id, %(rule)s, greatest(extract(year FROM t.ends_on)::text, %(first)s), t.ends_on + %(opens)s,
           t.ends_on, t.ends_on, '{DutyState.OPEN}', '', 0, '', u.members
    FROM assemblies_term t JOIN unions_union u ON u.id = t.union_id
    WHERE t.ended_on IS NULL AND t.duty_id IS NULL AND t.ends_on + %(opens)s <= %(today)s
      AND u.kind = ANY(%(kinds)s) AND u.state = '{UnionState.ACTIVE}'
    ORDER BY u.id ON CONFLICT (rule_id, period, union_id) DO NOTHING
"""
_LINK = """
    UPDATE assemblies_term t SET duty_id = d.id FROM unions_duty d
    WHERE t.ended_on IS NULL AND t.duty_id IS NULL AND d.union_id = t.union_id AND d.rule_id = %(rule)s
      AND d.period = greatest(extract(year FROM t.ends_on)::text, %(first)s)
      AND NOT EXISTS (SELECT FROM assemblies_term o WHERE o.duty_id = d.id)
    RETURNING d.period, d.middle_id
"""


def open_renewals(rule: DutyRule, today: date) -> int:
    """Freeze a duty for each term that ends within the rule's days, after the register was followed. Safe to repeat;
    one statement for all unions. The period is the year in which the term ends, not before the rule's first."""
    follow_register()
    given = {
        "rule": rule.pk, "opens": rule.opens_after, "kinds": rule.kinds, "today": today, "first": rule.first_period,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        count = cursor.rowcount
        cursor.execute(_LINK, given)
        linked = cursor.fetchall()
    for period in sorted({period for period, _middle in linked}):
        refresh_totals(rule.pk, period, {middle for each, middle in linked if each == period})
    return count


def latest_election(duty: Duty) -> date | None:
    """An election can be postponed for so many months after the term's end and no longer."""
    return months_before(duty.due_on, -setting("postponement-months", duty.due_on))


def postpone(duty: Duty) -> None:
    """The tier above granted a later day: the term goes on until then, in the register too."""
    Term.objects.filter(duty=duty).update(postponed_to=duty.extended_to)
    follow_register([duty.union_id])


# --- a vacant chair ----------------------------------------------------------------------------------------------


def open_by_election(union: Union, left_on: date) -> Duty | None:
    """The chair left: a successor is elected within the months set. Once a quarter, as periods go."""
    rule = DutyRule.objects.filter(key=BY_ELECTION, is_active=True).first()
    if rule is None:
        return None
    due = months_before(left_on, -setting("by-election-months", left_on))
    days = {
        "opens_on": left_on,
        "due_on": due,
        "last_day": due,
        "middle_id": union.middle_id,
        "members": union.members,
    }
    period = Period.quarter_of(left_on).code
    duty, is_new = Duty.objects.get_or_create(rule=rule, union=union, period=period, defaults=days)
    if is_new:
        refresh_totals(rule.pk, period, [union.middle_id])
    return duty


def fulfil_by_election(union: Union, day: date) -> None:
    """A chair was elected: whatever vacancy was open is filled."""
    for duty in Duty.objects.filter(union=union, rule__key=BY_ELECTION).outstanding():
        fulfil(duty, day)


def _until(duties: list[Duty]) -> dict[int, str]:
    """How far the end of the term is; one query for all."""
    today = timezone.localdate()
    return {
        term.duty_id: _("The term ends on %(day)s.") % {"day": full_day(term.final_day)}
        if term.final_day >= today
        else _("The term ended on %(day)s without an election.") % {"day": full_day(term.final_day)}
        for term in Term.objects.filter(duty__in=duties, ended_on=None)
    }


def _not_held(duties: list[Duty]) -> dict[int, str]:
    return {duty.pk: _("Not held yet; at least once a year.") for duty in duties}


def year_of(duty: Duty) -> int:
    """The year of a duty's period, whatever rhythm the district gave its rule."""
    return Period.parse(duty.period).year


def assembly_of(union: Union, year: int) -> Meeting | None:
    """The assembly under way, or the last one held, of a year."""
    return Meeting.objects.filter(union=union, kind__in=YEARLY).for_year(year).standing().first()


def _assemblies(duties: list[Duty]) -> dict[int, str]:
    """How far each union's assembly of the year is; one query for all."""
    years = {year_of(duty) for duty in duties}
    meetings = Meeting.objects.filter(union__in={duty.union_id for duty in duties}, kind__in=YEARLY).standing()
    found = {
        (meeting.union_id, meeting.counts_for): _("%(day)s: %(title)s, %(state)s")
        % {"day": full_day(meeting.held_on), "title": meeting, "state": meeting.get_state_display()}
        for meeting in meetings.filter(
            Q(held_on__year__gte=min(years), held_on__year__lte=max(years)) | Q(makes_up_for__in=years)
        ).order_by("held_on", "pk")
    }
    return {
        **_not_held(duties),
        **{duty.pk: words for duty in duties if (words := found.get((duty.union_id, year_of(duty))))},
    }


def _assembly_page(duty: Duty) -> str:
    return reverse("assemblies:assembly-of-year", args=[duty.union_id, year_of(duty)])


def _appraisals(duties: list[Duty]) -> dict[int, str]:
    """How far the appraisal of each duty's year is; two queries for all."""
    unions = {duty.union_id for duty in duties}
    found: dict[tuple[int, int], str] = {}
    for vote in Vote.objects.under_way().filter(kind=VoteKind.APPRAISAL, union__in=unions):
        found[vote.union_id, vote.held_on.year] = _("The vote: %(state)s.") % {"state": vote.get_state_display()}
    for one in Appraisal.objects.standing().filter(union__in=unions).order_by("held_on"):
        found[one.union_id, one.held_on.year] = _("Held on %(day)s. %(state)s.") % {
            "day": full_day(one.held_on), "state": one.get_state_display()
        }  # fmt: skip
    return {
        **_not_held(duties),
        **{duty.pk: words for duty in duties if (words := found.get((duty.union_id, year_of(duty))))},
    }


def _vacant(duties: list[Duty]) -> dict[int, str]:
    return {
        duty.pk: _("The chair has been vacant since %(day)s.") % {"day": full_day(duty.opens_on)} for duty in duties
    }


def _terms_page(duty: Duty) -> str:
    return reverse("assemblies:terms", args=[duty.union_id])


def _appraisals_page(duty: Duty) -> str:
    return reverse("assemblies:appraisals", args=[duty.union_id])


def register() -> None:
    """Called once when the app is ready."""
    from assemblies.reckoning import remedies

    rights = {
        "action": gettext_lazy("See to it"),
        "fill": Permission.ASSEMBLY_EDIT, "sign": Permission.ASSEMBLY_SUBMIT,
        "review": Permission.ASSEMBLY_APPROVE,
    }  # fmt: skip
    renewal = Task(
        _terms_page, **rights, progress=_until, open=open_renewals, latest=latest_election, extended=postpone
    )
    tasks.add("renewal", renewal)
    tasks.add("by-election", Task(_terms_page, **rights, progress=_vacant))
    tasks.add(ASSEMBLY, Task(_assembly_page, **rights, progress=_assemblies, remedies=remedies))
    tasks.add(APPRAISAL, Task(_appraisals_page, **rights, progress=_appraisals))
