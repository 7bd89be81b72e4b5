"""Democratic appraisals (民主评议): the sheet the district sets, what came of a vote on it, and what is improved."""

from datetime import date

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assemblies.enums import GRADES, AppraisalState, Consequence, ImprovementState, Subject
from assemblies.models.votes import Question, Vote
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.policies import SHARED
from unions.workflow import Movable


class AppraisalSheet(models.Model):
    """What is asked in an appraisal and which answers there are, from a day on: a vote has the sheet of its own day."""

    rights = SHARED

    effective_from = models.DateField(_("Holds from"), unique=True)
    basis = models.CharField(_("Legal basis"), max_length=500)

    class Meta:
        verbose_name = _("Appraisal sheet")
        ordering = ["-effective_from"]

    def __str__(self):
        return str(self.effective_from)


class AppraisalItem(models.Model):
    """A question of the sheet: about the committee, or about each person who holds a post."""

    rights = SHARED

    sheet = models.ForeignKey(AppraisalSheet, models.CASCADE, related_name="items", verbose_name=_("Appraisal sheet"))
    number = models.PositiveSmallIntegerField(_("No."))
    subject = models.CharField(_("About"), max_length=10, choices=Subject.choices)
    text = models.CharField(_("Question of the appraisal"), max_length=200)

    class Meta:
        verbose_name = _("Question of the appraisal sheet")
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="appraisal_item_once"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="appraisal_item_subject_known"),
        ]

    def __str__(self):
        return self.text


class AppraisalGrade(models.Model):
    """An answer of the sheet in the district's words, and what it counts as."""

    rights = SHARED

    sheet = models.ForeignKey(AppraisalSheet, models.CASCADE, related_name="grades", verbose_name=_("Appraisal sheet"))
    number = models.PositiveSmallIntegerField(_("No."))
    kind = models.CharField(_("Counts as"), max_length=12, choices=[(kind.value, kind.label) for kind in GRADES])
    text = models.CharField(_("Answer to choose"), max_length=20)

    class Meta:
        verbose_name = _("Answer of the appraisal sheet")
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="appraisal_grade_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in GRADES]), name="appraisal_grade_kind_known"
            ),
        ]

    def __str__(self):
        return self.text


class AppraisalQuerySet(UnionOwnedQuerySet):
    def in_year(self, year: int):
        return self.filter(held_on__gte=date(year, 1, 1), held_on__lt=date(year + 1, 1, 1))

    def standing(self):
        """All but those that too few people took part in."""
        return self.exclude(state=AppraisalState.VOID)

    def under_way(self):
        return self.exclude(state__in=(AppraisalState.VOID, AppraisalState.CLOSED))

    def told_above(self):
        """Reported to the tier above, whatever it answered."""
        return self.filter(state__in=(AppraisalState.REPORTED, AppraisalState.APPROVED, AppraisalState.CLOSED))

    def late(self, day: date | None = None):
        """Not published or not reported by the day that the district's rule sets."""
        day = day or timezone.localdate()
        return self.filter(
            Q(state=AppraisalState.RATED, publish_due_on__lt=day)
            | Q(state=AppraisalState.PUBLISHED, report_due_on__lt=day)
        )

    def with_overdue_items(self, day: date | None = None):
        return self.filter(Exists(Improvement.objects.overdue(day).filter(appraisal=OuterRef("pk"))))


class Appraisal(UnionOwned, Movable):
    """An appraisal whose result was announced, until nothing of it is left to do. Voting itself is a vote's (`Vote`); the
    sums of its questions stand here too, for lists and totals, but where so few took part that they are hidden."""

    vote = models.OneToOneField(Vote, models.PROTECT, related_name="appraisal", verbose_name=_("Vote"))
    held_on = models.DateField(_("Held on"))
    state = models.CharField(_("State"), max_length=10, choices=AppraisalState.choices, default=AppraisalState.RATED)
    consequence = models.CharField(
        _("Consequence"), max_length=10, choices=Consequence.choices, blank=True, default="",
        help_text=_("The gravest one of all questions."),
    )  # fmt: skip
    due_count = models.PositiveIntegerField(_("Due"))
    returned_count = models.PositiveIntegerField(_("Ballots collected"))
    valid_count = models.PositiveIntegerField(_("Valid answers"), null=True)
    good_count = models.PositiveIntegerField(_("Satisfied and basically satisfied"), null=True)
    bad_count = models.PositiveIntegerField(_("Dissatisfied answers"), null=True)
    publish_due_on = models.DateField(_("To be published by"))
    report_due_on = models.DateField(_("To be reported by"))
    plan_due_on = models.DateField(_("Improvements planned by"))
    published_at = models.DateTimeField(_("Published at"), null=True, blank=True)
    published_where = models.CharField(_("Published where"), max_length=120, blank=True)
    reported_at = models.DateTimeField(_("Reported at"), null=True, blank=True)
    approved_on = models.DateField(_("Approved on"), null=True, blank=True)
    opinion = models.TextField(_("Opinion of the tier above"), blank=True)
    talk = models.TextField(_("Talk with the person concerned"), blank=True)
    closed_on = models.DateField(_("Appraisal settled on"), null=True, blank=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Appraisal")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppraisalState.values), name="appraisal_state_known"),
            models.CheckConstraint(
                condition=Q(consequence__in=["", *Consequence.values]), name="appraisal_consequence_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_count=None) | Q(valid_count__gte=F("good_count") + F("bad_count")),
                name="appraisal_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(AppraisalState.RATED, AppraisalState.VOID))
                | Q(published_at__isnull=False) & ~Q(published_where=""),
                name="appraisal_published_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=AppraisalState.CLOSED) | Q(approved_on__isnull=False, closed_on__isnull=False),
                name="appraisal_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-held_on"], name="appraisal_middle"),
            models.Index(fields=["union", "-held_on"], name="appraisal_union"),
            models.Index(fields=["-held_on", "-id"], name="appraisal_newest"),
        ]

    def __str__(self):
        return self.vote.title

    @property
    def is_hidden(self) -> bool:
        """So few ballots came back that the result would tell who voted what."""
        return self.valid_count is None

    @property
    def turnout(self) -> float | None:
        return self.returned_count / self.due_count if self.due_count else None

    @property
    def satisfaction(self) -> float | None:
        """Of all valid answers to all questions, those that are satisfied or basically satisfied."""
        return self.good_count / self.valid_count if self.valid_count else None

    @property
    def due_on(self) -> date | None:
        """By when the next step is to be taken; None where no rule sets a day."""
        return {AppraisalState.RATED: self.publish_due_on, AppraisalState.PUBLISHED: self.report_due_on}.get(
            self.state
        )

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()


class ImprovementQuerySet(UnionOwnedQuerySet):
    def open(self):
        return self.filter(state=ImprovementState.OPEN)

    def overdue(self, day: date | None = None):
        return self.filter(state=ImprovementState.OPEN, due_on__lt=day or timezone.localdate())

    def urgent_first(self):
        rank = Case(When(state=ImprovementState.OPEN, then=Value(0)), default=1)
        return self.order_by(rank, "due_on", "pk")


class Improvement(UnionPart, Movable):
    """Something that an appraisal showed and that is put right: what, how, by whom, until when, with evidence. What a
    threshold demands (`consequence`) is made with the result and cannot be taken away."""

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="improvements", verbose_name=_("Appraisal"))
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Question of the appraisal")
    )
    number = models.PositiveSmallIntegerField(_("No."))
    consequence = models.CharField(
        _("Consequence"), max_length=10, choices=Consequence.choices, blank=True, default="", editable=False
    )
    title = models.CharField(_("What is to be improved"), max_length=200)
    measure = models.TextField(_("Measure"), blank=True, max_length=2000)
    owner = models.CharField(_("Who sees to it"), max_length=60)
    due_on = models.DateField(_("Due on"))
    told = models.CharField(
        max_length=4, blank=True, default="", editable=False, help_text="The last reminder: soon, late"
    )
    state = models.CharField(_("State"), max_length=8, choices=ImprovementState.choices, default=ImprovementState.OPEN)
    outcome = models.TextField(_("What came of it"), blank=True)
    done_on = models.DateField(_("Done on"), null=True, blank=True)

    objects = ImprovementQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Improvement")
        ordering = ["-appraisal", "number"]
        triggers = [fill_from("appraisal_id", "assemblies_appraisal")]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "number"], name="improvement_once"),
            models.CheckConstraint(condition=Q(state__in=ImprovementState.values), name="improvement_state_known"),
            models.CheckConstraint(
                condition=Q(consequence__in=["", *Consequence.values]), name="improvement_consequence_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImprovementState.DONE) | Q(done_on__isnull=False) & ~Q(outcome=""),
                name="improvement_done_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="improvement_due", condition=Q(state=ImprovementState.OPEN)),
            models.Index(fields=["union", "due_on"], name="improvement_union"),
            models.Index(fields=["middle", "due_on"], name="improvement_middle"),
        ]

    def __str__(self):
        return self.title

    @property
    def days_late(self) -> int:
        late = (timezone.localdate() - self.due_on).days
        return max(0, late) if self.state == ImprovementState.OPEN else 0
