"""Workbooks of a vote: links to send, the result with its arithmetic."""

from django.utils.translation import gettext as _

from assemblies.models import Vote
from assemblies.results import Result
from unions.kit.workbooks import Out, write_table


def links_workbook(vote: Vote, rows: list[tuple]) -> bytes:
    """Whom to send which link; it is the only place where they ever stand together."""
    columns = [Out(_("No."), "int", 8), Out(_("Name"), width=14), Out(_("Group"), width=20), Out(_("Link"), width=70)]
    lead = [
        _("Send each link to its person alone and delete this file afterwards: whoever has a link can vote with it.")
    ]
    with write_table(rows, columns, sheet=_("Links"), title=vote.title, lead=lead) as file:
        return file.read()


def result_workbook(vote: Vote, result: Result, named: list[dict]) -> bytes:
    """Every option with its votes, base and share; of a vote by name who voted what below."""
    columns = [
        Out(_("Question"), width=32), Out(_("Answer or candidate"), width=24), Out(_("Votes"), "int", 10), Out(_("Base"), "int", 10),
        Out(_("Share"), "percent", 10), Out(_("Result"), width=14),
    ]  # fmt: skip
    words = {"due": vote.due, "present": vote.present, "issued": vote.issued, "returned": vote.returned}
    lead = [
        f"{vote.union.name} {vote.held_on:%Y-%m-%d}", _("Rule: %(rule)s.") % {"rule": vote.rule_words},
        _("Due %(due)d, present %(present)d, ballots handed out %(issued)d, returned %(returned)d.") % words,
    ]  # fmt: skip
    rows: list[list] = [
        [
            paper.question.text, str(line.outcome), line.outcome.votes, line.outcome.base_count, line.outcome.share,
            _("Carried or elected") if line.outcome.is_won else _("Tied") if line.outcome.is_tied else "",
        ]
        for paper in result.papers
        for line in paper.lines
    ]  # fmt: skip
    rows += [[row["question"].text, f"{row['link']}：{'、'.join(row['said'])}", None, None, None, ""] for row in named]
    with write_table(rows, columns, sheet=_("Result"), title=vote.title, lead=lead) as file:
        return file.read()
