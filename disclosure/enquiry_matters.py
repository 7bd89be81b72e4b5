"""A matter of a symposium that is somebody's concern goes on as an enquiry: with a theme, a number, a day for the reply and a
rating, which matters do not have. Each leads to the other; a matter becomes one enquiry and no more.
"""

from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from assemblies.enums import MatterState
from assemblies.models import Matter
from disclosure import enquiries
from disclosure.enquiries import HANDLE, Question
from disclosure.enums import EnquiryWay
from disclosure.models import Enquiry
from unions.models import User
from unions.permissions import Permission
from unions.publishables import Way, ways
from unions.workflow import MoveError, NotAllowed, perform


def may_hand_over(user: User, matter: Matter) -> bool:
    """Whoever sees to the union's matters and to its enquiries."""
    return user.has_perm(Permission.ASSEMBLY_EDIT, matter) and user.has_perm(HANDLE, matter.union)


def refusal(matter: Matter) -> str:
    """Why it cannot become an enquiry any more, or nothing."""
    if Enquiry.objects.filter(matter=matter).exists():
        return _("This matter is handled as an enquiry already.")
    if matter.state == MatterState.ENDED:
        return _("The matter is settled; take it up again first.")
    return ""


@transaction.atomic
def hand_over(matter: Matter, question: Question, *, by: User) -> Enquiry:
    """The time for the reply runs from today. A matter that waits for an answer has one: where it is handled now."""
    current = Matter.objects.select_for_update(of=("self",), no_key=True).get(pk=matter.pk)
    if not may_hand_over(by, current):
        raise NotAllowed(_("You may not do this for this union."))
    if why := refusal(current):
        raise MoveError(why)
    enquiry = enquiries.ask(current.union, question, by=by, way=EnquiryWay.SYMPOSIUM, matter=current)
    if current.state == MatterState.OPEN:
        said = _("It is handled as enquiry no. %(code)s.") % {"code": enquiry.code}
        perform(current, "answer", by=by, data={"reply": said})
    return enquiry


def way_of(key: str, record: Model, user: User) -> Way | None:
    """On the page of a matter: the enquiry that it became, or how to make it one."""
    if key != "matter":
        return None
    seen = Enquiry.objects.visible_to(user, Permission.ENQUIRY_VIEW)
    if enquiry := seen.filter(matter=record).first():
        label = _("Enquiry no. %(code)s: %(state)s") % {"code": enquiry.code, "state": enquiry.get_state_display()}
        return Way(label, reverse("disclosure:enquiry", args=[enquiry.pk]), icon="message-circle-question-mark")
    if may_hand_over(user, record) and not refusal(record):
        there = reverse("disclosure:enquiry-of-matter", args=[record.pk])
        return Way(_("Handle it as an enquiry"), there, icon="message-circle-question-mark")
    return None


def register() -> None:
    """Called once when the app is ready."""
    ways.add("enquiry", way_of)
