"""The papers that a meeting leaves: notice, attendance sheet, minutes, result sheet; each as Word and as PDF."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.agenda_votes import agenda_of, results_at
from assemblies.enums import VoteKind
from assemblies.minutes import draft_of
from assemblies.models import Meeting, Outcome, Vote
from assemblies.quorum import has_quorum, quorum_of
from unions.kit.documents import DOCX, PDF, Paper, as_docx, as_pdf
from unions.templatetags.components import full_day


def _when(meeting: Meeting) -> str:
    hour = f" {timezone.localtime(meeting.begins_at):%H:%M}" if meeting.begins_at else ""
    return f"{full_day(meeting.held_on)}{hour}"


def _counts(meeting: Meeting) -> list[tuple[str, str]]:
    found = quorum_of(meeting)
    rows = [(_("Due"), str(found.due)), (_("Present"), str(found.present))]
    if has_quorum(meeting):
        rows.append((_("Needed"), str(found.needed)))
    if meeting.override_reason:
        rows.append((_("Went on without a quorum"), f"{meeting.override_reason}（{meeting.override_by}）"))
    return rows


def _agenda(paper: Paper, meeting: Meeting) -> None:
    rows = [[item.number, item.title, item.speaker] for item in meeting.agenda.all()]
    paper.table([_("No."), _("Point"), _("Speaker")], rows, [1, 6, 2])


def _votes(paper: Paper, meeting: Meeting) -> None:
    """Every announced vote with its arithmetic, as the vote itself has it."""
    rows = [
        [each.question.text, str(line.outcome), line.outcome.votes, line.arithmetic, _said(result.vote, line.outcome)]
        for result in results_at(meeting)
        for each in result.papers
        for line in each.lines
    ]  # fmt: skip
    if rows:
        paper.heading(_("Votes and elections"))
        paper.table([_("Question"), _("Option"), _("Votes"), _("Share"), _("Result")], rows, [4, 3, 1.2, 4, 2])


def _said(vote: Vote, outcome: Outcome) -> str:
    if outcome.is_won:
        return _("Elected") if vote.kind == VoteKind.ELECTION else _("Carried")
    return _("Tied") if outcome.is_tied else ""


def notice(meeting: Meeting) -> Paper:
    paper = Paper(_("Notice of the %(title)s") % {"title": meeting.title}, meeting.union.name)
    words = _("%(union)s holds the %(title)s on %(day)s at %(place)s. Please attend in time.")
    paper.text(words % {"union": meeting.union.name, "title": meeting.title, "day": full_day(meeting.held_on), "place": meeting.place})  # fmt: skip
    paper.facts(
        [
            (_("Time"), _when(meeting)),
            (_("Place"), meeting.place),
            (_("Form of the meeting"), meeting.get_manner_display()),
        ]
    )
    paper.heading(_("Agenda"))
    _agenda(paper, meeting)
    paper.foot = (
        f"{meeting.union.name}　{full_day(timezone.localdate(meeting.called_at) if meeting.called_at else None)}"
    )
    return paper


def attendance(meeting: Meeting) -> Paper:
    """Everybody due and all guests, with a place to sign; who signed in by the portal stands there with the time."""
    paper = Paper(_("Attendance: %(title)s") % {"title": meeting.title}, f"{meeting.union.name}　{_when(meeting)}")
    paper.facts(_counts(meeting))
    rows = [
        [
            each.number, each.name, each.group, each.post, _("due") if each.has_vote else _("guest"),
            each.get_presence_display(), f"{timezone.localtime(each.signed_at):%H:%M}" if each.signed_at else "", "",
        ]
        for each in meeting.attendees.all()
    ]  # fmt: skip
    head = [
        _("No."),
        _("Name"),
        _("Department or group"),
        _("Post"),
        _("Standing"),
        _("Presence"),
        _("Signed in at"),
        _("Signature"),
    ]
    paper.table(head, rows, [1.2, 2, 2.4, 2.2, 1.2, 1.9, 1.9, 2.4])
    paper.signatures([_("Checked by"), _("Recorder")])
    return paper


def minutes(meeting: Meeting) -> Paper:
    paper = Paper(_("Minutes: %(title)s") % {"title": meeting.title}, meeting.union.name)
    paper.text(meeting.minutes or draft_of(meeting))
    if meeting.minutes:
        _votes(paper, meeting)
    paper.signatures([_("Chair of the meeting"), _("Recorder")])
    return paper


def results(meeting: Meeting) -> Paper:
    """What was decided on each point and who was elected; with the attendance that it rests on."""
    paper = Paper(_("Results: %(title)s") % {"title": meeting.title}, f"{meeting.union.name}　{_when(meeting)}")
    paper.facts(_counts(meeting))
    paper.heading(_("Resolutions"))
    rows = []
    for item in agenda_of(meeting):
        present = f"{item.present_count}/{item.due_count}" if item.begun_at else ""
        note = _("without a quorum") if item.was_below_quorum else ""
        decided = [item.resolution, *(each.words for result in item.results for each in result.papers)]
        rows.append([item.number, item.title, f"{present} {note}".strip(), "\n".join(filter(None, decided))])
    paper.table([_("No."), _("Point"), _("Present"), _("Resolution")], rows, [1, 4, 2, 6])
    _votes(paper, meeting)
    paper.signatures([_("Chair of the meeting"), _("Scrutineer"), _("Recorder")])
    return paper


@dataclass(frozen=True)
class Kind:
    label: str
    make: Callable[[Meeting], Paper]


KINDS = {
    "notice": Kind(gettext_lazy("Notice"), notice),
    "attendance": Kind(gettext_lazy("Attendance sheet"), attendance),
    "minutes": Kind(gettext_lazy("Minutes"), minutes),
    "results": Kind(gettext_lazy("Sheet of results"), results),
}
FORMS = {"docx": (as_docx, DOCX), "pdf": (as_pdf, PDF)}
