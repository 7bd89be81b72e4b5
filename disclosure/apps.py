from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = _("Disclosure")

    def seed(self):
        """The rules and forms of a new portal; safe to repeat."""
        from disclosure.seeds import seed

        seed()
