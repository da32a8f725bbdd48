"""Settings: the line before the environment before the file before the defaults; mistakes by line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_config_path
from terminal import ntm

from ntm_workflow.settings import SETTINGS, Settings, config_path, sample, shown

ROOT = Path(__file__).parent.parent


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Write the settings file this test runs under."""

    def write(text: str) -> Path:
        path = tmp_path / "thiết lập.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("NTM_CONFIG", str(path))
        return path

    return write


def shows(line: str = "", key: str = "store") -> tuple[object, str]:
    """The value of a setting and who said it, as `ntm config show` tells."""
    items = ntm(f"config show --json {line}").json["items"]
    (item,) = [item for item in items if item["key"] == key]
    return item["value"], item["origin"]


def test_the_line_comes_before_the_environment_before_the_file(
    config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NTM_STORE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert shows() == (str(tmp_path / "ntm-workflow" / "ntm.db"), "default")
    path = config('# sổ\nstore = "tep.db"\n')
    assert shows() == ("tep.db", f"{path}:2")
    monkeypatch.setenv("NTM_STORE", "bien.db")
    assert shows() == ("bien.db", "NTM_STORE")
    assert shows("--store dong.db") == ("dong.db", "flag")


def test_the_settings_stand_under_what_they_are(config: Callable[[str], Path]) -> None:
    config("")
    assert ntm("config show").out.startswith("Thiết lập\tGiá trị\n")
    assert ntm("config show --lang en").out.startswith("Setting\tValue\n")


def test_a_command_uses_the_store_the_name_and_the_language_of_the_file(
    config: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NTM_STORE", "NTM_LANG", "NTM_BY"):
        monkeypatch.delenv(name, raising=False)
    config(f'store = "{tmp_path / "cua-tep.db"}"\nlang = "en"\nby = "Văn thư Tam Kỳ"\n')
    assert "Made the store" in ntm("init").out
    assert (tmp_path / "cua-tep.db").is_file()
    assert ntm("place register A --type xa --on 1/1/2024").code == 0
    (fact,) = ntm("fact list --json").json["items"]
    assert fact["by"] == "Văn thư Tam Kỳ"
    assert "Commands" in ntm("--help").out
    assert "Lệnh" in ntm("--help --lang vi").out


def test_a_number_of_the_environment_is_a_number(
    config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    config("")
    monkeypatch.setenv("NTM_BUSY_TIMEOUT", "5")
    monkeypatch.setenv("NTM_ALLOW_NETWORK_FS", "1")
    assert shows(key="busy_timeout") == (5, "NTM_BUSY_TIMEOUT")
    assert shows(key="allow_network_fs") == (True, "NTM_ALLOW_NETWORK_FS")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("store = tep.db\n", 1, "không đúng TOML"),
        ('lang = "vi"\nstore = "a\n', 2, "không đúng TOML"),
        ('lang = "vi"\n\nsotre = "a.db"\n', 3, "không có thiết lập “sotre”"),
        ('[backup]\nfolder = "a"\nwarn_day = 3\n', 3, "không có thiết lập “backup.warn_day”"),
        ('[web]\nhost = "may-chu.test"\n', 2, "không có thiết lập “web.host”"),
        ("\nbusy_timeout = 0\n", 2, "busy_timeout không nhận giá trị “0”"),
        ('busy_timeout = "30"\n', 1, "Nhận: 1, 2, 3"),
        ("busy_timeout = true\n", 1, "busy_timeout không nhận"),
        ('lang = "fr"\n', 1, "Nhận: vi, en"),
        ("[store]\na = 1\n", 1, "store không nhận"),
        ("backup.warn_days = 0.5\n", 1, "backup.warn_days không nhận"),
        ("[backup]\n\n# sau bao lâu\nwarn_days = -1\n", 4, "backup.warn_days không nhận"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line_and_what_is_allowed(
    config: Callable[[str], Path], text: str, line: int, said: str
) -> None:
    path = config(text)
    for command in ("config show", "day status", "init"):
        answer = ntm(command)
        assert answer.code == 2
        assert str(path) in answer.err
        assert f"dòng {line}" in answer.err or f":{line}:" in answer.err
        assert said in answer.err


def test_help_works_under_a_broken_file(config: Callable[[str], Path]) -> None:
    config("store = \n")
    assert ntm("--help").code == 0


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"store = '\xe1'\n"])
def test_a_file_that_is_no_text_is_refused(config: Callable[[str], Path], content: bytes) -> None:
    config("").write_bytes(content)
    answer = ntm("config show")
    assert answer.code == 2
    assert "không đúng TOML" in answer.err


def test_a_file_written_by_notepad_is_read(config: Callable[[str], Path]) -> None:
    config("").write_bytes(b'\xef\xbb\xbflang = "en"\r\n')
    assert shows(key="lang")[0] == "en"


def test_a_named_file_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_CONFIG", str(tmp_path / "khong-co.toml"))
    answer = ntm("config show")
    assert answer.code == 2
    assert "NTM_CONFIG" in answer.err


@pytest.mark.parametrize(("name", "value"), [("NTM_BUSY_TIMEOUT", "ba mươi"), ("NTM_LANG", "fr")])
def test_a_mistake_in_the_environment_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    answer = ntm("config show")
    assert answer.code == 2
    assert name in answer.err
    assert value in answer.err


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_sample_names_every_setting_with_a_value_it_takes(lang: str, tmp_path: Path) -> None:
    text = ntm(f"config show --sample --lang {lang}").out
    assert text == sample(lang)
    assert not any(tomllib.loads(text).values())
    path = tmp_path / "mẫu.toml"
    path.write_text(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    read = Settings({}, {"NTM_CONFIG": str(path)})
    assert all(value.origin.startswith(str(path)) for value in read.values.values())


def test_the_file_is_looked_for_where_the_system_keeps_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for home in (str(tmp_path), ""):
        monkeypatch.setenv("XDG_CONFIG_HOME", home)
        environ = {name: value for name, value in os.environ.items() if name != "NTM_CONFIG"}
        assert config_path(environ) == str(user_config_path("ntm-workflow") / "config.toml")


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTM_STORE", "postgresql://an:b1m4t@may-chu.test/so?sslpassword=b1m4t")
    said = ntm("config show --origin").out + ntm("config show --json").out
    assert "b1m4t" not in said
    assert "postgresql://an:***@may-chu.test/so?sslpassword=***" in said
    assert shown(30) == 30


def test_the_manual_explains_every_variable() -> None:
    """Whatever the program reads from the environment stands in the table of the manual."""
    sources = [p.read_text(encoding="utf-8") for p in (ROOT / "ntm_workflow").rglob("*.py")]
    read = set(re.findall(r"\bNTM_[A-Z_]*[A-Z]", "\n".join(sources)))
    read |= {setting.variable for setting in SETTINGS.values()}
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(NTM_[A-Z_]+)`", manual, flags=re.MULTILINE))
    assert read <= explained
