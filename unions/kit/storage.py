"""Where files are kept: as Django does it, but nothing stays of a file that could not be written to its end."""

import contextlib

from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """On a full disk the half that was written would stay, and belong to nobody."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except OSError:
            with contextlib.suppress(OSError):
                self.delete(name)
            raise
