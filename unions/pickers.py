"""Choosing a union out of 12,000: what may be chosen where, and the form field for it.

Type, and radio buttons of the matching unions appear below the box (htmx); without JavaScript the form comes back
with the same radio buttons. `UnionPickerField(user=…, purpose="parent")` lets nothing validate outside the scope.
"""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext_lazy as _

from unions.enums import UnionKind
from unions.models import Union, UnionQuerySet, User
from unions.permissions import Permission

SHOWN = 12

PURPOSES: dict[str, Callable[[User], UnionQuerySet]] = {
    # Any union whose page the person may open.
    "view": lambda user: Union.objects.visible_to(user, Permission.UNION_VIEW),
    # Under which a grassroots union may be hung.
    "parent": lambda user: (
        Union.objects.visible_to(user, Permission.UNION_MOVE).active().exclude(kind=UnionKind.DISTRICT)
    ),
    # Into which a union may be merged.
    "target": lambda user: (
        Union.objects.visible_to(user, Permission.UNION_MOVE).active().exclude(kind=UnionKind.DISTRICT)
    ),
}


def candidates(queryset: UnionQuerySet, text: str) -> list[Union]:
    """The first few unions that match, best first; none without a text."""
    if not text.strip():
        return []
    return list(queryset.matching(text).select_related("parent").best_first(text.strip())[:SHOWN])


class UnionPicker(forms.Widget):
    """The box and its radio buttons."""

    template_name = "components/union_picker.html"
    typed = ""

    def __init__(self, purpose: str = "view", attrs=None):
        super().__init__(attrs)
        self.purpose = purpose
        self.queryset = Union.objects.none()

    def value_from_datadict(self, data, files, name):
        self.typed = (data.get(f"{name}_q") or "")[:80]
        return data.get(name)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_q" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = None
        if value not in (None, ""):
            pk = getattr(value, "pk", value)
            chosen = self.queryset.select_related("parent").filter(pk=pk).first() if str(pk).isdigit() else None
        context["widget"] |= {
            "purpose": self.purpose, "typed": self.typed, "chosen": chosen,
            "unions": [union for union in candidates(self.queryset, self.typed) if union != chosen],
        }  # fmt: skip
        return context


class UnionPickerField(forms.ModelChoiceField):
    """A union in the person's scope, picked by name, initials or code."""

    default_error_messages = {
        "required": _("Choose one of the unions found."),
        "invalid_choice": _("Choose one of the unions found; this one is outside your scope."),
    }

    def __init__(self, *, user: User, purpose: str = "view", **kwargs):
        super().__init__(PURPOSES[purpose](user), widget=UnionPicker(purpose), **kwargs)
        self.widget.queryset = self.queryset
        self.widget.is_required = self.required

    def __deepcopy__(self, memo):
        result = super().__deepcopy__(memo)
        result.widget.queryset = result.queryset
        return result
