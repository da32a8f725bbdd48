"""Sample facts of a report with something in every list: what an office's template is tried with. None of it is real."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from ntm_workflow.domain.score import Card, Tally

_UNIT: Final = {"id": "ubnd-mau", "name": "UBND xã Mẫu"}
_PLACE: Final = {"id": "mau", "name": "xã Mẫu"}
_DAY: Final = date(2024, 10, 30)
_SUMS: Final = {"items": 1, "allocated": 10**9, "disbursed": 5 * 10**8, "disbursed_in_period": 10**8, "rate": 0.5}  # fmt: skip
_ITEM: Final = {
    "id": "D000/mau",
    "owed_by": _UNIT,
    "owed_to": _UNIT,
    "place": _PLACE,
    "reporting_period": None,
    "last_day": _DAY,
    "met_on": _DAY,
    "standing": "met",
    "cause": "nguyên nhân mẫu",
    "proposal": "kiến nghị mẫu",
}
_GROUP: Final = {
    "title": "Nhiệm vụ mẫu",
    "plan": "ke-hoach-mau",
    "clause": "I.1",
    "first_day": _DAY,
    "last_day": _DAY,
    "count": 1,
    "items": [_ITEM],
}
_STATES: Final = {"achieved": 1, "not_achieved": 1, "unknown": 1, "conflicting": 0}
_CARD: Final = Card("ubnd-mau", Tally(on_time=1, recorded_late=1), Tally(), {})

SAMPLE: Final[dict[str, Any]] = {
    "unit": _UNIT,
    "role": "ubnd",
    "place": _PLACE,
    "seat": "Mẫu",
    "above": None,
    "period": "2024-10",
    "kind": "month",
    "from": date(2024, 10, 1),
    "until": date(2024, 10, 31),
    "next_period": "2024-11",
    "plans": [{"id": "ke-hoach-mau", "title": "Kế hoạch mẫu", "number": "1/KH-UBND", "issuer": "UBND xã Mẫu", "issued_on": date(2024, 1, 2)}],
    "recipients": ["Nơi nhận mẫu"],
    "position": 1,
    "recorded_at": datetime(2024, 11, 5, 2, tzinfo=UTC),
    "closed_until": date(2024, 10, 31),
    "criteria": [
        {
            "set": "xa-ntm",
            "version": "2021-2025",
            "decision": "Quyết định mẫu",
            "asked_of": 4,
            "numbers": [{"number": 1, "name": "Tiêu chí mẫu", **_STATES}],
            "places": [
                {"place": _PLACE, "of": 4, "achieved": [1], "not_achieved": [2], "unknown": [3],
                 "conflicting": [4], "newly": [1], "lapsed": [2]},
                {"place": _PLACE, "of": 4, "achieved": [1], "not_achieved": [2], "unknown": [3],
                 "conflicting": [4], "newly": [1], "lapsed": [2]},
            ],
        }
    ],
    "met": [_GROUP],
    "missed": [_GROUP],
    "aside": [_GROUP],
    "kinds": {"found": 1, "waiting": 0, "strive": 0},
    "next": [_GROUP],
    "parts": [
        {"place": _PLACE, "met": 1, "missed": 1, "next": 1, "allocated": 10**9, "disbursed": 10**8, "report": "missing"}
    ],
    "money": {"rows": [{"year": 2024, "source": "provincial", **_SUMS}], "total": _SUMS},
    "dossiers": [{"standard": "xa-ntm", "year": 2024, "stage": "registered", "count": 1, "places": [_PLACE]}],
    "cards": {per: [("UBND xã Mẫu", _CARD)] for per in ("unit", "place", "department")},
    "noted": [{"title": "Nhiệm vụ mẫu", **_ITEM}],
}  # fmt: skip
