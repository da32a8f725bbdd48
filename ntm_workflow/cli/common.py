"""What every command shares: the options of writing and of reading, and how each is answered."""

from __future__ import annotations

import functools
import os
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import MOST, cell, emit, fact_json, listed, say, tell
from ntm_workflow.cli.bilingual import LINE, both, named, pick
from ntm_workflow.cli.complete import UNIT, Name
from ntm_workflow.cli.labels import heading, word
from ntm_workflow.cli.line import act
from ntm_workflow.cli.params import DAY, MOMENT, SHEET
from ntm_workflow.cli.session import everywhere, option, session

if TYPE_CHECKING:
    from ntm_workflow.office import Office, Receipt
    from ntm_workflow.office.entry import Request
    from ntm_workflow.office.reading import Reading


def writes(function: Any) -> Any:
    """The options of a command that records; it is handed `ask`, the request as it was said."""

    @functools.wraps(function)
    def command(**said: Any) -> Any:
        from ntm_workflow.office.approval import SecondPersonNeeded

        as_json = said.pop("as_json")
        ask = Asked(said_request(said), as_json)
        try:
            return function(ask=ask, **said)
        except SecondPersonNeeded as needed:
            from ntm_workflow.cli.approval import proposed

            return proposed(ask, needed)

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
        option("--body", type=UNIT, metavar="UNIT", vi="Đơn vị đã làm việc này.", en="The unit that did it."),
        option("--on", type=DAY, metavar="DATE", vi="Ngày xảy ra (mặc định hôm nay).",
               en="When it happened (default today)."),
    ):  # fmt: skip
        command = add(command)
    return everywhere(command)


def reads(function: Any) -> Any:
    """The options of a command that reads a list; it is handed `view`, the reading's times and form."""
    forms = (
        option("--xlsx", "as_xlsx", type=SHEET, metavar="FILE", vi="Ghi kết quả vào tệp Excel.", en="Write the result to an Excel file."),
        option("--csv", "as_csv", is_flag=True, vi="Kết quả dạng CSV.", en="Result as CSV."),
    )  # fmt: skip
    return _looking(function, forms)


def looks(function: Any) -> Any:
    """The options of a command that reads and makes no list: it has files of its own, or none."""
    return _looking(function, ())


def _looking(function: Any, forms: Sequence[Any]) -> Any:
    @functools.wraps(function)
    def command(**said: Any) -> Any:
        as_json, as_of, known_at = (said.pop(name) for name in ("as_json", "as_of", "known_at"))
        as_csv, as_xlsx = said.pop("as_csv", False), said.pop("as_xlsx", None)
        view = Shown(as_json, as_csv, as_xlsx, as_of, known_at)
        view.must_be_one_form()
        return function(view=view, **said)

    for add in (
        option("--known-at", type=MOMENT, metavar="WHEN", vi="Như đã biết vào lúc đó (ngày, thời điểm, #N).",
               en="As known then (a date, an instant, #N)."),
        option("--as-of", type=DAY, metavar="DATE", vi="Tình trạng cuối ngày đó (mặc định hôm nay).",
               en="Status at the end of that day (default today)."),
        *forms,
        option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON."),
    ):  # fmt: skip
        command = add(command)
    return everywhere(command)


def _asked() -> str:
    """The line as it was typed, but for where its answer is written."""
    words = list(act(click.get_current_context(), LINE.get()))
    kept = [w for at, w in enumerate(words) if "--xlsx" not in (w, words[at - 1] if at else "")]
    return shlex.join(["ntm", *(word for word in kept if not word.startswith("--xlsx="))])


def said_request(said: dict[str, Any]) -> Request:
    """Take the words of `writes` out of what was said; the rest is the verb's own."""
    from ntm_workflow.domain.inputs import readable
    from ntm_workflow.domain.values import nfc
    from ntm_workflow.office.entry import PaperMissing, Request

    names = ("on", "body", "document", "note", "key", "dry_run", "if_position", "already_done")
    taken = {name: said.pop(name) for name in names}
    for name, value in (said | taken).items():
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                readable(text, _typed_for(name))
    if taken["already_done"] and not taken["document"]:
        raise PaperMissing
    texts: dict[str, Any] = {k: nfc(v) if isinstance(v, str) else v for k, v in taken.items()}
    words = (_command(), tuple(sorted((name, _meant(name, value)) for name, value in said.items())))
    by = session().who
    approves, today = session().approving or (None, None)
    line = act(click.get_current_context(), LINE.get())
    return Request(by=by, words=words, line=line, approves=approves, today=today, **texts)


def _typed_for(name: str) -> str:
    """The option or argument a value was typed for, as it stands on the line."""
    ctx = click.get_current_context()
    param = _param(name)
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(ctx)


def _param(name: str) -> click.Parameter:
    ctx = click.get_current_context()
    return next(each for each in ctx.command.get_params(ctx) if each.name == name)


def _meant(name: str, value: Any) -> Any:
    """A value as it counts for the key: what a text names, and where a file lies, however it was typed."""
    from ntm_workflow.office.entry import Named

    type = _param(name).type
    if isinstance(value, tuple):
        return tuple(_meant(name, each) for each in value)
    if isinstance(type, Name) and type.kind and isinstance(value, str):
        return Named(type.kind, value)
    return os.path.abspath(value) if value and isinstance(type, click.Path) else value


def _command() -> str:
    """The command's own name, whichever alias was typed."""
    return " ".join(name for _, name in named(click.get_current_context()))


@dataclass
class Asked:
    """A write request and how to answer it."""

    request: Request
    as_json: bool

    def means(self, **said: Any) -> None:
        """Put in ids what was typed for these, where only the verb can tell what it names."""
        command, typed = self.request.words
        meant = tuple(sorted((dict(typed) | said).items()))
        self.request = replace(self.request, words=(command, meant))

    def without_day(self) -> Request:
        """The request where `--on` is part of the verb and not the day of the facts."""
        words = (*self.request.words, str(self.request.on))
        return replace(self.request, on=None, words=words)

    def of(self, part: str) -> Request:
        """The request for one part of a command that records several entries."""
        key = self.request.key and f"{self.request.key}/{part}"
        return replace(self.request, key=key, words=(*self.request.words, part))

    def told(self, schema: str, office: Office, *receipts: Receipt, **beside: Any) -> None:
        """Say what was recorded, and the next command; `beside` are more keys of the JSON."""
        if self.as_json:
            self._emit(schema, office, receipts, beside)
            return
        session().tell_rehearsal()
        if not receipts:
            say("Không có gì để ghi.", "Nothing to record.")
        with office.reading() as reading:
            for receipt in receipts:
                some = receipt.facts[:MOST]
                tell(receipt, [fact_json(fact, reading)["sentence"] for fact in some])

    def _emit(
        self,
        schema: str,
        office: Office,
        receipts: Sequence[Receipt],
        beside: dict[str, Any],
    ) -> None:
        with office.reading() as reading:
            facts = [fact_json(fact, reading) for receipt in receipts for fact in receipt.facts]
        entries = [receipt.entry for receipt in receipts]
        about = {
            "entry": entries[0] if entries else None,
            "entries": entries,
            "repeated": all(receipt.repeated for receipt in receipts) and bool(receipts),
            "dry_run": self.request.dry_run,
        }
        emit(schema, {**about, **beside, "facts": facts})


@dataclass(frozen=True)
class Shown:
    """A reading's times and the form of its answer."""

    as_json: bool
    as_csv: bool
    as_xlsx: Path | None
    as_of: date | None
    known_at: Any

    def must_be_one_form(self) -> None:
        if sum(map(bool, (self.as_json, self.as_csv, self.as_xlsx))) > 1:
            words = both("Chỉ chọn một: --json, --csv, --xlsx", "Choose one: --json, --csv, --xlsx")
            raise click.UsageError(pick(words) or "")

    @property
    def as_data(self) -> bool:
        """Whether programs or a spreadsheet read it, and not a person on the line."""
        return self.as_json or self.as_csv or self.as_xlsx is not None

    def tell_rehearsal(self) -> None:
        """Say to people that the store is a rehearsal; programs have `ntm doctor --json`."""
        if not self.as_data:
            session().tell_rehearsal()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with session().office().reading(self.as_of, self.known_at) as reading:
            yield reading

    def items(
        self,
        schema: str,
        stamp: dict[str, Any],
        items: Iterable[dict[str, Any]],
        columns: Sequence[str],
        *,
        under: str = "items",
        line: Callable[[dict[str, Any]], str] | None = None,
    ) -> None:
        """A list, written as its items come: JSON, CSV, a sheet, or for people a table or a `line` each."""
        from ntm_workflow.cli import lists

        if self.as_json:
            lists.write_json(schema, stamp, under, items)
        elif self.as_csv:
            lists.write_csv(columns, items)
        elif self.as_xlsx:
            self._sheet(self.as_xlsx, schema, stamp, items, columns)
        elif line:
            for item in items:
                click.echo(line(item))
        else:
            lists.write_table(columns, items)

    def _sheet(
        self,
        path: Path,
        schema: str,
        stamp: dict[str, Any],
        items: Iterable[dict[str, Any]],
        columns: Sequence[str],
    ) -> None:
        from ntm_workflow.cli.sheet_words import look_of
        from ntm_workflow.cli.xlsx import write_sheet

        look = look_of(schema)
        known = stamp.get("known_at") or {}
        about: dict[str, Any] = {
            "command": _asked(),
            "as_of": stamp.get("as_of"),
            "known_at": known.get("instant"),
            "position": known.get("position"),
            **{name: stamp[name] for name in ("before", "after") if name in stamp},
        }
        rows = write_sheet(path, about, columns, look.said(items), look.head)
        say("Đã ghi {n} dòng vào {path}.", "Wrote {n} rows to {path}.", n=rows, path=path)

    def one(self, schema: str, reading: Reading, item: dict[str, Any]) -> None:
        """One thing: JSON, or a line per key; CSV and a sheet have a row of it."""
        if self.as_json:
            emit(schema, {**reading.stamp(), **item})
            return
        if self.as_data:
            self.items(schema, reading.stamp(), [item], list(item))
            return
        for name, value in item.items():
            if isinstance(value, list) and value and isinstance(value[0], str):
                click.echo(f"{heading(name)}:")
                listed([word(each) for each in value], most=len(value))
            else:
                click.echo(f"{heading(name)}: {cell(value, name)}")
