"""What every record that belongs to a union has."""

import pgtrigger
from django.db import models
from django.db.models.signals import class_prepared
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from unions.kit.fields import DerivedForeignKey
from unions.policies import WRITE, Rights, Walled, walled
from unions.scoping import ScopedQuerySet


class UnionOwnedQuerySet(ScopedQuerySet):
    def with_unions(self):
        """Each row's union and middle-tier union by name, asked for by themselves: joined below the policies of the
        second wall they cost more than a page's rows."""
        names = self.model._meta.get_field("union").related_model.objects.only("name")
        return self.prefetch_related(models.Prefetch("union", names), models.Prefetch("middle", names))


def fill_middle(union: str = "union_id") -> pgtrigger.Trigger:
    """Writes the middle-tier union of the union in this column."""
    return pgtrigger.Trigger(
        name="fill_middle",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(union, "middle_id"),
        when=pgtrigger.Before,
        func=f"NEW.middle_id := (SELECT middle_id FROM unions_union WHERE id = NEW.{union}); RETURN NEW;",
    )


FILL_MIDDLE = fill_middle()


def fill_from(column: str, table: str) -> pgtrigger.Trigger:
    """Writes union and middle-tier union of the record that this column points at."""
    return pgtrigger.Trigger(
        name="fill_middle",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column, "union_id", "middle_id"),
        when=pgtrigger.Before,
        func=f"SELECT union_id, middle_id INTO NEW.union_id, NEW.middle_id FROM {table} WHERE id = NEW.{column}; "
        "RETURN NEW;",
    )


class UnionOwned(models.Model):
    """A record of a union. `middle` is the union's middle-tier union, filled by trigger and never by a client. Its table
    stands behind the second wall (unions/policies.py)."""

    rights = Rights(everyone=WRITE)

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


class UnionPart(UnionOwned):
    """A row of a union's record. It belongs to the record's union, by trigger (`fill_from`), so that the database need not
    look at the record to judge the row."""

    union = DerivedForeignKey("unions.Union", models.PROTECT, related_name="+", null=True, editable=False)

    class Meta:
        abstract = True
        triggers = []


@receiver(class_prepared)
def wall_in(sender, **kwargs):
    """Policies for every record of a union, whatever its own Meta says."""
    if issubclass(sender, UnionOwned) and not walled(sender):
        wall = Walled(name=f"{sender._meta.app_label}_{sender._meta.model_name}_wall")
        sender._meta.constraints = sender._meta.original_attrs["constraints"] = [*sender._meta.constraints, wall]
