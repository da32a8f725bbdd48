"""What is open until a dossier can go on its road: each thing with who has to do it, by when, and its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.result_year import YES
from ntm_workflow.domain.values import Word
from ntm_workflow.office.leads import Leads
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.recognition import blocks
from ntm_workflow.office.result_years import counting
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.journal import Journal


@dataclass(frozen=True)
class Open:
    """One thing that is open. `who` are units, none where no paper names one."""

    what: str
    words: Word
    source: str | None
    who: tuple[str, ...] = ()
    due: date | None = None
    blocks: bool = True


def missing(journal: Journal, reading: Reading, row: Any) -> Iterator[Open]:
    """What a return asked for, duties that wait for the dossier, criteria, and what else blocks."""
    if row.stage in ("recognised", "announced", "closed"):
        return
    yield from _returned(row)
    yield from _owed(reading, row)
    yield from _criteria(journal, reading, row)
    for block in blocks(journal, reading, row):
        if block.what != "criteria":
            yield Open(block.what, block.words, block.source, blocks=block.blocks)


def _returned(row: Any) -> Iterator[Open]:
    for back in row.returns:
        for thing in back["missing"] if back["closed"] is None else ():
            yield Open("returned", Word(thing, thing), f"#{back['entry']}", (row.holder,))


def _owed(reading: Reading, row: Any) -> Iterator[Open]:
    """Duties of plans and returns that a step of this dossier meets, the soonest first."""
    c = VIEWS["obligation"].table.c
    names = ("id", "title", "owed_by", "strict_day", "plan", "clause", "strength")
    wanted = (c.trigger.startswith(f"{row.id}/", autoescape=True), c.met_on.is_(None))
    still = (c.waived_on.is_(None), c.ended_on.is_(None))
    duties = reading.rows("obligation", *wanted, *still, only=names)
    for duty in sorted(duties, key=lambda each: (each.strict_day or date.max, each.id)):
        source = " ".join(filter(None, (duty.plan, duty.clause)))
        who = (duty.owed_by,)
        words = Word(duty.title, duty.title)
        yield Open("duty", words, source, who, duty.strict_day, duty.strength == "must")


def _criteria(journal: Journal, reading: Reading, row: Any) -> Iterator[Open]:
    """Criteria that do not count yet, one line for each reason and whoever leads them."""
    counted, leads = counting(journal, reading, row, None), Leads(reading)
    of = counted.edition
    groups: dict[tuple[Word, tuple[str, ...]], list[str]] = defaultdict(list)
    for each in counted.rows():
        if each["counts"] != YES:
            led = leads.of(row.place, of.set, of.version, each["number"])
            who = tuple(unit.unit for unit in led)
            groups[each["why"], who].append(str(each["number"]))
    for (why, who), numbers in groups.items():
        listed = ", ".join(numbers)
        words = Word(f"tiêu chí {listed}: {why.vi}", f"criteria {listed}: {why.en}")
        yield Open("criteria", words, of.decision, who)
