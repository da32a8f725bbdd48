"""A sheet of small line charts on logarithmic axes, as SVG; knows what a line is, not what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape

ACROSS = 3
WIDTH, HEIGHT = 330, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 34, 40
LEGEND = 34
COLOURS = {"sqlite": "#1f5fa8", "postgresql": "#c2570c"}
DASHES = {"ours": "", "limit": "5 4"}
STYLE = (
    "text{font:11px Verdana,DejaVu Sans,sans-serif;fill:#222}.title{font-weight:bold;font-size:10px}.grid{stroke:#ddd}"
    ".budget{stroke:#2a7d2a;stroke-dasharray:1 3;stroke-width:1.6}.end{text-anchor:end}"
    ".middle{text-anchor:middle}polyline{fill:none;stroke-width:1.8}"
)

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """`database` gives the colour, `who` the dashes."""

    database: str
    who: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Panel:
    """What is measured over the number of events, in a unit; `budget` is a level line."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    budget: float | None = None


def chart(panels: Sequence[Panel]) -> str:
    rows = ceil(len(panels) / ACROSS)
    width, height = ACROSS * WIDTH, LEGEND + rows * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
        f'<style>{STYLE}</style><rect width="{width}" height="{height}" fill="#fff"/>',
        *_legend(),
    ]
    for number, panel in enumerate(panels):
        row, column = divmod(number, ACROSS)
        at = f"translate({column * WIDTH} {LEGEND + row * HEIGHT})"
        parts += [f'<g transform="{at}">', *_panel(panel), "</g>"]
    return "\n".join((*parts, "</svg>", ""))


def _legend() -> Iterator[str]:
    words = ((d, w, f"{n}, {w}") for d, n in _NAMES for w in DASHES)
    for number, (database, who, text) in enumerate(words):
        x = LEFT + number * 150
        yield _line(Line(database, who, [(x, 18), (x + 28, 18)]))
        yield f'<text x="{x + 34}" y="22">{text}</text>'
    x = LEFT + 600
    yield f'<path class="budget" d="M{x} 18h28"/><text x="{x + 34}" y="22">budget</text>'


_NAMES = (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))


def _panel(panel: Panel) -> Iterator[str]:
    points = [point for line in panel.lines for point in line.points]
    values = [y for _, y in points] + ([panel.budget] if panel.budget else [])
    across, up = (
        Axis.over([x for x, _ in points], LEFT, WIDTH - RIGHT),
        Axis.over(values, HEIGHT - BOTTOM, TOP),
    )
    yield f'<text class="title" x="{LEFT}" y="20">{escape(panel.title)}</text>'
    yield from _grid(across, up, panel.unit)
    if panel.budget:
        y = up.at(panel.budget)
        yield f'<path class="budget" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
    for line in panel.lines:
        drawn = [(across.at(x), up.at(y)) for x, y in line.points]
        yield _line(Line(line.database, line.who, drawn))
        yield from _dots(line, drawn)


def _grid(across: Axis, up: Axis, unit: str) -> Iterator[str]:
    for value, x in across.decades():
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
        yield f'<text class="middle" x="{x:.1f}" y="{HEIGHT - BOTTOM + 15}">{_short(value)}</text>'
    for value, y in up.decades():
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text class="end" x="{LEFT - 5}" y="{y + 4:.1f}">{_short(value)}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text class="middle" x="{middle}" y="{HEIGHT - 8}">events in the store</text>'
    yield f'<text class="end" x="{LEFT - 5}" y="20">{unit}</text>'


def _line(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    dashes = f' stroke-dasharray="{DASHES[line.who]}"' if DASHES[line.who] else ""
    return f'<polyline stroke="{COLOURS[line.database]}"{dashes} points="{points}"/>'


def _dots(line: Line, drawn: Sequence[Point]) -> Iterator[str]:
    if line.who == "ours":
        colour = COLOURS[line.database]
        for x, y in drawn:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>'


@dataclass(frozen=True)
class Axis:
    """Whole decades from `low` to `high`, drawn from `begin` to `end`."""

    low: int
    high: int
    begin: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], begin: float, end: float) -> Axis:
        low, high = floor(log10(min(values))), ceil(log10(max(values)))
        return cls(low, max(high, low + 1), begin, end)

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def decades(self) -> Iterator[tuple[float, float]]:
        for power in range(self.low, self.high + 1):
            yield 10.0**power, self.at(10.0**power)


def _short(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
