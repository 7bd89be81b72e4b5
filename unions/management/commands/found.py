"""The first step on an empty portal: the district federation itself and the first account that works for it."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import connection, transaction

from unions.accounts import initial_password
from unions.enums import Tier, UnionKind
from unions.management.base import SystemCommand
from unions.models import RoleAssignment, Union, User
from unions.services import appoint, record

ROLE = "district_staff"


class Command(SystemCommand):
    help = "Found the portal: the district federation and its first account. The roster and all other people follow."

    def add_arguments(self, parser):
        parser.add_argument("name", help="name of the district federation, as the roster writes it")
        parser.add_argument("--code", required=True, help="its union code in the roster")
        parser.add_argument(
            "--account", required=True, help="account name of the first person of the district's staff"
        )
        parser.add_argument("--person", required=True, help="that person's name")
        parser.add_argument("--email", default="", help="where reminders go")

    @transaction.atomic
    def handle(self, *, name, code, account, person, email, **options):
        if RoleAssignment._meta.db_table not in connection.introspection.table_names():
            raise CommandError("The database has no tables yet. Make them first: `migrate`.")
        if RoleAssignment.objects.in_force().filter(role=ROLE, user__is_active=True).exists():
            raise CommandError("The district has staff with an account already; they open the others in the portal.")
        district = Union.objects.of_tier(Tier.DISTRICT).first()
        password = initial_password()
        user = User(username=account, name=person, email=email, must_change_password=True)
        user.set_password(password)
        try:
            if district is None:
                district = Union(code=code, name=name, kind=UnionKind.DISTRICT)
                district.full_clean(exclude=["path", "middle"])
                district.save()
                record(district, "union.found", district, by=None)
            user.full_clean()
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from problem
        user.save()
        record(district, "account.create", user, by=None, data={"user": person})
        appoint(user=user, role=ROLE, union=district, by=None)
        self.stdout.write(f"{district.name}: {user.username}, initial password {password} (to be changed at sign-in)")
