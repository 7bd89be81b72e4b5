"""Roles as code over the one list of permissions. A role is held at a union of the tiers named here."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from unions.enums import Tier
from unions.permissions import Permission as P

READ = frozenset(
    {P.UNION_VIEW, P.DUTY_VIEW, P.RETURN_VIEW, P.EVENT_VIEW, P.ASSEMBLY_VIEW, P.PROPOSAL_VIEW, P.BULLETIN_VIEW}
    | {P.ENQUIRY_VIEW}
)
# What every union does for its own assemblies; whoever leads it also reports them upward.
ASSEMBLE = frozenset({P.ASSEMBLY_EDIT, P.VOTE_MANAGE, P.PROPOSAL_HANDLE})
# What every union discloses of itself: one writes, one checks, whoever leads approves; and everybody who asks is replied to.
DISCLOSE = frozenset({P.BULLETIN_WRITE, P.BULLETIN_CHECK, P.ENQUIRY_HANDLE})


@dataclass(frozen=True)
class Role:
    key: str
    label: str
    tier: Tier
    permissions: frozenset[P]
    # One of the three administrators: appointed by the district's decision on the command line, kept apart by a constraint.
    is_administrator: bool = False


ROLES = {
    role.key: role
    for role in (
        Role(
            "district_leader",
            _("District leader"),
            Tier.DISTRICT,
            READ | {P.RUN_VIEW, P.SEAL_VIEW, P.ASSEMBLY_SUBMIT, P.BULLETIN_APPROVE},
        ),
        Role(
            "district_staff",
            _("District staff"),
            Tier.DISTRICT,
            READ
            | ASSEMBLE
            | DISCLOSE
            | {P.ASSEMBLY_SUBMIT, P.ASSEMBLY_APPROVE, P.BULLETIN_APPROVE}  # so that they can appoint the leader
            | {P.FUND_AUDIT}
            | {P.UNION_EDIT, P.UNION_MOVE, P.UNION_IMPORT, P.PERSON_REVEAL, P.PERSON_AUDIT, P.PERSON_ERASE}
            | {
                P.ACCOUNT_MANAGE,
                P.ACCOUNT_ASSIST,
                P.DUTY_MANAGE,
                P.RULE_EDIT,
                P.RUN_VIEW,
                P.SEAL_VIEW,
                P.RETURN_REVIEW,
                P.RETURN_REOPEN,
                P.RETURN_IMPORT,
            },
        ),
        Role("system_admin", _("System administrator"), Tier.DISTRICT, frozenset({P.SECURITY_EDIT, P.RUN_VIEW}), True),
        Role(
            "security_admin",
            _("Security administrator"),
            Tier.DISTRICT,
            frozenset({P.UNION_VIEW, P.ACCOUNT_MANAGE, P.ACCOUNT_UNLOCK}),
            True,
        ),
        Role("audit_admin", _("Audit administrator"), Tier.DISTRICT, frozenset({P.EVENT_VIEW, P.SEAL_VIEW}), True),
        Role(
            "district_auditor",
            _("District auditor"),
            Tier.DISTRICT,
            READ | {P.RUN_VIEW, P.SEAL_VIEW, P.PERSON_AUDIT, P.FUND_AUDIT},
        ),
        Role(
            "middle_chair",
            _("Middle-tier chair"),
            Tier.MIDDLE,
            READ
            | {P.UNION_EDIT, P.PERSON_REVEAL, P.ACCOUNT_MANAGE, P.EMERGENCY_READ, P.DUTY_MANAGE}
            | {P.RETURN_FILL, P.RETURN_SUBMIT, P.RETURN_REVIEW, P.RETURN_REOPEN}
            | ASSEMBLE
            | DISCLOSE
            | {P.ASSEMBLY_SUBMIT, P.ASSEMBLY_APPROVE, P.BULLETIN_APPROVE, P.FUND_AUDIT},
        ),
        Role(
            "middle_staff",
            _("Middle-tier staff"),
            Tier.MIDDLE,
            READ
            | {P.UNION_EDIT, P.UNION_IMPORT, P.PERSON_REVEAL, P.DUTY_MANAGE}
            | {P.RETURN_FILL, P.RETURN_ASSIST, P.RETURN_REVIEW}
            | ASSEMBLE
            | DISCLOSE
            | {P.ASSEMBLY_APPROVE, P.FUND_AUDIT},
        ),
        Role("middle_reviewer", _("Middle-tier reviewer"), Tier.MIDDLE, READ | {P.RETURN_REVIEW, P.ASSEMBLY_APPROVE}),
        Role(
            "grassroots_chair",
            _("Grassroots chair"),
            Tier.GRASSROOTS,
            READ
            | ASSEMBLE
            | DISCLOSE
            | {P.UNION_EDIT, P.RETURN_FILL, P.RETURN_SUBMIT, P.ASSEMBLY_SUBMIT, P.BULLETIN_APPROVE},
        ),
        Role(
            "grassroots_staff",
            _("Grassroots staff"),
            Tier.GRASSROOTS,
            READ | {P.UNION_EDIT, P.RETURN_FILL, P.BULLETIN_WRITE, P.ENQUIRY_HANDLE},
        ),
    )
}
ROLE_CHOICES = [(role.key, role.label) for role in ROLES.values()]
ADMINISTRATORS = [role.key for role in ROLES.values() if role.is_administrator]
