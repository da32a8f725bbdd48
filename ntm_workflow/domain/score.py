"""On-time scorecards: how each thing that was owed came out, and the counts of many.

Rows and a day in, cards out. Knows no clock, no store and no name of a place or an office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

import msgspec

from ntm_workflow.domain.assignment import STRENGTHS
from ntm_workflow.domain.standing import Awaiting, Dated, after, awaited, standing
from ntm_workflow.domain.values import Sentence

#: What is known of a day that is over. `missed` is said of what must be done, `behind` of an aim.
DECIDED: Final = ("on_time", "late", "missed", "behind")
#: Not owed on its day, whatever came of it; `gone`: its place was not there any more. `history` was
#: missed before it was taken on here, when nobody could be told.
ASIDE: Final = ("waived", "suspended", "ended", "gone", "undated", "undetermined", "history")
#: Strengths with a count of their own, what binds most first.
BINDING: Final = {"must": 0, "strive": 1}
#: Strengths that bind nobody to a day: counted apart under their own names.
UNBINDING: Final = tuple(each for each in STRENGTHS if each not in BINDING)
RESULTS: Final = (*DECIDED, "pending", *ASIDE, *UNBINDING)


class Slice(Protocol):
    """A row of a duty, from a day up to the day before another."""

    @property
    def valid_to(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def strength(self) -> str: ...
    @property
    def applies(self) -> str | None: ...


class Outcome(Protocol):
    """What became of a duty, as the row of the day looked at says it."""

    @property
    def met_on(self) -> date | None: ...
    @property
    def missed_on(self) -> date | None: ...
    @property
    def missed_in_history(self) -> int: ...
    @property
    def miss_overturned_by(self) -> int | None: ...


S = TypeVar("S", bound=Slice)


class Counted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing a card counts, once, on its `day`: `who` answers for it, None where nobody is named."""

    id: str
    who: str | None
    strength: str
    result: str
    day: date | None = None
    recorded_late: bool = False


def fell(slices: Sequence[S], day: date) -> S:
    """The row in which the deadline of a duty fell that counts, of its rows up to the end of `day`.

    One that was replaced before its end never fell. Of those that fell the first counts for good, one
    that must be kept before an aim: what is set after it (a later day, a waiver, an amended plan)
    makes no miss undone. Where none fell, the last row.
    """
    there = [s for s in slices if s.last_day and (s.valid_to > s.last_day or s.valid_to > day)]
    if len(there) > 1:
        return min(there, key=_binds)
    return there[0] if there else slices[-1]


def _binds(row: Slice) -> int:
    """How much a row binds, what binds most first; a condition that nobody has settled binds nobody."""
    open_ = row.applies in ("unknown", "no")
    return len(BINDING) if open_ else BINDING.get(row.strength, len(BINDING))


def result(then: Dated, now: Outcome, day: date, closed: date | None) -> str:
    """How a duty came out by the end of `day`: one of RESULTS.

    `then` is the duty at the end of its last day, `now` at the end of `day`; `closed` is the last
    day that is closed: before that nobody has looked.
    """
    if then.strength in UNBINDING:
        return then.strength
    if then.applies == "unknown":
        # Also where it was done: to count what was done, and not what was not, would lift the rate.
        return "undetermined"
    how = standing(then, min(then.last_day or day, day))
    if how in ASIDE:
        return how
    if now.missed_in_history and not now.miss_overturned_by:
        return "history"
    if now.met_on:
        return "late" if after(now.met_on, then.last_day) else "on_time"
    if then.strength == "must":
        return "missed" if now.missed_on and after(now.missed_on, then.last_day) else "pending"
    return aim(then.last_day, closed)


def aim(last_day: date | None, closed: date | None) -> str:
    """What is to be said of an aim that is not reached."""
    return "behind" if last_day and closed and last_day <= closed else "pending"


class Tally(msgspec.Struct, frozen=True):
    """How many came out how; `recorded_late` are those of `on_time` typed after they had been missed."""

    on_time: int = 0
    recorded_late: int = 0
    late: int = 0
    missed: int = 0
    pending: int = 0

    @property
    def owed(self) -> int:
        """The denominator: what was owed by a day that has been judged, or is done already."""
        return self.on_time + self.late + self.missed


class Card(msgspec.Struct, frozen=True):
    """The counts of one who answers: what must be done, what is striven for, and what is no debt."""

    who: str | None
    must: Tally
    strive: Tally
    aside: Mapping[str, int]

    @property
    def counted(self) -> int:
        """Everything on the card, each once."""
        both = (self.must, self.strive)
        return sum(t.owed + t.pending for t in both) + sum(self.aside.values())


def card(items: Iterable[Counted], who: str | None = None) -> Card:
    """One card of all these."""
    must: dict[str, int] = {}
    strive: dict[str, int] = {}
    aside: dict[str, int] = {}
    for each in items:
        counts = strive if each.strength == "strive" else must
        if each.result not in (*DECIDED, "pending"):
            counts = aside
        counts[each.result] = counts.get(each.result, 0) + 1
        if each.recorded_late:
            counts["recorded_late"] = counts.get("recorded_late", 0) + 1
    return Card(who, _tally(must), _tally(strive), aside)


def _tally(counts: dict[str, int]) -> Tally:
    missed = counts.pop("missed", 0) + counts.pop("behind", 0)
    return Tally(missed=missed, **counts)


def cards(items: Iterable[Counted]) -> list[Card]:
    """A card for each who answers for something, in no order that says who is better."""
    of: dict[str | None, list[Counted]] = {}
    for each in items:
        of.setdefault(each.who, []).append(each)
    return [card(some, who) for who, some in of.items()]


def order(found: Card, by: str) -> tuple[float, ...]:
    """The key of a card by `rate` or `late`, the worst first; who owed nothing has no rate and comes last."""
    late = found.must.late + found.must.missed
    if by == "late":
        return (-late,)
    owed = found.must.owed
    return (found.must.on_time / owed, -owed) if owed else (2.0,)


#: Result -> why, in both languages.
_WHY: Final[dict[str, tuple[str, str]]] = {
    "on_time": (
        "Hoàn thành ngày {met_on}, trong hạn đến hết ngày {last_day}.",
        "Done on {met_on}, in time until the end of {last_day}.",
    ),
    "late": (
        "Hoàn thành ngày {met_on}, sau hạn đến hết ngày {last_day}.",
        "Done on {met_on}, after the end of {last_day}, when it was due.",
    ),
    "missed": (
        "Hết ngày {last_day} chưa hoàn thành; lần chốt đã ghi quá hạn.",
        "Not done by the end of {last_day}; a closing found it missed.",
    ),
    "behind": (
        "Hết ngày {last_day} chưa đạt; đây là mốc phấn đấu.",
        "Not reached by the end of {last_day}; it is a mark to strive for.",
    ),
    "pending": (
        "Hạn đến hết ngày {last_day}, chưa chốt; chưa tính đúng hay quá hạn.",
        "Due by the end of {last_day}, not judged yet; it counts neither way.",
    ),
    "waived": ("Được miễn trước khi hết hạn.", "Waived before it was due."),
    "suspended": ("Đang tạm dừng khi đến hạn.", "Suspended when it fell due."),
    "ended": (
        "Kế hoạch sửa đổi bỏ nhiệm vụ trước khi hết hạn.",
        "Dropped by the amended plan before it was due.",
    ),
    "gone": (
        "Khi đến hạn, địa bàn không còn hoặc đã rời chương trình.",
        "When it fell due its place had ended, or had left the programme.",
    ),
    "undated": ("Câu chữ không nêu thời hạn.", "The words set no day."),
    "undetermined": ("Chưa đủ căn cứ để xác định.", "There is not enough to tell."),
    "history": (
        "Hạn hết ngày {last_day}, trước khi đưa vào sổ; không tính là quá hạn.",
        "Due by the end of {last_day}, before it was taken on here; it counts neither way.",
    ),
    "recorded_late": (
        "Ghi sổ muộn: lần chốt đã ghi quá hạn, việc vẫn đúng hạn.",
        "Typed late: a closing had found it missed, yet it was in time.",
    ),
    "moved": (
        "Hạn đặt lại sau khi đã quá hạn không xóa lần quá hạn này.",
        "A day set after it had been missed does not undo that.",
    ),
    "unbinding": ("Câu chữ không bắt buộc ({strength:word}).", "The words do not bind ({strength:word})."),
}  # fmt: skip


def explain(
    said: Counted,
    met_on: date | None,
    lang: str,
    *,
    moved: bool = False,
    waits: Awaiting | None = None,
) -> str:
    """Why it counts as it does, in `lang`; `moved`: a later day was set after its own had passed.

    It `waits` where its time runs from an event.
    """
    if said.result == "undated" and waits:
        return awaited(waits, lang)
    keys = ["unbinding" if said.result in UNBINDING else said.result]
    keys += ["recorded_late"] if said.recorded_late else []
    keys += ["moved"] if moved and said.result in ("late", "missed") else []
    facts = {"met_on": met_on, "last_day": said.day, "strength": said.strength}
    fill = Sentence(lang).format
    return " ".join(fill(_WHY[key][lang == "en"], **facts) for key in keys)
