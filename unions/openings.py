"""Who opened whose personal data: the looks on record, and for a breach report the people concerned (PIPL article 57)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import django_filters
from django.apps import apps
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from unions.audit_tables import EventFilters
from unions.exports import lead
from unions.kit.tables import Column, LinkColumn, ListTable, MomentColumn
from unions.kit.workbooks import Out, write_table
from unions.models import Event, Union, User
from unions.permissions import Permission
from unions.reveals import EXPORT, READS


def openings(user: User) -> QuerySet[Event]:
    """Looks at sealed data within the person's scope."""
    return (
        Event.objects.visible_to(user, Permission.PERSON_AUDIT).filter(action__in=READS).select_related("by", "union")
    )


class OpeningFilters(EventFilters):
    """By who looked, from day to day; by the union whose chair it was."""

    about = None
    union = django_filters.CharFilter(label=gettext_lazy("Union"), field_name="union__name", lookup_expr="icontains", max_length=80)  # fmt: skip
    primary = ("q", "union", "since", "until")


class OpeningTable(ListTable):
    """One line a look; a workbook with full numbers is one line that counts its unions."""

    by = LinkColumn(
        gettext_lazy("Who looked"), accessor="by__name", orderable=False, url=lambda event: f"?q={event.by.name}",
        note=lambda event: event.by.username,
    )  # fmt: skip
    at = MomentColumn(gettext_lazy("Time"))
    what = Column(gettext_lazy("What was opened"), accessor="action", orderable=False)
    reason = Column(gettext_lazy("Reason"), orderable=False)

    caption = gettext_lazy("Openings of personal data")
    empty_title = gettext_lazy("Nobody has opened anything yet")
    empty_text = gettext_lazy("Each look at a full telephone number leaves a line here, with its reason.")

    class Meta:
        order_by = ("-at",)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s opening", "%(count)s openings", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_what(self, record):
        if record.action == EXPORT:
            return _("Workbook with the full numbers of %(n)s unions") % {"n": len(record.data["unions"])}
        if record.model == Union._meta.label:
            return _("Chair's phone: %(union)s") % {"union": record.union}
        return f"{item_of(record)} · {record.union}"


def item_of(event: Event) -> str:
    """Which item of which record a look was at."""
    model = apps.get_model(event.model)
    field = model._meta.get_field(event.data["field"]).verbose_name
    return _("%(record)s: %(field)s") % {"record": model._meta.verbose_name, "field": field}


@dataclass
class Concerned:
    """A union whose chair's number was opened, how often, when and by whom."""

    union: Union
    first: datetime
    last: datetime
    times: int = 0
    people: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    items: set[str] = field(default_factory=set)


def concerned(events: Iterable[Event]) -> list[Concerned]:
    """Whose data these looks opened, each once, in the order of the tree."""
    seen = [(event, event.data["unions"] if event.action == EXPORT else [event.union_id]) for event in events]
    unions = Union.objects.defer("search_text").in_bulk({pk for _event, ids in seen for pk in ids})
    found: dict[int, Concerned] = {}
    for event, ids in seen:
        for pk in ids:
            if pk not in unions:  # a union taken back with its import
                continue
            one = found.setdefault(pk, Concerned(unions[pk], event.at, event.at))
            one.first, one.last, one.times = min(one.first, event.at), max(one.last, event.at), one.times + 1
            one.people.add(f"{event.by.name} ({event.by.username})")
            one.reasons.add(event.reason)
            one.items.add(
                _("Chair's phone") if event.model == Union._meta.label else f"{item_of(event)} {event.object_id}"
            )
    return sorted(found.values(), key=lambda one: one.union.path)


def breach_workbook(events: QuerySet[Event], filter_words: Sequence[str]) -> bytes:
    """The people to be told: one line for each whose number was opened, without the number."""
    columns = [
        Out(_("Union"), width=40), Out(_("Union code"), width=16), Out(_("Chair"), width=12), Out(_("Times opened"), "int"),
        Out(_("First time"), "moment", 18), Out(_("Last time"), "moment", 18), Out(_("Who looked"), width=30), Out(_("Reason"), width=40),
        Out(_("What was opened"), width=30),
    ]  # fmt: skip
    rows = (
        [one.union.name, one.union.code, one.union.chair_name, one.times, one.first, one.last,
         "；".join(sorted(one.people)), "；".join(sorted(one.reasons)), "；".join(sorted(one.items))]
        for one in concerned(events)
    )  # fmt: skip
    title = _("Whose personal data were opened")
    with write_table(rows, columns, sheet=title, title=title, lead=lead(filter_words)) as file:
        return file.read()
