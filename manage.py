#!/usr/bin/env python
"""Django's command line. `./portal manage …` calls it with the services running."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line

    import config.celery  # noqa: F401  tasks are sent to the configured broker

    execute_from_command_line(sys.argv)
