"""Write the seals over the record of acts to a file that is kept elsewhere (another machine, paper, a notary): with it
`verify_audit --against` finds out even whoever rules both database and portal. --now seals what is there first."""

from pathlib import Path

from unions import seals
from unions.management.base import SystemCommand
from unions.models import Seal


class Command(SystemCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--now", action="store_true")

    def handle(self, *args, file: Path, now: bool = False, **options):
        if now:
            seals.seal_events()
        known = max(seals.read_back(file), default=0)
        count = seals.write_down(Seal.objects.filter(number__gt=known).order_by("number").iterator(), file)
        self.stdout.write(f"{count} seals written to {file}.")
