"""What the assemblies floor lets the district set: the numbers that no law fixes, each with where it comes from.

A matter is judged by the value of its own day: `setting("assembly-quorum", meeting.held_on)`. What the Trade Union Law
itself fixes (a term of three or five years, a recall by more than half of all) is not set here.
"""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from unions.settingbook import DAYS, NOT_LAW, WORKING_DAYS, Definition, Value, definitions

MONTHS, PERSONS, PERCENT, BALLOTS, PIECES = _("months"), _("persons"), "%", _("ballots"), _("pieces")
ELECTIONS = "《工会基层组织选举工作条例》（总工发〔2016〕27号）"
ASSEMBLIES = "《基层工会会员代表大会条例》（总工发〔2019〕6号）"
CHAIRS = "《企业工会主席产生办法（试行）》（2008年）"
CHARTER = "《中国工会章程》"
BEIJING = "《北京市实施〈中华人民共和国工会法〉办法》"
HALF, WHOLE = Fraction(1, 2), Fraction(1)

TERMS = _("Terms of office")
OF_TERMS = (
    ("term-nearing-months", TERMS, _("A term is nearing its end from"),
     _("From then on the portal asks for the preparation of the election."), 6, 1, 24, MONTHS, NOT_LAW),
    ("postponement-months", TERMS, _("An election can be postponed by at most"),
     _("Counted from the end of the term; the tier above decides on the union's request."), 6, 1, 12, MONTHS,
     f"{CHARTER}第二十六条：延期须经上级工会批准；期限由区总工会确定"),
    ("renewal-order-days", TERMS, _("Time proposed in an order to hold the election"),
     _("The tier above sets the day itself in each order."), 90, 10, 365, DAYS, f"{BEIJING}第十三条：责令限期换届"),
    ("by-election-months", TERMS, _("A vacant chair is filled within"),
     _("Counted from the day the chair left."), 3, 1, 12, MONTHS, f"{CHAIRS}第十八条"),
)  # fmt: skip

MEETINGS = _("Assemblies and meetings")
OF_MEETINGS = (
    ("assembly-quorum", MEETINGS, _("Quorum of an assembly"), _("The part of those due who must be present."),
     Fraction(2, 3), HALF, WHOLE, "", f"{CHAIRS}第十六条；{ELECTIONS}"),
    ("assembly-notice-workdays", MEETINGS, _("Notice of an assembly"),
     _("Day, agenda and papers reach those due so long before."), 5, 1, 30, WORKING_DAYS, ASSEMBLIES),
    ("assembly-all-members-up-to", MEETINGS, _("All members meet in unions of up to"),
     _("Larger unions may meet by delegates; at exactly this number both are allowed."), 100, 25, 500, PERSONS,
     f"{CHARTER}第二十六条；{ELECTIONS}"),
    ("extra-session-asked-by", MEETINGS, _("An extra session is held when asked for by"),
     _("The part of the members or of the delegates who ask for it."), Fraction(1, 3), Fraction(1, 20), HALF, "",
     f"《中华人民共和国工会法》第十七条；{ASSEMBLIES}"),
    ("report-reply-days", MEETINGS, _("The tier above answers a report within"),
     _("Counted from the day a meeting was reported for approval."), 15, 1, 60, DAYS, ASSEMBLIES),
    ("first-session-days", MEETINGS, _("A first session is held after the election of delegates within"),
     _("Counted from the day on which all delegates were elected."), 30, 10, 120, DAYS, ASSEMBLIES),
)  # fmt: skip

OF_MEETINGS_TOO = (
    ("sign-in-code-minutes", MEETINGS, _("The code on the screen changes every"),
     _("So that a photograph of it signs nobody in who is not in the hall."), 5, 1, 60, _("minutes"), NOT_LAW),
    ("matter-answer-workdays", MEETINGS, _("Matters raised at a symposium are answered within"),
     _("Proposed when a matter is taken down; each may have another day."), 15, 1, 90, WORKING_DAYS, NOT_LAW),
)  # fmt: skip

ELECTING = _("Votes and elections")
OF_ELECTIONS = (
    ("elected-over", ELECTING, _("Elected with more than"),
     _("The part of those due, not of those present, whose votes a candidate must exceed."), HALF, HALF, WHOLE, "",
     f"{CHAIRS}第十六条；{ELECTIONS}"),
    ("candidates-notice-workdays", ELECTING, _("Public notice of candidates"),
     _("Counted up to the day of the vote."), 5, 1, 30, WORKING_DAYS, ELECTIONS),
    ("chair-notice-days", ELECTING, _("Public notice of candidates for chair of an enterprise union"),
     _("Counted up to the day of the vote."), 7, 1, 30, DAYS, f"{CHAIRS}第十条"),
    ("committee-margin-percent", ELECTING, _("Candidates exceed the seats of a committee by at least"),
     _("Rounded up: one more at the least."), 5, 0, 50, PERCENT, ELECTIONS),
    ("standing-margin-percent", ELECTING, _("Candidates exceed the seats of a standing committee by at least"),
     _("Rounded up: one more at the least."), 10, 0, 50, PERCENT, ELECTIONS),
    ("delegate-margin-percent", ELECTING, _("Candidates exceed the seats of delegates by at least"),
     _("Rounded up: one more at the least."), 15, 0, 50, PERCENT, ASSEMBLIES),
    ("hidden-below-ballots", ELECTING, _("Results of a secret ballot are hidden below"),
     _("So that nobody's vote can be read off a small group."), 5, 2, 50, BALLOTS, NOT_LAW),
)  # fmt: skip

DELEGATES = _("Delegates")
OF_DELEGATES = (
    ("managers-percent", DELEGATES, _("Managers among the delegates at most"),
     _("From the heads of departments upward; workers at the front are the majority."), 20, 0, 100, PERCENT, ASSEMBLIES),
    ("front-line-percent", DELEGATES, _("Front-line workers among the delegates at least"),
     _("They are the main body of the delegates."), 50, 0, 100, PERCENT, f"{ASSEMBLIES}；比例由区总工会确定"),
    ("women-delegates-percent", DELEGATES, _("Women among the delegates: at least this part of their part among the members"),
     _("100: the delegates mirror the members."), 100, 0, 200, PERCENT, f"{ASSEMBLIES}；比例由区总工会确定"),
    ("delegate-gap", DELEGATES, _("By-election when more delegates are missing than"),
     _("The part of all delegates of the term."), Fraction(1, 4), Fraction(1, 20), HALF, "", ASSEMBLIES),
    ("delegate-by-election-months", DELEGATES, _("Missing delegates are replaced within"),
     _("Counted from the day on which too many were missing."), 3, 1, 12, MONTHS, ASSEMBLIES),
    ("delegate-absent-months", DELEGATES, _("A delegate's office ends after an absence of"),
     _("Without a reason, at the union's meetings."), 12, 1, 60, MONTHS, ASSEMBLIES),
)  # fmt: skip

APPRAISAL = _("Democratic appraisal")
OF_APPRAISAL = (
    ("appraisal-quorum", APPRAISAL, _("An appraisal counts with ballots from"),
     _("The part of those due whose ballots came back."), Fraction(2, 3), Fraction(1, 10), WHOLE, "", NOT_LAW),
    ("appraisal-rectify-over", APPRAISAL, _("Improvement is ordered when the dissatisfied are more than"),
     _("The part of the valid ballots; the tier above speaks with the chair."), Fraction(1, 3), Fraction(1, 20), HALF, "", NOT_LAW),
    ("appraisal-recall-from", APPRAISAL, _("A recall is proposed when the dissatisfied are at least"),
     _("The part of the valid ballots."), HALF, Fraction(1, 3), WHOLE, "", NOT_LAW),
    ("appraisal-publish-workdays", APPRAISAL, _("The result is published within"),
     _("Counted from the day of the appraisal."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("appraisal-report-workdays", APPRAISAL, _("The result is reported to the tier above within"),
     _("Counted from the day of the appraisal."), 15, 1, 60, WORKING_DAYS, NOT_LAW),
    ("appraisal-plan-days", APPRAISAL, _("Improvements are planned within"),
     _("Counted from the day of the appraisal."), 30, 1, 180, DAYS, NOT_LAW),
)  # fmt: skip

PROPOSALS = _("Proposals and suggestions")
OF_PROPOSALS = (
    ("proposal-seconders", PROPOSALS, _("A proposal needs seconders"),
     _("A suggestion needs none."), 3, 0, 30, PERSONS, NOT_LAW),
    ("proposal-review-workdays", PROPOSALS, _("A proposal is screened within"),
     _("Counted from the day it was handed in."), 7, 1, 60, WORKING_DAYS, NOT_LAW),
    ("proposal-handover-workdays", PROPOSALS, _("It is handed to whoever answers it within"),
     _("Counted from the day it was taken up."), 3, 1, 30, WORKING_DAYS, NOT_LAW),
    ("proposal-answer-days", PROPOSALS, _("It is answered within"),
     _("Counted from the day it was handed over."), 30, 5, 180, DAYS, NOT_LAW),
    ("proposal-key-answer-days", PROPOSALS, _("A key proposal is answered within"),
     _("Counted from the day it was handed over."), 60, 5, 365, DAYS, NOT_LAW),
    ("proposal-extension-days", PROPOSALS, _("An answer can be extended once by at most"),
     _("With a reason that the proposer reads."), 30, 1, 180, DAYS, NOT_LAW),
    ("proposal-feedback-workdays", PROPOSALS, _("The proposer is asked for a mark within"),
     _("Silence is not consent: without a mark a proposal stays open to one."), 10, 1, 60, WORKING_DAYS, NOT_LAW),
    ("proposal-rework-days", PROPOSALS, _("The second handling is done within"),
     _("Where the proposer is dissatisfied with the first answer."), 20, 1, 180, DAYS, NOT_LAW),
    ("proposal-remind-workdays", PROPOSALS, _("Whoever handles proposals is reminded before a step is due"),
     _("Once for each step, and once more when it is overdue."), 3, 0, 30, WORKING_DAYS, NOT_LAW),
    ("proposal-link-hourly", PROPOSALS, _("Proposals taken in from one network address in an hour"),
     _("By the link that needs no account; people behind one office line share an address."), 30, 1, 1000, PIECES, NOT_LAW),
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    groups: tuple[tuple[tuple[Value | str, ...], ...], ...] = (
        OF_TERMS, OF_MEETINGS, OF_MEETINGS_TOO, OF_ELECTIONS, OF_DELEGATES, OF_APPRAISAL, OF_PROPOSALS,
    )  # fmt: skip
    for group in groups:
        for row in group:
            definitions.add(row[0], Definition(*row))
        if group is OF_MEETINGS_TOO:
            definitions.add("assembly-approved", _approved())


EVERY_SESSION, RENEWALS = 1, 2


def _approved() -> Definition:
    return Definition(
        "assembly-approved", MEETINGS, _("The tier above approves before it is called"),
        _("Congresses and first sessions of a term always are; their results are approved in any case."), EVERY_SESSION,
        choices=((EVERY_SESSION, _("every assembly")), (RENEWALS, _("only the first session of a term"))),
        basis=f"{CHARTER}第二十六条；{ASSEMBLIES}",
    )  # fmt: skip
