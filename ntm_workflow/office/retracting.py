"""Taking letters back: what a letter that left said and a later fact shows to be wrong is corrected by name.

Whoever got the letter gets the correction, once, on the next working morning. A line is wrong where
its duty, of the day the letter was written for, is known now to have stood otherwise than it said.
What happened on that day itself, or after it, makes no letter wrong; nor was a reminder wrong of what
was done already: it says itself that what is done may not have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.fund_events import AdvanceRecovered, FundAdvanced, FundDisbursed
from ntm_workflow.domain.fund_stop import FindingReviewed
from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.values import format_date
from ntm_workflow.domain.words import in_words
from ntm_workflow.notifications.context import Correction, LetterItem
from ntm_workflow.notifications.holding import ahead, holds, past
from ntm_workflow.notifications.ladder import Intent
from ntm_workflow.office import notices, outbox
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.office.said import Asked, rows
from ntm_workflow.projections import VIEWS
from ntm_workflow.projections.history import FACTS, first_since
from ntm_workflow.projections.slices import IDS, BigInt
from ntm_workflow.projections.telling import TELLINGS
from ntm_workflow.store.schema import OUTBOX

KIND: Final = "correction"
#: How far back a fact is looked for that may show a letter wrong: longer than any machine stands still.
_LOOK_BACK: Final = timedelta(days=92)
#: Lines that hold something against somebody, that tell a day, and that tell what was found or decided.
_ACCUSING: Final = frozenset({"missed", "after", "climbed"})
_TELLING: Final = frozenset({"ahead", "copy"})
_OF_DUTIES: Final = (*sorted(_ACCUSING | _TELLING), "summary")
_PAID: Final = tuple(
    event.__name__ for event in (FundDisbursed, FundAdvanced, AdvanceRecovered, FindingReviewed)
)
_OTHER: Final = ("decided", "to_stop", "returned")
#: What may change how a duty stood on a day gone by.
_CHANGING: Final = (
    *("ObligationMet", "ObligationWaived", "ObligationExtended", "ObligationSuspended"),
    *("ObligationResumed", "ObligationRescheduled", "ObligationStarted", "AlternativeTaken"),
    *("ConditionSettled", "ObligationAmended", "ObligationDropped"),
    *("ObligationJoined", "ObligationRehomed"),
)
#: Columns of which a change makes wrong what told a day; and, with these, what held something against
#: somebody.
_MOVED: Final = (
    *("waived_on", "ended_on", "applies", "suspended_on", "suspended_until"),
    *("strict_day", "act_by", "enforce_day", "owed_by"),
)
_DONE_OR_MISSED: Final = ("met_on", "missed_on", "last_day")
#: How a duty stands that is not owed, and one that is done.
_NOT_OWED: Final = frozenset({"waived", "ended", "suspended"})
_DONE: Final = frozenset({"met", "met_late"})


Conditions = tuple[sa.ColumnElement[bool], ...]


def planned(reading: Reading) -> list[Intent]:
    """The corrections to write: one for each unit, naming every letter that was wrong."""
    letters: dict[str, list[Line]] = {}
    for said, _ in _wrong(reading, _doubtful(reading)):
        line = Line(said.subject, "corrected", said.rung, said.act_by, said.id)
        letters.setdefault(said.unit, []).append(line)
    day = reading.as_of
    return [Intent(unit, KIND, day, tuple(lines)) for unit, lines in sorted(letters.items())]


# --- which lines


def _claims(parts: Sequence[str]) -> sa.Select[Any]:
    """The lines that claim something, of letters that left, with the times they were written for."""
    view, t = VIEWS["letter"], TELLINGS.c
    c = view.table.c
    times = (c.as_of, c.as_known, c.gone)
    query = sa.select(TELLINGS, c.about, *times).join(view.table, c.id == t.id)
    # Not by the index of the part: nearly all lines are of these.
    return query.where(view.now, c.state == "sent", sa.func.coalesce(t.part, "").in_(parts))


def _doubtful(reading: Reading) -> list[Any]:
    """Those of whose subjects something earlier was learnt since, or voided; not taken back yet."""
    since = first_since(reading.conn, reading.as_of - _LOOK_BACK)
    if not _anything_late(reading, since):
        return []
    duties, others = _of_duties(reading), _claims(_OTHER)
    queries = (
        *(
            duties.where(*_learnt(reading, since, _CHANGING)),
            duties.where(*_undone(reading, since)),
        ),
        others.where(*_learnt(reading, since, _PAID)),
        others.where(*_undone(reading, since)),
    )
    rows = (row for query in queries for row in reading.conn.execute(query))
    found = {(row.id, row.n): row for row in rows}
    taken_back = _taken_back(reading, sorted({row.subject for row in found.values()}))
    left = (row for row in found.values() if (row.id, row.subject, row.unit) not in taken_back)
    return sorted(left, key=lambda row: (row.position, row.id, row.n))


def _anything_late(reading: Reading, since: int) -> bool:
    """Whether anything was recorded late, or voided, since then: most mornings nothing was."""
    c = FACTS.c
    late = sa.and_(c.type.in_((*_CHANGING, *_PAID)), c.effective_on < c.recorded_on)
    wanted = (c.position >= since, sa.or_(late, c.type == "EntryVoided"))
    return reading.conn.scalar(sa.select(c.position).where(*wanted).limit(1)) is not None


def _learnt(reading: Reading, since: int, types: Sequence[str]) -> Conditions:
    """A fact of before the letter's day was recorded after the letter was written."""
    f, c = FACTS.c, VIEWS["letter"].table.c
    recorded = (f.position >= since, f.position <= reading.known, f.position > c.as_known)
    return (*_before(reading), *recorded, f.type.in_(types), f.effective_on < f.recorded_on)


def _undone(reading: Reading, since: int) -> Conditions:
    """A fact of before the letter's day was voided after the letter was written."""
    f, void = FACTS.c, FACTS.alias().c
    entry = sa.cast(sa.func.substr(void.subject, len("entry/") + 1), BigInt)
    voided = sa.select(entry).where(void.position >= since, void.type == "EntryVoided")
    after = (f.voided_by > VIEWS["letter"].table.c.as_known, f.voided_by <= reading.known)
    return (*_before(reading), f.entry.in_(voided), *after)


def _before(reading: Reading) -> Conditions:
    """What took effect before the letter's day; what was done then makes no reminder of it wrong."""
    f, t, as_of = FACTS.c, TELLINGS.c, VIEWS["letter"].table.c.as_of
    matters = sa.or_(f.type != ObligationMet.__name__, t.part.not_in(sorted(_TELLING)))
    return f.subject == t.subject, matters, f.effective_on < as_of, as_of < reading.as_of


def _taken_back(reading: Reading, subjects: Sequence[str]) -> set[tuple[str, str, str]]:
    """Letter, subject and unit of each correction that left, or waits; one dropped corrected nothing."""
    t = TELLINGS.c
    query = sa.select(t.letter, t.subject, t.unit).join(OUTBOX, OUTBOX.c.id == t.id)
    query = query.where(t.part == "corrected", OUTBOX.c.state != outbox.DROPPED)
    found: set[tuple[str, str, str]] = set()
    for at in range(0, len(subjects), IDS):
        some = t.subject.in_(subjects[at : at + IDS])
        found |= {(row[0], row[1], row[2]) for row in reading.conn.execute(query.where(some))}
    return found


def _of_duties(reading: Reading) -> sa.Select[Any]:
    """The claims about duties that are known now to have stood otherwise, on the letter's day, than then."""
    view, c = VIEWS["obligation"], VIEWS["letter"].table.c
    was, now = view.table.alias("was"), view.table.alias("now_known")
    query = _claims(_OF_DUTIES).join(was, _at(was, c.as_known))
    query = query.outerjoin(now, _at(now, sa.literal(reading.known)))
    moved = [was.c[name].is_distinct_from(now.c[name]) for name in _MOVED]
    done = [was.c[name].is_distinct_from(now.c[name]) for name in _DONE_OR_MISSED]
    accused = sa.and_(TELLINGS.c.part.not_in(sorted(_TELLING)), sa.or_(*done))
    return query.where(sa.or_(now.c.id.is_(None), *moved, accused))


def _at(table: sa.FromClause, known: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The row of a line's duty on the day of the letter, as known at a position."""
    c, day = table.c, VIEWS["letter"].table.c.as_of
    valid = (c.valid_from <= day, c.valid_to > day)
    return sa.and_(c.id == TELLINGS.c.subject, *valid, c.known_from <= known, c.known_to > known)


def _wrong(reading: Reading, claims: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each claim that was wrong, with its subject as the letter had it."""
    then = [Asked(each.subject, each.as_of, each.as_known) for each in claims]
    now = [Asked(each.subject, each.as_of, reading.known) for each in claims]
    found = rows(reading, [*then, *now])
    for said, was, known in zip(claims, then, now, strict=True):
        row = found.get(was)
        if row is not None and _is_wrong(reading, said, row, found.get(known)):
            yield said, row


def _is_wrong(reading: Reading, said: Any, was: Any, row: Any | None) -> bool:
    """Whether a line is wrong of which the letter had `was` and `row` is known now."""
    if said.part == "decided":
        return notices.fact_of(reading, said.subject, int(said.about)) is None
    if said.part == "to_stop":
        return notices.to_stop(was) and (row is None or not notices.to_stop(row))
    if said.part == "returned":
        return row is None
    # What did not hold any more when the letter was written was left out of it.
    if not holds(said.part, was, said.as_of):
        return False
    if row is None or (was.owed_by == said.unit and row.owed_by != said.unit):
        return True
    return not past(row, said.as_of) if past(was, said.as_of) else _misdated(was, row, said.as_of)


def _misdated(was: Any, row: Any, day: date) -> bool:
    """Whether a reminder told a day that was not the duty's, or of what was not owed."""
    stood = standing(row, day)
    return stood in _NOT_OWED or (stood not in _DONE and row.act_by != was.act_by)


# --- in words


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """Each wrong line with what holds now; none of what is not wrong any more."""
    reading = lines.reading
    names = {(line.letter, line.subject): line for line in intent.lines}
    for said, was in _wrong(reading, _named(reading, intent)):
        yield _item(lines, names[said.id, said.subject], said, was)


def _named(reading: Reading, intent: Intent) -> list[Any]:
    """The claims that a correction names."""
    wanted = {(line.letter or "", line.subject, line.rung) for line in intent.lines}
    letters, t = sorted({letter for letter, _, _ in wanted}), TELLINGS.c
    found = [
        row
        for at in range(0, len(letters), IDS)
        for row in reading.conn.execute(
            _claims((*_OF_DUTIES, *_OTHER)).where(t.id.in_(letters[at : at + IDS]))
        )
        if (row.id, row.subject, row.rung) in wanted
    ]
    return sorted(found, key=lambda row: (row.position, row.id, row.n))


def _item(lines: Lines, line: Line, said: Any, was: Any) -> LetterItem:
    row = lines.reading.row(said.subject)
    word = in_words(said.kind)
    correction = Correction(
        letter=bare(said.id),
        # Its words may be gone; what it was stays.
        subject=word.en if lines.lang == "en" else word.vi,
        message_id=", ".join(said.gone),
        day=said.as_of,
        said=_claim(lines, said, was),
        holds=_now(row, lines.reading.as_of, lines.lang),
    )
    if said.part == "to_stop":
        return notices.stop_item(lines.reading, was, part="corrected", corrected=correction)
    return lines.item(line, row or was, corrected=correction)


#: What a line had said; of a mark to strive for that passed, and of any other.
_CLAIMS: Final[dict[str, tuple[str, str]]] = {
    "past": ("chưa hoàn thành, đã quá hạn", "not complete, overdue"),
    "behind": ("mốc phấn đấu đã qua", "the mark has passed"),
    "ahead": ("ngày làm việc cuối cùng là {act_by}", "the last working day is {act_by}"),
    "to_stop": ("thuộc diện dừng giải ngân", "payments are to stop"),
    "returned": ("hồ sơ được trả lại", "the dossier was returned"),
}
#: What holds now, by how it stands.
_HOLDS: Final[dict[str, tuple[str, str]]] = {
    "met": ("đã hoàn thành ngày {met_on}, đúng hạn", "done on {met_on}, in time"),
    "met_late": ("đã hoàn thành ngày {met_on}", "done on {met_on}"),
    "waived": ("được miễn từ ngày {waived_on}", "waived since {waived_on}"),
    "ended": ("không phải thực hiện việc này", "this is not owed"),
    "suspended": ("tạm dừng từ ngày {suspended_on}", "suspended since {suspended_on}"),
    "undated": ("chưa có ngày phải hoàn thành", "no day is set"),
    "undetermined": (
        "chưa xác định có phải thực hiện việc này hay không",
        "whether this is owed is not settled",
    ),
    "not_stopped": ("không thuộc diện dừng giải ngân", "payments need not stop"),
    "gone": ("nội dung này ghi nhầm vào sổ, đã hủy", "recorded by mistake, and voided"),
}
_DAYS: Final = ("met_on", "waived_on", "suspended_on", "act_by")


def _claim(lines: Lines, said: Any, was: Any) -> str:
    if said.part == "decided":
        return _decided(lines, said, was)
    if said.part in ("to_stop", "returned"):
        return _CLAIMS[said.part][lines.lang == "en"]
    accused = "behind" if was.strength == "strive" else "past"
    key = "ahead" if ahead(was, said.as_of) else accused
    return _filled(_CLAIMS[key], was, lines.lang)


def _decided(lines: Lines, said: Any, was: Any) -> str:
    """What a decision that is voided had said, once it was to take effect."""
    fact = notices.fact_of(lines.reading, said.subject, int(said.about), voided=True)
    assert fact is not None, "what is voided stays in the journal"
    then = Asked(said.subject, max(said.as_of, fact.effective_on), said.as_known)
    return notices.decided(fact, rows(lines.reading, [then]).get(then, was), lines.lang)


def _now(row: Any | None, day: date, lang: str) -> str:
    if row is None:
        return _HOLDS["gone"][lang == "en"]
    if row.id.startswith("fund/"):
        return _HOLDS["not_stopped"][lang == "en"]
    return _filled(_HOLDS.get(standing(row, day), _CLAIMS["ahead"]), row, lang)


def _filled(text: tuple[str, str], row: Any, lang: str) -> str:
    days = {name: getattr(row, name) for name in _DAYS}
    said = {name: format_date(day) if day else "–" for name, day in days.items()}
    return text[lang == "en"].format_map(said)
