"""The list of accounts: its columns, what is wrong with a row, and how rows become accounts with an appointment.

No password stands in the file, in a row or in a job: an account is made without any. The importer takes the initial
passwords away once, as a workbook that is made and hashed at that moment and stored nowhere (`hand_out`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.accounts import initial_password, roles_to_give
from unions.enums import RowState, SessionEnd
from unions.importing import Column, Importer, Row, Stale, importers
from unions.kit import parsing
from unions.kit.masking import mask_email, mask_phone
from unions.kit.parsing import Option, choice
from unions.kit.spreadsheets_in import Table
from unions.models import Event, ImportBatch, ImportRow, RoleAssignment, Session, Union, User
from unions.permissions import Permission
from unions.services import record, withdraw, write_grants

WORDS = {
    "district_leader": ("区总工会领导", "区领导"),
    "district_staff": ("区总工会工作人员", "区工作人员"),
    "district_auditor": ("区总工会审计人员", "区审计人员"),
    "middle_chair": ("街道（地区、产业）工会主席", "街道主席", "地区主席", "产业主席"),
    "middle_staff": ("街道（地区、产业）工会工作人员", "街道工作人员", "地区工作人员", "产业工作人员"),
    "middle_reviewer": ("街道（地区、产业）工会审核员", "街道审核员", "审核员"),
    "grassroots_chair": ("基层工会主席", "基层主席", "主席"),
    "grassroots_staff": ("基层工会工作人员", "基层工作人员", "工作人员"),
}
OPTIONS = tuple(Option(key, words[0], key.replace("_", " ").capitalize(), words[1:]) for key, words in WORDS.items())
# Fifty-nine random bits need no slow hash, and the first sign-in replaces it: two thousand are made in seconds.
QUICK = 10_000


@dataclass
class Lists:
    """What the checks look up: the importer, the unions and accounts that this file names, and who stands twice."""

    user: User
    unions: dict[str, Union] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)
    mine: set[int] = field(default_factory=set)  # accounts that work within the importer's scope
    held: set[tuple[int, str, int]] = field(default_factory=set)
    roles: dict[int, set[str]] = field(default_factory=dict)
    rows_of: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)


class AccountImporter(Importer):
    key = "accounts"
    label = gettext_lazy("List of accounts")
    lead = gettext_lazy(
        "One row for each appointment. Accounts that exist get a further appointment; initial passwords come afterwards, once."
    )
    permission = Permission.ACCOUNT_MANAGE
    gives_rights = True
    order = 40
    max_rows = 2000
    columns = (
        Column("name", "姓名", "Name", parsing.text(40), required=True, width=10, example="张示例"),
        Column("username", "账号", "Account name", parsing.text(60, 2), required=True, also=("登录名", "用户名", "账号名"), width=16,
               example="zhangshili"),
        Column("union", "工会编码", "Union code", parsing.code(), required=True, also=("编码", "工会代码"), width=16,
               example="1101050269901"),
        Column("role", "岗位", "Role", choice(OPTIONS), required=True, also=("角色", "任职岗位"), options=OPTIONS, width=26,
               example="基层工会工作人员"),
        Column("phone", "手机", "Phone", parsing.phone, also=("联系电话", "电话", "手机号"), width=14, lenient=True, mask=mask_phone),
        Column("email", "邮箱", "E-mail", parsing.text(120), also=("电子邮箱", "邮件"), width=22, lenient=True, mask=mask_email),
        Column("starts_on", "起始日期", "From", parsing.day, also=("任职日期",), kind="day", width=12),
        Column("ends_on", "截止日期", "To", parsing.day, also=("到期日期",), kind="day", width=12),
    )  # fmt: skip
    key_columns = ("username", "union")
    brief = ("username", "union", "role")

    def load(self, user: User, table: Table, mapping: dict[int, str]) -> Lists:
        lists, places = Lists(user), {key: index for index, key in mapping.items()}
        for _number, cells in table.rows():
            place = places["username"]
            if place < len(cells):
                lists.rows_of[parsing.shown(cells[place]).strip().lower()].append(_number)
        return lists

    def look_up(self, rows: list[Row], context: Lists) -> None:
        codes = {row.values["union"] for row in rows if row.values.get("union")}
        names = {row.values["username"].lower() for row in rows if row.values.get("username")}
        unions = Union.objects.visible_to(context.user, Permission.ACCOUNT_MANAGE).filter(code__in=codes)
        context.unions |= {union.code: union for union in unions.select_related("parent")}
        found = User.objects.alias(lowered=Lower("username")).filter(lowered__in=names)
        context.accounts |= {account.username.lower(): account for account in found}
        ids = [account.pk for account in context.accounts.values()]
        within = RoleAssignment.objects.visible_to(context.user, Permission.ACCOUNT_MANAGE).filter(user__in=ids)
        context.mine |= set(within.values_list("user", flat=True))
        context.held |= set(within.in_force().values_list("user", "role", "union"))

    def check(self, row: Row, context: Lists) -> None:
        values = row.values
        row.label = values.get("name") or values.get("username") or ""
        union = context.unions.get(values.get("union", ""))
        if values.get("union") and union is None:
            row.error("union_unknown", "union", text=values["union"])
        elif union is not None and not union.is_active:
            row.error("closed", "union")
        elif union is not None and values.get("role") and values["role"] not in self._roles(union, context):
            row.error("role_not_yours", "role")
        self._check_account(row, context)
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            row.error("ends_before", "ends_on")
        if values.get("email"):
            try:
                validate_email(values["email"])
            except ValidationError:
                row.error("bad_email", "email")
        if union and not row.has_error():
            self._attach(row, union, context)

    @staticmethod
    def _roles(union: Union, context: Lists) -> set[str]:
        if union.pk not in context.roles:
            context.roles[union.pk] = {role.key for role in roles_to_give(context.user, union)}
        return context.roles[union.pk]

    def _check_account(self, row: Row, context: Lists) -> None:
        username = row.values.get("username", "")
        account = context.accounts.get(username.lower())
        if account and account.pk not in context.mine:
            row.error("account_taken", "username")
        elif account and row.values.get("name") and account.name != row.values["name"]:
            row.error("other_person", "name", name=account.name)
        elif account and account.pk == context.user.pk:
            row.error("not_oneself", "username")
        known = context.names.setdefault(username.lower(), row.values.get("name", ""))
        if username and known != row.values.get("name"):
            row.error("other_person", "name", name=known)
        if not account and username:
            try:
                User._meta.get_field("username").run_validators(username)
            except ValidationError:
                row.error("bad_code", "username", text=username)

    @staticmethod
    def _attach(row: Row, union: Union, context: Lists) -> None:
        account = context.accounts.get(row.values["username"].lower())
        if account:
            row.object_id = account.pk
            holds = (account.pk, row.values["role"], union.pk) in context.held
            row.current = {"role": row.values["role"] if holds else ""}

    def apply(self, batch: ImportBatch, user: User, progress: Callable) -> dict:
        """Accounts first, each once though it stands in several rows; then their appointments, in bulk. Raises Stale."""
        rows = list(batch.rows.filter(state__in=[RowState.NEW, RowState.CHANGED]).order_by("number"))
        progress(0, len(rows), "write")
        unions = {
            union.code: union
            for union in Union.objects.visible_to(user, Permission.ACCOUNT_MANAGE)
            .filter(code__in={row.values["union"] for row in rows})
            .select_related("parent")
        }
        self._recheck(rows, unions, user)
        accounts = self._accounts(rows)
        posts = [_post(row, accounts, unions, user, batch) for row in rows]
        RoleAssignment.objects.bulk_create(posts, batch_size=500)
        write_grants(posts)
        changed = {post.user_id for row, post in zip(rows, posts, strict=True) if row.state == RowState.CHANGED}
        Session.objects.filter(user__in=changed).end(SessionEnd.POST)
        Event.objects.bulk_create(_events(rows, posts, user), batch_size=1000)
        for row, post in zip(rows, posts, strict=True):
            row.object_id, row.is_applied = post.user_id, True
        ImportRow.objects.bulk_update(rows, ["object_id", "is_applied"], batch_size=500)
        progress(len(rows), len(rows))
        made = {row.object_id for row in rows if row.state == RowState.NEW}
        return {"created": len(made), "changed": len(rows) - sum(row.state == RowState.NEW for row in rows)}

    @staticmethod
    def _recheck(rows: list[ImportRow], unions: dict[str, Union], user: User) -> None:
        """Nothing on which the preview rested has changed."""
        new = {row.values["username"].lower() for row in rows if row.state == RowState.NEW}
        if User.objects.alias(lowered=Lower("username")).filter(lowered__in=new).exists():
            raise Stale
        roles: dict[str, set[str]] = {}
        for row in rows:
            code = row.values["union"]
            if code not in unions or not unions[code].is_active:
                raise Stale
            if code not in roles:
                roles[code] = {role.key for role in roles_to_give(user, unions[code])}
            if row.values["role"] not in roles[code]:
                raise Stale

    @staticmethod
    def _accounts(rows: list[ImportRow]) -> dict[str, User]:
        made: dict[str, User] = {}
        for row in rows:
            values = row.full_values
            if row.state == RowState.NEW and values["username"].lower() not in made:
                account = User(username=values["username"], name=values["name"], must_change_password=True)
                account.phone, account.email = values.get("phone", ""), values.get("email", "")
                account.set_unusable_password()
                made[values["username"].lower()] = account
        User.objects.bulk_create(made.values(), batch_size=500)
        known = User.objects.in_bulk([row.object_id for row in rows if row.object_id])
        return made | {account.username.lower(): account for account in known.values()}

    def undo(self, batch: ImportBatch, user: User, progress: Callable) -> list[str]:
        """End the appointments and disable the new accounts, unless somebody has signed in with one since."""
        rows = list(batch.rows.filter(is_applied=True).order_by("number"))
        new = [row.object_id for row in rows if row.state == RowState.NEW]
        used = set(User.objects.filter(pk__in=new).exclude(last_login=None).values_list("pk", flat=True))
        blockers = [
            _("Row %(row)s: %(name)s has signed in since.") % {"row": row.number, "name": row.label}
            for row in rows
            if row.object_id in used
        ]
        if blockers:
            return blockers
        for post in RoleAssignment.objects.filter(
            reason=_mark(batch), given_by=batch.by, withdrawn_at=None
        ).select_related("user", "union"):
            withdraw(post, by=user, reason=_mark(batch))
        User.objects.filter(pk__in=new).update(is_active=False)
        progress(len(rows), len(rows))
        return []

    def url(self, row: ImportRow) -> str:
        return reverse("unions:account", args=[row.object_id])


def _mark(batch: ImportBatch) -> str:
    """By which a batch finds its appointments again."""
    return f"导入 {batch.pk} · {batch.file_name}"[:200]


def _post(row: ImportRow, accounts: dict, unions: dict, user: User, batch: ImportBatch) -> RoleAssignment:
    day = lambda key: date.fromisoformat(row.values[key]) if row.values.get(key) else None  # noqa: E731
    return RoleAssignment(
        user=accounts[row.values["username"].lower()], role=row.values["role"], union=unions[row.values["union"]],
        given_by=user, starts_on=day("starts_on") or timezone.localdate(), ends_on=day("ends_on"), reason=_mark(batch),
    )  # fmt: skip


def _events(rows: list[ImportRow], posts: list[RoleAssignment], user: User) -> Iterator[Event]:
    opened = set()
    for row, post in zip(rows, posts, strict=True):
        data: dict[str, Any] = {"user": post.user.name, "role": post.role}
        given = {"union": post.union, "by": user, "reason": post.reason, "data": data}
        if row.state == RowState.NEW and post.user_id not in opened:
            opened.add(post.user_id)
            yield Event(action="account.create", model="unions.User", object_id=post.user_id, **given)
        yield Event(action="assignment.give", model="unions.RoleAssignment", object_id=post.pk, **given)


def waiting(batch: ImportBatch):
    """New accounts of an import that have no password yet."""
    new = batch.rows.filter(is_applied=True, state=RowState.NEW).values("object_id")
    return User.objects.filter(pk__in=new, password__startswith="!").order_by("pk")


@transaction.atomic
def hand_out(batch: ImportBatch, *, by: User) -> list[tuple[str, str, str]]:
    """Name, account name and initial password of the accounts that have none yet; only hashes stay behind. Taken once:
    whoever loses theirs gets a new one on the page of the account."""
    given = []
    accounts = list(waiting(batch).select_for_update(no_key=True))
    hasher = PBKDF2PasswordHasher()
    for account in accounts:
        password = initial_password()
        account.password = hasher.encode(password, hasher.salt(), QUICK)
        given.append((account.name, account.username, password))
    User.objects.bulk_update(accounts, ["password"], batch_size=500)
    if accounts:
        record(batch.union, "account.handout", batch, by=by, data={"count": len(accounts)})
    return given


def register() -> None:
    """Called once when the app is ready."""
    importers.add("accounts", AccountImporter())
