"""The second wall: what the database shows and takes is judged by the database, whatever a query forgets."""

import datetime
import json
import re
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from tests.factories.disclosure import accepted
from tests.factories.unions import DistrictWorld
from unions import checks, jobs, rights, rulebook, tasks, wall
from unions.duties import refresh_totals
from unions.enums import JobState
from unions.middleware import WallMiddleware
from unions.models import (
    CalendarDay,
    Duty,
    DutyTotal,
    Erasure,
    Event,
    Job,
    Notice,
    RoleAssignment,
    Union,
    UnionGrant,
    UnionOwned,
    Upload,
    User,
)
from unions.policies import DISTRICT, MIDDLE, ROLES, SEVERAL, SYSTEM, UNION, walled
from unions.services import record
from unions.workflow import MoveError

pytestmark = pytest.mark.django_db
AXES = {"axes_accessattempt", "axes_accessattemptexpiration", "axes_accessfailurelog", "axes_accesslog"}
OURS = ("unions", "cadres", "assemblies", "disclosure", "evaluation")


def rows(sql: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def seen(model, user: User) -> set[int]:
    """The ids of a table that the database shows to this person, without any condition of the program."""
    with wall.under(wall.pass_of(user)):
        return set(model._base_manager.values_list("pk", flat=True))


# The catalogue


def tables_of_unions() -> set[str]:
    """Every table that names a union in a column of its own, and every one that was declared."""
    found = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('union_id', 'middle_id') "
        "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"
    )
    return {name for (name,) in found} | {m._meta.db_table for m in apps.get_models() if walled(m)}


def test_every_table_of_a_union_stands_behind_the_wall():
    """Enabled, forced upon the owner, one policy for each role and none besides; a new table cannot be forgotten."""
    tables = tables_of_unions()
    assert {m._meta.db_table for m in apps.get_models() if issubclass(m, UnionOwned)} <= tables
    assert tables == {model._meta.db_table for model in apps.get_models() if walled(model)}, "a table without policies"
    assert rights.without_wall(connection) == []
    policies: dict[str, list] = {table: [] for table in tables}
    for table, name, roles, verb, permissive in rows(
        "SELECT tablename, policyname, roles::text[], cmd, permissive FROM pg_policies WHERE schemaname = 'public'"
    ):
        policies.setdefault(table, []).append((name, tuple(roles), verb, permissive))
    for table, found in policies.items():
        everyday = {(role, (role,), "ALL", "PERMISSIVE") for role in ROLES}
        chain = {("chain", (MIDDLE, SEVERAL, UNION), "SELECT", "PERMISSIVE")} if table == "unions_union" else set()
        assert set(found) == everyday | chain, table


def test_policies_read_and_write_by_the_same_words_and_an_empty_setting_is_nobody():
    for table, name, using, check in rows(
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public' AND cmd = 'ALL'"
    ):
        assert using == check, (table, name)
        if name not in (DISTRICT, SYSTEM) or using != "true":
            assert using.count("current_setting") == using.count("NULLIF(current_setting") > 0, (table, name)


def test_the_columns_of_the_policies_lead_an_index():
    leading = set(
        rows(
            "SELECT c.relname::text, a.attname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
        )
    )
    for model in apps.get_models():
        if wall_ := walled(model):
            for column in [wall_.person] if wall_.person else [wall_.union, wall_.middle]:
                assert (model._meta.db_table, column) in leading, (model._meta.label, column)


def test_every_table_says_who_may_touch_it_and_nobody_else_may():
    silent = [m._meta.label for m in apps.get_models() if m._meta.app_label in OURS and rights.rights_of(m) is None]
    assert silent == []
    assert rights.granted(connection) == rights.wanted()
    assert {verb for _t, _r, verb, _c in rights.wanted()} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_login_role_owns_nothing_inherits_nothing_and_sees_no_union():
    assert rows("SELECT session_user") == [(settings.DATABASE_LOGIN,)]
    assert connection.settings_dict["USER"] == settings.DATABASE_LOGIN  # settle_connection let it in
    own = {table for table, role, _verb, _column in rights.wanted() if role == settings.DATABASE_LOGIN}
    assert own == {"unions_session", "unions_setting", "unions_run", "django_migrations", *AXES}


def test_the_deployment_check_finds_a_wall_that_has_a_hole():
    assert checks.second_wall(None) == []
    jobs_table = Job._meta.db_table
    with patch.object(rights, "rights_of", lambda model: None if model is Job else getattr(model, "rights", None)):
        assert [found.id for found in checks.second_wall(None)] == ["unions.E013"]
        assert jobs_table in checks.second_wall(None)[0].msg
    with patch.object(Job._meta, "db_table", "unions_setting"):
        assert "unions.E012" in [found.id for found in checks.second_wall(None)]


def test_functions_that_act_as_the_owner_are_these():
    found = rows("SELECT p.proname::text FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace")
    assert found == [("portal_analyze",)]


# Passes


def test_each_tier_sees_its_own_rows_without_any_condition():
    world = DistrictWorld()
    for person, unions in (
        (world.chair, {world.factory}),
        (world.stranger, {world.bank}),
        (world.street_chair, {world.wangjing, world.factory, world.hotel}),
        (world.officer, set(Union.objects.all())),
    ):
        ids = {union.pk for union in unions}
        with wall.under(wall.pass_of(person)):
            assert {event.union_id for event in Event.objects.all()} <= ids
            assert set(RoleAssignment.objects.values_list("union_id", flat=True)) <= ids
            assert set(UnionGrant.objects.values_list("content_object_id", flat=True)) <= ids
        above = {u.pk for union in unions for u in union.ancestors()}
        assert seen(Union, person) == ids | above


def test_the_passes_are_the_narrowest_that_fit():
    world = DistrictWorld()
    below = Union.objects.create(code="1101050260009", name="望湖宾馆分会", kind="unit", parent=world.hotel)
    nobody = User.objects.create(username="nobody")
    assert wall.pass_of(world.officer).role == DISTRICT
    assert (wall.pass_of(world.reviewer).role, wall.pass_of(world.reviewer).middle) == (MIDDLE, world.wangjing.pk)
    assert (wall.pass_of(world.chair).role, wall.pass_of(world.chair).union) == (UNION, world.factory.pk)
    assert wall.pass_of(world.neighbour).unions == {world.hotel.pk, below.pk}
    assert seen(Union, world.neighbour) == {world.hotel.pk, below.pk, world.wangjing.pk, world.district.pk}
    assert seen(Union, nobody) == set()


def test_the_unions_above_are_read_and_never_written():
    world = DistrictWorld()
    with wall.under(wall.pass_of(world.chair)):
        assert Union.objects.get(pk=world.wangjing.pk).name == world.wangjing.name
        assert Union.objects.filter(pk=world.wangjing.pk).update(name="x") == 0
        assert Union.objects.filter(pk=world.factory.pk).update(address="x") == 1


def test_a_row_cannot_be_written_into_another_union():
    world = DistrictWorld()
    for person, foreign in ((world.chair, world.hotel), (world.street_chair, world.bank)):
        with wall.under(wall.pass_of(person)):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                record(foreign, "union.edit", foreign, by=person)
            own = record(person.union, "union.edit", person.union, by=person)
            assert own.middle_id == person.union.middle_id


def test_a_notice_is_its_readers_alone():
    world = DistrictWorld()
    for person in (world.chair, world.clerk):
        Notice.objects.create(recipient=person, kind="x", key=str(person.pk))
    for person in (world.chair, world.clerk, world.officer):
        with wall.under(wall.pass_of(person)):
            assert {notice.recipient_id for notice in Notice.objects.all()} <= {person.pk}


def test_totals_are_written_by_the_system_alone():
    world = DistrictWorld()
    with wall.under(wall.pass_of(world.officer)):
        refresh_totals(1, "2026Q3", [])
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            DutyTotal.objects.all().delete()


def test_the_record_of_acts_is_appended_to_by_everybody_and_changed_by_nobody():
    world = DistrictWorld()
    event = record(world.factory, "union.edit", world.factory, by=world.chair)
    for given in (wall.pass_of(world.officer), wall.Pass(SYSTEM)):
        with wall.under(given):
            for change in (lambda: Event.objects.update(reason="x"), lambda: event.delete()):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    change()


# Without a pass


def test_forgetting_the_pass_raises():
    with wall.under(wall.NOBODY):
        for model in (Union, Duty, Event, User, Notice):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                model.objects.first()


def test_a_request_starts_as_nobody_in_tests_too(sign_in, world, settings):
    """Without the middleware that shows the pass, a signed-in request is refused by the database."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "unions.middleware.WallMiddleware"]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sign_in(world.chair).get(reverse("unions:home"))


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_leaves_behind_reaches_no_row():
    """After a commit the settings are empty, not unset; a role with empty settings sees nothing."""
    world = DistrictWorld()
    with wall.under(wall.pass_of(world.chair)), transaction.atomic():
        assert Union.objects.filter(pk=world.factory.pk).exists()
    with wall.under(wall.NOBODY):
        assert rows("SELECT current_setting('portal.union', true), current_user::text") == [
            ("", settings.DATABASE_LOGIN)
        ]
        with pytest.raises(ProgrammingError, match="permission denied"):
            Union.objects.exists()
        for role in (MIDDLE, UNION, SEVERAL):
            with transaction.atomic():
                rows("SELECT set_config('role', %s, true)", role)
                assert rows("SELECT count(*) FROM unions_union") == [(0,)]


@pytest.mark.django_db(transaction=True)
def test_a_statement_outside_a_transaction_has_the_pass_for_itself_alone():
    world = DistrictWorld()
    with wall.under(wall.pass_of(world.chair)):
        assert Event.objects.exclude(union=world.factory).count() == 0
        assert [event.union_id for event in Event.objects.iterator()] == [world.factory.pk] * Event.objects.count()
        assert connection.get_autocommit()
    with wall.under(wall.NOBODY), pytest.raises(ProgrammingError, match="permission denied"):
        Event.objects.exists()


def test_an_inner_pass_ends_with_its_block_whatever_happened_in_it():
    world = DistrictWorld()
    mine = wall.pass_of(world.chair)
    with wall.under(mine):
        with wall.system("test"):
            assert Union.objects.filter(pk=world.bank.pk).exists()
        assert not Union.objects.filter(pk=world.bank.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic(), wall.system("test"):
            rows("SELECT 1/0")
        assert not Union.objects.filter(pk=world.bank.pk).exists()
        with pytest.raises(DatabaseError), wall.system("test"), transaction.atomic():
            rows("SELECT 1/0")
        assert not Union.objects.filter(pk=world.bank.pk).exists()
        with pytest.raises(ZeroDivisionError), wall.system("test"), transaction.atomic(savepoint=False):
            raise ZeroDivisionError
        transaction.set_rollback(False)
        assert not Union.objects.filter(pk=world.bank.pk).exists()
        assert wall.current() == mine


# Requests


class Asking:
    """A request as the middleware finds it."""

    def __init__(self, user):
        self.user, self.session = user, {"_auth_user_id": str(user.pk)}


@pytest.mark.parametrize(("status", "stays"), [(200, True), (404, True), (409, True), (500, False), (503, False)])
def test_a_failure_takes_everything_back_and_a_refusal_keeps_what_it_recorded(world, status, stays):
    chair = world.forget(world.chair)

    def answer(request):
        record(world.factory, "union.edit", world.factory, by=chair)
        return HttpResponse(status=status)

    before = Event.objects.count()
    assert WallMiddleware(answer)(Asking(chair)).status_code == status
    assert Event.objects.count() == before + stays


@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize("is_call", [False, True])
def test_a_refusal_keeps_what_the_view_saved_and_a_lost_race_does_not(world, sign_in, monkeypatch, is_call, is_lost):
    """What was typed outlives a refused submission; after a failed statement the request still goes on to say so."""
    day = datetime.date(2031, 3, 4)

    def save(given, *rest, **more):
        CalendarDay.objects.create(day=day, is_workday=False)
        if is_lost:
            with wall.system("test"):
                CalendarDay.objects.create(day=day, is_workday=False)
        raise MoveError("no")

    monkeypatch.setattr(rulebook, "save_day", save)
    monkeypatch.setattr("unions.api.moves.perform", save)
    filing = accepted(world.factory, "2026Q2")
    address, given = reverse("unions:day-add"), {"day": "2031-03-05", "is_workday": "0", "name": "x"}
    if is_call:
        address, given = reverse("api:return-move", args=[filing.pk, "accept"]), {"revision": filing.revision}
    response = sign_in(world.officer).post(
        address, given, content_type="application/json" if is_call else MULTIPART_CONTENT
    )
    assert response.status_code == 409
    assert CalendarDay.objects.filter(day=day).exists() != is_lost
    assert Event.objects.get(action="page.refuse", by=world.officer).data["path"] == address


def test_a_page_has_a_limit_of_time_within_the_systems_blocks_too(world):
    def answer(request):
        with wall.system("test"):
            return HttpResponse(rows("SHOW statement_timeout")[0][0])

    assert WallMiddleware(answer)(Asking(world.chair)).content.decode() == settings.PAGE_STATEMENT_TIMEOUT


def test_somebody_who_was_disabled_meanwhile_is_nobody(world, sign_in):
    client = sign_in(world.chair)
    User.objects.filter(pk=world.chair.pk).update(is_active=False)
    assert client.get(reverse("unions:home")).status_code == 302


# Tasks and jobs


def test_a_task_that_names_nobody_reads_nothing(world):
    def count():
        return Union.objects.count()

    careless = app.task(count, name="careless")
    clock = app.task(count, name="clock", system="a test")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        careless()
    assert clock() == Union.objects.count()
    app.tasks.unregister("careless")
    app.tasks.unregister("clock")


@pytest.fixture
def counting():
    """A kind of job that counts the unions it can see."""
    jobs.kinds.add("test.count", lambda job, progress: {"unions": Union.objects.count()})
    yield "test.count"
    del jobs.kinds._items["test.count"]


def test_a_job_sees_what_its_person_sees(world, counting):
    for person, count in ((world.chair, 3), (world.street_chair, 4), (world.officer, Union.objects.count())):
        job = jobs.run(jobs.start_job(counting, union=person.union, by=person, params={}).pk)
        assert (job.state, job.result) == (JobState.DONE, {"unions": count})


def test_a_job_of_somebody_who_was_disabled_or_lost_the_post_fails_and_says_so(world, counting):
    started = [jobs.start_job(counting, union=world.factory, by=by, params={}) for by in (world.chair, world.clerk)]
    User.objects.filter(pk=world.chair.pk).update(is_active=False)
    UnionGrant.objects.filter(user=world.clerk).delete()
    for job in started:
        done = jobs.run(job.pk)
        assert (done.state, done.result) == (JobState.FAILED, {})
        assert done.error
    assert Job.objects.filter(state=JobState.FAILED).count() == 2


def test_what_the_clock_and_the_operator_do_needs_nobody_s_pass(world):
    """Each names the system by itself; begun as nobody, as a worker and a command begin, it reaches every union."""
    for union in (world.factory, world.bank, world.hotel):
        union.chair_phone = "13907771234"
        union.save()
    long_ago = timezone.localdate() - datetime.timedelta(days=4000)
    Union.objects.filter(pk=world.hotel.pk).update(state="dissolved", closed_on=long_ago)
    fields = {
        "purpose": "union",
        "by": world.officer,
        "kind": "pdf",
        "size": 1,
        "sha256": "0" * 64,
        "file": "uploads/none",
    }
    waiting = [Upload.objects.create(union=union, name="a.pdf", **fields) for union in (world.factory, world.bank)]
    with wall.under(wall.NOBODY):
        call_command("rotate_keys", stdout=(said := StringIO()), stderr=StringIO())
        tasks.propose_erasure()
        tasks.check_uploads()
    assert json.loads(said.getvalue())["in_use"]["unions.union.chair_phone"]["test"] == 3
    assert Erasure.objects.get().found["union_contact"] == [world.hotel.pk]
    assert set(Upload.objects.filter(pk__in=[one.pk for one in waiting]).values_list("state", flat=True)) == {"clean"}


@pytest.mark.parametrize("role", ["district_leader", "audit_admin"])
def test_whoever_may_see_the_seals_has_the_record_checked_behind_the_wall(world, sign_in, role):
    record(world.factory, "union.edit", world.factory, by=world.clerk)
    response = sign_in(world.person(role, world.district)).post(reverse("unions:seal-check"))
    job = jobs.run(int(response.headers["Location"].rstrip("/").rpartition("/")[2]))
    assert (job.state, job.error) == (JobState.DONE, "") and job.result["seals"] == 1


# Where the wall is crossed

CROSSINGS = {
    "assemblies/ballots.py": [
        "reads whose ballot link this is",
        "casts a ballot",
        "opens sealed ballots",
        "takes away sealed ballots",
    ],
    "assemblies/counting.py": ["counts ballots"],
    "assemblies/views/ballots.py": [
        "shows a ballot to the holder of its link",
        "shows a ballot to the holder of its link",
    ],
    "assemblies/views/meetings.py": ["shows a meeting to those it invites"],
    "assemblies/views/public_meetings.py": [
        "shows a notice to whoever has its link",
        "hands a paper to whoever has the link of the notice",
        "signs somebody in by the code on the screen",
    ],
    "disclosure/enquiries.py": ["tells an enquiry's history to whoever sees it"],
    "disclosure/models/pages.py": ["asks whether a short address is taken"],
    "disclosure/summary.py": ["shows what a summary was made of"],
    "disclosure/totals.py": ["adds up figures"],
    "disclosure/views/ask.py": ["takes an enquiry from a public page"],
    "disclosure/views/printing.py": ["reads what a check code names"],
    "disclosure/views/public.py": [
        "serves a public page",
        "hands out a file of a public bulletin",
        "lists public pages for search engines",
    ],
    "disclosure/views/reading.py": ["serves whoever holds a union's link for readers"],
    "unions/accounts.py": [
        "reads all posts of an account",
        "forgets that an account was unused",
        "records what became of an account",
    ],
    "unions/audit.py": ["records what no act brings about", "looks up who failed to sign in"],
    "unions/audit_export.py": ["seals and checks the record of acts"],
    "unions/backends.py": ["signs somebody in"],
    "unions/duties.py": ["adds up duties"],
    "unions/emergencies.py": ["opens a union in an emergency"],
    "unions/explain.py": ["reads all posts of one's own", "names who can grant a right"],
    "unions/forms.py": ["signs somebody in"],
    "unions/import_roster.py": ["looks for codes that are taken", "looks for whatever hangs on a union"],
    "unions/imports.py": ["looks for credit codes that are taken", "looks for codes that are taken"],
    "unions/jobs.py": ["takes up a job", "starts a job", "ends a job"],
    "unions/locks.py": ["tells whose name was locked"],
    "unions/management/commands/import.py": ["reads who imports"],
    "unions/middleware.py": ["reads who asks"],
    "unions/models/union.py": ["asks whether a code is taken", "asks whether an employer has a union"],
    "unions/mydata.py": ["names who looked at a person's data", "finds who manages an account"],
    "unions/notices.py": ["finds who is told", "writes notices to others"],
    "unions/register.py": ["looks for a free code"],
    "unions/services.py": ["asks which offices a person holds", "carries records along with their union"],
    "unions/tasks.py": ["looks for stranded jobs", "gives up dead jobs"],
    "unions/tokens.py": ["serves whoever holds a link"],
    "unions/views/account_pages.py": ["counts an account's posts elsewhere"],
    "unions/views/accounts.py": ["signs somebody in"],
    "unions/views/emergencies.py": ["lists one's own emergency access"],
    "unions/views/people.py": ["names the people of the superior"],
    "unions/views/runs.py": ["lists e-mails that did not arrive"],
}


def test_the_places_that_cross_the_wall_are_these():
    """Each is a decision. Whoever adds one asks whether it can hand out what the person may not see."""
    found = {}
    for name in OURS:
        for path in sorted((Path(settings.BASE_DIR) / name).rglob("*.py")):
            if why := re.findall(r'\bsystem\(f?"([^"]+)"\)', path.read_text("utf-8")):
                found[str(path.relative_to(settings.BASE_DIR))] = why
    found.pop("unions/management/base.py")  # commands of the clock
    assert found == CROSSINGS


# Who logs in as what


def test_a_login_that_would_walk_through_the_wall_is_refused():
    other = connection.copy()
    other.settings_dict.update(settings.DATABASE_OWNER)
    with pytest.raises(ImproperlyConfigured, match="BYPASSRLS and owns the database and owns the tables"):
        other.ensure_connection()
    assert other.connection is None or other.connection.closed


@pytest.mark.django_db(transaction=True)
def test_only_the_owner_migrates_and_a_missing_address_names_its_cure(settings):
    with wall.as_owner():
        assert rows("SELECT session_user") == [(settings.DATABASE_OWNER["USER"],)]
    assert rows("SELECT session_user") == [(settings.DATABASE_LOGIN,)]
    settings.DATABASE_OWNER = {}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL is not set"):
        call_command("migrate", verbosity=0)


def test_the_owner_takes_no_part_in_a_transaction_under_way():
    with pytest.raises(RuntimeError), wall.as_owner():
        pass
