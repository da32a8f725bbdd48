"""Names, money and days as people type and read them; needs no journal."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.domain.base import NotBegun
from ntm_workflow.domain.inputs import (
    LARGEST_AMOUNT,
    CommaGroups,
    FractionOfDong,
    MissingUnit,
    MissingYear,
    NoSuchDay,
    NoSuchMonth,
    NotDong,
    NotPositive,
    PointNotComma,
    ShortYear,
    TooLarge,
    TwoReadings,
    UnreadableAmount,
    UnreadableDate,
    UnreadableNumber,
    YearOutOfRange,
    read_date,
    read_money,
    read_number,
)
from ntm_workflow.domain.values import (
    Sentence,
    collation_key,
    fold,
    format_date,
    format_dong,
    format_number,
    format_short,
    nfc,
)

BILLION = 10**9
MILLION = 10**6
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
AMOUNTS = st.integers(1, LARGEST_AMOUNT)
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbdđeèẻẽéẹêềểễếệghikmnoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
NAMES = st.text(VIETNAMESE + VIETNAMESE.upper() + " -'0123456789")


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Tam Kỳ", "tam ky"),
        ("Định Hoá", "dinh hoa"),
        ("Định Hóa", "dinh hoa"),
        ("ÐẠI LỘC", "dai loc"),
        ("đại – lộc (huyện)", "dai loc huyen"),
        ("  Xã\u00a0A_Xan ", "xa a xan"),
        ("Bhalêê", "bhalee"),
        ("Quý 4/2024", "quy 4 2024"),
        ("…", ""),
    ],
)
def test_a_folded_name_has_no_case_accent_or_punctuation(name: str, key: str) -> None:
    assert fold(name) == key


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_name_from_a_mac_folds_like_a_typed_one(text: str) -> None:
    assert fold(decomposed(text)) == fold(nfc(text))


@given(NAMES)
def test_a_name_from_a_mac_sorts_and_stores_like_a_typed_one(name: str) -> None:
    assert nfc(decomposed(name)) == nfc(name)
    assert collation_key(decomposed(name)) == collation_key(nfc(name))


def test_folding_is_only_for_searching_because_two_communes_share_a_key() -> None:
    assert fold("Tam Thanh") == fold("Tam Thành")
    assert nfc("Tam Thanh") != nfc("Tam Thành")


@pytest.mark.parametrize(
    "ordered",
    [
        list("aăâbcdđeêghiklmnoôơpqrstuưvxy"),
        ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â"],
        ["Tam Anh", "Tam Đàn", "Tam Phú", "Tam Thanh", "Tam Thành", "Tam Thăng", "Tân An"],
        ["an", "an bình", "anh", "ăn", "ân"],
        ["bà", "bá", "bạ", "bàn", "bán"],
        ["Xã 2", "Xã 3", "Xã A", "xã á"],
        ["da", "đa", "đá", "e"],
        ["duy trung", "Duy Trung", "Duy Vinh"],
    ],
)
def test_names_sort_as_in_a_vietnamese_dictionary(ordered: list[str]) -> None:
    mixed = ordered.copy()
    mixed.reverse()
    assert sorted(mixed, key=collation_key) == ordered


@given(NAMES, NAMES)
def test_only_names_that_look_alike_share_a_place_in_the_order(one: str, other: str) -> None:
    assert (collation_key(one) == collation_key(other)) == (one == other)


# --- days ----------------------------------------------------------------------------------------


@given(DAYS)
def test_a_day_shown_is_read_back_as_the_same_day(day: date) -> None:
    assert read_date(format_date(day)) == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "30/10/2024",
        "30-10-2024",
        "30.10.2024",
        "2024-10-30",
        " 30/10/2024\n",
        "\u00a030/10/2024\u200b",
        "30/10 /2024",
    ],
)
def test_the_day_comes_first_whatever_the_mark(text: str) -> None:
    assert read_date(text) == date(2024, 10, 30)


def test_a_day_and_a_month_may_drop_their_zero() -> None:
    assert read_date("5-1-2024") == read_date("05/01/2024") == read_date("2024-1-5")


@pytest.mark.parametrize(
    ("text", "refusal", "why"),
    [
        ("10/30/2024", NoSuchMonth, "tháng 30?"),
        ("2024-30-10", NoSuchMonth, "tháng 30?"),
        ("30/0/2024", NoSuchMonth, "tháng 0?"),
        ("31/02/2024", NoSuchDay, "tháng 2 năm 2024 có 29 ngày"),
        ("29/02/2025", NoSuchDay, "tháng 2 năm 2025 có 28 ngày"),
        ("0/10/2024", NoSuchDay, "tháng 10 năm 2024 có 31 ngày"),
        ("30/10/24", ShortYear, "đủ bốn chữ số"),
        ("30/10/202", ShortYear, "đủ bốn chữ số"),
        ("30/10", MissingYear, "chưa có năm"),
        ("30/10/0204", YearOutOfRange, "Năm 204"),
        ("30/10/20244", UnreadableDate, "30/10/20244"),
        ("30/10-2024", UnreadableDate, "30/10-2024"),
        ("2024/10/30", UnreadableDate, "2024/10/30"),
        ("30 10 2024", UnreadableDate, "30 10 2024"),
        ("٣٠/١٠/٢٠٢٤", UnreadableDate, "Gõ ngày/tháng/năm"),
        ("hôm nay", UnreadableDate, "hôm nay"),
        ("", UnreadableDate, "Gõ ngày/tháng/năm"),
        ("20241030", UnreadableDate, "20241030"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused_with_the_reason(
    text: str, refusal: type[UnreadableDate], why: str
) -> None:
    with pytest.raises(UnreadableDate) as refused:
        read_date(text)
    assert type(refused.value) is refusal
    assert refused.value.exit_code == 2
    assert why in refused.value.say("vi")


def test_a_refused_day_shows_how_today_would_be_typed() -> None:
    with pytest.raises(MissingYear) as refused:
        read_date("30/10", today=date(2026, 11, 5))
    assert refused.value.say("en").endswith("Type day/month/year: 05/11/2026")


# --- money ---------------------------------------------------------------------------------------


@given(AMOUNTS)
def test_money_shown_is_read_back_as_the_same_amount(amount: int) -> None:
    assert read_money(format_dong(amount, "vi")) == amount
    assert read_money(format_short(amount, "vi")) == amount
    assert read_money(str(amount)) == amount


@given(AMOUNTS)
def test_money_shown_in_english_is_never_read_as_another_amount(amount: int) -> None:
    for shown in (format_dong(amount, "en"), format_short(amount, "en")):
        try:
            assert read_money(shown) == amount
        except UnreadableAmount:
            assert amount >= 1000


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (1_500_000_000, "1,5 tỷ đồng", "1.5 billion đồng"),
        (500_000_000, "500 triệu đồng", "500 million đồng"),
        (1_307_608_000_000, "1.307,608 tỷ đồng", "1,307.608 billion đồng"),
        (1_307_608_500_000, "1.307.608,5 triệu đồng", "1,307,608.5 million đồng"),
        (1_000_000_001, "1.000.000.001 đồng", "1,000,000,001 đồng"),
        (2_050_000, "2,05 triệu đồng", "2.05 million đồng"),
        (999_999, "999.999 đồng", "999,999 đồng"),
        (0, "0 đồng", "0 đồng"),
        (-1_500_000_000, "-1,5 tỷ đồng", "-1.5 billion đồng"),
    ],
)
def test_short_money_is_exact_in_both_languages(amount: int, vi: str, en: str) -> None:
    assert format_short(amount, "vi") == vi
    assert format_short(amount, "en") == en


def test_money_in_full_groups_thousands_as_the_language_does() -> None:
    assert format_dong(1_500_000_000, "vi") == "1.500.000.000 đồng"
    assert format_dong(1_500_000_000, "en") == "1,500,000,000 đồng"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500000000", 1_500_000_000),
        ("1.500.000.000", 1_500_000_000),
        ("1.500.000.000 đồng", 1_500_000_000),
        ("1500000000 đồng", 1_500_000_000),
        ("1500000000đ", 1_500_000_000),
        ("1.500.000 VND", 1_500_000),
        ("1,5 tỷ", 1_500_000_000),
        ("1,5 tỷ đồng", 1_500_000_000),
        ("1,5 tỉ", 1_500_000_000),
        ("1,5tỷ", 1_500_000_000),
        ("1,5 TỶ ĐỒNG", 1_500_000_000),
        ("02 tỷ đồng", 2 * BILLION),
        ("0,5 tỷ", 500 * MILLION),
        ("500 triệu", 500 * MILLION),
        ("1.307,608 tỷ", 1_307_608 * MILLION),
        ("597,443 tỷ", 597_443 * MILLION),
        ("1.500 tỷ", 1500 * BILLION),
        ("0,000000001 tỷ", 1),
        ("  1,5\u00a0\u202ftỷ\u2009đồng ", 1_500_000_000),
        ("10.000.000.000.000.000", LARGEST_AMOUNT),
    ],
)
def test_money_is_read_in_whole_dong(text: str, amount: int) -> None:
    assert read_money(text) == amount
    assert read_money(decomposed(text)) == amount


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("1.5", PointNotComma),
        ("1.5 tỷ", PointNotComma),
        ("1.50.000", PointNotComma),
        ("1500.000", PointNotComma),
        ("0.500 tỷ", PointNotComma),
        ("1.500.000.", PointNotComma),
        ("1,5", MissingUnit),
        ("1.307,608", MissingUnit),
        ("1,500,000", CommaGroups),
        ("1,500.000", CommaGroups),
        ("1,500 tỷ", TwoReadings),
        ("0,500 tỷ", TwoReadings),
        ("1,000 triệu", TwoReadings),
        ("1,5 đồng", FractionOfDong),
        ("1,0000000001 tỷ", FractionOfDong),
        ("-5", NotPositive),
        ("−1,5 tỷ", NotPositive),
        ("0", NotPositive),
        ("0,0 tỷ", NotPositive),
        ("10000000000000001", TooLarge),
        ("10.001 tỷ tỷ", NotDong),
        ("100000000 tỷ", TooLarge),
        ("100 USD", NotDong),
        ("100 nghìn", NotDong),
        ("1.5 billion đồng", NotDong),
        ("1 tỷ 500 triệu", NotDong),
        ("10%", NotDong),
        ("1 500 000", NotDong),
        ("$100", UnreadableAmount),
        ("tỷ", UnreadableAmount),
        ("1, tỷ", UnreadableAmount),
        ("", UnreadableAmount),
        ("+5", UnreadableAmount),
        ("１５００", UnreadableAmount),
        ("1e9", NotDong),
    ],
)
def test_money_that_could_mean_something_else_is_refused(
    text: str, refusal: type[UnreadableAmount]
) -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_money(text)
    assert type(refused.value) is refusal
    assert refused.value.exit_code == 2
    for lang in ("vi", "en"):
        assert text.strip() in refused.value.say(lang)
        assert 1 <= refused.value.say(lang).count("\n") <= 2


def test_an_amount_with_two_readings_shows_both() -> None:
    with pytest.raises(TwoReadings) as refused:
        read_money("1,500 tỷ")
    assert refused.value.say("vi").startswith("“1,500 tỷ” là 1,5 tỷ đồng hay 1.500 tỷ đồng?")


def test_an_amount_without_its_unit_asks_which() -> None:
    with pytest.raises(MissingUnit) as refused:
        read_money("597,443")
    assert refused.value.say("vi").startswith("“597,443” là 597,443 tỷ hay 597,443 triệu đồng?")


# --- sentences -----------------------------------------------------------------------------------


def test_a_sentence_shows_days_money_lists_and_gaps_in_the_readers_language() -> None:
    template = "{day} | {amount:dong} | {gap} | {gap:dong} | {began} | {days} | {amounts:dong}"
    facts = {
        "day": date(2024, 10, 5),
        "amount": 1_500_000_000,
        "gap": None,
        "began": date(1, 1, 1),
        "days": (date(2024, 6, 30), None, "nay"),
        "amounts": [500_000_000, 1],
    }
    assert Sentence("vi").format(template, **facts) == (
        "05/10/2024 | 1,5 tỷ đồng | chưa rõ | chưa rõ | chưa rõ | "
        "30/06/2024, chưa rõ, nay | 500 triệu đồng, 1 đồng"
    )
    assert Sentence("en").format(template, **facts) == (
        "05/10/2024 | 1.5 billion đồng | unknown | unknown | unknown | "
        "30/06/2024, unknown, nay | 500 million đồng, 1 đồng"
    )


def test_a_sentence_shows_an_instant_in_vietnams_time() -> None:
    late = datetime(2024, 10, 30, 18, 5, tzinfo=UTC)
    assert Sentence("vi").format("{at}", at=late) == "31/10/2024 01:05"


def test_a_sentence_keeps_ordinary_formats() -> None:
    day = date(2024, 6, 30)
    assert Sentence("vi").format("{day:%m/%Y} {rate:.1f}", day=day, rate=0.25) == "06/2024 0.2"


def test_a_sentence_with_a_field_nobody_gave_is_an_error() -> None:
    with pytest.raises(KeyError):
        Sentence("vi").format("{missing}", other=1)


def test_a_refusal_with_an_unknown_beginning_says_so() -> None:
    refusal = NotBegun(subject="x", day=date(2024, 1, 1), began=None)
    assert "chưa rõ" in refusal.say("vi")
    assert "unknown" in refusal.say("en")


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("12,19", "12.19"),
        ("5", "5"),
        ("123.991,00", "123991"),
        ("1.511.461,13", "1511461.13"),
        ("16,380", "16.38"),
        ("0,5", "0.5"),
        (" 100 ", "100"),
    ],
)
def test_a_number_is_read_as_vietnamese_papers_write_it(text: str, stored: str) -> None:
    assert read_number(text) == stored


@pytest.mark.parametrize(
    "text", ["12.19", "1,2,3", "1.5", "12,", ",5", "-3", "12 %", "", "1e5", "12.3456,7", "0.500"]
)
def test_a_number_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(UnreadableNumber) as refused:
        read_number(text)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("stored", "vi", "en"), [("1511461.13", "1.511.461,13", "1,511,461.13"), ("0.5", "0,5", "0.5")]
)
def test_a_stored_number_shows_as_its_reader_writes_it(stored: str, vi: str, en: str) -> None:
    assert (format_number(stored, "vi"), format_number(stored, "en")) == (vi, en)
    assert read_number(vi) == stored
