"""What a return holds before anybody types: each figure from its source, and what is carried and computed afresh."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from disclosure.definition import definition_of
from disclosure.enums import FigureSource, FigureType, FormKind, ReturnState
from disclosure.models import Return, Total
from disclosure.rules import known_values, parse
from unions.kit.names import clean
from unions.models import Duty, Union

LARGEST = {FigureType.COUNT: Decimal(10**9), FigureType.MONEY: Decimal(10**12)}


def draft_for(duty: Duty) -> Return:
    """The return of a duty: the stored one, or a fresh one filled from its sources and not yet stored."""
    filing = Return.objects.select_related("version", "union", "duty").filter(duty=duty).first()
    if filing:
        return filing
    form = duty.rule.form
    filing = Return(duty=duty, union=duty.union, version=form.version_for(duty.period), period=duty.period)
    filing.middle_id = duty.middle_id
    fill(filing)
    return filing


def fill(filing: Return) -> None:
    """Put every figure where its source has it; a union without history gets blanks rather than guesses."""
    definition, union, last = definition_of(filing.version), filing.union, last_figures(filing)
    figures, sources = {}, {}
    for code, indicator in definition.indicators.items():
        value, source = None, indicator.source
        if source == FigureSource.REGISTER:
            value = getattr(union, indicator.source_expression or code, None)
        elif source == FigureSource.LAST:
            value = last.get(indicator.source_expression or code)
            if value is None and hasattr(union, code):
                value, source = getattr(union, code), FigureSource.REGISTER
        elif source == FigureSource.TYPED and indicator.type != FigureType.TEXT:
            # Nothing happened until somebody says so; without a source it counts as not looked at.
            figures[code] = 0 if indicator.type == FigureType.COUNT else "0"
            continue
        if value is not None:
            figures[code], sources[code] = value, str(source)
    filing.figures, filing.sources = figures, sources
    carry(filing, last)


def carry(filing: Return, last: Mapping | None = None) -> None:
    """Bring carried and computed figures up to date; they are nobody's to type."""
    definition = definition_of(filing.version)
    if definition.form.kind == FormKind.SUMMARY:
        return
    last = last_figures(filing) if last is None else last
    for kind in (FigureSource.CARRIED, FigureSource.COMPUTED):
        for code, indicator in definition.indicators.items():
            if indicator.source != kind or not indicator.source_expression:
                continue
            expression = parse(indicator.source_expression)
            value, source = expression.value(known_values(definition, filing.figures, last, filing.union)), kind
            if value is None and kind == FigureSource.CARRIED:
                # The first quarter on record begins with what the register holds.
                names = {name.replace("last.", "register.", 1) for name in expression.names}
                at = known_values(definition, {}, {}, filing.union)
                value, source = (at.get(names.pop()) if len(names) == 1 else None), FigureSource.REGISTER
            filing.figures[code] = stored(indicator.type, value)
            filing.sources[code] = str(source)


def stored(kind: str, value: Decimal | None) -> int | str | None:
    """A number as the figures keep it: counts as numbers, money as a decimal string."""
    if value is None:
        return None
    return int(value) if kind == FigureType.COUNT else f"{value.quantize(Decimal('0.01')).normalize():f}"


def read_figure(indicator, text: object) -> int | str | None:
    """A figure as somebody typed it (full-width digits, thousands commas, the unit behind it); None where left blank.
    Raises ValueError with a sentence that names the figure and the way out."""
    written = clean("" if text is None else text)
    if indicator.type == FigureType.TEXT:
        return written[:500]
    bare = written.replace(",", "").replace("，", "").removesuffix(indicator.unit_zh).strip()
    if not bare:
        return None
    try:
        value = Decimal(bare)
    except ArithmeticError:
        value = None
    if value is None or not value.is_finite():
        raise ValueError(_("“%(name)s”: “%(text)s” is not a number.") % {"name": indicator.name, "text": written[:20]})
    if value < 0:
        raise ValueError(_("“%(name)s” cannot be negative.") % {"name": indicator.name})
    if value > LARGEST[indicator.type]:
        raise ValueError(_("“%(name)s” is too large; check the unit.") % {"name": indicator.name})
    if indicator.type == FigureType.COUNT and value != value.to_integral_value():
        raise ValueError(_("“%(name)s” is a whole number.") % {"name": indicator.name})
    if indicator.type == FigureType.MONEY and value != value.quantize(Decimal("0.01")):
        raise ValueError(_("“%(name)s” has at most two decimals.") % {"name": indicator.name})
    return stored(indicator.type, value)


def last_figures(filing: Return) -> dict:
    """The figures of the last accepted quarter before this one; for a summary the total that stood then."""
    return (last_filing(filing) or {}).get("figures", {})


def last_filing(filing: Return) -> dict | None:
    """Period and figures of the last accepted quarter, read once for each return object."""
    if not hasattr(filing, "_last"):
        form = filing.version.form
        if form.kind == FormKind.SUMMARY:
            earlier = Total.objects.filter(form=form.summed_from_id, union=filing.union_id, count__gt=0)
            earlier = earlier.order_by("-period")
        else:
            earlier = Return.objects.filter(version__form=form, union=filing.union_id, state=ReturnState.ACCEPTED)
            earlier = earlier.order_by("-period")
        filing._last = earlier.filter(period__lt=filing.period).values("period", "figures").first()
    return filing._last


def last_of_many(unions: Iterable[int | Union], form_id: int, period: str) -> dict[int, dict]:
    """union → figures of that very period, for lists: one query whatever their length."""
    rows = Return.objects.filter(
        union__in=list(unions), period=period, version__form=form_id, state=ReturnState.ACCEPTED
    )
    return dict(rows.values_list("union_id", "figures"))
