"""Letters to try templates with: every kind, part, strength, language and kind of name. All invented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Final, cast

from msgspec.structs import replace

from ntm_workflow.notifications.context import (
    KINDS,
    LANGS,
    AlertContext,
    Correction,
    Counts,
    LetterContext,
    LetterItem,
    LetterKind,
    Part,
)
from ntm_workflow.notifications.wording import ASKS, DUTIES, MUST, STRIVE

DAY: Final = date(2024, 10, 22)
#: What a letter of each kind tells.
PARTS: Final[dict[LetterKind, tuple[Part, ...]]] = {
    "digest": ("asked", "after", "ahead", "copy"),
    "missed": ("missed",),
    "climb": ("climbed",),
    "returned": ("returned",),
    "to_stop": ("to_stop",),
    "decided": ("decided",),
    "correction": ("corrected",),
    "summary": ("met", "after", "ahead"),
    "no_address": ("no_address",),
}
#: What would be a tag or a key of one, if a template let it.
FORGED: Final = "forged"
#: What would be a line or HTML of its own.
HOSTILE: Final = (
    f"<{FORGED}>' {FORGED}=1 \"> & {{{{ 7*7 }}}} {{% raw %}}\r\nSố: 12/KH-UBND\u2028\u202e\x00"
)
_LONG: Final = (
    "Văn phòng Điều phối Chương trình mục tiêu quốc gia xây dựng nông thôn mới thành phố " * 4
)
_PAST: Final = frozenset({"asked", "after", "missed", "climbed"})
#: So many lines as a large unit may have on a bad morning.
MANY: Final = 60


def contexts() -> Iterator[LetterContext]:
    """Each letter of which a template must make a sound one."""
    for lang in LANGS:
        for each in (*chain.from_iterable(map(_of_kind, KINDS)), _many()):
            yield replace(each, lang=lang)


def tame(context: LetterContext) -> bool:
    """Whether every word that is not the template's is known to be harmless."""
    return all(FORGED not in item.title for item in context.items)


def alerts() -> Iterator[AlertContext]:
    for sample in (False, True):
        told = AlertContext(kind="clock", unit="Đơn vị mẫu", sample=sample)
        yield replace(told, before="05/01/2024 09:00", after="05/01/2024 11:00")
        yield replace(told, kind="closing", day=DAY, trouble="không ghi được")
        yield replace(told, kind="mail", trouble="không đăng nhập được")
        for more in (0, 3):
            named = ("UBND xã Mẫu: letter/mau/1",)
            yield replace(told, kind="dead", names=named, more=more)
            yield replace(told, kind="unwritten", names=named, more=more)


def item(part: Part, strength: str = MUST, n: int = 1) -> LetterItem:
    """A duty of which a letter may tell `part`."""
    due = DAY + timedelta(days=-3 if part in _PAST else 8)
    wrong = Correction(
        letter=f"letter/mau/{n % 2}",
        subject="[NTM] 1 việc đến hạn – Đơn vị mẫu",
        message_id=f"<ntm.{n % 2}@example.com>",
        day=DAY - timedelta(days=1 + n % 2),
        said="Đề nghị hoàn thành trước ngày 30/10/2024.",
        holds="Đã ghi nhận hoàn thành ngày 18/10/2024.",
    )
    return LetterItem(
        id=f"D{n:03}/xa-mau",
        part=part,
        title=f"Công việc mẫu số {n}",
        owed_by=f"UBND xã Mẫu {n % 3}",
        owed_to="UBND huyện Mẫu",
        place=f"xã Mẫu {n % 3}",
        with_=("Phòng Mẫu A", "Phòng Mẫu B"),
        clause="điểm 1 mục II",
        plan="Kế hoạch mẫu",
        strength=strength,
        expression="trước ngày 30/10/2024",
        # Every other desk was asked and did not answer.
        asked_on=due if n % 2 else None,
        strict_day=due - timedelta(days=1),
        nominal_day=due,
        act_by=due - timedelta(days=1),
        enforce_day=due,
        derivation=(f"Câu chữ nêu ngày {due:%d/%m/%Y}.", f"Bước tính mẫu {n % 7}."),
        rung=7,
        missed_on=due + timedelta(days=1),
        driven_by="Kế hoạch mẫu cấp huyện, 20/10/2024",
        on=DAY - timedelta(days=1),
        told="Biểu mẫu thứ ba còn trống.",
        command=f"ntm unit contact ubnd-xa-mau-{n % 3} --email …",
        corrected=wrong if part == "corrected" else None,
    )


def _of_kind(kind: LetterKind) -> Iterator[LetterContext]:
    mixed = _letter(kind, [(part, strength) for part, strength in ASKS if part in PARTS[kind]])
    for part in PARTS[kind]:
        for strength in _strengths(part):
            one = _letter(kind, [(part, strength)])
            yield one
            if kind == "digest":
                yield replace(one, upward=True)
    bare = tuple(_bare(each) for each in mixed.items)
    yield from (
        mixed,
        replace(mixed, upward=True),
        replace(mixed, sample=True),
        replace(mixed, answer_to=None, office=None, items=bare),
        _named(mixed, _LONG),
        _named(mixed, "x" * 300),
        _named(mixed, HOSTILE),
    )


def _strengths(part: Part) -> list[str]:
    """Those a part is said of in words of their own."""
    said = {ASKS[part, each]: each for each in reversed(DUTIES) if (part, each) in ASKS}
    # And one that binds nobody, whose letter may not say what is said of those that bind.
    return sorted({*said.values(), *(each for each in (STRIVE,) if (part, each) in ASKS)})


def _many() -> LetterContext:
    parts = PARTS["digest"]
    return _letter("digest", [(part, MUST) for part in parts] * (MANY // len(parts)))


def _letter(kind: LetterKind, said: Sequence[tuple[str, str]]) -> LetterContext:
    items = tuple(item(cast(Part, part), strength, n) for n, (part, strength) in enumerate(said, 1))
    counts = Counts(since=date(2024, 10, 1), until=date(2024, 10, 31), met=12, met_late=1, open=4)
    overdue = any(strength == MUST for _, strength in said)
    return LetterContext(
        kind=kind,
        unit="UBND xã Mẫu",
        day=DAY,
        items=items,
        answer_to="ntm@example.com",
        office="Văn phòng Điều phối mẫu",
        optional=kind == "summary",
        counts=replace(counts, overdue=2 if overdue else 0) if kind == "summary" else None,
    )


def _named(context: LetterContext, name: str) -> LetterContext:
    names = (
        "id",
        "title",
        "owed_by",
        "owed_to",
        "place",
        "clause",
        "plan",
        "expression",
        "driven_by",
        "told",
        "command",
    )
    said = {field: f"{name} {n}" for n, field in enumerate(names)}
    items = tuple(
        replace(each, **said, with_=(name,), derivation=(name,), corrected=_wrong(each, name))
        for each in context.items
    )
    return replace(context, unit=name, office=name, items=items)


def _wrong(each: LetterItem, name: str) -> Correction | None:
    wrong = each.corrected
    return wrong and replace(wrong, subject=name, message_id=name, said=name, holds=name)


def _bare(each: LetterItem) -> LetterItem:
    wrong = each.corrected and replace(each.corrected, message_id=None)
    return LetterItem(
        id=each.id,
        part=each.part,
        title=each.title,
        owed_by=each.owed_by,
        clause=each.clause,
        strength=each.strength,
        corrected=wrong,
    )
