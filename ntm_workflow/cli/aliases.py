"""Every command word in Vietnamese without accents, from one explicit table; knows no command.

`"list"` is a word wherever it stands; `"fund list"` would be that command's only. The first word
of several is the one help shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    # nouns, and what stands alone
    "init": ("tao-so",),
    "migrate": ("nang-cap",),
    "demo": ("xem-thu",),
    "today": ("hom-nay",),
    "plan": ("ke-hoach",),
    "place": ("dia-ban",),
    "unit": ("don-vi",),
    "criteria": ("tieu-chi",),
    "target": ("muc-tieu",),
    "obligation": ("nhiem-vu",),
    "dossier": ("ho-so",),
    "recognition": ("cong-nhan",),
    "survey": ("lay-y-kien",),
    "fund": ("von",),
    "date": ("thoi-han",),
    "day": ("ngay", "chot"),
    "clock": ("dong-ho",),
    "rehearse": ("dien-tap",),
    "letter": ("thu",),
    "mail": ("thu-dien-tu",),
    "fact": ("lan-ghi",),
    "audit": ("kiem-tra",),
    "approval": ("hai-nguoi",),
    "report": ("bao-cao",),
    "form": ("bieu-mau",),
    "meeting": ("cuoc-hop",),
    "rebuild": ("dung-lai",),
    "serve": ("truc",),
    "doctor": ("kham",),
    "backup": ("sao-luu",),
    "restore": ("khoi-phuc",),
    "config": ("cau-hinh",),
    "completion": ("goi-y",),
    "help": ("tro-giup", "huong-dan"),
    # verbs with one meaning everywhere
    "list": ("danh-sach",),
    "show": ("xem",),
    "register": ("dang-ky",),
    "record": ("ghi-nhan",),
    "import": ("nhap",),
    "export": ("xuat",),
    "new": ("tao-moi",),
    "check": ("kiem-tra",),
    "status": ("tinh-trang",),
    "confirm": ("xac-nhan",),
    "release": ("mo-lai",),
    "withdraw": ("thu-hoi",),
    # plan, place, unit
    "adopt": ("ap-dung",),
    "coverage": ("do-phu",),
    "rename": ("doi-ten",),
    "retype": ("doi-loai",),
    "merge": ("sap-nhap",),
    "split": ("chia-tach",),
    "move": ("chuyen-thuoc",),
    "leave": ("roi-chuong-trinh",),
    "abolish": ("giai-the",),
    "code": ("gan-ma",),
    "contact": ("lien-he",),
    "assign": ("phan-cong",),
    "alias": ("ten-khac",),
    "forget": ("xoa-thong-tin",),
    # criteria, obligation
    "achieve": ("dat",),
    "lapse": ("mat-chuan",),
    "matrix": ("bang",),
    "meet": ("hoan-thanh",),
    "extend": ("gia-han",),
    "suspend": ("tam-dung",),
    "resume": ("tiep-tuc",),
    "waive": ("mien",),
    "note": ("ghi-chu",),
    "give": ("giao",),
    "condition": ("dieu-kien",),
    "alternative": ("han-thu-hai",),
    # dossier, recognition
    "open": ("mo",),
    "submit": ("trinh",),
    "return": ("tra-lai",),
    "verify": ("tham-tra",),
    "forward": ("chuyen-tiep",),
    "appraise": ("tham-dinh",),
    "recognise": ("cong-nhan",),
    "announce": ("cong-bo",),
    "reject": ("tu-choi",),
    "missing": ("con-thieu",),
    "keep": ("duy-tri",),
    "review": ("xem-lai",),
    # fund
    "allocate": ("giao",),
    "disburse": ("giai-ngan",),
    "advance": ("tam-ung",),
    "recover": ("thu-hoi-tam-ung",),
    "accept": ("nghiem-thu",),
    "adjust": ("dieu-chinh",),
    "settle": ("quyet-toan",),
    "hand-over": ("ban-giao",),
    "debt": ("no-dong",),
    "propose": ("de-nghi",),
    "decide": ("quyet-dinh",),
    "reallocate": ("dieu-chuyen",),
    "stop": ("dung",),
    "reconcile": ("doi-chieu",),
    "cases": ("ca-dieu-chuyen",),
    "payable": ("con-phai-tra",),
    # day, letter, fact, audit, and the rest
    "explain": ("giai-thich",),
    "close": ("chot",),
    "preview": ("xem-truoc",),
    "send": ("gui",),
    "acknowledge": ("da-nhan",),
    "bounces": ("thu-bi-tra",),
    "retry": ("gui-lai",),
    "test": ("thu",),
    "void": ("huy",),
    "correct": ("dinh-chinh",),
    "history": ("lich-su",),
    "diff": ("so-sanh",),
    "who-knew": ("ai-biet",),
    "audit verify": ("kiem-so",),
    "seal": ("dau-xac-thuc",),
    "seals": ("cac-dau",),
    "receipt": ("phieu",),
    "key": ("khoa",),
    "approve": ("dong-y",),
    "rule": ("quy-tac",),
    "draft": ("du-thao",),
    "receive": ("nhan",),
    "conclude": ("ket-luan",),
}


def aliases(group: str, name: str) -> tuple[str, ...]:
    """The Vietnamese words of the command `name` of a group, the shown one first."""
    return ALIASES.get(f"{group} {name}", ALIASES.get(name, ()))


def meant(group: str, names: Iterable[str], typed: str) -> str:
    """The command a typed word stands for; any other word as it is."""
    return next((name for name in names if typed in aliases(group, name)), typed)
