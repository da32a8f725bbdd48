"""`ntm help`: topics that belong to no command; and the script that makes a shell complete ours."""

from __future__ import annotations

from typing import Final

import click

from ntm_workflow.cli.bilingual import Command, Group, both, pick
from ntm_workflow.cli.session import everywhere

#: Topic -> its Vietnamese word and its text.
TOPICS: Final[dict[str, tuple[str, str]]] = {
    "exit-codes": (
        "ma-thoat",
        both(
            """\
Mã thoát của mọi lệnh:
  0    xong
  1    quy tắc không cho phép, có lỗi, hoặc kiểm tra thấy sai
  2    gõ sai cú pháp, ngày hoặc số tiền không đọc được
  3    không tìm thấy, hoặc nhiều thứ cùng tên
  4    sổ đã thay đổi trong lúc đó (--if-position)
  5    có việc quá hạn (chỉ khi có --exit-code)
  130  người dùng dừng (Ctrl-C)
  141  chương trình đọc kết quả đã đóng (| head)""",
            """\
The exit code of every command:
  0    done
  1    a rule does not allow it, something failed, or a check is not ok
  2    usage, or a date or amount that cannot be read
  3    not found, or several things of that name
  4    the journal changed meanwhile (--if-position)
  5    something is overdue (only with --exit-code)
  130  stopped by the user (Ctrl-C)
  141  whoever read the output has gone (| head)""",
        ),
    ),
    "environment": (
        "moi-truong",
        both(
            """\
Biến môi trường (tùy chọn trên dòng lệnh được ưu tiên):
  NTM_STORE   sổ: một tệp, hoặc postgresql://…
  NTM_BY      người gõ (khai báo)
  NTM_LANG    ngôn ngữ: vi hoặc en
  NTM_CONFIG  tệp thiết lập; mọi thiết lập: ntm config show
  NTM_SEAL_KEY  tệp khóa của dấu xác thực sổ
  NTM_MAIL_PASSWORD  mật khẩu máy chủ thư, nếu không dùng mail.password_file
  NTM_DEBUG   có giá trị bất kỳ: hiện chi tiết khi có lỗi
  NO_COLOR    có giá trị bất kỳ: bảng không dùng màu
  COLUMNS     chiều rộng của bảng""",
            """\
Environment variables (options on the line win over them):
  NTM_STORE   the store: a file, or postgresql://…
  NTM_BY      who types (declared)
  NTM_LANG    language: vi or en
  NTM_CONFIG  the settings file; all settings: ntm config show
  NTM_SEAL_KEY  the key file of the journal's seals
  NTM_MAIL_PASSWORD  the mail server's password, where there is no mail.password_file
  NTM_DEBUG   anything: show details of an error
  NO_COLOR    anything: tables without colour
  COLUMNS     how wide a table is""",
        ),
    ),
    "dates": (
        "ngay-thang",
        both(
            """\
Cách gõ ngày và số tiền:
Ngày:      30/10/2024 · 30-10-2024 · 30.10.2024 · 2024-10-30. Ngày đứng trước, năm đủ bốn chữ số.
Số tiền:   1500000000 · 1.500.000.000 · "1,5 tỷ" · "500 triệu". Viết không rõ thì bị từ chối.
--on       ngày việc xảy ra ngoài đời (mặc định hôm nay)
--as-of    tình trạng cuối ngày đó
--known-at như đã biết vào lúc đó: một ngày (hết ngày), một thời điểm 2024-11-04T09:00, một lần ghi '#12'
Ngày tính theo giờ Việt Nam.""",
            """\
How to type dates and amounts:
Dates:     30/10/2024 · 30-10-2024 · 30.10.2024 · 2024-10-30. Day first, all four digits of the year.
Amounts:   1500000000 · 1.500.000.000 · "1,5 tỷ" · "500 triệu". What is ambiguous is refused.
--on       the day it happened in the world (default today)
--as-of    status at the end of that day
--known-at as known then: a date (its end), an instant 2024-11-04T09:00, an entry '#12'
Days are those of Vietnam's time.""",
        ),
    ),
    "formats": (
        "dinh-dang",
        both(
            """\
Lệnh đọc trả lời theo nơi nhận:
  màn hình     bảng; ngày 30/10/2024, tiền 1.500.000.000
  | lệnh khác  mỗi dòng một mục, các ô cách nhau bằng tab
  --json       một tài liệu: khóa tiếng Anh, ngày 2024-10-30, tiền là số đồng nguyên
  --csv        như JSON nhưng dạng CSV, UTF-8 không BOM: cho chương trình khác
  --xlsx TỆP   bảng tính cho Excel: ngày là ngày, tiền là số, kèm trang ghi thời điểm của số liệu""",
            """\
A reading command answers as its reader needs:
  a terminal   a table; days 30/10/2024, money 1,500,000,000
  | a command  one item a line, cells separated by tabs
  --json       one document: English keys, days 2024-10-30, money in whole đồng
  --csv        the same values as CSV, UTF-8 without a byte order mark: for programs
  --xlsx FILE  a sheet for Excel: days are dates, money is numbers, and a page says as of when""",
        ),
    ),
}

_ALIASES: Final = {alias: topic for topic, (alias, _) in TOPICS.items()}

#: Shell -> what to do with the script.
SHELLS: Final = {
    "bash": "ntm completion bash >> ~/.bashrc",
    "zsh": "ntm completion zsh >> ~/.zshrc",
    "fish": "ntm completion fish > ~/.config/fish/completions/ntm.fish",
    "powershell": "ntm completion powershell >> $PROFILE",
}


@click.command(
    "help",
    cls=Command,
    help=both(
        "Hướng dẫn theo chủ đề, hoặc của một lệnh.",
        "Help on a topic, or on a command.",
    ),
    examples=["ntm help", "ntm help exit-codes", "ntm help obligation list"],
)
@click.argument("words", nargs=-1, metavar="TOPIC|COMMAND…")
@everywhere
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    if not words:
        for name, (alias, text) in TOPICS.items():
            click.echo(f"  {name}, {alias}: {(pick(text) or '').splitlines()[0].rstrip(':')}")
    elif len(words) == 1 and (name := _ALIASES.get(words[0], words[0])) in TOPICS:
        click.echo(pick(TOPICS[name][1]))
    else:
        click.echo(_of_command(ctx.find_root(), words).get_help())


def _of_command(at: click.Context, words: tuple[str, ...]) -> click.Context:
    for word in words:
        group = at.command
        if not isinstance(group, Group):
            raise click.UsageError(
                pick(both(f"Thừa “{word}”.", f"“{word}” is too much.")) or "", at
            )
        _, command, _ = group.resolve_command(at, [word])
        assert command is not None
        at = click.Context(command, info_name=word, parent=at)
    return at


@click.command(
    cls=Command,
    help=both(
        "In đoạn mã để gõ Tab thì có gợi ý: lệnh, tùy chọn, mã địa bàn, đơn vị, kế hoạch, nhiệm vụ (sổ SQLite).",
        "Print the script that completes commands, options and ids of places, units, plans and duties (SQLite).",
    ),
    examples=["ntm completion bash", "ntm completion zsh"],
)
@click.argument("shell", type=click.Choice(list(SHELLS)))
@everywhere
def completion(shell: str) -> None:
    from click.shell_completion import get_completion_class

    from ntm_workflow.cli import ntm
    from ntm_workflow.cli.messages import speak

    speak()
    kind = get_completion_class(shell)
    assert kind is not None
    advice = pick(both("Cài một lần", "Install once"))
    click.echo(f"# {advice}: {SHELLS[shell]}")
    click.echo(kind(ntm, {}, "ntm", "_NTM_COMPLETE").source())
