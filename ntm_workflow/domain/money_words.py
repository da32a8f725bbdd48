"""What papers call sources, kinds of money and types of items. Compares folded; knows no sheet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from ntm_workflow.domain.fund import KINDS, SOURCES, TYPES, UnknownWord
from ntm_workflow.domain.values import fold

_BUDGETS: Final = {
    "central": ("trung uong", "tw", "cap trung uong"),
    "provincial": ("tinh", "cap tinh", "thanh pho truc thuoc trung uong"),
    "district": ("huyen", "cap huyen", "thi xa", "thanh pho"),
    "commune": ("xa", "cap xa", "phuong"),
}
_SOURCES: Final = {
    "central": ("nstw", "trung uong", "tw"),
    "provincial": ("nst", "tinh"),
    "district": ("nsh", "huyen"),
    "commune": ("nsx", "xa"),
    "state": ("ngan sach nha nuoc", "nsnn"),
    "credit": ("tin dung",),
    "enterprise": ("doanh nghiep",),
    "residents": ("dan gop", "nhan dan dong gop", "nguoi dan dong gop", "cong dong dan cu"),
    "foreign": ("nuoc ngoai", "oda"),
    "other": ("khac", "nguon khac"),
}
_KINDS: Final = {
    "investment": ("dau tu", "dau tu phat trien", "dtpt", "dau tu cong", "xdcb"),
    "recurrent": ("su nghiep", "kinh phi su nghiep", "sn", "su nghiep kinh te"),
}
_TYPES: Final = {
    "work": ("cong trinh",),
    "project": ("du an",),
    "model": ("mo hinh",),
    "content": ("noi dung", "noi dung kinh phi", "kinh phi su nghiep", "nhiem vu"),
}
_BEFORE: Final = ("", "von ", "nguon ", "nguon von ", "kinh phi ")


def _all(known: Mapping[str, tuple[str, ...]], more: Mapping[str, list[str]]) -> dict[str, str]:
    words = {code: code for code in known}
    for code, names in known.items():
        for name in (*names, *more.get(code, ())):
            words |= {f"{before}{name}": code for before in _BEFORE}
    return words


_OF_BUDGETS: Final = {
    code: [f"{budget} {name}" for budget in ("ns", "ngan sach") for name in names]
    for code, names in _BUDGETS.items()
}
_BY_FIELD: Final = {
    "source": (_all(_SOURCES, _OF_BUDGETS), SOURCES),
    "kind": (_all(_KINDS, {}), KINDS),
    "type": (_all(_TYPES, {}), TYPES),
}


def read_word(field: str, typed: str) -> str:
    """The code of a source, kind or type as a paper calls it. Raises UnknownWord."""
    if found := _code(field, typed):
        return found
    raise UnknownWord(word=typed, known=_BY_FIELD[field][1])


@lru_cache(maxsize=1024)
def _code(field: str, typed: str) -> str | None:
    # A sheet says the same few words in each of its rows.
    return _BY_FIELD[field][0].get(fold(typed))
