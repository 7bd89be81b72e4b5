"""The acts and notices about enquiries in words; what of them may be published."""

from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosure.enums import EnquiryState
from disclosure.models import Enquiry, EnquiryTheme
from unions.audit_words import presenters
from unions.models import Event, Union
from unions.notices import Wording, wordings
from unions.permissions import Permission
from unions.publishables import Draft, Publishable, publishables
from unions.templatetags.components import month_day

ACTS = {
    "enquiry.ask": gettext_lazy("Took in enquiry %(code)s"),
    "enquiry.add": gettext_lazy("Something was added to the enquiry"),
    "enquiry.up": gettext_lazy("Handed up: %(from)s → %(to)s"),
    "enquiry.down": gettext_lazy("Handed down: %(from)s → %(to)s"),
    "enquiry.take": gettext_lazy("Taken over: %(from)s → %(to)s"),
    "enquiry.theme": gettext_lazy("Changed the theme: %(from)s → %(to)s"),
    "enquiry.reply": pgettext_lazy("to an enquiry", "Replied"),
    "enquiry.show_link": gettext_lazy("Took out the asker's link"),
    "enquiry.renew_link": gettext_lazy("Replaced the asker's link"),
    "enquirytheme.save": gettext_lazy("Changed a theme of enquiries"),
}
NUMBER = gettext_lazy("No. %(code)s, theme: %(theme)s")
NOTICES = (
    ("asked", gettext_lazy("Somebody asked %(union)s"), gettext_lazy("No. %(code)s, theme: %(theme)s. Please reply."), "message-circle-question-mark"),
    ("passed", gettext_lazy("An enquiry was handed to %(union)s"), gettext_lazy("No. %(code)s, theme: %(theme)s. Please reply."), "forward"),
    ("added", gettext_lazy("The asker added something"), NUMBER, "message-square-plus"),
    ("reopened", gettext_lazy("The asker is dissatisfied: reply once more"), NUMBER, "frown"),
    ("rated_satisfied", gettext_lazy("The asker is satisfied"), NUMBER, "smile"),
    ("rated_basically", gettext_lazy("The asker is basically satisfied"), NUMBER, "smile"),
    ("rated_dissatisfied", gettext_lazy("The asker is dissatisfied with the second reply too"), NUMBER, "frown"),
)  # fmt: skip
REMINDERS = (
    ("due", gettext_lazy("An enquiry is due soon"), "calendar-clock"),
    ("late", gettext_lazy("An enquiry is overdue"), "calendar-clock"),
    ("late_below", gettext_lazy("An enquiry at %(union)s is overdue"), "calendar-clock"),
)


def _said(words: str, event: Event) -> str:
    return str(words) % {"code": "", "from": "", "to": "", **event.data}


def _about(params: dict) -> dict:
    """The theme in the reader's language, days as people write them."""
    theme = EnquiryTheme.objects.filter(name_zh=params["theme"]).first()
    due = month_day(date.fromisoformat(params["due"])) if "due" in params else ""
    return {**params, "theme": theme or params["theme"], "due": due}


def publishable(union: Union) -> QuerySet:
    """Settled or replied to, and the asker agreed that it is published without their name."""
    rows = Enquiry.objects.filter(union=union, is_publishable=True, answered_on__isnull=False)
    return rows.filter(state__in=[EnquiryState.ANSWERED, EnquiryState.CLOSED]).order_by("-answered_on", "-pk")


def draft_of(enquiry: Enquiry) -> Draft:
    """Question and last reply; who asked is left out, and what either text says of people the check of bulletins finds."""
    lines = [_("Asked: %(text)s") % {"text": enquiry.text}]
    if reply := enquiry.replies.last():
        lines += ["", _("Reply of %(name)s: %(text)s") % {"name": reply.signed, "text": reply.text}]
    title = _("Replied: %(title)s") % {"title": enquiry.title}
    return Draft(title[:120], "\n".join(lines), "hot-topics", enquiry.answered_on)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, partial(_said, words))
    for kind, title, body, icon in NOTICES:
        wordings.add(f"enquiry.{kind}", Wording.of(title, body, icon, _about))
    for kind, title, icon in REMINDERS:
        body = gettext_lazy("No. %(code)s, theme: %(theme)s, last day %(due)s.")
        wordings.add(f"enquiry.{kind}", Wording.of(title, body, icon, _about))
    publishables.add(
        "enquiry",
        Publishable(gettext_lazy("Enquiries with their replies"), Permission.ENQUIRY_VIEW, publishable, draft_of),
    )
