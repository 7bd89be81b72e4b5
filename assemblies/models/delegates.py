"""Delegates of members, who hold office for a whole term (会员代表常任制), and the constituencies that elect them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assemblies.enums import DelegateState, DelegateWork, OfficeEnd
from assemblies.models.meetings import Attendee
from assemblies.models.terms import Term
from unions.enums import Sex
from unions.kit.sealed import EncryptedCharField, SealedRow
from unions.models import UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.workflow import Movable


class Constituency(UnionPart):
    """A department, team or subordinate union that elects some of the delegates of a term (选举单位)."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="constituencies", verbose_name=_("Term"))
    name = models.CharField(_("Constituency"), max_length=60)
    members = models.PositiveIntegerField(_("Members"))
    seats = models.PositiveSmallIntegerField(_("Delegates to elect"))

    class Meta(UnionPart.Meta):
        verbose_name = _("Constituency")
        ordering = ["term", "pk"]
        triggers = [fill_from("term_id", "assemblies_term")]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "name"],
                name="constituency_once",
                violation_error_message=_("This term has a constituency of that name already."),
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=F("members")),
                name="constituency_seats_of_members",
                violation_error_message=_(
                    "A constituency elects at least one delegate, and no more than it has members."
                ),
            ),
        ]

    def __str__(self):
        return self.name


class DelegateQuerySet(UnionOwnedQuerySet):
    def in_office(self, day: date):
        """Elected by a day, not ended or recalled by then, in a term that no other has followed: when a term ends the
        office of its delegates ends by itself."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=day),
            Q(term__ended_on=None) | Q(term__ended_on__gt=day),
            elected_on__lte=day,
        )

    def managers(self):
        return self.filter(is_senior=True)


class Delegate(SealedRow, UnionPart, Movable):
    """A delegate from the election until the term or the office ends. An end is a move (assemblies/workflow.py)."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="delegates", verbose_name=_("Term"))
    constituency = models.ForeignKey(
        Constituency, models.PROTECT, related_name="delegates", verbose_name=_("Constituency")
    )
    name = models.CharField(_("Name"), max_length=40)
    member_number = models.CharField(
        _("Member no."), max_length=30, blank=True, help_text=_("Or staff number: tells two people of one name apart.")
    )
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices)
    work = models.CharField(_("Work"), max_length=10, choices=DelegateWork.choices)
    is_senior = models.BooleanField(_("Head of a department or higher"), default=False)
    is_model = models.BooleanField(_("Model worker"), default=False)
    is_young = models.BooleanField(_("Aged 35 or younger when elected"), default=False)
    phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)
    elected_on = models.DateField(_("Elected on"))
    due_count = models.PositiveIntegerField(_("Members due"), null=True, blank=True)
    present_count = models.PositiveIntegerField(_("Members present"), null=True, blank=True)
    votes = models.PositiveIntegerField(_("Votes for"), null=True, blank=True)
    is_by_election = models.BooleanField(_("By-election"), default=False)
    state = models.CharField(_("State"), max_length=10, choices=DelegateState.choices, default=DelegateState.IN_OFFICE)
    ended_on = models.DateField(_("Office ended on"), null=True, blank=True)
    end = models.CharField(_("Why the office ended"), max_length=10, choices=OfficeEnd.choices, blank=True)
    recall_base = models.PositiveIntegerField(_("Members of the constituency at the recall"), null=True, blank=True)
    recall_votes = models.PositiveIntegerField(_("Votes for the recall"), null=True, blank=True)
    card_number = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Raised when a lost card is replaced; the former no longer shows as valid"
    )

    objects = DelegateQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Delegate")
        ordering = ["term", "constituency", "pk"]
        triggers = [fill_from("term_id", "assemblies_term")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DelegateState.values), name="delegate_state_known"),
            models.UniqueConstraint(
                fields=["term", "name", "member_number"],
                condition=Q(ended_on=None),
                name="delegate_once",
                violation_error_message=_(
                    "This person is a delegate of the term already. Give the member no. of another of the same name."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state=DelegateState.IN_OFFICE, ended_on=None, end="")
                | Q(state=DelegateState.ENDED, ended_on__isnull=False) & ~Q(end="")
                | Q(state=DelegateState.RECALLED, ended_on__isnull=False, end=""),
                name="delegate_end_dated",
            ),
            models.CheckConstraint(
                condition=Q(votes=None, present_count=None, due_count=None)
                | Q(votes__lte=F("present_count"), present_count__lte=F("due_count")),
                name="delegate_votes_add_up",
                violation_error_message=_("Votes cannot exceed those present, nor these those due."),
            ),
            # Recalled by more than half of all who elect, never of those who came.
            models.CheckConstraint(
                condition=~Q(state=DelegateState.RECALLED) | Q(recall_base__lt=F("recall_votes") * 2),
                name="delegate_recalled_by_majority",
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "term"], name="delegate_middle"),
            models.Index(fields=["union", "name"], name="delegate_union"),
            models.Index(fields=["constituency"], name="delegate_in_office", condition=Q(ended_on=None)),
        ]

    def __str__(self):
        return self.name

    def is_in_office(self, day: date) -> bool:
        """The same rule as `in_office`, for one delegate whose term is at hand."""
        ends = [end for end in (self.ended_on, self.term.ended_on) if end]
        return self.elected_on <= day and all(end > day for end in ends)


class DelegateAttendance(UnionPart):
    """That a delegate was among those due at a meeting: the register reads from it who came over the term."""

    delegate = models.ForeignKey(Delegate, models.PROTECT, related_name="attendances", verbose_name=_("Delegate"))
    attendee = models.OneToOneField(Attendee, models.CASCADE, related_name="as_delegate", verbose_name=_("Attendee"))

    class Meta(UnionPart.Meta):
        verbose_name = _("Attendance of a delegate")
        ordering = ["delegate", "pk"]
        triggers = [fill_from("delegate_id", "assemblies_delegate")]

    def __str__(self):
        return f"{self.delegate} · {self.attendee}"
