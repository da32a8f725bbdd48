"""Click commands and options that carry their help in Vietnamese and English.

A text is written once as `both("tiếng Việt", "English")`; the language is chosen when it is shown,
so that `--lang` works wherever it stands on the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ntm_workflow.cli.aliases import aliases, meant
from ntm_workflow.cli.streams import while_read

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

LANG: ContextVar[str] = ContextVar("lang", default="vi")
#: The words of the command line that is running.
LINE: ContextVar[tuple[str, ...]] = ContextVar("line", default=())
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
    """An option whose help and placeholder are in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        with _picked(self, "help"):
            return super().get_help_record(ctx)

    def make_metavar(self, ctx: click.Context) -> str:
        from ntm_workflow.cli.messages import placeholder

        return placeholder(super().make_metavar(ctx))

    def get_help_extra(self, ctx: click.Context) -> Any:
        from ntm_workflow.cli.messages import bounds

        extra = super().get_help_extra(ctx)
        if "range" in extra:
            extra["range"] = bounds(extra["range"])
        return extra


class Spoken(click.Command):
    """What commands and groups share: help in two languages, aliases, completion of what is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from ntm_workflow.cli.complete import NAME

        kwargs.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **kwargs)
        for param in self.params:
            if param.type is click.STRING:
                param.type = NAME

    def get_short_help_str(self, limit: int = 45) -> str:
        with _picked(self, "help", "short_help"):
            return super().get_short_help_str(limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with _picked(self, "help"):
            super().format_help_text(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        found = super().get_help_option(ctx)
        if found is not None:
            # Click keeps the option, with the words of whoever asked first.
            found.help = pick(both("Hiện hướng dẫn này.", "Show this message and exit."))
        return found

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        found = click.Command.shell_complete(self, ctx, incomplete)
        for item in found:
            item.help = pick(item.help)
        return found

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        from ntm_workflow.cli.messages import placeholder

        return [placeholder(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if other := alias_of(ctx):
            formatter.write_paragraph()
            formatter.write_text(f"{pick(both('Cũng gõ được', 'Also'))}: {other}")


class Command(Spoken):
    """A command with runnable examples."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section(pick(both("Ví dụ", "Examples")) or ""):
                for example in self.examples:
                    # Whole, so that it can be copied.
                    formatter.write(f"{'':>{formatter.current_indent}}{example}\n")
        super().format_epilog(ctx, formatter)


class Group(Spoken, click.Group):
    """A group whose subcommands are imported only when they are used."""

    command_class = Command
    group_class = type

    def __init__(
        self, *args: Any, lazy: dict[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        from ntm_workflow.cli.session import everywhere

        super().__init__(*args, **kwargs)
        self.params += reversed(everywhere(lambda: None).__click_params__)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = meant(self.name or "", self.list_commands(ctx), cmd_name)
        if name not in self.commands and name in self.lazy:
            module, _, attribute = self.lazy[name][0].partition(":")
            self.add_command(getattr(import_module(module), attribute), name)
        return super().get_command(ctx, name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            # Click knows only the commands already imported.
            names = self.list_commands(ctx)
            words = [word for name in names for word in self.words(name)]
            unknown = click.exceptions.NoSuchCommand(
                error.command_name, possibilities=words, ctx=ctx
            )
            if not unknown.possibilities:
                told = pick(both("Các lệnh", "Commands"))
                listed = ", ".join(" / ".join(self.words(name)[:2]) for name in names)
                unknown = click.exceptions.NoSuchCommand(
                    error.command_name, f"{error.message}\n{told}: {listed}.", ctx=ctx
                )
            raise unknown from None

    # Both before click sees a closed pipe, which it would call a failure.
    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with while_read():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with while_read():
            return super().invoke(ctx)

    def words(self, name: str) -> tuple[str, ...]:
        """What may be typed for a subcommand."""
        return (name, *aliases(self.name or "", name))

    def purpose(self, ctx: click.Context, name: str) -> str:
        """What a subcommand is for, without importing one that is lazy."""
        if name in self.lazy:
            return pick(self.lazy[name][1]) or ""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        rows = [(", ".join(self.words(name)), self.purpose(ctx, name)) for name in names]
        if rows:
            with formatter.section(pick(both("Lệnh", "Commands")) or ""):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        # With nothing typed, one word a command, in the reader's language.
        some = slice(None) if incomplete else slice(1) if LANG.get() == "en" else slice(1, 2)
        found = [
            CompletionItem(word, help=self.purpose(ctx, name))
            for name in self.list_commands(ctx)
            for word in self.words(name)[some]
            if word.startswith(incomplete)
        ]
        return [*found, *super().shell_complete(ctx, incomplete)]

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> Any:
        import sys

        from ntm_workflow.cli.messages import speak

        words = tuple(sys.argv[1:] if args is None else args)
        LINE.set(words)
        choose_language(words)
        speak()
        return super().main(args, *more, **kwargs)


def named(ctx: click.Context) -> list[tuple[str, str]]:
    """The commands of a line as (group, name), outermost first, whichever alias was typed."""
    found = []
    here: click.Context | None = ctx
    while here is not None and here.parent is not None:
        found.append((here.parent.command.name or "", here.command.name or ""))
        here = here.parent
    return found[::-1]


def alias_of(ctx: click.Context) -> str:
    """The line in Vietnamese words, where each has one; else nothing."""
    words = [aliases(group, name)[:1] for group, name in named(ctx)]
    if not words or not all(words):
        return ""
    return " ".join([ctx.find_root().info_name or "", *(word for (word,) in words)])
