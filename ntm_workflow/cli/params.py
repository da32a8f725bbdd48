"""What people type, read strictly: days, amounts, entry numbers and moments of knowledge."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from ntm_workflow.cli.bilingual import both, pick
from ntm_workflow.cli.labels import choices


class _Day(click.ParamType[Any]):
    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.inputs import read_date

        return value if isinstance(value, date) else read_date(value)


class _Money(click.ParamType[Any]):
    name = "money"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.inputs import read_money

        return value if isinstance(value, int) else read_money(value)


class _Decimal(click.ParamType[Any]):
    """A number as Vietnamese papers write it; stored as a plain decimal."""

    name = "number"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.inputs import read_number

        return read_number(value)


class _Period(click.ParamType[Any]):
    """The first and last year of a plan: 2024-2025, or 2024 alone."""

    name = "period"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        first, _, last = str(value).partition("-")
        said: tuple[Any, ...] = (first.strip(), (last or first).strip())
        years = tuple(YEAR.convert(year, param, ctx) for year in said)
        if years[0] > years[1]:
            self.fail(pick(both(f"giai đoạn {value} kết thúc trước khi bắt đầu",
                                f"the period {value} ends before it begins")) or "")  # fmt: skip
        return years


class _Number(click.ParamType[Any]):
    """An entry: 1234 or #1234."""

    name = "#N"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        text = str(value).removeprefix("#")
        if not (text.isascii() and text.isdigit() and len(text) < 19) or int(text) == 0:
            self.fail(pick(both(f"“{value}” không phải số lần ghi (ví dụ #12)",
                                f"“{value}” is not an entry number (for example #12)")) or "")  # fmt: skip
        return int(text)


class _Moment(click.ParamType[Any]):
    """A moment of knowledge: a date (its end), an instant, or an entry #1234."""

    name = "date|instant|#N"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.inputs import read_date

        if not isinstance(value, str):
            return value
        if value.startswith("#"):
            return NUMBER.convert(value, param, ctx)
        if "T" in value:
            try:
                moment = datetime.fromisoformat(value)
            except ValueError:
                return read_date(value)
            from ntm_workflow.domain.values import VIETNAM

            return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
        return read_date(value)


class _Entries(click.ParamType[Any]):
    """A range of entries: A..B, #A..#B, or one entry."""

    name = "A..B"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        first, dots, last = str(value).partition("..")
        ends = (first, last) if dots else (first, first)
        return tuple(NUMBER.convert(end.strip(), param, ctx) for end in ends)


class _Subject(click.ParamType[Any]):
    """A subject by its id, or an entry as #N."""

    name = "ID|#N"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        return NUMBER.convert(value, param, ctx) if str(value).startswith("#") else value


class _FactType(click.ParamType[Any]):
    """An event type by its name, or by words its Vietnamese sentence begins with or has."""

    name = "type"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.subjects import EVENTS

        if value in EVENTS:
            return value
        from ntm_workflow.projections.sentences import matching

        types = matching(value)
        if len(types) != 1:
            self.fail(f"“{value}”: {choices(types or EVENTS)}")
        return types[0]


class _File(click.ParamType[Any]):
    """Where a file of one kind is to be written."""

    name = "file"

    def __init__(self, ending: str) -> None:
        self.ending = ending

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not str(value).lower().endswith(self.ending):
            self.fail(pick(both(f"“{value}”: tên tệp phải kết thúc bằng {self.ending}",
                                f"“{value}”: the name must end in {self.ending}")) or "")  # fmt: skip
        return Path(value)

    def shell_complete(self, ctx: Any, param: Any, incomplete: str) -> list[Any]:
        return click.Path().shell_complete(ctx, param, incomplete)


SHEET, SVG, PNG = _File(".xlsx"), _File(".svg"), _File(".png")
ENTRIES, SUBJECT = _Entries(), _Subject()
FACT, DECIMAL, PERIOD = _FactType(), _Decimal(), _Period()
YEAR = click.IntRange(1900, 2199)
#: How many days or rows: more than any store has, and less than a database cannot hold.
COUNT, SOME = click.IntRange(0, 999_999_999), click.IntRange(1, 999_999_999)
DAY, MONEY, NUMBER, MOMENT = _Day(), _Money(), _Number(), _Moment()
