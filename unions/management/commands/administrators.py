"""`administrators security lihua --name 李华 --basis 朝工发〔2026〕3号`: appoint one of the three administrators."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from unions.accounts import initial_password
from unions.enums import SessionEnd, Tier
from unions.management.base import SystemCommand
from unions.models import RoleAssignment, Union, User
from unions.services import appoint, record, withdraw
from unions.sessions import end_all

ROLES = {"system": "system_admin", "security": "security_admin", "audit": "audit_admin"}


class Command(SystemCommand):
    help = (
        "Appoint or end the system, security and audit administrators, or give one a new initial password. Nobody does so "
        "on a page: the three watch each other, so the district's written decision appoints them."
    )

    def add_arguments(self, parser):
        parser.add_argument("office", choices=list(ROLES))
        parser.add_argument("account", help="account name; it is opened if there is none")
        parser.add_argument("--name", help="the person's name, for a new account")
        parser.add_argument("--basis", required=True, help="the document that decided it")
        parser.add_argument("--end", action="store_true", help="end the appointment")
        parser.add_argument("--password", action="store_true", help="set a new initial password")

    @transaction.atomic
    def handle(self, *, office, account, name, basis, end, password, **options):
        district = Union.objects.of_tier(Tier.DISTRICT).first()
        if district is None:
            raise CommandError("There is no district federation yet. Make it first: `found`.")
        user = User.objects.filter(username__iexact=account).first()
        post = RoleAssignment.objects.in_force().filter(user=user, role=ROLES[office]).first() if user else None
        if end or password:
            if post is None:
                raise CommandError(f"{account} is not the {office} administrator.")
            return withdraw(post, by=None, reason=basis) and None if end else self._password(user, district, basis)
        if user is None:
            if not name:
                raise CommandError("Say with --name whose account this is.")
            user = User(username=account, name=name)
        try:
            if user.pk is None:
                self._password(user, district, basis)
            appoint(user=user, role=ROLES[office], union=district, by=None, reason=basis)
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from problem
        return None

    def _password(self, user: User, district: Union, basis: str) -> None:
        secret = initial_password()
        user.set_password(secret)
        user.must_change_password = True
        user.full_clean()
        user.save()
        end_all(user, SessionEnd.PASSWORD)
        record(district, "account.password", user, by=None, reason=basis, data={"user": user.name})
        self.stdout.write(f"{user.username}: initial password {secret} (to be changed at sign-in)")
