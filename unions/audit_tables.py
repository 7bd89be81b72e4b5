"""The list of acts: who did what when, with what changed."""

import django_filters
from django import forms
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unions.audit_words import changes, sentence
from unions.kit.filters import ListFilters, SearchFilter
from unions.kit.tables import Column, ListTable, MomentColumn
from unions.models import Event
from unions.register import may_undo

# The acts that people look for, by the beginning of their names.
GROUPS = {
    "union": _("Register"),
    "assignment": _("Appointments"),
    "account": _("Accounts"),
    "person": _("Personal data"),
    "duty": _("Duties"),
    "return": _("Returns"),
    "import": _("Imports"),
}


def _day(label) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(label=label, widget=widget)


class EventFilters(ListFilters):
    """By person, by what it is about, from day to day."""

    q = SearchFilter(label=_("Person"), placeholder=_("Name"), field_name="by__name", lookup_expr="icontains")
    about = django_filters.ChoiceFilter(label=_("About"), choices=list(GROUPS.items()), method="by_group")
    since = _day(_("From"))
    until = _day(_("To"))

    class Meta:
        model = Event
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["since"].field_name, self.filters["since"].lookup_expr = "at__date", "gte"
        self.filters["until"].field_name, self.filters["until"].lookup_expr = "at__date", "lte"

    def by_group(self, queryset, name, value):
        return queryset.filter(action__startswith=f"{value}.")


class EventTable(ListTable):
    """Given `union`, `editor` (the reader, who may write the card; otherwise None), `last_move` (which the reader may
    take back; otherwise None) and `csrf`, it offers to take an edit or that move back."""

    at = MomentColumn(_("Time"))
    by = Column(_("Person"), accessor="by__name", orderable=False)
    what = Column(_("What was done"), accessor="action", orderable=False, css="lead", has_label=False)
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

    def render_what(self, record):
        union, editor = self.given.get("union"), self.given.get("editor")
        context = {
            "sentence": sentence(record), "changes": changes(record), "event": record, "union": union,
            "may_undo": editor and record.action == "union.edit" and may_undo(editor, union, record),
            "may_move_back": record == self.given.get("last_move"), "csrf": self.given.get("csrf"),
        }  # fmt: skip
        return render_to_string("unions/_event.html", context)

    def value_what(self, record):
        lines = [f"{change.label}：{change.old} → {change.new}" for change in changes(record)]
        return "；".join([sentence(record), *lines])
