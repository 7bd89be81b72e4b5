"""What the demo people find in their inboxes: the notices that the latest moves would have sent them."""

import datetime
from datetime import timedelta

from disclosure.models import Return
from disclosure.workflow import fill_url, review_url
from unions.demo import bulk
from unions.models import Event, Union, UnionGrant, User
from unions.permissions import Permission

COLUMNS = "recipient_id, union_id, kind, params, url, key, created_at, read_at"
KINDS = {
    "return.submit": ("submitted", Permission.RETURN_REVIEW),
    "return.return": ("returned", Permission.RETURN_FILL),
    "return.accept": ("accepted", Permission.RETURN_FILL),
}
LATEST = 25  # of each demo union: an inbox, not an archive
KEPT_UNREAD = timedelta(days=7)


def write(people: list[User], unions: list[Union], now: datetime.datetime) -> int:
    """A notice for each of the latest moves on the desks of these people; older ones have been read."""
    rows: list[tuple] = []
    grants = UnionGrant.objects.filter(user__in=people).values_list("user", "permission__codename", "content_object")
    holders: dict[tuple[str, int], list[int]] = {}
    for user, codename, union in grants:
        holders.setdefault((codename, union), []).append(user)
    for union in unions:
        rows += _about(union, holders, now, own=True) + _about(union, holders, now, own=False)
    rows.sort(key=lambda row: row[6])
    return bulk.copy("unions_notice", COLUMNS, rows)


def _about(union: Union, holders: dict, now: datetime.datetime, *, own: bool) -> list[tuple]:
    """Of the union's own returns what was decided, of those directly below what came in."""
    actions = ("return.return", "return.accept") if own else ("return.submit",)
    events = Event.objects.filter(model="disclosure.Return", action__in=actions).select_related("by").order_by("-at")
    events = list((events.filter(union=union) if own else events.filter(union__parent=union))[:LATEST])
    filings = Return.objects.select_related("union", "version__form").in_bulk({event.object_id for event in events})
    rows = []
    for event in events:
        filing = filings[event.object_id]
        kind, permission = KINDS[event.action]
        params = {
            "union": filing.union.name, "period": filing.period, "round": event.data["round"],
            "by": event.by.name if event.by else "", "reason": event.reason, "due": event.data.get("due", ""),
        }  # fmt: skip
        url = fill_url(filing) if own else review_url(filing)
        is_new = now - event.at < KEPT_UNREAD
        for user in holders.get((permission, union.pk), []):
            if user != event.by_id:
                key = f"return.{filing.pk}.{kind}.{event.pk}:{user}"
                read = None if is_new else event.at + timedelta(hours=3)
                rows.append(
                    (
                        user,
                        union.pk if own else filing.union_id,
                        f"return.{kind}",
                        bulk.as_json(params),
                        url,
                        key,
                        event.at,
                        read,
                    )
                )
    return rows
