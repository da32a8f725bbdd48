"""Every setting there is: its key, what it takes, its default and what it is for.

Knows no file and no environment: who said what is `settings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_HOUR: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: No more than a letter may bear, see `notifications/mime.py`.
_ADDRESS: Final = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{1,254}}\Z){_ATOM}(?:\.{_ATOM})*@"
    rf"(?:localhost|(?:{_LABEL}\.)+(?=[A-Za-z]){_LABEL})"
)
#: A name, an IPv4 or an IPv6 address; no scheme, no port, no user.
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")


@dataclass(frozen=True)
class Kind:
    """What a setting takes: its words for people, and how a word of the environment is read."""

    allowed: str
    takes: Callable[[Any], bool]
    read: Callable[[str], Any] = str
    example: Any = "…"


TEXT: Final = Kind("“…”", lambda value: isinstance(value, str) and value != "")
NUMBER: Final = Kind(
    "1, 2, 3, …", lambda value: type(value) is int and value > 0, lambda v: int(v), example=60
)
YES_NO: Final = Kind(
    "true, false",
    lambda value: isinstance(value, bool),
    lambda v: {"1": True, "true": True, "0": False, "false": False}[v.lower()],
)
HOUR: Final = Kind(
    "00:05, 07:30, …",
    lambda value: isinstance(value, str) and _HOUR.fullmatch(value) is not None,
)
ADDRESS: Final = Kind(
    "ten@example.com",
    lambda value: isinstance(value, str) and _ADDRESS.fullmatch(value) is not None,
    example="ten@example.com",
)
HOST: Final = Kind(
    "mail.example.com",
    lambda value: isinstance(value, str) and _HOST.fullmatch(value) is not None,
    example="mail.example.com",
)
PORT: Final = Kind("1 – 65535", lambda v: type(v) is int and 0 < v < 65536, lambda v: int(v))
ENCRYPTED: Final = Kind("starttls, tls, none", lambda value: value in ("starttls", "tls", "none"))
CONNECTIONS: Final = Kind("1 – 8", lambda v: type(v) is int and 0 < v < 9, lambda v: int(v))
LANGUAGE: Final = Kind("vi, en", lambda value: value in ("vi", "en"))
DATA_DAYS: Final = Kind("calendar, 15-14", lambda value: value in ("calendar", "15-14"))


@dataclass(frozen=True)
class Setting:
    """One setting. `flagged`: a default of ours that no document has decided."""

    key: str
    kind: Kind
    default: Any
    vi: str
    en: str
    flagged: bool = False

    @property
    def variable(self) -> str:
        return f"NTM_{self.key.replace('.', '_').upper()}"


SETTINGS: Final = {
    setting.key: setting
    for setting in (
        Setting(
            "store",
            TEXT,
            None,
            "Sổ: một tệp, hoặc postgresql://… (không nêu: thư mục dữ liệu của người dùng)",
            "The store: a file, or postgresql://… (else the user's data folder)",
        ),
        Setting("lang", LANGUAGE, "vi", "Ngôn ngữ", "Language"),
        Setting(
            "by",
            TEXT,
            None,
            "Người gõ (không nêu: tên đăng nhập)",
            "Who types (else the login name)",
        ),
        Setting(
            "busy_timeout",
            NUMBER,
            30,
            "Chờ lệnh khác đang ghi sổ bao nhiêu giây",
            "Seconds to wait for another writer",
        ),
        Setting(
            "allow_network_fs",
            YES_NO,
            False,
            "Cho ghi sổ trên ổ đĩa mạng, tự chịu rủi ro",
            "Allow writing on a network drive, at your own risk",
        ),
        Setting(
            "backup.folder",
            TEXT,
            None,
            "Thư mục của ntm backup khi không nêu",
            "Where ntm backup writes unless told",
        ),
        Setting(
            "backup.keep",
            NUMBER,
            30,
            "ntm serve giữ bao nhiêu bản sao do nó làm trong backup.folder",
            "How many of its own copies ntm serve keeps in backup.folder",
            flagged=True,
        ),
        Setting(
            "backup.warn_days",
            NUMBER,
            7,
            "ntm doctor nhắc khi bản sao cũ hơn số ngày này",
            "ntm doctor warns when the backup is older, days",
            flagged=True,
        ),
        Setting(
            "backup.warn_facts",
            NUMBER,
            10_000,
            "ntm doctor nhắc khi bản sao thiếu hơn số việc này",
            "ntm doctor warns when the backup lacks more facts",
            flagged=True,
        ),
        Setting(
            "clock.most_days",
            NUMBER,
            62,
            "Chốt ngày, gửi thư: hỏi lại đồng hồ khi lần ghi cuối cách đây hơn số ngày này",
            "Closing and sending ask about the clock when nothing was recorded for more days",
            flagged=True,
        ),
        Setting(
            "disk.warn_mb",
            NUMBER,
            500,
            "ntm doctor nhắc khi ổ đĩa còn ít hơn số MB này",
            "ntm doctor warns when fewer MB are free",
            flagged=True,
        ),
        Setting(
            "letters.lang",
            LANGUAGE,
            "vi",
            "Ngôn ngữ của thư: vi, en",
            "The language of letters: vi, en",
        ),
        Setting(
            "letters.answer_to",
            ADDRESS,
            None,
            "Địa chỉ mà các đơn vị trả lời thư nhắc việc",
            "The address to which units answer reminders",
            flagged=True,
        ),
        Setting(
            "letters.office",
            TEXT,
            None,
            "Tên cơ quan giữ sổ, ghi trong thư là nơi trả lời",
            "The name of the office that keeps the journal, to which letters say to answer",
            flagged=True,
        ),
        Setting(
            "letters.templates",
            TEXT,
            None,
            "Thư mục mẫu thư của cơ quan (không nêu: mẫu có sẵn); lập bằng ntm letter templates export",
            "The office's folder of letter templates (else the bundled ones); ntm letter templates export makes one",
        ),
        Setting(
            "report.data_days",
            DATA_DAYS,
            "calendar",
            "Báo cáo lấy số liệu của cả kỳ (calendar), hay từ ngày 15 trước kỳ đến ngày 14 tháng cuối kỳ (15-14)",
            "A report's figures are of the whole period (calendar), or from the 15th before it to the 14th of its last month (15-14)",
            flagged=True,
        ),
        Setting(
            "report.template",
            TEXT,
            None,
            "Mẫu báo cáo .docx của cơ quan (không nêu: mẫu có sẵn)",
            "The office's own report template, a .docx file (else the bundled one)",
        ),
        Setting(
            "serve.close_at",
            HOUR,
            "00:05",
            "ntm serve chốt ngày hôm trước lúc mấy giờ (giờ Việt Nam)",
            "When ntm serve closes the day before (Vietnam's time)",
            flagged=True,
        ),
        Setting(
            "serve.letters_at",
            HOUR,
            "07:30",
            "ntm serve gửi thư của ngày lúc mấy giờ",
            "When ntm serve sends the day's letters",
            flagged=True,
        ),
        Setting(
            "serve.letters_until",
            HOUR,
            "17:00",
            "Sau giờ này, và ngày nghỉ, ntm serve không gửi thư nhắc việc",
            "After that, and on days off, ntm serve sends no reminders",
            flagged=True,
        ),
        Setting(
            "serve.backup_at",
            HOUR,
            "01:15",
            "ntm serve sao lưu vào backup.folder lúc mấy giờ",
            "When ntm serve backs up into backup.folder",
            flagged=True,
        ),
        Setting(
            "serve.integrity_at",
            HOUR,
            "02:30",
            "ntm serve kiểm tra toàn bộ sổ lúc mấy giờ",
            "When ntm serve checks the whole journal",
            flagged=True,
        ),
        Setting(
            "serve.outbox",
            TEXT,
            None,
            "Thư mục nhận thư .eml của ntm serve (không nêu: không gửi thư)",
            "Folder for the .eml letters of ntm serve (else it sends none)",
        ),
        Setting(
            "serve.escalate_to",
            TEXT,
            None,
            "Cơ quan điều phối nghe cảnh báo sau một ngày làm việc: đơn vị trong sổ, hoặc địa chỉ thư",
            "Who coordinates and hears alerts after a working day: a unit of the store, or an address",
            flagged=True,
        ),
        Setting(
            "operator.email",
            ADDRESS,
            None,
            "Địa chỉ của người trông máy, nghe cảnh báo ngay",
            "The address of whoever looks after the machine and hears alerts at once",
            flagged=True,
        ),
        Setting(
            "mail.host",
            HOST,
            None,
            "Máy chủ gửi thư (không nêu: thư chỉ ghi vào serve.outbox)",
            "The mail server letters are handed to (else they only go to serve.outbox)",
        ),
        Setting(
            "mail.port",
            PORT,
            587,
            "Cổng của máy chủ thư: thường 587 với starttls, 465 với tls",
            "The mail server's port: mostly 587 with starttls, 465 with tls",
            flagged=True,
        ),
        Setting(
            "mail.tls",
            ENCRYPTED,
            "starttls",
            "Mã hóa: starttls, tls (từ đầu); none chỉ khi máy chủ thư là chính máy này",
            "Encryption: starttls, tls (from the start); none only where the server is this machine",
        ),
        Setting(
            "mail.user",
            TEXT,
            None,
            "Tên đăng nhập máy chủ thư (không nêu: không đăng nhập)",
            "The user to log in as (else no login)",
        ),
        Setting(
            "mail.password_file",
            TEXT,
            None,
            "Tệp chỉ chứa mật khẩu thư, chỉ chủ tệp đọc được (hoặc biến NTM_MAIL_PASSWORD)",
            "A file with the password alone, readable by its owner only (or NTM_MAIL_PASSWORD)",
        ),
        Setting(
            "mail.ca_file",
            TEXT,
            None,
            "Tệp PEM chứng thư gốc của cơ quan, tin thêm ngoài của hệ thống",
            "A PEM file of certificates to trust besides the system's",
        ),
        Setting(
            "mail.from",
            ADDRESS,
            None,
            "Địa chỉ người gửi trên thư",
            "The address letters are from",
        ),
        Setting(
            "mail.from_name",
            TEXT,
            "Sổ theo dõi nông thôn mới",
            "Tên người gửi trên thư",
            "The name letters are from",
            flagged=True,
        ),
        Setting(
            "mail.bounce_to",
            ADDRESS,
            None,
            "Địa chỉ nhận thư bị trả (không nêu: mail.from)",
            "The address bounces come back to (else mail.from)",
        ),
        Setting(
            "mail.connections",
            CONNECTIONS,
            4,
            "Nhiều nhất bao nhiêu kết nối cùng lúc tới máy chủ thư",
            "How many connections to the mail server at once, at most",
            flagged=True,
        ),
        Setting(
            "mail.per_minute",
            NUMBER,
            None,
            "Nhiều nhất bao nhiêu thư mỗi phút (không nêu: không hạn chế)",
            "How many letters a minute, at most (else as many as go)",
        ),
        Setting(
            "mail.fallback_host",
            HOST,
            None,
            "Máy chủ thư dự phòng, khi mail.host không nhận thư",
            "A second mail server, for when mail.host takes no letters",
        ),
        Setting(
            "mail.fallback_port",
            PORT,
            587,
            "Cổng của máy chủ dự phòng",
            "The second server's port",
            flagged=True,
        ),
        Setting(
            "mail.fallback_tls",
            ENCRYPTED,
            "starttls",
            "Mã hóa tới máy chủ dự phòng",
            "Encryption to the second server",
        ),
        Setting(
            "mail.fallback_user",
            TEXT,
            None,
            "Tên đăng nhập máy chủ dự phòng",
            "The user to log in as at the second server",
        ),
        Setting(
            "mail.fallback_password_file",
            TEXT,
            None,
            "Tệp mật khẩu của máy chủ dự phòng",
            "The password file of the second server",
        ),
    )
}
