"""A script of dated commands: read and checked whole before any of it runs. Runs nothing itself.

A line is `2024-11-05: dossier submit --place … --on 28/10/2024`; empty lines and `#` remarks pass.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG, named
from ntm_workflow.cli.session import DEBUG, Session
from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.reasons import why

#: What makes, moves or judges a store, vouches for a clock, or needs a second person: nothing of
#: that is there. Letters leave by themselves, and to nobody.
SENSELESS: Final = frozenset(
    {"init", "migrate", "demo", "restore", "rehearse", "serve", "clock", "approval", "completion"}
    | {"help", "mail", "letter send", "letter retry"}
)
#: Faulty lines that are told; the rest are counted.
MOST: Final = 6


class ScriptUnreadable(Refused):
    exit_code = 2
    vi = "Không đọc được kịch bản {file} ({reason}).\nKiểm tra quyền đọc; lưu tệp dạng văn bản, mã UTF-8."
    en = "The script {file} cannot be read ({reason}).\nCheck your rights; save it as plain text in UTF-8."


class ScriptWrong(Refused):
    exit_code = 2
    vi = "Kịch bản {file} có {n} dòng sai; chưa chạy gì.\n{lines}\nMỗi dòng: NGÀY: LỆNH, ví dụ 2024-11-05: fund disburse --item … --amount …"
    en = "The script {file} has faulty lines ({n}); nothing was run.\n{lines}\nA line is DATE: COMMAND, e.g. 2024-11-05: fund disburse --item … --amount …"


@dataclass(frozen=True)
class Line:
    """A command to type on a day; `text` as it stands in the script."""

    number: int
    day: date
    text: str
    words: tuple[str, ...]


class _Wrong(Exception):
    """What is wrong with a line, in the reader's language."""


def read(file: Path, first: date, last: date) -> list[Line]:
    """The lines of a script in the order of their days; refuses one that cannot be run as a whole."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptUnreadable(file=file, reason="UTF-8") from error
    except OSError as error:
        raise ScriptUnreadable(file=file, reason=why(error)) from error
    lines: list[Line] = []
    faults: list[str] = []
    for number, each in _said(text):
        try:
            lines.append(_line(number, each, first, last))
        except _Wrong as wrong:
            faults.append(phrase("  dòng {n}: {why}\n    {said}", "  line {n}: {why}\n    {said}",
                                 n=number, why=str(wrong), said=each))  # fmt: skip
    if faults:
        rest = [f"  … (+{len(faults) - MOST})"] if len(faults) > MOST else []
        raise ScriptWrong(file=file, n=len(faults), lines="\n".join([*faults[:MOST], *rest]))
    return sorted(lines, key=lambda line: (line.day, line.number))


def _said(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.strip()


def _line(number: int, text: str, first: date, last: date) -> Line:
    day_said, _, command = (each.strip() for each in text.partition(":"))
    try:
        day = read_date(day_said)
    except Refused as refused:
        raise _Wrong(_first_line(refused)) from None
    if not first <= day <= last:
        raise _Wrong(phrase("ngày {day} ngoài {first} – {last}", "{day} is not within {first} – {last}",
                            day=day, first=first, last=last))  # fmt: skip
    try:
        words = shlex.split(command)
    except ValueError:
        raise _Wrong(phrase("thiếu dấu nháy đóng", "a quotation mark is missing")) from None
    if words[:1] == ["ntm"]:
        del words[0]
    _must_be_a_command(words)
    return Line(number, day, shlex.join(words), tuple(words))


def _must_be_a_command(words: Sequence[str]) -> None:
    """Everything about the words is right that can be told without a store."""
    debug, session = DEBUG.get(), Session()
    try:
        with redirect_stdout(StringIO()):
            names = _command(list(words), session)
    except click.exceptions.Exit:
        raise _Wrong(phrase("không phải lệnh để chạy", "no command to run")) from None
    except click.exceptions.NoArgsIsHelpError:
        raise _Wrong(phrase("thiếu lệnh", "the command is missing")) from None
    except click.ClickException as error:
        raise _Wrong(" ".join(error.format_message().split())) from None
    except Refused as refused:
        raise _Wrong(_first_line(refused)) from None
    finally:
        DEBUG.set(debug)
    if session.store is not None:
        raise _Wrong(phrase("tổng dượt chỉ có một sổ: bỏ --store", "there is one store here: leave --store out"))  # fmt: skip
    if senseless := {names[0], " ".join(names)} & SENSELESS:
        raise _Wrong(phrase("lệnh {name} không dùng trong tổng dượt", "{name} makes no sense in a rehearsal",
                            name=min(senseless)))  # fmt: skip


def _command(words: list[str], session: Session) -> list[str]:
    """The name of the command that the words call, whichever alias they use."""
    from ntm_workflow.cli import ntm

    ctx: click.Context = ntm.make_context("ntm", words, obj=session)
    while isinstance(ctx.command, click.Group):
        rest = [*ctx._protected_args, *ctx.args]
        if not rest:
            raise click.exceptions.NoArgsIsHelpError(ctx)
        name, command, args = ctx.command.resolve_command(ctx, rest)
        assert command is not None
        ctx = command.make_context(name, args, parent=ctx)
    return [name for _, name in named(ctx)]


def _first_line(refused: Refused) -> str:
    return refused.say(LANG.get()).partition("\n")[0]
