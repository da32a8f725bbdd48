"""The beginnings of a new pack: a commented TOML text that says at each blank what to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ntm_workflow.plans.loader import BLANK
from ntm_workflow.plans.shapes import Duty, NamedPlace, NamedUnit, Pack

_HEAD = """\
# Gói kế hoạch mới. Sửa từng dòng theo văn bản, rồi kiểm tra: ntm plan check <tệp này>
# Ý nghĩa từng bảng, từng khóa: docs/plans.md. Chỉ ghi điều văn bản nêu, kèm điều khoản.
# Chỗ nào bắt đầu bằng dấu … là chưa điền: thay bằng lời của văn bản.
id = {id}
title = {title}
issuer = {issuer}
level = {level}
place = {place}
period = [{first}, {last}]
# Văn bản để trống số hoặc ngày ban hành thì xóa dòng ấy và ghi tên khóa vào assumed.
number = {number}
issued_on = {issued_on}
# Điều văn bản để trống, trong các khóa: "number", "issued_on", "effective_on".
assumed = []
# Xóa dòng dưới khi đã nhập đủ mọi điều khoản.
partial = true
# Mọi điều khoản của văn bản, để ntm plan coverage chỉ ra chỗ còn trống.
clauses = []
"""
_MANNER = """\
# --- Nhiệm vụ: mỗi điều khoản có việc phải làm là một bảng như mẫu dưới (bỏ dấu # ở đầu dòng) ---
#
# [[obligations]]
# rule = "R1"
# clause = "I.1"
# title = "Việc phải làm, nói bằng lời của mình"
# expression = "trước ngày 30/10/{last}"   # đúng câu chữ; bỏ dòng này nếu văn bản không nêu thời hạn
# strength = "must"                        # phải: must; phấn đấu: strive; đề nghị: requested; dự kiến: expected
# owed_by = "@commune"                     # UBND xã của từng địa bàn; hoặc mã đơn vị
# owed_to = "@district"
# places = [{place}]
"""
#: What belongs at each blank. `issued_on` shows the form of a day, which stands in no quotes.
_BLANKS = {
    "id": f"{BLANK}: mã của kế hoạch, chỉ gồm a-z, 0-9 và dấu -",
    "title": f"{BLANK}: tên kế hoạch, như trên văn bản",
    "issuer": f"{BLANK}: cơ quan ban hành",
    "level": f"{BLANK}: province (tỉnh), district (huyện) hoặc commune (xã)",
    "place": f"{BLANK}: mã địa bàn của cơ quan ban hành, có trong [[places]]",
    "number": f"{BLANK}: số, ký hiệu",
    "issued_on": f"{BLANK}: ngày ban hành, viết như 2025-01-31, không có ngoặc kép",
}
_PLACE = NamedPlace(
    id=f"{BLANK}: mã địa bàn, chỉ gồm a-z, 0-9 và dấu -",
    name=f"{BLANK}: tên địa bàn, không kèm “xã”, “huyện”",
    type=f"{BLANK}: loại, như tinh, huyen, thi-xa, xa, phuong, thon",
)


def skeleton(like: Pack | None, period: tuple[int, int], id: str | None = None) -> str:
    """A new pack's text, with the places and units of `like`; its duties come as comments to redo."""
    first, last = period
    if like is None:
        places, units = [_PLACE], list[NamedUnit]()
        about = _BLANKS | ({"id": id} if id else {})
    else:
        places, units = like.places, like.units
        about = {name: getattr(like, name) for name in ("issuer", "level", "place")}
        about = _BLANKS | about | {"id": id or _new_id(like, period)}
    quoted = {name: _quoted(value) for name, value in about.items()}
    place = quoted["place"] if like else '"dia-ban"'
    return "\n".join(
        (
            _HEAD.format(**quoted, first=first, last=last),
            *(_table("places", row, ("id", "name", "type", "parent")) for row in places),
            *(_table("units", row, ("id", "name", "role", "place", "aliases")) for row in units),
            _MANNER.format(last=last, place=place),
            *_redo(like.obligations if like else []),
        )
    )


def _new_id(like: Pack, period: tuple[int, int]) -> str:
    first, last = period
    years = str(first) if first == last else f"{first}-{last}"
    return f"{like.place}-{years}"


def _table(name: str, row: Any, keys: tuple[str, ...]) -> str:
    pairs = [(key, getattr(row, key)) for key in keys]
    lines = (f"{key} = {_quoted(value)}" for key, value in pairs if value)
    return "\n".join((f"[[{name}]]", *lines, ""))


def _redo(duties: list[Duty]) -> Iterator[str]:
    """The old plan's duties, one line each: the new document decides whether they come back."""
    if duties:
        yield "# Nhiệm vụ của kế hoạch trước, để đối chiếu:"
    for duty in duties:
        yield f"#   {duty.clause} {duty.rule}: {duty.title} ({duty.expression or 'không nêu thời hạn'})"
    yield ""


def _quoted(value: Any) -> str:
    """A TOML value; JSON's strings and lists are TOML's, too."""
    return json.dumps(value, ensure_ascii=False)
