"""Take the reminder steps that have come due. Safe to repeat: each step is taken once, each person gets one digest a
day. The clock does this by itself on working days between 8:30 and 20:00."""

import dataclasses
import datetime
import json

from django.core.management.base import CommandError
from django.utils import timezone

from unions import clock, reminders
from unions.management.base import SystemCommand


class Command(SystemCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--date", type=datetime.date.fromisoformat, help="as if it were this day, e.g. 2026-10-09")

    def handle(self, *args, date=None, **options):
        if date and date > timezone.localdate():
            raise CommandError("A day that has not come yet cannot be reminded of.")
        with clock.only_one() as has_lock:
            if not has_lock:
                raise CommandError("A round is running at this moment. Try again in a minute.")
            taken = dataclasses.asdict(reminders.remind(date))
        taken.pop("notices")
        self.stdout.write(json.dumps(taken))
