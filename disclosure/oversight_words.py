"""The acts and notices about special oversight in words; the result as a thing to publish."""

from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosure.models import Oversight
from disclosure.models.oversight import REPLIED
from disclosure.oversight import SEE, way_of
from unions.audit_words import presenters
from unions.models import Event, Union
from unions.notices import Wording, wordings
from unions.publishables import Draft, Publishable, publishables, ways
from unions.templatetags.components import full_day, month_day

KEY = "oversight"
ACTS = {
    "oversight.enter": gettext_lazy("Put the matter under oversight"),
    "oversight.edit": gettext_lazy("Changed the matter or its days"),
    "oversight.comment": gettext_lazy("Remark of the tier above"),
    "oversight.freeze": gettext_lazy("Froze the list of draw %(number)s: %(count)s entries, seed %(seed)s"),
    "oversight.draw": gettext_lazy("Drew %(count)s overseers (draw %(number)s)"),
    "oversight.collect": gettext_lazy("Collected the findings: %(count)s"),
    "oversight.take_back": gettext_lazy("Finding %(number)s was taken back by its overseer"),
    "overseer.invite": gettext_lazy("Invited overseer %(number)s by name"),
    "overseer.accept": gettext_lazy("Overseer %(number)s takes part"),
    "overseer.decline": gettext_lazy("Overseer %(number)s declined"),
    "overseer.recuse": gettext_lazy("Overseer %(number)s stands aside"),
    "overseer.release": gettext_lazy("Overseer %(number)s was released for a new draw"),
    "overseer.hand_in": gettext_lazy("Overseer %(number)s handed in: %(count)s findings"),
    "overseer.show_link": gettext_lazy("Took out the link of overseer %(number)s"),
    "overseer.renew_link": gettext_lazy("Replaced the link of overseer %(number)s"),
    "oversightfinding.give": gettext_lazy("Finding %(number)s was handed in"),
    "oversightfinding.answer": gettext_lazy("Replied to finding %(number)s"),
    "oversightfinding.rate": gettext_lazy("The reply to finding %(number)s was rated"),
    "oversightfinding.again": gettext_lazy("The reply to finding %(number)s does not satisfy: once more"),
    "oversightreply.done": gettext_lazy("Reported as done: what was promised on finding %(number)s"),
    "oversightreply.reopen": gettext_lazy("Not done after all: what was promised on finding %(number)s"),
}
NOTICES = (
    ("asked", gettext_lazy("The tier above asks %(union)s for special oversight"), "eye"),
    ("called_off", gettext_lazy("The tier above has called a special oversight off"), "circle-slash"),
    ("commented", gettext_lazy("A remark of the tier above on a special oversight"), "message-square"),
    ("left", gettext_lazy("An overseer declined or stands aside"), "user-minus"),
    ("handed_in", gettext_lazy("All overseers have handed in their findings"), "inbox"),
    ("replied", gettext_lazy("%(union)s has replied to its overseers"), "message-square-reply"),
    ("dissatisfied", gettext_lazy("An overseer is dissatisfied: reply once more"), "frown"),
)
REMINDERS = (
    ("due", gettext_lazy("A step of a special oversight is due soon")),
    ("late", gettext_lazy("A step of a special oversight is overdue")),
    ("late_below", gettext_lazy("A special oversight at %(union)s is overdue")),
)


class _Known(dict):
    def __missing__(self, key: str) -> str:
        return ""


def _said(words: str, event: Event) -> str:
    return str(words) % _Known(event.data)


def _about(params: dict) -> dict:
    return {**params, "due": month_day(date.fromisoformat(params["due"])) if "due" in params else ""}


# --- publication ---------------------------------------------------------------------------------------------------


def publishable(union: Union) -> QuerySet:
    """Replied to: what was found and what the union says to it."""
    return Oversight.objects.filter(union=union, state__in=REPLIED).order_by("-replied_on", "-pk")


def chosen_how(oversight: Oversight) -> str:
    """How those who took part were chosen, without who they are."""
    there = list(oversight.overseers.taking_part().select_related("draw"))
    drawn = [one.draw for one in there if one.draw]
    words = _("%(count)d overseers, %(drawn)d of them drawn by lot.") % {"count": len(there), "drawn": len(drawn)}
    if drawn:
        words += _(" The seed of the draw: %(seed)s.") % {"seed": drawn[-1].seed}
    return words


def draft_of(oversight: Oversight) -> Draft:
    """Matter, findings, replies, promises, ratings; of the overseers only those are named who agreed."""
    lines = [_("What was overseen: %(text)s") % {"text": oversight.scope}, chosen_how(oversight)]
    if named := [one.name for one in oversight.overseers.taking_part() if one.is_nameable]:
        lines.append(_("Among them: %(names)s") % {"names": _(", ").join(named)})
    for finding in oversight.findings.prefetch_related("replies"):
        lines += ["", f"{finding.number}. {finding.title}", finding.text]
        for reply in finding.replies.all():
            given = {"verdict": reply.get_verdict_display(), "text": reply.text}
            lines.append(_("Reply (%(verdict)s): %(text)s") % given)
            if reply.promise:
                given = {"text": reply.promise, "day": full_day(reply.promise_due_on)}
                lines.append(_("To be done by %(day)s: %(text)s") % given)
            if reply.done_on:
                lines.append(_("Done on %(day)s: %(text)s") % {"day": full_day(reply.done_on), "text": reply.outcome})
        rating = finding.get_satisfaction_display() or _("none given")
        lines.append(_("The overseer's rating: %(rating)s") % {"rating": rating})
    if not oversight.findings.exists():
        lines.append(_("The overseers found nothing to object to."))
    title = _("Result of the special oversight: %(title)s") % {"title": oversight.title}
    return Draft(title[:120], "\n".join(lines), "hot-topics", oversight.replied_on, oversight.meeting)


def register() -> None:
    """Called once when the app is ready."""
    for action, words in ACTS.items():
        presenters.add(action, partial(_said, words))
    for kind, title, icon in NOTICES:
        wordings.add(f"oversight.{kind}", Wording.of(title, gettext_lazy("Matter: %(title)s"), icon, _about))
    for kind, title in REMINDERS:
        body = gettext_lazy("Matter: %(title)s, last day %(due)s.")
        wordings.add(f"oversight.{kind}", Wording.of(title, body, "calendar-clock", _about))
    ways.add(KEY, way_of)
    publishables.add(KEY, Publishable(gettext_lazy("Results of special oversight"), SEE, publishable, draft_of))
