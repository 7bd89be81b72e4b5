"""Closed lists of the assemblies floor."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Body(models.TextChoices):
    """The bodies that a term's election fills."""

    COMMITTEE = "committee", _("Union committee")
    AUDIT = "audit", _("Audit committee")
    WOMEN = "women", _("Women workers' committee")


class Post(models.TextChoices):
    """Posts in a body of a union."""

    CHAIR = "chair", _("Chair")
    DEPUTY = "deputy", _("Deputy chair")
    STANDING = "standing", _("Standing member")
    MEMBER = "member", _("Committee member")


class MeetingKind(models.TextChoices):
    """It is never the workers' congress (职代会): that one has its own agenda, decisions and files."""

    CONGRESS = "congress", _("Congress")
    MEMBERS = "members", _("Members' assembly")
    DELEGATES = "delegates", _("Delegates' assembly")
    COMMITTEE = "committee", _("Committee meeting")
    AUDIT = "audit", _("Audit committee meeting")
    SYMPOSIUM = "symposium", _("Symposium")


class MeetingState(models.TextChoices):
    """From the plan to the archive (domain: 策划、报批、批复、通知、召开、结果报批、公开、归档)."""

    PLANNED = "planned", _("Being planned")
    REPORTED = "reported", _("Reported for approval")
    APPROVED = "approved", _("Approved")
    CALLED = "called", _("Called")
    OPEN = "open", _("In session")
    CLOSED = "closed", _("Closed")
    FILED = "filed", _("Results reported")
    CONFIRMED = "confirmed", _("Results approved")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


class Presence(models.TextChoices):
    EXPECTED = "expected", _("Not yet here")
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class Manner(models.TextChoices):
    ON_SITE = "on_site", _("On site")
    VIDEO = "video", _("By video")


class AgendaKind(models.TextChoices):
    REPORT = "report", _("Report")
    VOTE = "vote", _("Decision by vote")
    ELECTION = "election", _("Election")
    APPRAISAL = "appraisal", _("Democratic appraisal")
    PROPOSAL = "proposal", _("Proposals")
    OTHER = "other", _("Other")


DECIDING = (AgendaKind.VOTE, AgendaKind.ELECTION, AgendaKind.APPRAISAL)  # what wants a quorum


class Power(models.TextChoices):
    """What members decide in their assembly (domain 6.5): the check list of an agenda."""

    WORK = "work", _("Hear the committee's work report")
    FUNDS = "funds", _("Examine budget, final accounts and use of funds")
    AUDIT = "audit", _("Hear the audit committee's report")
    ELECT = "elect", _("Elect or by-elect committee and audit committee")
    SEND = "send", _("Elect delegates to the congress of the tier above")
    RECALL = "recall", _("Recall elected officers and delegates")
    RATE = "rate", _("Rate the union and its chair")
    DECIDE = "decide", _("Decide other major matters of the union")


class SignedHow(models.TextChoices):
    """By which way a person's presence came on record."""

    CODE = "code", _("Signed in by the code on the screen")
    LIST = "list", _("Ticked on the list")
    ASSISTED = "assisted", _("Signed in with help")


class MatterState(models.TextChoices):
    OPEN = "open", _("To be answered")
    ANSWERED = "answered", _("Answered")
    ENDED = "ended", _("Settled")


class BandKey(models.TextChoices):
    """Dated tables by number of members."""

    COMMITTEE = "committee-size", _("Members of the union committee")
    STANDING = "standing-size", _("Members of the standing committee")
    AUDIT = "audit-size", _("Members of the audit committee")
    DELEGATES = "delegate-number", _("Delegates of a grassroots union")
    CONGRESS = "congress-delegates", _("Delegates of a congress")


class DelegateWork(models.TextChoices):
    """Where a delegate works: front-line workers are the main body of the delegates."""

    FRONT_LINE = "front_line", _("Front-line worker")
    TECHNICAL = "technical", _("Technical staff")
    MANAGEMENT = "management", _("Management")


class DelegateState(models.TextChoices):
    IN_OFFICE = "in_office", _("In office")
    ENDED = "ended", _("Office ended")
    RECALLED = "recalled", _("Recalled")


class OfficeEnd(models.TextChoices):
    """Why a delegate's office ended before the term."""

    MOVED = "moved", _("Moved to another constituency")
    LEFT = "left", _("Left the employer")
    ABSENT = "absent", _("Absent for too long")
    RESIGNED = "resigned", _("Resigned")
    DIED = "died", _("Died")


class ProposalKind(models.TextChoices):
    """提案 of delegates with seconders, 建议案, and 意见建议 of any member."""

    PROPOSAL = "proposal", _("Proposal")
    SUGGESTION = "suggestion", _("Suggestion")
    OPINION = "opinion", _("Opinion or advice")


class ProposalState(models.TextChoices):
    SUBMITTED = "submitted", _("To be screened")
    ACCEPTED = "accepted", _("To be handed over")
    ASSIGNED = "assigned", _("Being handled")
    ANSWERED = "answered", _("Awaiting the proposer's mark")
    CLOSED = "closed", _("Settled")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")
    DECLINED = "declined", _("Not taken up")
    MERGED = "merged", _("Merged into another")


class Grade(models.TextChoices):
    """How far an answer goes."""

    SOLVED = "a", _("A: solved")
    PLANNED = "b", _("B: planned")
    NOTED = "c", _("C: noted for reference")


class Satisfaction(models.TextChoices):
    """The proposer's mark of an answer; silence is none of these."""

    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically", _("Basically satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


# Votes


class VoteKind(models.TextChoices):
    MOTION = "motion", _("Motion")
    ELECTION = "election", _("Election")
    APPRAISAL = "appraisal", _("Appraisal")


class VoteManner(models.TextChoices):
    """How votes are cast. On phones each has a link of one's own; what is secret there is sealed until the end."""

    SECRET = "secret", _("Secret, on phones")
    MIXED = "mixed", _("Secret, on phones and paper")
    PAPER = "paper", _("Secret, on paper")
    NAMED = "named", _("By name, on phones")

    @property
    def has_phones(self) -> bool:
        return self is not VoteManner.PAPER

    @property
    def has_paper(self) -> bool:
        return self in (VoteManner.PAPER, VoteManner.MIXED)

    @property
    def is_sealed(self) -> bool:
        """Whether what is cast on phones lies in envelopes that nobody can open before the end."""
        return self in (VoteManner.SECRET, VoteManner.MIXED)


class VoteBase(models.TextChoices):
    """What is a hundred per cent."""

    DUE = "due", _("those due")
    PRESENT = "present", _("those present")
    CAST = "cast", _("the ballots returned")
    VALID = "valid", _("the valid ballots")


class VoteState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    OPEN = "open", _("Voting")
    CLOSED = "closed", _("Closed, not counted")
    COUNTED = "counted", _("Counted")
    ANNOUNCED = "announced", _("Announced")
    VOID = "void", _("Void")


class OptionKind(models.TextChoices):
    """What ticking an option says."""

    YES = "yes", _("For")
    NO = "no", _("Against")
    ABSTAIN = "abstain", _("Abstain")
    CANDIDATE = "candidate", _("Candidate")
    SATISFIED = "satisfied", _("Satisfied")
    BASIC = "basic", _("Basically satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


class RollMoment(models.TextChoices):
    """When it was written down who was due and who was present."""

    OPEN = "open", _("When voting began")
    CLOSE = "close", _("When voting ended")


class BallotForm(models.TextChoices):
    """On what somebody voted who had a link."""

    PHONE = "phone", _("On a phone")
    PAPER = "paper", _("Given a paper ballot")


class TermState(models.TextChoices):
    """How a term stands, from its dates alone (domain: 任期内、临近届满、届满、延期、换届筹备、超期、责令限期、换届完成)."""

    IN_OFFICE = "in_office", _("In office")
    NEARING = "nearing", _("Nearing its end")
    ENDING = "ending", _("Ends today")
    PREPARING = "preparing", _("Election being prepared")
    POSTPONED = "postponed", _("Election postponed")
    OVERDUE = "overdue", _("Overdue for election")
    ORDERED = "ordered", _("Ordered to hold the election")
    RENEWED = "renewed", _("Followed by an election")


class Fact(models.TextChoices):
    """What may bar a person from a seat (domain: who may not be a candidate). Asked when a seat is filled, never kept."""

    LEGAL = "legal", _("Legal representative of the employer")
    LEADER = "leader", _("Main administrative leader of the employer")
    DEPUTY_LEADER = "deputy_leader", _("Deputy administrative leader of an enterprise")
    PARTNER = "partner", _("Partner of the enterprise")
    RELATIVE = "relative", _("Near relative of one of these")
    HR_HEAD = "hr_head", _("Head of human resources")
    LABOUR = "labour", _("Leader in charge of labour, wages or personnel")
    FOREIGN = "foreign", _("Foreign worker")
    FINANCE = "finance", _("In charge of the union's finances, or on its finance staff")
    RETAINED = "retained", _("Membership retained after leaving (retired or between jobs)")


class BarLevel(models.TextChoices):
    BARRED = "barred", _("Barred")
    DOUBTFUL = "doubtful", _("Not advisable")


# Appraisals

# What an answer of the appraisal sheet can count as, whatever its words are.
GRADES = (OptionKind.SATISFIED, OptionKind.BASIC, OptionKind.DISSATISFIED, OptionKind.ABSTAIN)


class Subject(models.TextChoices):
    """Whom a question of the appraisal sheet is about; of a post it is asked for each who holds it."""

    COMMITTEE = "committee", _("Union committee")
    CHAIR = "chair", _("Chair")
    DEPUTY = "deputy", _("Deputy chair")
    MEMBER = "member", _("Committee member")


class AppraisalState(models.TextChoices):
    """From the announced result to the end of what follows from it."""

    RATED = "rated", _("To be published to members")
    PUBLISHED = "published", _("Published, to be reported")
    REPORTED = "reported", _("Reported, awaiting the tier above")
    APPROVED = "approved", _("Approved, being improved")
    CLOSED = "closed", _("Settled and filed")
    VOID = "void", _("Too few ballots: to be held again")


class Consequence(models.TextChoices):
    """What the thresholds lead to (settings `appraisal-rectify-over` and `appraisal-recall-from`), the graver one last."""

    RECTIFY = "rectify", _("Improvement ordered, and a talk by the tier above")
    RECALL = "recall", _("Recall to be proposed")


class ImprovementState(models.TextChoices):
    OPEN = "open", _("Being improved")
    DONE = "done", _("Improved")
