"""A union's terms of office and who sits in its committees."""

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Body, Post, TermState
from unions.enums import Sex, UnionState
from unions.kit.periods import months_before
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from
from unions.settingbook import setting


def nearing_from(day: date) -> date:
    """Terms that end by then are nearing their end on a day."""
    return months_before(day, -setting("term-nearing-months", day))


class TermQuerySet(UnionOwnedQuerySet):
    def on(self, day: date):
        """The terms in office on a day: begun, and not yet ended by a successor."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)

    def in_office(self):
        """The present term of each union that is still active."""
        return self.filter(ended_on=None, union__state=UnionState.ACTIVE)

    def with_state(self, day: date | None = None):
        """Beside each term `last_day`, the day it ends with what was postponed, and `standing`: as `state_on`."""
        day = day or timezone.localdate()
        return self.annotate(
            last_day=Coalesce("postponed_to", "ends_on"),
            standing=Case(
                When(ended_on__lte=day, then=Value(TermState.RENEWED)),
                When(last_day__lt=day, ordered_until__isnull=False, then=Value(TermState.ORDERED)),
                When(last_day__lt=day, then=Value(TermState.OVERDUE)),
                When(ends_on__lt=day, then=Value(TermState.POSTPONED)),
                When(ends_on=day, then=Value(TermState.ENDING)),
                When(preparing_on__isnull=False, then=Value(TermState.PREPARING)),
                When(ends_on__lte=nearing_from(day), then=Value(TermState.NEARING)),
                default=Value(TermState.IN_OFFICE),
                output_field=models.CharField(),
            ),
        )


class Term(UnionOwned):
    """A term of office (届): three or five years from the election (Trade Union Law, article 16). It goes on until the
    next one begins: `ended_on` is that day, `ends_on` the last day of the term by law."""

    number = models.PositiveSmallIntegerField(_("Term no."))
    years = models.PositiveSmallIntegerField(_("Term (years)"))
    started_on = models.DateField(_("Began on"))
    ends_on = models.DateField(_("Ends on"))
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)
    preparing_on = models.DateField(_("Preparation began on"), null=True, blank=True)
    postponed_to = models.DateField(_("Election postponed to"), null=True, blank=True)
    ordered_until = models.DateField(_("Ordered to be held by"), null=True, blank=True)
    duty = models.ForeignKey("unions.Duty", models.PROTECT, null=True, blank=True, related_name="+")

    objects = TermQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Term")
        ordering = ["union", "-started_on"]
        constraints = [
            models.UniqueConstraint(fields=["union", "number"], name="term_once"),
            models.UniqueConstraint(fields=["union"], condition=Q(ended_on=None), name="term_one_in_office"),
            models.CheckConstraint(
                condition=Q(years__in=(3, 5)),
                name="term_years_known",
                violation_error_message=_("A term is 3 or 5 years (Trade Union Law, article 16)."),
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("started_on")), name="term_ends_after_start"),
            models.CheckConstraint(
                condition=Q(postponed_to=None) | Q(postponed_to__gt=F("ends_on")), name="term_postponed_beyond_end"
            ),
        ]
        indexes = [
            models.Index(fields=["ends_on", "id"], condition=Q(ended_on=None), name="term_coming"),
            models.Index(fields=["middle", "ends_on", "id"], condition=Q(ended_on=None), name="term_coming_middle"),
        ]

    def __str__(self):
        return _("Term %(number)d") % {"number": self.number}

    @property
    def final_day(self) -> date:
        """The last day of the term, with what the tier above postponed."""
        return self.postponed_to or self.ends_on

    def state_on(self, day: date) -> TermState:
        """How the term stands on a day, as `with_state` says it in the database."""
        if self.ended_on and self.ended_on <= day:
            return TermState.RENEWED
        if self.final_day < day:
            return TermState.ORDERED if self.ordered_until else TermState.OVERDUE
        if self.ends_on < day:
            return TermState.POSTPONED
        if self.ends_on == day:
            return TermState.ENDING
        if self.preparing_on:
            return TermState.PREPARING
        return TermState.NEARING if self.ends_on <= nearing_from(day) else TermState.IN_OFFICE


class SeatQuerySet(UnionOwnedQuerySet):
    def held(self, day: date | None = None):
        """The seats held on a day."""
        day = day or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def by_rank(self):
        """The committee before the others, the chair before the members."""
        bodies = [When(body=body, then=Value(number)) for number, body in enumerate(Body.values)]
        posts = [When(post=post, then=Value(number)) for number, post in enumerate(Post.values)]
        return self.order_by(Case(*bodies), Case(*posts), "since", "pk")


class Seat(UnionPart):
    """A person in a body for a term, from the day of election until leaving."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="seats", verbose_name=_("Term"))
    body = models.CharField(_("Body"), max_length=12, choices=Body.choices, default=Body.COMMITTEE)
    post = models.CharField(_("Post"), max_length=12, choices=Post.choices, default=Post.MEMBER)
    name = models.CharField(_("Name"), max_length=40)
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices, blank=True)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta(UnionPart.Meta):
        verbose_name = _("Seat")
        ordering = ["term", "body", "pk"]
        triggers = [fill_from("term_id", "assemblies_term")]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "body"], condition=Q(post=Post.CHAIR, until=None), name="seat_one_chair"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="seat_leaves_after_coming",
                violation_error_message=_("Nobody leaves before they came."),
            ),
        ]

    def __str__(self):
        return f"{self.name} · {self.post_words}"

    @property
    def post_words(self) -> str:
        """The post as people call it: the audit and the women workers' committee have a head, not a chair."""
        if self.body == Body.COMMITTEE or self.post not in (Post.CHAIR, Post.DEPUTY):
            return self.get_post_display()
        return gettext("Head of the committee") if self.post == Post.CHAIR else gettext("Deputy head of the committee")
