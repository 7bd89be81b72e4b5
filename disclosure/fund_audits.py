"""Fund audits (经审): who audits whom, planning many at once, writing findings down; the writes beyond one move.

The tier above audits the funds of the unions below it, the district those of any (Trade union law art. 45; measures for
grassroots unions art. 13). How often, with how much notice and by when is the district's to set.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.duties import follow_plan
from disclosure.models import FundAudit, FundFinding
from disclosure.models.fund_audits import DRAFTING, SHOWN
from unions.enums import UnionKind
from unions.models import Event, Union, UnionQuerySet, Upload, User
from unions.notices import notify
from unions.permissions import Permission
from unions.services import differences, record
from unions.uploads import Purpose
from unions.workflow import Invalid, MoveError, NotAllowed, demand_unchanged

# Whoever writes what a union discloses also rectifies; whoever approves it speaks for the union.
SEE, WRITE, SIGN, AUDIT = (
    Permission.BULLETIN_VIEW, Permission.BULLETIN_WRITE, Permission.BULLETIN_APPROVE, Permission.FUND_AUDIT,
)  # fmt: skip
EVIDENCE = Purpose(
    "fund-audit-evidence", gettext_lazy("Evidence that findings of a fund audit were rectified"),
    ("pdf", "docx", "xlsx", "jpeg", "png"), 10, SEE, WRITE,
)  # fmt: skip
MISSING = gettext_lazy("Something is still missing.")
CHUNK, MOST_FINDINGS = 1000, 100


# --- who audits whom -----------------------------------------------------------------------------------------------


def may_audit(user: User, union: Union) -> bool:
    """The tier above by its fund audit committee, or the district; never whoever holds a post at the union."""
    return user.has_perm(AUDIT, union) and union.superior is not None and not holds_post(user, union.pk)


def holds_post(user: User, union: int, since: date | None = None) -> bool:
    """Whether the person holds a post at this union, or held one since a day."""
    posts = user.assignments.filter(union=union)
    day = since or timezone.localdate()
    return posts.filter(Q(ends_on=None) | Q(ends_on__gte=day), Q(withdrawn_at=None) | Q(withdrawn_at__date__gte=day)).exists()  # fmt: skip


def why_not(audit: FundAudit, user: User) -> str | None:
    """Why this person does not act as the auditor here, in a sentence, or None."""
    if not user.holds_at(AUDIT, audit.auditor_id):
        return _("%(union)s carries this audit out.") % {"union": audit.auditor.name}
    if holds_post(user, audit.union_id, audit.since_on):
        return _("Nobody audits a union where they hold a post, or held one in the period looked at.")
    return None


def shows_findings(audit: FundAudit, user: User) -> bool:
    """What was found is the auditor's own until the draft is sent out for comment."""
    return audit.state in SHOWN or (user.has_perm(AUDIT, audit) and why_not(audit, user) is None)


def auditable(user: User) -> UnionQuerySet:
    """The unions that this person may plan audits of."""
    posts = user.assignments.in_force().values("union")
    return Union.objects.visible_to(user, AUDIT).active().exclude(kind=UnionKind.DISTRICT).exclude(pk__in=posts)


def auditing_union(user: User) -> Union:
    """The union in whose name a person audits: the highest at which they may."""
    return Union.objects.filter(pk__in=[g.union_id for g in user.grants if g.permission == AUDIT]).order_by("path")[0]


def named(audit: FundAudit) -> dict:
    """What a notice says of an audit; worded in the reader's language."""
    return {"union": audit.union.name, "year": audit.year, "kind": audit.kind, "topic": audit.topic}


def tell(audit: FundAudit, kind: str, people: list[User], *, key: str = "", mail: bool = True) -> None:
    """Once for each occasion; a notice says which audit, and nothing of what was found."""
    notify(
        people, f"fund-audit.{kind}", union=audit.union, params=named(audit),
        url=reverse("disclosure:fund-audit", args=[audit.pk]), key=f"fund-audit.{audit.pk}.{kind}.{key or audit.revision}", mail=mail,
    )  # fmt: skip


# --- the plan ------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan(unions: UnionQuerySet, values: dict[str, Any], *, by: User) -> int:
    """Put audits of these unions into the yearly plan; returns how many. Whoever has such an audit in the plan already
    keeps it, so that the same form sent twice is one plan. Written by the thousand."""
    auditor = auditing_union(by)
    # Two who plan in the same union's name do so one after the other.
    Union.objects.select_for_update(of=("self",), no_key=True).get(pk=auditor.pk)
    example = FundAudit(auditor=auditor, union_id=0, **values)
    example.full_clean(exclude=["union", "middle", "auditor"], validate_unique=False)
    same = {name: values[name] for name in ("year", "kind", "topic")}
    known = FundAudit.objects.standing().filter(**same).values("union")
    chosen = unions.filter(pk__in=auditable(by).values("pk")).exclude(pk__in=known).exclude(pk=auditor.pk)
    count, last_day = 0, date(values["year"], 12, 31)
    for some in _in_chunks(chosen.order_by("pk").only("path", "middle")):
        made = FundAudit.objects.bulk_create(
            FundAudit(union=union, auditor=auditor, due_on=last_day, **values) for union in some
        )
        Event.objects.bulk_create(
            Event(union=audit.union, action="fundaudit.plan", model=FundAudit._meta.label, object_id=audit.pk, by=by,
                  data={"year": audit.year, "kind": audit.kind})
            for audit in made
        )  # fmt: skip
        count += len(made)
    if count:
        follow_plan(auditor, values["year"])
    return count


def _in_chunks(unions: UnionQuerySet) -> Iterable[list[Union]]:
    rows = list(unions)
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


# --- findings ------------------------------------------------------------------------------------------------------


def locked(audit: FundAudit) -> FundAudit:
    rows = FundAudit.objects.select_for_update(of=("self",), no_key=True).select_related("union", "auditor")
    return rows.get(pk=audit.pk)


def check_drafting(audit: FundAudit, by: User) -> None:
    """Whether this person changes what was found, now."""
    if not by.has_perm(AUDIT, audit):
        raise NotAllowed(_("You may not do this for this union."))
    if problem := why_not(audit, by):
        raise MoveError(problem)
    if audit.state not in DRAFTING:
        raise MoveError(_("Findings are written on the spot, and once more after the union has commented."))


def _drafting(audit: FundAudit, by: User) -> FundAudit:
    """The row for writing, while what was found can still be changed."""
    current = locked(audit)
    check_drafting(current, by)
    return current


@transaction.atomic
def add_finding(audit: FundAudit, values: dict[str, Any], *, by: User) -> FundFinding:
    """Write a finding down. The same form sent twice is one finding."""
    current = _drafting(audit, by)
    if known := current.findings.filter(**values).first():
        return known
    last = current.findings.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_FINDINGS:
        raise MoveError(_("Enough findings have been written down; put further ones into the last."))
    made = FundFinding(audit=current, number=last + 1, **values)
    made.full_clean(exclude=["union", "middle", "audit"])
    made.save()
    record(current.union, "fundfinding.add", made, by=by, data={"number": made.number})
    return made


@transaction.atomic
def edit_finding(
    finding: FundFinding, values: dict[str, Any], *, by: User, revision: int | None = None
) -> FundFinding:
    """Change a finding before the report."""
    audit = _drafting(finding.audit, by)
    current = audit.findings.select_for_update(of=("self",), no_key=True).get(pk=finding.pk)
    demand_unchanged(current, revision)
    changes = differences({name: getattr(current, name) for name in values}, values)
    if not changes:
        return current
    for name in changes:
        setattr(current, name, values[name])
    current.revision += 1
    current.full_clean(exclude=["union", "middle", "audit"])
    current.save()
    record(audit.union, "fundfinding.edit", current, by=by, data={"number": current.number, "fields": sorted(changes)})
    return current


@transaction.atomic
def drop_finding(finding: FundFinding, *, by: User, reason: str) -> None:
    """A finding that does not hold after all goes before the report, with the reason on record."""
    audit = _drafting(finding.audit, by)
    if not reason.strip():
        raise Invalid(MISSING, {"reason": _("Say why, in a sentence the other side can act on.")})
    record(audit.union, "fundaudit.drop_finding", audit, by=by, reason=reason.strip(), data={"number": finding.number})
    audit.findings.filter(pk=finding.pk).delete()


def refresh_due(audit: FundAudit) -> None:
    """While it is rectified: the nearest day by which something is to be put right."""
    nearest = min(audit.findings.to_rectify().values_list("due_on", flat=True), default=None)
    if audit.due_on != nearest:
        audit.due_on = nearest
        audit.save(update_fields=["due_on"])


def files_of(finding: FundFinding) -> list[Upload]:
    """The evidence beside a finding."""
    rows = Upload.objects.filter(union=finding.union_id, purpose=EVIDENCE.key, object_id=finding.pk)
    return list(rows.order_by("created_at", "pk"))


def history(audit: FundAudit, user: User) -> list[Event]:
    """What was done with the audit and its findings, the newest first."""
    about = Q(model=FundAudit._meta.label, object_id=audit.pk)
    numbers = list(audit.findings.values_list("pk", flat=True))
    about |= Q(model=FundFinding._meta.label, object_id__in=numbers)
    rows = Event.objects.visible_to(user, SEE).acts().filter(about, union=audit.union_id)
    return list(rows.select_related("by")[:200])
