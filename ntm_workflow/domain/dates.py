"""Reads what a plan clause says about time and turns it into days, keeping every step of the way.

The language is in `phrases.py` and `periods.py`, finding it in `reading.py`. Knows no plan, no duty
and no clock; which days are worked is asked of a calendar.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from ntm_workflow.domain.calendar import VietnamCalendar, WorkingDays
from ntm_workflow.domain.deadline import (
    Deadline,
    Kind,
    Recurrence,
    Relative,
    Settled,
    Step,
    settle,
    undated,
    unread,
)
from ntm_workflow.domain.periods import LACKING, counted, months_later
from ntm_workflow.domain.reading import (
    ImpossibleDay,
    Reading,
    Said,
    UnreadablePhrase,
    read,
    refusal,
    said_of,
    spelt,
)
from ntm_workflow.domain.recurrence import Turn, turns
from ntm_workflow.domain.spans import Impossible, Span, number

__all__ = [
    "Deadline",
    "DocumentDateMissing",
    "Endless",
    "ImpossibleDay",
    "Kind",
    "Recurrence",
    "Relative",
    "Settled",
    "Step",
    "UnreadablePhrase",
    "WorkingDays",
    "YearMissing",
    "is_yearly",
    "occurrences",
    "read_phrase",
    "settle",
    "undated",
    "unread",
]

#: The first and last year of a plan.
Years = tuple[int, int]

VIETNAM: Final = VietnamCalendar()


class YearMissing(UnreadablePhrase):
    vi = "Thời hạn “{text}” không nêu năm.\nNêu kỳ một năm của kế hoạch (--years 2024), hoặc ghi năm trong câu chữ."
    en = "The deadline “{text}” names no year.\nGive the one year of the plan (--years 2024), or add it to the words."


class DocumentDateMissing(UnreadablePhrase):
    vi = (
        "“{words}” trong thời hạn “{text}” tính từ ngày của văn bản, mà chưa nêu ngày ấy.\n"
        "Nêu ngày ấy (--document-date), hoặc ghi rõ ngày, tháng, năm."
    )
    en = (
        "“{words}” in the deadline “{text}” counts from the document's date, which is not told.\n"
        "Give it (--document-date), or write day, month and year."
    )


class Endless(UnreadablePhrase):
    vi = "“{words}” lặp lại mà không có ngày cuối.\nNêu ngày cuối của kế hoạch."
    en = "“{words}” comes back and has no end.\nSay where the plan ends."


class Known(NamedTuple):
    """What is known besides the words: the plan's years, the days of the document and the event."""

    years: Years | None = None
    document: date | None = None
    event: date | None = None
    working: WorkingDays = VIETNAM


def read_phrase(
    expression: str,
    years: Years | None = None,
    *,
    document: date | None = None,
    event: date | None = None,
    working: WorkingDays = VIETNAM,
) -> Deadline:
    """The deadline `expression` sets; `years` (first and last of the plan) fill in a missing year.

    Where there is no plan, the year is that of `document`, the day of the letter, from which also
    “tháng sau” counts. `event` is the day a period runs from. A phrase with “hằng năm” gives its
    first occurrence. Raises UnreadablePhrase with the words that stand in the way; nothing is
    skipped and nothing guessed.
    """
    said, known = said_of(expression), Known(years, document, event, working)
    found = read(said)
    if found is None:
        raise refusal(said)
    if isinstance(found, Relative):
        return _from_event(said, found, known)
    return _deadline(found, known)


# --- a time and its bound ------------------------------------------------------------------------


def _deadline(reading: Reading, known: Known) -> Deadline:
    every = reading.every
    if every and not (reading.yearly and (known.years or known.document)):
        return _repeating(reading, every)
    span, steps = _named(reading, known)
    days = reading.build(span)
    opens, more = _opening(reading, span, known) if reading.first else (days.window_start, ())
    derivation = (*_act(reading, days.strict_day), *steps, *more, *days.steps)
    three = (opens, days.strict_day, days.nominal_day)
    return Deadline(reading.said.expression, reading.kind, *three, derivation, reading.time, every)


def _act(reading: Reading, day: date | None) -> tuple[Step, ...]:
    return (Step("act_apart", day),) if reading.act else ()


def _named(reading: Reading, known: Known) -> tuple[Span, tuple[Step, ...]]:
    """The span that the words name, and how its year was found."""
    year, month, rule = _when(reading, known)
    found = reading.found
    if found.get("same") and known.document:
        found = {**found, "day": str(known.document.day)}
    try:
        if reading.spelling.span is None:
            raise Impossible
        span = reading.spelling.span(found, year, month)
    except Impossible:
        raise _impossible(reading) from None
    steps = (Step(rule, span.last),) if rule else ()
    return span, (*steps, *(span.law or (Step(f"{span.grain}_named", span.first),)))


def _impossible(reading: Reading) -> ImpossibleDay:
    return ImpossibleDay(text=reading.said.expression, words=reading.as_written)


def _when(reading: Reading, known: Known) -> tuple[int, int, str | None]:
    """The year and month the words mean, and the rule that gave what they leave out."""
    found = reading.found
    month = _month(reading, known.document)
    if written := found.get("year"):
        return int(written), month, None
    if not reading.spelling.dated:
        return 0, month, None
    for length, unit in ((1, "months"), (3, "quarters"), (12, "shift")):
        if said := found.get(unit):
            return _shifted(_told(reading, known.document), said, length, month)
    if years := known.years or (known.document and (known.document.year,) * 2):
        if reading.yearly:
            return years[0], month, "every_year"
        if years[0] == years[1]:
            return years[0], month, "year_of_plan" if known.years else "year_of_document"
    raise YearMissing(text=reading.said.expression, words=reading.said.text)


def _month(reading: Reading, document: date | None) -> int:
    if reading.found.get("same"):
        return _told(reading, document).month
    month = number(reading.found.get("month") or "1")
    if not 1 <= month <= 12:
        raise _impossible(reading)
    return month


def _told(reading: Reading, document: date | None) -> date:
    """The day of the document, from which these words count."""
    if document is None:
        raise DocumentDateMissing(text=reading.said.expression, words=reading.as_written)
    return document


def _shifted(document: date, said: str, months: int, month: int) -> tuple[int, int, str]:
    """“Tháng sau”, “quý này”, “năm nay”: counted from the day of the document."""
    ahead = months if said not in ("nay", "này") else 0
    day = months_later(document.replace(day=1), ahead)
    return day.year, month if months == 12 else day.month, "counted_from_document"


def _opening(reading: Reading, span: Span, known: Known) -> tuple[date, tuple[Step, ...]]:
    """The first day of a range; a year it leaves out is that of its end."""
    assert reading.first is not None
    year = (span.last.year, span.last.year)
    opens = _named(reading.first, known._replace(years=year))[0].first
    if opens > span.last and not reading.first.found.get("year"):
        # “Từ 15/12 đến 15/01/2025” begins in the year before.
        opens = _named(reading.first, known._replace(years=(year[0] - 1,) * 2))[0].first
    if opens > span.last:
        raise ImpossibleDay(text=reading.said.expression, words=reading.said.text)
    return opens, (Step("window_opens", opens),)


# --- an event ------------------------------------------------------------------------------------


def _from_event(said: Said, relative: Relative, known: Known) -> Deadline:
    event = _event_named(said, relative, known) or known.event
    steps: tuple[Step, ...] = (Step("event_awaited", None),)
    if event is not None:
        try:
            steps = counted(relative, event, known.working)
        except (ValueError, OverflowError):
            raise ImpossibleDay(text=said.expression, words=said.text) from None
    opens = next((s.result for s in steps if s.rule == "first_day_left_out"), None)
    last = steps[-1].result
    return Deadline(said.expression, "event", opens, last, last, steps, relative=relative)


def _event_named(said: Said, relative: Relative, known: Known) -> date | None:
    """The day of the event, where the words give it as a date."""
    words = (relative.from_ or "").lower()
    reading = spelt(said, f"đến {words}") if words[-1:].isdecimal() else None
    if reading is None or reading.spelling.grain != "day":
        return None
    return _named(reading, known)[0].first


# --- what comes back -----------------------------------------------------------------------------

_EACH: Final = {
    "daily": "every_day",
    "weekly": "every_week",
    "monthly": "every_month",
    "quarterly": "every_quarter",
    "yearly": "each_year",
    None: "every_so_often",
}


def _repeating(reading: Reading, every: Recurrence) -> Deadline:
    """What comes back, before anybody says from when to when: no single day."""
    named = every.day is not None or every.weekday is not None
    step = Step("day_of_each" if named else _EACH[every.freq], None)
    steps = (*_act(reading, None), step)
    return Deadline(
        reading.said.expression, reading.kind, None, None, None, steps, reading.time, every
    )


def is_yearly(expression: str) -> bool:
    """Whether the phrase comes back every year on a day (“hằng năm”). Raises UnreadablePhrase."""
    said = said_of(expression)
    found = read(said)
    if found is None:
        raise refusal(said)
    return isinstance(found, Reading) and found.yearly


def occurrences(
    phrase: str | Deadline, first_day: date, last_day: date | None, *, day: int | None = None
) -> tuple[Deadline, ...]:
    """Each time the phrase comes back from `first_day` to `last_day`, or the one deadline it is.

    `day` is the office's setting for recurrences whose words name none, a day of the month (-1:
    the last) in which a turn ends; without it their occurrences have no day. Raises Endless
    without a last day.
    """
    said = said_of(phrase if isinstance(phrase, str) else phrase.expression)
    found = read(said)
    if not isinstance(found, Reading) or found.every is None:
        years = (first_day.year, (last_day or first_day).year)
        return (read_phrase(phrase, years) if isinstance(phrase, str) else phrase,)
    if last_day is None:
        raise Endless(text=said.expression, words=said.text)
    each = _all(found, found.every, first_day, last_day, day)
    return tuple(d for d in each if d.nominal_day is None or first_day <= d.nominal_day <= last_day)


def _all(
    reading: Reading, every: Recurrence, first_day: date, last_day: date, day: int | None
) -> list[Deadline]:
    if reading.yearly:
        years = range(first_day.year, last_day.year + 1)
        return [_deadline(reading, Known((year, year))) for year in years]
    return [
        _once(reading, each, turn, day)
        for each in (every, *every.more)
        for turn in turns(each, first_day, last_day)
    ]


def _once(reading: Reading, every: Recurrence, turn: Turn, day: int | None) -> Deadline:
    """One occurrence: the day the words name, else the one an office has set, else none."""
    said = reading.said.expression
    on = turn.on(every, day)
    if on is None:
        steps: tuple[Step, ...] = (Step(_EACH[every.freq], None),)
        return Deadline(said, "recur", turn.first, None, None, steps, reading.time, every)
    built = reading.build(Span("day", on, on))
    chosen = _chosen(every, on, day)
    # Of a day that is set and not said, nothing is left to read.
    read_off = () if chosen[0].rule == "day_set" else built.steps
    steps = (*_act(reading, on), *chosen, *read_off)
    kind: Kind = "before_date" if built.strict_day < built.nominal_day else "by_date"
    opens = reading.first and reading.first.every and turn.on(reading.first.every, None)
    three = (opens or built.window_start, built.strict_day, built.nominal_day)
    return Deadline(said, kind, *three, steps, reading.time, every)


def _chosen(every: Recurrence, on: date, day: int | None) -> tuple[Step, ...]:
    """Who chose the day of an occurrence, and what was done where its month lacks it."""
    if every.freq == "daily" or every.weekday:
        return (Step("day_of_each", on),)
    step = Step("day_set" if every.day is None else "day_of_each", on)
    wanted = day if every.day is None else every.day
    lacks = every.freq != "weekly" and (wanted or 0) > on.day
    return (step, Step("month_lacks_day", on, LACKING)) if lacks else (step,)
