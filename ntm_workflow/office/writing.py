"""What a letter says: its lines looked up as they stand, put into words, with the dates beside them.

A line that no longer holds is left out, and a letter of which nothing holds is not written.
Knows no outbox and no address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from ntm_workflow.notifications.context import Counts, LetterContext, LetterItem, LetterKind
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.notifications.trusted import templates
from ntm_workflow.office import alarm, missing, notices, retracting, summary
from ntm_workflow.office.agenda import Agenda
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.style import OURS, Style


@dataclass(frozen=True)
class Written:
    """A letter as its unit would read it. `corrects` are the letters it takes back, by id.

    `chat` makes the short text of it to paste into a chat.
    """

    intent: Intent
    subject: str
    body: str
    html: str | None = None
    calendar: bytes | None = None
    optional: bool = False
    corrects: tuple[str, ...] = ()
    chat: Callable[[], str] = lambda: ""


def write(reading: Reading, intent: Intent, *, sample: bool, style: Style = OURS) -> Written | None:
    """The letter as it would read now; None when nothing it was to say still holds."""
    return Desk(reading, sample=sample, style=style).write(intent)


class Desk:
    """Where letters are written, from one look at the tables: what all of them need is read once."""

    def __init__(self, reading: Reading, *, sample: bool, style: Style = OURS) -> None:
        self.reading = reading
        self.sample = sample
        self.style = style
        self.lines = Lines(reading, style.lang)
        self.agenda = Agenda(reading, self.lines, style, sample=sample)
        # Read and checked once; templates with a fault are refused before any letter is written.
        self.templates = templates(style.templates)

    def learn(self, intents: Sequence[Intent]) -> None:
        """Look up the duties of many letters at once."""
        named = {line.subject for intent in intents for line in intent.lines}
        units = {intent.unit for intent in intents if intent.kind != alarm.KIND}
        self.agenda.learn(units, named)

    def write(self, intent: Intent) -> Written | None:
        if intent.kind == alarm.KIND:
            told = alarm.text(self.reading, intent.unit, intent.about or "", sample=self.sample)
            return Written(intent, *told) if told else None
        items = tuple(_ITEMS.get(intent.kind, _duties)(self.lines, intent))
        counts = summary.counts(self.reading, intent) if intent.kind == summary.KIND else None
        if not items and not (counts and any(_numbers(counts))):
            return None
        return self._in_words(intent, items, counts)

    def _in_words(
        self, intent: Intent, items: tuple[LetterItem, ...], counts: Counts | None
    ) -> Written:
        style, optional = self.style, intent.kind == summary.KIND
        context = LetterContext(
            kind=cast("LetterKind", intent.kind),
            unit=self.reading.names.get(intent.unit, intent.unit),
            # What waited for a release or an address is told as it stands when it leaves.
            day=max(intent.day, self.reading.as_of),
            items=items,
            upward=self._upward(intent.unit),
            sample=self.sample,
            lang=style.lang,
            answer_to=style.answer_to,
            office=style.office,
            optional=optional,
            counts=counts,
        )
        words = self.templates
        said = words.render(context)
        return Written(
            intent,
            said.subject,
            said.text,
            said.html,
            self.agenda.attached(intent),
            optional,
            _corrected(items),
            lambda: words.chat(context),
        )

    def _upward(self, unit: str) -> bool:
        """True when the reader stands above the level that keeps the journal's plans: the province."""
        row = self.reading.units.get(unit)
        place = self.reading.places.get(row.place) if row is not None and row.place else None
        return place is not None and place.level == "province"


def _duties(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """The duties of a digest, as far as what each line says is still so."""
    return (lines.item(line) for line in intent.lines if lines.holds(line))


def _corrected(items: Iterable[LetterItem]) -> tuple[str, ...]:
    """The letters some lines take back, each once, in their order."""
    wrong = (item.corrected for item in items)
    return tuple(dict.fromkeys(f"letter/{each.letter}" for each in wrong if each))


Items = Callable[[Lines, Intent], Iterator[LetterItem]]
#: How the lines of each kind of letter are looked up; of what is not named here, as duties.
_ITEMS: Final[Mapping[str, Items]] = {
    "decided": notices.decisions,
    "to_stop": notices.stops,
    "returned": notices.returns,
    retracting.KIND: retracting.items,
    summary.KIND: summary.items,
    missing.KIND: missing.items,
}


def _numbers(counts: Counts) -> tuple[int, ...]:
    return counts.met, counts.met_late, counts.open, counts.overdue, counts.behind
