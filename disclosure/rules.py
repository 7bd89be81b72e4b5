"""The checks of a form: a small language of figures, and what it finds in a return.

An expression is made of figures by code, `last.code` (the last accepted quarter), `register.field` (the union's card),
numbers, + − × ÷, comparisons, and/or/not, abs, min, max. It is parsed with Python's own grammar and walked by hand:
nothing but these nodes is ever evaluated. A figure that is missing makes what rests on it unknown, and an unknown
check finds nothing. The page, submission, workbook upload and the API all ask `assess`.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from disclosure.definition import Definition
from disclosure.enums import FigureType, Severity
from disclosure.models import FormRule, Indicator

Value = Decimal | bool | None

REGISTER_FIELDS = (
    "workers", "women_workers", "migrant_workers", "members", "women_members", "has_place", "has_sign", "has_account",
    "has_audit_committee", "has_women_committee",
)  # fmt: skip
_SPELLINGS = str.maketrans({"×": "*", "÷": "/", "−": "-", "（": "(", "）": ")", "，": ",", "＞": ">", "＜": "<"})
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_COMPARISONS = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable] = {"abs": abs, "min": min, "max": max}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
LONGEST, DEEPEST = 300, 25


class ExpressionError(ValueError):
    """An expression that cannot be read; the text says which part and why."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression; `names` are the figures it rests on."""

    tree: ast.expr
    names: frozenset[str]

    def value(self, figures: Mapping[str, Value]) -> Value:
        return _value(self.tree, figures)


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """Read an expression. Raises ExpressionError with a sentence for the person who wrote it."""
    if len(text) > LONGEST:
        raise ExpressionError(_("The expression is too long."))
    written = text.translate(_SPELLINGS).replace("≤", "<=").replace("≥", ">=").replace("≠", "!=").strip()
    try:
        tree = ast.parse(written, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(_("“%(text)s” cannot be read as an expression.") % {"text": text}) from None
    names: set[str] = set()
    _admit(tree, names, 0)
    return Expression(tree, frozenset(names))


def _admit(node: ast.AST, names: set[str], depth: int) -> None:
    """Let through the few nodes of the language and collect the names; refuse everything else."""
    if depth > DEEPEST:
        raise ExpressionError(_("The expression is nested too deeply."))
    match node:
        case ast.Constant(value=bool()) | ast.Constant(value=int()) | ast.Constant(value=float()):
            children = []
        case ast.Name(id=name):
            names.add(name)
            children = []
        case ast.Attribute(value=ast.Name(id="last" | "register" as source), attr=name):
            names.add(f"{source}.{name}")
            children = []
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            children = [left, right]
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            children = [operand]
        case ast.BoolOp(values=values):
            children = values
        case ast.Compare(left=left, ops=ops, comparators=others) if all(type(op) in _COMPARISONS for op in ops):
            children = [left, *others]
        case ast.Call(func=ast.Name(id=name), args=[_first, *_rest] as given, keywords=[]) if name in _FUNCTIONS:
            if name == "abs" and len(given) != 1:
                raise ExpressionError(_("abs takes one figure."))
            children = given
        case _:
            raise ExpressionError(
                _("“%(part)s” is not allowed here. Use figures, last.figure, register.field, + − × ÷, comparisons, "
                  "and/or/not, abs, min and max.") % {"part": ast.unparse(node)[:60]}
            )  # fmt: skip
    for child in children:
        _admit(child, names, depth + 1)


def _value(node: ast.expr, figures: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=value):
            return value if isinstance(value, bool) else Decimal(str(value))
        case ast.Name(id=name):
            return figures.get(name)
        case ast.Attribute(value=ast.Name(id=source), attr=name):
            return figures.get(f"{source}.{name}")
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, figures), _value(right, figures)
            if one is None or other is None:
                return None
            try:
                return _ARITHMETIC[type(op)](Decimal(one), Decimal(other))
            except (DivisionByZero, InvalidOperation, ZeroDivisionError):
                return None
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(operand, figures)
            if value is None:
                return None
            return not value if isinstance(op, ast.Not) else (-value if isinstance(op, ast.USub) else value)
        case ast.BoolOp(op=op, values=values):
            return _joined(isinstance(op, ast.And), [_value(value, figures) for value in values])
        case ast.Compare(left=left, ops=ops, comparators=others):
            terms = [_value(term, figures) for term in (left, *others)]
            pairs = zip(ops, terms, terms[1:], strict=False)
            return _joined(
                True, [None if a is None or b is None else _COMPARISONS[type(o)](a, b) for o, a, b in pairs]
            )
        case ast.Call(func=ast.Name(id=name), args=given):
            values = [_value(argument, figures) for argument in given]
            return None if None in values else _FUNCTIONS[name](*values) if name == "abs" else _FUNCTIONS[name](values)
    raise ExpressionError(ast.unparse(node))  # pragma: no cover  `_admit` lets nothing else through


def _joined(is_and: bool, values: list[Value]) -> Value:
    """And/or of three values: what is certain decides, otherwise the unknown stays unknown."""
    certain = [bool(value) for value in values if value is not None]
    if is_and:
        return False if not all(certain) else (True if len(certain) == len(values) else None)
    return True if any(certain) else (False if len(certain) == len(values) else None)


def plain(value: object) -> str:
    """A number as a sentence writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not isinstance(value, Decimal):
        value = Decimal(str(value))
    places = 0 if value == value.to_integral_value() else 2
    return number_format(value, places, force_grouping=True).replace("-", "−")


def worded(message: str, figures: Mapping[str, Value]) -> str:
    """A sentence with its placeholders filled in; a placeholder is an expression: {members}, {joined - last.joined}."""
    return _PLACEHOLDER.sub(lambda found: plain(parse(found[1]).value(figures)), message)


def check_problems(condition: str, messages: list[str], shown_at: str, codes: set[str]) -> dict[str, str]:
    """What is wrong with a check as somebody wrote it: field of the check → sentence; empty where all is well."""
    problems: dict[str, str] = {}
    texts = [("condition", condition)]
    texts += [(name, found) for name, text in zip(("message_zh", "message_en"), messages, strict=True) for found in _PLACEHOLDER.findall(text)]  # fmt: skip
    for name, text in texts:
        try:
            unknown = sorted(unknown_names(parse(text), codes))
        except ExpressionError as problem:
            problems.setdefault(name, str(problem))
            continue
        if unknown:
            problems.setdefault(name, _("This form has no figure “%(name)s”.") % {"name": unknown[0]})
    if shown_at not in codes:
        problems["field"] = _("Choose the figure at which the sentence is shown.")
    return problems


def unknown_names(expression: Expression, codes: set[str]) -> set[str]:
    known = codes | {f"last.{code}" for code in codes} | {f"register.{name}" for name in REGISTER_FIELDS}
    return set(expression.names) - known


@dataclass(frozen=True)
class Finding:
    """What a check found: a sentence for the reader, at a figure, and the explanation given for it."""

    code: str
    severity: str
    field: str
    sentence: str
    basis: str = ""
    explanation: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of submission."""
        return self.severity == Severity.ERROR or (self.severity == Severity.EXPLAIN and not self.explanation)

    @property
    def is_explained(self) -> bool:
        return self.severity == Severity.EXPLAIN and bool(self.explanation)


@dataclass
class Assessment:
    """All that the checks say of a return, and the figures nobody has looked at yet."""

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[Indicator] = field(default_factory=list)

    def of(self, severity: Severity) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == severity]

    errors = property(lambda self: self.of(Severity.ERROR))
    notes = property(lambda self: self.of(Severity.INFO))
    explained = property(lambda self: [f for f in self.findings if f.is_explained])
    unexplained = property(lambda self: [f for f in self.of(Severity.EXPLAIN) if not f.is_explained])
    is_ready = property(lambda self: not (self.errors or self.unexplained or self.unchecked))

    @property
    def by_field(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.field, []).append(finding)
        return found


def known_values(definition: Definition, figures: Mapping, last: Mapping, register: object) -> dict[str, Value]:
    """Every name an expression may use, with its value for one return."""
    values: dict[str, Value] = {}
    for code, indicator in definition.indicators.items():
        if indicator.type != FigureType.TEXT:
            values[code] = as_number(figures.get(code))
            values[f"last.{code}"] = as_number(last.get(code))
    for name in REGISTER_FIELDS:
        value = getattr(register, name, None)
        values[f"register.{name}"] = value if isinstance(value, bool) else as_number(value)
    return values


def as_number(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


def assess(
    definition: Definition, *, figures: Mapping, last: Mapping, register: object, explanations: Mapping[str, str],
    sources: Mapping[str, str] | None = None,
) -> Assessment:  # fmt: skip
    """Run every check over a return's figures. `sources` given: figures that nobody confirmed are named too."""
    values = known_values(definition, figures, last, register)
    found = Assessment()
    for code, indicator in definition.indicators.items():
        value = figures.get(code)
        if indicator.is_required and value in (None, ""):
            sentence = _("Fill in “%(name)s”; write 0 where there was none.") % {"name": indicator.name}
            found.findings.append(Finding("required", Severity.ERROR, code, sentence))
        elif values.get(code) is not None and values[code] < 0:
            sentence = _("“%(name)s” cannot be negative (%(value)s).")
            sentence %= {"name": indicator.name, "value": plain(values[code])}
            found.findings.append(Finding("negative", Severity.ERROR, code, sentence))
        if sources is not None and code not in sources and indicator.is_editable and value not in (None, ""):
            found.unchecked.append(indicator)
    for check in definition.checks:
        if finding := _broken(check, values, explanations):
            found.findings.append(finding)
    return found


def _broken(check: FormRule, values: Mapping[str, Value], explanations: Mapping[str, str]) -> Finding | None:
    if parse(check.condition).value(values) is not False:
        return None
    return Finding(
        check.code, check.severity, check.field, worded(check.message, values), check.basis,
        explanations.get(check.code, "").strip() if check.severity == Severity.EXPLAIN else "",
    )  # fmt: skip
