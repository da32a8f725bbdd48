"""`ntm mail test`: every failure of a mail server in words, with the next thing to do; no password anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from certificates import Certificate, certificate
from hypothesis import given
from hypothesis import strategies as st
from mailserver import DROP, HOST, STALL, TAKE_AND_DROP, Fault, MailServer, closed_port
from terminal import Answer, ntm

from ntm_workflow.cli import mail, post
from ntm_workflow.known_settings import ADDRESS
from ntm_workflow.notifications.mime import check_address, readable
from ntm_workflow.notifications.server import Server, Tls, Why
from ntm_workflow.office import mail_trouble
from ntm_workflow.settings import Settings

PASSWORD = "mật-khẩu-b1m4t"
LOGIN = ("ntm", PASSWORD)
FROM = {"from": "ntm@example.com"}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Write the [mail] part of the settings this test runs under."""

    def write(**said: Any) -> None:
        lines = ["[operator]", 'email = "truc@example.com"', "[mail]"]
        lines += [f"{key} = {_toml(value)}" for key, value in (FROM | said).items()]
        path = tmp_path / "thiết lập.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.setenv("NTM_CONFIG", str(path))

    return write


def _toml(value: object) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "mật khẩu"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


def local(server: MailServer) -> dict[str, Any]:
    return {"host": HOST, "port": server.port, "tls": "none"}


def test_it_sends_one_letter_to_the_operator_and_shows_each_step(
    config: Callable[..., None], password_file: Path, good: Certificate
) -> None:
    with MailServer(tls="starttls", certificate=good, login=LOGIN) as server:
        config(host="localhost", port=server.port, user="ntm", password_file=password_file, ca_file=good.ca, bounce_to="tra@example.com")  # fmt: skip
        answer = ntm("mail test")
        assert answer.code == 0, answer.out + answer.err
        (taken,) = server.accepted
    steps = [line.split("  ")[1] for line in answer.out.splitlines() if line.startswith("  ")]
    assert steps == ["lời chào", "giới thiệu", "mã hóa", "giới thiệu", "đăng nhập", "người gửi", "người nhận", "bắt đầu gửi", "nội dung thư"]  # fmt: skip
    assert (taken.sender, taken.recipient) == ("tra@example.com", "truc@example.com")
    assert taken.content
    said = readable(taken.content)
    assert "From: Sổ theo dõi nông thôn mới <ntm@example.com>" in said
    assert "Subject: Thư thử qua localhost" in said
    assert message_from_bytes(taken.content)["Auto-Submitted"] == "auto-generated"


def test_each_test_letter_is_a_letter_of_its_own(config: Callable[..., None]) -> None:
    with MailServer() as server:
        config(**local(server))
        for _ in range(2):
            assert ntm("mail test --to khac@example.com").code == 0
        assert [taken.recipient for taken in server.accepted] == ["khac@example.com"] * 2
        assert len(server.copies) == 2


# --- every failure


#: What the server does, which words tell it, and which say what to do.
FAILURES: list[tuple[Fault, str, str]] = [
    (Fault("greeting", "554 5.3.2 No"), "không tiếp máy này", "người quản trị máy chủ thư"),
    (Fault("greeting", "421 4.3.2 Busy"), "đang bận", "chờ rồi gửi lại"),
    (Fault("greeting", "HTTP/1.1 400"), "không theo giao thức", "mail.port"),
    (Fault("greeting", DROP), "ngắt kết nối ở bước lời chào", "Thử lại"),
    (Fault("greeting", STALL), "không trả lời kịp ở bước lời chào", "cổng 465 cần “tls”"),
    (Fault("mail", "553 5.7.1 Not yours"), "không nhận người gửi", "mail.from và mail.bounce_to"),
    (Fault("mail", "530 5.7.0 Authentication required"), "đòi đăng nhập", "mail.user"),
    (Fault("mail", "530 5.7.0 Must issue STARTTLS"), "chỉ nhận thư qua kết nối mã hóa", "mail.tls"),
    (Fault("mail", "552 5.3.4 Too big"), "không nhận thư lớn", "nâng giới hạn"),
    (Fault("rcpt", "550 5.1.1 No such user"), "không nhận người nhận", "--to"),
    (Fault("rcpt", "554 5.7.1 Relay access denied"), "không chuyển thư cho máy này", "mail.user"),
    (Fault("rcpt", "450 4.2.0 Greylisted"), "greylisting", "mươi phút"),
    (Fault("rcpt", "452 4.2.2 Full"), "hộp thư người nhận đầy", "dọn hộp thư"),
    (Fault("rcpt", DROP), "ngắt kết nối giữa chừng", "Thử lại"),
    (Fault("data", "451 4.3.0 Later"), "chưa nhận thư lúc này", "chờ rồi gửi lại"),
    (Fault("dot", "552 5.2.3 Too long"), "không nhận thư lớn", "nâng giới hạn"),
    (Fault("dot", "554 5.7.1 Spam"), "không nhận thư này", "cho phép thư từ mail.from"),
    (Fault("dot", TAKE_AND_DROP), "không biết thư đã được nhận chưa", "hộp thư người nhận"),
    (Fault("dot", STALL), "không biết thư đã được nhận chưa", "hộp thư người nhận"),
]


@pytest.mark.parametrize(("fault", "fact", "advice"), FAILURES, ids=lambda each: str(each))
def test_a_failure_is_told_with_what_to_do_next(
    fault: Fault,
    fact: str,
    advice: str,
    config: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if fault.does == STALL:
        monkeypatch.setattr(mail, "WAITS", {"connect": 0.3, "final": 0.3})
    with MailServer(fault) as server:
        config(**local(server))
        answer = ntm("mail test")
    assert answer.code == 1
    assert answer.err == ""
    head, *rest = answer.out[answer.out.index("HỎNG:") :].splitlines()
    assert f"{HOST}:{server.port}" in head
    assert fact in head
    assert advice in rest[-1]
    if fault.does[:3].isdigit():
        assert rest[0].strip() == f"→ {fault.does}"


def test_a_closed_port_and_an_unknown_name_are_told(config: Callable[..., None]) -> None:
    config(host="127.0.0.1", port=closed_port(), tls="none")
    assert "không mở cổng" in told_fail(ntm("mail test"))
    config(host="khong-co.invalid")
    assert "Không tìm thấy máy chủ thư khong-co.invalid:587" in told_fail(ntm("mail test"))


def told_fail(answer: Answer) -> str:
    assert (answer.code, answer.err) == (1, "")
    return answer.out


@pytest.mark.parametrize(
    ("made", "trusted", "fact"),
    [
        ({"expired": True}, True, "hết hạn"),
        ({"self_signed": True}, True, "không do nơi nào máy này tin cậy cấp"),
        ({}, False, "không do nơi nào máy này tin cậy cấp"),
        ({"hosts": ["khac.test"]}, True, "cấp cho tên khác"),
    ],
)
def test_a_bad_certificate_is_told(
    made: dict[str, Any], trusted: bool, fact: str, config: Callable[..., None], tmp_path: Path
) -> None:
    how = {name: value for name, value in made.items() if name != "hosts"}
    bad = certificate(tmp_path, *made.get("hosts", ()), **how)
    with MailServer(tls="starttls", certificate=bad) as server:
        config(host="localhost", port=server.port, **({"ca_file": bad.ca} if trusted else {}))
        assert fact in told_fail(ntm("mail test"))
        assert server.commands["MAIL"] == 0


def test_no_encryption_and_a_wrong_password_are_told(
    config: Callable[..., None], password_file: Path, good: Certificate
) -> None:
    login = {"user": "ntm", "password_file": password_file}
    with MailServer() as server:
        config(host="localhost", port=server.port, **login)
        assert "không mã hóa kết nối" in told_fail(ntm("mail test"))
    with MailServer(tls="starttls", certificate=good, login=("ntm", "khác")) as server:
        config(host="localhost", port=server.port, ca_file=good.ca, **login)
        for lang, fact in (("vi", "không nhận tên đăng nhập hoặc mật khẩu"), ("en", "does not take the user")):  # fmt: skip
            said = told_fail(ntm(f"mail test --lang {lang}"))
            assert fact in said
            assert "535 5.7.8" in said
            assert PASSWORD not in said + ntm("mail test --json --debug").out


def test_everything_a_server_may_be_blamed_for_is_explained_in_both_languages() -> None:
    assert set(mail_trouble._TROUBLE) == set(Why)
    for told in mail_trouble._TROUBLE.values():
        assert len({told.vi, told.en, told.next_vi, told.next_en}) == 4


# --- both servers


def test_each_server_is_tried_whether_the_first_works_or_not(config: Callable[..., None]) -> None:
    with MailServer() as second, MailServer(Fault("greeting", "554 5.3.2 No")) as first:
        fallback = {f"fallback_{key}": value for key, value in local(second).items()}
        config(**local(first), **fallback)
        found = ntm("mail test --json --lang en")
        assert found.code == 1
        assert [(item["server"], item["ok"]) for item in found.json["items"]] == [
            (f"{HOST}:{first.port}", False),
            (f"{HOST}:{second.port}", True),
        ]
        assert found.json["ok"] is False
        assert found.json["items"][0]["why"] == "refused.greeting"
        assert "does not receive this machine" in found.json["items"][0]["message"]
        assert found.json["items"][1]["steps"][-1]["code"] == 250


def test_a_dry_run_connects_to_nobody(config: Callable[..., None]) -> None:
    with MailServer() as server:
        config(**local(server))
        answer = ntm("mail test --dry-run")
        assert (answer.code, server.connections) == (0, 0)
        assert f"{HOST}:{server.port} (none, không đăng nhập)" in answer.out
        assert "truc@example.com" in answer.out
        (item,) = ntm("mail test --dry-run --json").json["items"]
        assert item == {"server": f"{HOST}:{server.port}", "tls": "none", "user": None}


def test_without_a_server_it_says_so() -> None:
    assert "mail.host" in ntm("mail test --dry-run").out
    answer = ntm("mail test")
    assert (answer.code, answer.out) == (2, "")
    assert "mail.host" in answer.err


def test_without_anybody_to_send_to_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTM_MAIL_HOST", "mail.example.com")
    monkeypatch.setenv("NTM_MAIL_FROM", "ntm@example.com")
    answer = ntm("mail test")
    assert answer.code == 2
    assert "operator.email" in answer.err
    assert ntm("mail test --to 'a b@example.com'").code == 2


# --- the settings


def refused(config: Callable[..., None], **said: Any) -> str:
    config(**said)
    answer = ntm("mail test --dry-run")
    assert (answer.code, answer.out) == (2, "")
    assert PASSWORD not in answer.err
    return answer.err


REMOTE = {"host": "mail.example.com"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_password_others_may_read_is_refused(
    mode: int, config: Callable[..., None], password_file: Path
) -> None:
    password_file.chmod(mode)
    said = refused(config, **REMOTE, user="ntm", password_file=password_file)
    assert f"{mode:04o}" in said
    assert f"chmod 600 '{password_file}'" in said


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "không có tệp"), (b"", "tệp rỗng"), (b"\nx", "tệp rỗng"), (b"\xff\xfe", "UTF-8")]
)  # fmt: skip
def test_a_password_file_that_holds_none_is_refused(
    content: bytes | None, reason: str, config: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "pw"
    if content is not None:
        path.write_bytes(content)
        path.chmod(0o600)
    assert reason in refused(config, **REMOTE, user="ntm", password_file=path)


def test_a_login_needs_both_its_halves(config: Callable[..., None], password_file: Path) -> None:
    assert "mail.password_file" in refused(config, **REMOTE, user="ntm")
    assert "mail.user" in refused(config, **REMOTE, password_file=password_file)
    second = {"fallback_host": "khac.example.com", "fallback_user": "ntm"}
    assert "mail.fallback_password_file" in refused(config, **REMOTE, **second)


def test_what_cannot_be_a_server_is_refused(config: Callable[..., None]) -> None:
    assert "mail.from" in refused(config, **REMOTE, **{"from": "không"})
    assert "mail.port" in refused(config, **REMOTE, port="thư")
    assert "mail.port" in refused(config, **REMOTE, port=70000)
    assert "mail.tls" in refused(config, **REMOTE, tls="auto")
    assert "mail.connections" in refused(config, **REMOTE, connections=9)
    assert "mail.host" in refused(config, host=f"smtp://ntm:{PASSWORD}@mail.example.com")
    assert "mail.host" in refused(config, fallback_host="mail.example.com")
    assert "localhost" in refused(config, **REMOTE, tls="none")
    assert "mail.password" in refused(config, **REMOTE, password=PASSWORD)
    second = {"fallback_host": "10.0.0.1", "fallback_tls": "none"}
    assert "10.0.0.1:587" in refused(config, **REMOTE, **second)


def test_a_server_without_a_sender_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NTM_MAIL_HOST", "mail.example.com")
    assert "mail.from" in ntm("mail test --dry-run").err


def test_the_settings_make_the_servers(
    config: Callable[..., None], password_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = {"fallback_host": "::1", "fallback_port": 25, "fallback_tls": "none"}
    config(**REMOTE, user="ntm", password_file=password_file, **second, connections=2, per_minute=30)  # fmt: skip
    first = Server("mail.example.com", 587, Tls.STARTTLS, "ntm", PASSWORD)
    made = post.smtp(Settings({}))
    assert made.servers == (first, Server("::1", 25, Tls.NONE))
    assert (made.connections, made.per_minute) == (2, 30)
    assert [server.name for server in made.servers] == ["mail.example.com:587", "[::1]:25"]
    monkeypatch.setenv(post.PASSWORD, "khác")
    assert post.servers(Settings({}))[0].password == "khác"
    assert "khác" not in repr(post.servers(Settings({})))
    assert post.bounce_to(Settings({})) == "ntm@example.com"


def test_credentials_of_a_service_are_guarded_by_their_folder(password_file: Path) -> None:
    """systemd shows a service's right to its credentials as the group's."""
    password_file.chmod(0o440)
    said = {"NTM_MAIL_HOST": "mail.example.com", "NTM_MAIL_FROM": "ntm@example.com", "NTM_MAIL_USER": "ntm"}  # fmt: skip
    settings = Settings({}, {**said, "NTM_MAIL_PASSWORD_FILE": str(password_file)})
    folder = {"CREDENTIALS_DIRECTORY": str(password_file.parent)}
    assert post.servers(settings, folder)[0].password == PASSWORD
    with pytest.raises(post.PasswordFileOpen):
        post.servers(settings, {"CREDENTIALS_DIRECTORY": "/run/credentials/khac"})


def test_no_password_is_ever_shown(
    config: Callable[..., None], password_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(post.PASSWORD, PASSWORD)
    config(**REMOTE, user="ntm", password_file=password_file)
    lines = ("config show --origin", "config show --json", "mail test --dry-run --json", "mail test --dry-run --debug")  # fmt: skip
    said = "".join(answer.out + answer.err for answer in map(ntm, lines))
    assert str(password_file) in said
    assert PASSWORD not in said


@given(st.from_regex(r"[A-Za-z0-9.!#+-]{1,70}@[A-Za-z0-9.-]{1,20}", fullmatch=True))
def test_an_address_a_setting_takes_is_one_a_letter_may_bear(address: str) -> None:
    if ADDRESS.takes(address):
        assert check_address(address) == address


def test_showing_settings_loads_no_mail_library(config: Callable[..., None]) -> None:
    config(**REMOTE)
    for line in ("config show", "mail test --dry-run"):
        words = [sys.executable, "-X", "importtime", "-m", "ntm_workflow", *line.split()]
        done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True, env=os.environ)  # fmt: skip
        loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}  # fmt: skip
        assert "click" in loaded
        assert not loaded & {"aiosmtplib", "ssl", "asyncio", "sqlalchemy"}
