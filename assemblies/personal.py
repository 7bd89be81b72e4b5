"""What this floor holds about people."""

from django.utils.translation import gettext_lazy as _

from unions.enums import PersonalLevel
from unions.kit.masking import mask_name, mask_phone
from unions.personal import ALL_IN_SCOPE, OFFICE, declare

CONSENT = _("PIPL article 13 (1) 1: whoever makes a proposal gives it of their own accord")
REVEALED_BY_OWN = _("masked to everybody; in full for a reason to whoever handles it at the union")


def register() -> None:
    """Called once when the app is ready."""
    declare("assemblies.Seat", "name sex", purpose=_("Who sits in the union's committees"), basis=OFFICE,
            level=PersonalLevel.PUBLIC, kept=_("with the history of terms"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Attendee", "name post note", purpose=_("Who was due at a meeting and who came"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.AgendaItem", "speaker", purpose=_("Who speaks at a meeting"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Matter", "raiser owner", purpose=_("Who raised a matter at a symposium and who sees to it"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    _delegates()
    _proposals()


def _delegates() -> None:
    kept = _("with the history of terms")
    declare("assemblies.Delegate", "name sex", purpose=_("Who represents the members"), basis=OFFICE,
            level=PersonalLevel.PUBLIC, kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Delegate", "member_number", purpose=_("To tell two people of one name apart"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Delegate", "phone", purpose=_("To call delegates to their assembly"), basis=OFFICE,
            level=PersonalLevel.SENSITIVE, kept=kept, seen_by=REVEALED_BY_OWN, mask=mask_phone)  # fmt: skip


def _proposals() -> None:
    kept = _("with the proposal")
    declare("assemblies.Proposal", "proposer", purpose=_("Who made a proposal under their name"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Seconder", "name", purpose=_("Who supports a proposal by name"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Proposer", "name", purpose=_("Who made a confidential proposal"), basis=CONSENT,
            level=PersonalLevel.SENSITIVE, kept=kept, seen_by=REVEALED_BY_OWN, mask=mask_name)  # fmt: skip
    declare("assemblies.Proposer", "phone", purpose=_("To ask back about a proposal, where a number was given"), basis=CONSENT,
            level=PersonalLevel.SENSITIVE, kept=kept, seen_by=REVEALED_BY_OWN, mask=mask_phone)  # fmt: skip
    declare("assemblies.Handler", "name", purpose=_("Who answers a proposal"), basis=OFFICE, level=PersonalLevel.GENERAL,
            kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Answer", "signed", purpose=_("Who signed an answer"), basis=OFFICE, level=PersonalLevel.GENERAL,
            kept=kept, seen_by=ALL_IN_SCOPE)  # fmt: skip
    # Appraisals
    declare("assemblies.Improvement", "owner", purpose=_("Who sees to an improvement after an appraisal"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the appraisal"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Appraisal", "talk", purpose=_("What the tier above agreed with the person concerned"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the appraisal"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    # Votes
    declare("assemblies.BallotLink", "name", purpose=_("Who may vote, and who has"), basis=OFFICE, level=PersonalLevel.GENERAL,
            kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Option", "text sex note facts", purpose=_("Who stands for election, and that nothing bars them"),
            basis=OFFICE, level=PersonalLevel.PUBLIC, kept=_("with the history of terms"), seen_by=ALL_IN_SCOPE)  # fmt: skip
    declare("assemblies.Roll", "people", purpose=_("Who was due at a vote and who was present"), basis=OFFICE,
            level=PersonalLevel.GENERAL, kept=_("with the meeting's file"), seen_by=ALL_IN_SCOPE)  # fmt: skip
