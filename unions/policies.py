"""Row-level security, declared on models: which rows of a table each scope role may touch, and with which verbs.

`Walled` is a constraint, so the migration that makes a table makes its policies. What the roles may do with a table at
all (`Rights`) is granted after every migration (`unions/wall.py`). docs/operations.md says who logs in as what.
"""

from dataclasses import dataclass

from django.db import models

# A connection is a login role without rights; a transaction becomes one of these. config/roles.sql makes them.
DISTRICT, MIDDLE, UNION, SEVERAL = "portal_district", "portal_middle", "portal_union", "portal_several"
SYSTEM = "portal_system"
SCOPE_ROLES = (DISTRICT, MIDDLE, UNION, SEVERAL)
ROLES = (*SCOPE_ROLES, SYSTEM)

READ, APPEND, WRITE = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Rights:
    """The verbs on a table of each scope role, of the system, and of the login role before a scope is known."""

    everyone: str = ""
    district: str = ""  # beyond those of everyone
    system: str = WRITE
    login: str = ""

    def of(self) -> dict[str, str]:
        """Scope role → verbs."""
        return {
            **dict.fromkeys(SCOPE_ROLES, self.everyone),
            DISTRICT: ", ".join(filter(None, (self.everyone, self.district))),
            SYSTEM: self.system,
        }


# The district's own pages keep them; everybody reads by them.
SHARED = Rights(everyone=READ, district="INSERT, UPDATE, DELETE")


def setting(name: str) -> str:
    """A value of the transaction, read once a statement. After a commit a setting is not unset but empty: that means
    nobody, never everybody."""
    return f"(SELECT nullif(current_setting('portal.{name}', true), ''))"


def number(name: str) -> str:
    return f"({setting(name)}::bigint)"


def numbers(name: str) -> str:
    return f"({setting(name)}::bigint[])"


class Walled(models.BaseConstraint):
    """The policies of one table, the same for reading and for writing, forced upon the owner too.

    `union` and `middle` are the columns by which a row belongs to a union. `is_chain_open`: the rows of the unions above
    may be read (the tree shows them by name). `person`: rows are one person's, whatever their post.
    """

    def __init__(self, *, name, union="union_id", middle="middle_id", is_chain_open=False, person=""):
        super().__init__(name=name)
        self.union, self.middle, self.is_chain_open, self.person = union, middle, is_chain_open, person

    def conditions(self) -> dict[str, str]:
        """Scope role → which rows."""
        if self.person:
            return {**dict.fromkeys(SCOPE_ROLES, f"{self.person} = {number('person')}"), SYSTEM: "true"}
        several = f"{self.union} = ANY ({numbers('unions')}) OR {self.middle} = ANY ({numbers('middles')})"
        return {
            DISTRICT: "true",
            MIDDLE: f"{self.middle} = {number('middle')}",
            UNION: f"{self.union} = {number('union')}",
            SEVERAL: several,
            SYSTEM: "true",
        }

    def statements(self, table: str) -> list[str]:
        made = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
        for role, rows in self.conditions().items():
            made.append(f"CREATE POLICY {role} ON {table} TO {role} USING ({rows}) WITH CHECK ({rows})")
        if self.is_chain_open:
            made.append(
                f"CREATE POLICY chain ON {table} FOR SELECT TO {MIDDLE}, {UNION}, {SEVERAL} "
                f"USING ({self.union} = ANY ({numbers('above')}))"
            )
        return made

    def constraint_sql(self, model, schema_editor):
        """Nothing within CREATE TABLE; the policies follow once the table stands."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model, schema_editor):
        return "; ".join(self.statements(schema_editor.quote_name(model._meta.db_table)))

    def remove_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        names = [*self.conditions(), *(["chain"] if self.is_chain_open else [])]
        gone = [f"DROP POLICY {name} ON {table}" for name in names]
        off = [f"ALTER TABLE {table} {how} ROW LEVEL SECURITY" for how in ("NO FORCE", "DISABLE")]
        return "; ".join(gone + off)

    def validate(self, model, instance, exclude=None, using=None):
        """The database judges rows by who writes them; there is nothing to say beforehand."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        usual = {"union": "union_id", "middle": "middle_id", "is_chain_open": False, "person": ""}
        kwargs.update({name: getattr(self, name) for name, value in usual.items() if getattr(self, name) != value})
        return path, args, kwargs

    def __eq__(self, other):
        return self.deconstruct() == other.deconstruct() if isinstance(other, Walled) else NotImplemented

    __hash__ = None


def walled(model: type[models.Model]) -> Walled | None:
    """The policies declared on a model."""
    return next((c for c in model._meta.constraints if isinstance(c, Walled)), None)
