"""Make the demo district: `demo` fills an empty portal; `--accounts` names who may sign in."""

import sys
import time
from random import Random

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone, translation

from assemblies.demo import meetings, proposals, terms
from disclosure.demo import annual, assets, budgets, bulletins, enquiries, fund_audits, inbox, oversight, remittances
from disclosure.demo.history import History
from disclosure.models import Form
from unions import wall
from unions.demo import district, people
from unions.demo.district import Shape
from unions.enums import Tier
from unions.models import Union

UNIONS, YEARS, SEED = 520, 3, 2026
LARGE = 2000  # from here on only the last year keeps its events and rounds
TABLES = (
    "unions_union", "unions_user", "unions_roleassignment", "unions_uniongrant", "unions_duty", "unions_dutytotal",
    "unions_event", "unions_notice", "assemblies_term", "assemblies_seat", "assemblies_meeting", "assemblies_attendee", "assemblies_vote", "assemblies_appraisal", "assemblies_improvement", "disclosure_return", "disclosure_returnround", "disclosure_remark", "disclosure_total", "disclosure_bulletin", "disclosure_enquiry", "disclosure_reply", "disclosure_annualreport", "disclosure_annualsection", "disclosure_annualpromise",
    "disclosure_fundaudit", "disclosure_fundfinding",
    "disclosure_budget", "disclosure_execution", "disclosure_remittance",
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill the portal with a made-up district of any size, years of quarterly returns included."

    def add_arguments(self, parser):
        parser.add_argument("--unions", type=int, default=UNIONS, help=f"grassroots unions (default {UNIONS})")
        parser.add_argument("--years", type=int, default=YEARS, help=f"years of quarters (default {YEARS})")
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed on the same day: the same district")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are unions already")
        parser.add_argument("--yes", action="store_true", help="delete everything in the portal first")
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts")

    def handle(self, *, unions, years, seed, if_empty, yes, accounts, verbosity, **options):
        with wall.as_owner():  # COPY, which row-level security does not know, and TRUNCATE
            if accounts:
                return self.print_accounts()
            return self.fill(unions, years, seed, if_empty, yes, verbosity)

    def fill(self, unions, years, seed, if_empty, yes, verbosity) -> None:
        if not 10 <= unions <= 50_000 or not 1 <= years <= 30:
            raise CommandError("Between 10 and 50000 unions, and between 1 and 30 years.")
        is_empty = not Union.objects.exists()
        if if_empty and not is_empty:
            return
        if not settings.DEMO_ALLOWED:
            raise CommandError("Demo accounts share a published password. PORTAL_DEMO=1 allows them on this portal.")
        if not (is_empty or yes):
            raise CommandError(
                "There are unions already. With --yes all of them are deleted first, with all they filed."
            )
        self.progress = Progress(self.stderr if verbosity else None)
        started = time.monotonic()
        with translation.override("zh-hans"):
            self.make(unions, years, seed, is_empty=is_empty)
        self.settle()
        self.progress.end(f"demo district: {unions} unions, {years} years in {time.monotonic() - started:.0f} s")

    @transaction.atomic
    def make(self, unions: int, years: int, seed: int, *, is_empty: bool) -> None:
        """All in one transaction: whoever interrupts it leaves the portal as it was."""
        if not is_empty:
            clear()
        random = Random(seed)
        form = Form.objects.select_related("rule").get(code="quarterly-return")
        periods = form.rule.current_period(timezone.localdate()).last(4 * years)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked as they come, not hoarded until the end
        district.build(Shape(unions, random, periods[0].start), self.progress.stage("unions"))
        desks = people.build(random, periods[-1].start, self.progress.stage("accounts"))
        places = people.shown_unions()
        history = History(random, periods, desks, places)
        history.write(4 if unions > LARGE else len(periods), self.progress.stage("quarters"))
        terms.write(random, places[Tier.GRASSROOTS], timezone.localdate(), self.progress.stage("terms"))
        proposals.write(random, desks.chairs, list(places.values()), timezone.localdate())
        meetings.write(random, places, desks.chairs, self.progress.stage)
        bulletins.write(random, list(places.values()), self.progress.stage("bulletins"))
        bulletins.open_pages(list(places.values()))
        enquiries.write(random, desks.chairs, list(places.values()), timezone.localdate())
        past = 1 if unions > LARGE else min(years, 2)
        annual.write(random, places, desks, past, self.progress.stage("annual reports"))
        oversight.write(random, desks.chairs, list(places.values()), timezone.localdate())
        given = (places[Tier.DISTRICT], desks.district, list(places.values()))
        fund_audits.write(random, desks.chairs, *given, timezone.localdate())
        budgets.write(random, places, desks)
        assets.write(random, desks.chairs, list(places.values()), timezone.localdate())
        remittances.write(random, places, timezone.localdate())
        inbox.write(list(desks.shown.values()), list(places.values()), timezone.now())

    def settle(self) -> None:
        """Statistics and visibility for the planner, which a large load outruns."""
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"VACUUM ANALYZE {table}" if connection.get_autocommit() else f"ANALYZE {table}")

    def print_accounts(self) -> None:
        rows = [(user.username, user.name, role, union.name) for user, role, union in people.shown_accounts()]
        if not rows:
            return
        head = ("account", "name", "role", "union")
        widths = [max(wide(row[i]) for row in (head, *rows)) for i in range(4)]
        for row in (head, *rows):
            self.stdout.write(
                "  ".join(cell + " " * (w - wide(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()
            )
        self.stdout.write(f"Password of all of them: {people.PASSWORD}")


# What a portal in earnest keeps for good: a demonstration begins anew.
KEPT = """
    SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = 'keep_all' AND t.tgenabled = 'O'
"""


def clear() -> None:
    """Delete everything people made, the record of acts too, and sow the rules and forms anew."""
    ours = [
        app
        for app in apps.get_app_configs()
        if app.name in ("unions", "cadres", "assemblies", "disclosure", "evaluation")
    ]
    tables = [model._meta.db_table for app in ours for model in app.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        kept = [table for (table,) in cursor.fetchall()]
        for table in kept:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_all")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for table in kept:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER keep_all")
    for app in reversed(ours):
        if hasattr(app, "seed"):
            app.seed()


def wide(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in str(text))


class Progress:
    """One line on a terminal, rewritten as work goes on; one line a stage elsewhere."""

    def __init__(self, out):
        self.out = out
        self.is_terminal = bool(out) and sys.stderr.isatty()

    def stage(self, name: str):
        def tell(done: int, total: int) -> None:
            if not self.out:
                return
            if self.is_terminal:
                self.out.write(f"\r  demo district: {name} {done} / {total}   ", ending="")
                self.out.flush()
            elif done == total:
                self.out.write(f"  demo district: {name} {total}")

        return tell

    def end(self, text: str) -> None:
        if self.out:
            self.out.write(f"{chr(13) if self.is_terminal else ''}  {text}          ")
