"""The list of acts: who did what when, with what changed, and what was refused or read."""

import datetime

import django_filters
from django import forms
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unions.audit_words import changes, notes, sentence
from unions.enums import EventResult, Tier
from unions.filters import UnionFilter
from unions.kit.filters import ListFilters, SearchFilter
from unions.kit.pagination import BoundedPaginator
from unions.kit.tables import Column, LinkColumn, ListTable, MomentColumn, StateColumn
from unions.models import Event, User
from unions.register import may_undo

# The acts that people look for, by the beginning of their names.
GROUPS = {
    "union": _("Register"),
    "assignment": _("Appointments"),
    "account": _("Accounts"),
    "session": _("Signing in"),
    "person": _("Personal data"),
    "file": _("Files taken away"),
    "duty": _("Duties"),
    "return": _("Returns"),
    "import": _("Imports"),
    "rule": _("Rules"),
    "calendar": _("Calendar"),
}
PEOPLE = 200


def _day(label, method) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(label=label, widget=widget, method=method)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


class EventFilters(ListFilters):
    """By person, by what it is about, by what came of it, from day to day."""

    q = SearchFilter(label=_("Person"), placeholder=_("Name or account"), method="by_person")
    about = django_filters.ChoiceFilter(label=_("Kind of record"), choices=list(GROUPS.items()), method="by_group")
    result = django_filters.ChoiceFilter(label=_("Result"), choices=EventResult.choices)
    since = _day(_("From"), "from_day")
    until = _day(_("To"), "to_day")

    class Meta:
        model = Event
        fields = []

    def by_person(self, queryset, name, value):
        """The people first: their entries then come out of an index, however many others there are."""
        found = User.objects.filter(Q(name__icontains=value) | Q(username__iexact=value))
        return queryset.filter(by__in=list(found.order_by("pk").values_list("pk", flat=True)[:PEOPLE]))

    def by_group(self, queryset, name, value):
        return queryset.filter(action__startswith=f"{value}.")

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset, name, value):
        return queryset.filter(at__lt=_midnight(value + datetime.timedelta(days=1)))


class LogFilters(EventFilters):
    """Those of the whole record: also below a union, of one record, of one request."""

    below = UnionFilter(label=_("Union and below"), method="in_subtree")
    record = django_filters.CharFilter(label=_("Record"), max_length=80, method="of_record")
    request = django_filters.CharFilter(label=_("Request number"), field_name="request_id", max_length=40)
    primary = ("q", "about", "result", "since", "until")

    def in_subtree(self, queryset, name, value):
        """By the column that has an index: a middle-tier union's records carry it, those of most others are their own."""
        if value.tier is Tier.DISTRICT:
            return queryset
        if value.tier is Tier.MIDDLE:
            return queryset.filter(middle=value)
        return (
            queryset.filter(union__path__below=value.path) if value.children.exists() else queryset.filter(union=value)
        )

    def of_record(self, queryset, name, value):
        """“unions.Duty:12”: the model's label and the record's number, as links write it."""
        model, _colon, number = value.partition(":")
        return queryset.filter(model=model, object_id=int(number)) if number.isdecimal() else queryset.none()


class EventTable(ListTable):
    """Given `union`, `editor` (the reader, who may write the card; otherwise None), `last_move` (which the reader may
    take back; otherwise None) and `csrf`, it offers to take an edit or that move back."""

    at = MomentColumn(_("Time"))
    by = Column(_("Person"), accessor="pk", orderable=False)
    what = Column(_("What was done"), accessor="action", orderable=False, css="lead", has_label=False)
    result = StateColumn(_("Result"), orderable=False)
    reason = Column(_("Reason"), orderable=False)

    caption = _("Record of changes")
    empty_title = _("Nothing has been recorded yet")
    empty_text = _("Every edit, appointment and submission leaves a line here.")

    class Meta:
        order_by = ("-at",)

    def counted(self, count: int) -> str:
        return ngettext("%(count)s entry", "%(count)s entries", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def render_by(self, record):
        name = self.value_by(record)
        if record.assignment is None:
            return name
        return format_html('{}<small class="note-line">{}</small>', name, record.assignment.get_role_display())

    def value_by(self, record):
        """Whoever tried to sign in is not known yet: only the name that was typed."""
        return record.by.name if record.by else record.data.get("username") or _("The portal")

    def render_what(self, record):
        union, editor = self.given.get("union"), self.given.get("editor")
        context = {
            "sentence": sentence(record), "changes": changes(record), "event": record, "union": union,
            "may_undo": editor and record.action == "union.edit" and may_undo(editor, union, record),
            "may_move_back": record == self.given.get("last_move"), "csrf": self.given.get("csrf"), "notes": notes(record),
        }  # fmt: skip
        return render_to_string("unions/_event.html", context)

    def value_what(self, record):
        lines = [f"{change.label}：{change.old} → {change.new}" for change in changes(record)]
        return "；".join([sentence(record), *lines, *notes(record)])


class LogTable(EventTable):
    """The whole record: also of which union, and in the workbook by which appointment, from where, in which request."""

    union = LinkColumn(
        _("Union"), accessor="union__name", orderable=False,
        url=lambda record: reverse("unions:union-history", args=[record.union_id]),
    )  # fmt: skip

    caption = _("Record of acts")
    empty_title = _("Nothing has been recorded in your scope yet")

    class Meta:
        order_by = ("-at",)
        sequence = ("at", "by", "union", "what", "result", "reason")

    def counted(self, count: int) -> str:
        if count < BoundedPaginator.bound:
            return super().counted(count)
        return _("The newest %(count)s entries; narrow the filters to see others") % {
            "count": number_format(count, force_grouping=True)
        }
