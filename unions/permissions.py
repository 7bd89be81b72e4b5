"""The one list of permissions, and how far each reaches down the tree from the union where it is granted."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Reach(StrEnum):
    SUBTREE = "subtree"  # the union and all below it
    CHILDREN = "children"  # the tier directly below: review is bound to the direct superior (notice, duty by levels)
    OWN = "own"  # that union alone: nobody files for another union


class Permission(StrEnum):
    UNION_VIEW = "union_view"
    UNION_EDIT = "union_edit"
    UNION_MOVE = "union_move"
    UNION_IMPORT = "union_import"
    PERSON_REVEAL = "person_reveal"
    PERSON_AUDIT = "person_audit"
    PERSON_ERASE = "person_erase"
    ACCOUNT_MANAGE = "account_manage"
    ACCOUNT_UNLOCK = "account_unlock"
    ACCOUNT_ASSIST = "account_assist"
    SECURITY_EDIT = "security_edit"
    EMERGENCY_READ = "emergency_read"
    EVENT_VIEW = "event_view"
    DUTY_VIEW = "duty_view"
    DUTY_MANAGE = "duty_manage"
    RULE_EDIT = "rule_edit"
    RUN_VIEW = "run_view"
    SEAL_VIEW = "seal_view"
    RETURN_VIEW = "return_view"
    RETURN_FILL = "return_fill"
    RETURN_SUBMIT = "return_submit"
    RETURN_ASSIST = "return_assist"
    RETURN_REVIEW = "return_review"
    RETURN_REOPEN = "return_reopen"
    RETURN_IMPORT = "return_import"
    ASSEMBLY_VIEW = "assembly_view"
    ASSEMBLY_EDIT = "assembly_edit"
    ASSEMBLY_SUBMIT = "assembly_submit"
    ASSEMBLY_APPROVE = "assembly_approve"
    VOTE_MANAGE = "vote_manage"
    PROPOSAL_VIEW = "proposal_view"
    PROPOSAL_HANDLE = "proposal_handle"
    BULLETIN_VIEW = "bulletin_view"
    BULLETIN_WRITE = "bulletin_write"
    BULLETIN_CHECK = "bulletin_check"
    BULLETIN_APPROVE = "bulletin_approve"
    ENQUIRY_VIEW = "enquiry_view"
    ENQUIRY_HANDLE = "enquiry_handle"
    FUND_AUDIT = "fund_audit"

    @property
    def reach(self) -> Reach:
        return REACH.get(self, Reach.SUBTREE)

    @property
    def label(self) -> str:
        return LABELS[self]


REACH = {
    Permission.RETURN_FILL: Reach.OWN,
    Permission.RETURN_SUBMIT: Reach.OWN,
    Permission.RETURN_REVIEW: Reach.CHILDREN,
    Permission.ASSEMBLY_EDIT: Reach.OWN,
    Permission.ASSEMBLY_SUBMIT: Reach.OWN,
    Permission.ASSEMBLY_APPROVE: Reach.CHILDREN,
    Permission.VOTE_MANAGE: Reach.OWN,
    Permission.PROPOSAL_HANDLE: Reach.OWN,
    Permission.BULLETIN_WRITE: Reach.OWN,
    Permission.BULLETIN_CHECK: Reach.OWN,
    Permission.BULLETIN_APPROVE: Reach.OWN,
    Permission.ENQUIRY_HANDLE: Reach.OWN,
}

LABELS = {
    Permission.UNION_VIEW: _("See unions"),
    Permission.UNION_EDIT: _("Edit union cards"),
    Permission.UNION_MOVE: _("Move, merge and dissolve unions"),
    Permission.UNION_IMPORT: _("Import rosters"),
    Permission.PERSON_REVEAL: _("Reveal masked personal data"),
    Permission.PERSON_AUDIT: _("See the register of personal data and who opened whose"),
    Permission.PERSON_ERASE: _("Erase personal data past their time"),
    Permission.ACCOUNT_MANAGE: _("Manage accounts"),
    Permission.ACCOUNT_UNLOCK: _("Open locked sign-ins"),
    Permission.ACCOUNT_ASSIST: _("Look on as an account, to help"),
    Permission.SECURITY_EDIT: _("Set the limits of security"),
    Permission.EMERGENCY_READ: _("Read one union outside the scope in an emergency"),
    Permission.EVENT_VIEW: _("See the record of changes"),
    Permission.DUTY_VIEW: _("See duties"),
    Permission.DUTY_MANAGE: _("Grant extensions and exemptions"),
    Permission.RULE_EDIT: _("Edit rules, forms and the calendar"),
    Permission.SEAL_VIEW: _("Check the seals over the record"),
    Permission.RUN_VIEW: _("See runs of reminders and jobs"),
    Permission.RETURN_VIEW: _("See returns"),
    Permission.RETURN_FILL: _("Fill in returns"),
    Permission.RETURN_SUBMIT: _("Sign and submit returns"),
    Permission.RETURN_ASSIST: _("Help a subordinate union to fill in"),
    Permission.RETURN_REVIEW: _("Accept or return returns"),
    Permission.RETURN_REOPEN: _("Reopen accepted returns"),
    Permission.RETURN_IMPORT: _("Import figures of past periods"),
    Permission.ASSEMBLY_VIEW: _("See terms, meetings, delegates and appraisals"),
    Permission.ASSEMBLY_EDIT: _("Prepare and record one's union's meetings, terms and delegates"),
    Permission.ASSEMBLY_SUBMIT: _("Call meetings and report them to the tier above"),
    Permission.ASSEMBLY_APPROVE: _("Approve meetings and postponed elections of subordinate unions"),
    Permission.VOTE_MANAGE: _("Run votes and enter paper ballots"),
    Permission.PROPOSAL_VIEW: _("See proposals and suggestions"),
    Permission.PROPOSAL_HANDLE: _("Screen, assign and answer proposals"),
    Permission.BULLETIN_VIEW: _("See bulletins"),
    Permission.BULLETIN_WRITE: _("Write bulletins"),
    Permission.BULLETIN_CHECK: _("Check bulletins for secrets and personal data"),
    Permission.BULLETIN_APPROVE: _("Approve, publish and withdraw bulletins, keep the public page"),
    Permission.ENQUIRY_VIEW: _("See enquiries and concerns"),
    Permission.ENQUIRY_HANDLE: _("Take down, pass on and reply to enquiries"),
    Permission.FUND_AUDIT: _("Plan and carry out fund audits of the unions below"),
}
