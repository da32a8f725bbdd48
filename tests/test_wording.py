"""What letters say: the right words for each strength, nothing that accuses, and every day explained."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ntm_workflow.notifications import template_samples as samples
from ntm_workflow.notifications import view, wording
from ntm_workflow.notifications.context import KINDS, LANGS, Counts, LetterContext, LetterItem
from ntm_workflow.notifications.letters import MOST_CHAT, MOST_HTML, Rendering, render, zalo
from ntm_workflow.notifications.plain import WIDTH
from ntm_workflow.notifications.template_page import Page
from ntm_workflow.notifications.template_samples import item

DAY = samples.DAY


@dataclass(frozen=True)
class Told:
    """A letter and what it was made of."""

    context: LetterContext
    said: Rendering
    chat: str

    @cached_property
    def page(self) -> Page:
        return Page(self.said.html)

    @property
    def everything(self) -> tuple[str, str, str, str]:
        """Each form in which a reader may meet it."""
        return self.said.subject, self.said.text, self.page.text, self.chat


LETTERS = [Told(c, render(c), zalo(c)) for c in samples.contexts()]
TAME = [told for told in LETTERS if samples.tame(told.context)]
#: Duties that bind nobody: nothing of them is ever overdue.
CALM = [told for told in TAME if all(i.strength != "must" for i in told.context.items)]


def digest(*items: LetterItem, **said: Any) -> LetterContext:
    return LetterContext(kind="digest", unit="UBND xã Tam Ngọc", day=DAY, items=items, **said)


def text(*items: LetterItem, **said: Any) -> str:
    """The letter's lines, each whole again."""
    return re.sub(r"\n {5,}", " ", render(digest(*items, **said)).text)


DUE = replace(
    item("ahead"),
    id="D118/tam-ngoc-tam-ky",
    title="Trình hồ sơ xã NTM nâng cao năm 2024",
    place="xã Tam Ngọc",
    owed_to="UBND thành phố Tam Kỳ",
    clause="II.2.a",
    plan="Kế hoạch 2024-2025 của tỉnh",
    with_=(),
    driven_by=None,
)

# --- what holds of every letter -------------------------------------------------------------------


def test_every_kind_part_strength_and_language_is_tried() -> None:
    kinds = {(told.context.kind, told.context.lang) for told in LETTERS}
    assert kinds == {(kind, lang) for kind in KINDS for lang in LANGS}
    parts = {(i.part, i.strength) for told in LETTERS for i in told.context.items}
    duties = {(part, strength) for part, strength in wording.ASKS if strength in wording.DUTIES}
    assert duties <= parts


def test_every_letter_says_near_its_top_that_it_is_automatic_and_replaces_nothing() -> None:
    for told in LETTERS:
        notice = wording.NOTICE.fill(told.context.lang, {})
        top = told.said.text.split("\n\n")[: 2 if told.context.sample else 1]
        assert notice in top
        assert notice in " ".join(told.page.text.split())[:300]
        assert notice in told.chat


def test_no_letter_threatens_and_none_looks_like_a_signed_document() -> None:
    for told in TAME:
        for form in told.everything:
            assert wording.never_said(form, told.context.lang) == ""
    assert wording.never_said("a\n  Số: 12/KH-UBND", "vi") == "Số:"
    assert wording.never_said("sẽ Kiểm Điểm", "vi") == "kiểm điểm"


def test_only_what_binds_is_ever_overdue() -> None:
    assert len(CALM) > 50
    for told in CALM:
        for form in told.everything:
            assert wording.said_of_must_alone(form, told.context.lang) == ""
    assert wording.said_of_must_alone("đã Quá hạn", "vi") == "quá hạn"
    assert wording.said_of_must_alone("quá 3 ngày", "vi") == "quá 3 ngày"


def test_a_letter_reports_respectfully_just_when_its_reader_stands_above() -> None:
    for told in TAME:
        upward = told.context.upward or told.context.kind == "climb"
        for form in (told.said.text, told.page.text, told.chat):
            assert (wording.REPORTING[told.context.lang] in form.lower()) is upward


def test_a_letter_of_a_rehearsal_says_so_before_anything_else() -> None:
    for told in LETTERS:
        mark = wording.SAMPLE_MARK.fill(told.context.lang, {})
        line = wording.SAMPLE.fill(told.context.lang, {})
        for form in (told.said.subject, told.chat):
            assert form.startswith(mark) is told.context.sample
        for form in (told.said.text, told.page.text):
            assert (" ".join(form.split()).startswith(line)) is told.context.sample
    assert wording.SAMPLE_MARK.vi == "[MẪU] "


def test_every_duty_of_a_letter_stands_in_each_form_of_it() -> None:
    for told in TAME:
        for form in (told.said.text, told.page.text):
            shown = " ".join(form.split())
            assert all(" ".join(i.title.split()) in shown for i in told.context.items)


def test_plain_text_fits_the_narrowest_window_and_nothing_is_printed_as_none() -> None:
    for told in LETTERS:
        for line in told.said.text.splitlines():
            longest = max(map(len, line.split()), default=0)
            assert len(line) <= WIDTH or longest > WIDTH - 5 or line.strip().startswith("ntm ")
        for form in told.everything:
            assert "None" not in form
            assert unicodedata.is_normalized("NFC", form)


def test_every_letter_in_html_is_whole_and_loads_nothing() -> None:
    for told in LETTERS:
        assert told.page.open == []
        assert not told.page.foreign
        assert told.said.html.startswith("<!DOCTYPE html>")
        assert f'<html lang="{told.context.lang}">' in told.said.html
        assert "<style" not in told.said.html


def test_a_letter_of_sixty_duties_stays_below_what_a_mail_service_shows() -> None:
    many = [told for told in LETTERS if len(told.context.items) >= samples.MANY]
    assert many
    for told in many:
        assert len(told.said.html.encode()) < MOST_HTML


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("upward", [False, True])
def test_nobody_is_asked_for_what_is_only_permitted_considered_or_expected(
    lang: Any, upward: bool
) -> None:
    for strength in wording.LOOSE:
        for part in ("ahead", "copy", "asked", "after", "missed", "climbed"):
            with pytest.raises(ValueError, match="no letter says"):
                render(digest(item(part, strength), lang=lang, upward=upward))  # type: ignore[arg-type]
    for part, strength in (("after", "encouraged"), ("missed", "strive"), ("climbed", "strive")):
        with pytest.raises(ValueError, match="no letter says"):
            render(digest(item(part, strength)))  # type: ignore[arg-type]


def test_an_empty_letter_is_never_written() -> None:
    with pytest.raises(ValueError, match="without items"):
        render(digest())
    with pytest.raises(ValueError, match="without items"):
        summary()


# --- one line of a digest -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strength", "upward", "words"),
    [
        ("must", False, "Đề nghị hoàn thành trước ngày 30/10/2024."),
        ("must", True, "Kính đề nghị thực hiện trước ngày 30/10/2024."),
        ("requested", False, "Kính đề nghị thực hiện trước ngày 30/10/2024."),
        ("strive", False, "Mốc phấn đấu: trước ngày 30/10/2024."),
        ("strive", True, "Mốc phấn đấu: trước ngày 30/10/2024."),
        ("encouraged", False, "Khuyến khích thực hiện trước ngày 30/10/2024."),
    ],
)
def test_the_strength_of_the_clause_chooses_the_words(
    strength: str, upward: bool, words: str
) -> None:
    lines = [
        line.strip() for line in text(replace(DUE, strength=strength), upward=upward).split("\n")
    ]
    wordings = ("Đề nghị hoàn", "Kính đề nghị thực", "Mốc phấn đấu", "Khuyến khích")
    assert [line for line in lines if line.startswith(wordings)] == [words]


def test_a_line_says_what_where_by_when_and_why() -> None:
    body = text(DUE, office="Văn phòng NTM Tam Kỳ", answer_to="ntm@example.com")
    for fact in (
        "\nKính gửi: UBND xã Tam Ngọc\n",
        "\nTính đến thứ Ba, 22/10/2024, ",
        "\n■ Sắp đến ngày (1)\n",
        "\n1. Trình hồ sơ xã NTM nâng cao năm 2024 – còn 7 ngày\n",
        "\n   Địa bàn: xã Tam Ngọc · Đơn vị nhận: UBND thành phố Tam Kỳ\n",
        "\n   Ngày làm việc cuối cùng: thứ Ba, 29/10/2024 · Đến hạn: thứ Tư, 30/10/2024\n",
        "\n   Căn cứ: II.2.a, Kế hoạch 2024-2025 của tỉnh, ghi “trước ngày 30/10/2024”\n",
        "\n   Cách tính ngày: cuối thư, mục [1] · Mã việc: D118/tam-ngoc-tam-ky\n",
        "gửi số và ngày văn bản cho Văn phòng NTM Tam Kỳ (ntm@example.com).",
        "\n[1] Việc 1:\n   - Câu chữ nêu ngày 30/10/2024.\n",
    ):
        assert fact in body


def test_a_stricter_plan_and_joint_units_and_a_day_of_closing_are_named_where_there_are_any() -> (
    None
):
    late = DUE.nominal_day and DUE.nominal_day + timedelta(days=2)
    said = replace(DUE, driven_by="Kế hoạch thành phố, 20/10", with_=("A", "B"), enforce_day=late)
    body = text(said)
    assert "Cùng hồ sơ có mốc sớm hơn: Kế hoạch thành phố, 20/10\n" in body
    assert "Cùng phối hợp: A, B\n" in body
    assert "Ngày chốt số liệu: thứ Sáu, 01/11/2024\n" in body
    for label in ("mốc sớm hơn", "Cùng phối hợp", "Ngày chốt"):
        assert label not in text(DUE)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (22, "còn 7 ngày"),
        (27, "còn 2 ngày"),
        (28, "ngày mai"),
        (29, "hôm nay"),
        # The last working day is over, the day itself is not.
        (30, "hôm nay"),
    ],
)
def test_days_that_are_left_are_said_in_words(day: int, left: str) -> None:
    letter = view.letter(replace(digest(DUE), day=date(2024, 10, day)))
    assert letter.lines[0].left == left


@pytest.mark.parametrize(
    ("strength", "left"), [("must", "quá 3 ngày"), ("strive", "sau mốc 3 ngày"), ("requested", "")]
)
def test_days_that_are_over_are_counted_against_must_only(strength: str, left: str) -> None:
    body = text(item("after", strength))
    assert view.letter(digest(item("after", strength))).lines[0].left == left
    assert ("quá hạn 3 ngày" in body) is (strength == "must")


def test_a_digest_asks_first_then_tells_what_is_over_then_what_comes_then_what_is_to_know() -> None:
    parts = ("copy", "ahead", "after", "asked")
    items = [item(part, strength, n) for n, (part, strength) in enumerate(
        [(part, strength) for part in parts for strength in ("strive", "must")])]  # type: ignore[arg-type]  # fmt: skip
    groups = view.letter(digest(*items)).groups
    assert [g.heading for g in groups] == [
        "Đã nhận hay chưa nhận?",
        "Quá hạn",
        "Đã qua mốc phấn đấu",
        "Sắp đến ngày",
        "Phối hợp – để biết",
    ]


def test_lines_go_by_the_days_left_and_are_numbered_through_the_letter() -> None:
    days = [DAY + timedelta(days=n) for n in (9, 2, 5)]
    ahead = [replace(DUE, title=f"sau {d:%d}", act_by=d) for d in days]
    lines = view.letter(digest(*ahead, item("asked"))).lines
    assert [(line.n, line.title) for line in lines] == [
        (1, "Công việc mẫu số 1"), (2, "sau 24"), (3, "sau 27"), (4, "sau 31"),
    ]  # fmt: skip


def test_a_receiving_desk_is_asked_in_words_an_officer_can_answer() -> None:
    body = text(item("asked"), answer_to="ntm@example.com")
    assert "Đề nghị cho biết: đã nhận hay chưa nhận?" in body
    assert "cho ntm@example.com: “đã nhận ngày … số …” hoặc “chưa nhận”" in body
    assert "Đơn vị thực hiện: UBND xã Mẫu 1" in body


def test_a_joint_unit_is_told_that_its_line_is_only_to_know() -> None:
    body = text(item("copy"))
    assert "■ Phối hợp – để biết (1)\n   Để biết và phối hợp, không phải trả lời.\n" in body
    assert "Để biết: UBND xã Mẫu 1 chủ trì, hoàn thành trước ngày 30/10/2024." in body


def test_how_days_were_found_is_told_once_for_all_lines_it_holds_for() -> None:
    other = replace(DUE, derivation=("Bước khác.",))
    body = text(DUE, replace(DUE, id="x"), other)
    assert body.count("Câu chữ nêu ngày 30/10/2024.") == 1
    assert "[1] Việc 1, 2:" in body
    assert "[2] Việc 3:\n   - Bước khác.\n" in body


def test_an_answer_is_asked_for_once_under_the_first_heading_that_needs_it() -> None:
    body = text(item("after"), item("after", "strive"), DUE)
    assert body.count("Nếu việc đã hoàn thành mà thư vẫn nhắc") == 1
    assert body.index("Nếu việc đã hoàn thành") < body.index("\n1. ")


def test_a_long_name_of_a_plan_stands_in_full_once_and_keeps_its_ends_after() -> None:
    plan = "Kế hoạch thực hiện Chương trình MTQG xây dựng NTM trên địa bàn tỉnh Quảng Nam năm 2024-2025"
    body = text(*(replace(DUE, id=str(n), plan=plan) for n in range(3)))
    assert body.count(plan) == 1
    assert body.count("Kế hoạch thực hiện Chương… tỉnh Quảng Nam năm 2024-2025") == 2


def test_what_nobody_knows_leaves_no_empty_label() -> None:
    bare = LetterItem(id="D1", part="ahead", title="Việc", owed_by="A", clause="I", strength="must")
    body = text(bare)
    assert (
        "1. Việc\n   Đề nghị hoàn thành (văn bản không nêu ngày).\n   Căn cứ: I\n   Mã việc: D1\n"
        in body
    )
    assert "người phụ trách sổ theo dõi" in body
    assert "CÁCH TÍNH" not in body.upper().partition("MÃ VIỆC")[2]


@pytest.mark.parametrize("kind", ["reminder", "confirm"])
def test_letters_stored_before_there_were_digests_are_digests(kind: Any) -> None:
    assert render(replace(digest(DUE), kind=kind)) == render(digest(DUE))


# --- subjects ------------------------------------------------------------------------------------


def test_a_subject_counts_what_the_letter_holds() -> None:
    items = [*(item("after", n=n) for n in range(3)), *(replace(DUE, id=str(n)) for n in range(5))]
    assert render(digest(*items)).subject == (
        "[NTM] 3 việc quá hạn, 5 việc đến hạn trong 7 ngày – UBND xã Tam Ngọc"
    )
    far = replace(DUE, act_by=DAY + timedelta(days=8))
    soft = replace(DUE, strength="strive")
    assert render(digest(far, soft, item("asked"))).subject == (
        "[NTM] 1 việc cần xác nhận, 1 việc sắp đến ngày, 1 mốc phấn đấu trong 7 ngày – UBND xã Tam Ngọc"
    )


def test_a_subject_too_long_keeps_what_comes_first_and_both_ends_of_a_name() -> None:
    every = next(told for told in LETTERS if len(told.context.items) == samples.MANY)
    office = (
        "Văn phòng Điều phối Chương trình mục tiêu quốc gia xây dựng nông thôn mới thành phố Tam Kỳ"
    )
    subject = render(replace(digest(DUE), unit=office)).subject
    assert subject == "[NTM] 1 việc đến hạn trong 7 ngày – Văn phòng Điều… thành phố Tam Kỳ"
    assert render(replace(every.context, unit=office)).subject == (
        "[NTM] 15 việc cần xác nhận, 15 việc quá hạn và 30 việc khác – Văn phòng Điều… thành phố Tam Kỳ"
    )


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=400),
    st.text(max_size=400),
    st.sampled_from([c for c in samples.contexts() if not c.sample]),
)
def test_a_subject_fits_one_narrow_line_whatever_the_names_are(
    unit: str, title: str, context: LetterContext
) -> None:
    items = tuple(replace(each, title=title) for each in context.items)
    subject = render(replace(context, unit=unit, items=items)).subject
    assert len(subject) <= view.LONGEST_SUBJECT
    assert len(subject.splitlines()) == 1


# --- the other letters ---------------------------------------------------------------------------


def of(kind: Any, part: Any, **said: Any) -> str:
    context = replace(digest(item(part, n=said.pop("n", 1))), kind=kind, **said)
    return re.sub(r"\n {5,}", " ", render(context).text)


def test_a_miss_is_told_on_the_word_of_the_desk_that_waited() -> None:
    assert "chưa trả lời" not in of("missed", "missed", n=2), "a desk that nobody asked"
    body = of("missed", "missed")
    assert (
        "Đơn vị nhận (UBND huyện Mẫu) chưa trả lời là đã nhận. Sổ theo dõi ghi quá hạn từ ngày 20/10/2024."
        in body
    )


def test_a_letter_that_climbs_reports_who_owes_and_who_was_asked() -> None:
    body = of("climb", "climbed")
    assert (
        "Kính báo cáo quý cơ quan: tính đến thứ Ba, 22/10/2024, các việc sau đây chưa hoàn thành."
        in body.replace("\n", " ")
    )
    assert "UBND xã Mẫu 1 chưa hoàn thành. Đơn vị nhận (UBND huyện Mẫu) chưa trả lời" in body


def test_what_was_returned_stopped_or_decided_says_when_and_why() -> None:
    assert "Hồ sơ được trả lại ngày 21/10/2024: Biểu mẫu thứ ba còn trống. Đề nghị bổ sung" in of(
        "returned", "returned"
    )
    assert "Thuộc diện dừng giải ngân theo điểm 1 mục II ngày 21/10/2024: Biểu" in of(
        "to_stop", "to_stop"
    )
    assert "Đã có quyết định ngày 21/10/2024: Biểu mẫu thứ ba còn trống.\n" in of(
        "decided", "decided"
    )


def test_a_correction_names_the_wrong_letter_and_what_holds() -> None:
    body = of("correction", "corrected")
    for fact in (
        "■ Thư ngày 20/10/2024: “[NTM] 1 việc đến hạn – Đơn vị mẫu” (1)\n",
        "   Message-ID: <ntm.1@example.com>\n",
        "   Thư đã ghi: Đề nghị hoàn thành trước ngày 30/10/2024.\n",
        "   Nội dung đúng: Đã ghi nhận hoàn thành ngày 18/10/2024.\n",
    ):
        assert fact in body
    context = replace(digest(item("corrected"), item("corrected", n=2)), kind="correction")
    assert (
        render(context).subject
        == "[NTM] Đính chính thư ngày 20/10/2024, 21/10/2024 – UBND xã Tam Ngọc"
    )
    assert len(view.letter(context).groups) == 2


def test_a_unit_without_an_address_is_named_with_what_waits_and_the_command() -> None:
    items = tuple(item("no_address", n=n) for n in (3, 4, 6))
    context = replace(digest(*items), kind="no_address")
    body = render(context).text
    assert body.count("■ UBND xã Mẫu ") == 2
    assert (
        "■ UBND xã Mẫu 0 (2)\n   Ghi địa chỉ bằng lệnh:\n   ntm unit contact ubnd-xa-mau-0 --email …\n"
        in body
    )
    assert render(context).subject.startswith("[NTM] Đơn vị chưa có địa chỉ nhận thư: 2 – ")


def summary(optional: bool = True, **numbers: int) -> Rendering:
    counts = Counts(since=date(2024, 10, 1), until=date(2024, 10, 31), **numbers)
    return render(replace(digest(), kind="summary", optional=optional, counts=counts))


def test_a_summary_counts_a_month_and_may_be_declined() -> None:
    said = summary(met=12, overdue=2, behind=1)
    assert said.subject == "[NTM] Tổng hợp tháng 10/2024 – UBND xã Tam Ngọc"
    assert "   Hoàn thành đúng hạn: 12\n   Quá hạn: 2\n   Mốc phấn đấu đã qua: 1\n" in said.text
    assert "không nhận thư tổng hợp" in " ".join(said.text.split())
    assert "không nhận thư tổng hợp" not in " ".join(summary(optional=False, met=1).text.split())


def test_a_summary_is_silent_of_what_there_is_none_of() -> None:
    assert "quá hạn" not in summary(met=12, behind=1).text.lower()


def test_a_period_that_is_no_whole_month_is_told_by_its_days() -> None:
    assert wording.period(date(2024, 2, 1), date(2024, 2, 29), "vi") == "tháng 02/2024"
    assert (
        wording.period(date(2024, 2, 1), date(2024, 2, 28), "en") == "from 01/02/2024 to 28/02/2024"
    )


def test_only_letters_that_may_be_declined_say_so() -> None:
    for told in TAME:
        offered = any(
            word in " ".join(told.said.text.split()) for word in ("không nhận thư", "no summary")
        )
        assert offered is told.context.optional


# --- the message to paste -------------------------------------------------------------------------


def test_a_message_to_paste_fits_and_says_how_many_lines_it_leaves_out() -> None:
    for told in LETTERS:
        assert len(told.chat) <= MOST_CHAT
        shown = len(re.findall(r"^\d+\. ", told.chat, re.MULTILINE))
        left = re.search(r"(?:xem thư điện tử|see the e-mail): (\d+)$", told.chat, re.MULTILINE)
        assert shown + (int(left[1]) if left else 0) == len(told.context.items)


def test_a_long_letter_without_room_for_how_days_were_found_says_where_that_stands() -> None:
    steps = tuple(f"Bước {'dài ' * 40}" for _ in range(7))
    items = [replace(DUE, id=str(n), derivation=(f"{n}", *steps)) for n in range(samples.MANY)]
    said = render(digest(*items))
    assert len(said.html.encode()) < MOST_HTML
    assert "Cách tính ngày: phần chữ thuần của thư, mục [60]" in said.html
    assert "[60] Việc 60:" in said.text
