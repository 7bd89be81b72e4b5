"""`rotate_keys`: everything encrypted goes under the first key of PORTAL_KEYS; `--check` only counts."""

import json

from django.core.management.base import CommandError

from unions.kit.crypto import ring
from unions.management.base import SystemCommand
from unions.rotation import keys_in_use, rotate


class Command(SystemCommand):
    help = (
        "Seal all personal data with the first key of PORTAL_KEYS; safe while the portal runs, and again after a stop."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only say which keys are in use")

    def handle(self, *, check, **options):
        unopened = {} if check else self._rotate()
        used = keys_in_use()
        first = ring().first.id
        others = {place: {key: n for key, n in keys.items() if key != first} for place, keys in used.items()}
        said = {"first": first, "in_use": used, "unopened": unopened}
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        if unopened:
            raise CommandError("Some values open with no key of the ring: put the lacking key back, or restore them.")
        if not check and any(others.values()):
            raise CommandError(
                "Values were written with another key meanwhile: start every process anew, then run again."
            )

    def _rotate(self) -> dict[str, list[int]]:
        turned = rotate(lambda place, rows: self.stderr.write(f"{place}: {rows}"))
        return {one.place: one.unopened for one in turned if one.unopened}
