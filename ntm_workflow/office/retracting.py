"""Taking letters back: what an earlier letter said and later facts show to be wrong is corrected by name.

Whoever got the letter gets the correction, on the next working morning. A reminder of what was done
already is not wrong: it says itself that what is done may not have been recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from ntm_workflow.domain.letter import Line
from ntm_workflow.domain.standing import standing
from ntm_workflow.domain.values import format_date
from ntm_workflow.domain.words import in_words
from ntm_workflow.notifications.context import Correction, LetterItem
from ntm_workflow.notifications.ladder import AFTER, Intent
from ntm_workflow.office.lines import Lines
from ntm_workflow.office.reading import Reading, bare
from ntm_workflow.projections import VIEWS, letter
from ntm_workflow.projections.history import FACTS
from ntm_workflow.projections.rows import shape
from ntm_workflow.projections.telling import TELLINGS

KIND: Final = "correction"
#: How far back a fact is looked for that may show a letter wrong: longer than any machine stands still.
_LOOK_BACK: Final = timedelta(days=92)
#: Lines that hold something against somebody, and lines that tell a day.
_ACCUSING: Final = ("missed", "after", "climbed")
_TELLING: Final = ("ahead", "copy")
#: How a duty may have stood that was not owed on the day of a letter.
_NOT_OWED: Final = frozenset({"waived", "ended", "suspended"})


def planned(reading: Reading) -> list[Intent]:
    """The corrections to write: one for each unit, naming every letter that was wrong."""
    letters: dict[str, list[Line]] = {}
    for said in _doubtful(reading):
        if wrong(said, _row_then(reading, said)):
            line = Line(said.subject, "corrected", said.rung, said.act_by, said.id)
            letters.setdefault(said.unit, []).append(line)
    day = reading.as_of
    return [Intent(unit, KIND, day, tuple(lines)) for unit, lines in sorted(letters.items())]


def wrong(said: Any, row: Any | None) -> bool:
    """Whether a line was wrong, `row` being its duty on the letter's day as it is known now."""
    if row is None:
        return True
    stood = standing(row, said.day)
    if said.part in _ACCUSING:
        return stood not in AFTER.values()
    return stood in _NOT_OWED or (row.act_by is not None and row.act_by != said.act_by)


def _doubtful(reading: Reading) -> list[Any]:
    """The lines of letters that left, of whose duties something was learnt since; not taken back yet."""
    wanted, t = shape(TELLINGS), TELLINGS.c
    taken_back = TELLINGS.alias()
    again = sa.exists().where(
        taken_back.c.subject == t.subject,
        taken_back.c.unit == t.unit,
        taken_back.c.part == "corrected",
        taken_back.c.letter == t.id,
    )
    letters = VIEWS["letter"]
    left = sa.select(letters.table.c.id).where(
        letters.at(reading.as_of, reading.known), letters.table.c.state == "sent"
    )
    query = sa.select(*wanted.columns).where(
        t.day < reading.as_of,
        t.part.in_((*_ACCUSING, *_TELLING)),
        t.subject.in_(_changed(reading)),
        t.id.in_(left),
        sa.not_(again),
    )
    rows = wanted.rows(reading.conn.execute(query.order_by(t.position, t.id, t.n)).all())
    return [row for row in rows if _learnt_since(reading, row)]


def _changed(reading: Reading) -> sa.Select[Any]:
    """The duties of which a fact was recorded lately, or voided."""
    since = (reading.as_of - _LOOK_BACK).isoformat()
    first = sa.select(sa.func.min(FACTS.c.position)).where(FACTS.c.recorded_on >= since)
    c = VIEWS["obligation"].table.c
    lately = first.scalar_subquery()
    gone = sa.and_(c.known_to >= lately, c.known_to <= reading.known)
    return sa.select(c.id).where(sa.or_(c.known_from >= lately, gone)).distinct()


def _learnt_since(reading: Reading, said: Any) -> bool:
    """Whether what holds of the letter's day was learnt after the letter was written."""
    row = _row_then(reading, said)
    return row is None or row.known_from > said.position


def _row_then(reading: Reading, said: Any) -> Any | None:
    return reading.on(said.day).row(said.subject)


# --- in words


def items(lines: Lines, intent: Intent) -> Iterator[LetterItem]:
    """Each wrong line with what holds now; none of what is not wrong any more."""
    reading = lines.reading
    for line in intent.lines:
        told, said = letter.issued(reading.conn, line.letter or ""), _said(reading, line)
        if told is None or said is None:
            continue
        then = _row_then(reading, said)
        if wrong(said, then):
            yield _item(lines, line, told, said, then)


def _item(lines: Lines, line: Line, told: Any, said: Any, then: Any | None) -> LetterItem:
    correction = Correction(
        letter=bare(told.id),
        subject=_about(lines, told),
        message_id=told.message_id,
        day=told.day,
        said=_claim(said, then, lines.lang),
        holds=_now(then, said.day, lines.lang),
    )
    if lines.row(line.subject) is not None:
        return lines.item(line, corrected=correction)
    gone = lines.reading.names.get(line.subject, bare(line.subject))
    return LetterItem(
        id=bare(line.subject),
        part="corrected",
        title=gone,
        owed_by="",
        clause="",
        strength="must",
        corrected=correction,
    )


def _about(lines: Lines, told: Any) -> str:
    """What the letter was: its words may be gone, what it was stays."""
    word = in_words(told.kind)
    return word.en if lines.lang == "en" else word.vi


#: What a line had said, by its part; and of a mark to strive for.
_CLAIMS: Final[dict[str, tuple[str, str]]] = {
    "missed": ("chưa hoàn thành, đã quá hạn", "not complete, overdue"),
    "after": ("chưa hoàn thành, đã quá hạn", "not complete, overdue"),
    "climbed": ("chưa hoàn thành, đã quá hạn", "not complete, overdue"),
    "strive": ("mốc phấn đấu đã qua", "the mark has passed"),
    "ahead": ("ngày làm việc cuối cùng là {day}", "the last working day is {day}"),
    "copy": ("ngày làm việc cuối cùng là {day}", "the last working day is {day}"),
}
#: What holds of the letter's day as it is known now, by how the duty stood.
_HOLDS: Final[dict[str, tuple[str, str]]] = {
    "met": ("đã hoàn thành ngày {met_on}, đúng hạn", "done on {met_on}, in time"),
    "met_late": ("đã hoàn thành ngày {met_on}", "done on {met_on}"),
    "waived": ("được miễn từ ngày {waived_on}", "waived since {waived_on}"),
    "ended": ("không còn nhiệm vụ này", "this duty is no more"),
    "suspended": ("tạm dừng từ ngày {suspended_on}", "suspended since {suspended_on}"),
    "gone": ("việc này ghi nhầm, đã hủy", "recorded by mistake, and voided"),
    "else": ("ngày làm việc cuối cùng là {act_by}", "the last working day is {act_by}"),
}


def _said(reading: Reading, line: Line) -> Any | None:
    """The line of the earlier letter that this one takes back."""
    wanted, c = shape(TELLINGS), TELLINGS.c
    same = (c.id == line.letter, c.subject == line.subject, c.rung == line.rung)
    query = sa.select(*wanted.columns).where(*same).order_by(c.n).limit(1)
    return next(iter(wanted.rows(reading.conn.execute(query).all())), None)


def _claim(said: Any, row: Any | None, lang: str) -> str:
    striving = row is not None and row.strength == "strive" and said.part in _ACCUSING
    text = _CLAIMS["strive" if striving else said.part][lang == "en"]
    return text.format(day=said.act_by and format_date(said.act_by))


def _now(row: Any | None, day: date, lang: str) -> str:
    if row is None:
        return _HOLDS["gone"][lang == "en"]
    text = _HOLDS.get(standing(row, day), _HOLDS["else"])[lang == "en"]
    days = ("met_on", "waived_on", "suspended_on", "act_by")
    facts = {name: getattr(row, name) for name in days}
    return text.format(**{name: format_date(day) if day else "–" for name, day in facts.items()})
