"""What was measured as a page, a table of figures and a chart; knows no store."""

from __future__ import annotations

import csv
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from chart import Line, Panel, chart
from databases import Home
from measure import Result

DOCS = Path(__file__).parents[2] / "docs"
PAGE, FIGURES, CHART = "benchmarks.md", "benchmarks.csv", "benchmarks.svg"
BEGIN, END = "<!-- measured: make bench -->", "<!-- end -->"
HEADER = (
    "| work | ours | limit | ratio | library | times | budget | |\n"
    "|---|---|---|---|---|---|---|---|"
)
COLUMNS = ("size", "database", "work", "rate", "limit", "library", "peak_mb")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Measured:
    """The result of a benchmark; one that is not `growing` was measured at one size only."""

    name: str
    result: Result
    growing: bool


@dataclass
class Part:
    """One size on one database, and the seconds its store took to make."""

    size: int
    database: str
    journal: float
    tables: float
    measured: list[Measured] = field(default_factory=list)


@dataclass
class Report:
    machine: str
    parts: list[Part] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        page = folder / PAGE
        old = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}{END}\n"
        before, _, rest = old.partition(BEGIN)
        _, _, after = rest.partition(END)
        text = "\n".join((BEGIN, *self.lines(), END))
        page.write_text(before + text + after, encoding="utf-8")
        (folder / FIGURES).write_text(self.figures(), encoding="utf-8")
        (folder / CHART).write_text(chart(list(self.panels())), encoding="utf-8")

    def lines(self) -> Iterator[str]:
        yield from (self.machine, "", f"![Growth]({CHART})")
        for part in self.parts:
            yield from ("", heading(part), "", HEADER)
            yield from (each.result.line(part.size) for each in part.measured)
        yield from ("", "### Peak memory", "", *self.memory())

    def memory(self) -> Iterator[str]:
        """The most a process needed, by work and size."""
        sizes = sorted({part.size for part in self.parts})
        yield f"| work | database | {' | '.join(f'{size:,} events' for size in sizes)} |"
        yield "|---|---|" + "---|" * len(sizes)
        for (work, database), peaks in sorted(self._peaks().items()):
            cells = (f"{peaks[size]:,.0f} MB" if size in peaks else "–" for size in sizes)
            yield f"| {work} | {NAMES[database]} | {' | '.join(cells)} |"

    def _peaks(self) -> dict[tuple[str, str], dict[int, float]]:
        found: dict[tuple[str, str], dict[int, float]] = {}
        for part in self.parts:
            for result in (each.result for each in part.measured):
                if result.peak is not None:
                    found.setdefault((result.work, part.database), {})[part.size] = result.peak
        return found

    def figures(self) -> str:
        """Rates per second, unrounded enough to plot again."""
        out = StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for part in self.parts:
            for each in part.measured:
                r = each.result
                rates = (r.ours, r.limit, r.library, r.peak)
                shown = ("" if rate is None else f"{rate:.6g}" for rate in rates)
                writer.writerow((part.size, part.database, each.name, *shown))
        return out.getvalue()

    def panels(self) -> Iterator[Panel]:
        """One for each work whose growth was measured."""
        growing = [each for part in self.parts for each in part.measured if each.growing]
        for name, result in {each.name: each.result for each in growing}.items():
            wanted = result.budget
            unit, budget = ("ms", wanted.ms) if wanted.ms else ("/s", wanted.rate)
            budget = None if wanted.at else budget
            yield Panel(result.work, unit, tuple(self._growth(name)), budget)

    def _growth(self, name: str) -> Iterator[Line]:
        for database in dict.fromkeys(part.database for part in self.parts):
            results = [
                (part.size, each.result)
                for part in self.parts
                for each in part.measured
                if part.database == database and each.name == name
            ]
            yield Line(database, "ours", [(n, _plotted(r, r.ours)) for n, r in results])
            limits = [(n, _plotted(r, r.limit)) for n, r in results if r.limit]
            yield Line(database, "limit", limits)


def _plotted(result: Result, rate: float) -> float:
    return 1000 / rate if result.budget.ms else rate


def heading(part: Part) -> str:
    made = ("written", "its tables") if part.database == "sqlite" else ("copied", "vacuumed")
    return (
        f"### {part.size:,} events, {NAMES[part.database]}\n\n"
        f"The store: {made[0]} in {part.journal:,.0f} s, {made[1]} in {part.tables:,.0f} s."
    )


def machine(homes: Sequence[Home], absent: str) -> str:
    databases = "; ".join(home.about() for home in homes)
    library = f" The library beside PostgreSQL is missing: {absent}." if absent else ""
    return (
        f"Machine: {os.cpu_count()} cores ({platform.machine()}, {platform.system()}),"
        f" Python {platform.python_version()}; {databases}.{library}"
    )
