"""What is answered to letters, and what they prove: taken on, who was told of a duty, the days as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, both
from ntm_workflow.cli.common import Asked, Shown, reads, writes
from ntm_workflow.cli.complete import DUTY, UNIT
from ntm_workflow.cli.files import whole
from ntm_workflow.cli.session import option, session


@click.command(
    cls=Command,
    help=both(
        "Một người của đơn vị nhận trả lời thư: việc không báo lên cấp trên nữa, nhiệm vụ vẫn còn.",
        "Somebody of the unit takes on what a letter names: nobody further up is told, the duty stays.",
    ),
    examples=[
        "ntm letter acknowledge letter/ubnd-tam-ngoc-tam-ky/digest/2024-10-15 --person 'Người phụ trách (mẫu)' --dry-run"
    ],
)
@click.argument("id")
@option("--person", required=True, metavar="NAME", vi="Tên người nhận trả lời.", en="Who takes it on.")  # fmt: skip
@option("--obligation", "only", multiple=True, type=DUTY, metavar="ID", vi="Chỉ việc này trong thư.", en="Only this duty of the letter.")  # fmt: skip
@writes
def acknowledge(id: str, person: str, only: tuple[str, ...], ask: Asked) -> None:
    from ntm_workflow.cli.obligation import find
    from ntm_workflow.office import answering

    office = session().office()
    with office.reading() as reading:
        duties = [find(reading, each).id for each in only]
    receipt = office.record(
        ask.request, lambda entry: answering.acknowledge(entry, id, person, duties)
    )
    ask.told("letter.acknowledge", office, receipt)


@click.command(
    cls=Command,
    help=both(
        "Cho gửi thư đang chờ: thư báo lên cấp trên, báo dừng giải ngân, do người có thẩm quyền nêu tên cho gửi; hoặc mọi thư bị giữ sau khi khôi phục sổ (--restored; thư đã đi sau bản sao lưu sẽ đi lần nữa cùng Message-ID, --drop để bỏ).",
        "Let letters go out that wait: those that climb or say to stop payments, by a named officer; or all that a restore holds (--restored; what left after the backup leaves once more under the same Message-ID, --drop gives it up).",
    ),
    examples=["ntm letter list --state held", "ntm letter release --restored"],
)
@click.argument("ids", nargs=-1, metavar="[ID]…")
@option("--person", metavar="NAME", vi="Người có thẩm quyền cho gửi.", en="The officer who lets it go.")  # fmt: skip
@option("--restored", is_flag=True, vi="Các thư bị giữ sau khi khôi phục sổ.", en="What a restore holds.")  # fmt: skip
@option("--drop", is_flag=True, vi="Cùng --restored: bỏ các thư đang chờ.", en="With --restored: give up what waits.")  # fmt: skip
@writes
def release(
    ids: tuple[str, ...], person: str | None, restored: bool, drop: bool, ask: Asked
) -> None:
    if restored == bool(ids) or (drop and not restored):
        text = phrase("Nêu mã thư, hoặc --restored.", "Name letters, or give --restored.")
        raise click.UsageError(text)
    office = session().office()
    if restored:
        _released_after_restore(ask, drop=drop)
        return
    from ntm_workflow.office import answering

    def verb(entry: Any) -> None:
        for id in dict.fromkeys(ids):
            answering.release(entry, id, person or "")

    ask.told("letter.release", office, office.record(ask.request, verb))


def _released_after_restore(ask: Asked, *, drop: bool) -> None:
    from ntm_workflow.office import hold

    trial = ask.request.dry_run
    letters = hold.release(session().office(), drop=drop, dry_run=trial)
    if ask.as_json:
        said = {"held": letters is not None, "letters": letters or 0, "drop": drop}
        emit("letter.release", {**said, "dry_run": trial})
    elif trial and letters is not None:
        say("Chạy thử, chưa làm gì: {n} thư đang chờ.", "A trial, nothing was done: {n} letters wait.", n=letters)  # fmt: skip
    elif letters is None:
        say("Không có thư nào bị giữ vì khôi phục sổ.", "No letter is held by a restore.")
    elif drop:
        say("Đã bỏ {n} thư; thư mới gửi như thường.", "Gave up {n} letters; new ones leave as usual.", n=letters)  # fmt: skip
    else:
        say("Từ nay thư lại được gửi; {n} thư đang chờ.", "Letters leave again; {n} wait.", n=letters)  # fmt: skip


@click.command(
    cls=Command,
    help=both(
        "Đơn vị đã được báo về nhiệm vụ này chưa, và có trước hạn không: từng thư, ngày đi, mã thư, mã băm. -o ghi thành một trang để in.",
        "Was a unit told of this duty, and before its day: each letter, when it left, its Message-ID and hash. -o writes a page to print.",
    ),
    examples=[
        "ntm letter told D118/tam-ngoc-tam-ky",
        "ntm letter told D118/tam-ngoc-tam-ky --unit 'UBND xã Tam Ngọc' --json",
    ],
)
@click.argument("id", type=DUTY)
@option("--unit", type=UNIT, metavar="U", vi="Chỉ đơn vị này.", en="Only this unit.")
@option("-o", "--output", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html", vi="Ghi trang in vào tệp này.", en="Write the page to this file.")  # fmt: skip
@reads
def told(id: str, unit: str | None, page: Path | None, view: Shown) -> None:
    from ntm_workflow.cli import told_page
    from ntm_workflow.cli.obligation import find
    from ntm_workflow.office import told as use
    from ntm_workflow.office.names import find_unit

    office = session().office()
    with view.reading() as reading:
        row = find(reading, id)
        who = find_unit(reading, unit) if unit else None
        found = use.told(office.journal, reading, row.id, who)
        answer = use.answer(row, found, who)
        items = [told_page.item(reading, each) for each in found]
        sentence = told_page.said(reading, answer, LANG.get())
        about = {"unit": reading.ref(answer.unit), "verdict": answer.verdict, "answer": sentence}
        if page is not None:
            text = told_page.page(reading, row, found, answer, office.info)
            with whole(page) as out:
                out.write(text.encode())
        columns = ["day", "unit", "part", "rung", "act_by", "sent_at", "state", "in_time"]
        view.items("letter.told", {**reading.stamp(), **about}, items, columns)
    if not view.as_data:
        click.echo(sentence)
    if page is not None and not view.as_data:
        say("Trang in: {page}", "The page: {page}", page=str(page))


@click.command(
    cls=Command,
    help=both(
        "Các ngày của một đơn vị thành tệp lịch (.ics) để mở bằng chương trình lịch; việc thôi phải làm vẫn còn, ghi là đã hủy.",
        "A unit's days as a calendar file (.ics); what is owed no more stays in it, cancelled.",
    ),
    examples=["ntm letter calendar 'UBND xã Tam Ngọc' -o lich.ics"],
)
@click.argument("unit", type=UNIT)
@option("-o", "--output", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.ics", vi="Tệp lịch.", en="The file.")  # fmt: skip
@reads
def calendar(unit: str, file: Path, view: Shown) -> None:
    from ntm_workflow.cli.letter_style import style
    from ntm_workflow.office.agenda import Agenda
    from ntm_workflow.office.lines import Lines
    from ntm_workflow.office.names import find_unit

    with view.reading() as reading:
        who, use = find_unit(reading, unit), style()
        sample = session().office().info.rehearsal
        content = Agenda(reading, Lines(reading, use.lang), use, sample=sample).of_unit(who)
        if content is not None:
            with whole(file) as out:
                out.write(content)
        written = str(file) if content is not None else None
        if view.as_data:
            view.one("letter.calendar", reading, {"unit": reading.ref(who), "file": written})
            return
    if content is None:
        click.echo(phrase("Đơn vị này chưa có ngày nào sắp tới.", "This unit has no day ahead."))
    else:
        say("Đã ghi: {file}", "Written: {file}", file=str(file))
