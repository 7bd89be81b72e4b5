"""A list declared once: page, fragment for htmx, workbook.

    class DutyTable(ListTable):
        union = LinkColumn(_("Union"), accessor="union.name", order_by="union__pinyin", url=page_of("unions:duty"))
        state = StateColumn(_("State"))
        members = NumberColumn(_("Members"))

        caption = _("Duties")
        empty_title = _("No duties yet")
        empty_text = _("They appear here when a period opens.")

        class Meta:
            order_by = ("-due_on",)

        def counted(self, count): return ngettext("%(count)s duty", "%(count)s duties", count) % …

    @requires(Permission.DUTY_VIEW)
    @require_GET
    def duties(request):
        return list_response(
            request, queryset=Duty.objects.visible_to(request.user, Permission.DUTY_VIEW).select_related("union"),
            filters=DutyFilters, table=DutyTable, template="unions/duties.html",
            export=duty_workbook, export_name=_("Duties"),   # export(queryset, filter_words) -> bytes
        )

and in the template, inside `{% block content %}`: `{% include "components/list.html" %}`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tables2.utils import signature

from unions.kit.exporting import export_button, export_response
from unions.kit.filters import ListFilters, clean_query
from unions.kit.http import is_fragment
from unions.kit.pagination import PER_PAGE, SIZES, ListPaginator, page_size
from unions.kit.workbooks import Out, write_table

Export = Callable[[QuerySet, list[str]], bytes]


class Column(tables.Column):
    """A column with a label on the phone, where a row becomes a small list. `lead` is the row's first line there."""

    css = ""
    kind, width = "text", 20  # in the workbook

    def __init__(self, *args, css: str = "", has_label: bool = True, **kwargs):
        css = " ".join(filter(None, [self.css, css]))
        attrs = kwargs.pop("attrs", {})
        if css:
            attrs = {"th": {"class": css}, "td": {"class": css}, **attrs}
        super().__init__(*args, attrs=attrs, **kwargs)
        self.has_label = has_label


LINK = '<a class="main-link" href="{}">{}</a>'
LINK_AND_NOTE = LINK + '<small class="note-line">{}</small>'


class LinkColumn(Column):
    """The name of the row and the way to it: `url(record)` gives the address, `note(record)` a quiet second line."""

    css = "lead"
    width = 40

    def __init__(self, *args, url: Callable[[Any], str], note: Callable[[Any], str] | None = None, **kwargs):
        super().__init__(*args, has_label=False, **kwargs)
        self.url, self.note = url, note

    def render(self, value, record):
        if note := self.note(record) if self.note else "":
            return format_html(LINK_AND_NOTE, self.url(record), value, note)
        return format_html(LINK, self.url(record), value)

    def value(self, value, record):
        return value


class NumberColumn(Column):
    """A count: right-aligned, with thousands separators."""

    css = "num"
    kind, width = "int", 12

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial_sort_descending", True)
        super().__init__(*args, **kwargs)

    def render(self, value):
        return number_format(value, force_grouping=True)

    def value(self, value):
        return value


class DayColumn(Column):
    """A day, the year always written: lists are compared across years."""

    css = "nowrap"
    kind, width = "day", 18

    def value(self, value):
        return value

    def render(self, value):
        if hasattr(value, "hour"):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return value.isoformat() if isinstance(value, date) else value


class MomentColumn(DayColumn):
    """A day with the time."""

    kind = "moment"


class StateColumn(Column):
    """A state as a tag: colour, icon and word."""

    css = "nowrap"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, has_label=False, **kwargs)

    def render(self, record, bound_column):
        from unions.templatetags.components import state_tag

        return state_tag(record, bound_column.name)

    def value(self, record, bound_column):
        return getattr(record, f"get_{bound_column.name}_display")()


class _Cells:
    """The cells of one column, with its frame and the way to the content found beforehand."""

    def __init__(self, table: "ListTable", column):
        self.column, self.table = column, table
        css = column.attrs["td"].get("class")
        label = column.header if getattr(column.column, "has_label", False) else ""
        attributes = [(name, value) for name, value in (("class", css), ("data-label", label)) if value]
        opening = format_html("<td{}>", format_html_join("", ' {}="{}"', attributes))
        self.frame = opening.replace("{", "{{").replace("}", "}}") + "{}</td>"
        self.render = getattr(table, f"render_{column.name}", column.column.render)
        self.wanted = signature(self.render)[0]

    def content(self, row):
        value = self.column.accessor.resolve(row.record, quiet=True)
        if value in self.column.column.empty_values:
            return self.column.default
        known = {
            "value": value, "record": row.record, "column": self.column.column, "bound_column": self.column,
            "bound_row": row, "table": self.table,
        }  # fmt: skip
        return self.render(**{name: known[name] for name in self.wanted})


class ListTable(tables.Table):
    """The tables of all lists: their words where there is nothing to show, their caption, their count in words."""

    caption = ""
    reads: tuple[str, ...] = ()  # the fields that a row of the page is made of; the rest is then not fetched
    empty_title = gettext_lazy("Nothing here yet")
    empty_text = ""

    def __init__(self, *args, given: dict | None = None, **kwargs):
        self.given = given or {}  # what the view knows and the columns need: whose list it is, who reads
        kwargs.setdefault("order_by_field", "sort")
        kwargs.setdefault("default", "")  # the style sheet draws a dash on the desktop, nothing on the phone
        super().__init__(*args, **kwargs)

    def counted(self, count: int) -> str:
        """“1,204 rows”, in the list's own word."""
        return ngettext("%(count)s row", "%(count)s rows", count) % {
            "count": number_format(count, force_grouping=True)
        }

    def body(self) -> str:
        """The rows of the page. What is the same for each cell of a column is worked out once: a table of fifty rows
        costs about what the rest of its page costs."""
        columns = [_Cells(self, column) for column in self.columns]
        frame = "<tr>{}</tr>".format("".join(column.frame for column in columns))
        rows = ([column.content(row) for column in columns] for row in self.paginated_rows)
        return format_html_join("", frame, rows)

    def workbook(self, title: str, filter_words: list[str]) -> bytes:
        """The columns of the page as a workbook, every row of what is filtered."""
        words = "；".join(filter_words) or _("all")
        time = f"{timezone.localtime():%Y-%m-%d %H:%M}"
        lead = [_("Filter: %(words)s. As of %(time)s.") % {"words": words, "time": time}]
        columns = [Out(str(column.header), column.column.kind, column.column.width) for column in self.columns]
        rows = self.as_values()
        next(rows)  # the titles, which `columns` has
        with write_table(rows, columns, sheet=title, title=title, lead=lead) as file:
            return file.read()

    def sort(self, order: str | None) -> None:
        """Sort by what the address asks for, where such a column exists; ties by id, so that pages never overlap."""
        if order and order.lstrip("-") in self.columns and self.columns[order.lstrip("-")].orderable:
            self.order_by = order
        rows = self.data.data
        if isinstance(rows, QuerySet):
            ordering = rows.query.order_by or tuple(rows.model._meta.ordering)
            if not {"pk", "-pk", "id", "-id"} & set(map(str, ordering)):
                self.data.data = rows.order_by(*ordering, "pk")


def list_response(
    request: HttpRequest, *, queryset: QuerySet, filters: type[ListFilters], table: type[ListTable], template: str,
    context: dict | None = None, given: dict | None = None, export: Export | Literal["table"] | None = None,
    export_name: str = "", paginator: type[ListPaginator] = ListPaginator,
) -> HttpResponse:  # fmt: skip
    """A list as asked for: the page; for htmx only its results; with ?export=xlsx the workbook of what is filtered, by a
    job where it is long (unions/kit/exporting.py).
    The queryset comes scoped (`visible_to`) and with what its columns need already joined."""
    filtered = filters(request.GET, queryset, user=request.user, request=request)
    shown = table(filtered.qs, given=given)
    shown.sort(request.GET.get("sort"))
    if export and request.GET.get("export") == "xlsx":
        words = filtered.in_words()
        name = f"{export_name}_{timezone.localdate():%Y%m%d}.xlsx"

        def make() -> bytes:
            return shown.workbook(export_name, words) if export == "table" else export(shown.data.data, words)

        response = export_response(request, len(shown.data), name, make)
        response.filter_words = words
        return response
    if table.reads:
        shown.data.data = shown.data.data.only(*table.reads)
    size = page_size(request.GET)
    shown.paginate(paginator_class=paginator, per_page=size, page=request.GET.get("page", 1))
    query = clean_query(request.GET, drop=("sort",))
    page = {
        "table": shown, "page": shown.page, "filters": filtered, "chips": filtered.chips(),
        "counted": shown.counted(shown.page.paginator.count),
        "has_filters": bool(filtered.chips()) or bool(filtered.errors),
        **(export_button(request, shown.page.paginator.count) if export else {}),
        "is_fragment": is_fragment(request), "sort": request.GET.get("sort", ""),
        "rows": size if size != PER_PAGE else "", "sizes": SIZES, **(context or {}),
    }  # fmt: skip
    response = render(request, "components/results.html" if page["is_fragment"] else template, page)
    patch_vary_headers(response, ["HX-Request"])
    if page["is_fragment"]:
        extra = {key: request.GET[key] for key in ("sort", "rows", "page") if request.GET.get(key)}
        address = clean_query(request.GET, drop=("sort", "rows"), **extra) if extra else query
        response.headers["HX-Push-Url"] = request.path + ("" if address == "?" else address)
    return response
