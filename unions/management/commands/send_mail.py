"""Send the e-mails that are due. Safe to repeat and to run beside the worker: each is claimed before it is sent."""

import json

from django.core.management.base import BaseCommand

from unions import outbox


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, default=10_000)
        parser.add_argument("--seconds", type=float, default=3600)

    def handle(self, *args, limit=10_000, seconds=3600, **options):
        self.stdout.write(json.dumps(outbox.send_due(limit, seconds=seconds)))
