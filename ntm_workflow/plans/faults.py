"""What can be wrong in a pack, as sentences in two languages. Finds nothing: readers and checks do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import Sentence, Word

#: Code -> the sentence, in Vietnamese and English.
FAULTS: dict[str, tuple[str, str]] = {
    "syntax": ("sai cú pháp TOML", "not TOML"),
    "no_such_day": ("không có ngày {day}", "there is no day {day}"),
    "key_twice": ("khóa “{key}” dùng 2 lần", "the key “{key}” is used twice"),
    "encoding": ("không phải chữ mã UTF-8", "not UTF-8 text"),
    "other_encoding": ("tệp mã {encoding}; lưu lại với mã UTF-8", "the file is {encoding}; save it as UTF-8"),
    "empty_file": ("tệp trống", "the file is empty"),
    "long_key": ("khóa có quá nhiều phần cách nhau bằng dấu chấm", "a key has too many parts between points"),
    "long_number": ("số quá dài", "a number is too long"),
    "many_marks": ("quá nhiều dấu chồng lên một chữ cái", "too many marks stand on one letter"),
    "too_deep": ("ngoặc lồng nhau quá sâu", "brackets stand too deep in one another"),
    "too_long": ("“{key}” dài quá {most} ký tự", "“{key}” has more than {most} characters"),
    "too_many_duties": ("các nhiệm vụ, địa bàn và số lần lặp lại nhân lên quá {most}", "duties, their places and the times they come back come to more than {most}"),
    "more": ("còn lỗi khác; sửa các lỗi trên trước", "there are more errors; mend those above first"),
    "unknown_table": ("không có bảng “{table}”; các bảng: {known}", "there is no table “{table}”; tables: {known}"),
    "not_a_table": ("“{table}” phải viết thành các bảng [[{table}]]", "“{table}” must be written as [[{table}]] tables"),
    "unknown_key": ("không có khóa “{key}” ở đây; các khóa: {known}", "there is no key “{key}” here; keys: {known}"),
    "missing_key": ("thiếu khóa “{key}”", "the key “{key}” is missing"),
    "wrong_type": ("“{key}” phải là {expected}", "“{key}” must be {expected}"),
    "blank": ("“{key}” chưa điền: {text}", "“{key}” is not filled in yet: {text}"),
    "unreadable_text": ("khóa “{key}”: {why}", "the key “{key}”: {why}"),
    "says_nothing": ("“{key}” để trống", "“{key}” is empty"),
    "no_year": ("“{key}” không thể là năm {year}", "“{key}” cannot be the year {year}"),
    "bad_id": ("mã “{id}” chỉ được gồm a-z, 0-9 và dấu -", "the id “{id}” may hold a-z, 0-9 and - only"),
    "bad_rule": ("tên quy tắc “{rule}” chỉ được gồm chữ không dấu, số, dấu - và .", "the rule “{rule}” may hold plain letters, digits, - and ."),
    "level_differs": ("level = “{level}” không phải cấp của địa bàn ban hành “{place}”", "level = “{level}” is not that of the issuing place “{place}”"),
    "bad_period": ("giai đoạn {first}-{last} kết thúc trước khi bắt đầu", "the period {first}-{last} ends before it begins"),
    "twice": ("mã “{id}” dùng {count} lần", "the id “{id}” is used {count} times"),
    "not_one_of": ("“{key}” không có giá trị “{value}”; chọn: {known}", "“{key}” cannot be “{value}”; choose: {known}"),
    "unknown_place": ("địa bàn “{place}” không có trong [[places]]", "the place “{place}” is not in [[places]]"),
    "out_of_range": ("{found} không trong khoảng {least}–{most}", "{found} is not between {least} and {most}"),
    "number_twice": ("{found} nêu {count} lần", "{found} is given {count} times"),
    "circle": ("địa bàn “{place}” nằm trong chính nó", "the place “{place}” lies in itself"),
    "low_parent": ("địa bàn “{place}” thuộc “{parent}” không ở cấp cao hơn", "the place “{place}” is in “{parent}”, which is of no higher level"),
    "unknown_unit": ("đơn vị “{unit}” không có trong [[units]]", "the unit “{unit}” is not in [[units]]"),
    "nobody": ("không có UBND cấp {level} nào cho “{place}”", "there is no {level} committee for “{place}”"),
    "unreadable_phrase": ("không đọc được “{words}” trong thời hạn “{text}”", "cannot read “{words}” in the deadline “{text}”"),
    "unreadable_number": ("không đọc được số “{text}”; viết như 1.511.461,13", "cannot read the number “{text}”; write it like 1.511.461,13"),
    "one_of_many": ("“{key}” không đi cùng “names”: đó là nhiều địa bàn", "“{key}” does not go with “names”: those are several places"),
    "unknown_list": ("không có danh sách “{list}” trong [[targets]]; có: {known}", "there is no list “{list}” in [[targets]]; there are: {known}"),
    "unreadable_amount": ("không đọc được số tiền “{text}”; viết như amount = \"597,443\" với unit = \"tỷ đồng\"", "cannot read the amount “{text}”; write it like amount = \"597,443\" with unit = \"tỷ đồng\""),
    "no_day_of_year": ("“{text}” không phải một ngày của năm; viết như “31/01”", "“{text}” is no day of the year; write it like “31/01”"),
    "unreadable_sum": ("không đọc được số tiền “{text}”; viết như “1,5 tỷ”", "cannot read the amount “{text}”; write it like “1,5 tỷ”"),
    "check_needs": ("quy tắc loại {check} phải có {key}", "a rule of kind {check} needs {key}"),
    "two_units": ("khoản “{id}” tính bằng {unit}, phần của nó “{part}” tính bằng {other}", "the sum “{id}” is in {unit}, its part “{part}” in {other}"),
    "unknown_sum": ("không có khoản “{id}” trong [[money]]", "there is no sum “{id}” in [[money]]"),
    "sum_of_itself": ("khoản “{id}” là phần của chính nó", "the sum “{id}” is a part of itself"),
    "amends_itself": ("kế hoạch không thể sửa đổi hay căn cứ chính nó", "a plan cannot amend or implement itself"),
    "days_out_of_order": ("các ngày nêu riêng không theo thứ tự", "the days given are out of order"),
    "not_from_event": ("“{text}” không tính từ một sự kiện nào, nên không có sự kiện bắt đầu", "“{text}” runs from no event, so nothing starts it"),
    "no_period": ("“{text}” không lặp lại theo tháng, quý, nửa năm, năm, nên không phải báo cáo định kỳ", "“{text}” does not come back by month, quarter, half-year or year, so it is no periodic report"),
    "unknown_rule": ("không có nhiệm vụ nào theo quy tắc “{rule}”", "no duty has the rule “{rule}”"),
    "wrong_level": ("bộ “{set}” dành cho cấp {level}, không dùng cho “{place}”", "the set “{set}” is for {level} places, not for “{place}”"),
    "no_such_criterion": ("chỉ tiêu “{number}” không thuộc tiêu chí nào của tệp; viết như 17.8, hoặc 5 cho cả tiêu chí 5", "the indicator “{number}” belongs to no criterion of the file; write it like 17.8, or 5 for criterion 5 as a whole"),
    "no_edition": ("bộ “{set}” không có phiên bản cho năm {year}; các phiên bản: {known}", "the set “{set}” has no version for {year}; versions: {known}"),
    "outside_set": ("bộ “{set}” không có tiêu chí số {numbers}", "the set “{set}” has no criterion {numbers}"),
}  # fmt: skip

#: Levels as words, wherever a fault names one.
LEVELS = {
    "province": Word("tỉnh", "province"),
    "district": Word("huyện", "district"),
    "commune": Word("xã", "commune"),
    "village": Word("thôn", "village"),
}


@dataclass(frozen=True)
class Fault:
    """One error: what, at which table and key, and the facts of its sentence."""

    code: str
    table: str = ""
    n: int | None = None
    key: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    #: 0 until somebody looks it up in the text.
    line: int = 0

    @property
    def where(self) -> tuple[str, int | None, str | None]:
        return self.table, self.n, self.key

    def under(self, key: str) -> Fault:
        """The same place, one key further in: `dossier`, then `dossier.year`."""
        inner = f"{self.key}.{key}" if self.key else key
        return Fault(self.code, self.table, self.n, inner, self.facts, self.line)

    def of(self, code: str, **facts: Any) -> Fault:
        """A fault at this place."""
        return Fault(code, self.table, self.n, self.key, facts, self.line)

    def say(self, lang: str) -> str:
        vi, en = FAULTS[self.code]
        facts = {name: shown(fact) for name, fact in self.facts.items()}
        return Sentence(lang).format(en if lang == "en" else vi, **facts)


#: What a sentence shows of a long list and of a long text.
_MOST_SHOWN, _LONGEST_SHOWN = 100, 500


def first(names: Iterable[str]) -> tuple[str, ...]:
    """As many names as a sentence shows, and a sign that there are more."""
    some = tuple(islice(names, _MOST_SHOWN + 1))
    return some if len(some) <= _MOST_SHOWN else (*some[:-1], "…")


def shown(value: object) -> object:
    """A value as a sentence shows it: of a long one its beginning."""
    if isinstance(value, list | tuple) and not isinstance(value, Word):
        return [*map(shown, value)] if len(value) <= _MOST_SHOWN else [*map(shown, first(value))]
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return f"{value[:_LONGEST_SHOWN]}…"
    return value


class FaultyPack(Refused):
    """Every error of a pack at once; `faults` keeps them one by one."""

    vi = "Gói kế hoạch {file} có {count} lỗi:\n{faults}\nSửa rồi thử lại: ntm plan check {file:arg}"
    en = "Errors in the plan pack {file}: {count}\n{faults}\nMend them, then: ntm plan check {file:arg}"


def refusal(file: str, faults: list[Fault]) -> FaultyPack:
    """The faults as one refusal, a line each, in the order of the file."""
    return FaultyPack(file=file, count=len(faults), faults=told_of(faults))


def told_of(faults: list[Fault]) -> Word:
    """The faults, a line each."""
    vi = "\n".join(f"  dòng {fault.line}: {fault.say('vi')}" for fault in faults)
    en = "\n".join(f"  line {fault.line}: {fault.say('en')}" for fault in faults)
    return Word(vi, en)
