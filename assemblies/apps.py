"""How members govern their union: terms, meetings, votes, proposals, appraisal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssembliesConfig(AppConfig):
    name = "assemblies"
    verbose_name = _("Assemblies")

    def ready(self):
        from assemblies import audit_words, personal, publishing, settings

        personal.register()
        publishing.register()
        settings.register()
        audit_words.register()
        self._bring_terms()
        self._bring_votes()
        self._bring_proposals()
        self._bring_meetings()
        self._bring_appraisals()

    @staticmethod
    def _bring_votes() -> None:
        from assemblies import ballots, vote_menu, vote_words
        from unions.clock import chores

        vote_words.register()
        vote_menu.register()
        chores.add("ballot keys", ballots.tidy)

    @staticmethod
    def _bring_terms() -> None:
        from assemblies import duties, menu, notices, register, term_cards
        from unions.import_roster import before_removal
        from unions.services import after_edit

        duties.register()
        menu.register()
        notices.register()
        term_cards.register()
        after_edit.add("terms of office", register.follow_register)
        before_removal.add("terms of office", register.forget_untouched)

    @staticmethod
    def _bring_proposals() -> None:
        from assemblies import (
            delegate_import,
            delegate_moves,  # noqa: F401  the moves register themselves
            proposal_clock,
            proposal_menu,
            proposal_moves,  # noqa: F401
            proposal_words,
        )
        from unions.clock import chores

        proposal_words.register()
        proposal_menu.register()
        delegate_import.register()
        chores.add("proposals", proposal_clock.remind)

    @staticmethod
    def _bring_meetings() -> None:
        from assemblies import (
            import_attendees,
            matters,
            meeting_dashboards,
            meeting_menu,
            meeting_moves,  # noqa: F401  the table of moves registers itself
            meeting_notices,
            meeting_words,
            papers,
        )
        from unions.clock import chores

        meeting_words.register()
        meeting_notices.register()
        meeting_menu.register()
        meeting_dashboards.register()
        papers.register()
        import_attendees.register()
        chores.add("matters", matters.remind)

    @staticmethod
    def _bring_appraisals() -> None:
        from assemblies import (
            appraisal_menu,
            appraisal_moves,  # noqa: F401  the tables of moves register themselves
            appraisal_words,
        )
        from unions.clock import chores

        appraisal_words.register()
        appraisal_menu.register()
        chores.add("improvements", appraisal_words.remind)

    def seed(self):
        """The tables and rules of a new portal; safe to repeat."""
        from assemblies.seeds import seed_bands, seed_proposals, seed_rules, seed_sheet

        seed_bands()
        seed_rules()
        seed_proposals()
        seed_sheet()
