"""What a letter says: the words of each kind, from its context."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from msgspec.structs import replace

from ntm_workflow.notifications import letters
from ntm_workflow.notifications.ladder import Kind
from ntm_workflow.notifications.letters import (
    AlertContext,
    LetterContext,
    LetterItem,
    ahead,
    render,
    render_alert,
)

ITEM = LetterItem(
    id="quang-nam-2024-2025/D010/tam-thanh",
    title="Trình hồ sơ đề nghị công nhận xã nông thôn mới nâng cao",
    owed_by="UBND xã Tam Thanh",
    place="xã Tam Thanh",
    clause="điểm 1 mục II",
    plan="Kế hoạch nông thôn mới 2024-2025",
    strength="must",
    expression="trước ngày 30/10/2024",
    strict_day=date(2024, 10, 29),
    nominal_day=date(2024, 10, 30),
    act_by=date(2024, 10, 29),
    enforce_day=date(2024, 10, 31),
    derivation=("“trước ngày 30/10/2024” tính đến hết ngày 29/10/2024",),
)
CONTEXT = LetterContext(unit="UBND xã Tam Thanh", day=date(2024, 10, 22), items=(ITEM,))
KINDS: tuple[Kind, ...] = ("reminder", "confirm")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("upward", [False, True])
@pytest.mark.parametrize("strength", ["must", "strive", "requested", "encouraged"])
def test_a_letter_keeps_the_tone_of_a_reminder(kind: Kind, upward: bool, strength: str) -> None:
    context = replace(CONTEXT, upward=upward, items=(replace(ITEM, strength=strength),))
    text = "\n".join(render(kind, context))
    assert "Thư nhắc việc tự động, không thay thế văn bản chỉ đạo" in text
    assert ("kính báo cáo" in text.lower()) is upward
    # No accusation, no threat, and nothing that belongs to a signed document.
    for word in ("quá hạn", "vi phạm", "chậm trễ", "kiểm điểm", "trách nhiệm", "thu hồi"):
        assert word not in text.lower()
    assert not re.search(r"^\s*(Số|Nơi nhận|Ký bởi)\b", text, re.MULTILINE)
    for mark in ("CỘNG HÒA", "/CV-", "đã ký"):
        assert mark not in text


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
    context = replace(CONTEXT, upward=upward, items=(replace(ITEM, strength=strength),))
    lines = [line.strip() for line in render("reminder", context)[1].splitlines()]
    wordings = ("Đề nghị hoàn", "Kính đề nghị thực", "Mốc phấn đấu", "Khuyến khích")
    assert [line for line in lines if line.startswith(wordings)] == [words]


def test_a_reminder_says_what_where_why_and_by_when() -> None:
    subject, body = render("reminder", CONTEXT)
    assert subject == "[NTM] Nhắc 1 việc, gần nhất ngày 29/10/2024 - UBND xã Tam Thanh"
    for fact in (
        "Kính gửi: UBND xã Tam Thanh\n",
        "1. Trình hồ sơ đề nghị công nhận xã nông thôn mới nâng cao\n",
        "   Địa bàn: xã Tam Thanh\n",
        "29/10/2024 (còn 7 ngày)",
        "điểm 1 mục II, Kế hoạch nông thôn mới 2024-2025, ghi “trước ngày 30/10/2024”",
        "Ngày ghi lịch công tác: 30/10/2024.",
        "Ngày chốt số liệu: 31/10/2024.",
        "   - “trước ngày 30/10/2024” tính đến hết ngày 29/10/2024\n",
    ):
        assert fact in body


def test_a_confirm_letter_asks_the_desk_in_words_an_officer_can_answer() -> None:
    subject, body = render("confirm", replace(CONTEXT, unit="UBND thành phố Tam Kỳ"))
    assert "đã nhận hay chưa nhận?" in subject
    assert "đã nhận hay chưa nhận?" in body
    assert "Đơn vị gửi: UBND xã Tam Thanh" in body
    assert "ntm " not in body


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_from_a_rehearsal_says_so_before_anything_else(kind: Kind) -> None:
    subject, body = render(kind, replace(CONTEXT, sample=True))
    assert subject.startswith("[MẪU] [NTM] ")
    assert body.startswith("THƯ MẪU: ")
    subject, body = render(kind, CONTEXT)
    assert "MẪU" not in subject + body


def test_a_letter_numbers_its_items_in_the_order_given() -> None:
    items = tuple(replace(ITEM, id=f"D{n}", title=f"Việc thứ {n}") for n in range(1, 13))
    body = render("reminder", replace(CONTEXT, items=items))[1]
    assert re.findall(r"^(\d+)\. Việc thứ (\d+)$", body, re.MULTILINE) == [
        (str(n), str(n)) for n in range(1, 13)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_known_leaves_no_empty_line_and_no_none(kind: Kind) -> None:
    bare = replace(ITEM, place=None, nominal_day=None, enforce_day=None, derivation=())
    body = render(kind, replace(CONTEXT, items=(bare,)))[1]
    for trace in ("None", "Địa bàn", "lịch công tác", "chốt số liệu", "Cách tính", "\n\n\n"):
        assert trace not in body


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_can_forge_a_line_of_the_letter(kind: Kind) -> None:
    forged = "Việc\r\nKính gửi: kẻ khác\u2028Số: 12/CV\x0b2. Chuyển tiền"
    context = replace(CONTEXT, unit=forged, items=(replace(ITEM, title=forged, clause=forged),))
    plain = render(kind, replace(CONTEXT, unit="U", items=(replace(ITEM, title="T", clause="C"),)))
    subject, body = render(kind, context)
    assert len(body.splitlines()) == len(plain[1].splitlines())
    assert len(subject.splitlines()) == 1


def test_every_template_is_a_kind_of_letter_and_renders() -> None:
    folder = Path(letters.__file__).parent / "templates"
    alerts = ("alert", "alert.en")
    assert sorted(path.stem for path in folder.glob("*.txt")) == sorted([*KINDS, *alerts])
    for kind in KINDS:
        subject, body = render(kind, CONTEXT)
        assert subject.startswith("[NTM] ")
        assert body.endswith(".\n")
        assert "{" not in body
        assert unicodedata.is_normalized("NFC", subject + body)


@pytest.mark.parametrize("kind", ["clock", "closing"])
@pytest.mark.parametrize("sample", [False, True])
def test_an_alert_is_told_in_both_languages_and_a_sample_says_so(kind: Any, sample: bool) -> None:
    said = {"before": "05/01/2024 09:00", "after": "05/01/2024 11:00", "trouble": "hết chỗ"}
    context = AlertContext(kind=kind, unit="Phòng", day=date(2024, 1, 5), sample=sample, **said)
    subject, body = render_alert(context)
    vi, en = body.split("\n-- \n")
    assert subject.startswith("[MẪU] [NTM] " if sample else "[NTM] ")
    assert ("Kính gửi: Phòng" in vi, "To: Phòng" in en) == (True, True)
    assert {"ntm clock confirm", "ntm doctor"} & {line.strip() for line in vi.splitlines()} == {
        line.strip() for line in en.splitlines() if line.strip().startswith("ntm ")
    }
    assert not set("{}") & set(subject + body)
    assert unicodedata.is_normalized("NFC", subject + body)


def test_a_misspelt_field_is_an_error_and_not_an_empty_place() -> None:
    template = letters._environment().from_string("Kính gửi: {{ letter.unti }}")
    with pytest.raises(UndefinedError, match="unti"):
        template.render(letter=CONTEXT)


def test_an_empty_letter_is_never_written() -> None:
    with pytest.raises(ValueError, match="without items"):
        render("reminder", replace(CONTEXT, items=()))


def test_days_ahead_are_said_in_words() -> None:
    days = [ahead(date(2024, 10, 29), date(2024, 10, day)) for day in (29, 28, 27)]
    assert days == ["hôm nay", "ngày mai", "còn 2 ngày"]
