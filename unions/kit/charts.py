"""Small charts as SVG geometry: the template draws them, no script and no inline style (docs/adr/0003)."""

import math
from collections.abc import Callable

from django.utils.formats import number_format

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 200, 56, 20, 26, 28


def _nice(top: float) -> float:
    """A round step for a few grid lines."""
    if top <= 0:
        return 1
    raw, power = top / 4, 1.0
    while raw >= 10:
        raw, power = raw / 10, power * 10
    while raw < 1:
        raw, power = raw * 10, power / 10
    return next(step for step in (1, 2, 2.5, 5, 10) if raw <= step) * power


def line(points: list[tuple[str, float | None]], label: str = "", unit: str = "", width: int = WIDTH) -> dict:
    """Geometry of a line: points are (label, value); a missing value breaks the line. `width` is about the width it
    is shown at, so that its words keep their size."""
    values = [value for _name, value in points if value is not None]
    if not values:
        return {"points": [], "label": label}
    low, high = float(min(values)), float(max(values))
    step = _nice(max(high - low, high * 0.1, 1))
    floor = max(0.0, (low // step - 1) * step) if low > (high - low) else 0.0
    top = floor
    while top < high or top == floor:
        top += step
    span = (width - LEFT - RIGHT) / max(len(points) - 1, 1)
    y = lambda value: TOP + (HEIGHT - TOP - BOTTOM) * (1 - (float(value) - floor) / (top - floor))  # noqa: E731
    drawn = [
        {
            "name": name,
            "value": value,
            "x": round(LEFT + n * span, 1),
            "y": round(y(value), 1) if value is not None else None,
        }
        for n, (name, value) in enumerate(points)
    ]
    path, pen = [], "M"
    for point in drawn:
        if point["y"] is None:
            pen = "M"
            continue
        path.append(f"{pen}{point['x']} {point['y']}")
        pen = "L"
    known = [point for point in drawn if point["y"] is not None]
    area = ""
    if len(known) == len(drawn) > 1 and not floor:  # a surface is read as an amount, so it stands on nought
        area = f"{' '.join(path)} L{known[-1]['x']} {HEIGHT - BOTTOM} L{known[0]['x']} {HEIGHT - BOTTOM} Z"
    grid = _grid(floor, top, step, y)
    every = max(1, -(-len(points) * 44 // (width - LEFT - RIGHT)))
    for n, point in enumerate(drawn):
        point["shown"] = (len(drawn) - 1 - n) % every == 0
    return {
        "points": drawn, "path": " ".join(path), "area": area, "grid": grid, "label": label, "unit": unit, "width": width, "height": HEIGHT,
        "left": LEFT, "right": width - RIGHT, "base": HEIGHT - BOTTOM, "last": known[-1], "last_below": len(known) > 1 and known[-2]["y"] < known[-1]["y"],
    }  # fmt: skip


def columns(
    groups: list[tuple[str, list[float | None]]], names: list[str], label: str = "", width: int = WIDTH
) -> dict:
    """Geometry of columns that stand on nought, side by side in groups: groups are (label, a value for each of `names`),
    values at least 0; a missing value leaves its place empty."""
    values = [value for _name, given in groups for value in given if value is not None]
    if not values:
        return {"groups": [], "label": label}
    step = _nice(float(max(values)) or 1)
    top = step * math.ceil(float(max(values)) / step or 1)
    y = lambda value: TOP + (HEIGHT - TOP - BOTTOM) * (1 - float(value) / top)  # noqa: E731
    span = (width - LEFT - RIGHT) / len(groups)
    wide = min(26.0, span * 0.7 / len(names))
    drawn = []
    for n, (name, given) in enumerate(groups):
        middle = LEFT + (n + 0.5) * span
        left = middle - wide * len(given) / 2
        bars = [
            {"series": of, "name": names[of], "value": value, "x": round(left + of * wide, 1), "y": round(y(value), 1),
             "width": round(wide - 2, 1), "height": round(HEIGHT - BOTTOM - y(value), 1)}
            for of, value in enumerate(given) if value is not None
        ]  # fmt: skip
        drawn.append({"name": name, "x": round(middle, 1), "bars": bars, "values": given})
    return {
        "groups": drawn, "grid": _grid(0, top, step, y), "label": label, "names": names, "width": width, "height": HEIGHT,
        "left": LEFT, "right": width - RIGHT, "base": HEIGHT - BOTTOM,
    }  # fmt: skip


def _grid(floor: float, top: float, step: float, y: Callable[[float], float]) -> list[dict]:
    """The lines behind, each with its number."""
    found, tick = [], floor
    while tick <= top + step / 2:
        found.append({"y": round(y(tick), 1), "text": number_format(tick, 0 if step >= 1 else 1, force_grouping=True)})
        tick += step
    return found
