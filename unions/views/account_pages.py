"""The accounts in somebody's scope: the list, each account's page, its sessions and its second factor."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from unions import accounts, assists, factors, sessions
from unions.account_lists import AccountFilters, AccountTable, accounts_within, listed, posts_within
from unions.enums import SessionEnd
from unions.forms_people import EndForm
from unions.kit.http import any_account, requires
from unions.kit.tables import list_response
from unions.models import User
from unions.permissions import Permission
from unions.proofs import proof, takes_away
from unions.settingbook import setting
from unions.wall import system


@requires(Permission.ACCOUNT_MANAGE)
@require_GET
@proof(when=takes_away)
def account_list(request: HttpRequest) -> HttpResponse:
    """Every account in the person's scope; never signed in, long unused, disabled, ending soon, without a factor."""
    return list_response(
        request, queryset=listed(request.user), filters=AccountFilters, table=AccountTable,
        template="unions/accounts/list.html", export="table", export_name=_("Accounts"),
    )  # fmt: skip


def _account(request: HttpRequest, pk: int, *, manages: bool = True) -> User:
    account = get_object_or_404(accounts_within(request.user), pk=pk)
    if manages and not accounts.may_manage(request.user, account):
        raise PermissionDenied
    return account


@requires(Permission.ACCOUNT_MANAGE)
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its appointments in scope, where it is signed in, its factors, and what one may do about it."""
    found = _account(request, pk, manages=False)
    posts = list(
        posts_within(request.user).filter(user=found).select_related("union", "given_by").order_by("-starts_on")
    )
    live = list(found.sessions.live().order_by("-seen_at"))
    for session in live:
        session.device = sessions.device(session.agent)
    context = {
        "account": found, "posts": posts, "live": live, "may_manage": accounts.may_manage(request.user, found),
        "elsewhere": _count_of_posts(found) - sum(post.withdrawn_at is None for post in posts) > 0,
        "may_assist": assists.may_assist(request.user, found),
        "has_factor": sessions.has_factor(found), "first": posts[0] if posts else None, "here_menu": "unions:account-list",
    }  # fmt: skip
    return render(request, "unions/accounts/account.html", context)


def _count_of_posts(account: User) -> int:
    with system("counts an account's posts elsewhere"):
        return account.assignments.in_force().count()


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
@proof()
def account_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of an account."""
    found = _account(request, pk)
    count = sessions.end_all(found, SessionEnd.ADMINISTRATOR)
    if count:
        accounts.record_account(found, "session.end", by=request.user, data={"count": count})
    text = ngettext("%(count)d device is signed out.", "%(count)d devices are signed out.", count)
    messages.success(request, text % {"count": count} if count else _("The account was not signed in anywhere."))
    return redirect("unions:account", pk)


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@proof()
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor away from somebody who lost it."""
    found = _account(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        factors.reset(found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The second factor of %(name)s is reset.") % {"name": found.name})
        return redirect("unions:account", pk)
    note = _("%(name)s is signed out everywhere and adds a new factor at the next sign-in. Make sure that it is really this "
             "person who asks: ring them back, or see them.") % {"name": found.name}  # fmt: skip
    context = {
        "account": found,
        "form": form,
        "title": _("Reset the second factor"),
        "button": _("Reset it"),
        "note": note,
    }
    return render(request, "unions/accounts/act.html", context, status=422 if form.errors else 200)


@requires(Permission.ACCOUNT_ASSIST)
@require_http_methods(["GET", "POST"])
@proof()
def assist(request: HttpRequest, pk: int) -> HttpResponse:
    """Look on as an account in one's scope, for a reason that is kept and told to the person."""
    found = _account(request, pk)
    if not assists.may_assist(request.user, found):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assists.begin(request, found, form.cleaned_data["reason"])
        return redirect("unions:home")
    note = _("You see the portal as %(name)s does, for at most %(minutes)d minutes, and can only read. %(name)s is told, with your "
             "name and the reason; beginning and end are recorded.") % {"name": found.name, "minutes": setting("assist-minutes")}  # fmt: skip
    context = {
        "account": found,
        "form": form,
        "title": _("Look on as this account"),
        "button": _("Begin"),
        "note": note,
    }
    return render(request, "unions/accounts/act.html", context, status=422 if form.errors else 200)


@any_account
@require_POST
def assist_end(request: HttpRequest) -> HttpResponse:
    assists.end(request, request.user)
    messages.success(request, _("You are yourself again."))
    return redirect("unions:home")


@requires(Permission.ACCOUNT_UNLOCK)
@require_GET
def lock_list(request: HttpRequest) -> HttpResponse:
    """Sign-ins that are locked after too many wrong passwords. An unknown name may be a password typed into the wrong
    field, so it is not shown."""
    names = {
        name.lower(): found
        for found in User.objects.filter(username__in=_locked().values("username"))
        for name in [found.username]
    }
    rows = [{"lock": lock, "account": names.get((lock.username or "").lower())} for lock in _locked()]
    return render(
        request, "unions/accounts/locks.html", {"rows": rows, "minutes": int(settings.AXES_COOLOFF_TIME * 60)}
    )


def _locked():
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    ).order_by("-attempt_time")


@requires(Permission.ACCOUNT_UNLOCK)
@require_POST
@proof()
def lock_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a lock before it opens by itself."""
    accounts.open_lock(get_object_or_404(AccessAttempt, pk=pk), by=request.user)
    messages.success(request, _("The lock is open."))
    return redirect("unions:lock-list")
