"""Open the periods whose opening day has come. Safe to repeat: an opened period is not opened again."""

import json

from unions import opening
from unions.management.base import SystemCommand
from unions.models import DutyRule


class Command(SystemCommand):
    help = __doc__

    def handle(self, *args, **options):
        counts = {rule.key: opening.open_due(rule) for rule in DutyRule.objects.filter(is_active=True)}
        self.stdout.write(json.dumps({"opened": counts}, ensure_ascii=False))
