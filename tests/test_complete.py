"""What Tab offers in every shell: words of the reader's language, options, ids of the store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete, get_completion_class
from terminal import ntm

from ntm_workflow.cli import ntm as root
from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.topics import SHELLS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("s") / "sổ.db")
    assert ntm("init", path).code == 0
    assert ntm("plan adopt --all --within 'Tam Kỳ'", path).code == 0
    return path


def offered(
    words: str, begun: str, patch: pytest.MonkeyPatch, store: str = "", lang: str = "vi"
) -> dict[str, str | None]:
    """What click offers, each with its help, after `words` when `begun` has been typed."""
    patch.setenv("NTM_STORE", store)
    LANG.set(lang)
    found = ShellComplete(root, {}, "ntm", "_NTM_COMPLETE").get_completions(words.split(), begun)
    return {str(item.value): item.help for item in found}


def test_commands_are_offered_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    vi, en = offered("", "", monkeypatch), offered("", "", monkeypatch, lang="en")
    assert vi["nhiem-vu"] == "Nhiệm vụ và thời hạn."
    assert en["obligation"] == "Duties and deadlines."
    assert not set(vi) & set(en)
    assert set(offered("nhiem-vu", "", monkeypatch)) >= {"danh-sach", "xem"}


def test_either_word_is_completed_once_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(offered("", "ob", monkeypatch)) == {"obligation"}
    assert set(offered("", "nhiem", monkeypatch)) == {"nhiem-vu"}


def test_options_are_offered_where_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    found = offered("nhiem-vu danh-sach", "--", monkeypatch)
    assert {"--within", "--json", "--store", "--help"} <= set(found)
    assert all("\x1f" not in (help or "") for help in found.values())


@pytest.mark.parametrize(
    ("words", "begun", "id", "name"),
    [
        ("obligation list --within", "tam-n", "tam-ngoc-tam-ky", "Tam Ngọc"),
        ("obligation list --within", "Tam Ng", "tam-ngoc-tam-ky", "Tam Ngọc"),
        ("place show", "Tam Ngọ", "tam-ngoc-tam-ky", "Tam Ngọc"),
        ("fund disburse --body", "ubnd-tam-k", "ubnd-tam-ky", "UBND thành phố Tam Kỳ"),
        ("obligation list --plan", "tam", "tam-ky-2024", None),
        ("nhiem-vu xem", "D118", "D118/tam-ngoc-tam-ky", None),
        ("obligation list --standing", "over", "overdue", None),
        ("completion", "ba", "bash", None),
    ],
)
def test_values_are_offered_by_id_with_their_name(
    words: str, begun: str, id: str, name: str | None, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = offered(words, begun, monkeypatch, store)
    assert id in found
    assert name is None or found[id] == name
    assert "quang-nam" not in found


def test_a_store_named_on_the_line_is_the_one_that_is_read(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = f"place show --store {store}"
    assert "tam-ngoc-tam-ky" in offered(line, "tam", monkeypatch, "/khong/co.db")


@pytest.mark.parametrize("address", ["", "/khong/co.db", "postgresql://x/y"])
def test_without_a_readable_store_nothing_is_offered(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert offered("place show", "t", monkeypatch, address) == {}


def test_a_file_that_is_no_store_offers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.db").write_text("không phải sổ")
    assert offered("place show", "t", monkeypatch, str(tmp_path / "a.db")) == {}


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_its_script_and_how_to_install_it(shell: str) -> None:
    answer = ntm(f"completion {shell}")
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"# Cài một lần: {SHELLS[shell]}\n")
    assert f"{shell}_complete" in answer.out
    assert get_completion_class(shell) is not None


def test_bash_completes_through_the_script(store: str) -> None:
    """The script in a real bash, which asks the installed program."""
    script = ntm("completion bash").out
    typed = (
        f"{script}\nntm() {{ :; }}\nCOMP_WORDS=(ntm dia-ban xem tam-ngoc)\nCOMP_CWORD=3\n"
        f"_ntm_completion {sys.prefix}/bin/ntm\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    env = {**os.environ, "NTM_STORE": store}
    done = subprocess.run(
        ["bash", "-c", typed], capture_output=True, text=True, env=env, check=False
    )
    assert done.stdout.split() == ["tam-ngoc-tam-ky"], done.stderr
