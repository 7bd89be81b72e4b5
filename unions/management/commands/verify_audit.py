"""Check that nothing in the record of acts was changed, removed or put in since it was sealed. Names each finding, the
first bad entry first, and fails if there is any. With --against also against seals that were exported earlier."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import override

from unions import seals
from unions.audit_words import fault_in_words
from unions.management.base import SystemCommand
from unions.models import Event, Seal


class Command(SystemCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--against", type=Path, help="a file that `seals` wrote, kept elsewhere")

    def handle(self, *args, against: Path | None = None, **options):
        if against and not against.exists():
            raise CommandError(f"There is no file {against}.")
        kept = seals.read_back(settings.SEALS_FILE) | (seals.read_back(against) if against else {})
        count = 0
        with override("en"):
            for fault in seals.verify(kept):
                count += 1
                self.stdout.write(fault_in_words(fault.kind, fault.seal, fault.event))
        newest = Seal.objects.first()
        waiting = Event.objects.filter(pk__gt=newest.last_id if newest else 0).count()
        if count:
            raise CommandError(f"{count} findings. Keep the database as it is.")
        self.stdout.write(f"{newest.number if newest else 0} seals agree; {waiting} entries wait for theirs.")
