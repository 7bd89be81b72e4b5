"""Writing bulletins: begun by hand or from a result, changed as drafts, their findings cleared, their postings entered.

The grassroots committee and chair report to their assembly, and all disclose important meetings, decisions, services and
hot topics to their members (the notice, openness of union affairs). Time limits are the district's (the catalogue).
"""

import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.enums import BulletinState, Channel
from disclosure.models import Bulletin, CatalogueItem, Posting
from disclosure.scanner import UNREAD, Finding, scan, scan_file
from unions.calendar import WorkCalendar
from unions.enums import UploadState
from unions.kit.text import sentence
from unions.models import Union, Upload, User
from unions.permissions import Permission
from unions.publishables import Draft, Publishable, Way, publishables, ways
from unions.services import differences, record
from unions.uploads import Purpose, purposes
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged

KINDS = ("pdf", "docx", "xlsx", "jpeg", "png")
FILE = Purpose(
    "bulletin-file",
    gettext_lazy("Files of a bulletin"),
    KINDS,
    10,
    Permission.BULLETIN_VIEW,
    Permission.BULLETIN_WRITE,
)
PROOF = Purpose(
    "posting-proof", gettext_lazy("Proof of a posting"), ("jpeg", "png", "pdf"), 10, Permission.BULLETIN_VIEW, Permission.BULLETIN_WRITE
)  # fmt: skip
SHOWN_PUBLISHABLE = 5


def files_of(bulletin: Bulletin) -> list[Upload]:
    rows = Upload.objects.filter(union=bulletin.union_id, purpose=FILE.key, object_id=bulletin.pk)
    return list(rows.order_by("created_at", "pk"))


def ready_files(bulletin: Bulletin) -> list[Upload]:
    """What may be handed out with it."""
    return [file for file in files_of(bulletin) if file.state == UploadState.CLEAN]


# --- writing -------------------------------------------------------------------------------------------------------


def due_day(item: CatalogueItem, occurred_on: datetime.date, calendar: WorkCalendar | None = None) -> datetime.date:
    """So many working days after the matter, as the catalogue says for it."""
    return (calendar or WorkCalendar()).shift(occurred_on, item.workdays)


@transaction.atomic
def write(union: Union, values: dict[str, Any], *, by: User, source: tuple[str, int] | None = None) -> Bulletin:
    """Begin a bulletin as a draft. One result has one bulletin: the second is led to the first."""
    if not by.has_perm(Permission.BULLETIN_WRITE, union):
        raise NotAllowed(_("You may not write bulletins for this union."))
    if source and (known := _made_of(union, source)):
        return known
    _check_values(union, values)
    bulletin = Bulletin(union=union, written_by=by, due_on=due_day(values["item"], values["occurred_on"]), **values)
    if source:
        bulletin.source, bulletin.source_id = source
    bulletin.save()
    # A title may hold what the check takes out of it: the record of acts keeps the item.
    record(union, "bulletin.write", bulletin, by=by, data={"item": values["item"].name_zh})
    return bulletin


def _made_of(union: Union, source: tuple[str, int]) -> Bulletin | None:
    rows = Bulletin.objects.filter(union=union, source=source[0], source_id=source[1])
    return rows.exclude(state=BulletinState.WITHDRAWN).first()


def _check_values(union: Union, values: dict[str, Any]) -> None:
    """The item is one of the union's tier; the meeting one of its own."""
    if (item := values.get("item")) is not None and item.tier != union.tier:
        raise Invalid(_("Something is still missing."), {"item": _("This item is not in the catalogue of your tier.")})
    if (meeting := values.get("meeting")) is not None and meeting.union_id != union.pk:
        raise Invalid(_("Something is still missing."), {"meeting": _("Choose a meeting of this union.")})


def locked(bulletin: Bulletin) -> Bulletin:
    rows = Bulletin.objects.select_for_update(of=("self",), no_key=True).select_related("union", "item")
    return rows.get(pk=bulletin.pk)


def _open_draft(bulletin: Bulletin, by: User, revision: int | None = None) -> Bulletin:
    current = locked(bulletin)
    if not by.has_perm(Permission.BULLETIN_WRITE, current):
        raise NotAllowed(_("You may not write bulletins for this union."))
    demand_unchanged(current, revision)
    if not current.is_editable:
        raise MoveError(_("What is being checked or is published does not change: have it returned first."))
    return current


@transaction.atomic
def edit(bulletin: Bulletin, values: dict[str, Any], *, by: User, revision: int | None = None) -> Bulletin:
    """Change a draft."""
    current = _open_draft(bulletin, by, revision)
    _check_values(current.union, values)
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    for name in changes:
        setattr(current, name, values[name])
    current.due_on = due_day(current.item, current.occurred_on)
    current.revision += 1
    current.save()
    # The text itself stays out of the record of acts: it may hold what the check takes out of it.
    told = {name: pair for name, pair in changes.items() if name not in ("body", "title")}
    record(current.union, "bulletin.edit", current, by=by, data={"changes": told, "fields": sorted(changes)})
    return current


@transaction.atomic
def discard(bulletin: Bulletin, *, by: User) -> None:
    """Throw a draft away that was never published."""
    current = _open_draft(bulletin, by)
    if current.published_at or files_of(current):
        raise MoveError(_("Take its files away first."))
    record(current.union, "bulletin.discard", current, by=by, data={"item": current.item.name_zh})
    current.delete()


# --- from results --------------------------------------------------------------------------------------------------


def _unpublished(union: Union, by: User) -> list[tuple[str, Publishable, QuerySet]]:
    found = []
    for key, kind in publishables.items():
        if by.has_perm(kind.see, union):
            taken = Bulletin.objects.filter(union=union, source=key).exclude(state=BulletinState.WITHDRAWN)
            found.append((key, kind, kind.ready(union).exclude(pk__in=taken.values("source_id"))))
    return found


def offers(union: Union, by: User) -> list[tuple[str, str, list]]:
    """Results that have no bulletin yet, by kind: key, label, records."""
    found = [(key, kind.label, list(rows[:SHOWN_PUBLISHABLE])) for key, kind, rows in _unpublished(union, by)]
    return [(key, label, rows) for key, label, rows in found if rows]


def count_offers(union: Union, by: User) -> int:
    """How many results have no bulletin yet, of whatever kind; one query."""
    ids = [rows.order_by().values("pk") for _key, _kind, rows in _unpublished(union, by)]
    return ids[0].union(*ids[1:], all=True).count() if ids else 0


def _ready(union: Union, key: str, pk: int, by: User) -> Model | None:
    """The result, where it is known, seen by this person and ready to be told."""
    kind = publishables.get(key)
    return kind.ready(union).filter(pk=pk).first() if kind and by.has_perm(kind.see, union) else None


def way_of(key: str, result: Model, by: User) -> Way | None:
    """From a result to its bulletin, or for whoever may write one to the beginning of it."""
    union = result.union
    if known := _made_of(union, (key, result.pk)):
        may_see = by.has_perm(Permission.BULLETIN_VIEW, union)
        return Way(_("Its bulletin"), reverse("disclosure:bulletin", args=[known.pk])) if may_see else None
    if not by.has_perm(Permission.BULLETIN_WRITE, union) or _ready(union, key, result.pk, by) is None:
        return None
    return Way(_("Make a bulletin"), reverse("disclosure:bulletin-offers", args=[union.pk]), f"{key}.{result.pk}")


def write_from(union: Union, key: str, pk: int, *, by: User) -> Bulletin:
    """Make a draft of a result; its words come from the record itself."""
    row = _ready(union, key, pk, by)
    if row is None:
        raise MoveError(_("This result is not ready to be published."))
    draft = publishables[key].draft(row)
    item = item_for(union, draft)
    return write(
        union,
        {
            "item": item, "title": draft.title, "body": draft.body, "readers": item.readers,
            "occurred_on": draft.occurred_on, "meeting": draft.meeting, "channels": [Channel.WEBSITE],
        },
        by=by, source=(key, pk),
    )  # fmt: skip


def item_for(union: Union, draft: Draft) -> CatalogueItem:
    """The item that the draft names, or the first of its category, in the catalogue of the union's tier."""
    rows = CatalogueItem.objects.filter(tier=union.tier, category__key=draft.category, is_active=True)
    if (item := rows.filter(name_zh=draft.item).first() or rows.first()) is None:
        raise MoveError(_("The catalogue of your tier has no item for this; ask the district to add one."))
    return item


# --- secrecy and personal data -------------------------------------------------------------------------------------


def findings_of(bulletin: Bulletin) -> list[Finding]:
    """What the scanner finds in title, text and files, in that order."""
    found = [*scan(bulletin.title, _("Title of the bulletin")), *scan(bulletin.body, _("Body text"))]
    for file in files_of(bulletin):
        if file.state == UploadState.CLEAN:
            found += scan_file(_path(file), file.kind, file.name)
        else:
            found.append(Finding(UNREAD, file.name, place=file.name))
    return found


def _path(file: Upload) -> Path:
    return Path(default_storage.path(file.file.name))


def key_of(finding: Finding) -> str:
    """A finding by a keyed digest: the number itself is kept nowhere. Moved within the text it is the same finding."""
    text = f"{finding.kind}|{finding.value}|{finding.place}"
    return salted_hmac("disclosure.finding", text, algorithm="sha256").hexdigest()[:24]


def uncleared(bulletin: Bulletin, found: list[Finding] | None = None) -> list[Finding]:
    """Findings for which nobody has given a reason."""
    found = findings_of(bulletin) if found is None else found
    return [finding for finding in found if key_of(finding) not in bulletin.cleared]


@transaction.atomic
def clear(bulletin: Bulletin, reasons: dict[str, str], *, by: User) -> Bulletin:
    """Say why each finding may stay (the office's own number, a consent on file). Whoever writes or checks may."""
    current = locked(bulletin)
    if not (by.has_perm(Permission.BULLETIN_WRITE, current) or by.has_perm(Permission.BULLETIN_CHECK, current)):
        raise NotAllowed(_("You may not check bulletins of this union."))
    if current.state not in (BulletinState.DRAFT, BulletinState.CHECKING):
        raise MoveError(_("The check of this bulletin is over."))
    found = {key_of(finding): finding for finding in findings_of(current)}
    given = {key: sentence(text, 200) for key, text in reasons.items() if key in found and text.strip()}
    if given := {key: text for key, text in given.items() if current.cleared.get(key) != text}:
        current.cleared = {**{k: v for k, v in current.cleared.items() if k in found}, **given}
        current.revision += 1
        current.save(update_fields=["cleared", "revision"])
        told = [{"kind": found[key].kind, "place": found[key].place, "reason": text} for key, text in given.items()]
        record(current.union, "bulletin.clear", current, by=by, data={"count": len(told), "findings": told})
    return current


# --- where it hangs ------------------------------------------------------------------------------------------------


@transaction.atomic
def post(bulletin: Bulletin, values: dict[str, Any], *, by: User) -> Posting:
    """Enter where a published bulletin was put up off-line."""
    current = locked(bulletin)
    if not by.has_perm(Permission.BULLETIN_WRITE, current):
        raise NotAllowed(_("You may not write bulletins for this union."))
    if not current.is_out:
        raise MoveError(_("It is put up once it is published."))
    if values["posted_on"] > timezone.localdate():
        raise Invalid(_("Something is still missing."), {"posted_on": _("Choose today or an earlier day.")})
    posting = Posting(bulletin=current, union=current.union, posted_by=by, **values)
    posting.full_clean(exclude=["union", "middle"])
    posting.save()
    record(current.union, "posting.add", posting, by=by, data={"where": str(posting)})
    return posting


def proofs_of(postings: list[Posting]) -> dict[int, list[Upload]]:
    """Posting → its photographs."""
    found: dict[int, list[Upload]] = {posting.pk: [] for posting in postings}
    rows = Upload.objects.filter(purpose=PROOF.key, object_id__in=found, union__in={p.union_id for p in postings})
    for upload in rows.order_by("pk"):
        found[upload.object_id].append(upload)
    return found


def register() -> None:
    """Called once when the app is ready."""
    for purpose in (FILE, PROOF):
        purposes.add(purpose.key, purpose)
    ways.add("bulletin", way_of)
