"""Which of the installed apps are the portal's own: a test that names them would pass over the next one."""

from django.apps import apps
from django.conf import settings

OWN_APPS = [name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()]


def own_models() -> list[type]:
    return [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]
