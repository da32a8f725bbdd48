"""The two-person rule at the keyboard: what is approved is exactly what was proposed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from offices import Desk, adopted, closing_store
from terminal import Answer, ntm

from ntm_workflow.office.approval import set_rule

PLANS = ("quang-nam-2024-2025", "tam-ky-2024")
PAPER = "--document 'Quy chế 1'"

Keyboard = Callable[..., Answer]


def rule(desk: Desk, *types: str, late: int | None = None) -> None:
    desk.record(lambda entry: set_rule(entry, types, late), document="Quy chế 1")


@pytest.fixture
def ask(store_url: str) -> Keyboard:
    """A store with one payment, whose rule is that voids need two people."""
    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        desk.disburse("cầu", 100, "15/05/2024", document="UNC 1")

    def typed(line: str, code: int = 0) -> Answer:
        answer = ntm(line, store_url)
        assert answer.code == code, answer.out + answer.err
        return answer

    typed(f"approval rule --type 'hủy lần ghi' {PAPER} --by An")
    return typed


def paid(ask: Keyboard) -> int:
    return int(ask("fact list --type FundDisbursed --json").json["items"][0]["entry"])


def void(ask: Keyboard, more: str = "", code: int = 0) -> Answer:
    return ask(f"fact void {paid(ask)} --reason 'ghi nhầm' --document BB1 --by An {more}", code)


def spent(ask: Keyboard) -> int:
    return int(ask("fund list --json").json["items"][0]["disbursed"])


def test_an_act_waits_then_another_person_lets_it_happen(ask: Keyboard) -> None:
    told = void(ask).out
    number = ask("approval list --state waiting --json").json["items"][0]["number"]
    assert f"ntm approval approve {number}" in told
    assert spent(ask) == 100
    refused = ask(f"approval approve {number} --by ' AN '", 1).err
    assert "người khác" in refused
    done = ask(f"approval approve {number} --by Bình --json").json
    assert done["schema"] == "ntm.fact.void/1"
    assert [(f["type"], f["by"]) for f in done["facts"]] == [
        *(("EntryVoided", "Bình"), ("ActApproved", "Bình")),
    ]
    assert spent(ask) == 0
    shown = ask(f"approval show {number} --json").json
    assert (shown["state"], shown["by"], shown["act"]) == ("approved", "An", done["entry"])
    ask(f"approval approve {number} --by Chi", 1)
    assert ask("rebuild --check --json").json["equal"]


def test_what_waits_is_told_in_the_language_of_whoever_typed_it(ask: Keyboard) -> None:
    told = void(ask, "--lang en --dry-run").out
    assert "voided entry" in told
    assert "hủy" not in told


@pytest.mark.parametrize(("typed", "read"), [("vi", "en"), ("en", "vi"), ("en", "en")])
def test_a_proposal_is_told_in_the_language_of_whoever_reads_it(
    ask: Keyboard, typed: str, read: str
) -> None:
    void(ask, f"--lang {typed}")
    (waits,) = ask(f"approval list --json --lang {read}").json["items"]
    said, other = ("voided entry", "hủy") if read == "en" else ("hủy lần ghi", "voided")
    told = [waits["summary"]]
    told.append(ask(f"approval list --lang {read}").out)
    told.append(ask(f"approval show {waits['number']} --json --lang {read}").json["summary"])
    told.append(ask(f"fact list --type ActProposed --lang {read}").out)
    assert [(said in text, other in text) for text in told] == [(True, False)] * 4


def test_a_try_out_shows_what_would_be_proposed_and_what_would_be_recorded(ask: Keyboard) -> None:
    assert "Thử" in void(ask, "--dry-run").out
    assert ask("approval list --json").json["items"] == []
    void(ask)
    assert "hủy lần ghi" in ask("approval approve --by Bình --dry-run").out
    assert spent(ask) == 100


def test_a_key_and_a_position_hold_for_a_proposal_too(ask: Keyboard) -> None:
    first = void(ask, "--key k1 --json").json
    again = void(ask, "--key k1 --json").json
    assert (first["waiting"], again["repeated"]) == (True, True)
    assert first["entry"] == again["entry"]
    void(ask, code=1)
    ask("fund disburse --item cầu --amount 5 --by An --key k1", 1)
    void(ask, "--if-position 3", 4)


def test_a_proposal_that_the_rules_now_refuse_stays_open(ask: Keyboard) -> None:
    ask(f"approval rule --type FundDisbursed {PAPER} --by An")
    ask("approval approve --by Bình")
    ask("fund disburse --item cầu --amount 900 --on 20/5/2024 --by An")
    number = ask("approval list --state waiting --json").json["items"][0]["number"]
    allocation = ask("fact list --type FundAllocated --json").json["items"][0]["entry"]
    ask(f"fact correct {allocation} --reason thử --set amount=800 --by An")
    refused = ask(f"approval approve {number} --by Bình", 1).err
    assert "700" in refused
    assert ask(f"approval show {number} --json").json["state"] == "waiting"
    assert spent(ask) == 100


def test_a_line_that_has_come_to_tell_something_else_is_not_approved(ask: Keyboard) -> None:
    ask(f"approval rule --type FundDisbursed {PAPER} --by An")
    ask("approval approve --by Bình")
    ask("fund disburse --item CAU --amount 5 --on 20/5/2024 --by An")
    allocation = ask("fact list --type FundAllocated --json").json["items"][0]["entry"]
    ask(f"fact void {allocation} --reason nhầm --document BB --with-dependents --by An")
    allocate = "fund allocate --year 2024 --source provincial --kind investment --amount 90"
    ask(f"{allocate} --item CAU --place 'Tam Ngọc' --on 1/5/2024 --by An")
    assert "kết quả khác" in ask("approval approve --by Bình", 1).err
    assert ask("fact list --type ActApproved --json").json["items"][-1]["by"] == "Bình"


def test_the_facts_keep_the_day_on_which_they_were_proposed(store_url: str) -> None:
    from ntm_workflow.cli import ntm as root
    from ntm_workflow.cli.session import Session

    with closing_store(adopted(store_url, *PLANS)) as desk:
        desk.allocate("cầu", 1_000)
        rule(desk, "FundDisbursed")

        def typed(line: str, by: str) -> None:
            who = Session(store=store_url, by=by, clock=desk.clock)
            root.main(line.split(), obj=who, prog_name="ntm", standalone_mode=False)

        typed("fund disburse --item cầu --amount 5", "An")
        desk.go("09/11/2024")
        typed("approval approve", "Bình")
        facts = {f.type: f for f in _facts(desk)}
        assert facts["FundDisbursed"].event.effective_on == date(2024, 11, 5)
        assert facts["ActApproved"].event.effective_on == date(2024, 11, 9)


def _facts(desk: Desk) -> list:  # type: ignore[type-arg]
    with desk.database.read() as conn:
        return list(desk.office.journal.facts(conn))


def test_a_proposal_is_rejected_by_number_or_where_it_is_the_only_one(ask: Keyboard) -> None:
    void(ask)
    ask("approval reject --reason 'lần ghi đúng' --by Bình")
    items = ask("approval list --json").json["items"]
    assert [(item["state"], item["reason"]) for item in items] == [("rejected", "lần ghi đúng")]
    ask("approval approve --by Bình", 3)
    ask("approval approve 1 --by Bình", 3)
    ask("approval reject 1 --reason x --by Bình", 3)


def test_an_approved_act_is_undone_like_any_other_and_its_approval_stands(ask: Keyboard) -> None:
    ask(f"approval rule --type FundDisbursed {PAPER} --by An")
    ask("approval approve --by Bình")
    ask("fund disburse --item cầu --amount 50 --on 20/5/2024 --by An")
    done = ask("approval approve --by Bình --json").json["entry"]
    ask(f"fact void {done} --reason nhầm --document BB --by An")
    assert spent(ask) == 100
    number = ask("approval list --json").json["items"][-1]["number"]
    ask(f"approval approve {number} --by Chi", 1)
    ask(f"fact void {number} --reason nhầm --document BB --by An", 1)
    assert ask("rebuild --check --json").json["equal"]


def test_the_rule_in_force_is_shown_in_words_and_lifting_it_takes_two(ask: Keyboard) -> None:
    assert "hủy lần ghi (EntryVoided)" in ask("approval show").out
    ask(f"approval rule --none {PAPER} --by An")
    assert ask("approval show --json").json["rule"]["types"] == ["EntryVoided"]
    ask("approval approve --by Bình")
    assert "Không việc nào cần người thứ hai" in ask("approval show").out
    void(ask)
    assert spent(ask) == 0


def test_correcting_an_old_rule_does_not_put_it_back_in_the_place_of_the_newer(
    ask: Keyboard,
) -> None:
    old = ask("approval show --json").json["rule"]["entry"]
    ask(f"approval rule --type ObligationWaived {PAPER} --by An")
    ask("approval approve --by Bình")
    ask(f"fact correct {old} --reason nhầm --set document=QC1b --by An")
    ask("approval approve --by Bình")
    assert ask("approval show --json").json["rule"]["types"] == ["ObligationWaived"]


def test_identical_acts_with_keys_of_their_own_wait_side_by_side_and_are_each_approved(
    ask: Keyboard,
) -> None:
    ask(f"approval rule --type FundDisbursed {PAPER} --by An")
    ask("approval approve --by Bình")
    pay = "fund disburse --item cầu --amount 5 --on 20/5/2024 --by An"
    numbers = [ask(f"{pay} --key k{n} --json").json["entry"] for n in (1, 2)]
    for number in numbers:
        ask(f"approval approve {number} --by Bình")
    assert spent(ask) == 110
    again = ask(f"{pay} --key k2 --json").json
    assert (again["repeated"], again["entry"]) == (True, numbers[1])


PACK = """
id = "mau-{n}"
title = "{title}"
issuer = "Cơ quan mẫu"
level = "district"
place = "mau-{n}"
period = [2024, 2024]
assumed = ["number", "issued_on", "effective_on"]
partial = true
clauses = []
[[places]]
id = "mau-{n}"
name = "Mẫu {n}"
type = "huyen"
"""


@pytest.fixture
def two_packs(ask: Keyboard, tmp_path: Path) -> Path:
    """The second of two plans proposed in one line, under a rule for adoptions."""
    ask(f"approval rule --type PlanAdopted {PAPER} --by An")
    ask("approval approve --by Bình")
    for n in (1, 2):
        (tmp_path / f"{n}.toml").write_text(PACK.format(n=n, title=f"Kế hoạch {n}"))
    files = f"{tmp_path / '1.toml'} {tmp_path / '2.toml'}"
    told = [ask(f"plan adopt {files} --key k --by An --json").json for _ in range(2)]
    assert [each["repeated"] for each in told] == [False, True]
    return tmp_path / "2.toml"


def test_a_proposal_tells_every_entry_of_its_line_and_all_are_approved_together(
    ask: Keyboard, two_packs: Path
) -> None:
    (waits,) = ask("approval list --state waiting --json").json["items"]
    assert "Kế hoạch 1" in waits["summary"]
    assert "Kế hoạch 2" in waits["summary"]
    done = ask("approval approve --by Bình --json").json
    assert [f["type"] for f in done["facts"]].count("PlanAdopted") == 2
    assert ask("rebuild --check --json").json["equal"]


def test_a_later_entry_of_the_line_is_not_changed_between_proposal_and_approval(
    ask: Keyboard, two_packs: Path
) -> None:
    plans = ask("plan list --json").json
    two_packs.write_text(PACK.format(n=2, title="Kế hoạch khác"))
    assert "kết quả khác" in ask("approval approve --by Bình", 1).err
    assert ask("plan list --json").json["items"] == plans["items"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"rule {PAPER}", 2),
        (f"rule --none --type EntryVoided {PAPER}", 2),
        ("rule --type EntryVoided", 2),
        (f"rule --type DayClosed {PAPER}", 2),
        (f"rule --late-days 99999999999999999999 {PAPER}", 2),
        (f"rule --late-days 30 {PAPER} --by 'An\u200b'", 2),
        (f"rule --type Nope {PAPER}", 2),
        ("approve", 3),
        ("show 1", 3),
        ("reject --reason x", 3),
    ],
)
def test_nonsense_is_refused(sqlite_url: str, line: str, code: int) -> None:
    assert ntm("init", sqlite_url).code == 0
    answer = ntm(f"approval {line}", sqlite_url)
    assert (answer.code, answer.out) == (code, "")


def test_a_number_no_database_holds_is_a_usage_error(ask: Keyboard) -> None:
    told = ask("fact list --limit 9999999999999999999999999", 2).err
    assert "không nằm trong khoảng" in told
