from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    name = "disclosure"
    verbose_name = _("Disclosure")

    def ready(self):
        from disclosure import audit_words, dashboards, imports, menu, notices, settings, totals, workflow  # noqa: F401  the table of moves registers itself
        from unions.services import after_move

        audit_words.register()
        notices.register()
        dashboards.register()
        menu.register()
        imports.register()
        settings.register()
        after_move.add("totals of figures", totals.refresh_moved)
        self._bring_bulletins()
        self._bring_enquiries()
        self._bring_annual_reports()
        self._bring_oversight()
        self._bring_fund_audits()
        self._bring_budgets()
        self._bring_assets()
        self._bring_duties()
        self._bring_remittances()

    @staticmethod
    def _bring_bulletins() -> None:
        from disclosure import bulletin_cards, bulletin_moves, bulletin_words, bulletins, personal, settings
        from unions.clock import punctual

        settings.register_bulletins()
        personal.register()
        bulletins.register()
        bulletin_words.register()
        bulletin_cards.register()
        punctual.add("bulletins", bulletin_moves.run_punctually)

    @staticmethod
    def _bring_enquiries() -> None:
        from disclosure import (
            enquiry_cards,
            enquiry_clock,
            enquiry_matters,
            enquiry_moves,  # noqa: F401  the table of moves registers itself
            enquiry_settings,
            enquiry_words,
        )
        from disclosure.enquiries import follow_moved
        from unions.clock import chores
        from unions.services import after_move

        enquiry_settings.register()
        enquiry_words.register()
        enquiry_cards.register()
        enquiry_matters.register()
        chores.add("enquiries", enquiry_clock.remind)
        after_move.add("enquiries handed up", follow_moved)

    @staticmethod
    def _bring_annual_reports() -> None:
        from disclosure import annual_cards, annual_hearing, annual_moves, annual_publishing, annual_words, settings  # noqa: F401  the table of moves registers itself
        from unions.clock import chores

        settings.register_annual()
        annual_publishing.register()
        chores.add("annual questions", annual_hearing.remind)
        annual_cards.register()
        annual_words.register()

    @staticmethod
    def _bring_oversight() -> None:
        from disclosure import oversight_cards, oversight_clock, oversight_moves, oversight_settings, oversight_words  # noqa: F401  the tables of moves register themselves
        from unions.clock import chores

        oversight_settings.register()
        oversight_words.register()
        oversight_cards.register()
        chores.add("special oversight", oversight_clock.remind)

    @staticmethod
    def _bring_fund_audits() -> None:
        from disclosure import (
            fund_audit_cards,
            fund_audit_clock,
            fund_audit_moves,  # noqa: F401  the tables of moves register themselves
            fund_audit_settings,
            fund_audit_words,
        )
        from unions.clock import chores

        fund_audit_settings.register()
        fund_audit_words.register()
        fund_audit_cards.register()
        chores.add("fund audits", fund_audit_clock.remind)

    @staticmethod
    def _bring_budgets() -> None:
        from disclosure import (
            budget_cards,
            budget_clock,
            budget_execution_moves,  # noqa: F401  the tables of moves register themselves
            budget_moves,  # noqa: F401
            budget_settings,
            budget_words,
        )
        from unions.clock import chores

        budget_settings.register()
        budget_words.register()
        budget_cards.register()
        chores.add("executions of budgets", budget_clock.remind)

    @staticmethod
    def _bring_duties() -> None:
        from disclosure import duties

        duties.register()

    @staticmethod
    def _bring_assets() -> None:
        from disclosure import asset_cards, asset_moves, asset_settings, asset_words, import_assets  # noqa: F401  the table of moves registers itself

        asset_settings.register()
        asset_words.register()
        asset_cards.register()
        import_assets.register()

    @staticmethod
    def _bring_remittances() -> None:
        from disclosure import import_remittances, remittance_cards, remittance_moves, remittance_settings  # noqa: F401  the table of moves registers itself

        remittance_settings.register()
        remittance_cards.register()
        import_remittances.register()

    def seed(self):
        """The rules and forms of a new portal; safe to repeat."""
        from disclosure.annual_seeds import seed_annual
        from disclosure.catalogue_seeds import seed_catalogue
        from disclosure.duty_seeds import seed_duties
        from disclosure.enquiry_seeds import seed_enquiry_themes
        from disclosure.seeds import seed

        seed()
        seed_catalogue()
        seed_enquiry_themes()
        seed_annual()
        seed_duties()
