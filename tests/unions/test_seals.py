"""The seals: whoever changes, removes or slips in an entry behind the portal's back is found out and the entry named."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from tests.wall import _django_db_helper, as_owner  # noqa: F401
from unions import jobs, seals, watch
from unions.models import Event, Notice, Run, Seal
from unions.services import record


@pytest.fixture
def sealed(world):
    """Six entries under two seals."""
    for n in range(3):
        record(world.factory, "union.edit", world.factory, by=world.clerk, reason=f"第{n}次")
    seals.seal_events()
    for n in range(3):
        record(world.factory, "union.edit", world.factory, by=world.clerk, reason=f"后{n}次")
    seals.seal_events()
    return world


def behind_the_back(*statements):
    """As somebody who rules the database: the triggers are switched off first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("unions_event", "unions_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(*([statement] if isinstance(statement, str) else statement))
        for table in ("unions_event", "unions_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def found(**kept) -> list[tuple]:
    return [(fault.kind, fault.seal, fault.event) for fault in seals.verify(**kept)]


def test_what_nobody_touched_agrees(sealed):
    assert Seal.objects.count() == 2 and found() == []
    assert sum(Seal.objects.values_list("count", flat=True)) == Event.objects.count()
    assert seals.seal_events() == [], "nothing is sealed twice"


def test_a_changed_entry_is_named(sealed):
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(f"UPDATE unions_event SET reason = '别的' WHERE id = {pk}")
    assert found() == [("changed", 1, pk)]


def test_a_removed_entry_is_named(sealed):
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(f"DELETE FROM unions_event WHERE id = {pk}")
    assert found() == [("removed", 1, pk)]


def test_an_entry_slipped_in_is_named(sealed):
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(
        f"DELETE FROM unions_event WHERE id = {pk}",
        "INSERT INTO unions_event (id, union_id, action, model, object_id, at, source, target, reason, data)"
        f" SELECT {pk}, union_id, 'union.edit', model, object_id, at, '', '', '', '{{}}' FROM unions_event WHERE id = {pk + 1}",
        "INSERT INTO unions_event (id, union_id, action, model, object_id, at, source, target, reason, data)"
        " SELECT 0, union_id, 'union.edit', model, object_id, at, '', '', '', '{}' FROM unions_event LIMIT 1",
    )
    assert found() == [("changed", 1, pk)], "and an id below the first is outside of what is read"


def test_a_seal_made_anew_over_a_changed_entry_breaks_the_chain(sealed):
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(f"UPDATE unions_event SET reason = '别的' WHERE id = {pk}")
    first = Seal.objects.get(number=1)
    leaves = b"".join(n.to_bytes(8, "big") + digest for n, digest in seals._digests(0, first.last_id))
    digest = seals._digest_of("", 1, leaves)
    behind_the_back(("UPDATE unions_seal SET leaves = %s, digest = %s WHERE number = 1", [leaves, digest]))
    assert ("seal", 2, None) in found()


def test_a_whole_chain_made_anew_lacks_the_portal_s_signature(sealed, settings):
    """Somebody with all rights in the database, but without the portal's key."""
    behind_the_back("DELETE FROM unions_seal", "UPDATE unions_event SET reason = '别的'")
    settings.SECRET_KEY = "another-key"
    seals.seal_events()
    settings.SECRET_KEY = "only-for-tests-" + "x" * 50
    assert ("signature", 1, None) in found()


def test_the_key_may_change_as_long_as_the_former_is_known(sealed, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a-new-key"
    assert found() == []


def test_an_end_cut_off_and_sealed_anew_is_found_by_what_was_written_down(sealed, settings):
    behind_the_back(
        "DELETE FROM unions_seal WHERE number = 2", "UPDATE unions_event SET reason = '别的' WHERE reason LIKE '后%'"
    )
    assert found() == [] or found()[0][0] == "unsealed"
    kept = seals.read_back(settings.SEALS_FILE)
    assert ("lost", 2, None) in found(kept=kept)
    seals.seal_events()
    assert ("seal", 2, None) in found(kept=kept)


def test_sealing_passes_over_ids_that_were_given_out_and_never_used(world):
    record(world.factory, "union.edit", world.factory, by=world.clerk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(world.factory, "union.edit", world.factory, by=world.clerk)
        raise ZeroDivisionError
    record(world.factory, "union.edit", world.factory, by=world.clerk)
    seals.seal_events()
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_waited_for_and_hinders_nobody(transactional_db):
    """Its id is lower than those that are there already: sealing past it would lock it out."""
    from tests.factories.unions import DistrictWorld

    world = DistrictWorld()
    inserted, may_commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                record(world.factory, "union.edit", world.factory, by=None, reason="慢")
                inserted.set()
                may_commit.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    inserted.wait(10)
    after = record(world.factory, "union.edit", world.factory, by=None, reason="快")
    assert seals.seal_events(patience=0.2) == [], "not sealed while somebody writes, and nobody waited"
    may_commit.set()
    thread.join()
    seals.seal_events()
    slow_one = Event.objects.get(reason="慢")
    assert slow_one.pk < after.pk <= Seal.objects.first().last_id and found() == []


# --- the nightly check and the commands --------------------------------------------------------------------------


def test_the_nightly_check_runs_once_and_tells_the_auditors(sealed):
    auditor = sealed.person("district_auditor", sealed.district)
    assert watch.check_seals().state == "done" and not Notice.objects.filter(kind="audit.broken").exists()
    assert watch.check_seals().pk == Run.objects.get(task="audit").pk
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(f"DELETE FROM unions_event WHERE id = {pk}")
    run = watch.check_now()
    assert run.state == "failed" and run.counts["named"][0] == ["removed", 1, pk]
    told = Notice.objects.filter(kind="audit.broken")
    assert auditor in {notice.recipient for notice in told} and sealed.chair not in {n.recipient for n in told}


def test_entries_left_unsealed_for_hours_are_an_alarm(sealed):
    old = record(sealed.factory, "union.edit", sealed.factory, by=None)
    stamp = (timezone.now() - seals.UNSEALED_FOR * 2).isoformat()
    behind_the_back(f"UPDATE unions_event SET at = '{stamp}' WHERE id = {old.pk}")
    assert found() == [("unsealed", 3, old.pk)]


def test_the_command_names_the_first_bad_entry_and_fails(sealed, capsys, tmp_path):
    call_command("seals", tmp_path / "kept.txt")
    call_command("verify_audit", against=tmp_path / "kept.txt")
    assert "2 seals agree" in capsys.readouterr().out
    pk = Event.objects.get(reason="第1次").pk
    behind_the_back(f"DELETE FROM unions_event WHERE id = {pk}")
    with pytest.raises(CommandError, match="1 findings"):
        call_command("verify_audit")
    assert f"entry {pk} was removed" in capsys.readouterr().out


def test_an_export_goes_on_where_the_last_one_ended(sealed, tmp_path, capsys):
    call_command("seals", tmp_path / "kept.txt")
    record(sealed.factory, "union.edit", sealed.factory, by=None)
    call_command("seals", tmp_path / "kept.txt", now=True)
    assert sorted(seals.read_back(tmp_path / "kept.txt")) == [1, 2, 3]


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_seals_page_is_the_district_s(sealed, sign_in):
    page = reverse("unions:seal-list")
    behind_the_back("UPDATE unions_event SET reason = '别的' WHERE reason = '第1次'")
    watch.check_now()
    body = sign_in(sealed.leader).get(page).content.decode()
    assert Seal.objects.first().digest in body and 'role="alert"' in body
    assert [sign_in(person).get(page).status_code for person in (sealed.street_chair, sealed.chair)] == [403, 403]
    file = sign_in(sealed.leader).get(reverse("unions:seal-file")).content.decode()
    assert [line.split()[0] for line in file.splitlines()] == ["1", "2"]


def test_a_check_can_be_asked_for_and_is_watched_as_a_job(sealed, sign_in, django_capture_on_commit_callbacks):
    response = sign_in(sealed.leader).post(reverse("unions:seal-check"))
    job = jobs.run(int(response.headers["Location"].rstrip("/").rpartition("/")[2]))
    assert job.state == "done" and job.result["faults"] == 0 and job.result["seals"] == 3
