"""What a mail server's trouble, or its answer to a letter, means and what is to be done about it.

Knows no setting's value and speaks to no server. Each is a finding: the fact, the server's own words,
the next thing to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ntm_workflow.domain.values import Word
from ntm_workflow.notifications.post import Outcome, Result
from ntm_workflow.notifications.server import Phase, Trouble, Why
from ntm_workflow.office.finding import Finding, Grade

#: What the findings are called.
CHECK: Final = "mail"

PHASES: Final = {
    Phase.CONNECT: Word("kết nối", "connecting"),
    Phase.GREETING: Word("lời chào", "greeting"),
    Phase.EHLO: Word("giới thiệu", "introduction"),
    Phase.TLS: Word("mã hóa", "encryption"),
    Phase.LOGIN: Word("đăng nhập", "login"),
    Phase.MAIL: Word("người gửi", "sender"),
    Phase.RCPT: Word("người nhận", "recipient"),
    Phase.DATA: Word("bắt đầu gửi", "begin"),
    Phase.CONTENT: Word("nội dung thư", "the letter"),
}


class _Told(NamedTuple):
    """The fact and the next thing to do, in both languages."""

    vi: str
    en: str
    next_vi: str
    next_en: str


_WAIT: Final = (
    "Không phải sửa gì: chờ rồi gửi lại. Kéo dài thì hỏi người quản trị máy chủ thư.",
    "Nothing to mend: wait and send again. If it lasts, ask whoever runs the mail server.",
)
_PORTS: Final = (
    "Cổng 587 cần mail.tls = “starttls”, cổng 465 cần “tls”.",
    "Port 587 needs mail.tls = “starttls”, port 465 “tls”.",
)

_TROUBLE: Final = {
    Why.NAME: _Told(
        "Không tìm thấy máy chủ thư {server}: không phân giải được tên.",
        "The mail server {server} is not found: its name leads nowhere.",
        "Kiểm tra mail.host viết đúng chưa; máy này có mạng và DNS không.",
        "Check the spelling of mail.host, and that this machine has a network and DNS.",
    ),
    Why.CLOSED: _Told(
        "{server} không mở cổng: dịch vụ thư không chạy hoặc bị tường lửa từ chối.",
        "{server} is closed: no mail service runs there, or a firewall refuses.",
        "Kiểm tra mail.port (thường 587 với starttls, 465 với tls) và tường lửa.",
        "Check mail.port (mostly 587 with starttls, 465 with tls) and the firewall.",
    ),
    Why.ROUTE: _Told(
        "Không có đường mạng tới {server}.",
        "There is no way through the network to {server}.",
        "Kiểm tra mạng và tường lửa của cơ quan.",
        "Check the network and the office's firewall.",
    ),
    Why.TIMEOUT: _Told(
        "{server} không trả lời kịp ở bước {phase}.",
        "{server} does not answer in time at: {phase}.",
        "Tường lửa có thể chặn cổng. " + _PORTS[0],
        "A firewall may be in the way. " + _PORTS[1],
    ),
    Why.DROPPED: _Told(
        "{server} ngắt kết nối ở bước {phase}.",
        "{server} drops the connection at: {phase}.",
        "Thử lại; vẫn vậy thì hỏi người quản trị máy chủ thư, kèm giờ và địa chỉ máy này.",
        "Try again; if it stays so, ask whoever runs the mail server, with the time and this machine's address.",
    ),
    Why.BUSY: _Told(
        "{server} đang bận, hẹn lúc khác.", "{server} is busy and asks to come back later.", *_WAIT
    ),
    Why.NO_SMTP: _Told(
        "{server} trả lời không theo giao thức gửi thư (SMTP).",
        "{server} answers, but not as a mail server does (SMTP).",
        "Kiểm tra mail.host và mail.port.",
        "Check mail.host and mail.port.",
    ),
    Why.TLS_NOT_OFFERED: _Told(
        "{server} không mã hóa kết nối; thư và mật khẩu không bao giờ gửi đi ở dạng ai cũng đọc được.",
        "{server} does not encrypt; letters and passwords are never sent for all to read.",
        "Thử cổng 465 với mail.tls = “tls”, hoặc đề nghị người quản trị máy chủ thư bật TLS.",
        "Try port 465 with mail.tls = “tls”, or ask whoever runs the mail server for TLS.",
    ),
    Why.TLS_BROKEN: _Told(
        "Không thiết lập được mã hóa với {server}.",
        "No encryption could be agreed with {server}.",
        *_PORTS,
    ),
    Why.TLS_WANTED: _Told(
        "{server} chỉ nhận thư qua kết nối mã hóa.",
        "{server} takes letters over encrypted connections only.",
        "Đặt mail.tls = “starttls”.",
        "Set mail.tls = “starttls”.",
    ),
    Why.EXPIRED: _Told(
        "Chứng thư của {server} hết hạn hoặc chưa có hiệu lực.",
        "The certificate of {server} is out of date, or not valid yet.",
        "Xem đồng hồ máy này có đúng không; đúng thì đề nghị người quản trị máy chủ thư gia hạn.",
        "See whether this machine's clock is right; if so, ask whoever runs the mail server to renew it.",
    ),
    Why.OTHER_HOST: _Told(
        "Chứng thư của {server} cấp cho tên khác.",
        "The certificate of {server} is another host's.",
        "Đặt mail.host đúng tên ghi trong chứng thư.",
        "Set mail.host to the name in the certificate.",
    ),
    Why.UNTRUSTED: _Told(
        "Chứng thư của {server} không do nơi nào máy này tin cậy cấp.",
        "The certificate of {server} is from nobody this machine trusts.",
        "Cơ quan có chứng thư gốc riêng: đặt mail.ca_file. Không thì hỏi người quản trị máy chủ thư.",
        "If the office has an authority of its own, set mail.ca_file. Otherwise ask whoever runs the mail server.",
    ),
    Why.LOGIN_REFUSED: _Told(
        "{server} không nhận tên đăng nhập hoặc mật khẩu.",
        "{server} does not take the user or the password.",
        "Kiểm tra mail.user và mail.password_file; có nơi cần mật khẩu ứng dụng riêng.",
        "Check mail.user and mail.password_file; some providers want a password for applications.",
    ),
    Why.LOGIN_LATER: _Told(
        "{server} tạm thời chưa cho đăng nhập.", "{server} lets nobody log in just now.", *_WAIT
    ),
    Why.LOGIN_WANTED: _Told(
        "{server} đòi đăng nhập.",
        "{server} wants a login.",
        "Đặt mail.user và mail.password_file.",
        "Set mail.user and mail.password_file.",
    ),
    Why.LOGIN_NOT_OFFERED: _Told(
        "{server} không có cách đăng nhập nào chương trình biết (PLAIN, LOGIN, CRAM-MD5).",
        "{server} offers no login this program knows (PLAIN, LOGIN, CRAM-MD5).",
        "Kiểm tra mail.port; máy chủ không cần đăng nhập thì bỏ mail.user.",
        "Check mail.port; where no login is needed, leave mail.user out.",
    ),
    Why.GREETING: _Told(
        "{server} không tiếp máy này.",
        "{server} does not receive this machine.",
        "Hỏi người quản trị máy chủ thư: địa chỉ của máy này có được gửi thư không.",
        "Ask whoever runs the mail server whether this machine's address may send.",
    ),
    Why.SENDER: _Told(
        "{server} không nhận người gửi.",
        "{server} refuses the sender.",
        "mail.from và mail.bounce_to phải là địa chỉ mà mail.user được phép gửi.",
        "mail.from and mail.bounce_to must be addresses that mail.user may send from.",
    ),
    Why.RELAY: _Told(
        "{server} không chuyển thư cho máy này.",
        "{server} relays no letters for this machine.",
        "Đăng nhập (mail.user), hoặc đề nghị người quản trị cho phép địa chỉ của máy này.",
        "Log in (mail.user), or ask whoever runs the server to allow this machine's address.",
    ),
}

_RECIPIENT: Final = _Told(
    "{server} không nhận người nhận.",
    "{server} refuses the recipient.",
    "Kiểm tra địa chỉ; thử địa chỉ khác: ntm mail test --to …",
    "Check the address; try another: ntm mail test --to …",
)
_FULL: Final = _Told(
    "{server}: hộp thư người nhận đầy.",
    "{server}: the recipient's mailbox is full.",
    "Đề nghị người nhận dọn hộp thư, rồi gửi lại.",
    "Ask the recipient to make room, then send again.",
)
_TOO_BIG: Final = _Told(
    "{server} không nhận thư lớn như vậy.",
    "{server} takes no letter of this size.",
    "Đề nghị người quản trị máy chủ thư nâng giới hạn.",
    "Ask whoever runs the mail server for a higher limit.",
)
_GREYLISTED: Final = _Told(
    "{server} hẹn gửi lại: máy chủ thử người gửi lạ (greylisting).",
    "{server} asks to come back: it tries senders it does not know (greylisting).",
    "Không phải sửa gì: chờ mươi phút rồi gửi lại.",
    "Nothing to mend: wait some ten minutes and send again.",
)
_LATER: Final = _Told(
    "{server} chưa nhận thư lúc này.", "{server} does not take the letter just now.", *_WAIT
)
_CONTENT: Final = _Told(
    "{server} không nhận thư này.",
    "{server} refuses the letter.",
    "Có thể bị coi là thư rác: đề nghị người quản trị máy chủ thư cho phép thư từ mail.from.",
    "It may look like spam: ask whoever runs the mail server to allow letters from mail.from.",
)
_DROPPED: Final = _Told(
    "{server} ngắt kết nối giữa chừng, trước khi nhận hết thư.",
    "{server} drops the connection in the middle, before the whole letter.",
    *_TROUBLE[Why.DROPPED][2:],
)
_UNKNOWN: Final = _Told(
    "{server} không trả lời sau khi nhận hết thư: không biết thư đã được nhận chưa.",
    "{server} did not answer after the whole letter: nobody knows whether it was taken.",
    "Xem hộp thư người nhận trước khi gửi lại.",
    "Look into the recipient's mailbox before sending again.",
)


def of_server(trouble: Trouble, fix: str | None = None) -> Finding:
    """Why a server takes no letters, and what to do."""
    said = {"server": trouble.server, "phase": PHASES[trouble.reply.phase]}
    return _found(_TROUBLE[trouble.why], said, trouble.reply.code, trouble.said, fix)


def of_letter(result: Result, phase: Phase, fix: str | None = None) -> Finding:
    """Why a letter was not taken, from the answer in `phase`; only for those that were offered."""
    said = {"server": result.server}
    return _found(_letter(result, phase), said, result.code, result.said, fix)


def _letter(result: Result, phase: Phase) -> _Told:
    if result.outcome is Outcome.UNKNOWN:
        return _UNKNOWN
    if result.code is None and result.outcome is Outcome.DEFERRED:
        return _DROPPED
    family, _, detail = (result.status or "").partition(".")
    if detail == "3.4" or result.code == 552:
        return _TOO_BIG
    if detail == "2.2":
        return _FULL
    if family == "4" and (detail in ("7.1", "2.0") or "grey" in result.said.lower()):
        return _GREYLISTED
    if result.outcome is Outcome.DEFERRED:
        return _LATER
    return _RECIPIENT if phase is Phase.RCPT else _CONTENT


def _found(
    told: _Told, said: Mapping[str, object], code: int | None, text: str, fix: str | None
) -> Finding:
    heard = " ".join(str(each) for each in (code, text) if each)
    vi, en = ("\n→ {heard}", "\n→ {heard}") if heard else ("", "")
    facts = {**said, "heard": heard}
    vi, en = f"{told.vi}{vi}\n{told.next_vi}", f"{told.en}{en}\n{told.next_en}"
    return Finding(CHECK, Grade.FAIL, vi, en, facts, fix)
