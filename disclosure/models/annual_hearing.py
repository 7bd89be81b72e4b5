"""Whom an annual report was given to: the members of the committee with their rating, and what they asked."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Satisfaction
from disclosure.models.annual import AnnualReport
from unions.models import UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from

CONTENT = (Satisfaction.SATISFIED, Satisfaction.BASICALLY)


class AnnualHearer(UnionPart):
    """A member of the committee whom a report of the district or the middle tier is given to; rates it by a link."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="hearers")
    number = models.PositiveSmallIntegerField(_("No."))
    name = models.CharField(_("Name"), max_length=40)
    rating = models.CharField(_("Rating"), max_length=12, choices=Satisfaction.choices, blank=True, default="")
    rated_at = models.DateTimeField(_("Rated at"), null=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Committee member asked")
        ordering = ["report", "number"]
        triggers = [fill_from("report_id", "disclosure_annualreport")]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="annual_hearer_once"),
            models.CheckConstraint(condition=Q(rating__in=["", *Satisfaction.values]), name="annual_rating_known"),
            models.CheckConstraint(
                condition=Q(rating="", rated_at=None) | (~Q(rating="") & Q(rated_at__isnull=False)),
                name="annual_rating_dated",
            ),
        ]

    def __str__(self):
        return self.name


class AnnualQuestionQuerySet(UnionOwnedQuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def overdue(self, day: date | None = None):
        return self.open().filter(due_on__lt=day or timezone.localdate())


class AnnualQuestion(UnionPart):
    """What somebody asked about a report, answered by a day."""

    report = models.ForeignKey(AnnualReport, models.CASCADE, related_name="questions")
    hearer = models.ForeignKey(AnnualHearer, models.PROTECT, null=True, related_name="questions")
    asker = models.CharField(_("Asked by"), max_length=40, blank=True)
    text = models.CharField(_("Question"), max_length=500)
    asked_at = models.DateTimeField(_("Asked at"), auto_now_add=True)
    due_on = models.DateField(_("Answer due on"))
    told = models.CharField(
        max_length=4, blank=True, default="", editable=False, help_text="The last reminder: soon, late"
    )
    answer = models.TextField(_("Answer to the question"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("Answered at"), null=True)
    answered_by = models.ForeignKey(
        "unions.User", models.PROTECT, null=True, related_name="+", verbose_name=_("Answered by")
    )

    objects = AnnualQuestionQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Question about an annual report")
        ordering = ["report", "pk"]
        triggers = [fill_from("report_id", "disclosure_annualreport")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="annual_answer_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="annual_question_due", condition=Q(answered_at=None)),
        ]

    def __str__(self):
        return self.text

    @property
    def is_late(self) -> bool:
        return self.answered_at is None and self.due_on < timezone.localdate()
