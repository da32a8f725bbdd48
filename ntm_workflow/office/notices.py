"""Letters that do not wait for the morning's digest: a decision about a duty, money that is to be stopped, a returned dossier.

A notice is set off by one fact and written once. What is to be stopped waits until somebody releases
it: figures of the treasury may have come in meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from ntm_workflow.domain.fund_stop import Stop
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications.context import LetterItem
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.said import Asked, rows
from ntm_workflow.projections import VIEWS, telling
from ntm_workflow.projections.history import FACTS, NOTICED, noticed

#: How long after a fact its notice may still be written: a stopped machine must not swallow one.
_LOOK_BACK: Final = timedelta(days=14)
#: What is found, and what becomes of it where something told later spoke against it.
STOPPED: Final = frozenset({"ZeroDisbursementFound", "FindingReviewed"})
RETURNED: Final = "DossierReturned"
DECIDED: Final = frozenset(NOTICED) - STOPPED - {RETURNED}


def planned(reading: Reading) -> list[Intent]:
    """The notices not written yet of what happened lately, each about the entry that set it off."""
    return _of(reading, reading.as_of - _LOOK_BACK)


def of_today(reading: Reading) -> list[Intent]:
    """Those of what was recorded on the day itself."""
    return _of(reading, reading.as_of)


def _of(reading: Reading, since: date) -> list[Intent]:
    facts = noticed(reading.conn, since, reading.as_of, reading.known)
    if not facts:
        return []
    found = [*_decided(reading, facts), *_stopped(reading, facts), *_returned(reading, facts)]
    written = _written(reading, [intent.id for intent in found])
    return [intent for intent in found if intent.id not in written]


def _written(reading: Reading, ids: Sequence[str]) -> set[str]:
    c = VIEWS["letter"].table.c
    query = sa.select(c.id).where(VIEWS["letter"].now, c.id.in_(ids))
    return set(reading.conn.scalars(query)) if ids else set()


def _decided(reading: Reading, facts: Sequence[Any]) -> Iterator[Intent]:
    """What was decided of duties their unit had been told of; of others it hears nothing new."""
    # What a later decision replaced is told by that one.
    newest = {fact.subject: fact for fact in facts if fact.type in DECIDED}
    duties, told = _as_decided(reading, newest), telling.first(reading.conn, list(newest))
    letters: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    for id, row in duties.items():
        fact = newest[id]
        if told.get((id, row.owed_by), fact.position) < fact.position:
            letters[row.owed_by, fact.entry].append(Line(id, "decided", 0, row.act_by))
    for (unit, entry), lines in letters.items():
        yield Intent(unit, "decided", reading.as_of, tuple(lines), about=str(entry))


def _as_decided(reading: Reading, facts: dict[str, Any]) -> dict[str, Any]:
    """Each duty as it stands, or once its decision takes effect."""
    asked = {
        id: Asked(id, max(reading.as_of, fact.effective_on), reading.known)
        for id, fact in facts.items()
    }
    found = rows(reading, asked.values())
    return {id: found[each] for id, each in asked.items() if each in found}


def _stopped(reading: Reading, facts: Sequence[Any]) -> Iterator[Intent]:
    """Money of which nothing is spent to this day, for those who would spend it."""
    newest = {fact.subject: fact for fact in facts if fact.type in STOPPED}
    named = telling.last_named(reading.conn, list(newest))
    told = {id for id, position in named.items() if position > newest[id].position}
    entries = _first_of_a_day(fact for id, fact in newest.items() if id not in told)
    funds = rows(reading, [Asked(id, reading.as_of, reading.known) for id in entries])
    letters: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    unsure: set[tuple[str, int]] = set()
    for fund in funds.values():
        unit = _owner(reading, fund)
        if unit and to_stop(fund) and untouched(fund):
            letters[unit, entries[fund.id]].append(Line(fund.id, "to_stop"))
            if not fund.stop["reconciled_on"]:
                unsure.add((unit, entries[fund.id]))
    for key, lines in letters.items():
        (unit, entry), held = key, key in unsure
        # Until the treasury's figures are compared, somebody has to answer for it.
        yield Intent(unit, "to_stop", reading.as_of, tuple(lines), about=str(entry), held=held)


def _returned(reading: Reading, facts: Sequence[Any]) -> Iterator[Intent]:
    """What a return asks of whoever has to hand the dossier up once more, unless that is done already."""
    entries = [fact.entry for fact in facts if fact.type == RETURNED]
    for duty in _opened_by(reading, entries):
        row = rows(reading, [asked := Asked(duty.subject, reading.as_of, reading.known)]).get(asked)
        if row is not None and row.met_on is None:
            line = Line(row.id, "returned", 0, row.act_by)
            about = str(duty.because)
            yield Intent(row.owed_by, "returned", reading.as_of, (line,), about=about)


def _opened_by(reading: Reading, entries: Sequence[int]) -> Sequence[Any]:
    """The facts that opened a duty because of these entries, and stand."""
    c = FACTS.c
    of = (c.because.in_(entries), c.type == "ObligationAssigned", c.voided_by.is_(None))
    query = sa.select(FACTS).where(*of, c.position <= reading.known)
    return reading.conn.execute(query.order_by(c.position)).all() if entries else []


def _first_of_a_day(facts: Iterable[Any]) -> dict[str, int]:
    """For each subject the first entry of the day it was found on: a closing of many items has many."""
    first: dict[date, int] = {}
    return {fact.subject: first.setdefault(fact.recorded_on, fact.entry) for fact in facts}


def to_stop(fund: Any) -> bool:
    """Whether its clause says that payments are to stop, or the treasury has stopped them."""
    return bool(fund.stop) and msgspec.convert(fund.stop, Stop).halts


def untouched(fund: Any) -> bool:
    """Whether nothing that counts was paid on it to this day, but what a review let pass."""
    stop = msgspec.convert(fund.stop, Stop)
    paid = fund.disbursed if stop.advances_count else fund.disbursed - fund.advanced
    return bool(paid <= stop.looked_at)


def _owner(reading: Reading, fund: Any) -> str | None:
    """Who owns it; of what was opened without an owner, the nearest committee."""
    return str(fund.owner) if fund.owner else reading.nearest_committee(fund.place)


# --- in words

#: What was decided, by the fact that says so.
_DECISIONS: Final[dict[str, tuple[str, str]]] = {
    "ObligationWaived": ("được miễn từ ngày {waived_on}", "waived since {waived_on}"),
    "ObligationSuspended": (
        "tạm dừng từ ngày {suspended_on} đến hết ngày {suspended_until}",
        "suspended from {suspended_on} to the end of {suspended_until}",
    ),
    "ObligationExtended": (
        "gia hạn, ngày làm việc cuối cùng mới là {act_by}",
        "extended, the new last working day is {act_by}",
    ),
}
_WITHOUT_END: Final = (
    "tạm dừng từ ngày {suspended_on} cho đến khi có quyết định tiếp tục",
    "suspended from {suspended_on} until it is resumed",
)
_NOTHING_SPENT: Final = (
    "đến hết ngày {day}, sổ chưa ghi khoản giải ngân nào",
    "up to the end of {day} the journal has no payment",
)


def decisions(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """What was decided of each duty, unless it was voided, decided anew, or is done."""
    reading, entry = lines.reading, int(intent.about or 0)
    for line in intent.lines:
        fact = decision(reading, line.subject)
        if fact is None or fact.entry != entry:
            continue
        row = _as_decided(reading, {line.subject: fact}).get(line.subject)
        if row is not None and not row.met_on:
            paper = f" ({fact.document})" if fact.document else ""
            told = decided(fact, row, lines.lang) + paper
            yield lines.item(line, row, on=fact.effective_on, told=told)


def decision(reading: Reading, duty: str) -> Any | None:
    """The last decision about a duty that stands."""
    c = FACTS.c
    stands = (c.subject == duty, c.type.in_(sorted(DECIDED)), c.voided_by.is_(None))
    query = sa.select(FACTS).where(*stands, c.position <= reading.known)
    return reading.conn.execute(query.order_by(c.position.desc()).limit(1)).one_or_none()


def fact_of(reading: Reading, subject: str, entry: int, *, voided: bool = False) -> Any | None:
    """What an entry decided of a duty, if it stands, or although it was `voided`."""
    c = FACTS.c
    of = [c.subject == subject, c.entry == entry, c.type.in_(sorted(DECIDED))]
    stands = [] if voided else [c.voided_by.is_(None)]
    query = sa.select(FACTS).where(*of, *stands, c.position <= reading.known)
    return reading.conn.execute(query.limit(1)).one_or_none()


def decided(fact: Any, row: Any, lang: str) -> str:
    """What a decision says of a duty."""
    endless = fact.type == "ObligationSuspended" and row.suspended_until is None
    text = (_WITHOUT_END if endless else _DECISIONS[fact.type])[lang == "en"]
    days = ("waived_on", "suspended_on", "suspended_until", "act_by")
    facts = {name: getattr(row, name) for name in days}
    return text.format(**{name: format_date(day) if day else "–" for name, day in facts.items()})


def returns(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """What a returned dossier still lacks, by the paper that returned it."""
    for duty in _opened_by(lines.reading, [int(intent.about or 0)]):
        line = next((each for each in intent.lines if each.subject == duty.subject), None)
        row = lines.row(duty.subject)
        if line is not None and row is not None and row.met_on is None:
            yield lines.item(line, row, on=duty.effective_on, told=duty.document)


def stops(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """The items that are still to be stopped: none that was paid on meanwhile."""
    for line in intent.lines:
        fund = lines.reading.row(line.subject)
        if fund is not None and to_stop(fund) and untouched(fund):
            found_on = date.fromisoformat(fund.stop["found_on"])
            told = _NOTHING_SPENT[lines.lang == "en"].format(day=format_date(found_on))
            yield stop_item(lines.reading, fund, part="to_stop", on=found_on, told=told)


def stop_item(reading: Reading, fund: Any, **more: Any) -> LetterItem:
    """A line about money."""
    unit = _owner(reading, fund)
    return LetterItem(
        id=bare(fund.id),
        title=fund.item,
        owed_by=reading.names.get(unit or "", ""),
        place=reading.names.get(fund.place, fund.place),
        clause=fund.stop["clause"] if fund.stop else "",
        strength="must",
        **more,
    )
