"""How a duty stands at the end of a day, in one word and in a sentence. Knows no clock and no event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Protocol

from ntm_workflow.domain.dates import UnreadablePhrase, read_phrase
from ntm_workflow.domain.values import Sentence

STANDINGS = (
    "not_yet",
    "open",
    "due_soon",
    "past_wording",
    "overdue",
    "behind",
    "met",
    "met_late",
    "waived",
    "ended",
    "suspended",
    "undated",
    "undetermined",
)
#: How many days before `act_by` a duty is shown as due soon.
SOON = timedelta(days=14)


class Dated(Protocol):
    """The columns of an obligation that `standing` needs; a row has them, and so may a test."""

    @property
    def strength(self) -> str: ...
    @property
    def window_start(self) -> date | None: ...
    @property
    def strict_day(self) -> date | None: ...
    @property
    def nominal_day(self) -> date | None: ...
    @property
    def act_by(self) -> date | None: ...
    @property
    def enforce_day(self) -> date | None: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def missed_on(self) -> date | None: ...
    @property
    def waived_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def suspended_on(self) -> date | None: ...
    @property
    def suspended_until(self) -> date | None: ...
    @property
    def applies(self) -> str | None: ...


class Finished(Protocol):
    @property
    def met_on(self) -> date | None: ...
    @property
    def waived_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def applies(self) -> str | None: ...


def over(row: Finished) -> bool:
    """Whether nothing is left to do about a duty."""
    return bool(row.met_on or row.waived_on or row.ended_on or row.applies == "no")


def standing(row: Dated, day: date) -> str:
    """How a duty stands at the end of `day`: one of `STANDINGS`. Knows no clock."""
    if row.met_on:
        return "met_late" if after(row.met_on, row.last_day) else "met"
    if row.waived_on:
        return "waived"
    if row.ended_on or row.applies == "no":
        return "ended"
    if row.suspended_on and not after(day, row.suspended_until) and row.suspended_on <= day:
        return "suspended"
    if row.strict_day is None or row.enforce_day is None:
        return "undated"
    if day > row.strict_day:
        return _past(row, day)
    if row.window_start and day < row.window_start:
        return "not_yet"
    return "due_soon" if row.act_by and day >= row.act_by - SOON else "open"


def _past(row: Dated, day: date) -> str:
    """After the wording's day: overdue only for `must`, and only once a closing has said so."""
    if row.applies == "unknown" and row.strength in ("must", "strive"):
        return "undetermined"
    if row.strength == "must":
        # A miss of an earlier deadline says nothing of the present one.
        missed = row.missed_on and after(row.missed_on, row.last_day)
        return "overdue" if missed else "past_wording"
    if row.strength == "strive":
        return "behind" if after(day, row.last_day) else "past_wording"
    return "open"


def verdicts(row: Dated, day: date) -> dict[str, str]:
    """How the duty stands by each reading of its words: with the `strict` day, and the `nominal` one.

    What an office has decided, and what closings have found, is `standing`; this is what somebody
    says who reads the clause one way or the other.
    """
    days = {"strict": row.strict_day, "nominal": row.nominal_day}
    return {name: _verdict(row, day, last) for name, last in days.items()}


def _verdict(row: Dated, day: date, last: date | None) -> str:
    if row.met_on:
        return "met_late" if after(row.met_on, last) else "met"
    now = standing(row, day)
    if now in ("waived", "ended", "suspended", "undated", "undetermined", "not_yet"):
        return now
    if after(day, last):
        return {"must": "overdue", "strive": "behind"}.get(row.strength, "open")
    return now if now == "due_soon" else "open"


def after(day: date, last: date | None) -> bool:
    """Without a last day nothing comes after it."""
    return last is not None and day > last


#: Standing -> why, in both languages; `#{met}` and the like are the entries that say so.
_WHY: Final[dict[str, tuple[str, str]]] = {
    "not_yet": (
        "Kỳ thực hiện bắt đầu từ ngày {window_start}.",
        "Its period opens on {window_start}.",
    ),
    "open": (
        "Còn trong hạn: ngày làm việc cuối cùng còn kịp là {act_by}.",
        "Within its time: the last working day for it is {act_by}.",
    ),
    "due_soon": (
        "Sắp đến hạn: ngày làm việc cuối cùng còn kịp là {act_by}.",
        "Due soon: the last working day for it is {act_by}.",
    ),
    "not_binding": (
        "Đã qua ngày {strict_day}; câu chữ không bắt buộc nên không tính là quá hạn.",
        "{strict_day} has passed; the words do not bind, so it is not overdue.",
    ),
    "past_wording": (
        "Đã qua ngày {strict_day} theo câu chữ; hạn chốt là hết ngày {last_day}, chưa có lần chốt nào ghi là chưa hoàn thành.",
        "{strict_day}, the day of the wording, has passed; it is enforced after {last_day}, and no closing has found it missed.",
    ),
    "overdue": (
        "Hết ngày {last_day} sổ chưa có việc hoàn thành; lần chốt #{missed} ghi quá hạn từ ngày {missed_on}.",
        "By the end of {last_day} the journal had no completion; closing #{missed} found it missed from {missed_on}.",
    ),
    "behind": (
        "Đã qua ngày {last_day}; đây là mốc phấn đấu nên không tính là quá hạn.",
        "{last_day} has passed; it is a mark to strive for, so it is not overdue.",
    ),
    "met": (
        "Hoàn thành ngày {met_on} (lần ghi #{met}); hạn chốt là hết ngày {last_day}.",
        "Done on {met_on} (entry #{met}); it was due by the end of {last_day}.",
    ),
    "met_late": (
        "Hoàn thành ngày {met_on} (lần ghi #{met}), sau hạn chốt là hết ngày {last_day}.",
        "Done on {met_on} (entry #{met}), after the end of {last_day}, when it was due.",
    ),
    "waived": (
        "Được miễn từ ngày {waived_on} (lần ghi #{waived}).",
        "Waived since {waived_on} (entry #{waived}).",
    ),
    "ended": (
        "Kế hoạch sửa đổi không còn nhiệm vụ này từ ngày {ended_on} (lần ghi #{ended}).",
        "The amended plan has not held this duty since {ended_on} (entry #{ended}).",
    ),
    "joined": (
        "Địa bàn đã nhập làm một, phần còn lại là của nhiệm vụ {joined_to}, từ ngày {ended_on} (lần ghi #{ended}).",
        "Its place became part of another; what is left is left of {joined_to}, since {ended_on} (entry #{ended}).",
    ),
    "suspended": (
        "Tạm dừng từ ngày {suspended_on} (lần ghi #{suspended}), đến hết ngày: {suspended_until}.",
        "Suspended since {suspended_on} (entry #{suspended}), to the end of: {suspended_until}.",
    ),
    "undated": (
        "Câu chữ không nêu thời hạn, nên không bao giờ quá hạn.",
        "The words set no day, so it is never overdue.",
    ),
    "undetermined": (
        "Chưa ai xác định điều kiện của điều khoản có xảy ra hay không, nên chưa biết có phải thực hiện.",
        "Nobody has settled whether the clause's condition holds, so it is not known to be owed.",
    ),
    "not_owed": (
        "Điều kiện của điều khoản không xảy ra (lần ghi #{applies}), nên không phải thực hiện.",
        "The clause's condition does not hold (entry #{applies}), so nothing is owed.",
    ),
    "overturned": (
        "Lần chốt #{missed} đã ghi quá hạn, nhưng theo lần ghi #{overturned} thì khi đó không quá hạn.",
        "Closing #{missed} had found it missed, but by entry #{overturned} it was not.",
    ),
    "missed_before": (
        "Trước đó lần chốt #{missed} đã ghi quá hạn từ ngày {missed_on}; việc đó vẫn giữ nguyên.",
        "Before that, closing #{missed} found it missed from {missed_on}, and that stays.",
    ),
}


_SHOWN: Final = (
    *("window_start", "strict_day", "act_by", "last_day"),
    *("met_on", "missed_on", "waived_on", "ended_on", "suspended_on", "suspended_until"),
)


#: What an entry may say that a standing rests on.
_SAY_SO: Final = ("met", "missed", "waived", "ended", "suspended", "applies")


class Awaiting(Protocol):
    """A duty whose period runs from an event, as far as a sentence about that needs it."""

    @property
    def id(self) -> str: ...
    @property
    def expression(self) -> str: ...
    @property
    def event_on(self) -> date | None: ...
    @property
    def starts_from(self) -> str | None: ...


class Explained(Dated, Awaiting, Protocol):
    @property
    def miss_overturned_by(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def joined_to(self) -> str | None: ...


def explain(row: Explained, day: date, entries: Mapping[str, int], lang: str) -> str:
    """Why `row` stands as it does at the end of `day`, as sentences in `lang`.

    `entries` are the entries that say so, by what they say: one of `_SAY_SO`.
    """
    said = standing(row, day)
    past = row.strict_day is not None and day > row.strict_day
    keys = [_why(row, said, past=past)]
    if said == "undated" and row.kind == "event":
        return awaited(row, lang)
    if row.missed_on and said != "overdue":
        keys.append("overturned" if row.miss_overturned_by else "missed_before")
    facts = {name: getattr(row, name) for name in _SHOWN}
    facts["joined_to"] = row.joined_to
    known = dict.fromkeys(_SAY_SO) | dict(entries)
    fill = Sentence(lang).format
    told = [_WHY[key][lang == "en"] for key in keys]
    return " ".join(fill(t, overturned=row.miss_overturned_by, **facts, **known) for t in told)


def _why(row: Explained, said: str, *, past: bool) -> str:
    """The sentence for how a duty stands: a few standings have two."""
    if _not_owed(row):
        return "not_owed"
    if said == "ended" and row.joined_to:
        return "joined"
    return "not_binding" if said == "open" and past else said


#: What happens to a duty without a day whose period runs from an event, in both languages.
_AWAITED: Final[dict[str, tuple[str, str]]] = {
    "nobody_has": (
        "Thời hạn tính từ một sự kiện chưa ai ghi vào sổ, nên chưa có ngày để quá hạn.",
        "Its time runs from an event that nobody has recorded, so there is no day yet to be overdue.",
    ),
    "no_length": (
        "Câu chữ không nêu bao lâu sau sự kiện, nên ghi sự kiện cũng chưa ra hạn.",
        "The words do not say how long after the event, so recording it gives no day either.",
    ),
    "happened": (
        "Sự kiện đã xảy ra ngày {event_on}, nhưng câu chữ không nêu bao lâu sau đó, nên không có hạn.",
        "The event happened on {event_on}, but the words do not say how long after it, so no day follows.",
    ),
    "fund_allocated": (
        "Hạn được tính cho từng mục khi ghi giao vốn: ntm fund allocate …",
        "A day follows for each item when money for it is recorded: ntm fund allocate …",
    ),
    "place_merged": (
        "Hạn được tính khi ghi sáp nhập: ntm place merge …",
        "A day follows when the merger is recorded: ntm place merge …",
    ),
    "told": (
        "Khi sự kiện xảy ra, ghi: ntm obligation start {id:arg} --on …",
        "When it happens, record it: ntm obligation start {id:arg} --on …",
    ),
}


def awaited(row: Awaiting, lang: str) -> str:
    """Why a duty that runs from an event has no day, and what gives it one."""
    if row.event_on:
        keys = ["happened"]
    else:
        keys = [
            "nobody_has",
            (row.starts_from or "told") if has_length(row.expression) else "no_length",
        ]
    facts = {"event_on": row.event_on, "id": row.id.removeprefix("obligation/")}
    return " ".join(Sentence(lang).format(_AWAITED[key][lang == "en"], **facts) for key in keys)


def has_length(expression: str) -> bool:
    """Whether the words say how long after an event a duty is due."""
    try:
        said = read_phrase(expression).relative
    except UnreadablePhrase:
        return False
    return said is not None and said.n is not None


def _not_owed(row: Dated) -> bool:
    done = row.met_on or row.waived_on or row.ended_on
    return row.applies == "no" and not done
