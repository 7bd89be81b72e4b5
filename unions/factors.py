"""The second factor: how it is added and checked, and how an administrator takes it away."""

import os
import secrets
from base64 import b32encode
from datetime import timedelta
from urllib.parse import quote

import segno
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unions.accounts import ALPHABET, demand_account, record_account
from unions.enums import SessionEnd
from unions.kit.crypto import ring
from unions.models import CodeApp, Passkey, RecoveryCode, User
from unions.notices import notify
from unions.sessions import end_all, has_factor

ISSUER = "娘家"
ENROLMENT = "unions.enrolment"
CODES = 10


# --- checking ----------------------------------------------------------------------------------------------------


@transaction.atomic
def problem_with(user: User, given: str) -> str:
    """Empty if this is a good code of the app or an unused recovery code; otherwise what to say."""
    given = "".join(given.split()).lower()
    if len(given) == 6 and given.isdecimal():
        return _problem_with_code(user, given)
    if _use_recovery_code(user, given.replace("-", "")):
        return ""
    return _("This code is wrong, or was used already.")


def _problem_with_code(user: User, given: str) -> str:
    app = CodeApp.objects.select_for_update().filter(user=user).first()
    if app is None:
        return _("This code is wrong, or was used already.")
    is_allowed, why = app.verify_is_allowed()
    if not is_allowed:
        seconds = max(1, round((why["locked_until"] - timezone.now()) / timedelta(seconds=1)))
        text = ngettext(
            "Too many wrong codes. Wait %(n)d second.", "Too many wrong codes. Wait %(n)d seconds.", seconds
        )
        return text % {"n": seconds}
    return "" if app.verify_token(given) else _("This code is wrong, or was used already.")


def _use_recovery_code(user: User, given: str) -> bool:
    code = RecoveryCode.objects.select_for_update().filter(user=user, used_at=None, mark=given[:4]).first()
    if code is None or not check_password(given[4:], code.digest):
        return False
    code.used_at = timezone.now()
    code.save(update_fields=["used_at"])
    left = user.recovery_codes.filter(used_at=None).count()
    record_account(user, "factor.recovery", by=user, data={"left": left})
    notify(
        [user], "factor.recovery", union=None, params={"left": left}, url="/factors/", key=f"factor.recovery.{code.pk}"
    )
    return True


# --- adding and taking away --------------------------------------------------------------------------------------


def new_seed(user: User) -> str:
    """A seed nobody has confirmed yet, sealed so that a form can carry it."""
    return ring().seal(os.urandom(20).hex(), ENROLMENT, str(user.pk))


def seed_of(user: User, sealed: str) -> str:
    """The seed that a form carried; whatever is not ours raises CannotOpen."""
    return ring().open(sealed, ENROLMENT, str(user.pk))


def spelled(seed: str) -> str:
    """The seed for typing into an app that has no camera."""
    text = b32encode(bytes.fromhex(seed)).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture(user: User, seed: str) -> str:
    """The QR code of a seed as SVG in a data address: nothing of it leaves the portal."""
    secret = b32encode(bytes.fromhex(seed)).decode()
    query = urlencode({"secret": secret, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30})
    return segno.make(f"otpauth://totp/{quote(f'{ISSUER}:{user.username}')}?{query}", error="m").svg_data_uri(
        scale=5, border=2
    )


@transaction.atomic
def add_code_app(user: User, seed: str, given: str, *, session_key: str | None) -> bool:
    """Keep a seed once its app has shown a right code; one that was there before is replaced."""
    app = CodeApp(user=user, name="app", seed=seed)
    step = app.step_of("".join(given.split()))
    if step is None:
        return False
    app.last_step = step
    CodeApp.objects.filter(user=user).delete()
    app.save()
    changed(user, "factor.add", _("code app"), session_key)
    return True


@transaction.atomic
def remove_code_app(user: User, *, session_key: str | None) -> None:
    if CodeApp.objects.filter(user=user).delete()[0]:
        changed(user, "factor.remove", _("code app"), session_key)


@transaction.atomic
def remove_passkey(passkey: Passkey, *, session_key: str | None) -> None:
    passkey.delete()
    changed(passkey.user, "factor.remove", passkey.name, session_key)


def changed(user: User, action: str, what: str, session_key: str | None) -> None:
    """After every change of factors: without any there are no recovery codes, other devices sign in anew."""
    if not has_factor(user):
        user.recovery_codes.all().delete()
    end_all(user, SessionEnd.FACTOR, keep=session_key)
    event = record_account(user, action, by=user, data={"what": what})
    notify([user], action, union=None, params={"what": what}, url="/factors/", key=f"{action}.{event.pk}")


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Ten codes, shown this once; those of before count no more."""
    codes: dict[str, str] = {}
    while len(codes) < CODES:
        text = "".join(secrets.choice(ALPHABET) for _n in range(12))
        codes[text[:4]] = text
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, mark=mark, digest=make_password(text[4:])) for mark, text in codes.items()
    )
    record_account(user, "factor.codes", by=user)
    return [f"{text[:4]}-{text[4:8]}-{text[8:]}" for text in codes.values()]


@transaction.atomic
def reset(account: User, *, by: User, reason: str) -> None:
    """An administrator takes all factors away from somebody who lost them; the person adds new ones at the next sign-in
    and is told who did it."""
    demand_account(by, account)
    CodeApp.objects.filter(user=account).delete()
    account.passkeys.all().delete()
    account.recovery_codes.all().delete()
    end_all(account, SessionEnd.FACTOR)
    event = record_account(account, "factor.reset", by=by, reason=reason)
    params = {"by": by.name, "reason": reason}
    notify([account], "factor.reset", union=None, params=params, url="/factors/", key=f"factor.reset.{event.pk}")
