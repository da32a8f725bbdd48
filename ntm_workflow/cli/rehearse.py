"""`ntm rehearse`: what would happen, day by day, told before it is kept."""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import Command, both
from ntm_workflow.cli.complete import PLAN
from ntm_workflow.cli.params import DAY
from ntm_workflow.cli.script import Line, read
from ntm_workflow.cli.session import Session, everywhere, option, session
from ntm_workflow.cli.typed import type_line
from ntm_workflow.domain.base import Refused

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.notifications.post import Folder
    from ntm_workflow.office.rehearsal import Day, Rehearsal, Source
    from ntm_workflow.plans.pack import Pack
    from ntm_workflow.store.draft import Draft


class NothingToRehearse(Refused):
    exit_code = 2
    vi = "Chưa có gì để tổng dượt: chưa có sổ tại {where}, cũng không nêu kế hoạch nào.\nThử: ntm rehearse --plan all --from {first} --until {last}"
    en = "There is nothing to rehearse: no store at {where}, and no plan named.\nTry: ntm rehearse --plan all --from {first} --until {last}"


class SourceMissing(Refused):
    vi = "Chưa có sổ nguồn tại {where}.\nLập sổ mới: ntm init · Tổng dượt không cần sổ nguồn: bỏ --store và NTM_STORE, nêu --plan"
    en = "There is no store at {where} to rehearse from.\nMake one: ntm init · To rehearse without: leave out --store and NTM_STORE, name a --plan"


class KeptInDatabase(Refused):
    exit_code = 2
    vi = "--keep {keep}: sổ tổng dượt là một tệp.\nNêu tên tệp, ví dụ: --keep tong-duot.db"
    en = "--keep {keep}: a rehearsal is kept in a file.\nName one, for example: --keep rehearsal.db"


class LineRefused(Refused):
    vi = "Kịch bản dừng ở dòng {number}, ngày {day}: ntm {text}\n{why}\nKhông giữ lại gì. Sửa dòng ấy rồi chạy lại."
    en = "The script stopped at line {number}, on {day}: ntm {text}\n{why}\nNothing was kept. Mend that line and run it again."


@dataclass(frozen=True)
class Typed:
    """A line of the script as it went: what it answered, and the facts it recorded."""

    line: Line
    said: str
    facts: tuple[Fact, ...]


@dataclass
class AtDesk:
    """Whoever types the script's lines in a rehearsal, a second apart."""

    rehearsal: Rehearsal
    lines: dict[date, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def __call__(self, day: date) -> list[Typed]:
        return [self._type(line) for line in self.lines.get(day, ())]

    def _type(self, line: Line) -> Typed:
        office, clock = self.rehearsal.office, self.rehearsal.clock
        clock.tick()
        before, out, err = self._position(), StringIO(), StringIO()
        desk = Session(office.database.where, self.rehearsal.by, clock, _office=office)
        with redirect_stdout(out), redirect_stderr(err):
            code = type_line(line.words, desk)
        if code:
            about = {"number": line.number, "day": line.day, "text": line.text}
            raise LineRefused(**about, why=(err.getvalue() or out.getvalue()).strip())
        with office.database.read() as conn:
            facts = tuple(office.journal.facts(conn, before))
        return Typed(line, (out.getvalue() + err.getvalue()).strip(), facts)

    def _position(self) -> int:
        office = self.rehearsal.office
        with office.database.read() as conn:
            return office.journal.head(conn).position


@dataclass(frozen=True)
class Lived:
    """A rehearsal that came to its end, and what it was made from."""

    rehearsal: Rehearsal
    days: list[Day]
    source: Source | None
    left_out: int
    plans: list[str]
    kept: Path | None


@click.command(
    cls=Command,
    help=both(
        "Tổng dượt: chạy cả lịch trên đồng hồ giả lập trong một sổ MỚI ghi rõ là tổng dượt; sổ đang dùng chỉ được đọc. "
        "Mỗi ngày: chốt ngày trước, thư của ngày, việc trong sổ và kế hoạch có hiệu lực từ ngày ấy, rồi các dòng kịch bản, "
        "mỗi dòng “2024-11-05: dossier submit --place … --on 28/10/2024”. Dòng nào bị từ chối thì dừng, không giữ gì.",
        "Rehearse: run the whole calendar on a simulated clock in a NEW store marked so; the store in use is only read. "
        "Each day: the closing of the day before, the day's letters, what the store and plans say from that day on, then "
        "the script's lines, each “2024-11-05: dossier submit --place … --on 28/10/2024”. A refused line stops it, keeping nothing.",
    ),
    examples=[
        "ntm rehearse --from 1/10/2024 --until 31/12/2024",
        "ntm rehearse --plan quang-nam-2024-2025 --within 'Tam Kỳ' --from 1/9/2024 --until 30/11/2024",
        "ntm rehearse --plan bao-linh-2024 --from 1/1/2024 --until 31/3/2024 --keep tong-duot.db --letters thu-tong-duot",
    ],
)
@option("--from", "first", type=DAY, required=True, metavar="DATE", vi="Ngày đầu tiên.", en="The first day.")  # fmt: skip
@option("--until", "last", type=DAY, required=True, metavar="DATE", vi="Ngày cuối cùng; cũng được chốt.", en="The last day, which is closed too.")  # fmt: skip
@option("--plan", "plans", type=PLAN, multiple=True, metavar="ID|FILE", vi="Thêm kế hoạch này từ ngày có hiệu lực; all là mọi kế hoạch có sẵn.", en="Adopt this plan too, from its day on; all means every bundled one.")  # fmt: skip
@option("--within", metavar="PLACE", vi="Chỉ phần của kế hoạch nói về địa phương này.", en="Only what the plan says of this place.")  # fmt: skip
@option("--script", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", vi="Kịch bản: mỗi dòng một ngày và một lệnh.", en="The script: a day and a command a line.")  # fmt: skip
@option("--keep", metavar="FILE", vi="Giữ sổ tổng dượt trong tệp này; không ghi đè.", en="Keep the rehearsal's store in this file; never over another.")  # fmt: skip
@option("--letters", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", vi="Ghi thư của từng ngày thành tệp .eml; không gửi cho ai.", en="Write each day's letters as .eml files; they reach nobody.")  # fmt: skip
@option("--months", "only_months", is_flag=True, vi="Chỉ in bảng tháng và các thư.", en="Print only the months and the letters.")  # fmt: skip
@option("--csv", "as_csv", is_flag=True, vi="Các ngày dạng CSV.", en="The days as CSV.")
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def rehearse(
    first: date,
    last: date,
    plans: tuple[str, ...],
    within: str | None,
    script: Path | None,
    keep: str | None,
    letters: Path | None,
    *,
    only_months: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    from ntm_workflow.cli import rehearsed
    from ntm_workflow.office.rehearsal import must_be_in_order
    from ntm_workflow.store.draft import drafted

    must_be_in_order(first, last)
    if within is not None and not plans:
        raise click.UsageError(phrase("--within đi với --plan.", "--within goes with --plan."))
    lines = read(script, first, last) if script else []
    if keep and "://" in keep:
        raise KeptInDatabase(keep=keep)
    told = _source(first, last, plans)
    packs = _packs(plans, told, last, within)
    with drafted(Path(keep) if keep else None) as draft:
        lived = _live(draft, told, (packs, within), lines, letters, (first, last), keep)
        prepared = rehearsed.prepared(lived)
    # Only now has the store its name.
    rehearsed.show(
        prepared,
        "json" if as_json else "csv" if as_csv else "months" if only_months else "days",
    )


def _live(
    draft: Draft,
    told: Source | None,
    adopted: tuple[list[Pack], str | None],
    lines: list[Line],
    letters: Path | None,
    span: tuple[date, date],
    keep: str | None,
) -> Lived:
    from ntm_workflow.office.rehearsal import Rehearsal, Simulated, adoptions, retellings

    (first, last), (packs, within), by = span, adopted, session().who
    facts = told.until(last) if told else []
    tellings = [*retellings(facts, first), *adoptions(packs, first, last, by, within)]
    with _post(draft, letters) as post:
        rehearsal = Rehearsal(draft, Simulated(), first, last, by, post)
        rehearsal.create(
            facts,
            [pack.sha256 for pack in packs],
            within,
            [(line.day, line.text) for line in lines],
        )
        desk = AtDesk(rehearsal)
        for line in lines:
            desk.lines[line.day].append(line)
        days = list(_watched(rehearsal.days(tellings, desk)))
    left_out = len(told.facts) - len(facts) if told else 0
    ids = [pack.id for pack in packs]
    return Lived(rehearsal, days, told, left_out, ids, Path(keep) if keep else None)


def _source(first: date, last: date, plans: Sequence[str]) -> Source | None:
    """The store in use, if there is one; only a plan may be rehearsed without any."""
    from ntm_workflow.office.rehearsal import source
    from ntm_workflow.store.refusals import StoreMissing

    with closing(session().database()) as database:
        try:
            return source(database)
        except StoreMissing:
            if session().settings["store"]:
                raise SourceMissing(where=database.where) from None
            if not plans:
                raise NothingToRehearse(where=database.where, first=first, last=last) from None
            return None


def _packs(plans: Sequence[str], told: Source | None, last: date, within: str | None) -> list[Pack]:
    """The plans named, what one of them amends before it.

    `all` leaves out what the store has, what takes effect after the last day, and what says nothing
    of the place.
    """
    from ntm_workflow.office import lineage
    from ntm_workflow.plans.pack import bundled, load, speaks_of

    there = {fact.subject.partition("/")[2] for fact in told.facts} if told else set()
    others = (id for id in bundled() if "all" in plans and id not in there)
    offered = [pack for id in others if (pack := load(id)).effective_on <= last]
    # Where none speaks of the place, adopting the first says so.
    wanted = [p for p in offered if within is None or speaks_of(p, within)] or offered[:1]
    found = {pack.id: pack for pack in wanted}
    found |= {plan: load(plan) for plan in plans if plan != "all"}
    return lineage.in_order(list(found.values()))


@contextmanager
def _post(draft: Draft, letters: Path | None) -> Iterator[Folder | None]:
    """Where letters are written: they come to their folder together, once nothing was refused."""
    from ntm_workflow.notifications.post import Folder

    if letters is None or draft.path is None:
        yield None
        return
    Folder(letters).ready()
    written = Folder(draft.path.with_name("letters"))
    written.ready()
    yield written
    for file in sorted(written.path.iterdir()):
        shutil.move(file, letters / file.name)


def _watched(days: Iterable[Day]) -> Iterator[Day]:
    """The days as they come, told on a terminal's stderr; nothing where nobody watches."""
    watched = sys.stderr.isatty()
    for day in days:
        if watched:
            click.echo(f"\r{day.day.isoformat()}", err=True, nl=False)
        yield day
    if watched:
        click.echo("\r          \r", err=True, nl=False)
