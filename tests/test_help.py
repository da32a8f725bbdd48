"""Help: in both languages, with examples that run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from terminal import ntm

from ntm_workflow.cli import ALIASES, COMMANDS
from ntm_workflow.cli import ntm as root
from ntm_workflow.cli.bilingual import Command


def leaves(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


LEAVES = dict(leaves(root))


@pytest.mark.parametrize("path", LEAVES)
def test_every_command_explains_itself_in_both_languages(path: str) -> None:
    vi, en = ntm(f"{path} --help").out, ntm(f"{path} --help --lang en").out
    assert "Ví dụ" in vi
    assert "Examples" in en
    assert vi != en
    assert "\x1f" not in vi + en


def test_the_first_page_lists_every_command(tmp_path: Path) -> None:
    text = ntm("--help").out
    assert all(f"  {name}" in text for name in COMMANDS)


def test_an_alias_is_the_same_command() -> None:
    assert set(ALIASES.values()) == set(COMMANDS)
    assert ntm("nhiem-vu --help").out == ntm("obligation --help").out.replace(
        "obligation", "nhiem-vu", 1
    )


def test_every_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the demo's store; an example may need another one first, and one that never runs is a lie."""
    monkeypatch.chdir(tmp_path)
    assert ntm("demo --keep mau").code == 0
    waiting = [(path, e) for path, command in LEAVES.items() for e in _examples(command)]
    for _ in range(2):
        waiting = [(path, example) for path, example in waiting if _fails(path, example)]
    assert waiting == []


def _examples(command: click.Command) -> tuple[str, ...]:
    assert isinstance(command, Command)
    return command.examples


def _fails(path: str, example: str) -> bool:
    store = None if path in ("init", "demo", "restore") else "mau/demo.db"
    return ntm(example.removeprefix("ntm "), store).code != 0
