"""What a plan decides about its reminders: read from its pack, kept by default, and told in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec import structs
from sample_pack import SOUND

from ntm_workflow.domain.plan import Reminders, Settings
from ntm_workflow.plans.pack import read
from ntm_workflow.plans.settings import REMINDER_NUMBERS, RUNGS, said

DOCS = Path(__file__).parents[1] / "docs"

BY_DEFAULT = Reminders()
IN_WORDS = {
    BY_DEFAULT: "nhắc việc: trước hạn 30, 14, 7, 3, 1 ngày và trong ngày cuối; quá hạn: hỏi nơi nhận, sau 2 ngày làm việc báo đơn vị, rồi 7 ngày một lần; báo lên theo tuyến của kế hoạch, mỗi cấp sau 2 ngày làm việc; tạm ngừng nhắc nhiều nhất 14 ngày, hoãn báo lên khi có ý kiến khác nhiều nhất 30 ngày",
    Reminders(rungs=(5, 10), confirm_days=3, after_days=14): "nhắc việc: trước hạn 10, 5 ngày; quá hạn: hỏi nơi nhận, sau 3 ngày làm việc báo đơn vị, rồi 14 ngày một lần",
    Reminders(rungs=(0,), climbs="none"): "nhắc việc: chỉ trong ngày cuối; quá hạn: hỏi nơi nhận, sau 2 ngày làm việc báo đơn vị, rồi 7 ngày một lần; không báo lên",
    Reminders(rungs=()): "nhắc việc: không nhắc trước hạn; quá hạn",
}  # fmt: skip


@pytest.mark.parametrize("reminders", IN_WORDS, ids=lambda said: f"rungs {said.rungs}")
def test_reminders_are_told_in_words_as_they_are_set(reminders: Reminders) -> None:
    decided = Settings(reminders=reminders, flagged=())
    assert said(decided, "vi")[-1].startswith(IN_WORDS[reminders])
    english = said(decided, "en")[-1]
    assert english.startswith("reminders: ")
    assert not set("{}đ") & set(english)


def test_a_plan_says_of_its_reminders_what_an_office_decided_and_keeps_the_rest() -> None:
    decided = 'settings = { reminders = { rungs = [20, 5, 0], climbs = "none" }, flagged = [] }'
    pack = read(SOUND.replace("[[places]]", f"{decided}\n\n[[places]]", 1).encode(), "mau.toml")
    assert pack.settings.reminders == Reminders(rungs=(20, 5, 0), climbs="none")
    bounds = 'settings = { reminders = { rungs = [366, 0], confirm_days = 0, climb_days = 0, after_days = 60 } }'  # fmt: skip
    pack = read(SOUND.replace("[[places]]", f"{bounds}\n\n[[places]]", 1).encode(), "mau.toml")
    assert pack.settings.reminders.rungs == (366, 0)
    assert "reminders" in pack.settings.flagged


@pytest.mark.parametrize("guide", ["plans.md", "plans.vi.md"])
def test_the_guides_give_each_setting_with_its_limits_and_its_default(guide: str) -> None:
    text = (DOCS / guide).read_text("utf-8")
    found = re.findall(r"^\| `(\w+)` \| .* \| (?:(\d+)–(\d+))? *\| `?(.*?)`? \|$", text, re.M)
    rows = {name: (least, most, default) for name, least, most, default in found}
    limits = {**REMINDER_NUMBERS, "rungs": RUNGS}
    for name, value in structs.asdict(Reminders()).items():
        default = str([*value]) if name == "rungs" else str(value)
        assert rows[name] == (*map(str, limits.get(name, ("", ""))), default)
