"""What an office records about a duty, closes and reads, on each database and on the command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Desk, closing_store
from terminal import ntm

from ntm_workflow.domain.base import AlreadyBegun, Refused
from ntm_workflow.domain.dates import UnreadablePhrase, YearMissing
from ntm_workflow.domain.inputs import read_date
from ntm_workflow.domain.obligation import (
    ObligationMet,
    ObligationNoted,
    ObligationResumed,
    ObligationSuspended,
    ObligationWaived,
)
from ntm_workflow.domain.obligation_refusals import AlreadyWaived, DaysDisagree, UnknownStrength
from ntm_workflow.office import letters, obligation
from ntm_workflow.office.entry import Request
from ntm_workflow.projections import telling

ID = "obligation/D118/tam-ngoc-tam-ky"
BARE = "D118/tam-ngoc-tam-ky"
LETTER = {
    "phrase": "trước ngày 15/12",
    "to": "ubnd-tam-ngoc-tam-ky",
    "from_unit": "ubnd-tam-ky",
    "place": "tam-ngoc-tam-ky",
    "year": 2024,
}


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    with closing_store(Desk(store_url, "05/01/2024").init()) as each:
        each.adopt("quang-nam-2024-2025", "tam-ky-2024")
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Desk]:
    with closing_store(Desk(sqlite_url, "05/01/2024").init()) as each:
        each.adopt("quang-nam-2024-2025", "tam-ky-2024")
        yield each


def extend(desk: Desk, until: str, on: str) -> int:
    day = read_date(until)
    verb = desk.record(lambda e: obligation.extend(e, ID, day, None), on, document="CV 40/UBND")
    return verb.entry


def give(desk: Desk, **said: Any) -> str:
    document = said.pop("document", "CV 15/UBND")
    letter = obligation.Letter(**{**LETTER, **said})
    receipt = desk.record(lambda e: obligation.give(e, letter), "20/11/2024", document=document)
    return receipt.facts[0].subject


def stands(desk: Desk, on: str, id: str = BARE) -> dict[str, Any]:
    return desk.rows("obligation", as_of=read_date(on))[id]


# --- closings -------------------------------------------------------------------------------------


def test_an_extended_and_a_suspended_duty_are_judged_when_their_time_comes(desk: Desk) -> None:
    other = "obligation/D118/tam-thanh-tam-ky"
    desk.go("20/10/2024")
    extend(desk, "16/11/2024", "20/10/2024")
    desk.record(lambda e: e.record(other, ObligationSuspended), "20/10/2024", document="CV 42")
    desk.go("21/11/2024")
    missed = {f.subject: f.event.effective_on for f in desk.close("15/11/2024").facts}
    assert not {ID, other} & set(missed)
    found = {f.subject: f.event.effective_on for f in desk.close("16/11/2024").facts}
    assert found == {ID: date(2024, 11, 17)}
    desk.record(lambda e: e.record(other, ObligationResumed), "18/11/2024")
    again = {f.subject: f.event.effective_on for f in desk.close("18/11/2024").facts}
    assert again == {other: date(2024, 11, 19)}
    assert desk.rebuilt_equal()


def test_a_note_after_the_deadline_does_not_keep_the_miss_from_being_found(desk: Desk) -> None:
    desk.go("1/11/2024")
    desk.record(lambda e: e.record(ID, ObligationNoted, cause="mưa lũ"), on="1/11/2024")
    desk.close("30/10/2024")
    assert stands(desk, "30/10/2024")["missed_on"] is None
    assert stands(desk, "1/11/2024")["missed_on"] == date(2024, 10, 31)


def test_what_was_done_before_a_waiver_may_be_told_after_it(lite: Desk) -> None:
    lite.go("2/9/2024")
    lite.record(
        lambda entry: entry.record(ID, ObligationWaived), on="1/9/2024", document="QĐ mẫu 1"
    )
    lite.record(lambda entry: entry.record(ID, ObligationMet), on="20/8/2024")
    with pytest.raises(AlreadyWaived):
        lite.record(
            lambda entry: entry.record(ID, ObligationMet), on="2/9/2024", document="BC mẫu 2"
        )


def test_an_extension_may_be_in_force_from_a_later_day(lite: Desk) -> None:
    extend(lite, "15/11/2024", on="10/10/2024")
    assert stands(lite, "9/10/2024")["enforce_day"] == date(2024, 10, 30)
    assert stands(lite, "10/10/2024")["enforce_day"] == date(2024, 11, 15)


def test_an_extension_keeps_its_rows_old_days_and_names_its_paper(lite: Desk) -> None:
    lite.go("01/11/2024")
    before = stands(lite, "01/11/2024")
    extend(lite, "17/11/2024", "20/10/2024")
    after = stands(lite, "01/11/2024")
    assert (after["strict_day"], after["act_by"]) == (date(2024, 11, 17), date(2024, 11, 15))
    names = ("strict_day", "nominal_day", "act_by", "enforce_day")
    assert after["original"] == {name: before[name].isoformat() for name in names}
    assert stands(lite, "19/10/2024")["strict_day"] == before["strict_day"]
    steps = [(s["rule"], s["result"], s["authority"]) for s in after["derivation"]]
    assert ("extended", "2024-11-17", "CV 40/UBND") in steps


def test_voiding_an_extension_brings_the_old_day_back_to_be_judged(lite: Desk) -> None:
    entry = extend(lite.go("20/10/2024"), "15/11/2024", "20/10/2024")
    lite.go("21/11/2024").close("10/11/2024")
    assert stands(lite, "10/11/2024")["missed_on"] is None
    lite.void(entry)
    found = {f.subject: f.event.effective_on for f in lite.close("11/11/2024").facts}
    assert found[ID] == date(2024, 10, 31)


def test_an_extension_cannot_be_half_corrected(lite: Desk) -> None:
    entry = extend(lite.go("20/10/2024"), "15/11/2024", "20/10/2024")
    with pytest.raises(DaysDisagree):
        lite.correct(entry, until="20/11/2024")
    lite.correct(entry, document="CV 41/UBND")
    steps = {s["rule"]: s["authority"] for s in stands(lite, "20/10/2024")["derivation"]}
    assert steps["extended"] == "CV 41/UBND"


# --- letters --------------------------------------------------------------------------------------


def reminded(desk: Desk, day: str) -> list[str]:
    with desk.office.reading(read_date(day)) as reading:
        planned = letters.planned(reading)
    return [e.subject for letter in planned for e in letter.lines if e.part == "ahead"]


def sent(desk: Desk, day: str) -> list[str]:
    with desk.office.writing() as work:
        issued = letters.issue(work, read_date(day), Request(by="test"))
    return [line.subject for letter in issued for line in letter.lines]


def test_a_reminder_counts_down_to_the_day_as_it_is_now(lite: Desk) -> None:
    assert ID in sent(lite.go("22/10/2024"), "22/10/2024")
    assert ID not in reminded(lite, "23/10/2024")
    extend(lite.go("25/10/2024"), "29/11/2024", "25/10/2024")
    assert ID not in reminded(lite, "29/10/2024")
    # 30 days ahead was said of the old day already, 30 days ahead of the new one was not
    assert ID in reminded(lite, "30/10/2024")
    assert ID in reminded(lite, "22/11/2024")


def test_while_suspended_nobody_is_reminded_and_no_letter_waiting_says_it(lite: Desk) -> None:
    assert ID in sent(lite.go("22/10/2024"), "22/10/2024")
    lite.record(lambda e: e.record(ID, ObligationSuspended), "22/10/2024", document="CV 42")
    assert ID not in reminded(lite, "28/10/2024")
    with lite.office.reading() as reading:
        (waiting,) = {each.id for each in telling.about(reading.conn, ID, reading.known)}
        draft = letters.draft(reading, waiting, sample=False)
    assert draft is None or "xã NTM nâng cao năm 2024" not in draft.body


# --- given by a letter ----------------------------------------------------------------------------


def test_a_duty_from_a_letter_is_derived_like_one_of_a_plan(desk: Desk) -> None:
    id = give(desk.go("20/11/2024"))
    row = stands(desk, "20/11/2024", id.partition("/")[2])
    assert (row["plan"], row["clause"], row["owed_to"]) == (None, "CV 15/UBND", "ubnd-tam-ky")
    assert (row["strict_day"], row["act_by"]) == (date(2024, 12, 14), date(2024, 12, 13))
    steps = {s["rule"]: s["authority"] for s in row["derivation"]}
    assert steps["year_of_document"] == "CV 15/UBND"
    assert steps["boundary_nominal"] is None
    assert "Thực hiện CV 15/UBND" in row["title"]
    assert desk.rebuilt_equal()


@pytest.mark.parametrize(
    ("phrase", "last", "law"),
    [
        ("trước ngày 15 tháng sau", "2024-12-14", None),
        ("cuối tháng này", "2024-11-30", "khoản 2 Điều 146 Bộ luật Dân sự 2015"),
        ("10 ngày kể từ ngày 20/11/2024", "2024-12-02", "khoản 5 Điều 148 Bộ luật Dân sự 2015"),
    ],
)
def test_a_letter_counts_from_its_own_day_and_a_step_of_the_law_keeps_it(
    lite: Desk, phrase: str, last: str, law: str | None
) -> None:
    id = give(lite.go("20/11/2024"), phrase=phrase)
    row = stands(lite, "20/11/2024", id.partition("/")[2])
    assert row["strict_day"].isoformat() == last
    grounds = {step["authority"] for step in row["derivation"]}
    assert {"CV 15/UBND", law} <= grounds | {None}


def test_each_duty_of_a_letter_has_its_number_and_the_same_one_is_refused(lite: Desk) -> None:
    lite.go("20/11/2024")
    assert give(lite) == "obligation/cv-15-ubnd-1"
    assert give(lite, to="ubnd-tam-thanh-tam-ky") == "obligation/cv-15-ubnd-2"
    assert give(lite, document="Kết luận số 3") == "obligation/ket-luan-so-3-1"
    with pytest.raises(AlreadyBegun):
        give(lite)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"year": None}, YearMissing),
        ({"phrase": "trước ngày 15/3"}, obligation.DueBeforeLetter),
        ({"phrase": "trước ngày 15/12 hằng năm"}, obligation.ComesBack),
        ({"phrase": "sớm"}, UnreadablePhrase),
        ({"strength": "nên"}, UnknownStrength),
        ({"document": None}, obligation.LetterMissing),
    ],
)
def test_a_letter_whose_deadline_cannot_be_told_is_refused(
    lite: Desk, said: dict[str, Any], refusal: type[Refused]
) -> None:
    lite.go("20/11/2024")
    with pytest.raises(refusal):
        give(lite, **said)
    assert "cv-15-ubnd-1" not in lite.rows("obligation")


def test_a_letter_about_a_duty_given_by_a_letter_names_it(lite: Desk) -> None:
    id = give(lite.go("20/11/2024"), clause="mục 2")
    with lite.office.reading(read_date("06/12/2024")) as reading:
        written = letters.preview(reading, sample=False)
    body = next(w.body for w in written if id in {e.subject for e in w.intent.lines})
    assert "Căn cứ: CV 15/UBND, mục 2, ghi “trước ngày 15/12”" in " ".join(body.split())


# --- on the command line --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = str(tmp_path_factory.mktemp("verbs") / "sổ.db")
    assert ntm("init", path).code == 0
    assert ntm("plan adopt quang-nam-2024-2025 tam-ky-2024 --within 'Tam Kỳ'", path).code == 0
    line = (
        "obligation give --document 'CV 15/UBND' --phrase 'trước ngày 15/12/2024'"
        " --to 'UBND xã Tam Ngọc' --with 'UBND xã Tam Phú' --advised-by 'UBND xã Tam Thanh'"
        " --from-unit 'UBND thành phố Tam Kỳ' --strength strive --title 'Báo cáo' --on 20/11/2024"
    )
    assert ntm(line, path).code == 0
    return path


def listed(store: str, filters: str) -> list[str]:
    answer = ntm(f"obligation list {filters} --json", store)
    assert answer.code == 0, answer.err
    return [item["id"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("unit", "role"),
    [
        ("UBND xã Tam Ngọc", "owes"),
        ("UBND xã Tam Phú", "joins"),
        ("UBND xã Tam Thanh", "advises"),
        ("UBND thành phố Tam Kỳ", "receives"),
    ],
)
def test_a_unit_lists_what_it_owes_and_what_it_only_hears_of(
    store: str, unit: str, role: str
) -> None:
    for each in ("owes", "joins", "advises", "receives"):
        found = listed(store, f"--unit '{unit}' --role {each}")
        assert ("cv-15-ubnd-1" in found) is (each == role)
    assert ("cv-15-ubnd-1" in listed(store, f"--unit '{unit}'")) is (role == "owes")


def test_every_filter_of_the_list_holds_for_all_it_lists(store: str) -> None:
    everything = ntm("obligation list --as-of 5/12/2024 --json", store).json["items"]

    def ids(wanted: Any) -> set[str]:
        return {item["id"] for item in everything if wanted(item)}

    as_of = "--as-of 5/12/2024"
    by_plan = set(listed(store, f"--plan tam-ky-2024 {as_of}"))
    assert by_plan == ids(lambda i: i["plan"] == "tam-ky-2024")
    within = set(listed(store, f"--within 'Tam Ngọc' {as_of}"))
    assert within == ids(lambda i: (i["place"] or {"id": ""})["id"].endswith("tam-ngoc-tam-ky"))
    due = set(listed(store, f"--due-from 30/10/2024 --due-until 15/12/2024 {as_of}"))
    assert due == ids(lambda i: "2024-10-30" <= (i["enforce_day"] or "") <= "2024-12-15")
    both = set(listed(store, f"--standing past_wording --standing due_soon {as_of}"))
    assert both == ids(lambda i: i["standing"] in ("past_wording", "due_soon"))
    assert all((by_plan, within, due, both))


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("list --due-from 2/1/2024 --due-until 1/1/2024", 2, "01/01/2024"),
        ("list --standing muộn", 2, "overdue"),
        (f"extend {BARE} --until 15/11/2024 --on 20/10/2024", 2, "--document"),
        (f"extend {BARE} --until 30/10/2024 --on 20/10/2024 --document CV", 2, "30/10/2024"),
        (f"suspend {BARE} --on 20/10/2024", 2, "--document"),
        (f"resume {BARE} --on 20/10/2024", 1, "20/10/2024"),
        (f"note {BARE} --on 20/10/2024", 2, "--cause"),
        (f"meet {BARE} --on 20/10/2024 --body 'UBND xã Tam Phú'", 1, "UBND xã Tam Ngọc"),
        (f"meet {BARE} --on 20/10/2024 --body 'UBND xã Tam Phú' --already-done", 2, "--document"),
        ("extend D118-tam-ngoc --until 15/11/2024 --document CV", 3, BARE),
        ("give --phrase 'trước ngày 1/12/2024' --to 'UBND xã Tam Ngọc'", 2, "--document"),
        ("give --document CV --phrase 'trước ngày 1/12' --to 'UBND xã Tam Ngọc'", 1, "năm"),
        ("give --document CV --phrase 'trước ngày 1/12/2024' --to 'UBND xã Lạ'", 3, "UBND xã Lạ"),
    ],
)
def test_bad_input_is_refused_in_one_plain_sentence(
    store: str, line: str, code: int, word: str
) -> None:
    size = ntm("audit verify --json", store).json["size"]
    answer = ntm(f"obligation {line}", store)
    assert (answer.code, answer.out) == (code, "")
    assert word in answer.err
    assert len(answer.err.strip().splitlines()) <= 3
    assert ntm("audit verify --json", store).json["size"] == size


def test_another_unit_may_have_done_it_if_a_paper_says_so(store: str) -> None:
    line = "obligation meet obligation/D118/tam-thanh-tam-ky --body 'UBND xã Tam Phú'"
    assert ntm(f"{line} --on 28/10/2024 --already-done --document 'BB 7'", store).code == 0
    fact = ntm("fact list --against --json", store).json["items"][0]
    assert fact["subject"] == "obligation/D118/tam-thanh-tam-ky"


def test_a_duty_shows_what_became_of_it_and_why_it_stands_so(store: str) -> None:
    id = "D119/tam-thanh-tam-ky"
    for line in (
        f"extend {id} --until 16/12/2024 --on 1/11/2024 --document 'CV 40/UBND' --reason 'mưa lũ'",
        f"suspend obligation/{id} --on 5/11/2024 --document 'CV 42/UBND'",
        f"note {id} --cause 'mưa lũ' --proposal 'lùi' --on 6/11/2024",
    ):
        assert ntm(f"obligation {line}", store).code == 0
    shown = ntm(f"obligation show {id} --as-of 10/11/2024 --json", store).json
    assert (shown["standing"], shown["suspended_on"]) == ("suspended", "2024-11-05")
    assert (shown["cause"], shown["proposal"]) == ("mưa lũ", "lùi")
    assert shown["original"]["enforce_day"] == "2024-11-30"
    assert "05/11/2024" in shown["why"]
    assert [fact["type"] for fact in shown["history"]][-1] == "ObligationNoted"
    assert ntm(f"obligation resume {id} --on 20/11/2024", store).code == 0
    text = ntm(f"obligation show {id} --as-of 20/11/2024", store).out
    assert "Được gia hạn đến hết ngày 16/12/2024 (CV 40/UBND)." in text
    assert "Vì sao: " in text


#: Codes, ids and addresses aside, nothing a Vietnamese reader sees is in English.
ENGLISH = re.compile(r"\b(the|of|on|by|day|met|owed|until|since|open|overdue|strict|none)\b")


def test_what_a_vietnamese_reader_sees_of_duties_holds_no_english(store: str) -> None:
    lines = ["list", f"show {BARE}", "show cv-15-ubnd-1", "list --as-of 5/12/2024"]
    lines += [f"extend {BARE} --until 20/11/2024 --on 20/10/2024 --document CV --dry-run"]
    lines += [
        f"{verb} {BARE} --on 20/10/2024 --document CV --dry-run"
        for verb in ("meet", "waive", "suspend")
    ]
    lines += [f"note {BARE} --cause x --on 20/10/2024 --dry-run"]
    for line in lines:
        answer = ntm(f"obligation {line}", store)
        assert answer.code == 0, answer.err
        assert not ENGLISH.search(answer.out), line


def test_a_script_learns_that_something_is_overdue(store: str, tmp_path: Path) -> None:
    copy = str(tmp_path / "sổ.db")
    assert ntm("init", copy).code == 0
    assert ntm("plan adopt tam-ky-2024 --within 'Tam Kỳ'", copy).code == 0
    assert ntm("obligation list --exit-code --as-of 1/10/2024", copy).code == 0
    assert ntm("day close --until 1/10/2024", copy).code == 0
    assert ntm("obligation list --exit-code --as-of 1/10/2024", copy).code == 5
