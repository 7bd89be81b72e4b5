"""What every record that belongs to a union has."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from unions.kit.fields import DerivedForeignKey
from unions.scoping import ScopedQuerySet

UnionOwnedQuerySet = ScopedQuerySet

FILL_MIDDLE = pgtrigger.Trigger(
    name="fill_middle",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("union_id", "middle_id"),
    when=pgtrigger.Before,
    func="NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.union_id); RETURN NEW;",
)


class UnionOwned(models.Model):
    """A record of a union. `middle` is the union's middle-tier union, filled by trigger and never by a client."""

    union = models.ForeignKey("unions.Union", models.PROTECT, related_name="+", verbose_name=_("Union"))
    middle = DerivedForeignKey(
        "unions.Union",
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("Middle-tier union"),
    )

    objects = UnionOwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [FILL_MIDDLE]
