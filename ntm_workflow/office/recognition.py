"""Recognitions: granted by a dossier's decision, and what stands in the way of one.

A block is stated with its source. What nobody has sourced a number for is shown and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ntm_workflow.domain.base import BEGINNING, Fact, Refused
from ntm_workflow.domain.dossier_events import DossierRecognised
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.recognition import RecognitionGranted, RecognitionOpened
from ntm_workflow.domain.result_year import YES
from ntm_workflow.domain.road import Condition
from ntm_workflow.domain.values import Word, format_short
from ntm_workflow.domain.words import in_words
from ntm_workflow.office.dossier import Desk, Which
from ntm_workflow.office.editions import provinces
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.office.reading import Reading
from ntm_workflow.office.result_years import counting
from ntm_workflow.office.target import target_id
from ntm_workflow.plans.roads import conditions
from ntm_workflow.plans.standards import builds_on, standards
from ntm_workflow.projections import VIEWS
from ntm_workflow.store.journal import Journal


class NotReady(Refused):
    vi = "Chưa công nhận được {standard:word} năm {year} cho {place}: {blocks}.\nXem: ntm dossier show --place {id:arg} --standard {standard} --year {year}. Đã có quyết định thì thêm --already-done"
    en = "{place} cannot be recognised as {standard:word} for {year} yet: {blocks}.\nSee: ntm dossier show --place {id:arg} --standard {standard} --year {year}. If it is decided already: --already-done"


@dataclass(frozen=True)
class Block:
    """What stands in the way, or is only to be known (`blocks` false), and the paper that says so."""

    what: str
    words: Word
    source: str
    blocks: bool = True


def holders(reading: Reading, standard: str) -> dict[str, str | None]:
    """Every place that holds a standard, or one that builds on it: the paper, or None where only a plan's
    own table says so.
    """
    found: dict[str, str | None] = {}
    wanted = [each for each in standards() if each == standard or standard in builds_on(each)]
    t, r = VIEWS["target"].table.c, VIEWS["recognition"].table.c
    for row in reading.rows(
        "target", t.what.in_(wanted), only=("id", "place", "what", "statements")
    ):
        if any(map(_says_held, row.statements)):
            found[row.place] = None
    gone = set()
    for row in reading.rows("recognition", r.standard.in_(wanted)):
        if row.held:
            found[row.place] = _by(row)
        elif row.withdrawn_on and row.standard == standard:
            gone.add(row.place)
    return {place: how for place, how in found.items() if place not in gone or how is not None}


def _says_held(said: dict[str, Any]) -> bool:
    """Whether a statement of a plan is that the place holds the standard."""
    result = said.get("aim") == "result" and said.get("about_year")
    return bool(result) and not said.get("target_year")


def held(reading: Reading, place: str, standard: str) -> str | None:
    """How a place is known to hold a standard: by a decision here, or by a plan's own table; else None."""
    row = reading.row(f"recognition/{place}/{standard}")
    if row is not None and row.withdrawn_on:
        return None
    if row is not None and row.held:
        return _by(row)
    target = reading.row(target_id(place, standard))
    for said in target.statements if target else ():
        if _says_held(said):
            return f"{said['plan']}, {said['clause']}: {said['words']}"
    return None


def _by(row: Any) -> str:
    """The last paper by which a standard is held: a decision, or a notice that keeps it."""
    notice = row.notices[-1]["notice"] if row.notices else None
    return str(row.decision or notice or row.label)


def blocks(journal: Journal, reading: Reading, row: Any) -> list[Block]:
    """Everything that stands in the way of recognising by a dossier, as of the reading."""
    found = list(_criteria(journal, reading, row))
    for condition in _conditions(reading, row):
        found += _KINDS[condition.what](reading, row, condition)
    return found


def _conditions(reading: Reading, row: Any) -> tuple[Condition, ...]:
    return conditions(row.standard, provinces(reading, row.place))


def _stated(reading: Reading, row: Any, condition: Condition) -> Iterator[Block]:
    """What nobody has made computable: it is shown, for a person to look at."""
    words = condition.words or condition.what
    yield Block("stated", Word(words, words), condition.source, blocks=False)


def _criteria(journal: Journal, reading: Reading, row: Any) -> Iterator[Block]:
    counted = counting(journal, reading, row, None)
    rows = list(counted.rows())
    missing = [str(each["number"]) for each in rows if each["counts"] != YES]
    bare = sum(not each["files"] for each in rows)
    unconfirmed = sum(not each["confirmed"] for each in rows)
    if bare or unconfirmed:
        vi = f"{bare} tiêu chí chưa kèm minh chứng, {unconfirmed} chưa được đơn vị phụ trách xác nhận"
        en = f"{bare} criteria without evidence, {unconfirmed} not confirmed by who leads them"
        yield Block("evidence", Word(vi, en), counted.edition.decision, blocks=False)
    if missing:
        numbers = ", ".join(missing)
        words = Word(
            f"tiêu chí chưa được tính: {numbers}", f"criteria that do not count yet: {numbers}"
        )
        yield Block("criteria", words, counted.edition.decision)


def _prerequisite(reading: Reading, row: Any, condition: Condition) -> Iterator[Block]:
    for below in builds_on(row.standard)[:1]:
        if held(reading, row.place, below) is None:
            name = in_words(below)
            words = Word(
                f"sổ chưa ghi địa bàn đạt chuẩn {name.vi}",
                f"the journal does not have the place hold {name.en}",
            )
            yield Block("prerequisite", words, condition.source)


def _debt(reading: Reading, row: Any, condition: Condition) -> Iterator[Block]:
    c = VIEWS["fund"].table.c
    owed = reading.rows("fund", c.place == row.place, c.debt > 0, only=("id", "debt"))
    if owed:
        total = sum(each.debt for each in owed)
        vi, en = (
            f"{len(owed)} mục còn nợ {format_short(total)}",
            f"{len(owed)} items owe {format_short(total, 'en')}",
        )
        yield Block("debt", Word(vi, en), condition.source)


def _to_stop(reading: Reading, row: Any, condition: Condition) -> Iterator[Block]:
    c = VIEWS["fund"].table.c
    found = reading.rows("fund", c.place == row.place, c.stop.is_not(None), only=("id", "stop"))
    items = [each for each in found if each.stop["state"] in ("to_stop", "stopped")]
    if items:
        words = Word(f"{len(items)} mục vốn phải dừng", f"{len(items)} fund items are to stop")
        yield Block("to_stop", words, condition.source)


def _satisfaction(reading: Reading, row: Any, condition: Condition) -> Iterator[Block]:
    last = next((each for each in reversed(row.surveys) if each["about"] is None), None)
    least, source = condition.at_least, condition.source
    if last is None:
        words = Word("chưa ghi kết quả lấy ý kiến hài lòng", "no satisfaction survey is recorded")
        yield Block("satisfaction", words, source, blocks=least is not None)
        return
    share = f"{100 * last['satisfied'] / last['asked']:.1f}".rstrip("0").rstrip(".")
    counts = f"({last['satisfied']}/{last['asked']})"
    vi, en = f"hài lòng {share.replace('.', ',')}% {counts}", f"{share}% satisfied {counts}"
    if least is None:
        more = Word(f"{vi}; mức phải đạt chưa có nguồn", f"{en}; the share asked is not sourced")
        yield Block("satisfaction", more, source, blocks=False)
    elif 100 * last["satisfied"] < least * last["asked"]:
        short = Word(f"{vi}, dưới {least}%", f"{en}, below {least}%")
        yield Block("satisfaction", short, source)


_KINDS: dict[str, Callable[[Reading, Any, Condition], Iterator[Block]]] = {
    "stated": _stated,
    "prerequisite": _prerequisite,
    "debt": _debt,
    "to_stop": _to_stop,
    "satisfaction": _satisfaction,
}


def warnings(journal: Journal, reading: Reading, row: Any) -> list[Block]:
    """What will stand in the way of the recognition and is told at every step before it."""
    if row.stage in ("recognised", "announced"):
        return []
    return [block for block in blocks(journal, reading, row) if block.blocks]


def recognise(entry: Entry, which: Which, decision_on: date | None) -> None:
    """The decision. Refused while something stands in its way, kept where it is reported as done."""
    desk = Desk(entry, which)
    state = desk.on_its_road()
    row = desk.reading.row(which.id)
    # Who decides is the last desk, wherever a decision that is reported finds the dossier.
    decides = state.road[-1]
    against: Refused | None = desk.acting(decides)
    standing = [b for b in blocks(entry.journal, desk.reading, row) if b.blocks] if row else []
    if standing and against is None:
        against = _not_ready(desk, standing)
    body = desk.body(decides)
    desk.record(DossierRecognised, against, body=body, decision_on=decision_on or desk.day)


def _not_ready(desk: Desk, standing: list[Block]) -> NotReady:
    told = [Word(f"{b.words.vi} [{b.source}]", f"{b.words.en} [{b.source}]") for b in standing]
    which = desk.which
    return NotReady(
        standard=which.standard,
        year=which.year,
        place=desk.reading.names.get(which.place, which.place),
        id=which.place,
        blocks=told,
    )


def grant(entry: Entry, fact: Fact) -> None:
    """A recognised dossier makes its place hold the standard, under the label of the dossier's year."""
    event = fact.event
    state: Dossier | None = entry.timeline(fact.subject).now
    if not isinstance(event, DossierRecognised) or state is None:
        return
    id = f"recognition/{state.place}/{state.standard}"
    paper = {"document": event.document, "body": event.body}
    if not entry.exists(id):
        entry.derive(
            id,
            RecognitionOpened,
            place=state.place,
            standard=state.standard,
            effective_on=BEGINNING,
        )
    said = {"label": state.year, "decision_on": event.decision_on, "dossier": fact.subject}
    entry.derive(id, RecognitionGranted, effective_on=event.effective_on, **said, **paper)


REACTIONS: dict[str, Reaction] = {"DossierRecognised": grant}
