"""What a measurement is: budget, result, and the turns it is taken in; knows no store.

Ours, the limit and the library's way take turns: what counts is the median of the rounds and of
their ratios, so that a busy machine slows all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Act = Callable[[], object]
#: Does something and says how many seconds of it count.
Timed = Callable[[], float]
Middle = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Budget:
    """At least so many a second, this share of the limit, so many times the library; at most so
    many ms each. `at` is the only size for which somebody set it.
    """

    rate: float | None = None
    ratio: float | None = None
    times: float | None = None
    ms: float | None = None
    at: int | None = None

    def __str__(self) -> str:
        parts = [f"≥ {self.rate:,.0f}/s"] if self.rate else []
        parts += [f"≥ {self.ratio:g}"] if self.ratio else []
        parts += [f"≥ {self.times:g} ×"] if self.times else []
        parts += [f"≤ {self.ms:g} ms"] if self.ms else []
        return ", ".join(parts) or "–"


@dataclass(frozen=True)
class Result:
    """Rates are per second, `peak` the most memory ours needed, in MB.

    `work` is the same at every size, `note` is not.
    """

    work: str
    ours: float
    limit: float | None
    ratio: float | None
    library: float | None
    times: float | None
    budget: Budget
    note: str = ""
    peak: float | None = None

    @property
    def met(self) -> bool:
        """A ratio that could not be taken breaks no promise."""
        budget = self.budget
        return (
            self.ours >= (budget.rate or 0)
            and (self.ratio is None or self.ratio >= (budget.ratio or 0))
            and (self.times is None or self.times >= (budget.times or 0))
            and 1000 / self.ours <= (budget.ms or float("inf"))
        )

    def line(self, size: int | None = None) -> str:
        """The row of a table; outside the size its budget was set for, without a verdict."""
        judged = self.budget.at in (None, size) and str(self.budget) != "–"
        met = ("met" if self.met else "**not met**") if judged else ""
        work = f"{self.work}: {self.note}" if self.note else self.work
        cells = (work, self.speed(self.ours), self.speed(self.limit), _share(self.ratio))
        more = (self.speed(self.library), _share(self.times), str(self.budget) if judged else "–")
        return f"| {' | '.join((*cells, *more, met))} |"

    def speed(self, rate: float | None) -> str:
        if rate is None:
            return "–"
        if not self.budget.ms:
            return f"{rate:,.0f}/s"
        ms = 1000 / rate
        return f"{ms:,.0f} ms" if ms >= 100 else f"{ms:.3g} ms"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.3g}"


@dataclass(frozen=True)
class Turns:
    """Who does the same work: ours, the bare database, the library we build on."""

    ours: Timed
    limit: Timed | None = None
    library: Timed | None = None

    def take(self, rounds: int) -> list[tuple[float | None, ...]]:
        """The seconds of each side, round by round."""
        sides = (self.ours, self.limit, self.library)
        taken = [tuple(side() if side else None for side in sides) for _ in range(rounds)]
        return list(zip(*taken, strict=True))


def compare(
    work: str,
    count: float,
    turns: Turns,
    rounds: int,
    budget: Budget,
    *,
    middle: Middle = median,
    note: str = "",
) -> Result:
    """Let each side do `count` things in turns; `middle` picks the round that stands for all."""
    ours, limit, library = (
        [each for each in side if each is not None] for side in turns.take(rounds)
    )

    def rate(side: list[float]) -> float | None:
        return count / middle(side) if side else None

    def share(side: list[float]) -> float | None:
        return median(s / o for s, o in zip(side, ours, strict=True)) if side else None

    mine = count / middle(ours)
    others = (rate(limit), share(limit), rate(library), share(library))
    return Result(work, mine, *others, budget, note)


class Watch:
    """Adds up the seconds of several stretches: `with watch: …`."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self._begin = perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += perf_counter() - self._begin


def seconds(act: Act) -> float:
    watch = Watch()
    with watch:
        act()
    return watch.seconds


def timed(act: Act) -> Timed:
    return lambda: seconds(act)


def exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)
