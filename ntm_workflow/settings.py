"""Settings: what the line, the environment, the file and the program itself say, in that order.

Knows no store and no command. The file is TOML, read only where there is one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ntm_workflow.domain.refused import Refused
from ntm_workflow.known_settings import SETTINGS as SETTINGS
from ntm_workflow.known_settings import Setting

CONFIG: Final = "NTM_CONFIG"


class ConfigMissing(Refused):
    exit_code = 2
    vi = "Không thấy tệp thiết lập {path} mà {variable} nêu.\nLập một tệp mẫu: ntm config show --sample"
    en = "There is no settings file {path}, which {variable} names.\nA sample to begin with: ntm config show --sample"


class ConfigUnreadable(Refused):
    exit_code = 2
    vi = "Không đọc được tệp thiết lập {path}, dòng {line}: không đúng TOML.\nXem mẫu: ntm config show --sample"
    en = "The settings file {path} cannot be read, line {line}: not TOML.\nSee a sample: ntm config show --sample"


class ConfigClosed(Refused):
    exit_code = 2
    vi = (
        "Không mở được tệp thiết lập {path}.\nCấp quyền đọc tệp, hoặc nêu tệp khác bằng {variable}."
    )
    en = "The settings file {path} cannot be opened.\nAllow reading it, or name another with {variable}."


class ConfigUnknownKey(Refused):
    exit_code = 2
    vi = "{path}, dòng {line}: không có thiết lập “{key}”.\nCác thiết lập: {allowed}.\nXem mẫu: ntm config show --sample"
    en = "{path}, line {line}: there is no setting “{key}”.\nThe settings: {allowed}.\nSee a sample: ntm config show --sample"


class SettingRefused(Refused):
    exit_code = 2
    vi = "{origin}: {key} không nhận giá trị “{found}”.\nNhận: {allowed}. Xem mẫu: ntm config show --sample"
    en = "{origin}: {key} does not take “{found}”.\nIt takes: {allowed}. See a sample: ntm config show --sample"


@dataclass(frozen=True)
class Value:
    """What holds, and who said so: flag, a variable, a line of the file, or default."""

    value: Any
    origin: str


class Settings:
    """Every setting's value. `flags` are what the line said, None where it said nothing."""

    def __init__(
        self,
        flags: Mapping[str, Any],
        environ: Mapping[str, str] = os.environ,
        *,
        without_file: bool = False,
    ) -> None:
        self.file = None if without_file else config_file(environ)
        said = _of_file(self.file) if self.file else {}
        said |= _of_environment(environ)
        said |= {key: Value(value, "flag") for key, value in flags.items() if value}
        self.values = {
            key: said.get(key, Value(setting.default, "default"))
            for key, setting in SETTINGS.items()
        }

    def __getitem__(self, key: str) -> Any:
        return self.values[key].value


def config_path(environ: Mapping[str, str] = os.environ) -> str:
    """Where the settings file is or would be. As text: loading pathlib is a part of `ntm --help`."""
    return environ.get(CONFIG) or os.path.join(_folder(environ), "config.toml")


def _folder(environ: Mapping[str, str]) -> str:
    """The user's folder for settings: what platformdirs says, without the time it takes to load."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        local = environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(local, "ntm-workflow", "ntm-workflow")
    if sys.platform == "darwin":
        return os.path.join(home, "Library/Application Support/ntm-workflow")
    chosen = environ.get("XDG_CONFIG_HOME", "").strip()
    return os.path.join(chosen or os.path.join(home, ".config"), "ntm-workflow")


def config_file(environ: Mapping[str, str] = os.environ) -> str | None:
    """The settings file; None without one. Refuses a named file that is not there."""
    path = config_path(environ)
    # A home this user may not enter is a home without settings.
    if os.path.exists(path):
        return path
    if environ.get(CONFIG):
        raise ConfigMissing(path=path, variable=CONFIG)
    return None


def language(environ: Mapping[str, str] = os.environ) -> str:
    """The language before anything is refused: a broken file or word leaves Vietnamese."""
    if said := environ.get(SETTINGS["lang"].variable):
        return said
    try:
        path = config_file(environ)
        return str(_of_file(path)["lang"].value) if path else "vi"
    except (Refused, KeyError):
        return "vi"


def sample(lang: str) -> str:
    """A settings file with every setting explained and none set."""
    lines, section = [], ""
    for key, setting in SETTINGS.items():
        head, _, name = key.rpartition(".")
        if head != section:
            lines += ["", f"[{head}]"]
            section = head
        value = _toml(setting.kind.example if setting.default is None else setting.default)
        lines += [f"# {setting.en if lang == 'en' else setting.vi}", f"# {name} = {value}"]
    return "\n".join(lines) + "\n"


def shown(value: Any) -> Any:
    """A value as it may be shown: without the password of a store's address."""
    if not isinstance(value, str):
        return value
    hidden = re.sub(r"(://[^:@/]*):[^@]*@", r"\1:***@", value)
    return re.sub(r"(password=)[^&]*", r"\1***", hidden)


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


# --- the environment


def _of_environment(environ: Mapping[str, str]) -> dict[str, Value]:
    said = {s.key: environ[s.variable] for s in SETTINGS.values() if environ.get(s.variable)}
    return {
        key: Value(_read(SETTINGS[key], text), SETTINGS[key].variable) for key, text in said.items()
    }


def _read(setting: Setting, text: str) -> Any:
    try:
        value = setting.kind.read(text)
    except (ValueError, KeyError):
        value = None
    return _taken(setting, value, text, setting.variable)


def _taken(setting: Setting, value: Any, found: Any, origin: str) -> Any:
    if setting.kind.takes(value):
        return value
    said = {"key": setting.key, "found": shown(str(found)), "allowed": setting.kind.allowed}
    raise SettingRefused(origin=origin, **said)


# --- the file


def _of_file(path: str) -> dict[str, Value]:
    import tomllib

    text = ""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
        document = tomllib.loads(text)
    except OSError as error:
        raise ConfigClosed(path=path, variable=CONFIG) from error
    except ValueError as error:
        raise ConfigUnreadable(path=path, line=_line_of(error, text)) from error
    return {key: _of_line(path, text, key, value) for key, value in _flat(document, "").items()}


def _of_line(path: str, text: str, key: str, value: Any) -> Value:
    line = _find(text, key)
    if key not in SETTINGS:
        allowed = ", ".join(SETTINGS)
        raise ConfigUnknownKey(path=path, line=line, key=key, allowed=allowed)
    origin = f"{path}:{line}"
    return Value(_taken(SETTINGS[key], value, value, origin), origin)


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The leaves by dotted key; a table where a setting of that name is expected stays whole."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        key = prefix + name
        deeper = isinstance(value, dict) and value and key not in SETTINGS
        flat |= _flat(value, f"{key}.") if deeper else {key: value}
    return flat


def _line_of(error: ValueError, text: str) -> int:
    if found := re.search(r"at line (\d+)", str(error)):
        return int(found[1])
    # At the end of the document; or a byte that is no UTF-8, whose line nobody has counted.
    return max(len(text.splitlines()), 1)


def _find(text: str, key: str) -> int:
    """The line a dotted key stands in; tomllib does not tell."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            section = head[1] + "."
        elif (name := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line)) and section + name[1] == key:
            return number
    return 1
