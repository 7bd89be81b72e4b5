"""Special oversight on paper: the sheet on which an overseer writes findings by hand, and the file of a whole matter."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disclosure.models import Oversight
from disclosure.oversight_words import chosen_how
from unions.kit.documents import Paper
from unions.kit.masking import mask_name
from unions.templatetags.components import full_day

LINES = 6


def _facts(made: Paper, oversight: Oversight) -> None:
    made.facts(
        [
            (_("Union"), oversight.union.name),
            (_("Basis"), oversight.basis),
            (_("Who leads it (name, post)"), oversight.lead),
            (_("Findings due"), full_day(oversight.findings_due_on)),
            (_("Replies due"), full_day(oversight.reply_due_on)),
        ]
    )


def sheet(oversight: Oversight) -> Paper:
    """For whoever writes by hand: what is overseen, room for findings, the statement on one's own interest, a signature."""
    made = Paper(_("Finding sheet: %(title)s") % {"title": oversight.title})
    _facts(made, oversight)
    made.heading(_("What is overseen"))
    made.text(oversight.scope)
    made.heading(pgettext("oversight", "Findings"))
    rows = [[number, "", ""] for number in range(1, LINES + 1)]
    made.table([_("No."), _("What was found"), _("What is proposed")], rows, [1, 6, 6])
    made.text(
        _("□ I have no interest of my own in the matter, nor have my relatives. □ I found nothing to object to.")
    )
    made.text(_("□ My name may stand in the publication."))
    made.signatures([_("Overseer (signature)")])
    return made


def whole(oversight: Oversight) -> Paper:
    """The whole file: the matter, how the overseers were chosen, findings, replies, what came of them. Names stay masked."""
    made = Paper(_("Special oversight: %(title)s") % {"title": oversight.title}, lead=oversight.get_state_display())
    _facts(made, oversight)
    made.heading(_("What is overseen"))
    made.text(oversight.scope)
    made.text(_("Why: %(text)s") % {"text": oversight.why})
    made.heading(_("Overseers"))
    made.text(chosen_how(oversight))
    rows = [
        [
            one.number,
            one.name if one.is_nameable else mask_name(one.name),
            one.get_state_display(),
            one.entry,
            one.reason,
        ]
        for one in oversight.overseers.all()
    ]
    made.table([_("No."), _("Name"), _("State"), _("Entry of the draw"), _("Reason")], rows, [1, 3, 3, 2, 4])
    for one in oversight.draws.all():
        given = {"number": one.number, "count": len(one.entries), "wanted": one.wanted, "seed": one.seed}
        made.text(
            _("Draw %(number)d: %(wanted)d of %(count)d entries, seed %(seed)s. %(reason)s")
            % {**given, "reason": one.reason}
        )
    made.heading(pgettext("oversight", "Findings"))
    for finding in oversight.findings.prefetch_related("replies"):
        made.text(f"{finding.number}. {finding.title}")
        made.text(finding.text)
        rows = [
            [
                reply.get_verdict_display(), reply.text, reply.promise,
                full_day(reply.promise_due_on) if reply.promise_due_on else "", reply.outcome,
            ]
            for reply in finding.replies.all()
        ]  # fmt: skip
        if rows:
            head = [
                _("How the union takes it"),
                pgettext("to a finding", "Reply"),
                _("What is done about it"),
                _("To be done by"),
                _("What came of it"),
            ]
            made.table(head, rows, [2, 5, 4, 2, 4])
        made.text(
            _("The overseer's rating: %(rating)s") % {"rating": finding.get_satisfaction_display() or _("none given")}
        )
    made.signatures([_("Who leads it (signature)"), _("Union (seal)")])
    made.foot = f"{oversight.union.name}　{full_day(oversight.replied_on or oversight.opens_on)}"
    return made
