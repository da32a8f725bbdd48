"""The beginnings of a new pack: a commented TOML text that says at each blank what to fill in.

Like an older plan it takes over places and offices that there still are. What that plan said is
shown as a hint and never as a value: the new document decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ntm_workflow.domain.edition import Edition
from ntm_workflow.domain.place import TYPES
from ntm_workflow.plans.editions import bundle
from ntm_workflow.plans.frame import HEAD, SAMPLES
from ntm_workflow.plans.loader import BLANK
from ntm_workflow.plans.shapes import Duty, NamedPlace, Pack
from ntm_workflow.plans.standards import ended_levels

#: Level -> how its committees are called, for hints.
_COMMITTEES = {"province": "UBND tỉnh", "district": "UBND cấp huyện", "commune": "UBND xã"}
#: Names in a hint; more are counted.
_MOST = 6
#: What belongs at each blank. `issued_on` shows the form of a day, which stands in no quotes.
_BLANKS = {
    "id": "mã của kế hoạch, chỉ gồm a-z, 0-9 và dấu -",
    "title": "tên kế hoạch, như trên văn bản",
    "issuer": "cơ quan ban hành",
    "level": "cấp ban hành: {levels}",
    "place": "mã địa bàn của cơ quan ban hành, có trong [[places]]",
    "number": "số, ký hiệu",
    "issued_on": "ngày ban hành, viết như 2025-01-31, không có ngoặc kép",
}
_PLACE = {
    "id": "mã địa bàn, chỉ gồm a-z, 0-9 và dấu -",
    "name": "tên địa bàn, không kèm “xã”, “tỉnh”",
    "type": "loại, như {types}",
}


def skeleton(like: Pack | None, period: tuple[int, int], id: str | None = None) -> str:
    """A new pack's text; `like` gives its places and offices, and its duties to be confirmed one by one."""
    return Frame(like, period, id).text()


@dataclass
class Frame:
    like: Pack | None
    period: tuple[int, int]
    id: str | None

    @cached_property
    def gone(self) -> dict[str, date]:
        """Levels that ended before the period begins."""
        begins = date(self.period[0], 1, 1)
        return {level: day for level, day in ended_levels().items() if day <= begins}

    @cached_property
    def kept(self) -> dict[str, NamedPlace]:
        """The old plan's places of levels there still are; villages go with the level above communes."""
        places = self.like.places if self.like else []
        left_out = {*self.gone, "village"} if self.gone else set()
        return {p.id: p for p in places if self.level(p) not in left_out}

    def level(self, place: NamedPlace) -> str:
        return TYPES[place.type][0]

    def text(self) -> str:
        blocks = [self._head(), *self._places(), *self._units(), *self._duties()]
        ready = {"obligations"} if self.like else set()
        blocks += [
            self._sample(name) for name in SAMPLES if name not in {"places", "units"} | ready
        ]
        return "\n".join(blocks)

    # --- above the tables

    def _head(self) -> str:
        first, last = self.period
        said = {key: _quoted(self._about(key, hint)) for key, hint in _BLANKS.items()}
        return HEAD.substitute(said, first=first, last=last, advice="\n".join(self._advice()))

    def _about(self, key: str, hint: str) -> str:
        """What is known of a key, or its blank with what the old plan had there."""
        hint = hint.format(levels=", ".join(self._levels()))
        if key == "id":
            return self.id or self._new_id() or _blank(hint)
        old = getattr(self.like, key, None) if key in ("issuer", "level", "place") else None
        if old is None:
            return _blank(hint)
        same = key != "issuer" and self._issuer_stays
        return old if same else _blank(f"{hint} (kế hoạch trước: {old})")

    @property
    def _issuer_stays(self) -> bool:
        return self.like is not None and self.like.place in self.kept

    def _new_id(self) -> str | None:
        if self.like is None or not self._issuer_stays:
            return None
        years = "-".join(dict.fromkeys(map(str, self.period)))
        return f"{self.like.place}-{years}"

    def _levels(self) -> Iterator[str]:
        words = {"province": "tỉnh, thành phố", "district": "huyện", "commune": "xã, phường"}
        return (f"{level} ({word})" for level, word in words.items() if level not in self.gone)

    def _advice(self) -> Iterator[str]:
        """What somebody must decide before anything else."""
        for level, day in ended_levels().items():
            since = f"{day:%d/%m/%Y}"
            if level in self.gone:
                yield f"# Từ {since} không còn {_COMMITTEES[level]}: chỉ có tỉnh (thành phố) và xã (phường, đặc khu)."
            elif date(self.period[1], 12, 31) >= day:
                yield f"# Từ {since} không còn {_COMMITTEES[level]}: việc có hạn sau ngày ấy ai làm, văn bản nào giao?"
        if self.like and not self._issuer_stays:
            yield f"# Kế hoạch trước do {self.like.issuer} ban hành, cấp ấy nay không còn. Trước hết phải quyết định:"
            yield "#   1. Ai ban hành kế hoạch mới: UBND tỉnh, hay UBND từng xã, phường (mỗi nơi một tệp)?"
            yield "#   2. Xã nào của kế hoạch trước còn, xã nào đã sáp nhập, đổi tên, thành phường?"
            yield "#   3. Việc cũ của cấp huyện nay thuộc tỉnh hay xã, theo văn bản nào?"
        if self.like and self.gone:
            yield "# Tên, loại của tỉnh và xã lấy từ kế hoạch trước: đối chiếu với địa giới hiện nay, sửa hoặc xóa."
            yield "# Thôn của kế hoạch trước không đưa vào; văn bản mới nhắc tới thôn nào thì thêm [[places]]."

    # --- places and offices

    def _places(self) -> Iterator[str]:
        if self.like is None:
            types = (
                "tinh, thanh-pho-tw, xa, phuong" if self.gone else "tinh, huyen, thi-xa, xa, phuong"
            )
            yield _table("places", {k: _blank(h.format(types=types)) for k, h in _PLACE.items()})
            yield from (self._sample("places"), self._sample("units"))
            return
        for place in self.kept.values():
            parent = self._parent(place)
            moved = parent is not None and parent != place.parent
            source = "unverified" if moved else None
            row = {"id": place.id, "name": place.name, "type": place.type, "parent": parent}
            yield _table("places", row | {"parent_source": source})

    def _parent(self, place: NamedPlace) -> str | None:
        """The nearest place above that there still is."""
        by_id = {p.id: p for p in self.like.places} if self.like else {}
        at = place.parent
        while at is not None and at not in self.kept:
            at = by_id[at].parent if at in by_id else None
        return at

    def _units(self) -> Iterator[str]:
        units = self.like.units if self.like else []
        for unit in units:
            if unit.place in self.kept:
                row = {
                    key: getattr(unit, key) for key in ("id", "name", "role", "place", "aliases")
                }
                yield _table("units", row)
        if lost := [unit for unit in units if unit.place not in self.kept]:
            yield "# Đơn vị của cấp nay không còn; nay đơn vị nào làm thay thì thêm vào [[units]]:"
            yield "\n".join(f"#   {unit.id}: {unit.name}" for unit in lost) + "\n"

    # --- duties

    def _duties(self) -> Iterator[str]:
        if self.like is None:
            return
        yield "# --- Nhiệm vụ của kế hoạch trước: văn bản mới giữ việc nào thì điền, bỏ việc nào thì xóa cả bảng ---\n"
        for duty in self.like.obligations:
            yield _table("obligations", dict(self._duty(duty)), dict(self._remarks(duty)))

    def _duty(self, duty: Duty) -> Iterator[tuple[str, Any]]:
        yield "rule", _blank(f"tên quy tắc, chưa kế hoạch nào dùng (trước: {duty.rule})")
        yield "part", duty.part
        yield "clause", _blank(f"mục nào của văn bản mới (kế hoạch trước: {duty.clause})")
        yield "title", self._title(duty.title)
        yield "expression", self._phrase(duty)
        yield (
            "strength",
            _blank(f"theo chữ của văn bản: must, strive, requested, … (trước: {duty.strength})"),
        )
        yield "owed_by", self._holder(duty.owed_by)
        yield "owed_to", duty.owed_to and self._holder(duty.owed_to)
        yield "with", [unit for unit in duty.with_ if self._there(unit)]
        yield "advised_by", [unit for unit in duty.advised_by if self._there(unit)]
        yield "places", _blank(f'mã các địa bàn, viết như ["a", "b"] (trước: {self._named(duty)})')
        yield "dossier", self._dossier(duty)

    def _title(self, title: str) -> str:
        """Our own words, unless they speak of a year."""
        return (
            _blank(f"việc phải làm (trước: {title})") if re.search(r"\b20\d\d\b", title) else title
        )

    def _phrase(self, duty: Duty) -> str:
        hint = "đúng câu chữ về thời hạn; văn bản không nêu thì xóa dòng này"
        if not duty.expression:
            return _blank(f"{hint} (trước: không nêu)")
        moved = self._moved(duty.expression)
        later = f"; dời năm: “{moved}”" if moved != duty.expression else ""
        return _blank(f"{hint} (trước: “{duty.expression}”{later})")

    def _moved(self, phrase: str) -> str:
        """The phrase with its years as far into the new period as they were in the old."""
        by = self.period[0] - self.like.period[0] if self.like else 0
        return re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + by), phrase)

    def _there(self, who: str) -> bool:
        if who.startswith("@"):
            return who[1:] not in self.gone
        units = {unit.id: unit.place for unit in self.like.units} if self.like else {}
        return units.get(who, who.removeprefix("ubnd-")) in self.kept

    def _holder(self, who: str) -> str:
        if self._there(who):
            return who
        units = {unit.id: unit.name for unit in self.like.units} if self.like else {}
        was = _COMMITTEES.get(who[1:], who) if who.startswith("@") else units.get(who, who)
        return _blank(f"nay ai giữ việc của {was}: @commune, @province, hoặc mã đơn vị")

    def _dossier(self, duty: Duty) -> str | None:
        if duty.dossier is None:
            return None
        step = duty.dossier
        form = f"{{ standard = '{step.standard}', year = …, to = '…' }}"
        was = f"năm {step.year}, lên {_COMMITTEES.get(step.to, step.to)}"
        return _blank(f"hồ sơ nào đáp ứng, viết như {form} (trước: {was}); không có thì xóa dòng")

    def _remarks(self, duty: Duty) -> Iterator[tuple[str, str]]:
        """What the old clause had besides, a line of comment each."""
        lost = [unit for unit in (*duty.with_, *duty.advised_by) if not self._there(unit)]
        said = {
            "phối hợp, tham mưu nay không còn": ", ".join(lost),
            "làm sau việc": duty.after,
            "cần xong trước": ", ".join(duty.needs),
            "điều kiện": duty.condition,
            "chủ trì suy ra từ": duty.owner_from,
        }
        return ((name, text) for name, text in said.items() if text)

    def _named(self, duty: Duty) -> str:
        names = {place.id: place.name for place in self.like.places} if self.like else {}
        some = ", ".join(names[id] for id in duty.places[:_MOST])
        more = len(duty.places) - _MOST
        return f"{some} và {more} nơi nữa" if more > 0 else some

    # --- examples

    def _sample(self, name: str) -> str:
        first, last = self.period
        place = (
            self.like.place
            if self.like and self._issuer_stays
            else next(iter(self.kept), "dia-ban")
        )
        communes = (p.id for p in self.kept.values() if self.level(p) == "commune")
        commune = next(communes, "xa-mau")
        ids = {"place": place, "commune": commune, "committee": f"ubnd-{commune}"}
        said = {key: _quoted(id) for key, id in ids.items()}
        years = {"first": first, "last": last, "before": first - 1}
        text = SAMPLES[name].substitute(said, **years, ended=self._ended_sets())
        return text + "".join(f"# Kế hoạch trước: {hint}\n" for hint in self._hints(name))

    def _ended_sets(self) -> str:
        ended = [s for s in bundle().all if s.last_year < self.period[0]]
        if not ended:
            return "# Số tiêu chí chỉ có nghĩa trong bộ của nó."
        now = [s for s in bundle().all if s.covers(self.period[0])]
        there = _editions(now) or "chưa có bộ nào; chưa điền bảng này"
        return (
            f"# ĐÃ HẾT GIAI ĐOẠN: {_editions(ended)}.\n"
            f"# Giai đoạn từ {self.period[0]} theo bộ tiêu chí mới. Chương trình có: {there}."
        )

    def _hints(self, name: str) -> Iterator[str]:
        if self.like and name in ("targets", "goals"):
            rows = getattr(self.like, name)
            yield from dict.fromkeys(f"{row.what}: {row.title}" for row in rows)


def _editions(editions: Iterable[Edition]) -> str:
    return ", ".join(f"{each.set} {each.version} ({each.decision})" for each in editions)


def _blank(hint: str) -> str:
    return f"{BLANK}: {hint}"


def _table(name: str, row: dict[str, Any], remarks: dict[str, str] | None = None) -> str:
    """A table with what there is to say, and remarks on lines of their own."""
    lines = [f"{key} = {_quoted(value)}" for key, value in row.items() if value]
    notes = [f"# {key}: {text}" for key, text in (remarks or {}).items()]
    return "\n".join((f"[[{name}]]", *lines, *notes, ""))


def _quoted(value: Any) -> str:
    """A TOML value; JSON's strings and lists are TOML's, too."""
    return json.dumps(value, ensure_ascii=False)
