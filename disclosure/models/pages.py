"""The page that a union has for everybody: its short address and what stands there beside the bulletins."""

import secrets

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosure.enums import Readers
from unions.enums import UnionState
from unions.models import UnionOwned, UnionOwnedQuerySet
from unions.wall import system

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when it is copied from paper


def new_slug() -> str:
    return "".join(secrets.choice(_LETTERS) for _each in range(6))


class PublicPageQuerySet(UnionOwnedQuerySet):
    def open_to_public(self):
        """Pages that anybody may read: opened by their union, which still exists."""
        return self.filter(is_open=True, union__state=UnionState.ACTIVE)


class PublicPage(UnionOwned):
    """What a union tells of itself without an account. Names stand here only as they were published: the committee is a
    copy made when somebody published it, not the register."""

    slug = models.CharField(
        _("Short address"),
        max_length=20,
        unique=True,
        default=new_slug,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and hyphens."))],
        help_text=_("Printed codes lead to it: once changed, they lead nowhere."),
    )
    is_open = models.BooleanField(_("Open to everybody"), default=False, editable=False)
    welcome = models.CharField(_("Words of welcome"), max_length=200, blank=True)
    services = models.TextField(
        _("Services"), max_length=2000, blank=True, help_text=_("What members get and how; one a line.")
    )
    contact = models.TextField(
        _("How to reach us"), max_length=300, blank=True, help_text=_("Place, hours, office telephone.")
    )
    committee = models.JSONField(default=list, editable=False, help_text="Published names with their posts")
    committee_on = models.DateField(_("Committee published on"), null=True, editable=False)
    members_link = models.PositiveSmallIntegerField(default=1, editable=False)
    delegates_link = models.PositiveSmallIntegerField(default=1, editable=False)
    committee_link = models.PositiveSmallIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PublicPageQuerySet.as_manager()

    class Meta(UnionOwned.Meta):
        verbose_name = _("Public page")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["union"], name="public_page_once"),
            models.CheckConstraint(
                condition=Q(committee=[], committee_on=None) | ~Q(committee=[]) & Q(committee_on__isnull=False),
                name="public_page_committee_dated",
            ),
        ]

    def __str__(self):
        return self.slug

    def link_number(self, readers: Readers) -> int:
        """Which of its reading links for these readers opens the page now; the former ones lead nowhere."""
        return getattr(self, f"{readers}_link")

    def validate_unique(self, exclude=None):
        """An address is taken wherever it is taken, within the person's scope or not."""
        with system("asks whether a short address is taken"):
            super().validate_unique(exclude)
