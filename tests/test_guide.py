"""The guides to writing down a plan: every command in them runs, and answers what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import ntm

DOCS = Path(__file__).parent.parent / "docs"
BLOCK = re.compile(r"```(console|toml|diff)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("guide", ["plans.md", "plans.vi.md"])
def test_the_guide_is_what_happens(
    guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = BLOCK.findall((DOCS / guide).read_text(encoding="utf-8"))
    assert sum(kind == "console" for kind, _ in blocks) >= 6
    for kind, text in blocks:
        if kind == "console":
            said = ""
            for line in text.splitlines():
                said = answer(line[2:], monkeypatch) if line.startswith("$ ") else said
                assert line.startswith("$ ") or plain(line) in said, line
        elif kind == "diff":
            edited(*(line.lstrip("+- ") for line in text.splitlines()))
        elif file := re.match(r"# ([\w-]+\.toml)\n", text):
            Path(file[1]).write_text(text, encoding="utf-8")


def edited(old: str, new: str, before: str, after: str) -> None:
    """Write the file `new`, which is `old` with one line changed."""
    text = Path(old).read_text(encoding="utf-8")
    assert before in text
    Path(new).write_text(text.replace(before, after), encoding="utf-8")


def answer(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    verb, _, rest = command.partition(" ")
    if verb == "export":
        monkeypatch.setenv(*rest.split("="))
        return ""
    told = ntm(rest)
    assert told.code == 0 or "plan check" in rest, told.err
    return plain(told.out)


def plain(text: str) -> str:
    """Without the spaces that set a table apart."""
    return " ".join(text.split())
