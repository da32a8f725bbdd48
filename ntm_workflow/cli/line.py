"""The typed line as another person may run it again: the act alone, without who, where and how shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import click

#: Options around the act, which whoever runs it again says for themselves. The key stays: with it,
#: the act is another one than its twin.
AROUND = frozenset({"--by", "--store", "--lang", "--if-position", "--json", "--debug", "--dry-run"})


def act(ctx: click.Context, words: Sequence[str]) -> tuple[str, ...]:
    """The words of the act that `ctx` runs, in order, each in the one form text is stored in."""
    from ntm_workflow.domain.values import nfc

    kept: list[str] = []
    values, rest = _values(ctx), iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        follow = [] if equals else islice(rest, values.get(name, 0))
        said = [word, *(rest if word == "--" else follow)]
        if name not in AROUND:
            kept += said
    return tuple(map(nfc, kept))


def again(line: Sequence[str], *options: str) -> list[str]:
    """A line with more options, which stand before whatever follows a bare `--`."""
    end = list(line).index("--") if "--" in line else len(line)
    return [*line[:end], *options, *line[end:]]


def _values(ctx: click.Context) -> dict[str, int]:
    """How many words follow each option that the command and its groups know."""
    known: dict[str, int] = {}
    here: click.Context | None = ctx
    while here is not None:
        for param in here.command.get_params(here):
            if isinstance(param, click.Option):
                follow = 0 if param.is_flag or param.count else param.nargs
                known |= dict.fromkeys((*param.opts, *param.secondary_opts), follow)
        here = here.parent
    return known
