"""Showing the settings: what holds, who said so, and a sample file to begin with."""

from __future__ import annotations

import click

from ntm_workflow.cli.answers import cell, emit, say, table
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.labels import heading
from ntm_workflow.cli.session import everywhere, option, session


@click.group(cls=Group, help=both("Thiết lập.", "Settings."))
def config() -> None:
    pass


@config.command(
    cls=Command,
    help=both(
        "Các thiết lập đang dùng: trên dòng lệnh, biến NTM_*, tệp thiết lập, rồi mặc định.",
        "The settings in force: the line, NTM_* variables, the settings file, then defaults.",
    ),
    examples=["ntm config show", "ntm config show --origin --json", "ntm config show --sample"],
)
@option(
    "--origin",
    "with_origin",
    is_flag=True,
    vi="Nêu cả nơi đặt từng thiết lập.",
    en="Say where each was set.",
)
@option(
    "--sample",
    is_flag=True,
    vi="In một tệp thiết lập mẫu, có giải thích.",
    en="Print a sample settings file, explained.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def show(with_origin: bool, sample: bool, as_json: bool) -> None:
    from ntm_workflow import settings

    if sample:
        click.echo(settings.sample(LANG.get()), nl=False)
        return
    held = session().settings
    # Where nobody said a store or a name, what the program makes of that.
    made = {"store": session().address, "by": session().who}
    items = [
        {
            "key": key,
            "value": settings.shown(made.get(key, value.value)),
            "origin": value.origin,
            "variable": settings.SETTINGS[key].variable,
            "flagged": settings.SETTINGS[key].flagged and value.origin == "default",
        }
        for key, value in held.values.items()
    ]
    path, there = settings.config_path(), held.file is not None
    if as_json:
        emit("config.show", {"file": path, "exists": there, "items": items})
        return
    columns = ["key", "value", *(["origin", "variable"] if with_origin else [])]
    titles = [heading("held" if name == "value" else name) for name in columns]
    table(titles, [[_cell(item[n]) for n in columns] for item in items])
    _tell_file(path, there)


def _cell(value: object) -> str:
    return cell(value) if isinstance(value, str | None) else str(value).lower()


def _tell_file(path: str, there: bool) -> None:
    if there:
        say("Tệp thiết lập: {path}", "Settings file: {path}", path=path)
    else:
        say(
            "Chưa có tệp thiết lập {path}; mẫu: ntm config show --sample",
            "No settings file {path} yet; a sample: ntm config show --sample",
            path=path,
        )
