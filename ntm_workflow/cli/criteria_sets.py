"""The criteria sets themselves: which there are, what one asks, and taking one in from a file."""

from __future__ import annotations

from typing import Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.criteria_choice import edition as which_edition
from ntm_workflow.cli.criteria_choice import of_set
from ntm_workflow.cli.session import option, session


@click.command(
    cls=Command,
    help=both(
        "Các bộ tiêu chí: phiên bản, năm áp dụng, quyết định, chỗ chưa có nguồn.",
        "The criteria sets: versions, years, decisions, and what nobody has sourced.",
    ),
    examples=["ntm criteria sets", "ntm criteria sets --set xa-ntm"],
)
@option("--set", "set_id", metavar="S", vi="Chỉ bộ này.", en="Only this set.")
@reads
def sets(set_id: str | None, view: Shown) -> None:
    from ntm_workflow.office.editions import editions

    with view.reading() as reading:
        there = editions(reading)
        found = there.of(set_id) if set_id is not None else there.all
        columns = ["set", "version", "name", "level", "first_year", "last_year", "province"]
        columns += ["criteria", "indicators", "indicator_count", "unverified", "decision"]
        view.items("criteria.sets", reading.stamp(), map(_item, found), columns)


def _item(edition: Any) -> dict[str, Any]:
    return {
        "set": edition.set,
        "version": edition.version,
        "name": edition.name,
        "level": edition.level,
        "types": edition.types,
        "first_year": edition.years[0],
        "last_year": edition.years[1],
        "province": edition.province,
        "criteria": len(edition.criteria),
        "indicators": len(edition.indicators),
        "indicator_count": edition.indicator_count,
        "thresholds": len(edition.thresholds),
        "unverified": len(_open(edition)),
        "decision": edition.decision,
        "issued_on": edition.issued_on,
        "source": edition.source,
    }


def _open(edition: Any) -> list[Any]:
    """What of an edition nobody has confirmed from its own text."""
    tables = (edition.criteria, edition.indicators, edition.thresholds, edition.groups)
    rows = [row for table in (*tables, edition.fields, edition.additions) for row in table]
    return [row for row in rows if row.unverified or getattr(row, "name", "") is None]


@click.command(
    cls=Command,
    help=both(
        "Một bộ tiêu chí: tên, chỉ tiêu, mức phải đạt theo vùng hoặc nhóm xã, lĩnh vực, quyết định của tỉnh; kèm nguồn.",
        "One criteria set: names, indicators, thresholds by region or group, fields, provinces' decisions; with sources.",
    ),
    examples=[
        "ntm criteria describe --set xa-kieu-mau",
        "ntm criteria describe --set xa-ntm --edition 2026-2030",
    ],
)
@of_set
@which_edition
@reads
def describe(set_id: str, edition: str | None, view: Shown) -> None:
    import msgspec

    from ntm_workflow.office.editions import shown_edition

    with view.reading() as reading:
        of = shown_edition(reading, set_id, edition, set())
        if view.as_json:
            emit("criteria.describe", {**reading.stamp(), **msgspec.to_builtins(of)})
        elif view.as_data:
            rows = [{"number": e.number, "name": e.name, "source": e.source} for e in of.criteria]
            view.items("criteria.describe", reading.stamp(), rows, ["number", "name", "source"])
        else:
            _tell(of)


def _tell(of: Any) -> None:
    first, last = of.years
    say(
        "{name} · {set} {version} · năm đánh giá {first}–{last}\n{decision}\nNguồn: {source}",
        "{name} · {set} {version} · assessment years {first}–{last}\n{decision}\nSource: {source}",
        name=of.name,
        set=of.set,
        version=of.version,
        source=of.source,
        first=first,
        last=last,
        decision=of.decision,
    )
    if of.indicator_count:
        say(
            "Chỉ tiêu: {found} có nguồn trên {count} theo quyết định",
            "Indicators: {found} sourced of {count} in the decision",
            found=len(of.indicators),
            count=of.indicator_count,
        )
    for criterion in of.criteria:
        click.echo(f"{criterion.number:>2} {_named(criterion)}")
        for part in of.indicators:
            if part.criterion == criterion.number:
                click.echo(f"     {part.number} {_named(part)}")
                _tell_thresholds(of, part.number)
    _tell_rest(of)


def _tell_thresholds(of: Any, indicator: str) -> None:
    from ntm_workflow.office.criteria import asked_in_words

    names = {group.id: group.name for group in of.groups}
    for asked in of.thresholds:
        if asked.indicator == indicator:
            group = f"{names.get(asked.group, asked.group)}: " if asked.group else ""
            year = f" ({asked.year})" if asked.year else ""
            words = phrase("{t}", "{t}", t=asked_in_words(asked))
            click.echo(f"         {group}{words}{year}{_aside(asked)}")


def _tell_rest(of: Any) -> None:
    for group in of.groups:
        say("Nhóm {id}: {name}", "Group {id}: {name}", id=group.id, name=_named(group))
    for field in of.fields:
        where = f" ({field.province})" if field.province else ""
        say("Lĩnh vực: {name}", "Field: {name}", name=f"{field.name}{where}{_aside(field)}")
    for each in of.additions:
        more = f"; {each.requires}" if each.requires else ""
        click.echo(f"{each.province}: {each.decision}{more}{_aside(each)}")


def _named(row: Any) -> str:
    return (row.name or phrase("(chưa có tên)", "(name not known)")) + _aside(row)


def _aside(row: Any) -> str:
    """The source, and that nobody has confirmed it, where that is so."""
    flag = phrase(" [chưa xác minh]", " [unverified]") if row.unverified else ""
    return f"{flag} – {row.source}" if row.source else flag


@click.command(
    cls=Command,
    help=both(
        "Đưa một bộ tiêu chí từ tệp vào sổ: bộ của tỉnh, bộ thôn kiểu mẫu, bộ giai đoạn mới (khuôn: docs/criteria.md).",
        "Take a criteria set in from a file: a province's own, the villages', a new period's (format: docs/criteria.md).",
    ),
    examples=[
        "ntm criteria adopt bo-cua-tinh.toml --like xa-kieu-mau",
        "ntm criteria adopt bo-cua-tinh.toml --document 'QĐ mẫu' --dry-run",
    ],
)
@click.argument("file", type=click.Path())
@option("--like", metavar="S", vi="Chỉ viết tệp khung theo bộ có sẵn này để sửa.", en="Only write a file to start from, like this bundled set.")  # fmt: skip
@which_edition
@writes
def adopt(ask: Asked, file: str, like: str | None, edition: str | None) -> None:
    from ntm_workflow.office import editions as use

    if like is not None:
        _write_frame(file, use.frame(like, edition))
        return
    taken = use.read_file(file)
    office = session().office()
    receipt = office.record(ask.request, lambda entry: use.adopt(entry, taken))
    ask.told("criteria.adopt", office, receipt)


def _write_frame(file: str, text: str) -> None:
    from ntm_workflow.cli.files import write_new

    write_new(file, text)
    say(
        "Đã viết {file}. Sửa theo văn bản của mình, rồi: ntm criteria adopt {file:arg}",
        "Wrote {file}. Change it after your own paper, then: ntm criteria adopt {file:arg}",
        file=file,
    )
