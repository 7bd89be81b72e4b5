"""How members govern their union: terms, meetings, votes, proposals, appraisal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Assemblies")

    def ready(self):
        from assemblies import audit_words, personal, settings

        personal.register()
        settings.register()
        audit_words.register()

    def seed(self):
        """The tables and rules of a new portal; safe to repeat."""
        from assemblies.seeds import seed_bands

        seed_bands()
