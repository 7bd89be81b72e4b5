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


class BandKey(models.TextChoices):
    """Dated tables by number of members."""

    COMMITTEE = "committee-size", _("Members of the union committee")
    STANDING = "standing-size", _("Members of the standing committee")
    AUDIT = "audit-size", _("Members of the audit committee")
    DELEGATES = "delegate-number", _("Delegates of a grassroots union")
    CONGRESS = "congress-delegates", _("Delegates of a congress")
