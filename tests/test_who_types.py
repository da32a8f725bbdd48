"""Who types is declared: said with --by or NTM_BY it is a name, and left out the login name."""

from __future__ import annotations

import pytest
from terminal import Answer, ntm

RULE = "approval rule --type EntryVoided --document 'Quy chế thử' --json"
NOBODY = ["", "   ", "\u200b", "\u2066\u2069", "\u2800", "…"]


@pytest.fixture
def store(sqlite_url: str) -> str:
    assert ntm("init", sqlite_url).code == 0
    return sqlite_url


def refused(answer: Answer) -> bool:
    return (answer.code, answer.out) == (2, "") and "--by" in answer.err


@pytest.mark.parametrize("name", NOBODY)
@pytest.mark.parametrize("line", [RULE, "place list"])
def test_an_empty_name_is_not_the_login_name(store: str, line: str, name: str) -> None:
    assert refused(ntm(f"{line} --by '{name}'", store))


@pytest.mark.parametrize("name", NOBODY)
def test_an_empty_variable_is_not_the_login_name(
    store: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_BY", name)
    assert refused(ntm(RULE, store))
    (fact,) = ntm(f"{RULE} --by 'Nguyễn An'", store).json["facts"]
    assert fact["by"] == "Nguyễn An"


def test_without_a_name_it_is_the_login_name(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NTM_BY", raising=False)
    monkeypatch.setenv("LOGNAME", "van-thu")
    (fact,) = ntm(RULE, store).json["facts"]
    assert fact["by"] == "van-thu"
