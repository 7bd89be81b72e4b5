"""The minutes that a meeting's own records already tell: when and where, who came, which points were taken up."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assemblies.agenda_votes import agenda_of
from assemblies.models import Meeting
from assemblies.quorum import has_quorum, quorum_of
from unions.templatetags.components import full_day


def draft_of(meeting: Meeting) -> str:
    """A text to go on with; nothing in it is made up."""
    found = quorum_of(meeting)
    begins = f" {timezone.localtime(meeting.begins_at):%H:%M}" if meeting.begins_at else ""
    lines = [
        _("Time: %(day)s%(hour)s") % {"day": full_day(meeting.held_on), "hour": begins},
        _("Place: %(place)s") % {"place": meeting.place},
        _("Due: %(due)d; present: %(present)d") % {"due": found.due, "present": found.present},
    ]
    if has_quorum(meeting):
        words = _("The quorum of %(needed)d was met.") if found.is_met else _("The quorum of %(needed)d was not met.")
        lines.append(words % {"needed": found.needed})
    if meeting.override_reason:
        lines.append(_("It went on without a quorum: %(why)s") % {"why": meeting.override_reason})
    lines.append("")
    for item in agenda_of(meeting):
        speaker = _(" (%(name)s)") % {"name": item.speaker} if item.speaker else ""
        decided = [paper.words for result in item.results for paper in result.papers]
        lines += [*filter(None, [f"{item.number}. {item.title}{speaker}", item.resolution, *decided]), ""]
    return "\n".join(lines).strip()
