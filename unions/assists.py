"""Looking on as another account, to help: read-only, for a short time, for a reason, and the person is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.accounts import may_manage, record_account
from unions.models import User
from unions.notices import notify
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import Invalid, NotAllowed

KEY = "assist"


@dataclass(frozen=True)
class Assist:
    """Whose portal is looked at, by whom, until when."""

    account: User
    by: User
    until: datetime


def may_assist(by: User, account: User) -> bool:
    """Only accounts whose every appointment the helper could give: so nobody sees more than they could give away."""
    return by.has_perm(Permission.ACCOUNT_ASSIST) and account.is_active and may_manage(by, account)


def begin(request: HttpRequest, account: User, reason: str) -> None:
    by = request.user
    if not may_assist(by, account):
        raise NotAllowed(_("You may not look on as this account."))
    if account.must_change_password:
        raise Invalid(_("This account has not chosen its own password yet; there is nothing to look at."))
    until = timezone.now() + timedelta(minutes=setting("assist-minutes"))
    request.session[KEY] = {"account": account.pk, "until": until.isoformat()}
    event = record_account(account, "assist.begin", by=by, reason=reason)
    params = {"by": by.name, "reason": reason}
    notify([account], "assist.begin", union=None, params=params, url="/inbox/", key=f"assist.{event.pk}", mail=False)


def end(request: HttpRequest, by: User) -> None:
    given = request.session.pop(KEY, None)
    if given:
        record_account(User.objects.get(pk=given["account"]), "assist.end", by=by)


def current(request: HttpRequest) -> Assist | None:
    """The look in progress; one whose time is over, or which would not be allowed any more, ends here."""
    given, by = request.session.get(KEY), request.user
    if not given:
        return None
    account, until = User.objects.filter(pk=given["account"]).first(), datetime.fromisoformat(given["until"])
    if account is None or until <= timezone.now() or not may_assist(by, account):
        end(request, by)
        return None
    return Assist(account, by, until)
