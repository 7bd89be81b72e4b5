"""What is recorded besides the acts themselves: refusals, files taken away, signing in and out.

Acts are recorded by whoever makes them, in their transaction (`unions.services.record`, `unions.workflow.perform`).
What stands here belongs to no record: it is filed at the union the person works for, or at the district.
"""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models
from django.http import HttpRequest, HttpResponse

from unions.enums import EventResult, Tier
from unions.kit.masking import mask_name
from unions.kit.tracing import trace
from unions.models import Event, Union, UnionOwned, User
from unions.scoping import union_of
from unions.wall import system

REFUSED, REFUSED_MOVE, DOWNLOAD = "page.refuse", "move.refuse", "file.download"
OPEN, CLOSE, FAIL, LOCK = "session.open", "session.close", "session.fail", "session.lock"


def note(
    action: str, result: str, *, by: User | None, about: models.Model | None = None, data: dict[str, Any] | None = None
) -> Event | None:
    """Append an event that no act brings about. Without a record it is about the person; without a person about the
    district, and before there is a district about nothing."""
    with system("records what no act brings about"):
        about = about or by or Union.objects.of_tier(Tier.DISTRICT).first()
        if about is None:
            return None
        union = union_of(about) if isinstance(about, Union | UnionOwned) else _workplace(by or about)
        if union is None:
            return None
        return Event.objects.create(
            union=union,
            action=action,
            model=about._meta.label,
            object_id=about.pk,
            by=by,
            result=result,
            data=data or {},
        )


def _workplace(person: User) -> Union | None:
    return person.union or Union.objects.of_tier(Tier.DISTRICT).first()


def witness(request: HttpRequest, response: HttpResponse) -> None:
    """Record what an answer refused to a person, or the file that it handed out. Ordinary answers cost nothing."""
    if not request.user.is_authenticated:
        return
    refusal = getattr(response, "refusal", None)
    if refusal is not None and refusal.status == 422:  # a form to complete, nobody was turned away
        return
    if refusal is not None or response.status_code == 403:
        obj, move = getattr(refusal, "about", None) or (None, "")
        data = {"path": request.path, "method": request.method, "permission": trace().permission, "move": move}
        data["why"] = str(refusal or "")
        note(REFUSED_MOVE if move else REFUSED, EventResult.REFUSED, by=request.actor, about=obj, data=data)
    elif response.headers.get("Content-Disposition", "").startswith("attachment"):
        name = getattr(response, "file_name", "") or getattr(response, "filename", "")
        data = {"path": request.path, "file": name, "filters": getattr(response, "filter_words", [])}
        note(DOWNLOAD, EventResult.READ, by=request.actor, data=data)


# --- signing in and out ------------------------------------------------------------------------------------------


def _opened(sender, user, **kwargs) -> None:
    note(OPEN, EventResult.DONE, by=_read_anew(user))


def _closed(sender, user, **kwargs) -> None:
    if user is not None:
        note(CLOSE, EventResult.DONE, by=_read_anew(user))


def _failed(sender, credentials, **kwargs) -> None:
    _note_attempt(FAIL, EventResult.FAILED, credentials.get("username"))


def _locked(sender, username=None, **kwargs) -> None:
    _note_attempt(LOCK, EventResult.REFUSED, username)


def _note_attempt(action: str, result: str, username: str | None) -> None:
    """Nobody has signed in yet, so there is no actor. An unknown name may be a password typed into the wrong field."""
    username = (username or "").strip()
    with system("looks up who failed to sign in"):
        account = User.objects.filter(username__iexact=username).first()
    note(
        action, result, by=None, about=account, data={"username": account.username if account else mask_name(username)}
    )


def _read_anew(user: User) -> User:
    """Without what was read of the person before this moment."""
    return User.objects.get(pk=user.pk)


def register() -> None:
    user_logged_in.connect(_opened)
    user_logged_out.connect(_closed)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked)
