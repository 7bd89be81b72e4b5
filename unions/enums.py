"""Closed lists of the ground floor. Labels are the field's standard terms (docs/glossary in README)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnionKind(models.TextChoices):
    """Kinds of unions; which kind may hang under which follows from its tier."""

    DISTRICT = "district", _("District federation")
    STREET = "street", _("Street federation")
    AREA = "area", _("Area federation")
    ZONE = "zone", _("Functional-zone federation")
    INDUSTRY = "industry", _("Industry union")
    UNIT = "unit", _("Single-employer union")
    JOINT = "joint", _("Joint union")
    COMMUNITY = "community", _("Community joint union")
    VILLAGE = "village", _("Village joint union")
    BUILDING = "building", _("Building or park joint union")
    FEDERATED = "federated", _("Industry or regional union federation")

    @property
    def tier(self) -> "Tier":
        if self is UnionKind.DISTRICT:
            return Tier.DISTRICT
        return Tier.MIDDLE if self in MIDDLE_KINDS else Tier.GRASSROOTS


class Tier(models.IntegerChoices):
    DISTRICT = 1, _("District")
    MIDDLE = 2, _("Middle tier")
    GRASSROOTS = 3, _("Grassroots")

    @property
    def kinds(self) -> tuple[UnionKind, ...]:
        return tuple(kind for kind in UnionKind if kind.tier == self)


MIDDLE_KINDS = (UnionKind.STREET, UnionKind.AREA, UnionKind.ZONE, UnionKind.INDUSTRY)


class UnionState(models.TextChoices):
    ACTIVE = "active", _("Active")
    DISSOLVED = "dissolved", _("Dissolved")
    MERGED = "merged", _("Merged")


class EmployerNature(models.TextChoices):
    STATE = "state", _("District-owned state enterprise")
    STATE_HOLDING = "state_holding", _("State-controlled enterprise")
    COLLECTIVE = "collective", _("District-owned collective enterprise")
    PRIVATE = "private", _("Private enterprise")
    HMT = "hmt", _("Hong Kong, Macao or Taiwan investment")
    FOREIGN = "foreign", _("Foreign investment")
    INDIVIDUAL = "individual", _("Individual business")
    AGENCY = "agency", _("Government agency")
    INSTITUTION = "institution", _("Public institution")
    SOCIAL = "social", _("Social organisation")


class Industry(models.TextChoices):
    """Sections of GB/T 4754."""

    A = "A", _("Agriculture, forestry, animal husbandry and fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas and water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage and post")
    H = "H", _("Accommodation and catering")
    I = "I", _("Information transmission, software and IT services")  # noqa: E741
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Scientific research and technical services")
    N = "N", _("Water, environment and public facilities")
    O = "O", _("Resident services, repair and other services")  # noqa: E741
    P = "P", _("Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports and entertainment")
    S = "S", _("Public administration, social security and social organisations")
    T = "T", _("International organisations")


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Rank(models.TextChoices):
    """Ranks a chair holds in the employer or the administration (notice 2015-24, staffing rules)."""

    BUREAU_DEPUTY = "bureau_deputy", _("Deputy bureau level")
    PEER_DEPUTY = "peer_deputy", _("Deputy rank of the same level")
    DIVISION_DEPUTY = "division_deputy", _("Deputy division level")
    PARTY_DEPUTY = "party_deputy", _("Deputy rank of the party committee")
    ADMIN_DEPUTY = "admin_deputy", _("Deputy administrative rank")
    SECTION_HEAD = "section_head", _("Full section level")
    MIDDLE_HEAD = "middle_head", _("Full middle-management rank")
    MIDDLE_DEPUTY = "middle_deputy", _("Deputy middle-management rank")
    STAFF = "staff", _("Ordinary worker")


class Engagement(models.TextChoices):
    FULL_TIME = "full_time", _("Full-time")
    PART_TIME = "part_time", _("Part-time")


class Rhythm(models.TextChoices):
    QUARTER = "quarter", _("Every quarter")
    HALF = "half", _("Every half-year")
    YEAR = "year", _("Every year")
    OWN = "own", _("At each union's own time")


class DutyState(models.TextChoices):
    OPEN = "open", _("Not submitted")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    FULFILLED = "fulfilled", _("Fulfilled")
    WAIVED = "waived", _("Exempt")


class Timeliness(models.TextChoices):
    """When the first submission came; a re-submission after a return never makes a duty late."""

    NONE = "", _("Not submitted")
    ON_TIME = "on_time", _("On time")
    EXTENDED = "extended", _("Within the extension")
    LATE = "late", _("Late")


class Audience(models.TextChoices):
    """Whom a step of the reminder ladder goes to."""

    FILLER = "filler", _("The person who fills it in")
    CHAIR = "chair", _("The chair")
    SUPERIOR = "superior", _("Reviewers of the tier above")
    BOARD = "board", _("The district's overdue board")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown, not sent again")


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class EventResult(models.TextChoices):
    DONE = "done", _("Done")
    READ = "read", _("Looked at")
    REFUSED = "refused", _("Turned away")
    FAILED = "failed", _("Failed")


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    READING = "reading", _("Being read")
    REFUSED = "refused", _("Refused")
    PREVIEW = "preview", _("Awaiting confirmation")
    COMMITTING = "committing", _("Being imported")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    EXPIRED = "expired", _("Expired")
    FAILED = "failed", _("Failed")


class RowState(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Unchanged")
    ERROR = "error", _("Error")


class SessionEnd(models.TextChoices):
    """Why a session ended before its person signed out."""

    IDLE = "idle", _("Nothing was done for too long")
    TIME = "time", _("The longest time of a session is over")
    ELSEWHERE = "elsewhere", _("The account signed in elsewhere")
    PASSWORD = "password", _("The password was changed")
    FACTOR = "factor", _("The second factor was changed")
    POST = "post", _("The appointments were changed")
    DISABLED = "disabled", _("The account was disabled")
    PERSON = "person", _("Ended from another device of the account")
    ADMINISTRATOR = "administrator", _("Ended by an administrator")


class PersonalLevel(models.TextChoices):
    """How carefully a personal field is kept; the district's own classification (PIPL article 51)."""

    PUBLIC = "public", _("made public by office")
    GENERAL = "general", _("general")
    SENSITIVE = "sensitive", _("sensitive: encrypted and masked")


class UploadState(models.TextChoices):
    QUARANTINED = "quarantined", _("Waiting for the virus check")
    CLEAN = "clean", _("Ready")
    INFECTED = "infected", _("Infected, removed")
    REJECTED = "rejected", _("Refused, removed")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Asked")
    DONE = "done", _("Corrected")
    DECLINED = "declined", _("Declined")


class ErasureState(models.TextChoices):
    PROPOSED = "proposed", _("To be confirmed")
    DONE = "done", _("Erased")
    SUPERSEDED = "superseded", _("Superseded by a later look")
