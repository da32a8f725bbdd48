"""The words of letters: writing the bundled templates out, and checking those an office made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ntm_workflow.cli.answers import emit, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.session import everywhere, option, session

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(
    cls=Group,
    help=both("Mẫu thư: xuất ra để sửa, kiểm tra.", "Letter templates: write out, check."),
)
def templates() -> None:
    pass


@templates.command(
    cls=Command,
    help=both(
        "Ghi các mẫu thư có sẵn và bản hướng dẫn README.md vào một thư mục mới, để sửa.",
        "Write the bundled templates and README.md, which lists what they may show, into a new folder.",
    ),
    examples=["ntm letter templates export mau-thu"],
)
@click.argument("folder", type=FOLDER, metavar="DIR")
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def export(folder: Path, as_json: bool) -> None:
    from ntm_workflow.cli.files import FileUnwritable, whole
    from ntm_workflow.domain.reasons import why
    from ntm_workflow.notifications.letters import manual

    files = manual()
    try:
        _empty(folder)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnwritable(path=folder, reason=why(error)) from error
    for name, text in files.items():
        with whole(folder / name) as file:
            file.write(text.encode())
    if as_json:
        emit("letter.templates.export", {"folder": str(folder), "files": list(files)})
        return
    say(
        "Đã ghi {n} tệp vào {folder}. Cách sửa: {readme}\nSửa rồi kiểm tra: ntm letter templates check {folder:arg}",
        "Wrote {n} files to {folder}. How to change them: {readme}\nThen check them: ntm letter templates check {folder:arg}",
        n=len(files),
        folder=str(folder),
        readme=str(folder / "README.md"),
    )


def _empty(folder: Path) -> None:
    """Nothing is written where something is already: it may have been changed by hand."""
    from ntm_workflow.notifications.template_faults import FolderTaken

    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(folder=str(folder))


@templates.command(
    cls=Command,
    help=both(
        "Thử mẫu thư với mọi loại thư; nêu mọi lỗi cùng tệp, dòng, và thoát với mã 1."
        " Không nêu thư mục thì kiểm tra thư mục của letters.templates.",
        "Try templates with every kind of letter; tell all errors with file and line, and exit with 1."
        " Without a folder, that of letters.templates.",
    ),
    examples=["ntm letter templates check"],
)
@click.argument("folder", type=FOLDER, metavar="[DIR]", required=False)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def check(folder: Path | None, as_json: bool) -> None:
    from ntm_workflow.notifications.template_folder import Snapshot, snapshot
    from ntm_workflow.notifications.trusted import faults_of

    chosen = folder or session().settings["letters.templates"]
    found = snapshot(Path(chosen)) if chosen else Snapshot.empty()
    faults = faults_of(found)
    if as_json:
        _emit(chosen, found, faults)
    else:
        _tell(chosen, found, faults)
    if faults:
        raise click.exceptions.Exit(1)


def _emit(folder: Any, found: Any, faults: list[Any]) -> None:
    items = [
        {"file": f.file, "line": f.line or None, "code": f.code, "message": f.say(LANG.get())}
        for f in faults
    ]
    about = {"folder": folder and str(folder), "files": list(found.sources), "ok": not faults}
    emit("letter.templates.check", {**about, "sha256": found.sha256, "items": items})


def _tell(folder: Any, found: Any, faults: list[Any]) -> None:
    for fault in faults:
        click.echo(fault.told(LANG.get()))
    if faults:
        say(
            "{n} lỗi; thư mục {folder} chưa dùng được.",
            "Errors: {n}; the folder {folder} is not used.",
            n=len(faults),
            folder=str(folder),
        )
    elif folder:
        say(
            "{n} mẫu trong {folder} dùng được.",
            "{n} templates in {folder} are sound.",
            n=len(found.sources),
            folder=str(folder),
        )
    else:
        say(
            "Chưa đặt letters.templates; các mẫu có sẵn dùng được.\nLập một thư mục để sửa: ntm letter templates export DIR",
            "letters.templates is not set; the bundled templates are sound.\nMake a folder to change: ntm letter templates export DIR",
        )
