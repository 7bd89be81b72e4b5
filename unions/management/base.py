"""Commands that do by hand what the clock does by itself."""

from django.core.management.base import BaseCommand

from unions.wall import system


class SystemCommand(BaseCommand):
    """Works for the whole district, not for a person."""

    def execute(self, *args, **options):
        with system(f"command {self.__module__.rpartition('.')[2]}"):
            return super().execute(*args, **options)
