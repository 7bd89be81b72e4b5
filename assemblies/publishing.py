"""What this floor has to publish: results of meetings, of votes, and answered proposals, in words of their own records."""

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.enums import MeetingKind, MeetingState, ProposalState, VoteKind, VoteState
from assemblies.models import Improvement, Meeting, Proposal, Vote
from assemblies.results import result_of
from unions.models import Union
from unions.permissions import Permission
from unions.publishables import Draft, Publishable, publishables
from unions.templatetags.components import full_day

# Minutes name people; what is published of a meeting is what it resolved.
SYMPOSIUMS = (MeetingKind.SYMPOSIUM, MeetingKind.AUDIT)


def meetings_of(union: Union) -> QuerySet:
    """Meetings whose results are published to the members."""
    rows = Meeting.objects.filter(union=union, state__in=[MeetingState.PUBLISHED, MeetingState.ARCHIVED])
    return rows.exclude(kind__in=SYMPOSIUMS).order_by("-held_on", "-pk")


def draft_of_meeting(meeting: Meeting) -> Draft:
    """When it met, how many came, what was resolved on each point; nobody's name but the speakers' is in it."""
    lines = [_("Held on %(day)s: %(title)s.") % {"day": full_day(meeting.held_on), "title": meeting.title}]
    if meeting.due_count:
        counts = {"due": meeting.due_count, "present": meeting.present_count}
        lines.append(_("%(due)d were due, %(present)d were present.") % counts)
    for item in meeting.agenda.all():
        lines.append(f"{item.number}. {item.title}")
        if item.resolution:
            lines.append(_("Resolved: %(text)s") % {"text": item.resolution})
    category = "decisions" if meeting.kind == MeetingKind.COMMITTEE else "meetings"
    title = _("Results: %(title)s") % {"title": meeting.title}
    return Draft(title[:120], "\n".join(lines), category, meeting.held_on, meeting)


def votes_of(union: Union) -> QuerySet:
    return Vote.objects.filter(union=union, state=VoteState.ANNOUNCED).order_by("-held_on", "-pk")


CATEGORY_OF_VOTE = {VoteKind.ELECTION: "elections", VoteKind.APPRAISAL: "appraisals", VoteKind.MOTION: "decisions"}


def draft_of_vote(vote: Vote) -> Draft:
    """The sums of each question with their arithmetic, as announced; of an appraisal also what is to be improved."""
    lines = [
        _("Held on %(day)s by the rule: %(rule)s.") % {"day": full_day(vote.held_on), "rule": vote.rule_words},
        _("Due %(due)s, ballots handed out %(issued)s, returned %(returned)s.")
        % {
            name: number_format(getattr(vote, name) or 0, force_grouping=True)
            for name in ("due", "issued", "returned")
        },
    ]
    for paper in result_of(vote).papers:
        lines.append(str(paper.question))
        lines += [f"{line.outcome}：{line.arithmetic}" for line in paper.lines]
        if paper.satisfied:
            lines.append(_("Satisfied and basically satisfied: %(share)s") % {"share": paper.satisfied.arithmetic})
        if paper.elected and vote.kind == VoteKind.ELECTION:
            lines.append(_("Elected: %(names)s") % {"names": _(", ").join(paper.elected)})
    for item in Improvement.objects.filter(appraisal__vote=vote).order_by("number"):
        given = {"title": item.title, "day": full_day(item.due_on)}
        lines.append(_("To be improved by %(day)s: %(title)s") % given)
    title = _("Result: %(title)s") % {"title": vote.title}
    return Draft(title[:120], "\n".join(lines), CATEGORY_OF_VOTE[vote.kind], vote.held_on, vote.meeting)


def proposals_of(union: Union) -> QuerySet:
    rows = Proposal.objects.filter(union=union, state__in=[ProposalState.CLOSED, ProposalState.PUBLISHED])
    return rows.filter(answered_on__isnull=False).order_by("-answered_on", "-pk")


def draft_of_proposal(proposal: Proposal) -> Draft:
    """What was asked for and what was answered; who made it is left out, confidential or not."""
    lines = [
        _("%(kind)s no. %(code)s, theme: %(theme)s")
        % {"kind": proposal.get_kind_display(), "code": proposal.code, "theme": proposal.theme},
        _("Asked for: %(text)s") % {"text": proposal.request},
    ]
    for handler in proposal.handlers.prefetch_related("answers"):
        lines += [
            _("Answer of %(name)s (%(grade)s): %(text)s")
            % {"name": handler.name, "grade": answer.get_grade_display(), "text": answer.text}
            for answer in handler.answers.all()
        ]
    if proposal.satisfaction:
        lines.append(_("The proposer's mark: %(mark)s") % {"mark": proposal.get_satisfaction_display()})
    title = _("Answered: %(title)s") % {"title": proposal.title}
    return Draft(title[:120], "\n".join(lines), "hot-topics", proposal.answered_on)


def register() -> None:
    """Called once when the app is ready."""
    see = Permission.ASSEMBLY_VIEW
    publishables.add("meeting", Publishable(gettext_lazy("Results of meetings"), see, meetings_of, draft_of_meeting))
    publishables.add("vote", Publishable(gettext_lazy("Results of votes"), see, votes_of, draft_of_vote))
    publishables.add(
        "proposal",
        Publishable(
            gettext_lazy("Answered proposals"), Permission.PROPOSAL_VIEW, proposals_of, draft_of_proposal),
    )  # fmt: skip
