"""The READMEs: their first five minutes are typed as they stand, and every file they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import ntm

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.vi.md")
SECTION = re.compile(r"## (?:The first five minutes|Năm phút đầu tiên)\n(.*?)\n## ", re.DOTALL)


def five_minutes(readme: str) -> list[str]:
    """The lines a newcomer types, without the remarks after them."""
    found = SECTION.search((ROOT / readme).read_text("utf-8"))
    assert found
    lines = re.findall(r"^    (ntm [^#\n]*)", found[1], re.MULTILINE)
    return [line.strip() for line in lines]


@pytest.mark.parametrize("readme", READMES)
def test_the_first_five_minutes_go_as_written(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = five_minutes(readme)
    assert len(lines) > 10
    for line in lines:
        answer = ntm(line.removeprefix("ntm "), "so.db")
        # What is still open before a recognition is told beside the answer, never as an error.
        aside = [
            told
            for told in answer.err.splitlines()
            if not told.startswith("! Trước khi công nhận: ")
        ]
        assert (answer.code, aside) == (0, []), line
    assert (tmp_path / "tam-ngoc.xlsx").stat().st_size > 5000


def test_both_readmes_type_the_same_lines() -> None:
    assert five_minutes(READMES[0]) == five_minutes(READMES[1])


def test_both_readmes_have_the_same_commands_and_name_the_same_options() -> None:
    told = [(ROOT / name).read_text("utf-8") for name in READMES]
    rows = [sorted(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)) for text in told]
    assert rows[0] == rows[1]
    options = [set(re.findall(r"`(--[a-z-]+)", text)) for text in told]
    assert options[0] == options[1]


@pytest.mark.parametrize("readme", READMES)
def test_every_file_a_readme_names_is_there(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    named = set(re.findall(r"\]\(([\w./-]+)\)", text))
    named |= set(re.findall(r"^    ((?:docs|ntm_workflow)/\S+) ", text, re.MULTILINE))
    assert len(named) > 3
    assert [name for name in named if not (ROOT / name).exists()] == []
