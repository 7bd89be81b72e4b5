from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = _("Disclosure")

    def ready(self):
        from disclosure import audit_words, dashboards, imports, menu, notices, settings, workflow  # noqa: F401  the table of moves registers itself

        audit_words.register()
        notices.register()
        dashboards.register()
        menu.register()
        imports.register()
        settings.register()

    def seed(self):
        """The rules and forms of a new portal; safe to repeat."""
        from disclosure.seeds import seed

        seed()
