"""The people of the made-up district: one demo account per role, and an account for every chair and reviewer."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from unions.demo import names
from unions.demo.bulk import as_json, office_time, write_events
from unions.demo.district import DISTRICT_CODE, SHOWN_UNION
from unions.enums import Sex, Tier, UnionKind
from unions.models import RoleAssignment, Union, User
from unions.roles import ROLES
from unions.services import write_grants

PASSWORD = "Niangjia-Demo-2026"
MAIL = "{}@example.org"
REASON = "演示账号"
BATCH = 1000


@dataclass(frozen=True)
class Shown:
    """An account that `demo --accounts` prints."""

    username: str
    name: str
    role: str


SHOWN = (
    Shown("leader", "周文", "district_leader"),
    Shown("staff", "王建国", "district_staff"),
    Shown("auditor", "陈思远", "district_auditor"),
    Shown("sysadmin", "郑凯", "system_admin"),
    Shown("secadmin", "冯雪", "security_admin"),
    Shown("auditadmin", "何宁", "audit_admin"),
    Shown("street", "李敏", "middle_chair"),
    Shown("streetstaff", "赵海燕", "middle_staff"),
    Shown("reviewer", "孙志强", "middle_reviewer"),
    Shown("chair", "刘国栋", "grassroots_chair"),
    Shown("clerk", "张晓琳", "grassroots_staff"),
)


@dataclass
class Desks:
    """Who signs and who decides: account ids by union."""

    chairs: dict[int, int] = field(default_factory=dict)
    reviewers: dict[int, int] = field(default_factory=dict)
    district: int | None = None
    shown: dict[str, User] = field(default_factory=dict)


def shown_unions() -> dict[Tier, Union]:
    """Where the demo people work: the district, a street with work waiting, and a company below it."""
    company = Union.objects.select_related("parent").get(employer_name=SHOWN_UNION)
    district = Union.objects.get(code=DISTRICT_CODE)
    return {Tier.DISTRICT: district, Tier.MIDDLE: company.parent, Tier.GRASSROOTS: company}


def build(random: Random, since: datetime.date, tell: Callable[[int, int], None]) -> Desks:
    """Accounts with appointments and grants, all with one password, so that it is hashed once."""
    secret, desks, places = make_password(PASSWORD), Desks(), shown_unions()
    plan: list[tuple[User, str, Union]] = []
    for shown in SHOWN:
        user = User(username=shown.username, name=shown.name)
        plan.append((user, shown.role, places[ROLES[shown.role].tier]))
        desks.shown[shown.username] = user
    taken = {(role, union.pk) for _user, role, union in plan}
    unions = Union.objects.exclude(kind=UnionKind.DISTRICT).order_by("path").iterator(BATCH)
    people = (entry for union in unions for entry in _of_union(random, union) if (entry[1], union.pk) not in taken)
    since, total, done = min(since, timezone.localdate() - timedelta(days=30)), Union.objects.count(), 0
    while plan:
        for user, _role, _union in plan:
            user.password, user.email, user.must_change_password = secret, MAIL.format(user.username), False
            user.phone = user.phone or names.phone(random)
        _write(plan, since, desks)
        done += len(plan)
        tell(min(done, total), total)
        plan = list(islice(people, BATCH))
    _rename_chairs(desks, places)
    return desks


def _of_union(random: Random, union: Union):
    """The chair, and in the middle tier a reviewer beside."""
    is_middle = union.tier is Tier.MIDDLE
    chair = User(username=union.code, name=union.chair_name, phone=union.chair_phone)
    yield chair, "middle_chair" if is_middle else "grassroots_chair", union
    if is_middle:
        reviewer = User(username=f"{union.code}r", name=names.person(random, female=random.random() < 0.6))
        yield reviewer, "middle_reviewer", union


def _write(plan: list[tuple[User, str, Union]], since: datetime.date, desks: Desks) -> None:
    User.objects.bulk_create([user for user, _role, _union in plan])
    made = RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=role, union=union, starts_on=since, reason=REASON) for user, role, union in plan
    )
    write_grants(made)
    write_events(
        (a.union_id, "assignment.give", a._meta.label, a.pk, office_time(since), None, "", "", REASON,
         as_json({"role": a.role, "user": user.username}))
        for a, (user, _role, _union) in zip(made, plan, strict=True)
    )  # fmt: skip
    for user, role, union in plan:
        if role in ("grassroots_chair", "middle_chair"):
            desks.chairs[union.pk] = user.pk
        elif role == "middle_reviewer":
            desks.reviewers[union.pk] = user.pk
        elif role == "district_staff":
            desks.district = user.pk


def _rename_chairs(desks: Desks, places: dict[Tier, Union]) -> None:
    """The card names the chair who signs in."""
    for username, union, sex in (
        ("chair", places[Tier.GRASSROOTS], Sex.MALE), ("street", places[Tier.MIDDLE], Sex.FEMALE), ("leader", places[Tier.DISTRICT], Sex.MALE),
    ):  # fmt: skip
        user = desks.shown[username]
        union.chair_name, union.chair_sex, union.chair_phone = user.name, sex, user.phone
        union.save(update_fields=["chair_name", "chair_sex", "chair_phone"])


def shown_accounts() -> list[tuple[User, str, Union]]:
    """The demo accounts that still open with the demo password; none in a portal that has no demo district."""
    users = {user.username: user for user in User.objects.filter(username__in=[s.username for s in SHOWN])}
    checked: dict[str, bool] = {}
    rows = []
    for shown in SHOWN:
        user = users.get(shown.username)
        if user is None or not user.is_active or not user.posts:
            continue
        if user.password not in checked:
            checked[user.password] = user.check_password(PASSWORD)
        if checked[user.password]:
            rows.append((user, user.posts[0].get_role_display(), user.posts[0].union))
    return rows
