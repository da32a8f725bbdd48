"""An SVG picture as PNG bytes, drawn on this machine with its fonts; never one whose words are missing."""

from __future__ import annotations

import re
from typing import Any, Final

from ntm_workflow.cli.drawing import FONTS
from ntm_workflow.domain.base import Refused

#: Points of the PNG for one of the picture: sharp in print, less where the picture is very long.
_ZOOMS: Final = (3, 2, 1)
_MOST_POINTS: Final = 40_000_000
_SIZE: Final = re.compile(r'width="(\d+)" height="(\d+)"')
#: Letters that fonts lack which were not made for Vietnamese, and one that none has.
_LETTERS, _IN_NO_FONT = "ệữỷĐ", "\U0010fffd"
#: What may stand for `sans-serif` where the fonts that pictures ask for are not there.
_FAMILIES: Final = (
    *("Liberation Sans", "Segoe UI", "Tahoma", "Verdana", "Helvetica Neue", "Roboto", "Ubuntu"),
    *("Open Sans", "Noto Sans Display", "FreeSans", "DejaVu Serif", "Noto Serif", "Liberation Serif"),
    *("Times New Roman", "Noto Sans Mono", "DejaVu Sans Mono"),
)  # fmt: skip


class NoLetters(Refused):
    vi = "Máy này không có phông chữ đủ chữ tiếng Việt, hình PNG sẽ không có chữ; chưa ghi tệp nào.\nDùng --svg, hoặc cài phông chữ DejaVu Sans hay Noto Sans (Debian, Ubuntu: apt-get install fonts-dejavu-core)."
    en = "No font on this machine has the Vietnamese letters, a PNG picture would have no words; no file was written.\nUse --svg, or install DejaVu Sans or Noto Sans (Debian, Ubuntu: apt-get install fonts-dejavu-core)."


class PictureTooLong(Refused):
    vi = "Hình rộng {width}, cao {height} điểm, quá lớn để ghi thành PNG; chưa ghi tệp nào.\nDùng --svg, hoặc thu hẹp danh sách."
    en = "The picture is {width} by {height} points, too large for a PNG; no file was written.\nUse --svg, or ask for less."


def png(picture: str, **fonts: Any) -> bytes:
    """The picture drawn; `fonts` are those of the library, for others than the machine's."""
    from resvg_py import svg_to_bytes

    found = _SIZE.search(picture)
    assert found, "every picture says its size"
    width, height = map(int, found.groups())
    zooms = (zoom for zoom in _ZOOMS if width * height * zoom**2 <= _MOST_POINTS)
    if (zoom := next(zooms, None)) is None:
        raise PictureTooLong(width=width, height=height)
    return svg_to_bytes(svg_string=picture, zoom=zoom, **fonts, **_lettered(fonts))


def _lettered(fonts: dict[str, Any]) -> dict[str, Any]:
    """What to ask the library for so that Vietnamese comes out; refuses where nothing does it."""
    for family in (None, *_FAMILIES):
        asked: dict[str, Any] = {"sans_serif_family": family} if family else {}
        if _has_letters({**fonts, **asked}):
            return asked
    raise NoLetters


def _has_letters(fonts: dict[str, Any]) -> bool:
    """Whether each letter looks like itself: not like nothing, a missing one, or another."""
    missing = {_drawn(each, fonts) for each in ("", _IN_NO_FONT)}
    drawn = {_drawn(each, fonts) for each in _LETTERS}
    return len(drawn) == len(_LETTERS) and not drawn & missing


def _drawn(letter: str, fonts: dict[str, Any]) -> bytes:
    from resvg_py import svg_to_bytes

    probe = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="4" y="30" style="font:24px {FONTS}">{letter}</text></svg>'
    )
    return svg_to_bytes(svg_string=probe, **fonts)
