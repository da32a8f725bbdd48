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
from ntm_workflow.projections.rows import shape
from ntm_workflow.projections.telling import TELLINGS

KIND: Final = "correction"
#: How old a letter may be that is still taken back: a year's closing comes to the last of them.
_LOOK_BACK: Final = timedelta(days=400)
#: Lines that hold something against somebody, and lines that tell a day.
_ACCUSING: Final = ("missed", "after", "climbed")
_TELLING: Final = ("ahead", "copy")
#: How a duty may have stood that was not owed on the day of a letter.
_NOT_OWED: Final = frozenset({"waived", "ended", "suspended"})


def planned(reading: Reading) -> list[Intent]:
    """The corrections to write: one for each unit, naming every letter that was wrong."""
    letters: dict[str, list[Line]] = {}
    for said, then in _doubtful(reading):
        if wrong(said, then):
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


def _doubtful(reading: Reading) -> list[tuple[Any, Any | None]]:
    """The lines of letters that left, not taken back yet, whose duty has another row of the letter's
    day than when it was written; each with that row, None where the duty is gone.
    """
    lines, duties = shape(TELLINGS), shape(VIEWS["obligation"].table, _OF_A_DUTY)
    t, o = TELLINGS.c, VIEWS["obligation"].table
    then = sa.and_(
        *(o.c.id == t.subject, o.c.valid_from <= t.day, o.c.valid_to > t.day),
        *(o.c.known_from <= reading.known, o.c.known_to > reading.known),
    )
    query = sa.select(*lines.columns, *duties.columns).join_from(TELLINGS, o, then, isouter=True)
    query = query.where(
        *(t.day < reading.as_of, t.day >= reading.as_of - _LOOK_BACK),
        *(t.part.in_((*_ACCUSING, *_TELLING)), t.id.in_(_left(reading)), sa.not_(_taken_back())),
        sa.or_(o.c.id.is_(None), o.c.known_from > t.position),
    )
    rows = reading.conn.execute(query.order_by(t.position, t.id, t.n)).all()
    split = len(lines.columns)
    said = lines.rows(row[:split] for row in rows)
    stood = [duties.rows([row[split:]])[0] if row[split] else None for row in rows]
    return list(zip(said, stood, strict=True))


_OF_A_DUTY: Final = (
    *("id", "strength", "window_start", "strict_day", "nominal_day", "act_by", "enforce_day"),
    *("last_day", "met_on", "missed_on", "waived_on", "ended_on", "suspended_on"),
    *("suspended_until", "applies"),
)


def _left(reading: Reading) -> sa.Select[Any]:
    """The letters that left."""
    view = VIEWS["letter"]
    then = view.at(reading.as_of, reading.known)
    return sa.select(view.table.c.id).where(then, view.table.c.state == "sent")


def _taken_back() -> sa.ColumnElement[bool]:
    again, t = TELLINGS.alias(), TELLINGS.c
    same = (again.c.subject == t.subject, again.c.unit == t.unit, again.c.letter == t.id)
    return sa.exists().where(*same, again.c.part == "corrected")


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
