"""What the codes of the domain are called by people; knows no screen and no sentence around them."""

from __future__ import annotations

import re
from typing import Final

from ntm_workflow.domain.values import Word

WORDS: Final[dict[str, Word]] = {
    "must": Word("phải", "must"),
    "strive": Word("phấn đấu", "strive"),
    "requested": Word("đề nghị", "requested"),
    "encouraged": Word("khuyến khích", "encouraged"),
    "permitted": Word("được phép", "permitted"),
    "considered": Word("xem xét", "considered"),
    "expected": Word("dự kiến", "expected"),
    "new": Word("xây dựng mới", "new"),
    "raise": Word("đã đạt, nâng chuẩn", "raised to the new set"),
    "complete": Word("hoàn thiện để đạt chuẩn", "to be completed"),
    "unplanned": Word("chưa có phương án", "no plan yet"),
    "achieved": Word("đạt", "achieved"),
    "not_achieved": Word("chưa đạt", "not achieved"),
    "result": Word("kết quả", "result"),
    "target": Word("mục tiêu", "target"),
    "xa-ntm": Word("xã NTM", "xa-ntm"),
    "xa-nang-cao": Word("xã NTM nâng cao", "xa-nang-cao"),
    "xa-kieu-mau": Word("xã NTM kiểu mẫu", "xa-kieu-mau"),
    "thon-kieu-mau": Word("thôn NTM kiểu mẫu", "thon-kieu-mau"),
    "huyen-ntm": Word("huyện NTM", "huyen-ntm"),
    "huyen-nang-cao": Word("huyện NTM nâng cao", "huyen-nang-cao"),
    "tinh": Word("tỉnh", "province"),
    "thanh-pho-tw": Word("thành phố trực thuộc trung ương", "city of province level"),
    "huyen": Word("huyện", "district"),
    "thi-xa": Word("thị xã", "town of district level"),
    "thanh-pho": Word("thành phố", "city of district level"),
    "quan": Word("quận", "urban district"),
    "xa": Word("xã", "commune"),
    "phuong": Word("phường", "ward"),
    "thi-tran": Word("thị trấn", "township"),
    "thon": Word("thôn", "village"),
    "work": Word("công trình", "work"),
    "project": Word("dự án", "project"),
    "model": Word("mô hình", "model"),
    "content": Word("nội dung", "content"),
    "central": Word("trung ương", "central"),
    "provincial": Word("tỉnh", "provincial"),
    "district": Word("huyện", "district"),
    "commune": Word("xã", "commune"),
    "state": Word("ngân sách nhà nước", "state"),
    "credit": Word("tín dụng", "credit"),
    "enterprise": Word("doanh nghiệp", "enterprise"),
    "residents": Word("người dân đóng góp", "residents"),
    "foreign": Word("nước ngoài", "foreign"),
    "other": Word("nguồn khác", "other"),
    "investment": Word("đầu tư", "investment"),
    "recurrent": Word("sự nghiệp", "recurrent"),
    "reminder": Word("nhắc việc", "reminder"),
    "confirm": Word("xin xác nhận", "confirm"),
    "waiting": Word("chờ người thứ hai", "waiting"),
    "approved": Word("đã duyệt", "approved"),
    "rejected": Word("không duyệt", "rejected"),
    "withdrawn": Word("đã rút lại", "withdrawn"),
}

_ZERO_AT: Final = re.compile(r"zero-at-(\d+)-(\d+)")


def in_words(code: str) -> Word:
    """A code as people say it; anything that is no code stays as it is."""
    if zero := _ZERO_AT.fullmatch(code):
        day = "/".join(zero.groups())
        return Word(f"điều chuyển: 0 % tại {day}", f"reallocation: 0 % at {day}")
    return WORDS.get(code, Word(code, code))
