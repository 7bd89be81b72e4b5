"""Special oversight: entering a matter, inviting overseers, taking their findings down; the writes beyond one move.

The unions of all tiers invite members or delegates to oversee major matters (notice 2015-24, 3(1)). How many, by when and
by which steps are the district's settings.
"""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max, Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import Satisfaction
from disclosure.enums import FindingState, OverseerState, OversightState
from disclosure.models import Overseer, Oversight, OversightFinding, OversightReply
from unions import tokens, uploads
from unions.calendar import WorkCalendar
from unions.kit.filetypes import Refused
from unions.kit.text import sentence
from unions.models import Event, Union, Upload, User
from unions.notices import holders, notify
from unions.permissions import Permission
from unions.publishables import Way
from unions.reveals import reveal
from unions.services import differences, record
from unions.settingbook import setting
from unions.uploads import Purpose
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged, perform

# Whoever writes what the union discloses prepares it and takes down what is said; whoever approves begins, replies, closes.
SEE, WRITE, SIGN = Permission.BULLETIN_VIEW, Permission.BULLETIN_WRITE, Permission.BULLETIN_APPROVE
KINDS = ("pdf", "docx", "xlsx", "jpeg", "png")
FILE = Purpose("oversight-file", gettext_lazy("Files beside findings of overseers"), KINDS, 10, SEE, WRITE)
EVIDENCE = Purpose(
    "oversight-evidence", gettext_lazy("Evidence that a promise to overseers was kept"), KINDS, 10, SEE, WRITE
)
# What an overseer brings by their own link, where nobody looks on: few, small, and nothing that an office opens.
OWN_FILE = replace(FILE, kinds=("jpeg", "png", "pdf"), megabytes=5)
MOST_OVERSEERS, MOST_FINDINGS, MOST_FILES, FILES_A_DAY = 100, 20, 10, 100
MISSING = gettext_lazy("Something is still missing.")
ANSWERABLE = (OversightState.PREPARING, OversightState.OPEN)
SEALED = {name: Overseer._meta.get_field(name) for name in ("name", "phone")}


def workdays(key: str, oversight: Oversight, day: date | None = None) -> date:
    """So many working days from a day, by the setting in force when the matter was to begin."""
    return WorkCalendar().shift(day or timezone.localdate(), setting(key, oversight.opens_on))


def way_of(key: str, record: Model, user: User) -> Way | None:
    """On the page of a meeting or a proposal: its oversight, or how to put it under oversight."""
    if key not in ("meeting", "proposal"):
        return None
    if known := Oversight.objects.visible_to(user, SEE).filter(**{key: record}).order_by("-pk").first():
        return Way(_("Its special oversight"), reverse("disclosure:oversight", args=[known.pk]), icon="eye")
    if not (user.has_perm(WRITE, record.union) or may_ask(user, record.union)):
        return None
    there = f"{reverse('disclosure:oversight-add', args=[record.union_id])}?{key}={record.pk}"
    return Way(_("Put it under special oversight"), there, icon="eye")


def may_ask(user: User, union: Union) -> bool:
    """Whoever may ask a union to have a matter overseen: the tier directly above."""
    return union.superior is not None and user.has_perm(WRITE, union.superior)


def locked(oversight: Oversight, by: User | None = None) -> Oversight:
    """The row for writing; `by` nobody leaves the right to the caller: another tier's, or that of whoever holds a link."""
    if by is not None and not by.has_perm(WRITE, oversight):
        raise NotAllowed(_("You may not do this for this union."))
    rows = Oversight.objects.select_for_update(of=("self",), no_key=True).select_related("union")
    return rows.get(pk=oversight.pk)


def tell(oversight: Oversight, kind: str, people: list[User], *, key: str = "", mail: bool = True) -> None:
    """Once for each occasion; a notice has the title of the matter, and nobody's name."""
    notify(
        people, f"oversight.{kind}", union=oversight.union, params={"union": oversight.union.name, "title": oversight.title},
        url=reverse("disclosure:oversight", args=[oversight.pk]),
        key=f"oversight.{oversight.pk}.{kind}.{key or oversight.revision}", mail=mail,
    )  # fmt: skip


# --- the matter ----------------------------------------------------------------------------------------------------


@transaction.atomic
def enter(union: Union, values: dict[str, Any], *, by: User, key: uuid.UUID | None = None) -> Oversight:
    """Put a matter under oversight, or ask a union below to do so. The same form sent twice is one matter."""
    if key and (known := Oversight.objects.filter(form_key=key, union=union).first()):
        return known
    is_own = by.has_perm(WRITE, union)
    if not (is_own or may_ask(by, union)):
        raise NotAllowed(_("You may not do this for this union."))
    _check(union, values)
    made = Oversight(union=union, form_key=key, is_demanded=not is_own, due_on=values["opens_on"], **values)
    made.state = OversightState.PREPARING if is_own else OversightState.ASKED
    made.full_clean(exclude=["union", "middle"])
    made.save()
    record(union, "oversight.enter", made, by=by)
    if made.is_demanded:
        tell(made, "asked", holders(WRITE, union))
    return made


def _check(union: Union, values: dict[str, Any]) -> None:
    for name in ("meeting", "bulletin", "report", "proposal"):
        if (linked := values.get(name)) is not None and linked.union_id != union.pk:
            raise Invalid(MISSING, {name: _("Choose a record of this union.")})


@transaction.atomic
def edit(oversight: Oversight, values: dict[str, Any], *, by: User, revision: int | None = None) -> Oversight:
    """Change what is overseen, before the overseers begin: whose turn it is, the tier above or the union."""
    current = locked(oversight)
    if not may_edit(by, current):
        raise NotAllowed(_("You may not do this for this union."))
    demand_unchanged(current, revision)
    _check(current.union, values)
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    for name in changes:
        setattr(current, name, values[name])
    current.due_on = current.opens_on
    current.revision += 1
    current.full_clean(exclude=["union", "middle"])
    current.save()
    told = {name: pair for name, pair in changes.items() if name.endswith("_on")}
    record(current.union, "oversight.edit", current, by=by, data={"changes": told, "fields": sorted(changes)})
    return current


def may_edit(user: User, oversight: Oversight) -> bool:
    if oversight.state == OversightState.ASKED:
        return may_ask(user, oversight.union)
    return oversight.state == OversightState.PREPARING and user.has_perm(WRITE, oversight)


@transaction.atomic
def comment(oversight: Oversight, text: str, *, by: User) -> None:
    """A remark of the tier above; the union reads it on the page."""
    current = locked(oversight)
    if not may_ask(by, current.union):
        raise NotAllowed(_("You may not do this for this union."))
    if not (text := sentence(text, 500)):
        raise Invalid(MISSING, {"text": _("Write the remark.")})
    last = Event.objects.filter(model=Oversight._meta.label, object_id=current.pk, union=current.union_id).first()
    if last and (last.action, last.reason, last.by) == ("oversight.comment", text, by):
        return  # the same form sent twice
    made = record(current.union, "oversight.comment", current, by=by, reason=text)
    tell(current, "commented", holders(WRITE, current.union), key=str(made.pk), mail=False)


def history(oversight: Oversight, user: User) -> list[Event]:
    """What was done with the matter, its overseers and its findings, the newest first."""
    about = Q(model=Oversight._meta.label, object_id=oversight.pk)
    replies = OversightReply.objects.filter(finding__oversight=oversight)
    for part in (oversight.overseers.all(), oversight.findings.all(), replies):
        about |= Q(model=part.model._meta.label, object_id__in=list(part.values_list("pk", flat=True)))
    rows = Event.objects.visible_to(user, SEE).acts().filter(about, union=oversight.union_id)
    return list(rows.select_related("by")[:200])


# --- overseers -----------------------------------------------------------------------------------------------------


def next_number(rows) -> int:
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def link_of(overseer: Overseer) -> str:
    return reverse(
        "disclosure:oversight-link", args=[tokens.make(tokens.Purpose.OVERSIGHT, overseer.pk, overseer.link_number)]
    )


@transaction.atomic
def renew_link(overseer: Overseer, *, by: User) -> Overseer:
    """A new link in place of the former one, which leads nowhere from now on."""
    locked(overseer.oversight, by)
    current = Overseer.objects.select_for_update(of=("self",), no_key=True).get(pk=overseer.pk)
    current.link_number += 1
    current.save(update_fields=["link_number"])
    record(current.union, "overseer.renew_link", current, by=by, data={"number": current.number})
    return current


@transaction.atomic
def reveal_overseer(overseer: Overseer, item: str, *, by: User, reason: str) -> str:
    """Name or telephone number in full: for whoever works on the matter, with a reason, on record."""
    if not by.has_perm(WRITE, overseer):
        raise NotAllowed(_("You may not do this for this union."))
    return reveal(overseer, SEALED[item], union=overseer.union, by=by, reason=reason)


# --- findings ------------------------------------------------------------------------------------------------------


def _at_work(overseer: Overseer, by: User | None) -> tuple[Oversight, Overseer]:
    """Both rows for writing, where findings are still taken."""
    current = locked(overseer.oversight, by)
    overseer = Overseer.objects.select_for_update(of=("self",), no_key=True).get(pk=overseer.pk)
    if current.state != OversightState.OPEN:
        raise MoveError(_("Findings are taken from the beginning of the oversight until they are collected."))
    if overseer.state != OverseerState.ACCEPTED:
        raise MoveError(_("Only whoever takes part hands in findings."))
    return current, overseer


@transaction.atomic
def give(overseer: Overseer, title: str, text: str, *, by: User | None) -> OversightFinding:
    """A finding, by link (`by` nobody) or taken down by somebody of the union. Each overseer's is their own."""
    current, overseer = _at_work(overseer, by)
    title, text = sentence(title, 80), sentence(text, 2000)
    if not title or not text:
        raise Invalid(MISSING, {"title" if not title else "text": _("Write what was found.")})
    if known := overseer.findings.filter(title=title, text=text).first():
        return known  # the same form sent twice
    if overseer.findings.count() >= MOST_FINDINGS:
        raise MoveError(_("Enough findings have been handed in; put further ones into the last."))
    made = OversightFinding.objects.create(
        oversight=current, overseer=overseer, number=next_number(current.findings), title=title, text=text, taken_by=by
    )
    if overseer.has_nothing:
        overseer.has_nothing = False
        overseer.save(update_fields=["has_nothing"])
    # The words stand in the finding alone: the record of acts is kept for good.
    record(current.union, "oversightfinding.give", made, by=by, data={"number": made.number, "by_link": by is None})
    return made


@transaction.atomic
def take_back(finding: OversightFinding, *, by: User | None) -> None:
    """A finding is taken back by whoever handed it in, while findings are still taken; who is left with none hands in anew."""
    current, overseer = _at_work(finding.overseer, by)
    record(
        current.union, "oversight.take_back", current, by=by, data={"number": finding.number, "by_link": by is None}
    )
    for file in files_of(FILE, finding):
        uploads.remove(file, by=by)
    overseer.findings.filter(pk=finding.pk).delete()
    if overseer.handed_in_at and not overseer.findings.exists():
        overseer.handed_in_at = None
        overseer.save(update_fields=["handed_in_at"])


@transaction.atomic
def bring(finding: OversightFinding, given: File, note: str) -> Upload:
    """A photograph or a PDF beside a finding, by the link of whoever handed it in, while findings are taken."""
    current, overseer = _at_work(finding.overseer, None)
    brought = Upload.objects.filter(union=current.union_id, purpose=FILE.key, by=None)
    if brought.filter(object_id__in=overseer.findings.values("pk")).count() >= MOST_FILES:
        raise Refused(
            "many", _("You have brought %(n)d files already; no further ones are taken.") % {"n": MOST_FILES}
        )
    # Counted from the record of acts: taking findings back makes no room.
    acts = Event.objects.filter(union=current.union_id, action="upload.add", by=None)
    if acts.filter(at__gte=timezone.now() - timedelta(days=1)).count() >= FILES_A_DAY:
        raise Refused("many", _("Many files came in today. Bring this one tomorrow, or hand it to the union."))
    return uploads.receive(given, purpose=OWN_FILE, union=current.union, by=None, note=note, object_id=finding.pk)


@transaction.atomic
def hand_in(overseer: Overseer, *, by: User | None) -> Overseer:
    """An overseer is done: with findings, or having found nothing to object to."""
    current, overseer = _at_work(overseer, by)
    if overseer.handed_in_at:
        return overseer
    overseer.handed_in_at, overseer.has_nothing = timezone.now(), not overseer.findings.exists()
    overseer.revision += 1
    overseer.save(update_fields=["handed_in_at", "has_nothing", "revision"])
    data = {"number": overseer.number, "count": overseer.findings.count(), "by_link": by is None}
    record(current.union, "overseer.hand_in", overseer, by=by, data=data)
    if not current.overseers.taking_part().filter(handed_in_at=None).exists():
        tell(current, "handed_in", holders(WRITE, current.union), mail=False)
    return overseer


def rate(
    finding: OversightFinding, satisfaction: str, *, by: User | None, revision: int | None = None
) -> OversightFinding:
    """How far the reply satisfies, by the overseer's link (`by` nobody) or taken down. The first time somebody is
    dissatisfied it is replied to once more, whether the union likes it or not."""
    again = satisfaction == Satisfaction.DISSATISFIED and not finding.is_reworked
    data = {"number": finding.number, "satisfaction": satisfaction, "by_link": by is None}
    return perform(finding, "again" if again else "rate", by=by, revision=revision, data=data)


def refresh_due(oversight: Oversight) -> None:
    """While it is followed up: the nearest day by which something is to be replied to once more or to be done."""
    days = [one.due_on for one in oversight.findings.filter(state=FindingState.REWORK)]
    days += (
        OversightReply.objects.promised().filter(finding__oversight=oversight).values_list("promise_due_on", flat=True)
    )
    nearest = min(days, default=None)
    if oversight.state == OversightState.FOLLOWING and oversight.due_on != nearest:
        oversight.due_on = nearest
        oversight.save(update_fields=["due_on"])


def files_by_finding(findings: list[OversightFinding]) -> dict[int, list[Upload]]:
    """The files beside each of these findings of one union."""
    found: dict[int, list[Upload]] = {one.pk: [] for one in findings}
    rows = Upload.objects.filter(union__in={one.union_id for one in findings}, purpose=FILE.key, object_id__in=found)
    for upload in rows.order_by("created_at", "pk"):
        found[upload.object_id].append(upload)
    return found


def files_of(purpose: Purpose, part: OversightFinding | OversightReply) -> list[Upload]:
    """Files beside a finding, or the evidence beside a reply."""
    rows = Upload.objects.filter(union=part.union_id, purpose=purpose.key, object_id=part.pk)
    return list(rows.order_by("created_at", "pk"))
