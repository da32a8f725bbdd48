"""Was this unit told of this duty before its day? One question, and one page that proves the answer."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from letter_days import (
    ASKED,
    CITY,
    D_NGOC,
    DESK,
    MISSED,
    NGOC,
    Days,
    address,
    days,
    missed_and_climbed,
    october,
    on,
)
from posts import Basket
from terminal import ntm

from ntm_workflow.domain.letter import LetterBounced
from ntm_workflow.domain.obligation import ObligationMet
from ntm_workflow.office import answering, contacts, obligation, told, unit

BARE = "D118/tam-ngoc-tam-ky"


@pytest.fixture
def store(store_url: str) -> Iterator[Days]:
    with days(store_url, october) as each:
        yield each


@pytest.fixture
def lite(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, october) as each:
        yield each


@pytest.fixture
def climbed(sqlite_url: str) -> Iterator[Days]:
    with days(sqlite_url, missed_and_climbed) as each:
        yield each


def asked(days: Days, of: str | None = None, duty: str = D_NGOC, **times: Any) -> told.Answer:
    with days.desk.office.reading(**times) as reading:
        found = told.told(days.desk.office.journal, reading, duty, of)
        return told.answer(reading.row(duty), found, of)


def tellings(days: Days, **times: Any) -> list[told.Telling]:
    with days.desk.office.reading(**times) as reading:
        return told.told(days.desk.office.journal, reading, D_NGOC)


def test_told_in_time(store: Days) -> None:
    assert asked(store).verdict == "never"
    (mail,) = [mail for mail in store.morning("15/10/2024") if mail.unit == NGOC]
    store.morning("22/10/2024")
    found = asked(store)
    assert (found.verdict, found.n) == ("before", 2)
    assert (found.first, found.last, found.last_day) == (
        on("15/10/2024"),
        on("22/10/2024"),
        on("30/10/2024"),
    )
    first = tellings(store)[0]
    (copy,) = first.copies
    assert (copy.message_id, copy.act_by) == (mail.id, on("29/10/2024"))
    assert (first.part, first.rung, first.before) == ("ahead", 14, True)


def test_told_only_after_its_day(climbed: Days) -> None:
    found = asked(climbed)
    assert (found.verdict, found.first) == ("after", on(MISSED))
    assert asked(climbed, DESK).verdict == "after"
    assert asked(climbed, CITY).verdict == "after"


def test_what_others_heard_is_not_the_answer_for_the_unit_that_owes(climbed: Days) -> None:
    everyone = {each.unit for each in tellings(climbed)}
    assert everyone == {NGOC, DESK, CITY, "vpdp-quang-nam"}
    assert asked(climbed, as_of=on("1/11/2024")).verdict == "never"
    assert asked(climbed, "ubnd-tam-thanh-tam-ky").verdict == "never"


def test_what_came_back_or_waits_was_not_told(lite: Days) -> None:
    lite.issue()
    assert asked(lite).verdict == "not"
    lite.send(Basket(failing="ngoc"))
    assert asked(lite).verdict == "not"
    (mail,) = [mail for mail in lite.morning("16/10/2024") if mail.unit == NGOC]
    assert asked(lite).verdict == "before"
    lite.desk.record(lambda e: e.record(mail.letter, LetterBounced, message_id=mail.id))
    assert asked(lite).verdict == "not"
    (copy,) = tellings(lite)[0].copies
    assert copy.bounced == "?"


def test_one_copy_that_arrived_is_enough(lite: Days) -> None:
    address(lite.desk, NGOC, "mot@example.com", "hai@example.com")
    mail = [each for each in lite.morning("15/10/2024") if each.unit == NGOC]
    lite.desk.record(lambda e: e.record(mail[0].letter, LetterBounced, message_id=mail[0].id))
    found = asked(lite)
    assert (found.verdict, found.n, len(tellings(lite)[0].copies)) == ("before", 1, 2)


def test_a_letter_that_no_longer_named_it_when_it_left_did_not_tell(lite: Days) -> None:
    """Two duties wait in one letter for an address; before it comes, one of them is done."""
    for n in (1, 2):
        given = obligation.Letter(phrase="trước ngày 15/11/2024", to=NGOC, title=f"Báo cáo {n}")
        lite.desk.record(lambda e, g=given: obligation.give(e, g), document="CV 15/UBND")  # type: ignore[misc]
    lite.desk.record(_no_address)
    lite.morning("15/10/2024")
    done = "obligation/cv-15-ubnd-1"
    lite.desk.record(lambda e: e.record(done, ObligationMet))
    address(lite.desk.go("16/10/2024"), NGOC)
    (mail,) = [each for each in lite.send() if each.unit == NGOC]
    assert ("Báo cáo 1" in mail.text, "Báo cáo 2" in mail.text) == (False, True)
    assert asked(lite, duty=done).verdict == "not"
    assert asked(lite, duty="obligation/cv-15-ubnd-2").verdict == "before"


def _no_address(entry: Any) -> None:
    from ntm_workflow.office import contacts

    contacts.change(entry, NGOC, [])


def test_it_is_answered_as_of_a_day_and_as_known_at_a_moment(lite: Days) -> None:
    lite.issue()
    position = lite.desk.office.verify().size
    lite.send()
    assert asked(lite, known_at=position).verdict == "not"
    assert asked(lite, as_of=on("14/10/2024")).verdict == "never"
    assert asked(lite, as_of=on("15/10/2024")).verdict == "before"


def test_a_duty_without_a_day_has_none_to_be_told_before(lite: Days) -> None:
    lite.morning("15/10/2024")
    with lite.desk.office.reading() as reading:
        found = told.told(lite.desk.office.journal, reading, D_NGOC)
        row = reading.row(D_NGOC)

    class Undated:
        owed_by, last_day = row.owed_by, None

    timeless = [type(each)(**{**vars(each), "before": False}) for each in found]
    assert told.answer(Undated(), timeless).verdict == "undated"


# --- at the keyboard, and on paper ------------------------------------------------------------------


class Page(HTMLParser):
    """The tags and attributes of a page, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "style")]

    def handle_data(self, data: str) -> None:
        self.words += " ".join(data.split()) + " "


def test_the_page_says_it_in_both_languages_and_loads_nothing(
    climbed: Days, sqlite_url: str, tmp_path: Path
) -> None:
    climbed.desk.close_store()
    for lang, answer in (("vi", "CHƯA trong hạn (30/10/2024)"), ("en", "NOT in time (30/10/2024)")):
        file = tmp_path / f"{lang}.html"
        shown = ntm(f"letter told {BARE} -o {file} --as-of 15/11/2024 --lang {lang}", sqlite_url)
        assert (shown.code, answer in shown.out) == (0, True)
        text = file.read_text("utf-8")
        page = Page(text)
        assert page.links == []
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert "http" not in text
        assert "@import" not in text
        assert f'lang="{lang}"' in text
        assert answer in page.words
        (missed,) = [m for m in climbed.mail if (m.unit, m.kind) == (NGOC, "missed")]
        assert "04/11/2024" in page.words
        assert missed.id in page.words
    assert "SỔ MẪU" in (tmp_path / "vi.html").read_text("utf-8")


def test_the_page_names_who_let_a_letter_go_and_who_took_it_on(
    climbed: Days, sqlite_url: str, tmp_path: Path
) -> None:
    """Until they ask to be forgotten; then it still says that somebody did."""
    [letter] = {m.letter for m in climbed.mail if (m.unit, m.kind) == (NGOC, "missed")}
    climbed.desk.record(lambda e: answering.acknowledge(e, letter, "Người Nhận", ()))
    file = tmp_path / "p.html"

    def words() -> str:
        climbed.desk.close_store()
        assert ntm(f"letter told {BARE} -o {file} --as-of 15/11/2024", sqlite_url).code == 0
        return Page(file.read_text("utf-8")).words

    named = words()
    assert "người nhận việc: Người Nhận" in named
    assert "người cho gửi: Người Duyệt" in named
    climbed.desk.record(lambda e: contacts.forget(e, NGOC, [], ["Người Nhận"], "nghỉ việc"))
    assert "Người Nhận" not in (erased := words())
    assert "người nhận việc: " in erased


def test_names_that_would_be_tags_stay_words(lite: Days, sqlite_url: str, tmp_path: Path) -> None:
    name = "UBND <script>alert(1)</script> & “Tam” 'Ngọc' {title}"
    lite.desk.record(lambda e: unit.rename(e, "UBND xã Tam Ngọc", name))
    lite.morning("15/10/2024")
    lite.desk.close_store()
    file = tmp_path / "p.html"
    assert ntm(f"letter told {BARE} -o {file} --as-of 15/10/2024", sqlite_url).code == 0
    page = Page(file.read_text("utf-8"))
    assert "script" not in page.tags
    assert name in page.words


def test_programs_get_the_verdict_and_every_copy(climbed: Days, sqlite_url: str) -> None:
    climbed.desk.close_store()
    line = f"letter told {BARE} --as-of 15/11/2024 --json"
    shown = ntm(line, sqlite_url).json
    assert (shown["verdict"], shown["unit"]["id"]) == ("after", NGOC)
    parts = {(item["unit"]["id"], item["part"]) for item in shown["items"]}
    assert {(NGOC, "missed"), (NGOC, "after"), (DESK, "climbed"), (CITY, "asked")} <= parts
    assert all(copy["sha256"] for item in shown["items"] for copy in item["copies"])
    one = ntm(f"{line} --unit 'UBND thành phố Tam Kỳ'", sqlite_url).json
    assert {item["unit"]["id"] for item in one["items"]} == {CITY}
    before = ntm(f"letter told {BARE} --as-of 1/11/2024 --json", sqlite_url).json
    assert [item["part"] for item in before["items"]] == ["asked"]


@pytest.mark.parametrize("line", ["letter told D118/khong-co", f"letter told {BARE} --unit 'Xã X'"])
def test_what_is_not_there_is_refused(lite: Days, sqlite_url: str, line: str) -> None:
    assert ntm(f"{line} --as-of {ASKED}", sqlite_url).code == 3
