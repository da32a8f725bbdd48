"""Every transition of a dossier, legal and illegal, in one table.

A step is legal exactly where the table has it: for the stage the dossier is in and the place of its desk
on the road (`home`, `between`, `last`). Knows no event and no state.
"""

from __future__ import annotations

from typing import Final

from ntm_workflow.domain.values import Word

#: Stages, in the order of the road; from rejected and withdrawn a dossier may begin again.
STAGES: Final = (
    *("registered", "striving", "open", "submitted", "verified", "appraised"),
    *("returned", "recognised", "announced", "rejected", "withdrawn", "closed"),
)
POSITIONS: Final = ("home", "between", "last")
ACTS: Final = (
    *("open", "submit", "verify", "forward", "return", "appraise"),
    *("recognise", "reject", "announce", "withdraw", "close"),
)

#: How a dossier under way may end wherever it lies.
_ENDS = {"withdraw": "withdrawn", "close": "closed"}
_AT_HOME = {"open": "open", "submit": "submitted", **_ENDS}
#: (stage, position) -> act -> the stage after it. What is not here is refused.
STEPS: Final[dict[tuple[str, str], dict[str, str]]] = {
    ("registered", "home"): _AT_HOME,
    ("striving", "home"): _AT_HOME,
    ("open", "home"): {"submit": "submitted", **_ENDS},
    ("submitted", "between"): {
        "verify": "verified",
        "return": "returned",
        **_ENDS,
    },
    ("verified", "between"): {
        "forward": "submitted",
        "return": "returned",
        **_ENDS,
    },
    ("submitted", "last"): {
        # Once every criterion is appraised as met; until then it stays where it is.
        "appraise": "appraised",
        "return": "returned",
        "reject": "rejected",
        **_ENDS,
    },
    ("appraised", "last"): {
        "appraise": "appraised",
        "recognise": "recognised",
        "return": "returned",
        "reject": "rejected",
        **_ENDS,
    },
    ("returned", "home"): {"submit": "submitted", **_ENDS},
    ("returned", "between"): {
        "verify": "verified",
        "forward": "submitted",
        "return": "returned",
        **_ENDS,
    },
    ("recognised", "last"): {"announce": "announced"},
    ("rejected", "home"): {"open": "open"},
    ("withdrawn", "home"): {"open": "open"},
}


STAGE_WORDS: Final = {
    "registered": Word("đã đăng ký", "registered"),
    "striving": Word("phấn đấu", "striving"),
    "open": Word("đang lập hồ sơ", "being prepared"),
    "submitted": Word("đã trình, chờ xem xét", "handed up"),
    "verified": Word("đã thẩm tra", "verified"),
    "appraised": Word("đã thẩm định", "appraised"),
    "returned": Word("bị trả lại", "returned"),
    "recognised": Word("đã công nhận", "recognised"),
    "announced": Word("đã công bố", "announced"),
    "rejected": Word("không được công nhận", "not recognised"),
    "withdrawn": Word("đã rút", "withdrawn"),
    "closed": Word("đã khép lại do địa bàn thay đổi", "closed as its place changed"),
}
ACT_WORDS: Final = {
    "open": Word("lập hồ sơ", "open"),
    "submit": Word("trình", "submit"),
    "verify": Word("thẩm tra", "verify"),
    "forward": Word("trình tiếp", "forward"),
    "return": Word("trả lại", "return"),
    "appraise": Word("thẩm định", "appraise"),
    "recognise": Word("công nhận", "recognise"),
    "reject": Word("không công nhận", "reject"),
    "announce": Word("công bố", "announce"),
    "withdraw": Word("rút hồ sơ", "withdraw"),
    "close": Word("khép lại", "close"),
}


def after(stage: str, position: str, act: str) -> str | None:
    """The stage an act leads to; None where it is out of order."""
    return STEPS.get((stage, position), {}).get(act)


def settled(stage: str, position: str) -> str:
    """The stage of a dossier that a paper puts elsewhere on its road: one that can go on from there."""
    if (stage, position) in STEPS:
        return stage
    return "open" if position == "home" else "submitted"


def allowed(stage: str, position: str) -> tuple[str, ...]:
    """The acts of desks and places that are in order, in the order of the road.

    What closes a dossier is a decision about its place, and no step of its road.
    """
    found = STEPS.get((stage, position), {})
    return tuple(act for act in ACTS if act in found and act != "close")
