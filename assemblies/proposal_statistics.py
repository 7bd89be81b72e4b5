"""Proposals in numbers, by theme, by who leads the handling, or by street: each with the rows behind it."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from assemblies.models import Handler, Theme
from assemblies.proposal_lists import figure
from unions.kit.links import link
from unions.kit.workbooks import Out, write_table
from unions.models import Union

FIGURES = (
    "taken",
    "open",
    "judged",
    "in_time",
    "marked",
    "satisfied",
    "unmarked",
    "dissatisfied",
    "overdue",
    "published",
)
AXES = {"theme": _("By theme"), "handler": _("By handler"), "middle": _("By street or industry")}
MOST = 200  # names of handlers are free text: the busiest are shown


@dataclass
class Line:
    """The figures of one theme, handler or street, or of all (`key` empty)."""

    label: str
    query: dict
    total: int
    counts: dict[str, int]

    def href(self, name: str = "") -> str:
        return link("assemblies:proposal-list", **self.query, figure=name)

    @property
    def links(self) -> dict[str, str]:
        return {name: self.href(name) for name in FIGURES}


def lines_of(proposals: QuerySet, axis: str, query: dict) -> list[Line]:
    """A line for each value of the axis and one for all: two queries and the names."""
    counts = {name: Count("pk", filter=figure(name)) for name in FIGURES}
    whole = proposals.order_by().aggregate(total=Count("pk"), **counts)
    if axis == "handler":
        leading = Handler.objects.filter(proposal=OuterRef("pk"), is_lead=True).order_by().values("name")
        proposals = proposals.annotate(key=Subquery(leading[:1])).filter(key__isnull=False)
    else:
        proposals = proposals.annotate(key=F(axis))
    rows = list(
        proposals.order_by().values("key").annotate(total=Count("pk"), **counts).order_by("-total", "key")[:MOST]
    )
    names = _names(axis, [row["key"] for row in rows])
    lines = [
        Line(str(names.get(row["key"], row["key"] or "")), {**query, axis: row["key"]}, row["total"], {n: row[n] for n in FIGURES})
        for row in rows
    ]  # fmt: skip
    return [*lines, Line(str(_("All")), query, whole["total"], {name: whole[name] for name in FIGURES})]


def _names(axis: str, keys: list) -> dict:
    if axis == "theme":
        return {theme.pk: theme for theme in Theme.objects.filter(pk__in=keys)}
    return dict(Union.objects.filter(pk__in=keys).values_list("pk", "name")) if axis == "middle" else {}


def workbook(lines: list[Line], title: str, lead: list[str]) -> bytes:
    heads = (
        _("Proposals"), _("Taken up"), _("Not answered yet"), _("Answered, or past its day"), _("Answered in time"),
        _("Marked by the proposer"), _("Satisfied or basically satisfied"), _("No mark yet"), _("Dissatisfied"), _("Past its day"), _("Published"),
    )  # fmt: skip
    columns = [Out(title, width=30), *(Out(str(head), "int", 14) for head in heads)]
    rows = ([line.label, line.total, *(line.counts[name] for name in FIGURES)] for line in lines)
    with write_table(rows, columns, sheet=title, title=title, lead=lead) as file:
        return file.read()
