"""Click commands and options that carry their help in Vietnamese and English.

A text is written once as `both("tiếng Việt", "English")`; the language is chosen when it is shown,
so that `--lang` works wherever it stands on the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

import click

LANG: ContextVar[str] = ContextVar("lang", default="vi")
_MARK = "\x1f"


def both(vi: str, en: str) -> str:
    """One text in two languages, as click wants it: a str."""
    return f"{vi}{_MARK}{en}"


def pick(text: str | None) -> str | None:
    """The reader's half of a text made by `both`; other texts as they are."""
    if text is None or _MARK not in text:
        return text
    vi, en = text.split(_MARK)
    return en if LANG.get() == "en" else vi


def choose_language(args: Sequence[str]) -> None:
    """Set the language before anything is shown: `--lang` anywhere on the line, then the settings."""
    chosen = ""
    for at, word in enumerate(args):
        if word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
        elif word == "--lang" and at + 1 < len(args):
            chosen = args[at + 1]
    if not chosen:
        from ntm_workflow.settings import language

        chosen = language()
    LANG.set("en" if chosen == "en" else "vi")


@contextmanager
def _picked(owner: Any, *names: str) -> Iterator[None]:
    kept = {name: getattr(owner, name) for name in names}
    for name in names:
        setattr(owner, name, pick(kept[name]))
    try:
        yield
    finally:
        for name in names:
            setattr(owner, name, kept[name])


class Option(click.Option):
    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        with _picked(self, "help"):
            return super().get_help_record(ctx)


class Command(click.Command):
    """A command with bilingual help and runnable examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        kwargs.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def get_short_help_str(self, limit: int = 45) -> str:
        with _picked(self, "help", "short_help"):
            return super().get_short_help_str(limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with _picked(self, "help"):
            super().format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self.examples:
            return
        with formatter.section(pick(both("Ví dụ", "Examples")) or ""):
            for example in self.examples:
                # Whole, so that it can be copied.
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


class Group(click.Group):
    """A group whose subcommands are imported only when they are used, and may have an alias."""

    command_class = Command
    group_class = type

    def __init__(
        self,
        *args: Any,
        lazy: dict[str, tuple[str, str]] | None = None,
        aliases: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}
        self.aliases = aliases or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.aliases.get(cmd_name, cmd_name)
        if name not in self.commands and name in self.lazy:
            module, _, attribute = self.lazy[name][0].partition(":")
            self.add_command(getattr(import_module(module), attribute), name)
        return super().get_command(ctx, name)

    def get_short_help_str(self, limit: int = 45) -> str:
        with _picked(self, "help", "short_help"):
            return super().get_short_help_str(limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with _picked(self, "help"):
            super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of subcommands, without importing those that are lazy."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self.lazy:
                rows.append((name, pick(self.lazy[name][1]) or ""))
            elif command := self.get_command(ctx, name):
                rows.append((name, command.get_short_help_str(80)))
        if rows:
            with formatter.section(pick(both("Lệnh", "Commands")) or ""):
                formatter.write_dl(rows)

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> Any:
        import sys

        choose_language(list(args) if args is not None else sys.argv[1:])
        return super().main(args, *more, **kwargs)
