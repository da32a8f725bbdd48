"""What the columns of money sheets are called: folded, without years and units. Knows no sheet."""

from __future__ import annotations

import re
from typing import Final

from ntm_workflow.domain.values import Word

ALLOCATIONS, PAYMENTS = "allocations", "payments"
#: A heading that is decided to be read as nothing.
ASIDE: Final = "-"

#: Field -> what it is in a sentence.
FIELDS: Final = {
    "item": Word("tên công trình, mục vốn", "the item"),
    "code": Word("mã dự án", "its project code"),
    "place": Word("địa bàn", "the place"),
    "year": Word("niên độ", "the plan year"),
    "source": Word("nguồn", "the source"),
    "kind": Word("loại vốn", "the kind of money"),
    "type": Word("loại mục", "the type of item"),
    "amount": Word("số tiền", "the amount"),
    "advance": Word("số tạm ứng", "the advance"),
    "day": Word("ngày", "the day"),
    "carried_from": Word("chuyển nguồn từ năm", "carried over from"),
    "decision": Word("quyết định giao", "the decision"),
    "owner": Word("chủ đầu tư", "the owner"),
    "payee": Word("đơn vị nhận", "who was paid"),
    "document": Word("chứng từ", "the paper"),
}

_ITEM: Final = (
    *("ten cong trinh", "danh muc cong trinh", "ten du an", "danh muc du an", "ten cong trinh du an"),
    *("cong trinh du an", "danh muc cong trinh du an", "ten muc von", "muc von", "cong trinh", "du an"),
    *("ten mo hinh", "ten danh muc", "danh muc", "hang muc", "ten du an cong trinh", "item"),
    *("danh muc du an cong trinh", "ten nhiem vu", "noi dung"),
)  # fmt: skip
_CODE: Final = ("ma du an", "ma so du an", "ma cong trinh", "ma da", "ma so cong trinh", "code")
_PLACE: Final = (
    *("dia diem xay dung", "dia diem xd", "dia diem", "dia ban", "xa phuong", "ten xa", "xa"),
    *("xa thi tran", "dia diem thuc hien", "don vi hanh chinh", "place"),
)
_COMMON: Final[dict[str, tuple[str, ...]]] = {"item": _ITEM, "code": _CODE, "place": _PLACE}
#: Field -> the headings it goes by, the surest first.
KNOWN: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    ALLOCATIONS: {
        **_COMMON,
        "year": ("nien do", "nam ke hoach", "nien do ke hoach", "nam ngan sach", "nam", "year"),
        "source": ("nguon von", "nguon", "nguon kinh phi", "nguon ngan sach", "source"),
        "kind": ("tinh chat von", "tinh chat nguon von", "loai von", "loai nguon von", "kind"),
        "type": ("loai muc", "loai hinh", "loai", "type"),
        "amount": (
            *("ke hoach von giao", "so von giao", "von giao", "ke hoach von", "von ke hoach"),
            *("so tien", "von phan bo", "so von", "ke hoach giao", "von duoc giao", "muc von giao"),
            *("kinh phi", "ke hoach", "du toan", "so tien giao", "amount", "tong so", "tong cong"),
        ),
        "day": ("ngay giao von", "ngay giao", "ngay quyet dinh", "ngay ban hanh", "ngay", "day"),
        "carried_from": ("chuyen nguon tu nam", "nam chuyen nguon", "keo dai tu nam", "carried from"),
        "decision": (
            *("quyet dinh giao von", "quyet dinh phan bo", "so quyet dinh", "quyet dinh", "so qd"),
            *("qd giao von", "decision"),
        ),
        "document": ("so van ban", "van ban", "document"),
        "owner": ("chu dau tu", "don vi chu dau tu", "owner"),
    },
    PAYMENTS: {
        **_COMMON,
        "amount": (
            *("so tien thanh toan", "thanh toan khoi luong hoan thanh", "thanh toan khoi luong"),
            *("thanh toan klht", "so thanh toan", "gia tri thanh toan", "thanh toan", "so tien"),
            *("so von giai ngan", "so tien giai ngan", "von giai ngan", "so giai ngan", "giai ngan"),
            *("so tien chi", "paid", "amount"),
        ),
        "advance": ("so tien tam ung", "so tam ung", "von tam ung", "tam ung hop dong", "tam ung", "advance"),
        "day": (
            *("ngay thanh toan", "ngay giai ngan", "ngay chi", "ngay hach toan", "ngay ghi so"),
            *("ngay chung tu", "ngay ct", "ngay", "day"),
        ),
        "payee": ("don vi thu huong", "don vi nhan tien", "don vi nhan", "don vi huong", "nguoi nhan",
                  "ten don vi thu huong", "nha thau", "don vi thi cong", "payee"),
        "document": ("so chung tu", "chung tu so", "so ct", "so unc", "so giay rut von", "chung tu", "document"),
    },
}  # fmt: skip

TOTAL: Final = frozenset({"tong so", "tong cong", "tong", "cong", "total"})
ALWAYS_ASIDE: Final = re.compile(
    r"s?tt|so tt|so thu tu|ghi chu.*|note|loi|error|ty le.*|luy ke.*|con lai.*|so du.*|thoi gian.*|quy mo.*"
    r"|tong muc dau tu.*|tmdt|ma( so)? .*"
)
ASIDE_OF_PAYMENTS: Final = re.compile(
    r"ke hoach.*|von giao.*|du toan.*|chu dau tu|nien do|nam|nguon von|nguon"
)
#: What of an amount is no total that holds an advance, too.
OF_VOLUME: Final = re.compile(r"thanh toan|khoi luong|klht|paid")
