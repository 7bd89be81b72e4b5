"""Votes: what is asked, of whom, by which rule, and what came of it. Who voted, and what, stands in `ballots`."""

from fractions import Fraction

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Body, OptionKind, Post, RollMoment, VoteBase, VoteKind, VoteManner, VoteState
from assemblies.models.meetings import AgendaItem, Meeting
from unions.enums import Sex
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.policies import APPEND, Rights
from unions.workflow import Movable

# A row that is only ever added to; the system writes its middle-tier union anew when the union moves.
APPENDED = f"{APPEND}, UPDATE (middle_id)"
# What came of a vote outlives every wish to delete it: nobody has the right to, and the foreign key itself refuses to
# lose what it points at.
EVIDENCE = models.DO_NOTHING
FROM_VOTE = fill_from("vote_id", "assemblies_vote")
COUNTED = (VoteState.COUNTED, VoteState.ANNOUNCED)

# Rule and questions are fixed before the first ballot: whoever could change them afterwards could choose the result.
LOCKED_RULE = pgtrigger.Trigger(
    name="locked_rule",
    operation=pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        IF OLD.state <> 'draft' AND ROW(NEW.union_id, NEW.kind, NEW.manner, NEW.base, NEW.numerator, NEW.denominator, NEW.is_inclusive)
            IS DISTINCT FROM ROW(OLD.union_id, OLD.kind, OLD.manner, OLD.base, OLD.numerator, OLD.denominator, OLD.is_inclusive) THEN
            RAISE EXCEPTION 'the rule of vote % is locked', OLD.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    """,
)

# A vote on a point of an agenda is a vote of that meeting, whatever else is written.
OF_ITS_MEETING = pgtrigger.Trigger(
    name="fill_meeting",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("item_id", "meeting_id"),
    when=pgtrigger.Before,
    condition=pgtrigger.Q(new__item__isnull=False),
    func="NEW.meeting_id := (SELECT meeting_id FROM assemblies_agendaitem WHERE id = NEW.item_id); RETURN NEW;",
)


def locked_part(vote: str, *columns: str) -> pgtrigger.Trigger:
    """Refuses to add, take away or change a part of a vote once voting has begun; `vote` says which vote it is of."""
    return pgtrigger.Trigger(
        name="locked_part",
        operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf(*columns),
        when=pgtrigger.Before,
        func=f"""
            IF EXISTS (SELECT FROM assemblies_vote WHERE id = ({vote}) AND state <> 'draft') THEN
                RAISE EXCEPTION 'the questions of this vote are locked' USING ERRCODE = '23514';
            END IF;
            RETURN coalesce(NEW, OLD);
        """,
    )


LOCKED_QUESTION = locked_part(
    "coalesce(NEW.vote_id, OLD.vote_id)", "vote_id", "number", "text", "body", "post", "seats", "takes_others"
)
LOCKED_OPTION = locked_part(
    "SELECT vote_id FROM assemblies_question WHERE id = coalesce(NEW.question_id, OLD.question_id)",
    "question_id", "number", "kind", "text", "sex", "note", "facts",
)  # fmt: skip


class VoteQuerySet(UnionOwnedQuerySet):
    def counted(self):
        return self.filter(state__in=COUNTED)

    def announced(self):
        return self.filter(state=VoteState.ANNOUNCED)

    def standing(self):
        """Not void."""
        return self.exclude(state=VoteState.VOID)

    def in_year(self, year: int):
        return self.filter(held_on__year=year)

    def under_way(self):
        return self.filter(state__in=(VoteState.DRAFT, VoteState.OPEN, VoteState.CLOSED, VoteState.COUNTED))


class Vote(UnionOwned, Movable):
    """A vote from its preparation to the announcement. Rule and base are fixed before it opens, the result is computed
    after it closed; nobody writes either in between (assemblies/vote_moves.py)."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="votes", verbose_name=_("Meeting")
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="votes", verbose_name=_("Point of the agenda")
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("Second round of")
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=VoteKind.choices)
    manner = models.CharField(_("Manner"), max_length=8, choices=VoteManner.choices, default=VoteManner.SECRET)
    title = models.CharField(_("Title"), max_length=120)
    text = models.TextField(
        _("Explanation"), blank=True, max_length=4000, help_text=_("Voters read it above the ballot.")
    )
    held_on = models.DateField(_("Held on"))
    state = models.CharField(_("State"), max_length=10, choices=VoteState.choices, default=VoteState.DRAFT)

    # The rule: more than (or, inclusive, at least) this part of the base.
    base = models.CharField(_("Base"), max_length=8, choices=VoteBase.choices, default=VoteBase.DUE)
    numerator = models.PositiveSmallIntegerField(default=1)
    denominator = models.PositiveSmallIntegerField(default=2)
    is_inclusive = models.BooleanField(_("At least, not more than"), default=False)
    asks_advice = models.BooleanField(_("Ask for advice in words"), default=False)

    due = models.PositiveIntegerField(_("Due"), default=0)
    present = models.PositiveIntegerField(_("Present"), default=0)
    noticed_on = models.DateField(_("Candidates published on"), null=True, blank=True)
    paper_issued = models.PositiveIntegerField(_("Paper ballots handed out"), default=0)
    # Of ballots cast on phones the database can only close the envelope: what opens it is a file (assemblies/sealing.py).
    public_key = models.BinaryField(default=bytes)

    issued = models.PositiveIntegerField(_("Handed out"), null=True)
    returned = models.PositiveIntegerField(_("Ballots collected"), null=True)
    opened_at = models.DateTimeField(_("Opened at"), null=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True)
    announced_at = models.DateTimeField(_("Announced at"), null=True)

    objects = VoteQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Vote")
        ordering = ["-held_on", "-pk"]
        triggers = [*UnionOwned.Meta.triggers, LOCKED_RULE, OF_ITS_MEETING]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VoteState.values), name="vote_state_known"),
            models.CheckConstraint(condition=Q(kind__in=VoteKind.values), name="vote_kind_known"),
            models.CheckConstraint(condition=Q(manner__in=VoteManner.values), name="vote_manner_known"),
            models.CheckConstraint(condition=Q(base__in=VoteBase.values), name="vote_base_known"),
            models.CheckConstraint(
                condition=Q(denominator__gte=1, numerator__lte=F("denominator")),
                name="vote_part_of_base",
                violation_error_message=_("The part cannot be more than the whole."),
            ),
            models.CheckConstraint(
                condition=Q(present__lte=F("due")),
                name="vote_present_within_due",
                violation_error_message=_("More people cannot be present than are due."),
            ),
            # Ballots returned beyond those handed out: such a vote is void and is never counted.
            models.CheckConstraint(
                condition=~Q(state__in=COUNTED) | Q(returned__lte=F("issued")), name="vote_returned_within_issued"
            ),
        ]
        indexes = [
            models.Index(fields=["middle", "-held_on"], name="vote_middle"),
            models.Index(fields=["union", "-held_on"], name="vote_union"),
            models.Index(fields=["-held_on", "-id"], name="vote_newest"),
            models.Index(
                fields=["held_on"],
                include=["union", "middle", "due", "returned"],
                name="vote_turnout",
                condition=Q(state=VoteState.ANNOUNCED),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def share(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def rule_words(self) -> str:
        """“more than 1/2 of those due”."""
        words = (
            gettext("at least %(share)s of %(base)s")
            if self.is_inclusive
            else gettext("more than %(share)s of %(base)s")
        )
        return words % {"share": self.share, "base": self.get_base_display()}

    @property
    def is_secret(self) -> bool:
        return self.manner != VoteManner.NAMED

    @property
    def way(self) -> VoteManner:
        return VoteManner(self.manner)

    @property
    def is_editable(self) -> bool:
        return self.state == VoteState.DRAFT

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED

    @property
    def is_announced(self) -> bool:
        return self.state == VoteState.ANNOUNCED

    @property
    def entitled(self) -> int:
        """How many people may vote at most: those due at the meeting, or as many as were said to be due."""
        return self.meeting.attendees.voting().count() if self.meeting_id else self.due

    @cached_property
    def sheet(self) -> list["Question"]:
        """The questions with their options, in two queries."""
        return list(self.questions.prefetch_related("options"))


class Question(UnionPart):
    """One ballot paper of a vote: a motion, the candidates of a body, or a graded question about somebody."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="questions", verbose_name=_("Vote"))
    number = models.PositiveSmallIntegerField(_("No."))
    text = models.CharField(_("Question"), max_length=300)
    body = models.CharField(_("Body"), max_length=12, choices=Body.choices, blank=True)
    post = models.CharField(_("Post"), max_length=12, choices=Post.choices, blank=True)
    seats = models.PositiveSmallIntegerField(_("Seats"), default=0)
    takes_others = models.BooleanField(_("Other names may be written in"), default=False)
    returned = models.PositiveIntegerField(_("Ballots collected"), null=True)
    valid = models.PositiveIntegerField(_("Valid"), null=True)
    invalid = models.PositiveIntegerField(_("Invalid"), null=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Question")
        ordering = ["vote", "number"]
        triggers = [FROM_VOTE, LOCKED_QUESTION]
        constraints = [
            models.UniqueConstraint(fields=["vote", "number"], name="question_once"),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(returned=F("valid") + F("invalid")), name="question_adds_up"
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def most(self) -> int:
        """How many ticks a valid ballot has at most."""
        return self.seats or 1


class Option(UnionPart):
    """What can be ticked. Of a candidate also what bars from standing (domain 5.4), as the organiser declared it."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name=_("Question"))
    number = models.PositiveSmallIntegerField(_("No."))
    kind = models.CharField(_("Kind"), max_length=12, choices=OptionKind.choices)
    text = models.CharField(_("Name"), max_length=60, blank=True)
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices, blank=True)
    note = models.CharField(_("Department and duties"), max_length=80, blank=True)
    facts = models.JSONField(_("Declared"), default=list, blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Option")
        ordering = ["question", "number"]
        triggers = [fill_from("question_id", "assemblies_question"), LOCKED_OPTION]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="option_once"),
            models.CheckConstraint(condition=Q(kind__in=OptionKind.values), name="option_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=OptionKind.CANDIDATE) | ~Q(text=""), name="option_candidate_named"
            ),
        ]

    def __str__(self):
        return self.text or self.get_kind_display()


# Whole numbers on both sides, so that nothing is rounded.
_REACHED, _NEEDED = F("votes") * F("denominator"), F("base_count") * F("numerator")


class Outcome(UnionPart):
    """What an option came to, with all that the judgement was made from. The database refuses to call won what did not
    reach the rule; rows are never changed."""

    rights = Rights(everyone=APPEND, system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="outcomes", verbose_name=_("Vote"))
    question = models.ForeignKey(Question, EVIDENCE, related_name="outcomes", verbose_name=_("Question"))
    option = models.OneToOneField(Option, EVIDENCE, null=True, related_name="outcome", verbose_name=_("Option"))
    text = models.CharField(_("Name"), max_length=60, blank=True)
    votes = models.PositiveIntegerField(_("Votes"))
    base_count = models.PositiveIntegerField(_("Base"))
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    is_inclusive = models.BooleanField(default=False)
    is_won = models.BooleanField(_("Carried or elected"), default=False)
    is_tied = models.BooleanField(_("Tied for the last seat"), default=False)

    class Meta(UnionPart.Meta):
        verbose_name = _("Result")
        ordering = ["question", "-votes", "pk"]
        triggers = [FROM_VOTE]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_won=False)
                | Q(GreaterThan(_REACHED, _NEEDED))
                | (Q(is_inclusive=True) & Q(GreaterThanOrEqual(_REACHED, _NEEDED))),
                name="outcome_won_by_rule",
            ),
            models.CheckConstraint(condition=Q(is_won=False) | Q(is_tied=False), name="outcome_won_or_tied"),
        ]

    def __str__(self):
        return self.text or str(self.option)

    @property
    def share(self) -> float | None:
        return self.votes / self.base_count if self.base_count else None


class Roll(UnionPart):
    """Who was due and who was present when voting began and when it ended. Its digest stands in the record of acts, so
    that the list cannot be changed afterwards unnoticed."""

    rights = Rights(everyone=APPEND, system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="rolls", verbose_name=_("Vote"))
    moment = models.CharField(_("Moment"), max_length=8, choices=RollMoment.choices)
    due = models.PositiveIntegerField(_("Due"))
    present = models.PositiveIntegerField(_("Present"))
    people = models.JSONField(_("People"), default=list)
    digest = models.CharField(_("Digest"), max_length=64)
    made_at = models.DateTimeField(_("Written at"), auto_now_add=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("List of those present")
        ordering = ["vote", "made_at"]
        triggers = [FROM_VOTE]
        constraints = [
            models.UniqueConstraint(fields=["vote", "moment"], name="roll_once"),
            models.CheckConstraint(condition=Q(moment__in=RollMoment.values), name="roll_moment_known"),
        ]

    def __str__(self):
        return f"{self.get_moment_display()} {self.present}/{self.due}"
