"""Filters of a list, declared once for page, workbook and API; they can say themselves in words.

    class ReturnFilters(ListFilters):
        q = SearchFilter(method="search")
        state = django_filters.ChoiceFilter(label=_("State"), choices=ReturnState.choices)
        late = FlagFilter(label=_("Late"), method="only_late")
        primary = ("q", "state")  # the rest is folded under “More conditions”

`user` is the person who asks (a page gives it, the API's back end gives the request): choices are narrowed to what
that person may see. A value that is not among the choices finds nothing and says so; it never widens a list.
"""

from dataclasses import dataclass

import django_filters
from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unions.kit.forms import FilterSelect


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, with the query string that lifts it."""

    text: str
    query: str


class SearchFilter(django_filters.CharFilter):
    """The search box of a list."""

    def __init__(self, *args, placeholder="", **kwargs):
        kwargs.setdefault("label", gettext_lazy("Find"))
        kwargs.setdefault("max_length", 80)
        kwargs["widget"] = forms.TextInput(attrs={"type": "search", "placeholder": placeholder, "autocomplete": "off"})
        super().__init__(*args, **kwargs)


class FlagFilter(django_filters.ChoiceFilter):
    """Only the rows of which something is true: a select of one entry, so that it reads as the others do."""

    def __init__(self, *args, choice=None, **kwargs):
        kwargs["choices"] = [("1", choice or gettext_lazy("Yes"))]
        super().__init__(*args, **kwargs)


class YearFilter(django_filters.ChoiceFilter):
    """Rows of one calendar year, out of the last `back` and `ahead` further ones."""

    def __init__(self, field_name: str, *, back: int, ahead: int = 0, **kwargs):
        def years() -> list[tuple[str, str]]:
            this = timezone.localdate().year
            return [(str(year), str(year)) for year in range(this + ahead, this - back, -1)]

        kwargs.setdefault("label", gettext_lazy("Year"))
        super().__init__(field_name, "year", choices=years, **kwargs)


class LinkedFilter(django_filters.ModelChoiceFilter):
    """A record that a link elsewhere narrows the list to: named among the filters in force, and not offered as a field.
    Only what this person may see (`see` of the filters) is a choice."""

    def __init__(self, model: type[Model], *args, **kwargs):
        self.of = model
        super().__init__(*args, queryset=model.objects.none(), widget=forms.HiddenInput, **kwargs)


class ListFilters(django_filters.FilterSet):
    """A FilterSet that knows who asks and can say itself in words."""

    primary: tuple[str, ...] = ()

    def __init__(self, data=None, queryset=None, *, user=None, request=None, prefix=None):
        self.user = user or getattr(request, "user", None)
        if self.user is None:
            raise TypeError(f"{type(self).__name__} needs the person who asks")
        super().__init__(data, queryset, request=request, prefix=prefix)
        for filter_ in self.filters.values():
            # Whoever describes the class (the API's schema) leaves a field in it, with choices of nobody's.
            filter_.__dict__.pop("_field", None)
            if isinstance(filter_, (django_filters.ChoiceFilter, django_filters.ModelChoiceFilter)):
                filter_.extra["empty_label"] = gettext_lazy("All")
                filter_.extra.setdefault("widget", FilterSelect)
            if isinstance(filter_, LinkedFilter):
                filter_.queryset = filter_.of.objects.visible_to(self.user, self.see)

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.primary or self.filters]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.filters if self.primary and name not in self.primary and not self.form[name].is_hidden]  # fmt: skip

    @property
    def linked_fields(self) -> list[forms.BoundField]:
        return self.form.hidden_fields()

    @property
    def is_more_open(self) -> bool:
        """Whether a folded filter is in force and so must not be hidden."""
        return any(name not in self.primary and not self.form[name].is_hidden for name in self._in_force())

    def _in_force(self) -> dict:
        if not self.is_bound:
            return {}
        self.errors  # noqa: B018  cleans the form
        return {
            name: value
            for name, value in getattr(self.form, "cleaned_data", {}).items()
            if value not in (None, "", [], slice(None, None))
        }

    def in_words(self) -> list[str]:
        """Each filter in force as a phrase: the first rows of an export, the chips of a page, the head of a print."""
        return [self._phrase(name, value) for name, value in self._in_force().items()]

    def chips(self) -> list[Chip]:
        return [Chip(self._phrase(name, value), self._without(name)) for name, value in self._in_force().items()]

    def _phrase(self, name: str, value) -> str:
        field = self.form.fields[name]
        return _("%(label)s: %(value)s") % {"label": field.label, "value": _in_words(field, value)}

    def _without(self, name: str) -> str:
        return clean_query(self.data, drop=(name, *_parts(name, self.form.fields[name])))


def _parts(name: str, field) -> list[str]:
    """The query keys of a widget made of several, like the two ends of a range."""
    return [f"{name}_{suffix}" for suffix in getattr(field.widget, "suffixes", ()) if suffix]


def _in_words(field, value) -> str:
    if isinstance(value, slice):
        ends = ["" if end is None else _in_words(field, end) for end in (value.start, value.stop)]
        return f"{ends[0]}–{ends[1]}"
    if isinstance(value, (list, tuple)):
        return _(", ").join(_in_words(field, item) for item in value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if hasattr(value, "year"):
        return format_date(value, "Y-m-d")
    # Never asked for their number: choices that a function gives have none.
    choices = {str(key): label for key, label in getattr(field, "choices", ()) if not isinstance(label, (list, tuple))}
    return str(choices.get(str(value), value))


def clean_query(data, *, drop: tuple[str, ...] = (), **replace) -> str:
    """A query string without empty values, the page and the keys to drop; “?” alone means none."""
    query = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    if not isinstance(data, QueryDict):
        query.update(data or {})
    for key in list(query):
        values = [value for value in query.getlist(key) if value != ""]
        # “…_q” is what was typed into a picker, which holds its choice beside it.
        if key in ("page", "export") or key.endswith("_q") or key in drop or not values:
            del query[key]
        else:
            query.setlist(key, values)
    for key, value in replace.items():
        query[key] = value
    return f"?{query.urlencode()}"
