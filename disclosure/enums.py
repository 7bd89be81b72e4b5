"""Closed lists of the disclosure floor."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReturnState(models.TextChoices):
    DRAFT = "draft", _("Being filled in")
    SUBMITTED = "submitted", _("To be reviewed")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


class FormKind(models.TextChoices):
    FILED = "filed", _("Filed by a union of itself")
    SUMMARY = "summary", _("Summed up from the unions below")


class FigureType(models.TextChoices):
    COUNT = "count", _("Whole number")
    MONEY = "money", _("Money (yuan)")
    TEXT = "text", _("Text")


class FigureSource(models.TextChoices):
    """Where a figure comes from before anybody types it."""

    TYPED = "typed", _("Typed")
    REGISTER = "register", _("From the register")
    LAST = "last", _("Last quarter")
    CARRIED = "carried", _("Carried over from last quarter")
    COMPUTED = "computed", _("Computed")
    UPLOADED = "uploaded", _("Workbook")
    IMPORTED = "imported", _("Old system")


class AddsUp(models.TextChoices):
    SUM = "sum", _("Added up")
    NOT = "not", _("Not added up")


class Severity(models.TextChoices):
    ERROR = "error", _("Error: must be corrected")
    EXPLAIN = "explain", _("Wants an explanation")
    INFO = "info", _("For information")


class ShortfallReason(models.TextChoices):
    """Why a union's figures are not in the summary; a blank is no reason."""

    SILENT = "silent", _("Not submitted in spite of reminders")
    CORRECTING = "correcting", _("Returned, being corrected")
    REVIEWING = "reviewing", _("Being reviewed")
    SUSPENDED = "suspended", _("Business suspended or out of reach")
    CLOSING = "closing", _("Closing, merging or moving")
    NOBODY = "nobody", _("Nobody in charge at present")
    OTHER = "other", _("Another reason")


# --- bulletins ---------------------------------------------------------------------------------------------------------


class BulletinState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    CHECKING = "checking", _("Secrecy check")
    APPROVING = "approving", _("Awaiting approval")
    SCHEDULED = "scheduled", _("To be published")
    PUBLISHED = "published", _("Published")
    EXPIRED = "expired", pgettext_lazy("bulletin", "Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Readers(models.TextChoices):
    """For whom a bulletin is meant; each narrower circle reads what is meant for the wider ones too."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", pgettext_lazy("audience", "Members")
    DELEGATES = "delegates", pgettext_lazy("audience", "Delegates")
    COMMITTEE = "committee", pgettext_lazy("audience", "Committee")
    TIER = "tier", _("This tier alone")

    @property
    def reads(self) -> tuple["Readers", ...]:
        """Whom a bulletin may be meant for so that these readers get it. What one tier alone reads takes an account."""
        circles = (Readers.PUBLIC, *LINKED)
        return circles[: circles.index(self) + 1]


LINKED = (Readers.MEMBERS, Readers.DELEGATES, Readers.COMMITTEE)  # who read by a link


class Channel(models.TextChoices):
    WEBSITE = "website", _("Website")
    MOBILE = "mobile", _("Mobile app")
    BOARD = "board", _("Notice board")
    MEETING = "meeting", _("Meeting")
    PAPER = "paper", _("Newspaper")
    NEW_MEDIA = "new_media", _("New media")


class Cadence(models.TextChoices):
    """When a matter of the catalogue has to be disclosed."""

    OCCURRENCE = "occurs", _("As it occurs")
    HALF_YEAR = "half", _("Each half-year")
    YEAR = "year", _("Each year")


# --- enquiries ---------------------------------------------------------------------------------------------------------


class EnquiryKind(models.TextChoices):
    ENQUIRY = "enquiry", _("Enquiry")
    CONCERN = "concern", _("Concern")


class EnquiryWay(models.TextChoices):
    """How it reached the union."""

    PUBLIC = "public", _("Public page")
    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit")
    DIALOGUE = "dialogue", _("Dialogue day")
    SYMPOSIUM = "meeting", _("Symposium")


class EnquiryState(models.TextChoices):
    ASKED = "asked", _("To be replied to")
    ANSWERED = "answered", _("Replied, awaiting the rating")
    CLOSED = "closed", pgettext_lazy("enquiry", "Settled")
    DECLINED = "declined", pgettext_lazy("enquiry", "Not taken up")


# --- annual reports ----------------------------------------------------------------------------------------------------


class AnnualState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("To be reviewed")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")


class AnnualSource(models.TextChoices):
    """What the portal draws a paragraph of an annual report from."""

    WORKFORCE = "workforce", _("Workers and members")
    ACTIVITIES = "activities", _("Work done, from the returns")
    MEETINGS = "meetings", _("Meetings and votes held")
    PROPOSALS = "proposals", _("Proposals and suggestions")
    APPRAISAL = "appraisal", _("Appraisal and improvements")
    BULLETINS = "bulletins", _("Bulletins published")
    FUNDS = "funds", _("Income and expenditure, from the returns")
    AUDIT = "audit", _("Meetings of the fund audit committee")
    PROMISES = "promises", _("Last year's promises and what became of them")
    PLAN = "plan", _("Promises for next year, one a line")


class AccountSide(models.TextChoices):
    INCOME = "income", _("Income")
    EXPENSE = "expense", _("Expenditure")


class PromiseOutcome(models.TextChoices):
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    PARTLY = "partly", _("Kept in part")
    MISSED = "missed", _("Not kept")


# --- budgets -----------------------------------------------------------------------------------------------------------


class BudgetState(models.TextChoices):
    """Domain 8.2: planned by the committee, reviewed, adopted, filed with the tier above."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", pgettext_lazy("budget", "Reviewed")
    ADOPTED = "adopted", pgettext_lazy("budget", "Adopted")
    SUBMITTED = "submitted", _("To be reviewed")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


class ExecutionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("execution", "Submitted")


# --- special oversight -------------------------------------------------------------------------------------------------


class OversightState(models.TextChoices):
    ASKED = "asked", _("Asked for by the tier above")
    PREPARING = "preparing", pgettext_lazy("oversight", "Being prepared")
    OPEN = "open", _("Under oversight")
    REPLYING = "replying", _("Findings to be replied to")
    FOLLOWING = "following", _("Replied, being followed up")
    CLOSED = "closed", pgettext_lazy("oversight", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("oversight", "Called off")


class OverseerState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("overseer", "Invited")
    ACCEPTED = "accepted", pgettext_lazy("overseer", "Takes part")
    DECLINED = "declined", pgettext_lazy("overseer", "Declined")
    RECUSED = "recused", _("Stands aside: interest in the matter")
    RELEASED = "released", _("Released by a new draw")


class DrawPool(models.TextChoices):
    """Among whom overseers are drawn."""

    DELEGATES = "delegates", _("Delegates in office")
    ATTENDEES = "attendees", _("Members on the list of a meeting")


class LeftOut(models.TextChoices):
    """Why somebody of the pool is not in a draw."""

    COMMITTEE = "committee", _("holds a seat in a committee of the union")
    NAMED = "named", _("named as concerned by the matter")
    INVITED = "invited", _("invited already")


class FindingState(models.TextChoices):
    GIVEN = "given", _("To be replied to")
    ANSWERED = "answered", pgettext_lazy("finding", "Replied")
    REWORK = "rework", _("To be replied to once more")
    RATED = "rated", _("Rated by the overseer")


class Verdict(models.TextChoices):
    """How a union takes a finding."""

    ACCEPTED = "accepted", pgettext_lazy("verdict", "Accepted")
    PARTLY = "partly", _("Accepted in part")
    REJECTED = "rejected", pgettext_lazy("verdict", "Not accepted")


class PromiseState(models.TextChoices):
    """What became of what a reply promised."""

    NONE = "none", _("Nothing promised")
    OPEN = "open", pgettext_lazy("promise", "To be done")
    DONE = "done", _("Done")


# --- fund audits -------------------------------------------------------------------------------------------------------


class FundAuditKind(models.TextChoices):
    BUDGET = "budget", _("Audit of the budget's execution")
    ACCOUNTS = "accounts", _("Audit of income and expenditure")
    OFFICE = "office", _("Audit of economic responsibility")
    SPECIAL = "special", _("Special audit")


class FundAuditState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("fund audit", "Planned")
    NOTIFIED = "notified", pgettext_lazy("fund audit", "Notice served")
    AT_WORK = "at_work", pgettext_lazy("fund audit", "At work on the spot")
    COMMENTING = "commenting", _("Draft out for comment")
    REPORTING = "reporting", _("Report to be issued")
    RECTIFYING = "rectifying", _("Being rectified")
    FOLLOWING = "following", pgettext_lazy("fund audit", "Followed up")
    CLOSED = "closed", pgettext_lazy("fund audit", "Closed and filed")
    CANCELLED = "cancelled", pgettext_lazy("fund audit", "Called off")


class FundFindingArea(models.TextChoices):
    """What part of the funds' business a finding is about."""

    REMITTANCE = "remittance", _("Dues and remittance")
    BUDGET = "budget", _("Budget")
    INCOME = "income", pgettext_lazy("funds", "Income")
    SPENDING = "spending", pgettext_lazy("funds", "Expenditure")
    ASSETS = "assets", _("Assets")
    BOOKS = "books", _("Account and books")
    RULES = "rules", _("Rules and their observance")
    OTHER = "other", pgettext_lazy("funds", "Other")


class FundFindingState(models.TextChoices):
    TO_RECTIFY = "to_rectify", _("To be rectified")
    DONE = "done", _("Reported as rectified")
    ACCEPTED = "accepted", _("Rectification accepted")
    REWORK = "rework", _("Sent back to be rectified")


# --- assets ------------------------------------------------------------------------------------------------------------


class AssetCategory(models.TextChoices):
    """After the accounting rules for unions (工会会计制度)."""

    BUILDING = "building", _("Buildings and structures")
    VEHICLE = "vehicle", _("Vehicles")
    EQUIPMENT = "equipment", _("Office and special equipment")
    CULTURE = "culture", _("Equipment for culture and sports")
    FURNITURE = "furniture", _("Furniture and fittings")
    SMALL = "small", _("Articles of small value")
    INTANGIBLE = "intangible", _("Intangible assets")
    OTHER = "other", pgettext_lazy("asset", "Other")


class AssetSource(models.TextChoices):
    FUNDS = "funds", _("Union funds")
    GRANT = "grant", _("Grant of the tier above or of the administration")
    GIFT = "gift", _("Gift")


class AssetState(models.TextChoices):
    IN_USE = "in_use", _("In use")
    ASKED = "asked", _("Disposal waits for the tier above")
    DISPOSED = "disposed", _("Disposed of")
    VOID = "void", _("Entered in error")


class Disposal(models.TextChoices):
    """How an asset left the union."""

    SOLD = "sold", pgettext_lazy("asset", "Sold")
    SCRAPPED = "scrapped", pgettext_lazy("asset", "Scrapped")
    HANDED_OVER = "handed_over", pgettext_lazy("asset", "Handed over")
    LOST = "lost", pgettext_lazy("asset", "Lost")


# --- remittance of union funds -----------------------------------------------------------------------------------------


class RemittanceKind(models.TextChoices):
    """What an employer pays to the tax office: the funds of its union, or towards one that is still to be founded."""

    FUNDS = "funds", pgettext_lazy("remittance", "Union funds")
    PREPARATION = "preparation", _("Preparation fund")


class RemittanceMatch(models.TextChoices):
    """How an employer of the tax register found its union."""

    BY_CODE = "by_code", _("By credit code")
    BY_NAME = "by_name", _("By name")
    BY_HAND = "by_hand", _("By hand")
    UNMATCHED = "unmatched", _("No union found")
    NOT_OURS = "not_ours", _("Said not to belong there")
