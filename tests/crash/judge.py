"""Holds what the processes were told against what the store has, from the facts themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from crash import heard
from crash.children import CLOSER
from crash.commands import LANES, Command, digest
from crash.kills import Plan, Tally, prepare, torment
from crash.told import FileClock, opened

from ntm_workflow.domain.base import Fact
from ntm_workflow.domain.closing import DayClosed
from ntm_workflow.domain.obligation import ObligationAssigned, ObligationMissed
from ntm_workflow.office import Office
from ntm_workflow.store.schema import COMMAND_KEYS


@dataclass(frozen=True)
class Result:
    """A duty that is over was met in time or missed; `torn` are entries and closings that are not whole.

    `kept_waiting` counts those who were told that the store was busy, and tried again.
    """

    kills: int
    stops: int
    in_the_middle: int
    of_these_recorded: int
    children_failed: int
    kept_waiting: int
    acknowledged: int
    days_closed: int
    duties_over: int
    missed: int
    lost: int
    doubled: int
    torn: int
    days_astray: int
    never_enforced: int
    enforced_twice: int
    gaps: int
    keys_match: bool
    verify: bool
    rebuilt_equal: bool
    integrity: str

    @property
    def wrong(self) -> int:
        """What was lost, doubled, torn, left out or done twice."""
        counts = (self.lost, self.doubled, self.torn, self.days_astray, self.gaps)
        return sum(counts) + self.never_enforced + self.enforced_twice

    @property
    def ok(self) -> bool:
        agree = (self.keys_match, self.verify, self.rebuilt_equal)
        sound = all(agree) and self.integrity in ("ok", "none")
        return not self.wrong and not self.children_failed and sound

    def __str__(self) -> str:
        rows = {name.replace("_", " "): value for name, value in asdict(self).items()}
        shown = {True: "yes", False: "NO"}
        return "\n".join(
            f"{name:18} {shown[v] if isinstance(v, bool) else v:>8}" for name, v in rows.items()
        )


def run(url: str, plan: Plan, folder: Path) -> Result:
    """The whole rig on a store that is not there yet; its logs stay in `folder`."""
    prepare(url, plan)
    return judge(url, torment(url, plan, folder), folder)


def judge(url: str, tally: Tally, folder: Path) -> Result:
    lanes = [heard.read(folder / f"writer-{lane}.log") for lane in range(LANES)]
    told = {
        Command(lane, n).key: (Command(lane, n), said)
        for lane, each in enumerate(lanes)
        for n, said in each.acknowledged.items()
    }
    with opened(url, FileClock(folder / "clock")) as office, office.reading() as reading:
        facts = list(office.journal.facts(reading.conn))
        held = _by_command(facts)
        once = {key: held[key][0] for key in told if len(held.get(key, ())) == 1}
        keys = reading.conn.execute(sa.select(COMMAND_KEYS.c.key, COMMAND_KEYS.c.entry)).all()
        closings = list(_closings(facts))
        enforced = Enforced(facts)
        whole = office.verify().ok
        return Result(
            kills=tally.kills,
            stops=tally.stops,
            in_the_middle=tally.in_the_middle,
            of_these_recorded=sum(each.again for each in lanes),
            children_failed=tally.failed,
            kept_waiting=sum(log.read_text().count("busy\n") for log in folder.glob("*-?.log")),
            acknowledged=len(told),
            days_closed=len(enforced.days),
            duties_over=len(enforced.over),
            missed=len(enforced.missed),
            lost=len(told.keys() - held.keys()),
            doubled=sum(len(copies) > 1 for copies in held.values()),
            torn=sum(not _intact(*told[key], kept) for key, kept in once.items())
            + closings.count(False),
            days_astray=enforced.days_astray,
            never_enforced=len(enforced.never),
            enforced_twice=len(enforced.twice),
            gaps=abs(facts[-1].position - len(facts)),
            keys_match={key: kept[0].entry for key, kept in once.items()} == dict(keys[:]),
            verify=whole,
            # From a journal that is not whole nothing is built.
            rebuilt_equal=whole and _rebuilt_equal(office),
            integrity=_integrity(reading.conn),
        )


class Enforced:
    """What the closings came to, told from the facts alone."""

    def __init__(self, facts: list[Fact]) -> None:
        self.days = [f.event.day for f in facts if isinstance(f.event, DayClosed)]
        found = Counter(_finding(f) for f in facts if f.event.by == CLOSER)
        self.twice = [key for key, times in found.items() if times > 1]
        self.missed = {f.subject for f in facts if isinstance(f.event, ObligationMissed)}
        self.over = dict(_over(facts, max(self.days, default=date.min)))
        voided = {int(f.subject.partition("/")[2]) for f in facts if f.type == "EntryVoided"}
        in_time = {
            f.subject
            for f in facts
            if f.type == "ObligationMet"
            and f.entry not in voided
            and f.event.effective_on <= self.over.get(f.subject, date.min)
        }
        self.never = self.over.keys() - self.missed - in_time

    @property
    def days_astray(self) -> int:
        """Days that were left out, closed twice or out of order."""
        first, last = min(self.days, default=date.min), max(self.days, default=date.min)
        wanted = range(first.toordinal(), last.toordinal() + 1) if self.days else ()
        return sum(a != date.fromordinal(b) for a, b in zip(self.days, wanted, strict=False)) + abs(
            len(self.days) - len(wanted)
        )


def _over(facts: list[Fact], last: date) -> Iterator[tuple[str, date]]:
    """The duties whose last day is over by `last`, with that day."""
    for fact in facts:
        day = fact.event.enforce_day if isinstance(fact.event, ObligationAssigned) else None
        if day and day <= last:
            yield fact.subject, day


def _finding(fact: Fact) -> tuple[str, str, object]:
    """What may be found once: of a duty one miss for each last day."""
    return fact.type, fact.subject, getattr(fact.event, "enforce_day", None)


def _closings(facts: list[Fact]) -> Iterator[bool]:
    """Of each closing, whether what it says it found stands just before it."""
    found = 0
    for fact in facts:
        if isinstance(fact.event, DayClosed):
            yield fact.event.found == found
            found = 0
        elif fact.event.by == CLOSER:
            found += 1
        elif found:
            yield False
            found = 0
    if found:
        yield False


def _by_command(facts: list[Fact]) -> dict[str, list[list[Fact]]]:
    """What the journal holds of each command: its facts, once for every time it was recorded."""
    held: dict[str, list[list[Fact]]] = {}
    for _, entry in groupby(facts, key=lambda fact: fact.entry):
        found = [fact for fact in entry if fact.event.by != CLOSER]
        if found and (key := found[0].event.document):
            held.setdefault(key, []).append(found)
    return held


def _intact(command: Command, said: str, facts: list[Fact]) -> bool:
    return command.is_whole(facts) and digest(facts) == said


def _rebuilt_equal(office: Office) -> bool:
    return office.rebuild(check_only=True).equal


def _integrity(conn: sa.Connection) -> str:
    """SQLite's own check of the file; PostgreSQL offers its clients none."""
    if conn.dialect.name != "sqlite":
        return "none"
    return str(conn.exec_driver_sql("PRAGMA integrity_check").scalar_one())
