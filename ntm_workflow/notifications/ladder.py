"""Who must hear what on a day: the ladder of reminders and the one question after a miss.

Knows no clock, no store, no address and no words: rows, settings and what was sent are handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from ntm_workflow.domain.standing import standing

Kind = Literal["reminder", "confirm", "alert"]
#: An obligation, the kind of a letter that named it, the rung it stood on, and the letter's day.
Sent = tuple[str, str, int, date]

#: How a duty stands that may still be done in time.
AHEAD: Final = frozenset({"not_yet", "open", "due_soon", "past_wording"})
REMINDED: Final = frozenset({"must", "strive", "requested"})
#: A confirm letter has no days ahead to count, so it stands on the lowest rung.
CONFIRM_RUNG: Final = 0


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What the ladder needs of an obligation's row as it stands on the day."""

    id: str
    plan: str | None
    clause: str
    title: str
    owed_by: str | None
    owed_to: str | None
    place: str | None
    strength: str
    expression: str
    strict_day: date | None
    nominal_day: date | None
    act_by: date | None
    enforce_day: date | None
    last_day: date | None
    window_start: date | None = None
    missed_on: date | None = None
    missed_in_history: int = 0
    met_on: date | None = None
    waived_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None
    suspended_until: date | None = None
    applies: str | None = None


class Ladder(msgspec.Struct, frozen=True):
    """`rungs` are days before `act_by`; `confirm_days` is how long after a miss a desk is asked."""

    rungs: tuple[int, ...] = (30, 14, 7, 3, 1, 0)
    confirm_days: int = 14

    def ahead(self, day: date) -> date:
        """The last `act_by` of which a reminder may go out on `day`."""
        return day + timedelta(days=max(self.rungs, default=0))

    def missed_since(self, day: date) -> date:
        """The first day missed of which a desk may still be asked on `day`."""
        return day - timedelta(days=self.confirm_days)

    def sent_since(self, day: date) -> date:
        """The first day whose letters may still count on `day`; see `_counts`."""
        return min(self.missed_since(day), day - (self.ahead(day) - day))


class Intent(msgspec.Struct, frozen=True):
    """One letter to write: `rungs` pairs each obligation with the rung it stands on.

    An alert has none: it is `about` what is wrong, and written once of each.
    """

    unit: str
    kind: Kind
    day: date
    rungs: tuple[tuple[str, int], ...] = ()
    about: str | None = None

    @property
    def id(self) -> str:
        """The same on every machine and every run, so the outbox takes it only once."""
        return f"letter/{self.unit}/{self.kind}/{self.about or self.day.isoformat()}"


def climb(dues: Iterable[Due], day: date, sent: Collection[Sent], ladder: Ladder) -> list[Intent]:
    """The letters to write on `day`, ordered by id: at most one per unit and kind.

    `sent` is what earlier letters named. An obligation that first appears after its unit's letter
    of the day was written yields an intent whose id is taken: whoever stores it leaves that one
    out and must not count it as sent, and the next day asks again.
    """
    said: defaultdict[tuple[str, str, int], set[date]] = defaultdict(set)
    for id, kind, rung, on in sent:
        said[id, kind, rung].add(on)
    letters: defaultdict[tuple[str, Kind], dict[str, tuple[date, int]]] = defaultdict(dict)
    for due in dues:
        for unit, kind, rung in _owed(due, day, ladder):
            if not any(_counts(due, kind, rung, on) for on in said[due.id, kind, rung]):
                letters[unit, kind][due.id] = (due.act_by or date.max, rung)
    intents = [_intent(unit, kind, day, named) for (unit, kind), named in letters.items()]
    return sorted(intents, key=lambda intent: intent.id)


def _counts(due: Due, kind: str, rung: int, on: date) -> bool:
    """Whether a letter of that day spoke of the deadline as it is now, and not of an earlier one."""
    if kind == "confirm":
        return due.missed_on is None or on >= due.missed_on
    return due.act_by is None or (due.act_by - on).days <= rung


def _intent(unit: str, kind: Kind, day: date, named: dict[str, tuple[date, int]]) -> Intent:
    ordered = sorted(named, key=lambda id: (named[id][0], id))
    return Intent(unit, kind, day, tuple((id, named[id][1]) for id in ordered))


def _owed(due: Due, day: date, ladder: Ladder) -> Iterable[tuple[str, Kind, int]]:
    """The unit, kind and rung of the letter this obligation asks for on `day`, if any."""
    rung = _rung(due, day, ladder)
    if due.owed_by and rung is not None:
        yield due.owed_by, "reminder", rung
    if due.owed_to and _unconfirmed(due, day, ladder):
        yield due.owed_to, "confirm", CONFIRM_RUNG


def _rung(due: Due, day: date, ladder: Ladder) -> int | None:
    """The lowest rung whose window `day` lies in; None before the first and after `act_by`."""
    if due.act_by is None or due.act_by < day or standing(due, day) not in AHEAD:
        return None
    ahead = (due.act_by - day).days
    # A window, not an equality: a night that was skipped must not swallow a rung.
    rung = min((rung for rung in ladder.rungs if ahead <= rung), default=None)
    return rung if rung is not None and _hears(due.strength, rung, ladder) else None


def _hears(strength: str, rung: int, ladder: Ladder) -> bool:
    """Permission and expectation call for no reminder; encouragement for one, at the start."""
    return strength in REMINDED or (strength == "encouraged" and rung == max(ladder.rungs))


def _unconfirmed(due: Due, day: date, ladder: Ladder) -> bool:
    """Whether the receiving desk may still be asked: only `must` is ever missed by a closing.

    Not about what lay before the plan was here: nobody had been reminded of it.
    """
    if due.missed_on is None or due.missed_in_history or standing(due, day) != "overdue":
        return False
    return due.missed_on <= day <= due.missed_on + timedelta(days=ladder.confirm_days)
