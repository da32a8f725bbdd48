"""What `ntm plan check` finds: each contradiction with its clauses, and nothing once it is mended."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import ntm

from ntm_workflow.plans.alike import alike
from ntm_workflow.plans.calendar import bundled_calendar
from ntm_workflow.plans.finding import FINDINGS
from ntm_workflow.plans.findings import Finding, findings
from ntm_workflow.plans.pack import read

#: A plan with nothing to find in it.
CALM = """
id = "ke-hoach-mau"
title = "Kế hoạch mẫu"
issuer = "UBND huyện Mẫu"
level = "district"
place = "mau"
period = [2024, 2025]
number = "12/KH-UBND"
issued_on = 2024-01-15
settings = { flagged = [] }

[[places]]
id = "mau"
name = "Mẫu"
type = "huyen"

[[places]]
names = ["An Mẫu", "Bình Mẫu"]
type = "xa"
parent = "mau"

[[units]]
id = "phong-mau"
name = "Phòng Nông nghiệp huyện Mẫu"
role = "phong"
place = "mau"

[defaults.obligations]
strength = "must"
owed_by = "@commune"
places = ["an-mau-mau"]

[defaults.targets]
places = ["an-mau-mau"]
aim = "target"

[defaults.goals]
place = "mau"
what = "xa-ntm"
unit = "xã"

[defaults.money]
unit = "tỷ đồng"

[defaults.criteria]
place = "an-mau-mau"
set = "xa-ntm"
assessment_year = 2023

[defaults.criteria_targets]
place = "an-mau-mau"
set = "xa-ntm"
year = 2024
"""

ALL = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]"
EIGHTEEN = ALL.replace(", 19", "")
LED = '[[leads]]\nunit = "phong-mau"\nset = "xa-ntm"\nclause = "III"\n'


def row(table: str, clause: str, **keys: str) -> str:
    """A table of a pack; a value stands as TOML writes it."""
    pairs = "".join(f"{key.rstrip('_')} = {value}\n" for key, value in keys.items())
    return f'[[{table}]]\nclause = "{clause}"\n{pairs}'


def duty(rule: str, clause: str, day: str = "", **keys: str) -> str:
    said = {"rule": f'"{rule}"', "title": f'"Việc {rule}"'}
    if day:
        said["expression"] = f'"{day}"'
    return row("obligations", clause, **said | keys)


def dossier(rule: str, clause: str, day: str, to: str = "district", **keys: str) -> str:
    step = f'{{ standard = "xa-ntm", year = 2024, to = "{to}" }}'
    return duty(rule, clause, day, **{"owed_to": f'"@{to}"', "dossier": step} | keys)


def target(clause: str, what: str = "nuoc-sach", **keys: str) -> str:
    return row("targets", clause, **{"what": f'"{what}"', "title": '"Mục tiêu"'} | keys)


def goal(id: str, clause: str, at_least: str, **keys: str) -> str:
    named = {"id": f'"{id}"', "title": '"Số xã"', "at_least": f'"{at_least}"'}
    return row("goals", clause, **named | keys)


def money(id: str, clause: str, amount: str, **keys: str) -> str:
    named = {"id": f'"{id}"', "title": f'"Khoản {id}"', "amount": f'"{amount}"'}
    return row("money", clause, **named | keys)


def table(clause: str, met: str, unmet: str, of: str = "criteria", **keys: str) -> str:
    return row(of, clause, achieved=met, not_achieved=unmet, **keys)


def villages(*names: str, **keys: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    more = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[[places]]\nnames = [{listed}]\ntype = "thon"\nparent = "an-mau-mau"\n{more}'


def village(id: str, name: str) -> str:
    return f'[[places]]\nid = "{id}"\nname = "{name}"\ntype = "thon"\nparent = "an-mau-mau"\n'


def unit(id: str, name: str, role: str = "phong", aliases: str = "[]") -> str:
    named = f'id = "{id}"\nname = "{name}"\nrole = "{role}"'
    return f'[[units]]\n{named}\nplace = "mau"\naliases = {aliases}\n'


def spent(day: str) -> str:
    keys = {"years": "[2024, 2025]", "stop_types": '["work"]', "reallocate_types": '["work"]'}
    return row("money_rules", "IV.7", id='"M"', expression=f'"đến ngày {day} hằng năm"', **keys)


@dataclass(frozen=True)
class Case:
    """A contradiction, the clauses it stands in, what mends it, and a word its sentence must have.

    `spoil` changes the calm plan itself; `beside` is what else such a plan is told.
    """

    code: str
    clause: str | None
    wrong: str
    mend: tuple[str, str]
    word: str = ""
    spoil: tuple[str, str] = ("", "")
    beside: tuple[str, ...] = ()


OPEN = 'places = ["mau"]'
HALVES = {"parts": '["a", "b"]'}
CASES = [
    # --- days
    Case("day_outside", "I.1", duty("R1", "I.1", "trước ngày 30/10/2015"), ("2015", "2024"), "30/10/2015"),
    Case("from_event", "I.1", duty("R1", "I.1", "trong vòng 30 ngày kể từ ngày ký"), ("trong vòng 30 ngày kể từ ngày ký", "năm 2024"), "tính từ một sự kiện"),
    # --- tables and lists
    Case("both_sides", "I.1", table("I.1", ALL, "[5]"), ("[5]", "[]"), "tiêu chí 5", beside=("led_by_nobody",)),
    Case("total_differs", "I.1", table("I.1", ALL, "[]", stated_total="18"), ("18\n", "19\n"), "tổng 18, đếm được 19"),
    Case("on_neither_side", "I.1", table("I.1", EIGHTEEN, "[]"), ("[]", "[19]"), "19"),
    Case("tables_disagree", "I.2, I.10", table("I.10", ALL, "[]") + table("I.2", EIGHTEEN, "[19]"), ('"I.2"', '"I.2"\nassessment_year = 2022'), "19", beside=("led_by_nobody",)),
    Case("led_by_nobody", "I.1", table("I.1", EIGHTEEN, "[19]") + "#", ("#", LED), "19 (An Mẫu)"),
    Case("led_by_nobody", "I.1", table("I.1", EIGHTEEN, "[19]") + LED + 'fields = ["y tế"]', ("fields", "numbers = [19]\nfields"), "19"),
    Case("led_by_nobody", "I.1", table("I.1", EIGHTEEN, "[19]") + LED.replace("phong-mau", "ubnd-binh-mau-mau"), ("ubnd-binh", "ubnd-an"), "An Mẫu"),
    Case("target_below_result", "I.1, II.1", table("I.1", ALL, "[]") + table("II.1", EIGHTEEN, "[19]", "criteria_targets"), ("18]", "18, 19]"), "19"),
    Case("count_differs", "II.2", villages("Đông", "Tây") + target("II.2", track='"new"', value='"3"', places='["mau"]') + target("II.2", track='"new"', places='["dong-an-mau-mau", "tay-an-mau-mau"]'), ('"3"', '"2"'), "ghi 3, đếm được 2"),
    Case("list_differs", "II.2", target("II.2", stated_count="2"), ("= 2\n", "= 1\n"), "2 địa bàn, liệt kê 1"),
    Case("named_twice", "II.2", target("II.2", places='["an-mau-mau", "an-mau-mau"]'), ('["an-mau-mau", ', "["), "An Mẫu"),
    Case("two_figures", "I.2, II.2", target("II.2", threshold='"95"') + target("I.2", threshold='"90,5"'), ('"90,5"', '"95,0"'), "90,5 (I.2)"),
    Case("two_figures", "I.2, II.2", target("II.2", value='"95"') + target("I.2", value='"90"'), ("I.2", "I.2\"\nabout_year = 2023#"), "90 (I.2)"),
    Case("two_verdicts", "I.2, II.2", target("II.2", aim='"result"', verdict='"achieved"') + target("I.2", aim='"result"', verdict='"not_achieved"'), ("not_achieved", "achieved")),
    # --- goals
    Case("goal_not_sum", "II.1", goal("g", "II.1", "154", new="42", kept="113"), ("113", "112"), "155"),
    Case("goal_not_sum", "II.1", goal("g", "II.1", "8", at_most='"9"', new="4", kept="6"), ("kept = 6", "kept = 5"), "10", beside=("range",)),
    Case("goal_above_list", "II.1, II.10", goal("g", "II.1", "3", new="2", lists='["d"]') + target("II.10", "xa-ntm", id='"d"'), ("new = 2", "new = 1"), "mục tiêu 2, các danh sách chỉ nêu 1"),
    Case("goal_below_list", "II.1, II.2", goal("g", "II.1", "1", lists='["d"]') + target("II.2", "xa-ntm", id='"d"', places='["an-mau-mau", "binh-mau-mau"]'), ('at_least = "1"', 'at_least = "2"'), "nêu tới 2"),
    Case("goals_differ", "II.1, III.8", goal("g", "II.1", "5") + goal("h", "III.8", "4"), ('"4"', '"5"'), "5 (II.1), 4 (III.8)"),
    Case("percent_differs", "II.1", goal("g", "II.1", "2", percent='"30"', of="6"), ('"30"', '"33,3"'), "2/6 là 33,3%"),
    Case("percent_rounded", "II.1", goal("g", "II.1", "154", percent='"80"', of="193"), ('"154"', '"155"'), "154/193 là 79,8%"),
    Case("percent_of_nothing", "II.1", goal("g", "II.1", "2", percent='"40"'), ('"40"', '"40"\nof = 5'), "40%"),
    Case("average_differs", "II.1", goal("g", "II.1", "200", per_place='"1"', of="193"), ("193", "200"), "193"),
    Case("range", "II.1", goal("g", "II.1", "8", at_most='"9"'), ("at_most", "#"), "8-9"),
    Case("range_backwards", "II.1", goal("g", "II.1", "9", at_most='"8"'), ("at_most", "#"), "9-8"),
    # --- money
    Case("parts_differ", "III.1, III.2, III.3", money("t", "III.1", "3", **HALVES) + money("a", "III.2", "1,5") + money("b", "III.3", "1,25"), ("1,25", "1,5"), "2,75 tỷ đồng"),
    Case("share_differs", "III.1, III.2", money("t", "III.1", "3", **HALVES) + money("a", "III.2", "1", share='"33,4"') + money("b", "III.3", "2"), ("33,4", "33,3"), "33,3% của Khoản t"),
    Case("shares_differ", "III.1, III.2, III.3", money("t", "III.1", "3", **HALVES) + money("a", "III.2", "1", share='"33,3"') + money("b", "III.3", "2", share='"66,1"'), ("66,1", "66,7"), "99,4%", beside=("share_differs",)),
    Case("share_of_nothing", "III.1", money("t", "III.1", "3", share='"55,3"'), ("share", "#"), "55,3%"),
    # --- places
    Case("spelt_otherwise", "I.4, II.2", target("II.2") + target("I.4", also='["Ân Mẫu"]'), ("also", "#"), "Ân Mẫu"),
    Case("near_names", None, villages("Kim Đoài", "Kim Đoàn"), ("Kim Đoàn", "Kim Sơn"), "“Kim Đoài” và “Kim Đoàn”, cùng thuộc An Mẫu"),
    Case("near_names", "I.1, II.1", village("a", "Tỉnh Thủy") + village("b", "Tinh Thủy") + target("II.1", places='["b"]') + target("I.1", places='["a"]'), ("Tinh", "Sơn"), "Tỉnh Thủy"),
    Case("one_name_two_places", "I.1", '[[places]]\nid = "x"\nname = "An Mẫu"\ntype = "xa"\n' + target("I.1", places='["x"]'), ('name = "An Mẫu"', 'name = "Xa Mẫu"'), "x"),
    Case("two_target_years", "I.3, II.1", target("II.1", target_year="2024") + target("I.3", target_year="2025"), ("2024\n", "2025\n"), "2024, 2025"),
    Case("two_target_years", "I.1, II.1", target("II.1", "xa-ntm", target_year="2024") + table("I.1", ALL, "[]", target_year="2025"), ("target_year = 2024", "target_year = 2025")),
    Case("two_target_years", "I.1, II.1", goal("g", "II.1", "2", target_year="2024") + goal("h", "I.1", "2", target_year="2025"), ("target_year = 2024", "target_year = 2025")),
    Case("words_differ", "I.3, II.1", target("II.1", words='"2 lĩnh vực"') + target("I.3", words='"3 lĩnh vực"'), ('"3', '"2')),
    Case("year_outside", "II.1", target("II.1", target_year="2026"), ("2026", "2025"), "2026"),
    Case("two_rungs", "II.1, II.3", target("II.3", "xa-kieu-mau", target_year="2025") + target("II.1", "xa-nang-cao", target_year="2025"), ('"xa-nang-cao"', '"xa-nang-cao"\ncommitment = "keeping"'), "cùng năm 2025"),
    Case("rung_too_early", "II.1, II.3", target("II.3", "xa-nang-cao", target_year="2024") + target("II.1", "xa-ntm", target_year="2025"), ("2025\n", "2025\naim = \"result\"\nverdict = \"achieved\"\n"), "sớm hơn xã NTM (năm 2025)"),
    Case("dossier_other_year", "II.1, IV.1", target("II.1", "xa-ntm", target_year="2025") + dossier("R1", "IV.1", "trước ngày 30/10/2024"), ("target_year = 2025", "target_year = 2024"), "hồ sơ xã NTM năm 2024"),
    Case("parent_unverified", None, villages("Đông", parent_source='"unverified"'), ("unverified", "Quyết định 1"), "Đông"),
    # --- a duty by itself
    Case("no_day", "II.1", duty("R1", "II.1", title='"Lập đề án"'), ("title", 'expression = "năm 2024"\ntitle'), "R1: không nêu thời hạn: Lập đề án"),
    Case("recurs_without_day", "II.1", duty("R1", "II.1", "định kỳ"), ("định kỳ", "trước ngày 15/11/2024"), "cũng không nêu bao lâu một lần"),
    Case("recurs_without_day", "II.1", duty("R1", "II.1", "định kỳ hằng tháng"), ('["report_day"]', "[]"), "đang lấy ngày cuối của tháng", ("[]", '["report_day"]'), beside=("undecided",)),
    Case("recurs_without_day", "II.1", duty("R1", "II.1", "hằng quý"), ("title", 'report_day = { value = 14, authority = "CV 12/UBND" }\ntitle'), "R1", ("[]", '["report_day"]'), beside=("undecided",)),
    Case("owner_inferred", "II.1", duty("R1", "II.1", "năm 2024", owner_from='"cơ quan ban hành"'), ("owner_from", "#"), "cơ quan ban hành"),
    Case("owner_is_group", "II.1", unit("cac-phong", "Các phòng", "group") + duty("R1", "II.1", "năm 2024", owed_by='"cac-phong"'), ("owed_by", "#"), "Các phòng"),
    Case("days_given", "II.1", duty("R1", "II.1", "năm 2024", days='{ window_start = 2024-03-01, reason = "xem I.2" }'), ("days", "#"), "xem I.2"),
    Case("day_off", "II.1", duty("R1", "II.1", "trước ngày 20/10/2024"), ("20/10", "21/10"), "20/10/2024"),
    Case("day_off", "II.1", duty("R1", "II.1", "trước ngày 15/11 hằng năm"), ("15/11", "14/11"), "15/11/2025"),
    Case("day_off", "IV.7", spent("30/6"), ("30/6", "24/6"), "30/06/2024"),
    Case("other_day", "II.1", duty("R1", "II.1", "năm 2024", alternative='{ expression = "năm 2025", condition = "nếu chưa đủ" }'), ("alternative", "#"), "nếu chưa đủ"),
    Case("paper_to_nobody", "II.1", duty("R1", "II.1", "năm 2024", paper='"Báo cáo"'), ("paper", 'owed_to = "@district"\npaper'), "Việc R1"),
    Case("no_receiver", "II.1", dossier("R1", "II.1", "năm 2024").replace("owed_to", "#"), ("#", "owed_to"), "Việc R1"),
    # --- duties against one another
    Case("one_act_two_days", "IV.1, IV.5", duty("R1", "IV.5", "trước ngày 30/10/2024", acts='["ho-so"]') + duty("R2", "IV.1", "trước ngày 15/3/2024", acts='["ho-so"]', places='["mau"]', owed_by='"@district"'), ("15/3/2024", "30/10/2024"), "chặt nhất: hết 14/03/2024"),
    Case("one_act_two_days", "IV.1", duty("R1", "IV.1", "trước ngày 30/6/2025", acts='["ho-so"]') + duty("R2", "IV.1", "trước tháng 6/2025", acts='["ho-so"]'), ('"R2"', '"R2"\nplaces = ["binh-mau-mau"]'), "“trước ngày 30/6/2025”, “trước tháng 6/2025”"),
    Case("one_duty_two_days", "I.1, V.1", duty("R1", "I.1", "trước ngày 30/10/2024") + duty("R2", "V.1", "trước ngày 15/11/2024", title='"Việc R1"'), ("15/11", "30/10"), "chặt nhất: hết 29/10/2024"),
    Case("one_duty_two_days", "I.1, V.1", dossier("R1", "I.1", "trước ngày 30/10/2024") + dossier("R2", "V.1", "trước ngày 15/11/2024"), ("15/11", "30/10")),
    Case("one_duty_two_receivers", "I.1, V.1", duty("R1", "I.1", "năm 2024", owed_to='"@district"') + duty("R2", "V.1", "năm 2024", owed_to='"phong-mau"', title='"Việc R1"'), ('"phong-mau"', '"@district"'), "UBND cấp huyện, Phòng Nông nghiệp huyện Mẫu"),
    Case("one_duty_two_receivers", "I.1, V.1", duty("R1", "I.1", "năm 2024", owed_to='"@district"', acts='["bao-cao"]') + duty("R2", "V.1", "năm 2024", owed_to='"phong-mau"', acts='["bao-cao"]'), ('"R2"', '"R2"\nplaces = ["binh-mau-mau"]')),
    Case("steps_out_of_order", "I.1, I.2", duty("R1", "I.1", "trước ngày 30/10/2024") + duty("R2", "I.2", "trước ngày 15/10/2024", after='"R1"', places='["mau"]', owed_by='"@district"'), ("15/10", "15/11"), "hiểu cách nào cũng vậy"),
    Case("steps_may_cross", "I.1, I.2", duty("R1", "I.1", "trước tháng 6/2025") + duty("R2", "I.2", "trước ngày 30/6/2025", needs='["R1"]'), ("30/6/2025", "15/8/2025"), "có cách hiểu"),
    Case("steps_out_of_order", "I.1, I.2", dossier("R1", "I.1", "trước ngày 30/10/2024", "province", owed_to='"@district"') + dossier("R2", "I.2", "trước ngày 15/11/2024"), ("15/11", "30/9"), "R2"),
    Case("undated_before_dated", "I.1, IV.3", duty("R1", "IV.3") + duty("R2", "I.1", "trước ngày 30/10/2024", needs='["R1"]'), ('"Việc R1"', '"Việc R1"\nexpression = "trước ngày 14/6/2024"'), "R1 không có thời hạn", beside=("no_day",)),
    # --- clauses, papers, units
    Case("blank", None, "", ("# =", "number ="), "số, ký hiệu", ("number =", "# =")),
    Case("blank", None, "", ("#", "issued_on"), "ngày ban hành", ("issued_on", "#")),
    Case("partial", None, "", ("true", "false"), "", ("period", "partial = true\nperiod")),
    Case("undecided", None, "", ('["weekend"]', "[]"), "hạn trùng ngày nghỉ", ("[]", '["weekend"]')),
    Case("silent_clause", "I.2", duty("R1", "I.1", "năm 2024"), (', "I.2"', ""), spoil=("period", 'clauses = ["I.1", "I.2"]\nperiod')),
    Case("clause_unlisted", "I.1", duty("R1", "I.1", "năm 2024") + duty("R2", "I.2", "năm 2024"), ('["I.2"]', '["I.1", "I.2"]'), "[[obligations]]", spoil=("period", 'clauses = ["I.2"]\nperiod')),
    Case("unbinding_binds", "I.1", duty("R1", "I.1", "năm 2024") + row("unbinding", "I.1", why='"advice"'), ('[[unbinding]]\nclause = "I.1"', '[[unbinding]]\nclause = "I.2"'), "R1"),
    Case("numbering_jumps", "I, III", row("leads", "I", unit='"phong-mau"', set='"xa-ntm"') + row("leads", "III", unit='"phong-mau"', set='"xa-ntm"'), ('["I", ', '["I", "II", '), "sau I là III", spoil=("period", 'clauses = ["I", "III"]\nperiod')),
    Case("numbering_repeats", "III.7, III.7 (2)", row("leads", "III.7", unit='"phong-mau"', set='"xa-ntm"') + row("leads", "III.7 (2)", unit='"phong-mau"', set='"xa-ntm"'), ('7", "III.7 (2)"', '7", "III.8"'), "III.7", spoil=("period", 'clauses = ["III.7", "III.7 (2)"]\nperiod')),
    Case("paper_missing", "III.2", row("references", "III.2", document='"QĐ 1"', about='"phân công"'), ("about", "held = true\nabout"), "QĐ 1"),
    Case("several_names", None, unit("vp", "Văn phòng Điều phối NTM", "vpdp", '["VPĐP nông thôn mới", "Văn phòng NTM"]'), (', "Văn phòng NTM"', ""), "Văn phòng NTM"),
    Case("one_name_two_units", None, unit("x", "Phòng NN huyện Mẫu"), ("Phòng NN", "Phòng Kinh tế"), "phong-mau, x"),
    Case("not_a_recipient", "I.1", duty("R1", "I.1", "năm 2024", owed_to='"phong-mau"') + '[[recipients]]\nname = "Xã"\nunit = "ubnd-an-mau-mau"\n', ('"ubnd-an-mau-mau"', '"phong-mau"'), "Phòng Nông nghiệp"),
]  # fmt: skip


def found(text: str) -> list[Finding]:
    return findings(read(text.encode(), "mau.toml"), bundled_calendar())


def contradicted(case: Case) -> str:
    return CALM.replace(*case.spoil, 1) + case.wrong


def mended(case: Case) -> str:
    """The plan with the one change, in the tables that contradict or in what stands above them."""
    text, (old, new) = contradicted(case), case.mend
    at = text.rindex(case.wrong) if old in case.wrong else 0
    assert old in text[at:]
    return text[:at] + text[at:].replace(old, new, 1)


def ids(case: Case) -> str:
    return f"{case.code}-{case.clause}"


def test_a_plan_with_nothing_to_find_is_told_nothing() -> None:
    assert found(CALM) == []


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_a_contradiction_is_found_with_its_clauses_and_gone_once_mended(case: Case) -> None:
    text = contradicted(case)
    codes = {finding.code for finding in found(text)}
    assert codes == {case.code, *case.beside}
    [told] = [finding for finding in found(text) if finding.code == case.code]
    assert told.clause == case.clause
    assert case.word in told.say("vi")
    assert told.say("vi") != told.say("en")
    assert case.code not in {finding.code for finding in found(mended(case))}


def test_every_kind_of_finding_has_its_case_here_or_below() -> None:
    below = {"remark", "other_plan_other_day", "other_plan_other_year", "near_name_known"}
    below |= {"known_otherwise", "place_ended", "amends_unknown", "other_version", "rule_taken"}
    assert {case.code for case in CASES} | below == {*FINDINGS}


# --- what is no contradiction ---------------------------------------------------------------------

QUIET = [
    duty("R1", "I.1", "trước ngày 30/10/2024", acts='["ho-so"]')
    + duty("R2", "I.2", "trước ngày 15/3/2024", acts='["ho-so"]', places='["binh-mau-mau"]'),
    dossier("R1", "I.1", "trước ngày 30/10/2024")
    + dossier("R2", "I.2", "trong quý I/2025", strength='"permitted"'),
    duty("R1", "I.1", "trước 30/10/2024") + duty("R2", "I.2", "trước ngày 30/10/2024", title='"Việc R1"'),
    duty("R1", "I.1", "trước ngày 30/10/2024") + duty("R2", "I.2", "trước ngày 30/9/2024", needs='["R1"]', places='["binh-mau-mau"]'),
    villages("Quế Xuân 1", "Quế Xuân 2", "Tổ 4A", "Tổ 4B", "Đông", "Tây"),
    villages("Đông") + villages("Đông").replace("an-mau", "binh-mau"),
    goal("g", "II.1", "4", target_year="2024") + goal("h", "II.2", "5", target_year="2025"),
    goal("g", "II.1", "4") + goal("h", "II.1.a", "3"),
    goal("g", "II.1", "4", strength='"must"') + goal("h", "II.2", "1", strength='"strive"'),
    money("t", "III.1", "3", parts='["a", "b", "c"]') + "".join(money(id, "III.2", "1", share='"33,3"') for id in "abc"),
    target("II.3", "xa-nang-cao", target_year="2025") + target("II.1", "xa-ntm", target_year="2024"),
    target("II.1", "xa-ntm", target_year="2024") + dossier("R1", "I.1", "trước ngày 30/10/2024"),
]  # fmt: skip


@pytest.mark.parametrize("tables", QUIET)
def test_what_only_looks_like_a_contradiction_is_not_told(tables: str) -> None:
    assert found(CALM + tables) == []


def test_names_differ_by_accents_by_a_letter_or_not_at_all() -> None:
    names = ["Tam Dân", "Tam Đàn", "Tam Thanh", "Tam Thăng", "Bhalê", "Bhalêê", "Ba", "Tam Dân"]
    assert list(alike(names)) == [("Tam Dân", "Tam Đàn"), ("Bhalê", "Bhalêê")]
    assert list(alike(["Quế Xuân 1", "Quế Xuân 2", "Thôn I", "Thôn II", "Tổ A", "Tổ B"])) == []


@pytest.mark.parametrize("shape", [1, 50])
def test_ten_thousand_duties_are_checked_without_comparing_each_with_each(shape: int) -> None:
    """All of one rule, one act and one place, or of many; each waits for another one."""
    days = [f"trước ngày {1 + n % 28}/{1 + n % 12}/2024" for n in range(10_000)]
    homes = ['["mau"]', '["an-mau-mau"]', '["binh-mau-mau"]']
    rows = [
        duty(
            f"R{n % shape}",
            f"IV.{n}",
            day,
            part=f'"{n}"',
            acts='["ho-so"]',
            after=f'"R{(n + 1) % shape}"',
            places=homes[n % min(shape, 3)],
            owed_by='"@district"',
        )
        for n, day in enumerate(days)
    ]
    begun = time.process_time()
    assert "one_act_two_days" in {finding.code for finding in found(CALM + "".join(rows))}
    # Far above the usual two seconds: it is quadratic work this must notice.
    assert time.process_time() - begun < 20


# --- against the journal --------------------------------------------------------------------------

#: The same places in another plan, that of the province.
OTHER = CALM.replace("ke-hoach-mau", "ke-hoach-tinh")


@pytest.fixture
def against(tmp_path: Path) -> Against:
    return Against(tmp_path)


class Against:
    """A store in which one plan is adopted, and another that is checked against it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, str(folder / "s.db")
        assert ntm("init", self.store).code == 0

    def adopted(self, text: str) -> Against:
        return self.told(f"plan adopt '{self._file('tinh.toml', text)}'")

    def told(self, line: str) -> Against:
        answer = ntm(line, self.store)
        assert answer.code == 0, answer.err
        return self

    def found(self, text: str) -> list[tuple[str, str | None, str]]:
        checked = ntm(f"plan check '{self._file('mau.toml', text)}' --json", self.store)
        return [(item["code"], item["clause"], item["message"]) for item in checked.json["items"]]

    def _file(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return file


def test_another_plan_with_another_day_for_a_dossier_is_named_with_its_clause_and_the_strictest_day(
    against: Against,
) -> None:
    against.adopted(OTHER + dossier("T1", "II.3", "trước ngày 30/10/2024"))
    [(code, clause, said)] = against.found(CALM + dossier("R1", "IV.6", "trước ngày 21/10/2024"))
    assert (code, clause) == ("other_plan_other_day", "IV.6")
    assert all(word in said for word in ("ke-hoach-tinh (II.3)", "chặt nhất: hết 20/10/2024"))
    assert against.found(CALM + dossier("R1", "IV.6", "trước 30/10/2024")) == []
    [(code, _, said)] = against.found(CALM + dossier("R1", "IV.6", "trước tháng 10/2024"))
    assert (code, said[-10:]) == ("other_plan_other_day", "30/09/2024")


def test_another_plan_with_another_year_for_a_place_is_named_with_its_clause(
    against: Against,
) -> None:
    against.adopted(OTHER + target("II.3", "xa-ntm", target_year="2025"))
    [(code, clause, said)] = against.found(CALM + target("I.1", "xa-ntm", target_year="2024"))
    assert (code, clause) == ("other_plan_other_year", "I.1")
    assert "ke-hoach-tinh (II.3) ghi 2025" in said
    assert against.found(CALM + target("I.1", "xa-ntm", target_year="2025")) == []


def test_a_plan_differs_from_the_one_it_amends_on_purpose(against: Against) -> None:
    tables = dossier("T1", "II.3", "trước ngày 30/10/2024"), target("II.3", target_year="2025")
    against.adopted(OTHER + "".join(tables))
    amending = CALM.replace("period", 'amends = ["ke-hoach-tinh"]\nperiod', 1)
    other = dossier("R1", "IV.6", "trước ngày 21/10/2024") + target("IV.6", target_year="2024")
    assert against.found(amending + other) == []
    assert len(against.found(CALM + other)) == 2


def test_a_new_place_with_nearly_the_name_of_a_known_one_is_found(against: Against) -> None:
    against.adopted(OTHER + villages("Kim Đới"))
    new = CALM + village("x", "Kim Đói") + target("I.4", places='["x"]')
    [(code, clause, said)] = against.found(new)
    assert (code, clause) == ("near_name_known", "I.4")
    assert "“Kim Đói” chỉ khác “Kim Đới”" in said
    assert against.found(new.replace("Kim Đói", "Sơn Hà")) == []


def test_a_place_the_journal_calls_otherwise_is_found(against: Against) -> None:
    against.adopted(OTHER + village("x", "Kim Đới"))
    new = CALM + village("x", "Kim Đoài") + target("I.4", places='["x"]')
    [(code, clause, said)] = against.found(new)
    assert (code, clause) == ("known_otherwise", "I.4")
    assert "Kim Đới" in said
    assert against.found(new.replace("Kim Đoài", "Kim Đới")) == []


def test_a_place_that_ended_before_its_duty_is_due_is_found_with_what_it_became(
    against: Against,
) -> None:
    against.adopted(OTHER)
    into = "--into 'Bình Mẫu' --on 1/1/2025 --document 'NQ 1'"
    against.told(f"place merge an-mau-mau {into}")
    plan = CALM + duty("R1", "II.1", "trước ngày 30/5/2025") + duty("R2", "II.2", "năm 2024")
    plan += target("II.3", "xa-ntm", target_year="2025")
    told = [(clause, said) for code, clause, said in against.found(plan) if code == "place_ended"]
    assert [clause for clause, _ in told] == ["II.1", "II.3"]
    assert "An Mẫu không còn từ 01/01/2025 (nay: xã Bình Mẫu), trước hạn 30/05/2025" in told[0][1]
    assert against.found(plan.replace("an-mau-mau", "binh-mau-mau")) == []


def test_a_plan_that_amends_one_not_adopted_is_told_so(against: Against) -> None:
    amending = CALM.replace("period", 'amends = ["ke-hoach-tinh"]\nperiod', 1)
    assert [code for code, _, _ in against.found(amending)] == ["amends_unknown"]
    assert against.adopted(OTHER).found(amending) == []


def test_a_rule_of_another_plan_at_the_same_place_is_told_and_not_adopted(against: Against) -> None:
    rule = duty("R1", "I.1", "trước ngày 30/10/2024")
    against.adopted(OTHER + rule)
    mine = CALM + rule.replace("I.1", "II.3")
    assert [code for code, _, _ in against.found(mine)] == ["rule_taken"]
    refused = ntm(f"plan adopt '{against.folder / 'mau.toml'}'", against.store)
    assert refused.code == 1
    assert "R1/an-mau-mau đã có theo kế hoạch ke-hoach-tinh" in refused.err
    assert against.found(mine.replace('"R1"', '"M24-1"')) == []
    assert ntm(f"plan adopt '{against.folder / 'mau.toml'}'", against.store).code == 0


def test_a_text_that_is_not_the_one_in_force_is_told_so(against: Against) -> None:
    against.adopted(OTHER)
    assert against.found(OTHER) == []
    told = against.found(OTHER.replace("12/KH-UBND", "13/KH-UBND"))
    assert [code for code, _, _ in told] == ["other_version"]
