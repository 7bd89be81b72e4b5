"""What PostgreSQL has and Django does not name: ltree as a field, and what finds a word of two characters."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class LTreeField(models.Field):
    """A path of labels, written by the database's trigger and read back on insert."""

    description = "ltree path"
    db_returning = True

    def db_type(self, connection):
        return "ltree"


class _PathLookup(models.Lookup):
    operator = ""

    def as_sql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        cast = "" if hasattr(self.rhs, "as_sql") else "::ltree"
        return f"{lhs} {self.operator} {rhs}{cast}", (*lhs_params, *rhs_params)


@LTreeField.register_lookup
class Descendant(_PathLookup):
    """The row is the given node or lies below it."""

    lookup_name = "below"
    operator = "<@"


@LTreeField.register_lookup
class Ancestor(_PathLookup):
    """The row is the given node or lies above it."""

    lookup_name = "above"
    operator = "@>"


@LTreeField.register_lookup
class DescendantOfAny(Descendant):
    """The row is one of the given nodes or lies below one."""

    lookup_name = "below_any"

    def get_prep_lookup(self):
        return list(self.rhs)

    def as_sql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        return f"{lhs} <@ ANY(%s::ltree[])", (*lhs_params, self.rhs)


class DerivedForeignKey(models.ForeignKey):
    """A foreign key that a trigger fills; its value comes back with the insert."""

    db_returning = True


class CharPairs(models.Func):
    """Every two neighbouring characters of a text. A trigram index helps from three characters on, and most Chinese
    words have two."""

    function = "char_pairs"
    arity = 1
    output_field = ArrayField(models.TextField())
