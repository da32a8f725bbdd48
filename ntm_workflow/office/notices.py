"""Letters that do not wait for the morning's digest: a decision about a duty, and money that is to be stopped.

A notice is set off by one fact and written once. What is to be stopped waits until somebody releases
it: figures of the treasury may have come in meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications.context import LetterItem
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS

#: How long after a fact its notice may still be written: a stopped machine must not swallow one.
_LOOK_BACK: Final = timedelta(days=14)
DECIDED: Final = ("ObligationExtended", "ObligationWaived", "ObligationSuspended")
STOPPED: Final = "ZeroDisbursementFound"


def planned(reading: Reading) -> list[Intent]:
    """The notices not written yet of what happened lately, each about the entry that set it off."""
    facts = _facts(reading, (*DECIDED, STOPPED))
    found = [*_decided(reading, facts), *_stopped(reading, facts)]
    written = _written(reading, [intent.id for intent in found])
    return [intent for intent in found if intent.id not in written]


def _facts(reading: Reading, types: tuple[str, ...]) -> list[Any]:
    since, c = (reading.as_of - _LOOK_BACK).isoformat(), FACTS.c
    wanted = (c.type.in_(types), c.recorded_on >= since, c.recorded_on <= reading.as_of)
    query = sa.select(FACTS).where(*wanted, c.position <= reading.known, c.voided_by.is_(None))
    return list(reading.conn.execute(query.order_by(c.position)))


def _written(reading: Reading, ids: list[str]) -> set[str]:
    c = VIEWS["letter"].table.c
    query = sa.select(c.id).where(VIEWS["letter"].now, c.id.in_(ids))
    return set(reading.conn.scalars(query)) if ids else set()


def _decided(reading: Reading, facts: list[Any]) -> Iterator[Intent]:
    """What was decided of duties their unit had been told of; of others it hears nothing new."""
    letters: dict[tuple[str, int], list[Line]] = {}
    decided = [fact for fact in facts if fact.type in DECIDED]
    told = telling.last(reading.conn, [f.subject for f in decided], reading.as_of)
    heard = {(each.subject, each.unit) for each in told}
    for fact in decided:
        row = reading.row(fact.subject)
        if row is not None and (fact.subject, row.owed_by) in heard:
            line = Line(fact.subject, "decided", 0, row.act_by)
            letters.setdefault((row.owed_by, fact.entry), []).append(line)
    for (unit, entry), lines in letters.items():
        yield Intent(unit, "decided", reading.as_of, tuple(lines), about=str(entry))


def _stopped(reading: Reading, facts: list[Any]) -> Iterator[Intent]:
    letters: dict[tuple[str, int], list[Line]] = {}
    for fact in facts:
        if fact.type != STOPPED:
            continue
        row = reading.row(fact.subject)
        unit = _owner(reading, row) if row is not None and row.stop else None
        if unit:
            line = Line(fact.subject, "to_stop")
            letters.setdefault((unit, fact.entry), []).append(line)
    for (unit, entry), lines in letters.items():
        about = str(entry)
        yield Intent(unit, "to_stop", reading.as_of, tuple(lines), about=about, held=True)


def _owner(reading: Reading, fund: Any) -> str | None:
    """The committee of the place the money was given for."""
    place = reading.places.get(fund.place)
    return reading.committee(fund.place, place.level) if place is not None else None


# --- in words

_DECISIONS: Final[dict[str, tuple[str, str]]] = {
    "waived": ("được miễn từ ngày {waived_on}", "waived since {waived_on}"),
    "suspended": (
        "tạm dừng từ ngày {suspended_on} đến hết ngày {suspended_until}",
        "suspended from {suspended_on} to the end of {suspended_until}",
    ),
    "extended": (
        "gia hạn, ngày làm việc cuối cùng mới là {act_by}",
        "extended, the new last working day is {act_by}",
    ),
}
_NOTHING_SPENT: Final = (
    "theo số liệu đến ngày {day}, chưa giải ngân",
    "by figures up to {day}, nothing spent",
)


def decisions(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """What was decided of each duty, as it stands now."""
    for line in intent.lines:
        row = lines.row(line.subject)
        if row is not None:
            fact = _fact(lines.reading, line.subject, intent)
            told = _told(_DECISIONS[_decision(row)], lines.lang, row.as_dict())
            paper = f" ({fact.document})" if fact is not None and fact.document else ""
            on = fact.effective_on if fact is not None else None
            yield lines.item(line, on=on, told=told + paper)


def _decision(row: Any) -> str:
    if row.waived_on:
        return "waived"
    return "suspended" if row.suspended_on and row.suspended_until else "extended"


def stops(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """The items that are still to be stopped: none that was paid on, or released, meanwhile."""
    reading = lines.reading
    for line in intent.lines:
        row, fact = reading.row(line.subject), _fact(reading, line.subject, intent)
        if row is None or not row.stop or row.disbursed or fact is None:
            continue
        unit = _owner(reading, row)
        yield LetterItem(
            id=bare(line.subject),
            part="to_stop",
            title=row.item,
            owed_by=reading.names.get(unit or "", ""),
            place=reading.names.get(row.place, row.place),
            clause=row.stop.get("clause", ""),
            strength="must",
            on=fact.effective_on,
            told=_told(_NOTHING_SPENT, lines.lang, {"day": fact.effective_on}),
        )


def _fact(reading: Reading, subject: str, intent: Intent) -> Any | None:
    c = FACTS.c
    same = (c.subject == subject, c.entry == int(intent.about or 0), c.voided_by.is_(None))
    return reading.conn.execute(sa.select(FACTS).where(*same).limit(1)).one_or_none()


def _told(texts: tuple[str, str], lang: str, facts: dict[str, Any]) -> str:
    days = {k: format_date(v) for k, v in facts.items() if isinstance(v, date)}
    return texts[lang == "en"].format_map(_Blank(days))


class _Blank(dict[str, str]):
    """A day nobody has set is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
