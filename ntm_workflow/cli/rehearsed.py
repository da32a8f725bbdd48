"""How a rehearsal is told: its days, what its months came to, and where it is kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from ntm_workflow.cli import lists
from ntm_workflow.cli.answers import emit, phrase, say, table
from ntm_workflow.cli.bilingual import pick
from ntm_workflow.cli.labels import word

if TYPE_CHECKING:
    from ntm_workflow.cli.rehearse import Lived, Typed
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.office.rehearsal import Day
    from ntm_workflow.office.year import Month

#: Places named for each rule, and lines shown of an answer; the rest are counted.
MOST: Final = 6
MISSED, UNSPENT = "ObligationMissed", "ZeroDisbursementFound"
COUNTED: Final = (
    *("due", "on_time", "late", "missed", "behind", "aside", "pending", "unspent", "letters"),
)
COLUMNS: Final = ("day", "told", "missed", "unspent", "letters", "script")


@dataclass(frozen=True)
class Prepared:
    """All there is to tell of a rehearsal, read while its store was there."""

    lived: Lived
    days: list[Day]
    lines: list[list[str]]
    months: dict[str, Month]
    units: dict[str, str]
    position: int


def prepared(lived: Lived) -> Prepared:
    """The eventful days, a list of lines each, and the months."""
    days = [day for day in lived.days if day.eventful]
    with lived.rehearsal.office.reading(lived.rehearsal.morning_after) as reading:
        duties = {row.id: row for row in reading.rows("obligation", only=_OF_A_DUTY)}
        lines = [list(_lines(day, duties, reading)) for day in days]
        units = {id: row.name for id, row in reading.units.items()}
        return Prepared(lived, days, lines, _months(lived, reading), units, reading.known)


def show(told: Prepared, form: Literal["json", "csv", "months", "days"]) -> None:
    if form == "json":
        emit("rehearse", _document(told))
        return
    if form == "csv":
        lists.write_csv(COLUMNS, map(_counted, told.days))
        return
    _head(told.lived)
    for lines in told.lines if form == "days" else ():
        click.echo("\n".join(["", *lines]))
    _summary(told.months)
    _letters(told)
    _kept(told.lived)


# --- for programs ---------------------------------------------------------------------------------


def _counted(day: Day) -> dict[str, Any]:
    kinds = Counter(fact.type for fact in day.found)
    counts = {"missed": kinds[MISSED], "unspent": kinds[UNSPENT], "letters": len(day.letters)}
    return {"day": day.day, "told": day.told, **counts, "script": len(day.typed)}


def _document(told: Prepared) -> dict[str, Any]:
    from ntm_workflow.office.year import total

    lived, source = told.lived, told.lived.source
    totals = asdict(total(told.months.values())) | {"told": sum(day.told for day in told.days)}
    del totals["month"]
    return {
        "from": lived.rehearsal.first,
        "until": lived.rehearsal.last,
        "source": source and {"store": source.where, "facts": len(source.facts)},
        "left_out": lived.left_out,
        "plans": lived.plans,
        "days": [_day(day) for day in told.days],
        "months": [asdict(month) | {"month": name} for name, month in told.months.items()],
        "totals": totals,
        "kept": lived.kept and str(lived.kept),
        "position": told.position,
    }


def _day(day: Day) -> dict[str, Any]:
    facts = [*day.found, *(fact for typed in day.typed for fact in typed.facts)]
    return {
        "day": day.day,
        "told": day.told,
        "facts": [{"position": f.position, "type": f.type, "subject": f.subject} for f in facts],
        "letters": [intent.id for intent in day.letters],
        "script": [_typed(typed) for typed in day.typed],
    }


def _typed(typed: Typed) -> dict[str, Any]:
    entry = typed.facts[0].entry if typed.facts else None
    about = {"line": typed.line.number, "command": typed.line.text}
    return {**about, "entry": entry, "said": typed.said}


def _months(lived: Lived, reading: Reading) -> dict[str, Month]:
    """2024-10 and the like: every month of the rehearsal, with the letters written in it."""
    from ntm_workflow.office.year import year

    first, last = lived.rehearsal.first, lived.rehearsal.last
    letters = Counter(f"{i.day:%Y-%m}" for day in lived.days for i in day.letters)
    found: dict[str, Month] = {}
    for number in range(first.year, last.year + 1):
        for month in year(reading, number).months:
            name = f"{number:04d}-{month.month:02d}"
            if f"{first:%Y-%m}" <= name <= f"{last:%Y-%m}":
                found[name] = replace(month, letters=letters[name])
    return found


# --- for people -----------------------------------------------------------------------------------

_OF_A_DUTY: Final = ("id", "clause", "title", "place", "owed_by")


def _head(lived: Lived) -> None:
    first, last = lived.rehearsal.first, lived.rehearsal.last
    say("Tổng dượt {first} – {last}.", "Rehearsal, {first} – {last}.", first=first, last=last)
    if lived.source:
        say(
            "Từ sổ {store}: {n} việc; bỏ {left} việc có hiệu lực sau ngày cuối.",
            "From the store {store}: {n} facts; those that take effect after the last day are left out ({left}).",
            store=lived.source.where,
            n=len(lived.source.facts) - lived.left_out,
            left=lived.left_out,
        )
    if lived.plans:
        say("Thêm kế hoạch: {plans}.", "Plans added: {plans}.", plans=lived.plans)


def _lines(day: Day, duties: dict[str, Any], reading: Reading) -> Iterator[str]:
    yield phrase("=== {day}", "=== {day}", day=day.day)
    if day.told:
        yield phrase(
            "  ghi từ sổ nguồn và kế hoạch: {n} việc",
            "  told from the store and plans: {n} facts",
            n=day.told,
        )
    for found in _found(day.found, duties, reading):
        yield f"  {found}"
    if day.letters:
        kinds = Counter(intent.kind for intent in day.letters)
        counts = ", ".join(f"{count} {word(kind)}" for kind, count in kinds.items())
        yield phrase("  thư: {counts}", "  letters: {counts}", counts=counts)
    for typed in day.typed:
        yield f"  [{typed.line.number}] ntm {typed.line.text}"
        yield from (f"      {line}" for line in typed.said.splitlines())


def _found(facts: Sequence[Fact], duties: dict[str, Any], reading: Reading) -> Iterator[str]:
    """What a closing found: duties missed by rule, all else by kind, each with the first few names.

    Those missed before they were taken on are only counted: nobody could be told.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    before = sum(getattr(fact.event, "history", False) for fact in facts)
    if before:
        yield phrase(
            "{n} nhiệm vụ có hạn trước ngày áp dụng",
            "{n} duties due before their plan was taken on",
            n=before,
        )
    for fact in facts:
        duty = duties.get(fact.subject)
        if getattr(fact.event, "history", False):
            continue
        if fact.type == MISSED and duty is not None:
            groups[_missed(duty)].append(_whose(duty, reading))
        else:
            groups[word(fact.type)].append(reading.names.get(fact.subject, fact.subject))
    for what, names in groups.items():
        more = f", … (+{len(names) - MOST})" if len(names) > MOST else ""
        yield f"{len(names)} × {what}: {', '.join(names[:MOST])}{more}"


def _missed(duty: Any) -> str:
    rule = duty.id.partition("/")[2].partition("/")[0]
    return phrase(
        "{missed} {rule} ({clause}) “{title}”",
        "{missed} {rule} ({clause}) “{title}”",
        missed=word(MISSED),
        rule=rule,
        clause=duty.clause,
        title=duty.title,
    )


def _whose(duty: Any, reading: Reading) -> str:
    id = duty.place or duty.owed_by
    return reading.names.get(id, id)


def _summary(months: dict[str, Month]) -> None:
    from ntm_workflow.cli.year import HEADS
    from ntm_workflow.office.year import total

    click.echo()
    counted = [*months.items(), (phrase("Cộng", "All"), total(months.values()))]
    rows = [[name, *(str(getattr(month, each)) for each in COUNTED)] for name, month in counted]
    table([pick(HEADS[each]) or "" for each in ("month", *COUNTED)], rows)


def _letters(told: Prepared) -> None:
    """How many letters, to whom, and on which rungs."""
    from ntm_workflow.cli.letter_tally import show as tally

    written = [intent for day in told.lived.days for intent in day.letters]
    if written:
        click.echo()
        tally(written, lambda unit: told.units.get(unit, unit))


def _kept(lived: Lived) -> None:
    if lived.kept:
        say(
            "\nGiữ sổ tổng dượt tại {store}. Xem tiếp:\n  ntm obligation list --store {store:arg} --as-of {last}",
            "\nThe rehearsal's store is kept in {store}. Look at it:\n  ntm obligation list --store {store:arg} --as-of {last}",
            store=str(lived.kept),
            last=lived.rehearsal.last,
        )
    else:
        say("\nKhông giữ sổ nào; muốn xem tiếp, thêm --keep TỆP.", "\nNo store was kept; to look further, add --keep FILE.")  # fmt: skip
