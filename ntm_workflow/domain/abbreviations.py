"""Short forms that offices write in names, and what they stand for. Knows no name and no search."""

from typing import Final

#: The short form without accents or case -> the words. A form that means two things is not here.
SHORT: Final[dict[str, str]] = {
    "ubnd": "Ủy ban nhân dân",
    "hdnd": "Hội đồng nhân dân",
    "bcd": "Ban Chỉ đạo",
    "bql": "Ban quản lý",
    "vpdp": "Văn phòng Điều phối",
    "ubmttq": "Ủy ban Mặt trận Tổ quốc",
    "ubmttqvn": "Ủy ban Mặt trận Tổ quốc Việt Nam",
    "mttq": "Mặt trận Tổ quốc",
    "kbnn": "Kho bạc Nhà nước",
    "ctmtqg": "Chương trình mục tiêu quốc gia",
    "mtqg": "mục tiêu quốc gia",
    "ntm": "nông thôn mới",
    "ptnt": "phát triển nông thôn",
    "xdcb": "xây dựng cơ bản",
    "htx": "hợp tác xã",
    "qldt": "quản lý đô thị",
    "tw": "Trung ương",
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "nn": "nông nghiệp",
}
#: What “P.” stands for depends on whose name it begins.
INITIAL: Final[dict[str, str]] = {"place": "phường ", "unit": "Phòng "}
