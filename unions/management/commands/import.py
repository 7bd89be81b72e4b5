"""`import roster FILE --as USER`: the same checks as the page; counts per state and per problem as JSON."""

import json
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from unions import import_jobs, wall
from unions.enums import BatchState
from unions.exports import error_workbook
from unions.import_problems import short
from unions.importing import importers, match_columns, missing_columns
from unions.kit.spreadsheets_in import Refused, refusal
from unions.models import User


class Command(BaseCommand):
    help = "Check a workbook or CSV file as the import page does, and with --commit import it."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=[importer.key for importer in importers], help="what the file holds")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as", dest="username", required=True, help="the account in whose scope the rows must lie"
        )
        parser.add_argument("--commit", action="store_true", help="import the rows without errors")
        parser.add_argument("--errors", type=Path, help="write the rows with errors, and why, to this workbook")

    def handle(self, *, kind, file, username, commit, errors, **options):
        importer = importers[kind]
        with wall.system("reads who imports"):
            user = User.objects.filter(username__iexact=username, is_active=True).first()
            if user is None:
                raise CommandError(f"There is no enabled account “{username}”.")
            if not user.has_perm(importer.permission):
                raise CommandError(f"{username} may not import this.")
            given = wall.pass_of(user, why="command import")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        with override(user.language), wall.under(given):
            self._run(importer, user, file, commit, errors)

    def _run(self, importer, user, file, commit, errors):
        try:
            with file.open("rb") as body:
                batch = import_jobs.take_in(importer, File(body), by=user, name=file.name)
        except Refused as refused:
            return self._refused(refused.code)
        import_jobs.read(batch, self._progress, guess=True)
        if batch.state == BatchState.REFUSED:
            return self._refused(batch.problem)
        if batch.state == BatchState.UPLOADED:
            matches = match_columns(importer, batch.headers)
            missing = missing_columns(importer, {m.index: m.key for m in matches if m.key})
            return self._refused("columns", [column.title for column in missing])
        if commit and (batch.counts["new"] or batch.counts["changed"]):
            batch = import_jobs.commit(batch, self._progress)
        if errors:
            errors.write_bytes(error_workbook(batch))
        said = import_jobs.summary(batch)
        for problem in said["problems"]:
            column = importer.by_key.get(problem["column"])
            problem["sentence"] = short(problem["code"])
            problem["column"] = column.title if column else ""
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        return None

    def _refused(self, code, missing=()):
        said = {"refused": code, "sentence": refusal(code), **({"missing_columns": list(missing)} if missing else {})}
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        raise CommandError(said["sentence"], returncode=2)

    def _progress(self, done, total=None, stage=""):
        """The command shows its result at the end and nothing on the way."""
