"""Crashes before every statement and around every commit of a story, one after another.

A story is first told undisturbed, and what the store holds is noted after each commit. Then it is
told on another store: each command is sent, crashes at its first statement, is sent again by a new
office, crashes at its second, and so on until it comes through. After every crash the store must
hold what it held, or what the undisturbed one held after its next commit; at the end all of it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import IO

from crash.content import content
from crash.fuse import Fuse
from crash.story import Step, prepare, story
from crash.told import Told, opened

from ntm_workflow.office import Office
from ntm_workflow.store.engine import Database


@dataclass
class Points:
    """What came of the crashes of one seed, or of several added up."""

    seeds: int = 0
    commands: int = 0
    points: int = 0
    commits: int = 0
    #: Crashes after which the store held neither what it held nor what it should hold next.
    astray: int = 0
    #: Commands that came to something else in the end than without crashes.
    otherwise: int = 0
    #: Stores that in the end did not hold what the undisturbed one held, or not whole.
    unlike: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        return not (self.astray or self.otherwise or self.unlike)

    def add(self, other: Points) -> None:
        for name in ("seeds", "commands", "points", "commits", "astray", "otherwise", "unlike"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds += other.kinds

    def __str__(self) -> str:
        return (
            f"{self.points} points, {self.seeds} seeds, {self.commands} commands,"
            f" {self.commits} commits; astray {self.astray}, otherwise {self.otherwise},"
            f" stores unlike the undisturbed {self.unlike}"
        )


def run(calm: str, url: str, seed: int, days: int, log: IO[str]) -> Points:
    """One story, told at `calm` undisturbed and at `url` with crashes; no store stands there yet."""
    steps = story(seed, days)
    outcomes, states = undisturbed(calm, steps)
    with closing(Database(url)) as looking:
        return _Told(url, looking, steps, outcomes, states, Random(seed), log).tell()


def undisturbed(url: str, steps: list[Step]) -> tuple[list[str], list[str]]:
    """What each command came to, and what the store held after each commit that changed it."""
    clock, fuse = Told(steps[0].at), Fuse()
    outcomes: list[str] = []
    states: list[str] = []
    with opened(url, clock) as office, closing(Database(url)) as looking:
        prepare(office)

        def note() -> None:
            fuse.committed = lambda: None
            with looking.read() as conn:
                if (now := content(conn)) not in states[-1:]:
                    states.append(now)
            fuse.committed = note

        note()
        with fuse.fitted():
            for step in steps:
                clock.at = step.at
                outcomes.append(step.take(office))
    return outcomes, states


@dataclass
class _Told:
    url: str
    #: Of another process, as it were: its connection outlives the crashes.
    looking: Database
    steps: list[Step]
    outcomes: list[str]
    states: list[str]
    random: Random
    log: IO[str]
    at: int = 0

    def tell(self) -> Points:
        found = Points(seeds=1, commands=len(self.steps), commits=len(self.states) - 1)
        clock = Told(self.steps[0].at)
        with opened(self.url, clock) as office:
            prepare(office)
        for step, outcome in zip(self.steps, self.outcomes, strict=True):
            clock.at = step.at
            if self._take(step, clock, found) != outcome:
                found.otherwise += 1
                self.log.write(f"{step.key}: not {outcome}\n")
        found.unlike = int(not self._is_whole(clock))
        return found

    def _take(self, step: Step, clock: Told, found: Points) -> str:
        """Send a command until no crash hits it."""
        fuse, number = Fuse(), 1
        while True:
            with opened(self.url, clock) as office, fuse.fitted():
                fuse.set(number)
                outcome = self._sent(step, office, fuse)
            if not fuse.blown:
                self._look(step, number, found)
                return outcome
            found.points += 1
            found.kinds[step.key.split()[0]] += 1
            # After a commit what is left to do begins with its first statement again.
            number = 1 if self._look(step, number, found) else number + 1
            if not step.exact:
                clock.at += timedelta(seconds=self.random.choice([0, 0, 1, 20]))

    def _sent(self, step: Step, office: Office, fuse: Fuse) -> str:
        try:
            return step.take(office)
        except BaseException:
            # Whatever the program makes of a connection that is gone, the process is gone as well.
            if fuse.blown:
                return "crashed"
            raise

    def _look(self, step: Step, number: int, found: Points) -> bool:
        """Whether the store went on to what the undisturbed one held next; else it held still."""
        with self.looking.read() as conn:
            now = content(conn)
        if now == self.states[self.at]:
            return False
        if now in self.states[self.at + 1 : self.at + 2]:
            self.at += 1
            return True
        found.astray += 1
        self.log.write(f"{step.key}: astray before statement {number}\n")
        return False

    def _is_whole(self, clock: Told) -> bool:
        with opened(self.url, clock) as office:
            whole = office.verify().ok and office.rebuild(check_only=True).equal
        return whole and self.at == len(self.states) - 1
