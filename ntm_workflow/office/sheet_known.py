"""What the journal said of the subjects of a sheet before it was taken in: each act as often as it was told.

Knows acts by what their kind says they mean, and no row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

from ntm_workflow.domain.base import Event, Refused
from ntm_workflow.domain.inputs import tidy
from ntm_workflow.domain.values import Word
from ntm_workflow.office.entry import Entry

Meaning = tuple[Any, ...]


class ToldOtherwise(Refused):
    vi = "Sổ đã ghi việc này ở lần ghi #{entry}, nhưng khác ở: {fields}.\nNếu sổ đúng thì để trống các ô ấy ở dòng này; nếu dòng này đúng thì sửa sổ: ntm fact correct {entry}"
    en = "The journal has this already, as entry #{entry}, but not with this: {fields}.\nIf the journal is right, empty those cells of the row; if the row is right, mend the journal: ntm fact correct {entry}"


class ToldAmongOthers(ToldOtherwise):
    """The entry holds more than this act: correcting it would change them, too."""

    vi = "Sổ đã ghi việc này ở lần ghi #{entry} cùng nhiều việc khác, nhưng khác ở: {fields}.\nNếu sổ đúng thì để trống các ô ấy ở dòng này; nếu dòng này đúng thì hủy cả lần đó (ntm fact void {entry}) rồi nhập lại biểu đã sửa: đính chính sẽ đổi cả các việc kia."
    en = "The journal has this already, in entry #{entry} with other things, but not with this: {fields}.\nIf the journal is right, empty those cells of the row; if the row is right, void that entry (ntm fact void {entry}) and take in the mended form: a correction would change the others, too."


class Detail(NamedTuple):
    """What a row says of a field of its fact, beside what the act is known by."""

    field: str
    title: Word
    value: Any

    def is_in(self, event: Event) -> bool:
        there = getattr(event, self.field, None)
        return bool(same_words(self.value) == same_words(there))


def same_words(said: Any) -> Any:
    """What texts are compared by: spaces and capitals tell no two apart."""
    if isinstance(said, str):
        return tidy(said).casefold()
    # A list says the same in any order.
    return frozenset(map(same_words, said)) if isinstance(said, tuple | list) else said


class Meanings(Protocol):
    """What acts of a kind are known by."""

    events: ClassVar[tuple[type[Event], ...]]

    def meaning(self, event: Any) -> Meaning: ...

    def like(self, event: Any) -> Meaning | None: ...


@dataclass
class _OfSubject:
    """The acts of one subject: how many of each are still to be told again, and each as it was ever told."""

    left: Counter[Meaning]
    told: dict[Meaning, list[tuple[Event, int]]] = field(default_factory=lambda: defaultdict(list))
    alike: dict[Meaning, int] = field(default_factory=dict)


class Known:
    """The acts of all subjects of a sheet, each loaded when it is first asked for."""

    def __init__(self, entry: Entry, rows: Meanings) -> None:
        self.entry, self.rows = entry, rows
        self.subjects: dict[str, _OfSubject] = {}
        self.earlier: dict[int, dict[str, list[Event]]] = {}

    def has(self, id: str, meaning: Meaning, details: Sequence[Detail]) -> bool:
        """Whether the journal has the act in these words; each act it has is one row."""
        known = self._of(id)
        if not known.left[meaning]:
            return False
        if not any(all(d.is_in(event) for d in details) for event, _ in known.told[meaning]):
            return False
        known.left[meaning] -= 1
        return True

    def differing(self, id: str, meaning: Meaning, details: Sequence[Detail]) -> Refused | None:
        """Why an act that the journal has in other words is neither known nor new; None where it has none."""
        known = self._of(id)
        if not known.left[meaning]:
            return None
        event, entry = known.told[meaning][0]
        among = sum(map(len, self._told_in(entry).values())) > 1
        return (ToldAmongOthers if among else ToldOtherwise)(
            entry=entry, fields=[d.title for d in details if not d.is_in(event)]
        )

    def alike(self, id: str, like: Meaning) -> int | None:
        """The entry of an act the journal had that this one may repeat."""
        return self._of(id).alike.get(like)

    def _of(self, id: str) -> _OfSubject:
        if id not in self.subjects:
            facts = [(step.fact.event, step.fact.entry) for step in self.entry.timeline(id).steps]
            events = [event for event, _ in facts]
            found = _OfSubject(self._meanings(events) + self._corrected(id, events))
            for event, entry in (*facts, *self._before(id, facts)):
                if isinstance(event, self.rows.events):
                    found.told[self.rows.meaning(event)].append((event, entry))
                    if (like := self.rows.like(event)) is not None:
                        found.alike.setdefault(like, entry)
            self.subjects[id] = found
        return self.subjects[id]

    def _meanings(self, events: Iterable[Event]) -> Counter[Meaning]:
        told = (event for event in events if isinstance(event, self.rows.events))
        return Counter(map(self.rows.meaning, told))

    def _corrected(self, id: str, events: Iterable[Event]) -> Counter[Meaning]:
        """What facts said before they were corrected: a sheet that still says so tells nothing new."""
        replacing: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            if event.replaces is not None:
                replacing[event.replaces].append(event)
        before: Counter[Meaning] = Counter()
        for number, now in replacing.items():
            told = self._told_in(number).get(id, [])
            before += self._meanings(told) - self._meanings(now)
            before += self._corrected(id, told)
        return before

    def _before(self, id: str, facts: Iterable[tuple[Event, int]]) -> Iterator[tuple[Event, int]]:
        """The events that were corrected, each with the entry that stands in its place now."""
        replaced = {event.replaces: entry for event, entry in facts if event.replaces is not None}
        for number, entry in replaced.items():
            told = [(event, entry) for event in self._told_in(number).get(id, [])]
            yield from told
            yield from self._before(id, told)

    def _told_in(self, number: int) -> dict[str, list[Event]]:
        """The events of an entry that was corrected, by subject."""
        if number not in self.earlier:
            by_subject = self.earlier[number] = defaultdict(list)
            for fact in self.entry.journal.entry(self.entry.conn, number):
                by_subject[fact.subject].append(fact.event)
        return self.earlier[number]
