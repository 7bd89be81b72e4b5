"""Who works for a union, and the accounts and appointments of those who do."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from unions import accounts
from unions.access import fetch, fetch_union
from unions.forms_people import AccountForm, AppointmentForm, EndForm
from unions.kit.http import requires
from unions.models import RoleAssignment, Union, User
from unions.permissions import Permission
from unions.proofs import proof
from unions.wall import system


@dataclass(frozen=True)
class Post:
    """An appointment on the page, with what this person may do about it."""

    assignment: RoleAssignment
    may_end: bool = False
    may_manage: bool = False

    @property
    def is_future(self) -> bool:
        return self.assignment.starts_on > timezone.localdate()


def _posts(union: Union, user: User) -> list[Post]:
    """Appointments in force or to come; accounts that were disabled stay on the list."""
    current = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    rows = list(
        RoleAssignment.objects.filter(current, union=union, withdrawn_at=None)
        .select_related("user", "given_by")
        .order_by("role", "user__name", "pk")
    )
    if not user.has_perm(Permission.ACCOUNT_MANAGE, union):
        return [Post(row) for row in rows]
    roles = {role.key for role in accounts.roles_to_give(user, union)}
    managed = accounts.manageable(user, [row.user for row in rows])
    return [Post(row, row.role in roles and row.user_id != user.pk, row.user_id in managed) for row in rows]


@requires(Permission.UNION_VIEW)
@require_GET
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of a union and, by name and role alone, those of the union above it."""
    union = fetch_union(request.user, pk)
    may_manage = request.user.has_perm(Permission.ACCOUNT_MANAGE, union)
    context = {
        "union": union, "posts": _posts(union, request.user), "may_manage": may_manage,
        "above": _people_above(union),
        "may_give": may_manage and union.is_active and bool(accounts.roles_to_give(request.user, union)),
        "crumb_union": union, "crumb_here": _("People"),
    }  # fmt: skip
    return render(request, "unions/people.html", context)


def _people_above(union: Union) -> list[RoleAssignment]:
    """Whom to turn to: everybody below may know their superior's people by name and role."""
    posts = RoleAssignment.objects.in_force().filter(union=union.parent_id, user__is_active=True)
    with system("names the people of the superior"):
        return list(posts.select_related("user").order_by("role", "user__name", "pk")) if union.parent_id else []


def _union_to_staff(request: HttpRequest, pk: int) -> Union:
    union = fetch_union(request.user, pk, Permission.ACCOUNT_MANAGE)
    if not accounts.roles_to_give(request.user, union):
        raise PermissionDenied
    return union


def _page(request: HttpRequest, union: Union, form, **words) -> HttpResponse:
    context = {"union": union, "form": form, "crumb_union": union, "crumb_here": words["title"], **words}
    return render(request, "unions/people_act.html", context, status=422 if form.errors else 200)


def _told_once(request: HttpRequest, union: Union, account: User, password: str) -> HttpResponse:
    """The one page that shows an initial password; it is stored nowhere."""
    context = {
        "union": union, "account": account, "password": password, "crumb_union": union,
        "crumb_here": _("Initial password"),
    }  # fmt: skip
    return render(request, "unions/people_password.html", context)


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def account_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an account with its first appointment."""
    union = _union_to_staff(request, pk)
    form = AccountForm(request.POST or None, user=request.user, union=union)
    if request.method == "POST" and form.is_valid():
        try:
            account, password = accounts.open_account(union=union, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return _told_once(request, union, account, password)
    return _page(
        request, union, form, title=_("New account"), button=_("Open the account"),
        note=_("The initial password is shown once on the next page; it must be changed at the first sign-in."),
    )  # fmt: skip


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to somebody who has an account."""
    union = _union_to_staff(request, pk)
    form = AppointmentForm(request.POST or None, user=request.user, union=union)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        accounts.give_role(
            union=union, account=given["username"], role=given["role"], by=request.user, starts_on=given["starts_on"],
            ends_on=given["ends_on"], reason=given["reason"],
        )  # fmt: skip
        messages.success(request, _("%(name)s is appointed.") % {"name": given["username"].name})
        return redirect("unions:union-people", pk)
    return _page(request, union, form, title=_("Appoint"), button=_("Appoint"), note="")


def _assignment(request: HttpRequest, pk: int, assignment_pk: int) -> RoleAssignment:
    rows = RoleAssignment.objects.select_related("user", "union__parent")
    return fetch(
        rows, request.user, Permission.UNION_VIEW, Permission.ACCOUNT_MANAGE, pk=assignment_pk, union_id=pk
    )  # fmt: skip


def _account(request: HttpRequest, pk: int, assignment_pk: int) -> tuple[Union, User]:
    assignment = _assignment(request, pk, assignment_pk)
    if not accounts.may_manage(request.user, assignment.user):
        raise PermissionDenied
    return assignment.union, assignment.user


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def end(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """End an appointment; the rights that came with it end at once."""
    assignment = _assignment(request, pk, assignment_pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.end_role(assignment, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The appointment has ended."))
        return redirect("unions:union-people", pk)
    note = _("%(name)s, %(role)s. The rights end at once; the appointment stays on record.") % {
        "name": assignment.user.name, "role": assignment.get_role_display(),
    }  # fmt: skip
    return _page(request, assignment.union, form, title=_("End the appointment"), button=_("End it"), note=note)


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def password(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """A new initial password for somebody who forgot theirs."""
    union, account = _account(request, pk, assignment_pk)
    if request.method == "POST":
        return _told_once(
            request, union, account, accounts.set_initial_password(account, union=union, by=request.user)
        )
    note = _("%(name)s (%(username)s) is signed out everywhere and must choose a new password at the next sign-in.")
    return _page(
        request, union, forms.Form(), title=_("New initial password"), button=_("Set it"),
        note=note % {"name": account.name, "username": account.username},
    )  # fmt: skip


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def enabled(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    """Disable an account, or enable it again."""
    union, account = _account(request, pk, assignment_pk)
    is_active = not account.is_active
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = request.POST.get("wanted") == "on"
        accounts.set_enabled(account, wanted, union=union, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The account is enabled.") if wanted else _("The account is disabled."))
        return redirect("unions:union-people", pk)
    note = (
        _("%(name)s (%(username)s) can sign in again.")
        if is_active
        else _("%(name)s (%(username)s) is signed out at once and cannot sign in. The appointments stay.")
    )
    return _page(
        request, union, form, title=_("Enable the account") if is_active else _("Disable the account"),
        button=_("Enable") if is_active else _("Disable"), wanted="on" if is_active else "off",
        note=note % {"name": account.name, "username": account.username},
    )  # fmt: skip
