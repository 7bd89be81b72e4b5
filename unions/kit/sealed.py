"""A model field whose value stands encrypted in the database, and the row's own mark that it is bound to.

    class Person(SealedRow):
        phone = EncryptedCharField(_("Phone"), max_length=20, blank=True)

`person.phone` opens it, setting it seals it at once: the instance never holds the plain value, so that neither its
`repr`, a pickle, a cache nor a log does. `values()` and raw SQL see what is sealed. `filter(phone=…)` finds equal values
through the index; no other lookup exists. `update(phone=…)` raises: the value is bound to a row that only an instance
knows.
"""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.core import checks
from django.db import models
from django.db.models.expressions import Col

from unions.kit.crypto import SEALED, ring


class SealedRow(models.Model):
    """A row with encrypted fields: they are bound to this mark, which is there before the primary key is."""

    seal = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True


class _Opened:
    """`instance.phone`: opened when read, sealed when set."""

    def __init__(self, field: "EncryptedCharField"):
        self.field = field

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return self.field.opened(getattr(instance, self.field.attname), instance)

    def __set__(self, instance, value):
        setattr(instance, self.field.attname, self.field.sealed(value, instance))


class EncryptedCharField(models.CharField):
    """Text, sealed at rest. `max_length` counts the plain value."""

    description = "encrypted text"

    def get_attname(self):
        return f"{self.name}_sealed"

    def get_attname_column(self):
        return self.get_attname(), self.db_column or self.name

    def db_type(self, connection):
        return "text"

    def cast_db_type(self, connection):
        return "text"

    def contribute_to_class(self, cls, name, private_only=False):
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opened(self))

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if not issubclass(self.model, SealedRow):
            errors.append(
                checks.Error("A model with an encrypted field extends SealedRow.", obj=self, id="unions.E001")
            )
        return errors

    @property
    def place(self) -> str:
        """The column, as its values are bound to it: the names of the model, not of the table, which may be renamed."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def sealed(self, value, instance):
        return value if value is None else ring().seal(str(value), self.place, str(instance.seal))

    def opened(self, value, instance):
        return value if value is None else ring().open(value, self.place, str(instance.seal))

    def pre_save(self, instance, add):
        return getattr(instance, self.attname)

    def value_from_object(self, instance):
        return getattr(instance, self.name)

    def clean(self, value, instance):
        """`full_clean` brings the sealed value, a form the plain one: the plain one is judged."""
        if instance is None or not SEALED.fullmatch(value or ""):
            return super().clean(value, instance)
        super().clean(self.opened(value, instance), instance)
        return value

    def get_prep_value(self, value):
        value = models.Field.get_prep_value(self, value)
        if value and not SEALED.fullmatch(value):
            raise TypeError(f"{self.place} is bound to its row: set it on an instance and save that")
        return value

    def get_lookup(self, lookup_name):
        return {"exact": SameValue, "isnull": models.lookups.IsNull}.get(lookup_name)


class SameValue(models.Lookup):
    """Equal to a plain value, by the index: the sealed one begins with it, under whichever key of the ring."""

    lookup_name = "exact"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        field = self.lhs.output_field if isinstance(self.lhs, Col) else None
        lhs, params = self.process_lhs(compiler, connection)
        if self.rhs == "":
            return f"{lhs} = ''", params
        beginnings = ring().beginnings(str(self.rhs), field.place)
        sql = " OR ".join([f"{lhs} LIKE %s"] * len(beginnings))
        like = [beginning.replace("_", r"\_") + "%" for beginning in beginnings]
        return f"({sql})", [value for beginning in like for value in (*params, beginning)]
