"""Answers: sentences, and values as people or programs read them. Results go to stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.labels import MONEY, RATES, heading, word

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.office import Receipt
    from ntm_workflow.office.reading import Reading


def say(vi: str, en: str, **fields: Any) -> None:
    """One sentence on stdout, in the reader's language."""
    click.echo(phrase(vi, en, **fields))


def phrase(vi: str, en: str, **fields: Any) -> str:
    from ntm_workflow.domain.values import Sentence

    lang = LANG.get()
    return Sentence(lang).format(en if lang == "en" else vi, **fields)


def part_phrase(vi: str, en: str, **fields: Any) -> str:
    """A phrase whose `<parts>` are left out where there is nothing to tell: None, empty, or no."""
    from ntm_workflow.domain.values import what_is_told

    return phrase(what_is_told(vi, fields), what_is_told(en, fields), **fields)


def emit(schema: str, document: dict[str, Any]) -> None:
    """One JSON document: dates ISO, money integer đồng."""
    import msgspec

    text = msgspec.json.encode({"schema": f"ntm.{schema}/1", **document})
    click.echo(msgspec.json.format(text, indent=2).decode())


#: What is neither corrected nor voided, of which nobody is told how to.
_FOR_GOOD = frozenset({"EntryVoided", "LetterSent", "LetterReleased", "ContactForgotten"})
#: How many sentences of an entry are shown; an adoption has thousands.
MOST = 8


#: So many subjects of one entry are corrected one by one, by naming each.
_FEW: Final = 10


def tell(receipt: Receipt, sentences: list[str]) -> None:
    """What was recorded, in the first few `sentences`, and what may be done about it."""
    if receipt.dry_run:
        say("Thử: sẽ ghi các việc sau, chưa ghi gì.", "Dry run: these facts, nothing written.")
    elif receipt.repeated:
        say("Đã ghi từ trước, lần ghi #{n}.", "Already recorded, entry #{n}.", n=receipt.entry)
    else:
        say("Đã ghi #{n}.", "Recorded #{n}.", n=receipt.entry)
    listed(sentences, count=len(receipt.facts))
    if receipt.voided_by:
        say(
            "Lần ghi này đã bị hủy bởi #{n}.", "This entry was voided by #{n}.", n=receipt.voided_by
        )
    elif receipt.dry_run:
        return
    elif any(fact.type in _FOR_GOOD for fact in receipt.facts[:1]):
        say("Xem: ntm fact show {n}", "See: ntm fact show {n}", n=receipt.entry)
    elif len({f.subject for f in receipt.facts if f.event.because is None}) > _FEW:
        # What tells of so many things is not corrected one by one.
        say(
            "Xem: ntm fact show {n} · Ghi sai: ntm fact void {n} --reason … --document …",
            "See: ntm fact show {n} · Wrong: ntm fact void {n} --reason … --document …",
            n=receipt.entry,
        )
    else:
        say(
            "Xem: ntm fact show {n} · Ghi sai: ntm fact correct {n} --reason …",
            "See: ntm fact show {n} · Wrong: ntm fact correct {n} --reason …",
            n=receipt.entry,
        )


def listed(sentences: Sequence[str], most: int = MOST, count: int | None = None) -> None:
    """The first of `count` sentences, and how many more there are."""
    for sentence in sentences[:most]:
        click.echo(f"  {sentence}")
    if (rest := (count or len(sentences)) - most) > 0:
        say("  … và {n} việc nữa", "  … and {n} more", n=rest)


def cell(value: Any, key: str = "") -> str:
    """A value as a table shows it to a person; `key` tells money from other numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, dict):
        return _called(value) or "; ".join(f"{heading(k)} {cell(v, k)}" for k, v in _held(value))
    if isinstance(value, list | tuple):
        return ", ".join(cell(each, key) for each in value)
    if isinstance(value, str):
        return word(value)
    return _number(value, key) if isinstance(value, int | float) else phrase("{v}", "{v}", v=value)


def _called(value: dict[str, Any], say: Callable[[Any], str] = cell) -> str:
    """What one word says of a struct: its name, kind or state; of a place's status no word says all."""
    names = () if value.keys() & {"type", "amount"} else ("name", "kind", "state")
    return next((say(value[name]) for name in names if value.get(name)), "")


def _held(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((key, each) for key, each in value.items() if each not in (None, [], ()))


def _number(value: float, key: str) -> str:
    from ntm_workflow.domain.values import grouped

    english = LANG.get() == "en"
    if isinstance(value, int):
        return grouped(value, LANG.get()) if key in MONEY else str(value)
    text = f"{value:.1%}".replace(".0%", "%") if key in RATES else str(value)
    return text if english else text.replace(".", ",")


def plain(value: Any) -> str:
    """A value as CSV holds it: ISO days, instants in UTC, whole numbers, codes as they are."""
    if value is None:
        return ""
    if isinstance(value, dict):
        said = (f"{key}={plain(each)}" for key, each in _held(value))
        return _called(value, plain) or "; ".join(said)
    if isinstance(value, list | tuple):
        return "; ".join(plain(each) for each in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A small table of texts that is no list of things."""
    from ntm_workflow.cli.lists import write_rows

    write_rows(titles, rows)


def fact_json(fact: Fact, reading: Reading, voided_by: int | None = None) -> dict[str, Any]:
    """A fact as `ntm fact list --json` shows it."""
    from ntm_workflow.domain.base import BEGINNING
    from ntm_workflow.projections.sentences import sentence

    event = fact.event
    return {
        "position": fact.position,
        "entry": fact.entry,
        "recorded_at": fact.recorded_at,
        "effective_on": None if event.effective_on == BEGINNING else event.effective_on,
        "type": fact.type,
        "subject": fact.subject,
        "body": reading.ref(event.body),
        "by": event.by,
        "document": event.document,
        "note": event.note,
        "sentence": sentence(fact, LANG.get(), reading.names),
        "because": event.because,
        "replaces": event.replaces,
        "against": event.against,
        "voided_by": voided_by,
    }
