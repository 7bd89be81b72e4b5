"""Accounts and appointments: who may give what to whom, and the writes.

A superior appoints: whoever manages accounts at a union above may give any role of the union's tier. At their own
union people give only roles that hold nothing they do not hold themselves. The same rule decides whose password one
may set: otherwise a street's chair could sign in as the district.
"""

import secrets

from axes.models import AccessAttempt
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unions import sessions
from unions.enums import SessionEnd
from unions.kit.masking import mask_name
from unions.models import Event, RoleAssignment, Union, User
from unions.permissions import Permission
from unions.roles import ROLES, Role
from unions.services import appoint, record, withdraw
from unions.wall import system
from unions.workflow import Invalid, NotAllowed

# Without letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
UNLOCK = "account.unlock"


def manages_from_above(user: User, union: Union) -> bool:
    """Whether the person manages accounts over this union from a union above it."""
    scope = user.scope(Permission.ACCOUNT_MANAGE)
    if scope.everything:
        return union.parent_id is not None
    return union.middle_id in scope.middles and union.middle_id != union.pk


def roles_to_give(user: User, union: Union) -> list[Role]:
    """The roles this person may give at this union."""
    if not user.has_perm(Permission.ACCOUNT_MANAGE, union):
        return []
    roles = [role for role in ROLES.values() if role.tier is union.tier and not role.is_administrator]
    if manages_from_above(user, union):
        return roles
    return [role for role in roles if all(_holds(user, permission, union) for permission in role.permissions)]


def _holds(user: User, permission: Permission, union: Union) -> bool:
    """Held over the union, or (for what reaches only children) at it."""
    return user.has_perm(permission, union) or user.holds_at(permission, union.pk)


def may_manage(user: User, account: User) -> bool:
    """Whether the person may set this account's password or disable it: all its appointments in force (or, without
    any, the past ones) must be such as the person could give. Never one's own account."""
    if account.pk == user.pk:
        return False
    return _all_givable(user, _posts(RoleAssignment.objects.filter(user=account)).get(account.pk, []))


def manageable(user: User, accounts: list[User]) -> set[int]:
    """The ids among these accounts that the person may manage; one query for all."""
    posts = _posts(RoleAssignment.objects.filter(user__in=accounts))
    return {pk for pk, own in posts.items() if pk != user.pk and _all_givable(user, own)}


def _posts(assignments) -> dict[int, list[RoleAssignment]]:
    today = timezone.localdate()
    every: dict[int, list[RoleAssignment]] = {}
    live: dict[int, list[RoleAssignment]] = {}
    with system("reads all posts of an account"):  # those that the person cannot see forbid as well
        posts = list(assignments.select_related("union"))
    for post in posts:
        every.setdefault(post.user_id, []).append(post)
        # One that begins later counts too: it will give its rights to whoever knows the password.
        if post.withdrawn_at is None and (post.ends_on is None or post.ends_on >= today):
            live.setdefault(post.user_id, []).append(post)
    return {pk: live.get(pk, posts) for pk, posts in every.items()}


def _all_givable(user: User, posts: list[RoleAssignment]) -> bool:
    given: dict[int, set[str]] = {}
    for post in posts:
        if post.union_id not in given:
            given[post.union_id] = {role.key for role in roles_to_give(user, post.union)}
    return bool(posts) and all(post.role in given[post.union_id] for post in posts)


def initial_password() -> str:
    """Twelve characters in three groups, to be read out or written down once."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(4)) for _g in range(3))
    return "-".join(groups)


@transaction.atomic
def open_account(
    *, union: Union, role: str, username: str, name: str, email: str, phone: str, by: User, reason: str = ""
) -> tuple[User, str]:
    """A new account with its first appointment. The initial password is in nobody's hands but the caller's."""
    _demand_role(by, union, role)
    password = initial_password()
    user = User(username=username, name=name, email=email, phone=phone, must_change_password=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    record(union, "account.create", user, by=by, reason=reason, data={"user": name})
    appoint(user=user, role=role, union=union, by=by, reason=reason)
    return user, password


@transaction.atomic
def give_role(*, union: Union, account: User, role: str, by: User, starts_on, ends_on, reason: str) -> RoleAssignment:
    """Appoint somebody who has an account already."""
    _demand_role(by, union, role)
    if account.pk == by.pk:
        raise NotAllowed(_("Nobody gives a role to themselves."))
    # One that ran out by its date makes room; it stays on record.
    over = RoleAssignment.objects.filter(user=account, union=union, role=role, withdrawn_at=None)
    over.filter(ends_on__lt=timezone.localdate()).update(withdrawn_at=timezone.now(), withdrawn_by=by)
    return appoint(
        user=account, role=role, union=union, by=by, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()
    )


def _demand_role(by: User, union: Union, role: str) -> None:
    if role not in {given.key for given in roles_to_give(by, union)}:
        raise NotAllowed(_("You may not give this role at this union."))
    if not union.is_active:
        raise Invalid(_("This union is closed; nobody can be appointed to it."))


@transaction.atomic
def end_role(assignment: RoleAssignment, *, by: User, reason: str) -> RoleAssignment:
    """End an appointment; never one's own, so that nobody locks themselves out by a slip."""
    assignment = RoleAssignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    if assignment.user_id == by.pk:
        raise NotAllowed(_("Your own appointment is for your superior to end."))
    if assignment.role not in {given.key for given in roles_to_give(by, assignment.union)}:
        raise NotAllowed(_("You may not end this appointment: you could not give it either."))
    if assignment.withdrawn_at:
        return assignment
    return withdraw(assignment, by=by, reason=reason)


@transaction.atomic
def set_initial_password(account: User, *, union: Union, by: User) -> str:
    """A new initial password; every session of the account ends with the old one."""
    demand_account(by, account)
    password = initial_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    sessions.end_all(account, SessionEnd.PASSWORD)
    record(union, "account.password", account, by=by, data={"user": account.name})
    return password


@transaction.atomic
def set_enabled(account: User, is_active: bool, *, union: Union, by: User, reason: str = "") -> User:
    """Disable an account at once, or enable it again."""
    demand_account(by, account)
    if account.is_active != is_active:
        account.is_active = is_active
        account.save(update_fields=["is_active"])
        sessions.end_all(account, SessionEnd.DISABLED)
        if is_active:  # the time of disuse begins anew
            with system("forgets that an account was unused"):
                account.notices.filter(kind="account.unused").delete()
        action = "account.enable" if is_active else "account.disable"
        record(union, action, account, by=by, reason=reason.strip(), data={"user": account.name})
    return account


def demand_account(by: User, account: User) -> None:
    if not may_manage(by, account):
        raise NotAllowed(_("This account has appointments that you could not give; its superior manages it."))


def record_account(account: User, action: str, *, by: User, reason: str = "", data: dict | None = None) -> Event:
    """An event about an account rather than an appointment: it belongs to the union the person works for, otherwise to
    the district."""
    with system("records what became of an account"):
        union = account.union or Union.objects.district()
        return record(union, action, account, by=by, reason=reason, data={"user": account.name, **(data or {})})


@transaction.atomic
def open_lock(lock: AccessAttempt, *, by: User) -> None:
    """Open a sign-in lock before it opens by itself. Of a name without an account only the beginning is kept: it may be
    a password typed into the wrong field."""
    account = User.objects.typed(lock.username)
    if not AccessAttempt.objects.filter(pk=lock.pk).delete()[0]:
        return  # somebody else was quicker, or its time was over
    data = {"address": lock.ip_address}
    if account:
        record_account(account, UNLOCK, by=by, data=data)
    else:
        record(
            Union.objects.district(),
            UNLOCK,
            lock,
            by=by,
            data={"user": mask_name(lock.username or ""), **data},
        )
