"""What money comes to, by any grouping and from month to month, as rows and as charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.answers import cell, phrase
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.chart import Bar
from ntm_workflow.cli.common import Shown, reads
from ntm_workflow.cli.fund_choice import chooses, year
from ntm_workflow.cli.labels import MONEY, heading, word
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.pictures import Pictures, as_known, must_fit, pictures, titled
from ntm_workflow.cli.session import option

if TYPE_CHECKING:
    from ntm_workflow.office.fund_totals import Point
    from ntm_workflow.office.reading import Reading
    from ntm_workflow.projections.fund_totals import Sums, Total

_SUMS: Final = ["items", "allocated", "advanced", "disbursed", "accepted", "settled", "debt", "left", "rate"]  # fmt: skip
_POINT: Final = ["until", "items", "allocated", "disbursed", "rate", "allocated_in_period", "disbursed_in_period"]  # fmt: skip
_MAY_LACK: Final = frozenset({"advanced", "accepted", "settled", "debt"})


class _Groupings(click.ParamType[Any]):
    """Some groupings, with commas between them."""

    name = "list"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from ntm_workflow.domain.fund import UnknownWord
        from ntm_workflow.office.fund_totals import GROUPINGS

        names = tuple(dict.fromkeys(each.strip() for each in value.split(",")))
        for name in names:
            if name not in GROUPINGS:
                raise UnknownWord(word=name, known=GROUPINGS)
        return names


_chart = option("--chart", is_flag=True, vi="Vẽ biểu đồ cột tỷ lệ giải ngân.", en="Draw a bar chart of what is disbursed.")  # fmt: skip


@click.command(
    cls=Command,
    help=both(
        "Cộng vốn theo địa bàn, xã, huyện, nguồn, loại vốn, niên độ, loại mục, chủ đầu tư hoặc mục, kèm tỷ lệ giải ngân trên số vốn giao đến ngày xem; dòng cuối là tổng cộng.",
        "Money by place, commune, district, source, kind, year, type, owner or item, with the share disbursed of what was allocated by the day looked at; the last row is the total.",
    ),
    examples=[
        "ntm fund total --per district --as-of 30/6/2024",
        "ntm fund total --per source,kind --year 2024 --json",
        "ntm fund total --per commune --chart",
        "ntm fund total --per commune --svg giai-ngan.svg",
    ],
)
@option("--per", type=_Groupings(), default="year", show_default=True, metavar="G[,G]", vi="Cộng theo: place, commune, district, source, kind, year, type, owner, item.", en="By place, commune, district, source, kind, year, type, owner, item.")  # fmt: skip
@chooses
@year
@pictures("biểu đồ cột", "a bar chart")
@_chart
@reads
def total(per: tuple[str, ...], chart: bool, pictures: Pictures, view: Shown, **said: Any) -> None:
    from ntm_workflow.office.fund_totals import choose, totals, whole

    _must_be_one_form(view, chart, pictures)
    with view.reading() as reading:
        groups = totals(reading, per, choose(reading, **said))
        together = whole(groups)
        if chart or pictures.asked:
            title = phrase("Tỷ lệ giải ngân theo {by}", "Disbursed, by {by}", by=_in_words(per))
            title = titled(title, *_narrowed(reading, **said))
            bars = [_bar(_label(reading, per, each), each.sums) for each in groups]
            below = _footing(_bar("", together), reading.as_of)
            if chart:
                _on_screen(title, bars, below)
            else:
                _bars(pictures, title, bars, f"{below}\n{as_known(reading)}")
            return
        rows = _rows(reading, per, groups, together) if view.as_data else _told(reading, per, groups, together)  # fmt: skip
        columns = ["row", *per, *_SUMS] if view.as_data else [*per, *_seen(together)]
        view.items("fund.total", {**reading.stamp(), "per": list(per)}, rows, columns)
        if not view.as_data:
            click.echo(_footing(_bar("", together), reading.as_of))


@click.command(
    cls=Command,
    help=both(
        "Vốn của một niên độ lũy kế đến cuối từng tháng, quý và đến 31/01 năm sau, cùng số phát sinh trong kỳ.",
        "The money of a plan year at the end of each month or quarter and on 31/01 of the next year, with what each period brought.",
    ),
    examples=[
        "ntm fund series --year 2024",
        "ntm fund series --year 2024 --per quarter --chart --as-of 30/9/2024",
        "ntm fund series --year 2024 --svg giai-ngan-2024.svg",
    ],
)
@option("--per", type=click.Choice(["month", "quarter"]), default="month", show_default=True, vi="Theo tháng (month) hoặc quý (quarter).", en="By month or by quarter.")  # fmt: skip
@option("--year", type=YEAR, required=True, metavar="Y", vi="Niên độ.", en="Plan year.")
@chooses
@pictures("đường giải ngân lũy kế", "the curve of what is disbursed so far")
@_chart
@reads
def series(per: str, year: int, chart: bool, pictures: Pictures, view: Shown, **said: Any) -> None:
    from ntm_workflow.office.fund_totals import choose
    from ntm_workflow.office.fund_totals import series as use

    _must_be_one_form(view, chart, pictures)
    with view.reading() as reading:
        points = use(reading, choose(reading, year=year, **said), year, per)
        last = points[-1] if points else None
        below = _footing(last and _bar("", last), last.until if last else reading.as_of)
        title = phrase("Giải ngân lũy kế vốn năm {y}", "Money of {y}, disbursed so far", y=year)
        title = titled(title, *_narrowed(reading, **said))
        if chart:
            _on_screen(title, [_bar(_day(each), each) for each in points], below)
            return
        if pictures.asked:
            _curve(pictures, title, points, f"{below}\n{as_known(reading)}", year)
            return
        rows = (_point(each, per, short=not view.as_data) for each in points)
        stamp = {**reading.stamp(), "year": year, "per": per}
        view.items("fund.series", stamp, rows, [per, *_POINT])
        if not view.as_data:
            click.echo(below)


def _must_be_one_form(view: Shown, chart: bool, pictures: Pictures) -> None:
    if chart and view.as_data:
        raise click.UsageError(phrase("--chart không đi với --json, --csv, --xlsx.", "--chart goes without --json, --csv and --xlsx."))  # fmt: skip
    if chart and pictures.asked:
        raise click.UsageError(phrase("Chỉ chọn một: --chart, hoặc --svg và --png", "Choose one: --chart, or --svg and --png"))  # fmt: skip


# --- rows -----------------------------------------------------------------------------------------


def _sums(sums: Sums) -> dict[str, Any]:
    from msgspec.structs import asdict

    return {**asdict(sums), "left": sums.left, "rate": sums.rate}


def _rows(
    reading: Reading, by: Sequence[str], groups: Sequence[Total], whole: Sums
) -> Iterator[dict[str, Any]]:
    """As programs and spreadsheets read them; `row` tells the total from what it adds up."""
    from ntm_workflow.office.fund_totals import NAMED

    for each in groups:
        key = zip(by, each.key, strict=True)
        named = {name: reading.ref(value) if name in NAMED else value for name, value in key}
        yield {"row": "group", **named, **_sums(each.sums)}
    yield {"row": "total", **dict.fromkeys(by), **_sums(whole)}


def _told(
    reading: Reading, by: Sequence[str], groups: Sequence[Total], whole: Sums
) -> Iterator[dict[str, Any]]:
    """As people read them."""
    for each in groups:
        yield {**dict(zip(by, _words(reading, by, each), strict=True)), **_short(_sums(each.sums))}
    yield {by[0]: phrase("Cộng", "Total"), **_short(_sums(whole))}


def _seen(whole: Sums) -> list[str]:
    """The columns for people, without those in which there is nothing at all."""
    return [name for name in _SUMS if name not in _MAY_LACK or getattr(whole, name)]


def _words(reading: Reading, by: Sequence[str], group: Total) -> list[str]:
    """What a group is called."""
    return [_word(reading, name, value) for name, value in zip(by, group.key, strict=True)]


def _word(reading: Reading, name: str, value: Any) -> str:
    from ntm_workflow.office.fund_totals import NAMED

    if value is None:
        return phrase("(không có)", "(none)")
    if name in NAMED:
        return reading.names.get(value, value)
    return str(value) if name == "item" else word(str(value))


def _label(reading: Reading, by: Sequence[str], group: Total) -> str:
    return " · ".join(_words(reading, by, group))


def _point(point: Point, per: str, *, short: bool) -> dict[str, Any]:
    row = point._asdict()
    said = {per: row.pop("period"), **row, "rate": point.rate}
    return {**_short(said), per: _day(point), "until": point.until} if short else said


def _day(point: Point) -> str:
    from ntm_workflow.office.fund_totals import BEFORE

    if point.period == BEFORE:
        return phrase("trước năm", "before the year")
    year, _, part = point.period.partition("-")
    return f"{part}/{year}"


def _short(said: dict[str, Any]) -> dict[str, Any]:
    """The amounts in triệu and tỷ where that is exact."""
    return {
        name: _amount(value) if name in MONEY and isinstance(value, int) else value
        for name, value in said.items()
    }


def _amount(dong: int) -> str:
    from ntm_workflow.domain.values import format_short

    return format_short(dong, LANG.get()).removesuffix(" đồng")


def _in_words(by: Sequence[str]) -> str:
    return ", ".join(heading(name).lower() for name in by)


# --- charts ---------------------------------------------------------------------------------------


def _bar(label: str, sums: Sums | Point) -> Bar:
    """A rate never stands without what it is a share of."""
    if sums.rate is None:
        said = phrase("chưa giao vốn", "nothing allocated")
    else:
        rate = cell(sums.rate, "rate")
        said = phrase("{r} của {m:dong}", "{r} of {m:dong}", r=rate, m=sums.allocated)
    return Bar(label, sums.disbursed, sums.allocated, said)


def _narrowed(
    reading: Reading, within: str | None, year: int | None = None, **words: str | None
) -> Iterator[str | None]:
    """What the items were narrowed to: a place, a year, a source, a kind, a type."""
    from ntm_workflow.office.names import find_place

    at = None if within is None else find_place(reading, within)
    yield at and reading.names.get(at, at)
    yield str(year) if year else None
    yield from (each and word(each) for each in words.values())


def _footing(whole: Bar | None, day: date) -> str:
    if whole is None or whole.whole <= 0:
        return phrase("Chưa giao vốn đến {day}.", "Nothing allocated until {day}.", day=day)
    return phrase(
        "Đã giải ngân {said} giao đến {day}.",
        "Disbursed: {said} allocated until {day}.",
        said=whole.said,
        day=day,
    )


def _on_screen(title: str, bars: list[Bar], below: str) -> None:
    import sys

    from rich.console import Console

    from ntm_workflow.cli.chart import ink, lines

    click.echo(title)
    for line in lines(bars, Console().width, ink(sys.stdout.encoding)):
        click.echo(line.rstrip())
    click.echo(below)


def _bars(pictures: Pictures, title: str, bars: list[Bar], below: str) -> None:
    from ntm_workflow.cli.chart_svg import picture
    from ntm_workflow.cli.drawing import Words

    must_fit(len(bars), "--within, --year, --per")
    told = "; ".join([f"{bar.label}: {bar.said}" for bar in bars] + below.splitlines())
    pictures.write(picture(Words(title, below, told, LANG.get()), bars))


def _curve(pictures: Pictures, title: str, points: Sequence[Point], below: str, year: int) -> None:
    """The year and the month after it, in which its money may still be paid, whichever have begun."""
    from ntm_workflow.cli.chart_curve import Lines, picture
    from ntm_workflow.cli.chart_curve import Point as Drawn
    from ntm_workflow.cli.drawing import Words

    lines = Lines(
        phrase("một nửa số vốn giao (50%)", "half of what is allocated (50%)"),
        phrase("toàn bộ số vốn giao (100%)", "all that is allocated (100%)"),
        phrase("chưa giao vốn", "nothing allocated"),
    )
    drawn = [Drawn(each.until, each.rate, cell(each.rate, "rate"), _said(each)) for each in points]
    days = date(year - 1, 12, 31), date(year + 1, 1, 31)
    pictures.write(picture(Words(title, below, lang=LANG.get()), lines, drawn, *days))


def _said(point: Point) -> str:
    return phrase("{day}: {said}", "{day}: {said}", day=point.until, said=_bar("", point).said)
