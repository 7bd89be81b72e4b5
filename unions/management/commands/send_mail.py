"""Send the e-mails that are due. Safe to repeat and to run beside the worker: each is claimed before it is sent."""

import json

from unions import outbox
from unions.management.base import SystemCommand


class Command(SystemCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=10_000)
        parser.add_argument("--seconds", type=float, default=3600)

    def handle(self, *args, limit=10_000, seconds=3600, **options):
        self.stdout.write(json.dumps(outbox.send_due(limit, seconds=seconds)))
