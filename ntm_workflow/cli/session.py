"""What was said on the line that is no fact: the store, who types, the language; and refusals told plainly."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.answers import phrase
from ntm_workflow.cli.bilingual import LANG, Option, both, pick
from ntm_workflow.cli.streams import INTERRUPTED

if TYPE_CHECKING:
    from ntm_workflow.office import Clock, Office
    from ntm_workflow.settings import Settings
    from ntm_workflow.store.engine import Database

#: Whether an error shows its traceback; outlives click's context, in which it was asked for.
DEBUG: ContextVar[bool] = ContextVar("debug", default=False)


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Session:
    """What was said on the line that is no fact: which store, who types, how to answer."""

    store: str | None = None
    by: str | None = None
    clock: Clock = field(default_factory=lambda: SystemClock())
    #: The proposal whose line is being run again, and the day it was typed.
    approving: tuple[int, date] | None = None
    _office: Office | None = None

    @cached_property
    def settings(self) -> Settings:
        from ntm_workflow.settings import Settings

        return Settings({"store": self.store, "by": self.by})

    @property
    def address(self) -> str:
        """The store: as the settings say, else a file in the user's data folder."""
        if chosen := self.settings["store"]:
            return str(chosen)
        from platformdirs import user_data_path

        return str(user_data_path("ntm-workflow") / "ntm.db")

    @property
    def who(self) -> str:
        """Who types: as was said, where an empty name is not silence; else the login name."""
        from ntm_workflow.domain.inputs import declared
        from ntm_workflow.settings import SETTINGS

        said = self.by if self.by is not None else os.environ.get(SETTINGS["by"].variable)
        return declared(self.settings["by"] or getpass.getuser() if said is None else said)

    def database(self) -> Database:
        """This command's store, not looked at yet."""
        from ntm_workflow.store.engine import Database

        any_disk = self.settings["allow_network_fs"]
        return Database(self.address, self.settings["busy_timeout"], any_disk=any_disk)

    def office(self) -> Office:
        """The office of this command's store; its connections close with the command."""
        if self._office is None:
            from ntm_workflow.office import Office

            database = self.database()
            self._office = Office(database, self.clock)
            click.get_current_context().find_root().call_on_close(database.close)
        return self._office

    def tell_rehearsal(self) -> None:
        """Say on stderr that the store is a rehearsal; not where the clock is simulated, too."""
        if isinstance(self.clock, SystemClock) and self.office().info.rehearsal:
            text = phrase(
                "Đây là sổ TỔNG DƯỢT; ngày trong sổ là giả lập.",
                "This is the store of a REHEARSAL; its days are simulated.",
            )
            click.echo(text, err=True)


def session() -> Session:
    return click.get_current_context().ensure_object(Session)


def _stored(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.ensure_object(Session).store = value


def _named(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    from ntm_workflow.domain.inputs import declared

    if value is not None:
        ctx.ensure_object(Session).by = declared(value)


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
        option("--by", metavar="WHO", expose_value=False, callback=_named, vi="Người gõ (khai báo; hoặc NTM_BY).", en="Who types (declared; or NTM_BY)."),
        option("--lang", type=click.Choice(["vi", "en"]), expose_value=False,
               vi="Ngôn ngữ.", en="Language."),
        option("--store", metavar="PATH|URL", expose_value=False, callback=_stored, vi="Sổ: một tệp, hoặc postgresql://… (hoặc NTM_STORE).",
               en="The store: a file, or postgresql://… (or NTM_STORE)."),
    ):  # fmt: skip
        function = add(function)
    return function


@contextmanager
def plainly() -> Iterator[None]:
    """A refusal becomes its sentence on stderr and its exit code; nothing shows a traceback."""
    from ntm_workflow.domain.refused import Refused

    try:
        yield
    except Refused as refusal:
        if _debug():
            raise
        word = pick(both("Lỗi", "Error"))
        click.echo(f"{word}: {refusal.say(LANG.get())}", err=True)
        sys.exit(refusal.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
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
