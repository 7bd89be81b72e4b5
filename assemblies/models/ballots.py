"""Who may vote and who has voted; and, apart from that, what was voted.

Turnout and ballots share no id, no order, no time and no transaction: until the end a secret ballot lies in an envelope
that the database cannot open; then all are opened at once and written in an order of chance, under ids of chance, and the
envelopes and their key are gone (docs/adr/0053-secret-ballots.md).
"""

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assemblies.enums import BallotForm
from assemblies.models.meetings import Attendee
from assemblies.models.votes import APPENDED, EVIDENCE, FROM_VOTE, Question, Vote
from unions.models import UnionPart
from unions.models.base import fill_from
from unions.policies import APPEND, READ, Rights


class BallotLink(UnionPart):
    """The right to one ballot on a phone: a link of one's own, or a slip of paper with a QR code that names nobody. Only
    a digest of what the link says is kept."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="links", verbose_name=_("Vote"))
    attendee = models.ForeignKey(Attendee, models.SET_NULL, null=True, related_name="+", verbose_name=_("Attendee"))
    number = models.PositiveIntegerField(_("No."))
    name = models.CharField(_("Name"), max_length=40, blank=True)
    group = models.CharField(_("Group"), max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Ballot link")
        ordering = ["vote", "number"]
        triggers = [FROM_VOTE]
        constraints = [models.UniqueConstraint(fields=["vote", "number"], name="ballot_link_once")]

    def __str__(self):
        return self.name or str(self.number)


class Turnout(UnionPart):
    """That the holder of a link has voted: once, by the key of this table. It says neither what nor when."""

    rights = Rights(everyone=APPEND, system=APPENDED)

    link = models.OneToOneField(BallotLink, EVIDENCE, primary_key=True, related_name="turnout")
    vote = models.ForeignKey(Vote, EVIDENCE, related_name="turnout", verbose_name=_("Vote"))
    form = models.CharField(_("How"), max_length=8, choices=BallotForm.choices, default=BallotForm.PHONE)

    class Meta(UnionPart.Meta):
        verbose_name = _("Turnout")
        ordering = ["vote", "link"]
        triggers = [FROM_VOTE]
        constraints = [models.CheckConstraint(condition=Q(form__in=BallotForm.values), name="turnout_form_known")]

    def __str__(self):
        return str(self.link_id)


class Chance(UnionPart):
    """Rows whose id says nothing of the order in which they came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
        triggers = [FROM_VOTE]


class Envelope(Chance):
    """A secret ballot between casting and counting. Nobody reads it but the system, and not even that opens it without
    the key, which is a file until the vote closes and is nowhere afterwards."""

    rights = Rights(system="SELECT, INSERT, DELETE, UPDATE (middle_id)")

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="envelopes", verbose_name=_("Vote"))
    box = models.BinaryField()

    class Meta(Chance.Meta):
        verbose_name = _("Sealed ballot")

    def __str__(self):
        return str(self.pk)


class Ballot(Chance):
    """One opened ballot paper of a secret vote: a question and what is ticked. Each question is mixed by itself, so that
    a pattern over several questions marks nobody."""

    rights = Rights(system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="ballots", verbose_name=_("Vote"))
    question = models.ForeignKey(Question, EVIDENCE, related_name="ballots", verbose_name=_("Question"))
    marks = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("Ticked"), default=list)
    others = ArrayField(models.CharField(max_length=40), verbose_name=_("Written in"), default=list)

    class Meta(Chance.Meta):
        verbose_name = _("Ballot")

    def __str__(self):
        return str(self.pk)


class Advice(Chance):
    """Words written with a secret ballot, mixed apart from what was ticked."""

    rights = Rights(everyone=READ, system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="advice", verbose_name=_("Vote"))
    text = models.TextField(_("Advice"))

    class Meta(Chance.Meta):
        verbose_name = _("Advice")
        ordering = ["vote", "pk"]

    def __str__(self):
        return self.text


class Receipt(Chance):
    """A code that a voter noted while casting: published with all others once the envelopes were opened, it proves that
    the ballot was among them. It never lay beside the choice outside of the envelope."""

    rights = Rights(everyone=READ, system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="receipts", verbose_name=_("Vote"))
    code = models.CharField(_("Receipt code"), max_length=12)

    class Meta(Chance.Meta):
        verbose_name = _("Receipt")
        ordering = ["vote", "code"]

    def __str__(self):
        return self.code


class NamedBallot(UnionPart):
    """What somebody voted in a vote by name; the database refuses it in any other vote."""

    rights = Rights(everyone=READ, system=APPENDED)

    vote = models.ForeignKey(Vote, EVIDENCE, related_name="named_ballots", verbose_name=_("Vote"))
    question = models.ForeignKey(Question, EVIDENCE, related_name="named_ballots", verbose_name=_("Question"))
    link = models.ForeignKey(BallotLink, EVIDENCE, related_name="named_ballots", verbose_name=_("Ballot link"))
    marks = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("Ticked"), default=list)
    others = ArrayField(models.CharField(max_length=40), verbose_name=_("Written in"), default=list)

    class Meta(UnionPart.Meta):
        verbose_name = _("Ballot by name")
        ordering = ["vote", "link", "question"]
        triggers = [
            FROM_VOTE,
            pgtrigger.Trigger(
                name="named_only",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("vote_id"),
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (SELECT FROM assemblies_vote WHERE id = NEW.vote_id AND manner = 'named') THEN
                        RAISE EXCEPTION 'vote % is secret', NEW.vote_id USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["link", "question"], name="named_ballot_once")]

    def __str__(self):
        return f"{self.link} {self.marks}"


class Batch(UnionPart):
    """A pile of paper ballots that two people count each for themselves. What they agree on is its sub-total, which
    stays open to look at for good."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="batches", verbose_name=_("Vote"))
    number = models.PositiveSmallIntegerField(_("No."))
    label = models.CharField(_("Pile"), max_length=60, blank=True)
    figures = models.JSONField(_("Sub-total"), null=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Batch of paper ballots")
        ordering = ["vote", "number"]
        triggers = [FROM_VOTE]
        constraints = [models.UniqueConstraint(fields=["vote", "number"], name="batch_once")]

    def __str__(self):
        return self.label or str(self.number)


class BatchEntry(UnionPart):
    """One person's count of a batch: for each question the ballots returned, the invalid ones, and the ticks."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="entries", verbose_name=_("Batch of paper ballots"))
    by = models.ForeignKey("unions.User", models.PROTECT, related_name="+", verbose_name=_("Person"))
    figures = models.JSONField(_("Figures"))
    saved_at = models.DateTimeField(_("Saved at"), auto_now=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Count of a batch")
        ordering = ["batch", "pk"]
        triggers = [fill_from("batch_id", "assemblies_batch")]
        constraints = [models.UniqueConstraint(fields=["batch", "by"], name="batch_entry_once")]

    def __str__(self):
        return f"{self.batch} {self.by}"
