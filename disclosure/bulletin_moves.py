"""How a bulletin moves: written, checked for secrets, approved, published at its time, expired or withdrawn.

What is checked is what is published: content changes in the draft alone. A withdrawn bulletin leaves a stone behind that
says when and why (domain: withdrawn, with a trace). Moments are the clock's (`run_punctually`).
"""

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.bulletins import uncleared
from disclosure.duties import follow_bulletin
from disclosure.enums import BulletinState
from disclosure.models import Bulletin
from disclosure.pages import forget_pages_of
from disclosure.settings import ALONE_ALLOWED
from unions.enums import Tier
from unions.models import Event, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.settingbook import setting
from unions.workflow import Invalid, MoveError, Transition, Workflow, perform, register

S, P = BulletinState, Permission
CHUNK = 500


# --- guards --------------------------------------------------------------------------------------------------------


def ready(bulletin: Bulletin, by: User | None) -> str | None:
    if not bulletin.body.strip():
        return _("Write the text first.")
    if not bulletin.channels:
        return _("Choose at least one channel.")
    if bulletin.item.is_decision and bulletin.meeting_id is None:
        return _("An important decision names the meeting that took it.")
    if bulletin.meeting_id and not bulletin.meeting.is_held:
        return _("The meeting that is to have decided this has not been held.")
    if bulletin.expires_on and bulletin.expires_on < timezone.localdate():
        return _("The last day on which it is shown has passed.")
    return None


def is_clean(bulletin: Bulletin, by: User | None) -> str | None:
    """Every number found has a reason, and nothing was brought since."""
    if left := len(uncleared(bulletin)):
        return _("%(count)d findings have no reason yet: take them out, or say why they may stay.") % {"count": left}
    return None


def by_another(bulletin: Bulletin, by: User | None) -> str | None:
    """Two pairs of eyes: nobody approves what they wrote, but in a grassroots union where the district lets one person do so."""
    if by is None or bulletin.written_by_id != by.pk:
        return None
    if bulletin.union.tier is Tier.GRASSROOTS and setting("bulletin-alone") == ALONE_ALLOWED:
        return None
    return _("You wrote this yourself; somebody else has to approve it.")


def can_approve(bulletin: Bulletin, by: User | None) -> str | None:
    return by_another(bulletin, by) or is_clean(bulletin, by)


def is_past(bulletin: Bulletin, by: User | None) -> str | None:
    if bulletin.expires_on is None or bulletin.expires_on >= timezone.localdate():
        return _("It expires by itself after its last day.")
    return None


# --- effects -------------------------------------------------------------------------------------------------------


def _tell(bulletin: Bulletin, people: list[User], kind: str, by: User | None, **params) -> None:
    notify(
        [person for person in people if person != by], f"bulletin.{kind}", union=bulletin.union,
        params={"union": bulletin.union.name, "title": bulletin.title, "by": by.name if by else "", **params},
        url=reverse("disclosure:bulletin", args=[bulletin.pk]), key=f"bulletin.{bulletin.pk}.{kind}.{bulletin.revision}",
        mail=False,
    )  # fmt: skip


def submit(bulletin: Bulletin, *, event: Event, by: User, due) -> None:
    bulletin.checked_by = bulletin.approved_by = None
    _tell(bulletin, holders(P.BULLETIN_CHECK, bulletin.union), "submitted", by)


def check(bulletin: Bulletin, *, event: Event, by: User, due) -> None:
    bulletin.checked_by = by
    event.data["cleared"] = len(bulletin.cleared)
    _tell(bulletin, holders(P.BULLETIN_APPROVE, bulletin.union), "checked", by)


def send_back(bulletin: Bulletin, *, event: Event, by: User, due) -> None:
    _tell(bulletin, [bulletin.written_by], "returned", by, reason=event.reason)


def approve(bulletin: Bulletin, *, event: Event, by: User, due) -> None:
    bulletin.approved_by = by


def publish(bulletin: Bulletin, *, event: Event, by: User | None, due) -> None:
    bulletin.published_at = timezone.now()
    _tell(bulletin, [bulletin.written_by], "published", by)


def withdraw(bulletin: Bulletin, *, event: Event, by: User, due) -> None:
    reason = event.reason.strip()
    if len(reason) > 200:
        raise Invalid(_("Something is still missing."), {"reason": _("At most 200 characters: everybody reads it.")})
    bulletin.withdrawn_at, bulletin.withdrawn_reason = timezone.now(), reason
    _tell(bulletin, [bulletin.written_by], "withdrawn", by, reason=reason)


def show(bulletin: Bulletin) -> None:
    forget_pages_of(bulletin.union_id)


def tell(bulletin: Bulletin) -> None:
    """It is public, or no longer: pages and duties follow."""
    show(bulletin)
    follow_bulletin(bulletin)


_REASON = frozenset({"reason"})
_ONE = frozenset

BULLETINS = register(Workflow(Bulletin))
BULLETINS.add(
    Transition("submit", gettext_lazy("Hand in for the check"), _ONE({S.DRAFT}), S.CHECKING, P.BULLETIN_WRITE, guard=ready, effect=submit, is_primary=True),
    Transition("check", gettext_lazy("Pass the check"), _ONE({S.CHECKING}), S.APPROVING, P.BULLETIN_CHECK, guard=is_clean, effect=check, is_primary=True),
    Transition("return", gettext_lazy("Return to the writer"), _ONE({S.CHECKING}), S.DRAFT, P.BULLETIN_CHECK, demands=_REASON, effect=send_back),
    Transition("approve", gettext_lazy("Approve for publication"), _ONE({S.APPROVING}), S.SCHEDULED, P.BULLETIN_APPROVE, guard=can_approve, effect=approve, is_primary=True),
    Transition("decline", gettext_lazy("Do not approve"), _ONE({S.APPROVING, S.SCHEDULED}), S.DRAFT, P.BULLETIN_APPROVE, demands=_REASON, effect=send_back),
    Transition("publish", gettext_lazy("Publish now"), _ONE({S.SCHEDULED}), S.PUBLISHED, P.BULLETIN_APPROVE, effect=publish, after=tell),
    Transition("expire", gettext_lazy("Expire"), _ONE({S.PUBLISHED}), S.EXPIRED, P.BULLETIN_APPROVE, guard=is_past, after=show),
    Transition("withdraw", gettext_lazy("Withdraw"), _ONE({S.PUBLISHED, S.EXPIRED}), S.WITHDRAWN, P.BULLETIN_APPROVE, demands=_REASON, effect=withdraw, after=tell),
)  # fmt: skip


def take(bulletin: Bulletin, name: str, *, by: User, **given) -> Bulletin:
    """A person's move. What is approved and has no later moment is published in the same breath."""
    moved = perform(bulletin, name, by=by, **given)
    is_time = moved.publish_at is None or moved.publish_at <= timezone.now()
    return perform(moved, "publish", by=by) if moved.state == S.SCHEDULED and is_time else moved


def run_punctually(now: datetime.datetime) -> int:
    """The clock's part: publish what is approved and whose moment has come, end what is past its last day. Each by
    itself; whoever withdrew one meanwhile has withdrawn it."""
    today, count = timezone.localdate(now), 0
    for name, rows in (("publish", Bulletin.objects.to_publish(now)), ("expire", Bulletin.objects.to_expire(today))):
        for bulletin in rows.select_related("union", "item", "written_by").order_by("pk")[:CHUNK]:
            try:
                perform(bulletin, name, by=None, revision=bulletin.revision)
            except MoveError:
                continue
            count += 1
    return count
