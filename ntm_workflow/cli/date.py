"""Reading the words of a deadline: which days follow, on either reading, and why. Needs no store."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import cell, emit, listed
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.labels import heading, word
from ntm_workflow.cli.params import DAY, PERIOD
from ntm_workflow.cli.session import everywhere, option

if TYPE_CHECKING:
    from ntm_workflow.domain.dates import Deadline

_SHOWN = ("kind", "window_start", "strict_day", "nominal_day", "time")


@click.group(cls=Group, help=both("Thời hạn nêu bằng chữ.", "Deadlines in words."))
def date() -> None:
    pass


@date.command(
    cls=Command,
    help=both(
        "Câu chữ về thời hạn thành ngày: theo nghĩa chặt, theo cách thường ghi lịch, và từng bước.",
        "The words of a deadline as days: read strictly, as usually noted down, and step by step.",
    ),
    examples=[
        "ntm date explain 'trước ngày 30/10/2024'",
        "ntm date explain 'trước ngày 15/11 hằng năm' --years 2024-2025",
        "ntm date explain 'trước ngày 15 tháng sau' --document-date 24/5/2024",
        "ntm date explain 'không quá 05 ngày làm việc kể từ ngày nhận đủ hồ sơ' --event-date 26/4/2024 --json",
    ],
)
@click.argument("phrase")
@option("--years", type=PERIOD, metavar="Y[-Y]", vi="Năm đầu và năm cuối của kế hoạch.", en="First and last year of the plan.")  # fmt: skip
@option("--document-date", type=DAY, metavar="D", vi="Ngày của văn bản.", en="The day of the document.")  # fmt: skip
@option("--event-date", type=DAY, metavar="D", vi="Ngày xảy ra sự kiện.", en="The day of the event.")  # fmt: skip
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def explain(
    phrase: str,
    years: tuple[int, int] | None,
    document_date: datetime.date | None,
    event_date: datetime.date | None,
    as_json: bool,
) -> None:
    from ntm_workflow.domain.dates import read_phrase
    from ntm_workflow.domain.inputs import readable
    from ntm_workflow.plans.calendar import bundled_calendar

    told = {"document": document_date, "event": event_date}
    deadline = read_phrase(readable(phrase), years, **told, working=bundled_calendar())
    each = _occurrences(deadline, years) if deadline.recurrence and years else []
    if as_json:
        emit("date.explain", {**_json(deadline), "occurrences": each})
    else:
        _tell(deadline, each)


def _occurrences(deadline: Deadline, years: tuple[int, int]) -> list[dict[str, Any]]:
    from ntm_workflow.domain.dates import occurrences

    first, last = datetime.date(years[0], 1, 1), datetime.date(years[1], 12, 31)
    return [
        {name: getattr(once, name) for name in _SHOWN[:-1]}
        for once in occurrences(deadline, first, last)
    ]


def _json(deadline: Deadline) -> dict[str, Any]:
    from msgspec.structs import asdict

    from ntm_workflow.domain import derivation

    steps = [
        {**asdict(step), "sentence": derivation.explain(step, LANG.get())}
        for step in deadline.derivation
    ]
    return {
        "expression": deadline.expression,
        **{name: getattr(deadline, name) for name in _SHOWN},
        "recurrence": deadline.recurrence,
        "relative": deadline.relative,
        "derivation": steps,
    }


def _tell(deadline: Deadline, each: list[dict[str, Any]]) -> None:
    from ntm_workflow.domain import derivation

    lang = LANG.get()
    said: dict[str, Any] = {"expression": deadline.expression, "kind": word(deadline.kind)}
    said |= {name: getattr(deadline, name) for name in _SHOWN[1:]}
    if deadline.recurrence:
        said["recurrence"] = derivation.tell_recurrence(deadline.recurrence, lang)
    if deadline.relative:
        said["relative"] = derivation.tell_period(deadline.relative, lang)
    days = ("strict_day", "nominal_day")
    for name, value in said.items():
        if value is not None or name in days:
            click.echo(f"{heading(name)}: {cell(value) or _unknown()}")
    _list("derivation", [derivation.explain(step, lang) for step in deadline.derivation])
    _list("occurrences", [_once(once) for once in each])


def _once(once: dict[str, Any]) -> str:
    strict, nominal = (cell(once[name]) or _unknown() for name in ("strict_day", "nominal_day"))
    return strict if strict == nominal else f"{strict} – {nominal}"


def _unknown() -> str:
    from ntm_workflow.domain.values import UNKNOWN

    return UNKNOWN[LANG.get()]


def _list(key: str, sentences: list[str]) -> None:
    if sentences:
        click.echo(f"{heading(key)}:")
        listed(sentences, most=len(sentences))
