"""`ntm mail test`: one short letter by each mail server, and what went well or wrong, step by step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import click

from ntm_workflow.cli.answers import emit, phrase, say
from ntm_workflow.cli.bilingual import LANG, Command, Group, both
from ntm_workflow.cli.session import everywhere, option, session
from ntm_workflow.domain.refused import Refused

if TYPE_CHECKING:
    from ntm_workflow.notifications.post import Parcel
    from ntm_workflow.notifications.server import Reply, Server
    from ntm_workflow.office.finding import Finding

#: Somebody is looking on: a minute for the last answer is enough, where a letter would get ten.
WAITS: Final = {"connect": 15.0, "command": 30.0, "final": 60.0}


class NobodyToTest(Refused):
    exit_code = 2
    vi = "Chưa biết gửi thư thử tới đâu.\nThêm --to, hoặc đặt operator.email. Xem: ntm config show"
    en = "There is nobody to send the test letter to.\nAdd --to, or set operator.email. See: ntm config show"


@click.group(cls=Group, help=both("Máy chủ thư.", "The mail server."))
def mail() -> None:
    pass


@mail.command(
    cls=Command,
    help=both(
        "Gửi một thư thử qua từng máy chủ thư của thiết lập, nêu từng bước; bước nào hỏng thì vì sao và làm gì tiếp. Mã 1 khi có máy chủ không nhận.",
        "Send a test letter by each mail server of the settings, step by step; where one fails, why and what to do next. Exit 1 when a server does not take it.",
    ),
    examples=["ntm mail test --dry-run"],
)
@option(
    "--to",
    metavar="ADDRESS",
    vi="Gửi tới địa chỉ này (mặc định operator.email).",
    en="Send to this address (default operator.email).",
)
@option(
    "--dry-run",
    is_flag=True,
    vi="Chỉ xem sẽ thử máy chủ nào, không kết nối.",
    en="Show which servers would be tried, connect to none.",
)
@option("--json", "as_json", is_flag=True, vi="Kết quả dạng JSON.", en="Result as JSON.")
@everywhere
def test(to: str | None, dry_run: bool, as_json: bool) -> None:
    from ntm_workflow.cli.post import servers
    from ntm_workflow.notifications.mime import check_address
    from ntm_workflow.notifications.server import NoMailServer

    settings = session().settings
    found, to = servers(settings), to or settings["operator.email"]
    if to is not None:
        check_address(to)
    if dry_run:
        _show(found, to, as_json=as_json)
        return
    if not found:
        raise NoMailServer
    if to is None:
        raise NobodyToTest
    tried = [_tried(server, to, as_json=as_json) for server in found]
    if as_json:
        emit("mail.test", {"to": to, "ok": all(t["ok"] for t in tried), "items": tried})
    if not all(each["ok"] for each in tried):
        raise click.exceptions.Exit(1)


def _show(found: list[Server], to: str | None, *, as_json: bool) -> None:
    if as_json:
        emit("mail.test", {"to": to, "ok": None, "items": [_about(server) for server in found]})
        return
    for server in found:
        say("Sẽ thử {about}.", "Would try {about}.", about=_told(server))
    if not found:
        say(
            "Chưa đặt mail.host nên không có máy chủ nào để thử. Mẫu thiết lập: ntm config show --sample",
            "mail.host is not set, so there is no server to try. A sample of the settings: ntm config show --sample",
        )
    elif to:
        say("Gửi tới {to}. Chưa kết nối, chưa gửi gì.", "To {to}. Nothing was sent.", to=to)
    else:
        say("Gửi tới đâu: thêm --to, hoặc đặt operator.email.", "To whom: add --to, or set operator.email.")  # fmt: skip


def _about(server: Server) -> dict[str, Any]:
    return {"server": server.name, "tls": server.tls, "user": server.user}


def _told(server: Server) -> str:
    login = server.user or phrase("không đăng nhập", "no login")
    return f"{server.name} ({server.tls}, {login})"


def _tried(server: Server, to: str, *, as_json: bool) -> dict[str, Any]:
    """What came of a letter by one server, told while it happens."""
    from ntm_workflow.notifications.post import Outcome
    from ntm_workflow.notifications.server import Timeouts
    from ntm_workflow.notifications.smtp import Smtp

    if not as_json:
        say("Máy chủ thư {about}:", "Mail server {about}:", about=_told(server))
    heard: list[Reply] = []

    def hear(_: str, reply: Reply) -> None:
        heard.append(reply)
        if not as_json:
            _step(reply)

    post = Smtp([server], 1, timeouts=Timeouts(**WAITS), heard=hear)
    letters = [_letter(server, to, session().clock.now())]
    (result,) = (each for each in post.deliver(letters) if each is not None)
    ok = result.outcome is Outcome.ACCEPTED
    message = None if ok else _explained(post, result, heard)
    if not as_json:
        _tell(message, to)
    return {
        **_about(server),
        "ok": ok,
        "outcome": result.outcome,
        "why": post.trouble[0].why if post.trouble else None,
        "message": message.say(LANG.get()) if message else None,
        "steps": [{"phase": r.phase, "code": r.code, "said": r.said} for r in heard],
    }


def _explained(post: Any, result: Any, heard: list[Reply]) -> Finding:
    from ntm_workflow.notifications.server import Phase
    from ntm_workflow.office import mail_trouble

    if post.trouble:
        return mail_trouble.of_server(post.trouble[0])
    said = heard[-1].phase if heard and result.code else Phase.CONTENT
    return mail_trouble.of_letter(result, said)


def _step(reply: Reply) -> None:
    from ntm_workflow.domain.values import Sentence
    from ntm_workflow.office.mail_trouble import PHASES

    step = Sentence(LANG.get()).format("{step}", step=PHASES[reply.phase])
    click.echo(f"  {step:<16}  {reply.code} {reply.said}"[:120].rstrip())


def _tell(message: Finding | None, to: str) -> None:
    if message is None:
        say(
            "Máy chủ đã nhận thư. Xem hộp thư {to} có thư chưa.",
            "The server took the letter. See whether it has arrived at {to}.",
            to=to,
        )
        return
    head = phrase("HỎNG", "FAIL")
    click.echo(f"{head}: " + message.say(LANG.get()).replace("\n", "\n      "))


def _letter(server: Server, to: str, now: datetime) -> Parcel:
    """The letter that is sent to try a server: it names it, and when it was sent."""
    from ntm_workflow.cli.post import bounce_to, mailbox
    from ntm_workflow.domain.values import moment
    from ntm_workflow.notifications import mime
    from ntm_workflow.notifications.post import Parcel

    settings = session().settings
    sender = mailbox(settings)
    id = f"mail-test/{server.name}/{now.isoformat()}"
    said = {"server": server.name, "at": moment(now)}
    letter = mime.Message(
        subject=f"Thư thử qua {server.name}",
        text=_BODY.format(**said),
        sender=sender,
        recipient=("", to),
        message_id=mime.message_id("mail-test", id, to, sender[1].partition("@")[2]),
        sent_at=now,
    )
    return Parcel(id, bounce_to(settings), to, mime.compose(letter))


_BODY: Final = """\
Thư này do lệnh “ntm mail test” gửi qua {server} lúc {at}.
Nhận được thư này nghĩa là máy chủ thư đã dùng được. Xin không trả lời.

“ntm mail test” sent this letter by {server} at {at}.
That it has arrived means that the mail server works. Please do not reply.
"""
