"""What every command shares: options, the session, results, and refusals said plainly."""

from __future__ import annotations

import csv
import functools
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.bilingual import LANG, Option, both, pick
from ntm_workflow.cli.labels import heading, word

if TYPE_CHECKING:
    from ntm_workflow.domain.base import Fact
    from ntm_workflow.office import Clock, Office, Receipt
    from ntm_workflow.office.entry import Request
    from ntm_workflow.office.reading import Reading


#: Whether an error shows its traceback; outlives click's context, in which it was asked for.
DEBUG: ContextVar[bool] = ContextVar("debug", default=False)


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


# --- the session ---------------------------------------------------------------------------------


@dataclass
class Session:
    """What was said on the line that is no fact: which store, who types, how to answer."""

    store: str | None = None
    by: str | None = None
    clock: Clock = field(default_factory=lambda: SystemClock())

    @property
    def address(self) -> str:
        """The store: --store, else NTM_STORE, else a file in the user's data folder."""
        if self.store:
            return self.store
        from platformdirs import user_data_path

        return str(user_data_path("ntm-workflow") / "ntm.db")

    @property
    def who(self) -> str:
        return self.by or getpass.getuser()

    def office(self) -> Office:
        from ntm_workflow.office import Office
        from ntm_workflow.store.engine import Database

        return Office(Database(self.address), self.clock)


def session() -> Session:
    return click.get_current_context().ensure_object(Session)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value:
            setattr(ctx.ensure_object(Session), name, value)
        return value

    return keep


def _debugging(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        DEBUG.set(True)


def option(*names: str, vi: str = "", en: str = "", **settings: Any) -> Callable[[Any], Any]:
    """A click option whose help is in both languages."""
    return click.option(*names, cls=Option, help=both(vi, en), **settings)


def everywhere(function: Any) -> Any:
    """Options that may stand before or after the command."""
    for add in (
        option("--debug", is_flag=True, expose_value=False, callback=_debugging,
               vi="Hiện chi tiết khi có lỗi.", en="Show details of an error."),
        option("--by", metavar="WHO", expose_value=False, callback=_remember("by"),
               envvar="NTM_BY", vi="Người gõ (khai báo).", en="Who types (declared)."),
        option("--lang", type=click.Choice(["vi", "en"]), expose_value=False,
               vi="Ngôn ngữ.", en="Language."),
        option("--store", metavar="PATH|URL", expose_value=False, callback=_remember("store"),
               envvar="NTM_STORE", vi="Sổ: một tệp, hoặc postgresql://…",
               en="The store: a file, or postgresql://…"),
    ):  # fmt: skip
        function = add(function)
    return function


# --- what people type ----------------------------------------------------------------------------


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


class _Number(click.ParamType[Any]):
    """An entry: 1234 or #1234."""

    name = "#N"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        text = str(value).removeprefix("#")
        if not (text.isascii() and text.isdigit()) or int(text) == 0:
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


DAY, MONEY, NUMBER, MOMENT = _Day(), _Money(), _Number(), _Moment()


def writes(function: Any) -> Any:
    """The options of a command that records; it is handed `ask`, the request as it was said."""

    @functools.wraps(function)
    def command(**said: Any) -> Any:
        as_json = said.pop("as_json")
        ask = Asked(said_request(said), as_json)
        return function(ask=ask, **said)

    for add in (
        option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON."),
        option("--already-done", is_flag=True, vi="Báo lại việc đã làm trái quy tắc (cần --document).",
               en="Report an act a rule would refuse (needs --document)."),
        option("--if-position", type=int, metavar="N", vi="Chỉ ghi nếu sổ còn ở vị trí N.",
               en="Only if the journal is still at position N."),
        option("--key", metavar="TEXT", vi="Khóa chống ghi trùng khi chạy lại.",
               en="Key that makes running it again safe."),
        option("--dry-run", is_flag=True, vi="Chỉ xem sẽ ghi gì.", en="Show the facts, write none."),
        option("--note", metavar="TEXT", vi="Ghi chú.", en="Remark."),
        option("--document", metavar="TEXT", vi="Văn bản: số, ngày, cơ quan ban hành.",
               en="The paper: number, date, issuer."),
        option("--body", metavar="UNIT", vi="Đơn vị đã làm việc này.", en="The unit that did it."),
        option("--on", type=DAY, metavar="DATE", vi="Ngày xảy ra (mặc định hôm nay).",
               en="When it happened (default today)."),
    ):  # fmt: skip
        command = add(command)
    return everywhere(command)


def reads(function: Any) -> Any:
    """The options of a command that reads; it is handed `view`, the reading's times and form."""

    @functools.wraps(function)
    def command(**said: Any) -> Any:
        names = ("as_json", "as_csv", "as_of", "known_at")
        return function(view=Shown(*(said.pop(name) for name in names)), **said)

    for add in (
        option("--known-at", type=MOMENT, metavar="WHEN", vi="Như đã biết vào lúc đó (ngày, thời điểm, #N).",
               en="As known then (a date, an instant, #N)."),
        option("--as-of", type=DAY, metavar="DATE", vi="Tình trạng cuối ngày đó (mặc định hôm nay).",
               en="Status at the end of that day (default today)."),
        option("--csv", "as_csv", is_flag=True, vi="Kết quả dạng CSV.", en="Result as CSV."),
        option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON."),
    ):  # fmt: skip
        command = add(command)
    return everywhere(command)


def said_request(said: dict[str, Any]) -> Request:
    """Take the words of `writes` out of what was said; the rest is the verb's own."""
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office.entry import Request

    names = ("on", "body", "document", "note", "key", "dry_run", "if_position", "already_done")
    taken = {name: said.pop(name) for name in names}
    texts: dict[str, Any] = {k: nfc(v) if isinstance(v, str) else v for k, v in taken.items()}
    path = click.get_current_context().command_path.partition(" ")[2]
    words = (path, sorted((k, str(v)) for k, v in said.items()))
    return Request(by=nfc(session().who), words=words, **texts)


# --- answers -------------------------------------------------------------------------------------


def say(vi: str, en: str, **fields: Any) -> None:
    """One sentence on stdout, in the reader's language."""
    click.echo(phrase(vi, en, **fields))


def phrase(vi: str, en: str, **fields: Any) -> str:
    from ntm_workflow.domain.values import Sentence

    lang = LANG.get()
    return Sentence(lang).format(en if lang == "en" else vi, **fields)


def emit(schema: str, document: dict[str, Any]) -> None:
    """One JSON document: dates ISO, money integer đồng."""
    import msgspec

    text = msgspec.json.encode({"schema": f"ntm.{schema}/1", **document})
    click.echo(msgspec.json.format(text, indent=2).decode())


@dataclass(frozen=True)
class Asked:
    """A write request and how to answer it."""

    request: Request
    as_json: bool

    def of(self, part: str) -> Request:
        """The request for one part of a command that records several entries."""
        key = self.request.key and f"{self.request.key}/{part}"
        return replace(self.request, key=key, words=(*self.request.words, part))

    def told(self, schema: str, office: Office, *receipts: Receipt) -> None:
        """Say what was recorded, and the next command."""
        with office.reading() as reading:
            told = [[fact_json(fact, reading) for fact in r.facts] for r in receipts]
        if self.as_json:
            entries = [receipt.entry for receipt in receipts]
            about = {
                "entry": entries[0] if entries else None,
                "entries": entries,
                "repeated": all(receipt.repeated for receipt in receipts) and bool(receipts),
                "dry_run": self.request.dry_run,
            }
            emit(schema, {**about, "facts": [fact for facts in told for fact in facts]})
            return
        if not receipts:
            say("Không có gì để ghi.", "Nothing to record.")
        for receipt, facts in zip(receipts, told, strict=True):
            _tell(receipt, [fact["sentence"] for fact in facts])


def _tell(receipt: Receipt, sentences: list[str]) -> None:
    if receipt.dry_run:
        say("Thử: sẽ ghi các việc sau, chưa ghi gì.", "Dry run: these facts, nothing written.")
    elif receipt.repeated:
        say("Đã ghi từ trước, lần ghi #{n}.", "Already recorded, entry #{n}.", n=receipt.entry)
    else:
        say("Đã ghi #{n}.", "Recorded #{n}.", n=receipt.entry)
    _listed(sentences)
    if not receipt.dry_run:
        say(
            "Xem: ntm fact show {n} · Ghi sai: ntm fact correct {n} --reason …",
            "See: ntm fact show {n} · Wrong: ntm fact correct {n} --reason …",
            n=receipt.entry,
        )


def _listed(sentences: Sequence[str], most: int = 8) -> None:
    for sentence in sentences[:most]:
        click.echo(f"  {sentence}")
    if len(sentences) > most:
        rest = len(sentences) - most
        say("  … và {n} việc nữa", "  … and {n} more", n=rest)


@dataclass(frozen=True)
class Shown:
    """A reading's times and the form of its answer."""

    as_json: bool
    as_csv: bool
    as_of: date | None
    known_at: Any

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with session().office().reading(self.as_of, self.known_at) as reading:
            yield reading

    def items(
        self,
        schema: str,
        stamp: dict[str, Any],
        items: list[dict[str, Any]],
        columns: Sequence[str],
    ) -> None:
        """A list: JSON, CSV, or a table of `columns` (tab-separated when piped)."""
        if self.as_json:
            emit(schema, {**stamp, "items": items})
            return
        if self.as_csv:
            _csv(columns, [[plain(item.get(name)) for name in columns] for item in items])
        else:
            rows = [[cell(item.get(name)) for name in columns] for item in items]
            table([heading(name) for name in columns], rows)

    def one(self, schema: str, reading: Reading, item: dict[str, Any]) -> None:
        """One thing: JSON, or a line per key."""
        if self.as_json:
            emit(schema, {**reading.stamp(), **item})
            return
        for name, value in item.items():
            if isinstance(value, list) and value and isinstance(value[0], str):
                click.echo(f"{heading(name)}:")
                _listed(value, most=len(value))
            else:
                click.echo(f"{heading(name)}: {cell(value)}")


def cell(value: Any) -> str:
    """A value as a table shows it to a person."""
    from ntm_workflow.domain.values import format_date

    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, dict):
        return str(value.get("name") or ", ".join(f"{k}={cell(v)}" for k, v in value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(cell(each) for each in value)
    return word(value) if isinstance(value, str) else str(value)


def plain(value: Any) -> str:
    """A value as CSV holds it: ISO days, whole numbers, codes as they are."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return str(value.get("name") or value.get("state") or value.get("kind") or "")
    if isinstance(value, list | tuple):
        return "; ".join(plain(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def table(columns: Sequence[str], rows: list[list[str]]) -> None:
    if not sys.stdout.isatty():
        for row in ([*columns], *rows):
            click.echo("\t".join(row))
        return
    widths = [max(len(row[i]) for row in ([*columns], *rows)) for i in range(len(columns))]
    for row in ([*columns], *rows):
        click.echo(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        )


def _csv(columns: Sequence[str], rows: list[list[str]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    # A cell that begins like a formula would run in a spreadsheet.
    writer.writerows([f"'{t}" if t[:1] in "=+-@" and t else t for t in row] for row in rows)


def fact_json(fact: Fact, reading: Reading, voided_by: int | None = None) -> dict[str, Any]:
    """A fact as `ntm fact list --json` shows it."""
    from ntm_workflow.domain.base import BEGINNING
    from ntm_workflow.projections.history import sentence

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
        "sentence": sentence(fact, LANG.get(), reading.names),
        "because": event.because,
        "replaces": event.replaces,
        "against": event.against,
        "voided_by": voided_by,
    }


# --- refusals ------------------------------------------------------------------------------------


@contextmanager
def plainly() -> Iterator[None]:
    """A refusal becomes its sentence on stderr and its exit code; nothing shows a traceback."""
    from ntm_workflow.domain.base import Refused

    try:
        yield
    except Refused as refusal:
        if _debug():
            raise
        word = pick(both("Lỗi", "Error"))
        click.echo(f"{word}: {refusal.say(LANG.get())}", err=True)
        sys.exit(refusal.exit_code)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        if _debug():
            raise
        text = phrase(
            "Lỗi không lường trước: {kind}: {error}\nXem chi tiết: thêm --debug",
            "Unexpected error: {kind}: {error}\nDetails: add --debug",
            kind=type(error).__name__,
            error=str(error).partition("\n")[0],
        )
        click.echo(text, err=True)
        sys.exit(1)


def _debug() -> bool:
    return DEBUG.get() or bool(os.environ.get("NTM_DEBUG"))
