"""Our own drawing of a select says what Django's says."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from unions.kit.forms import FilterSelect

CHOICES = [("", "全部"), ("a&b", "<甲>"), (1234, "1,234 家"), (0, "无"), ("街道", [("x", "望京"), ("y", "建外")])]


def plain(html: str) -> str:
    return re.sub(r">\s+<", "><", html).replace("\n", "").strip()


@pytest.mark.parametrize("value", ["", "a&b", 1234, 0, "y", None])
def test_a_filter_is_drawn_as_django_draws_a_select(value):
    drawn = [
        widget(attrs={"class": "wide", "disabled": False}, choices=CHOICES).render(
            "kind", value, {"id": "id_kind"}, renderer=DjangoTemplates()
        )
        for widget in (FilterSelect, forms.Select)
    ]
    assert plain(drawn[0]) == re.sub(r"\s*</option>", "</option>", plain(drawn[1]))
    assert "<甲>" not in drawn[0]
