import contextlib
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.definition import definition_of
from disclosure.models import Form, FormRule
from disclosure.rules import ExpressionError, assess, check_problems, parse, worded

VALUES = {"a": Decimal(3), "b": Decimal(4), "last.a": Decimal(5), "register.has_sign": True, "none": None}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b × 2", 11),
        ("(a - last.a) / 2", -1),
        ("abs(a - last.a) <= max(1, 0.5 * b)", True),
        ("a ≤ b and not a ≥ b", True),
        ("a < b < last.a", True),
        ("register.has_sign or a > 100", True),
        ("a / 0", None),
        ("none + 1", None),
        ("none > 1", None),
        ("none > 1 or a == 3", True),
        ("none > 1 and a == 3", None),
        ("none > 1 and a == 4", False),
        ("min(a, none)", None),
    ],
)
def test_an_expression_means_what_it_says(text, value):
    assert parse(text).value(VALUES) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "a +", "__import__('os')", "a.b", "last.a.b", "(lambda: 1)()", "a ** 9", "'text'", "[a]", "a if b else 1",
        "abs(a, b)", "abs()", "max(*a)", "open(a)", "a @ b", "a // b", "f'{a}'", "a := 3", "register", "1 in a", "a" * 400,
        "(" * 40 + "a" + ")" * 40 + "+" + "-" * 40 + "a",
    ],
)  # fmt: skip
def test_nothing_else_is_an_expression(text):
    if text == "register":
        assert parse(text).value(VALUES) is None
        return
    with pytest.raises(ExpressionError):
        parse(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_but_never_run(text):
    with contextlib.suppress(ExpressionError):
        parse(text).value(VALUES)


def test_a_sentence_names_the_figures():
    assert worded("女会员（{a}）多 {a - b} 人，上季 {last.a}，{none}", VALUES) == "女会员（3）多 −1 人，上季 5，–"


def test_a_check_that_names_an_unknown_figure_is_refused_with_the_reason():
    problems = check_problems("a <= workrs", ["{a}", "{b}"], "c", {"a"})
    assert set(problems) == {"condition", "message_en", "field"}


@pytest.fixture
def definition(db):
    return definition_of(Form.objects.get(code="quarterly-return").version_for("2026Q3"))


REGISTER = SimpleNamespace(workers=264, women_workers=118, migrant_workers=46, members=242, women_members=109)


def found(definition, figures, last=None, explanations=None):
    return assess(definition, figures=figures, last=last or {}, register=REGISTER, explanations=explanations or {})


def sound(definition, **changed):
    figures = dict.fromkeys(definition.indicators, 0)
    return figures | {"workers": 264, "women_workers": 118, "migrant_workers": 46, "members_begin": 229, "joined": 13, "members": 242, "women_members": 109} | changed  # fmt: skip


def test_every_seeded_check_can_be_read(definition):
    codes = set(definition.indicators)
    for check in FormRule.objects.select_related("version"):
        assert check_problems(check.condition, [check.message_zh, check.message_en], check.field, codes) == {}, check


def test_sound_figures_raise_nothing_that_blocks(definition):
    assert found(definition, sound(definition)).is_ready


def test_an_error_names_both_figures(definition):
    errors = found(definition, sound(definition, women_members=249)).errors
    assert [(error.code, error.field) for error in errors] == [("women_within_members", "women_members")]
    assert errors[0].sentence == "女会员（249）不能多于期末会员人数（242）。"


def test_a_large_change_wants_a_sentence_and_a_sentence_settles_it(definition):
    figures = sound(definition, joined=21, members=250)
    questions = found(definition, figures, last={"joined": 4}).unexplained
    assert [question.code for question in questions] == ["joined_many"]
    answered = found(definition, figures, last={"joined": 4}, explanations={"joined_many": "7月校招19名应届生入会。"})
    assert answered.is_ready and [f.code for f in answered.explained] == ["joined_many"]


def test_blanks_are_errors_and_say_what_to_do(definition):
    figures = sound(definition, visits=None)
    assert [error.field for error in found(definition, figures).errors] == ["visits"]


def test_without_a_last_quarter_no_check_against_it_fires(definition):
    assert found(definition, sound(definition, joined=200, members=429)).of("explain")
    assert "joined_many" not in {f.code for f in found(definition, sound(definition, joined=200)).findings}
