"""Each kind of form, there and back, on each database: what its cells say becomes the facts of the typed commands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from begun import begin
from sheets import filled, form_rows
from terminal import ntm
from test_form_import import DAY, NGOC, PAPER, size, take
from test_forms import build, export

from ntm_workflow.cli.bilingual import LANG


@pytest.fixture(autouse=True)
def _no_habits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def store(store_url: str) -> str:
    LANG.set("vi")
    begin(store_url, build, "forms")
    return store_url


def test_a_dossier_goes_two_steps_of_its_road_and_a_new_one_is_registered(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024")
    row = next(r for r in form_rows(path) if r["Địa bàn"] == NGOC)
    filled(
        path,
        lambda r: {"Bước": "trình", DAY: date(2024, 10, 28), "Ngày nhận": "29/10/2024"} if r == row else {},
        more=[
            {**row, "Bước": "thẩm tra", DAY: date(2024, 11, 10), "Đơn vị làm": "UBND thành phố Tam Kỳ"},
            {"Địa bàn": "xã Tam Phú", "Danh hiệu": "xã NTM nâng cao", "Năm đánh giá": 2027, "Bước": "đăng ký", DAY: "5/11/2024"},
        ],
    )  # fmt: skip
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], len(answer.json["entries"])) == (3, 1)
    stages = {
        (d["place"]["name"], d["year"]): d["stage"]
        for d in ntm("dossier list --standard xa-nang-cao --json", store).json["items"]
    }
    assert stages[NGOC, 2024] == "verified"
    assert stages["xã Tam Phú", 2027] == "registered"
    again = take(store, path, "--json").json
    assert (again["recorded"], again["known"]) == (0, 3)


def test_a_dossier_is_returned_with_what_is_missing(store: str, tmp_path: Path) -> None:
    submit = "dossier submit --place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --on 28/10/2024"
    assert ntm(submit, store).code == 0
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --within 'Tam Ngọc'")
    said = {"Bước": "trả lại", DAY: "12/11/2024", "Còn thiếu (cách nhau bằng ;)": "biên bản họp thôn; bản đồ", "Hạn bổ sung (theo câu chữ)": "trước ngày 20/11/2024", PAPER: "CV mẫu"}  # fmt: skip
    filled(path, lambda row: said if row["Năm đánh giá"] == 2024 else {})
    assert take(store, path).code == 0
    (dossier,) = (
        d
        for d in ntm("dossier list --within 'Tam Ngọc' --json", store).json["items"]
        if (d["standard"], d["year"]) == ("xa-nang-cao", 2024)
    )
    assert dossier["returns"][0]["missing"] == ["biên bản họp thôn", "bản đồ"]
    assert take(store, path, "--json").json["recorded"] == 0


def test_a_recognition_is_never_judged_by_less_than_the_journal(store: str, tmp_path: Path) -> None:
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Phú'")
    new = {"Địa bàn": "xã Tam Phú", "Danh hiệu": "xã NTM nâng cao", "Năm đánh giá": 2027, PAPER: "QĐ mẫu"}  # fmt: skip
    steps = [{**new, "Bước": "đăng ký", DAY: "5/11/2024"}, {**new, "Bước": "công nhận", DAY: "6/11/2024"}]  # fmt: skip
    filled(path, lambda row: {}, more=steps)
    answer = take(store, path, "--already-done --document 'QĐ mẫu'")
    assert answer.code == 1
    assert "Công nhận phải nhập riêng" in answer.err
    assert not [d for d in ntm("dossier list --year 2027 --json", store).json["items"] if d["standard"] == "xa-nang-cao"]  # fmt: skip


def test_targets_are_measured_and_judged(store: str, tmp_path: Path) -> None:
    path = tmp_path / "mt.xlsx"
    export(store, "targets", path)
    said: dict[str, dict[str, Any]] = {
        "cay-xanh-cong-cong": {"Số đo mới": "12,4", DAY: date(2024, 9, 20)},
        "dan-so-noi-thanh": {"Số đo mới": 124_000, DAY: "20/9/2024", "Năm đánh giá": 2023},
    }
    filled(path, lambda row: said.get(row["Mã mục tiêu"], {}))
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 2
    items = {t["what"]: t for t in ntm("target list --within 'Tam Kỳ' --json", store).json["items"]}
    assert items["cay-xanh-cong-cong"]["value"] == "12.4"
    assert items["dan-so-noi-thanh"]["value"] == "124000"
    assert take(store, path, "--json").json["known"] == 2


def test_a_village_is_judged_and_its_dossier_goes_on_in_one_row(store: str, tmp_path: Path) -> None:
    path = tmp_path / "th.xlsx"
    export(store, "villages", path)
    said = {"Kết luận mới": "đạt", "Bước": "đăng ký", DAY: "20/9/2024", PAPER: "BB mẫu"}
    filled(path, lambda row: said if row["Địa bàn"] == "thôn Đồng Phú" else {})
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert {fact["type"] for fact in answer.json["facts"]} >= {"TargetMeasured", "DossierRegistered"}  # fmt: skip
    export(store, "villages", path)
    row = next(r for r in form_rows(path) if r["Địa bàn"] == "thôn Đồng Phú")
    assert (row["Kết luận trong sổ"], row["Hồ sơ hiện nay"]) == ("đạt", "đã đăng ký")
    filled(path, lambda r: said if r == row else {})
    assert take(store, path, "--json").json["known"] == 2


def test_payments_and_advances_are_taken_in_twice_alike_as_two(store: str, tmp_path: Path) -> None:
    path = tmp_path / "tt.xlsx"
    export(store, "payments", path)
    said: dict[str, Any] = {"Thanh toán (đồng)": "1,5 triệu", DAY: "15/5/2024", "Số chứng từ": "UNC 02"}  # fmt: skip
    (row,) = form_rows(path)
    filled(
        path,
        lambda r: {**said, "Tạm ứng (đồng)": 300_000_000},
        more=[{**row, **said}],
    )
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["recorded"] == 3
    (item,) = ntm("fund list --json", store).json["items"]
    assert (item["advanced"], item["paid"]) == (300_000_000, 3_000_000)
    assert take(store, path, "--json").json["known"] == 3


def test_units_are_registered_and_reached_and_the_journal_holds_no_address(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    emails = "Địa chỉ thư mới (cách nhau bằng ;)"
    new = {"Tên đơn vị": "Phòng Mẫu Tam Kỳ", "Địa bàn": "thành phố Tam Kỳ", "Vai trò": "phòng", emails: "moi@example.com"}  # fmt: skip
    people = {"Người phụ trách mới (cách nhau bằng ;)": "Nguyễn Văn Mẫu", "Điện thoại (cùng thứ tự)": "0000 000 000"}  # fmt: skip
    filled(
        path,
        lambda row: {emails: "phu@example.com; phu2@example.com", "Nhận thư tổng hợp tháng": "không", **people} if row["Tên đơn vị"] == "UBND xã Tam Phú" else {},
        more=[new],
    )  # fmt: skip
    before = size(store)
    for broken in ({**new, "Tên đơn vị": "Phòng Hỏng", emails: "không phải"},):
        bad = filled(path, lambda row: {}, tmp_path / "hong.xlsx", more=[new, broken])
        assert take(store, bad).code == 1
    assert (size(store), contacts_kept(store)) == (before, ["tam-ngoc@example.com"])
    assert take(store, path, "--dry-run").code == 0
    assert contacts_kept(store) == ["tam-ngoc@example.com"]
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], len(answer.json["entries"])) == (2, 1)
    assert "example.com" not in answer.out
    shown = ntm("unit show 'UBND xã Tam Phú' --json", store).json
    assert shown["emails"] == ["phu@example.com", "phu2@example.com"]
    assert shown["people"] == [{"name": "Nguyễn Văn Mẫu", "phone": "0000 000 000"}]
    assert ntm("unit show 'Phòng Mẫu Tam Kỳ' --json", store).json["emails"] == ["moi@example.com"]
    again = take(store, path, "--json").json
    assert (again["recorded"], again["known"]) == (0, 2)
    assert again["untouched"] > 0


def contacts_kept(store: str) -> list[str]:
    units = ntm("unit list --json", store).json["items"]
    return [email for unit in units for email in unit["emails"]]


# --- rows that are about something else than they seem


EMAIL = "Địa chỉ thư mới (cách nhau bằng ;)"


@pytest.mark.parametrize(
    ("kind", "head", "said", "filling"),
    [
        ("dossiers", "Năm đánh giá", 2026, {"Bước": "đăng ký", DAY: "5/11/2024"}),
        ("dossiers", "Danh hiệu", "xã NTM", {"Bước": "đăng ký", DAY: "5/11/2024"}),
        ("targets", "Mã mục tiêu", "khac", {"Số đo mới": 1, DAY: "5/11/2024"}),
        ("units", "Tên đơn vị", "Phòng Mới", {EMAIL: "moi@example.com"}),
        ("payments", "Tên công trình, mục vốn", "Cầu B", {"Thanh toán (đồng)": 5, DAY: "5/11/2024"}),
        ("villages", "Địa bàn", "thôn Khác", {"Kết luận mới": "đạt", DAY: "5/11/2024"}),
    ],
)  # fmt: skip
def test_a_row_copied_and_changed_is_not_taken_for_the_one_it_was_copied_from(
    store: str, tmp_path: Path, kind: str, head: str, said: Any, filling: dict[str, Any]
) -> None:
    path = tmp_path / "bieu.xlsx"
    export(store, kind, path)
    row = form_rows(path)[0]
    filled(path, lambda r: {}, more=[{**row, head: said, **filling}])
    before = size(store)
    answer = take(store, path)
    assert (answer.code, size(store)) == (1, before)
    assert f"cột “{head}”: Ô ghi “{said}” nhưng dòng này của biểu là của" in answer.err


def test_a_unit_renamed_since_the_form_was_written_is_still_known(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    line = "unit rename 'UBND xã Tam Phú' 'UBND phường Tam Phú' --on 1/11/2024"
    assert ntm(line, store).code == 0
    said = {EMAIL: "phu@example.com"}
    filled(path, lambda row: said if row["Tên đơn vị"] == "UBND xã Tam Phú" else {})
    answer = take(store, path)
    assert answer.code == 0, answer.err
    assert ntm("unit show 'UBND phường Tam Phú' --json", store).json["emails"] == ["phu@example.com"]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"), [("targets", "số đo mới hoặc kết luận mới"), ("villages", "kết luận mới hoặc bước của hồ sơ")]
)  # fmt: skip
def test_a_year_filled_down_fills_in_nothing_by_itself(
    store: str, tmp_path: Path, kind: str, said: str
) -> None:
    path = tmp_path / "bieu.xlsx"
    export(store, kind, path)
    filled(path, lambda row: {"Năm đánh giá": 2024, DAY: "20/9/2024"})
    told = take(store, path, "--json").json
    assert (told["recorded"], told["untouched"] > 10) == (0, True)
    filled(path, lambda row: {"Ghi chú": "x"})
    answer = take(store, path)
    assert f"Thiếu {said}" in answer.err
    assert "cay-xanh-cong-cong" not in answer.err


def test_two_new_units_of_one_name_in_one_form_are_refused(store: str, tmp_path: Path) -> None:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    new = {"Địa bàn": "thành phố Tam Kỳ", "Vai trò": "phòng"}
    names = ("Phòng Mẫu", "phòng  mẫu")
    filled(path, lambda row: {}, more=[{**new, "Tên đơn vị": name} for name in names])
    answer = take(store, path)
    assert answer.code == 1
    assert "Trùng với dòng" in answer.err


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"Bước": "thẩm tra"}, "cột “Bước”"),
        ({"Bước": "thẩm định", "Thẩm định": "đạt"}, "Thiếu tiêu chí thẩm định"),
        ({"Bước": "không công nhận"}, "Thiếu lý do"),
        ({"Bước": "lập hồ sơ", "Lý do": "x"}, "Bước “lập hồ sơ” không dùng ô này"),
        ({"Bước": "trình", "Đơn vị làm": "Sở Không Có"}, "cột “Đơn vị làm”: Không tìm thấy"),
        ({"Bước": "trình", "Ngày gửi": "31/2/2024"}, "cột “Ngày gửi”: Không có ngày"),
        ({"Bước": "nộp lên"}, "không có trong danh sách"),
    ],
)
def test_a_step_out_of_order_or_without_what_it_needs_is_refused(
    store: str, tmp_path: Path, said: dict[str, Any], why: str
) -> None:
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    filled(path, lambda row: {**said, DAY: date(2024, 10, 28)})
    before = size(store)
    answer = take(store, path)
    assert (answer.code, size(store)) == (1, before)
    assert why in answer.err


def test_a_whole_road_stands_in_one_form_and_a_recognition_in_the_next(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "hs.xlsx"
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    (row,) = (r for r in form_rows(path) if r["Địa bàn"])
    criteria, body = "Tiêu chí thẩm định (13, 14 hoặc: tất cả)", "Đơn vị làm"
    province = "UBND tỉnh Quảng Nam"
    steps: list[dict[str, Any]] = [
        {"Bước": "thẩm định", criteria: "tất cả", "Thẩm định": "đạt", body: province, DAY: "5/12/2024"},
        {"Bước": "trình tiếp", DAY: "25/11/2024"},
        {"Bước": "thẩm tra", DAY: "10/11/2024"},
    ]  # fmt: skip
    filled(
        path,
        lambda r: {"Bước": "trình", DAY: "28/10/2024"},
        more=[{**row, **step} for step in steps],
    )
    answer = take(store, path, "--json")
    assert answer.code == 0, answer.err
    assert (answer.json["recorded"], len(answer.json["entries"])) == (4, 1)
    assert take(store, path, "--json").json["known"] == 4
    export(store, "dossiers", path, "--standard xa-nang-cao --year 2024 --within 'Tam Ngọc'")
    assert form_rows(path)[0]["Bước hiện nay"] == "đã thẩm định"
    filled(path, lambda r: {"Bước": "công nhận", DAY: "15/1/2025", PAPER: "QĐ mẫu"})
    line = "--place 'Tam Ngọc' --standard xa-nang-cao --year 2024 --on 15/1/2025 --document 'QĐ mẫu'"  # fmt: skip
    typed = ntm(f"dossier recognise {line}", store)
    answer = take(store, path)
    assert (typed.code, answer.code) == (1, 1)
    assert typed.err.removeprefix("Lỗi: ").partition(":")[0] in answer.err
    assert take(store, path, "--already-done --document 'QĐ mẫu'").code == 0
    assert take(store, path, "--json").json["known"] == 1


def test_outstanding_fields_are_named_where_a_criterion_asks_for_them(
    store: str, tmp_path: Path
) -> None:
    path = tmp_path / "km.xlsx"
    fields = "Lĩnh vực nổi trội (cách nhau bằng ;)"
    of = "--set xa-kieu-mau --year 2024 --within 'Tam Ngọc'"
    export(store, "criteria", path, of)
    tick = {"Kết quả mới": "đạt", DAY: "20/8/2024"}
    filled(path, lambda row: tick if row["TC số"] == 4 else {})
    answer = take(store, path)
    assert answer.code == 1
    assert "ít nhất 1 lĩnh vực nổi trội" in answer.err
    filled(path, lambda row: {**tick, fields: "du lịch; chuyển đổi số"} if row["TC số"] == 4 else {})  # fmt: skip
    answer = take(store, path)
    assert answer.code == 0, answer.err
    show = ntm("criteria show --place 'Tam Ngọc' --set xa-kieu-mau --json", store).json["items"]
    assert next(i for i in show if i["number"] == 4)["fields"] == ["du lịch", "chuyển đổi số"]
    lost = {"Kết quả mới": "chưa đạt", DAY: "1/10/2024", fields: "du lịch"}
    filled(path, lambda row: lost if row["TC số"] == 4 else {})
    answer = take(store, path)
    assert (answer.code, "chỉ đi với kết quả đạt" in answer.err) == (1, True), answer.err


def test_an_address_that_another_unit_has_is_told(store: str, tmp_path: Path) -> None:
    path = tmp_path / "dv.xlsx"
    export(store, "units", path)
    said = {EMAIL: "tam-ngoc@example.com"}
    filled(path, lambda row: said if row["Tên đơn vị"] == "UBND xã Tam Phú" else {})
    answer = take(store, path)
    assert answer.code == 0, answer.err
    assert "tam-ngoc@example.com cũng là địa chỉ của UBND xã Tam Ngọc" in answer.out


def test_ten_thousand_rows_are_one_entry(store: str, tmp_path: Path) -> None:
    path = tmp_path / "tt.xlsx"
    export(store, "payments", path)
    (row,) = form_rows(path)
    more = [{**row, "Thanh toán (đồng)": 1000 + n, DAY: date(2024, 5, 15)} for n in range(10_000)]
    filled(path, lambda r: {}, more=more)
    answer = take(store, path)
    assert answer.code == 0, answer.err
    assert "Dòng mới ghi: 10000" in answer.out
    assert "đã có trong sổ: 10000" in take(store, path).out
