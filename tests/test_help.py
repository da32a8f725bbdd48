"""Help: in both languages, with examples that run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from demo_store import Demo
from terminal import ntm

import ntm_workflow
from ntm_workflow.cli import COMMANDS, COMMON
from ntm_workflow.cli import ntm as root
from ntm_workflow.cli.aliases import ALIASES, aliases
from ntm_workflow.cli.bilingual import Command, Group
from ntm_workflow.cli.topics import TOPICS


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


#: What click and Python say when nobody translated them.
ENGLISH = re.compile(
    r"Usage|Options:|Commands:|Show (this|the)|required|default:|OPTIONS|COMMAND|ARGS"
    r"|\b(TEXT|FILE|DIR|DATE|UNIT|WHO|WHEN|VALUE|INTEGER|RANGE|PATH|TOPIC|NAME|ITEM)\b"
)


@pytest.mark.parametrize("path", LEAVES)
def test_the_vietnamese_help_has_no_english_of_clicks(path: str) -> None:
    assert ENGLISH.findall(ntm(f"{path} --help").out) == []


def test_the_first_page_lists_every_command_with_its_alias() -> None:
    text = ntm("--help").out
    assert all(f"  {name}, {aliases('ntm', name)[0]}" in text for name in COMMANDS)


def groups() -> Iterator[Group]:
    context = click.Context(root)
    yield root
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        if isinstance(command, Group):
            yield command


GROUPS = list(groups())


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_command_has_a_vietnamese_alias_and_no_two_share_a_word(group: Group) -> None:
    names = group.list_commands(click.Context(group))
    words = [word for name in names for word in group.words(name)]
    assert all(len(group.words(name)) > 1 for name in names)
    assert len(words) == len(set(words))


def test_an_alias_is_plain_letters_so_that_any_keyboard_types_it() -> None:
    assert all(
        re.fullmatch("[a-z]+(-[a-z]+)*", word) for words in ALIASES.values() for word in words
    )


@pytest.mark.parametrize("path", LEAVES)
def test_a_command_by_its_aliases_is_the_same_command(path: str) -> None:
    names = path.split()
    above = ["ntm", *names]
    other = [aliases(group, name)[0] for group, name in zip(above, names, strict=False)]
    page = ntm(f"{path} --help").out
    assert f"Cũng gõ được: ntm {' '.join(other)}" in page
    shown = ntm(f"{' '.join(other)} --help").out
    assert shown == page.replace(f"ntm {path} ", f"ntm {' '.join(other)} ", 1)


def test_part_of_a_word_is_no_alias() -> None:
    assert ntm("nhiem danh-sach").code == 2
    assert ntm("obligation lis").code == 2


def test_alone_it_shows_five_commands_that_exist() -> None:
    page = ntm("")
    assert page.code == 0
    assert len(COMMON) == 5
    for line, _ in COMMON:
        assert line in page.out
        assert line.removeprefix("ntm ") in LEAVES


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_told_by_either_name_in_both_languages(topic: str) -> None:
    vi, en = ntm(f"help {topic}"), ntm(f"help {topic} --lang en")
    assert vi.out == ntm(f"tro-giup {TOPICS[topic][0]}").out
    assert vi.out.splitlines()[0] != en.out.splitlines()[0]
    assert topic in ntm("help").out


def test_help_of_a_command_is_its_page() -> None:
    assert ntm("help nhiem-vu danh-sach").out == ntm("nhiem-vu danh-sach --help").out
    assert ntm("help khong-co").code == 2


def test_every_variable_the_program_reads_is_told() -> None:
    package = Path(ntm_workflow.__file__).parent
    read = {
        v for p in package.rglob("*.py") for v in re.findall(r"\"(NTM_[A-Z_]+)\"", p.read_text())
    }
    assert read - {"NTM_"} <= set(re.findall(r"NTM_\w+", ntm("help environment").out))
    assert "NTM_DEBUG" in read


@pytest.mark.parametrize("line", ["-h", "fund -h", "fund list -h", "fund list --json -h"])
def test_help_may_be_asked_anywhere(line: str) -> None:
    assert "Cách dùng" in ntm(line).out


@pytest.mark.parametrize("at", range(3))
def test_what_holds_everywhere_may_stand_anywhere(at: int, tmp_path: Path) -> None:
    words = ["place", "list", "--json"]
    words.insert(at, f"--store {tmp_path}/s.db --lang en --by ai")
    assert "There is no store" in ntm(" ".join(words)).err


def test_every_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told_demo: Demo
) -> None:
    """On the demo's store; an example may need another one first, and one that never runs is a lie."""
    monkeypatch.chdir(tmp_path)
    told_demo.copy(tmp_path / "mau")
    assert ntm("init", "mau/that.db").code == 0
    waiting = [(path, e) for path, command in LEAVES.items() for e in _examples(command)]
    for _ in range(2):
        waiting = [(path, example) for path, example in waiting if _fails(path, example)]
    assert waiting == []


def _examples(command: click.Command) -> tuple[str, ...]:
    assert isinstance(command, Command)
    return command.examples


def _fails(path: str, example: str) -> bool:
    line = _numbered(example).removeprefix("ntm ")
    if path == "serve":
        # It serves until it is stopped, and no rehearsal; once is enough to see that it starts.
        return ntm(line if " --" in line else f"{line} --once", "mau/that.db").code != 0
    if path == "demo":
        # Told once for all tests, and kept: it only has to be spelt right.
        return ntm(f"{line} --help").code != 0
    if path in ("init", "restore"):
        return ntm(line).code != 0
    # The demo leaves two: a city of four communes, and all the plans.
    return all(ntm(line, f"mau/{name}.db").code != 0 for name in ("demo", "plans"))


#: What an example about an entry is about. Its number is a sample: every plan that grows moves them.
ABOUT = {
    "fact void": "CriterionAchieved",
    "--set received_on": "DossierSubmitted",
    "--set amount": "FundDisbursed",
}


def _numbered(example: str) -> str:
    """The example with the number of an entry of its kind in the demo's store."""
    for words, type in ABOUT.items():
        if words in example:
            found = ntm(f"fact list --type {type} --json", "mau/demo.db").json["items"]
            entry = next(item["entry"] for item in found if item["voided_by"] is None)
            return re.sub(r"(fact \w+) \d+", rf"\g<1> {entry}", example)
    return example
