"""Only a restored backup counts: the dump of docs/operations.md in an empty cluster, and the moment before a mistake."""

import re
import shutil
import time

import pytest

from config.servers import Servers
from tests.faults.portal import Portal, wait_until
from unions.demo.people import PASSWORD

pytestmark = pytest.mark.faults

CATALOGUE = {
    "policies": "SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies",
    "grants": "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants "
    "WHERE table_schema = 'public' AND grantee <> 'postgres'",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "row security": "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
}  # fmt: skip


def plain(row: tuple) -> str:
    """PostgreSQL writes the casts and brackets of an expression in another way once it has read them back."""
    return re.sub(r"::[a-z ]+(\[\])?|[()]", "", str(row))


def state_of(portal: Portal) -> dict:
    """Counts and checksums of all rows, and what guards them."""
    found = {name: sorted(plain(row) for row in portal.sql(statement)) for name, statement in CATALOGUE.items()}
    tables = portal.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    for (table,) in tables:
        rows = f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM "{table}" t'
        found[table] = portal.sql(rows)[0]
    return found


def differences(before: dict, after: dict) -> list[str]:
    return [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]


@pytest.fixture
def empty(portal):
    """A second portal without a database in it, with the first one's files and keys."""
    folder = portal.folder.with_name(portal.folder.name + "-restored")
    folder.mkdir(mode=0o711)
    folder.chmod(0o711)
    other = Portal(folder)
    yield other
    other.stop()
    other.servers.stop()
    shutil.rmtree(folder, ignore_errors=True)


def lets_people_in(other: Portal) -> bool:
    answer = other.ask(
        "POST", "/sign-in/", {"username": "chair", "password": PASSWORD, "csrfmiddlewaretoken": "b" * 32}
    )
    return answer.status == 302 and "session=" in answer.headers.get("Set-Cookie", "")


def test_a_dump_restored_into_an_empty_cluster(portal, empty, record):
    portal.inside("seal")
    before = state_of(portal)
    began = time.monotonic()
    dump = portal.folder / "portal.dump"
    portal.program("pg_dump", "--format=custom", f"--file={dump}", portal.superuser_url())
    dumped = time.monotonic() - began
    empty.servers.start()
    began = time.monotonic()
    empty.program("pg_restore", "--exit-on-error", "--jobs=2", f"--dbname={empty.superuser_url()}", str(dump))
    if portal.files.exists():
        shutil.copytree(portal.files, empty.files, dirs_exist_ok=True)
    restored = time.monotonic() - began
    assert not differences(before, state_of(empty))
    empty.manage("migrate", "--check")
    assert "seals agree" in empty.manage("verify_audit")
    assert empty.inside("opened_seals") > 0
    empty.start_web()
    assert lets_people_in(empty)
    rows = sum(one[0] for name, one in before.items() if name not in CATALOGUE)
    size = f"{dump.stat().st_size / 2**20:.1f} MB"
    record(rows=rows, tables=len(before) - len(CATALOGUE), dump=f"{dumped:.1f} s, {size}", restore=f"{restored:.1f} s")


def test_the_moment_before_a_mistake(portal, empty, record):
    """A base backup and the log that followed it, replayed to one second before everything was deleted."""
    log, base = empty.folder / "log", empty.servers.postgres.cluster
    log.mkdir()
    account = portal.servers.place.account
    if account:
        shutil.chown(log, account.uid, account.gid)
    portal.sql(f"ALTER SYSTEM SET archive_command = 'cp %p {log}/%f'")
    portal.sql("ALTER SYSTEM SET archive_mode = on")
    portal.servers.postgres.child.stop()
    portal.servers.postgres.start()
    try:
        portal.program(
            "pg_basebackup", f"--pgdata={base}", "--checkpoint=fast", f"--host={portal.servers.place.sockets}"
        )
        portal.sql("UPDATE unions_union SET address = '备份之后' WHERE kind = 'street'")
        before = state_of(portal)
        moment = portal.sql("SELECT now()::text")[0][0]
        time.sleep(1.2)
        portal.sql("DELETE FROM disclosure_returnround")
        portal.sql("SELECT pg_switch_wal()")
        wait_until(lambda: portal.sql("SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1) FROM pg_stat_archiver")[0][0], 30)  # fmt: skip
    finally:
        portal.sql("ALTER SYSTEM RESET ALL")
        portal.servers.postgres.child.stop()
        portal.servers.postgres.start()
    began = time.monotonic()
    with (base / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"archive_mode = off\nrestore_command = 'cp {log}/%f %p'\nrecovery_target_time = '{moment}'\n"
            "recovery_target_inclusive = on\nrecovery_target_action = promote\n"
            "hot_standby = off\n"  # it lets nobody in before it has come to that moment
        )
    (base / "recovery.signal").touch()
    if account:
        for path in [base, *base.rglob("*")]:
            shutil.chown(path, account.uid, account.gid)
    base.chmod(0o700)
    empty.servers = Servers(empty.folder)
    empty.servers.start()
    taken = time.monotonic() - began
    assert not differences(before, state_of(empty))
    empty.start_web()
    assert lets_people_in(empty)
    record(deleted_and_back=before["disclosure_returnround"][0], recovery=f"{taken:.1f} s")
