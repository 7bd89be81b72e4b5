"""“My data”: what the portal holds about one person, why, who looked at it, and having it put right (PIPL articles 44-50)."""

import io
from dataclasses import dataclass

import xlsxwriter
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unions.accounts import manageable, may_manage
from unions.enums import CorrectionState, Tier
from unions.kit.workbooks import OPTIONS, Out, Sheet
from unions.models import Correction, Event, Union, UnionGrant, User
from unions.notices import notify
from unions.permissions import Permission
from unions.personal import PersonalField, masked_changes, personal_fields
from unions.reveals import EXPORT, REVEAL
from unions.services import record
from unions.wall import system
from unions.workflow import Invalid, MoveError, NotAllowed

ACCOUNT = ("username", "name", "email", "phone", "last_login")
CHAIR = ("chair_name", "chair_sex", "chair_rank", "chair_engagement", "chair_phone")


@dataclass(frozen=True)
class Held:
    """One thing that is held, with what the register says of it."""

    about: PersonalField
    value: str
    record: str


def chaired(user: User) -> list[Union]:
    """Unions whose card names this person as chair: they hold the chair's appointment there and bear the card's name."""
    posts = [post for post in user.posts if post.role.endswith("_chair")]
    return [post.union for post in posts if post.union.chair_name == user.name]


def held(user: User) -> list[Held]:
    """Everything about the person, in full: it is their own."""
    rows = [
        Held(personal_fields[f"unions.User.{name}"], _shown(getattr(user, name)), _("Account")) for name in ACCOUNT
    ]
    for union in chaired(user):
        for name in CHAIR:
            display = getattr(union, f"get_{name}_display", None)
            shown = display() if display else getattr(union, name)
            rows.append(Held(personal_fields[f"unions.Union.{name}"], str(shown or ""), union.name))
    return rows


def _shown(given) -> str:
    return f"{timezone.localtime(given):%Y-%m-%d %H:%M}" if hasattr(given, "hour") else str(given or "")


def looks(user: User, most: int) -> list[Event]:
    """Who opened this person's sealed data lately: their account's, and their union's while they chair it. Those above
    are named too, whose own records the person does not see."""
    ids = [union.pk for union in chaired(user)]
    since = min((post.starts_on for post in user.posts), default=timezone.localdate())
    about = Q(action=REVEAL, model="unions.User", object_id=user.pk)
    for pk in ids:
        about |= Q(action=REVEAL, model="unions.Union", object_id=pk, at__date__gte=since)
        about |= Q(action=EXPORT, data__unions__contains=pk, at__date__gte=since)
    with system("names who looked at a person's data"):
        return list(Event.objects.filter(about).exclude(by=user).select_related("by").order_by("-at", "-pk")[:most])


def workbook(user: User) -> bytes:
    """The person's own copy (PIPL article 45): what is held, and who looked."""

    body = io.BytesIO()
    with xlsxwriter.Workbook(body, OPTIONS) as book:
        about = [Out(_("Item"), width=18), Out(_("What is held"), width=28), Out(_("Record"), width=36), Out(_("Purpose"), width=36),
                 Out(_("Legal basis"), width=50), Out(_("Kept"), width=30), Out(_("Seen by"), width=36)]  # fmt: skip
        rows = [
            [
                h.about.label,
                h.value,
                h.record,
                *map(str, (h.about.purpose, h.about.basis, h.about.kept, h.about.seen_by)),
            ]
            for h in held(user)
        ]
        Sheet(
            book,
            _("My data"),
            about,
            title=_("What the portal holds about me"),
            lead=[f"{user.name} ({user.username})"],
        ).write(rows)
        seen = [Out(_("Time"), "moment", 18), Out(_("Who looked"), width=20), Out(_("Reason"), width=50)]
        Sheet(book, _("Openings"), seen, title=_("Who opened it"), lead=[]).write(
            [e.at, e.by.name, e.reason] for e in looks(user, 5000)
        )
    return body.getvalue()


# --- having it put right -----------------------------------------------------------------------------------------------


def managers(user: User, union: Union) -> list[User]:
    """Whoever manages this person's account: of those whose right reaches the union, the nearest who may."""
    grants = UnionGrant.objects.in_force().reaching(union, Permission.ACCOUNT_MANAGE)
    people = User.objects.filter(is_active=True, pk__in=grants.values("user")).exclude(pk=user.pk)
    with system("finds who manages an account"):
        fit = [person for person in people if may_manage(person, user)]
        nearest = [person for person in fit if person.union and person.union.tier != Tier.DISTRICT]
    return nearest or fit


@transaction.atomic
def ask(user: User, field: str, wish: str) -> Correction:
    """Ask for one item of the account to be put right; whoever manages the account is told, without the value."""
    union = user.union
    if union is None:
        raise Invalid(_("You hold no appointment, so nobody manages your account. Turn to the union you worked for."))
    correction = Correction(by=user, union=union, field=field, wish=wish.strip())
    try:
        User._meta.get_field(field).clean(wish.strip(), None)
        with transaction.atomic():
            correction.save()
    except ValidationError as problem:
        raise Invalid("; ".join(problem.messages)) from problem
    except IntegrityError as problem:
        raise Invalid(_("You have asked about this already; it is waiting for an answer.")) from problem
    record(union, "correction.ask", correction, by=user, data={"field": field, "user": user.name})
    notify(
        managers(user, union), "correction.ask", union=union, params={"user": user.name, "union": union.name},
        url=reverse("unions:correction-list"), key=f"correction.{correction.pk}",
    )  # fmt: skip
    return correction


def waiting(user: User) -> list[Correction]:
    """What people whose accounts this person manages have asked."""
    asked = Correction.objects.visible_to(user, Permission.ACCOUNT_MANAGE).filter(state=CorrectionState.ASKED)
    rows = list(asked.select_related("by", "union")[:200])
    mine = manageable(user, [one.by for one in rows])
    return [one for one in rows if one.by_id in mine]


@transaction.atomic
def decide(correction: Correction, is_right: bool, *, by: User, answer: str) -> Correction:
    """Write the item as asked, or say why not."""
    correction = Correction.objects.select_for_update(of=("self",)).select_related("by", "union").get(pk=correction.pk)
    if not may_manage(by, correction.by):
        raise NotAllowed(_("This account has appointments that you could not give; its superior manages it."))
    if correction.state != CorrectionState.ASKED:
        raise MoveError(_("Somebody has answered this meanwhile. Reload the page."))
    if not is_right and not answer.strip():
        raise Invalid(_("Say why it stays as it is."))
    account, data = correction.by, {"user": correction.by.name, "field": correction.field}
    if is_right:
        changes = {correction.field: [getattr(account, correction.field), correction.wish]}
        setattr(account, correction.field, correction.wish)
        account.save(update_fields=[correction.field])
        data["changes"] = masked_changes(User, changes)
    correction.state = CorrectionState.DONE if is_right else CorrectionState.DECLINED
    correction.answer, correction.decided_by, correction.decided_at = answer.strip()[:200], by, timezone.now()
    correction.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    record(correction.union, f"correction.{correction.state}", correction, by=by, reason=correction.answer, data=data)
    notify(
        [account], f"correction.{correction.state}", union=correction.union, params={"answer": correction.answer, "by": by.name},
        url=reverse("unions:my-data"), key=f"correction.{correction.pk}.{correction.state}",
    )  # fmt: skip
    return correction
