"""Who must hear what on a day: rungs before a duty's day, one question after it, then step by step further up.

Pure: rows, what was told before, calendar and settings are handed in, and letters to write come out.
Knows no clock, no store, no address and no words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

import msgspec

from ntm_workflow.domain.calendar import WorkingDays, last_working_day, next_working_day
from ntm_workflow.domain.letter import PARTS, Line
from ntm_workflow.domain.plan import Reminders
from ntm_workflow.domain.standing import standing

ONE_DAY: Final = timedelta(days=1)
#: A rung on a day off comes before it: more days than Tết has ever had.
LONGEST_HOLIDAY: Final = timedelta(days=16)
#: How a duty stands that may still be done in time.
AHEAD: Final = frozenset({"not_yet", "open", "due_soon", "past_wording"})
REMINDED: Final = frozenset({"must", "strive", "requested"})
#: How a duty stands that is followed up after its day: what binds, and what was to be striven for.
AFTER: Final = {"must": "overdue", "strive": "behind"}
#: Weeks begin on Mondays, whatever they are counted from.
_MONDAY: Final = date(2024, 1, 1)
_ORDER: Final = {part: n for n, part in enumerate(PARTS)}
#: The letter a line goes into: what is not named here waits for the digest of the morning.
KINDS: Final = {"missed": "missed", "climbed": "climb"}
DIGEST: Final = "digest"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What the ladder needs of an obligation's row as it stands on the day.

    `owed_to` is the desk to ask after a miss, and `above` are the units further up, the nearest
    first: those that may hear of it.
    """

    id: str
    plan: str | None
    owed_by: str | None
    owed_to: str | None
    joint: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    strength: str
    strict_day: date | None
    nominal_day: date | None
    act_by: date | None
    enforce_day: date | None
    last_day: date | None
    window_start: date | None = None
    occurrence: str | None = None
    missed_on: date | None = None
    missed_in_history: int = 0
    met_on: date | None = None
    waived_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    suspended_until: date | None = None
    applies: str | None = None
    denied_on: date | None = None
    acknowledged_on: date | None = None
    snoozed_until: date | None = None
    disputed_until: date | None = None


class Told(NamedTuple):
    """When something was last told to a unit as a part, with this `act_by`.

    `left_on` is when such a letter left, without which nothing is held against anybody; `released_on`
    when a held one was let go.
    """

    subject: str
    unit: str
    part: str
    day: date
    act_by: date | None = None
    released_on: date | None = None
    left_on: date | None = None


class Intent(msgspec.Struct, frozen=True):
    """One letter to write. `about` is what set it off, where that is neither the day nor the ladder."""

    unit: str
    kind: str
    day: date
    lines: tuple[Line, ...] = ()
    about: str | None = None
    held: bool = False

    @property
    def id(self) -> str:
        """The same on every machine and every run, so the outbox takes it only once."""
        return f"letter/{self.unit}/{self.kind}/{self.about or self.day.isoformat()}"


@dataclass
class Morning:
    """A day, and what is the same for every duty on it. `plans` are settings by plan."""

    day: date
    working: WorkingDays
    plans: Mapping[str | None, Reminders] = field(default_factory=dict)
    _working_before: dict[date, date] = field(default_factory=dict)

    def on_or_before(self, day: date) -> date:
        """The day itself, or the working day before a day off: asked again and again of the same few."""
        if day not in self._working_before:
            self._working_before[day] = last_working_day(day, self.working)
        return self._working_before[day]

    def reminders(self, due: Due) -> Reminders:
        return self.plans.get(due.plan) or Reminders()

    @property
    def ahead(self) -> date:
        """The last `act_by` of which a reminder may go out: the longest rung, and the longest holiday."""
        longest = max((max(each.rungs, default=0) for each in self._settings), default=0)
        return self.day + timedelta(days=longest) + LONGEST_HOLIDAY

    @property
    def week(self) -> date:
        """The latest day on which a spell between two reminders after a miss has begun, of any plan's."""
        return max(_spell(self.day, each.after_days) for each in self._settings)

    @property
    def below(self) -> date:
        """The first day of which a level told or let go may make the one above due in this week."""
        days = max(each.climb_days for each in self._settings)
        # As many working days take twice as many days at most, and the longest holiday.
        return self.week - timedelta(days=2 * days) - LONGEST_HOLIDAY

    @property
    def _settings(self) -> list[Reminders]:
        return [*self.plans.values(), Reminders()]


def climb(dues: Iterable[Due], told: Iterable[Told], morning: Morning) -> list[Intent]:
    """The letters to write that morning, ordered by id: at most one for each unit and kind.

    None on a day off. A duty that first appears after its unit's letter of the day was written yields
    an intent whose id is taken: whoever stores it leaves that one out, and the next day asks again.
    """
    if not morning.working.is_working(morning.day):
        return []
    said: defaultdict[str, list[Told]] = defaultdict(list)
    for each in told:
        said[each.subject].append(each)
    letters: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for due in dues:
        for unit, line in _Rungs(due, said.get(due.id, ()), morning).lines():
            letters[unit, KINDS.get(line.part, DIGEST)].append(line)
    return sorted(
        (_intent(unit, kind, morning.day, lines) for (unit, kind), lines in letters.items()),
        key=lambda intent: intent.id,
    )


def _intent(unit: str, kind: str, day: date, lines: Iterable[Line]) -> Intent:
    ordered = sorted(lines, key=lambda e: (_ORDER[e.part], e.act_by or date.max, e.subject))
    return Intent(unit, kind, day, tuple(ordered), held=kind == "climb")


Addressed = Iterator[tuple[str, Line]]


def _spell(day: date, days: int) -> date:
    """The day on which the present spell of so many days began; of seven, a Monday."""
    return day - timedelta(days=(day - _MONDAY).days % days)


class _Rungs:
    """Where one duty stands on its ladder on a morning."""

    def __init__(self, due: Due, told: Collection[Told], morning: Morning) -> None:
        self.due = due
        self.told = told
        self.morning = morning
        self.day = morning.day
        self.by = morning.reminders(due)
        self.standing = standing(due, morning.day)

    def lines(self) -> Addressed:
        """Whom the duty has something to say to, and what."""
        if self.standing in AHEAD:
            yield from self._before()
        elif AFTER.get(self.due.strength) == self.standing:
            yield from self._after()

    # --- before its day

    def _before(self) -> Addressed:
        rung = self._rung()
        if rung is None or self._put_off:
            return
        begun = self._begins(rung if self.due.strength in REMINDED else max(self.by.rungs))
        readers = dict.fromkeys(self.due.joint, "copy")
        if self.due.owed_by:
            readers[self.due.owed_by] = "ahead"
        for unit, part in readers.items():
            if not self._knows(unit, part, begun):
                yield unit, self._line(part, rung)

    def _rung(self) -> int | None:
        """The lowest rung whose window the day lies in; None before the first and after `act_by`."""
        act_by = self.due.act_by
        if act_by is None or act_by < self.day or not self._hears:
            return None
        # A window, not an equality: a night that was skipped must not swallow a rung.
        return min((r for r in self.by.rungs if self._begins(r) <= self.day), default=None)

    def _begins(self, rung: int) -> date:
        """The first day of a rung: that many days ahead, or the working day before a day off."""
        assert self.due.act_by is not None
        return self.morning.on_or_before(self.due.act_by - timedelta(days=rung))

    def _knows(self, unit: str, part: str, begun: date) -> bool:
        """Whether it has heard since then; a day that has come nearer is told anew."""
        assert self.due.act_by is not None
        heard = self._since(unit, part, begun)
        return any(e.act_by is None or e.act_by <= self.due.act_by for e in heard)

    @property
    def _hears(self) -> bool:
        """Permission and expectation call for no reminder; what comes back, for none before its period."""
        start = self.due.window_start
        if self.due.occurrence and start and self.day < start:
            return False
        return self.due.strength in REMINDED or self.due.strength == "encouraged"

    # --- after it

    def _after(self) -> Addressed:
        """First the desk is asked; nothing is held against anybody before it has had time to answer."""
        if self.due.strength == "strive":
            yield from self._followed_up(self._announced())
            return
        missed_on = self.due.missed_on
        if missed_on is None or self.due.missed_in_history:
            return
        desk = self._desk
        if desk and not self._denied(missed_on) and not self._said(desk, "asked", missed_on):
            yield desk, self._line("asked", 0)
        if not self._confirmed(missed_on):
            return
        yield from self._told_missed(missed_on)
        yield from self._climbed(missed_on)

    @property
    def _desk(self) -> str | None:
        """Who should have received it, where that is somebody else."""
        return self.due.owed_to if self.due.owed_to != self.due.owed_by else None

    def _confirmed(self, missed_on: date) -> bool:
        """Whether the desk has denied receiving it, or has let its time go by."""
        if self._denied(missed_on):
            return True
        asked = self._left(self._desk, "asked", missed_on) if self._desk else missed_on
        return asked is not None and self.day >= self._after_working(asked, self.by.confirm_days)

    def _denied(self, missed_on: date) -> bool:
        return self.due.denied_on is not None and self.due.denied_on >= missed_on

    def _told_missed(self, missed_on: date) -> Addressed:
        unit = self.due.owed_by
        if unit and not self._said(unit, "missed", missed_on):
            yield unit, self._line("missed", self._late)
        else:
            yield from self._followed_up(self._left(unit, "missed", missed_on))

    def _followed_up(self, since: date | None) -> Addressed:
        """Once in each of the weeks after the one in which it was first told."""
        unit, week = self.due.owed_by, self._week
        if unit is None or since is None or since >= week or self._put_off or self._came_again:
            return
        if not self._said(unit, "after", week):
            yield unit, self._line("after", self._late)

    @property
    def _came_again(self) -> bool:
        """Whether what comes back has been open for as long as its period: its next time is told instead."""
        start, act_by = self.due.window_start, self.due.act_by
        if not (self.due.occurrence and start and act_by):
            return False
        return self.day > act_by + (act_by - start) + ONE_DAY

    def _announced(self) -> date | None:
        """When a mark to strive for was told ahead: what nobody announced is not followed up."""
        return max((each.day for each in self.told if each.part == "ahead"), default=None)

    def _climbed(self, missed_on: date) -> Addressed:
        """The next level up, once the one below was told, or let be told, and has had its days."""
        if self.by.climbs == "none" or self._taken_on(missed_on) or self._open_as_noted:
            return
        below = self._left(self.due.owed_by, "missed", missed_on)
        for level, unit in enumerate(self.due.above, 1):
            if not below or self.day < self._after_working(below, self.by.climb_days):
                return
            written = self._since(unit, "climbed", missed_on)
            if not written:
                yield unit, self._line("climbed", level)
            below = max((e.released_on for e in written if e.released_on), default=None)

    @property
    def _open_as_noted(self) -> bool:
        """Whether the day people note down is still to come: on that reading it is in time."""
        return self.due.nominal_day is not None and self.due.nominal_day >= self.day

    def _taken_on(self, missed_on: date) -> bool:
        acknowledged, disputed = self.due.acknowledged_on, self.due.disputed_until
        if acknowledged and acknowledged >= missed_on:
            return True
        return disputed is not None and disputed >= self.day

    # --- what both need

    @property
    def _put_off(self) -> bool:
        return self.due.snoozed_until is not None and self.due.snoozed_until >= self.day

    @property
    def _week(self) -> date:
        return _spell(self.day, self.by.after_days)

    @property
    def _late(self) -> int:
        return (self.due.act_by - self.day).days if self.due.act_by else 0

    def _line(self, part: str, rung: int) -> Line:
        return Line(self.due.id, part, rung, self.due.act_by)

    def _since(self, unit: str | None, part: str, since: date) -> list[Told]:
        return [e for e in self.told if (e.unit, e.part) == (unit, part) and e.day >= since]

    def _said(self, unit: str, part: str, since: date) -> bool:
        return bool(self._since(unit, part, since))

    def _left(self, unit: str | None, part: str, since: date) -> date | None:
        """When it last heard: a letter that waits, or was given up, has told nobody."""
        said = self._since(unit, part, since)
        return max((each.left_on for each in said if each.left_on), default=None)

    def _after_working(self, day: date, days: int) -> date:
        """The day after so many whole working days, the first being `day` if it is one."""
        last = next_working_day(day, self.morning.working)
        for _ in range(days):
            last = next_working_day(last + ONE_DAY, self.morning.working)
        return last
