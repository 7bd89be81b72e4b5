"""A union's terms of office and who sits in its committees."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assemblies.enums import Body, Post
from unions.enums import Sex
from unions.models import UnionOwned, UnionOwnedQuerySet, UnionPart
from unions.models.base import fill_from


class TermQuerySet(UnionOwnedQuerySet):
    def on(self, day: date):
        """The terms in office on a day: begun, and not yet ended by a successor."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)


class Term(UnionOwned):
    """A term of office (届): three or five years from the election (Trade Union Law, article 16). It goes on until the
    next one begins: `ended_on` is that day, `ends_on` the last day of the term by law."""

    number = models.PositiveSmallIntegerField(_("Term no."))
    years = models.PositiveSmallIntegerField(_("Term (years)"))
    started_on = models.DateField(_("Began on"))
    ends_on = models.DateField(_("Ends on"))
    ended_on = models.DateField(_("Ended on"), null=True, blank=True)

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
        ]

    def __str__(self):
        return _("Term %(number)d") % {"number": self.number}


class Seat(UnionPart):
    """A person in a body for a term, from the day of election until leaving."""

    term = models.ForeignKey(Term, models.CASCADE, related_name="seats", verbose_name=_("Term"))
    body = models.CharField(_("Body"), max_length=12, choices=Body.choices, default=Body.COMMITTEE)
    post = models.CharField(_("Post"), max_length=12, choices=Post.choices, default=Post.MEMBER)
    name = models.CharField(_("Name"), max_length=40)
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices, blank=True)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"), null=True, blank=True)

    class Meta(UnionPart.Meta):
        verbose_name = _("Seat")
        ordering = ["term", "body", "pk"]
        triggers = [fill_from("term_id", "assemblies_term")]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "body"], condition=Q(post=Post.CHAIR, until=None), name="seat_one_chair"
            ),
        ]

    def __str__(self):
        return f"{self.name} · {self.get_post_display()}"
