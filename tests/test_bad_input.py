"""Bad input: the fact, where, the next command; the right exit code; nothing written, no traceback."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from demo_store import Demo
from terminal import ntm

_ITEM = "--item 'Hỗ trợ NTM nâng cao Tam Ngọc (mẫu)'"
_NEW = "--place 'Tam Ngọc' --year 2024 --source provincial --kind investment"
_DOSSIER = "--standard xa-nang-cao --year 2024"

#: command -> exit code and words its message must hold
CASES = [
    # names
    ("place show 'tam thanh'", 0, "Tam Thanh"),
    ("place show 'Tam Xyz'", 3, "Không tìm thấy"),
    ("place show 'Tam Ngok'", 3, "Tam Ngọc"),
    ("obligation list --unit 'UBND xã Tam Ngoc'", 0, ""),
    ("obligation show D118-tam-ngoc", 3, "D118/tam-ngoc-tam-ky"),
    ("obligation list --within 'Hà Nội'", 3, "Không tìm thấy"),
    ("criteria matrix --set xa-moi", 3, "xa-nang-cao"),
    ("plan adopt khong-co", 3, "tam-ky-2024"),
    ("plan show khong-co", 3, "tam-ky-2024"),
    ("place show 'Tam Thành'", 3, "Tam Thanh"),
    ("place show 'tam ngọc'", 0, "Tam Ngọc"),
    ("place show 'xã Tam Ngoc'", 0, "Tam Ngọc"),
    ("obligation list --plan nope", 3, "tam-ky-2024"),
    ("fact list --type Nope", 2, "FundDisbursed"),
    ("obligation list --known-at '#99999'", 3, "99999"),
    ("fact void {second} --reason thử --document 'BB 1'", 3, "#{first}"),
    ("fact void {first} --reason '' --document 'BB 1'", 2, "để trống"),
    ("dossier register --place 'Tam Phú' --standard xa-sieu --year 2024 --on 1/3/2024", 3, "xa-nang-cao"),
    ("dossier register --place 'Tam Phú' --standard xa-kieu-mau --year 24 --on 1/3/2024", 2, "1900"),
    ("criteria achieve --place 'Tam Ngọc' --set xa-ntm --criterion 19 --year 2030 --on 1/3/2024", 2, "2030"),
    ("obligation meet D015/tam-ky --on 1/9/2024 --already-done", 2, "--document"),
    ("fund show 'cầu Kỳ Phú'", 3, "fund list"),
    ("fact show 99999", 3, "99999"),
    ("letter show letter/x/reminder/2024-01-01", 3, "letter list"),
    ("dossier submit --place 'Tam Phú' --standard xa-kieu-mau --year 2024", 3, "dossier register"),
    (f"dossier submit --place 'Tam Ngọc' {_DOSSIER} --to 'Phòng Kinh tế thành phố Mơ'", 3, "Không tìm thấy"),
    # days and amounts
    (f"fund disburse {_ITEM} --amount 1.5 --on 15/5/2024", 2, "1.5"),
    (f"fund disburse {_ITEM} --amount=-5 --on 15/5/2024", 2, "lớn hơn 0"),
    (f"fund disburse {_ITEM} --amount '5 USD' --on 15/5/2024", 2, "USD"),
    (f"fund disburse {_ITEM} --amount 100 --on 10/30/2024", 2, "tháng 30"),
    (f"fund disburse {_ITEM} --amount 100 --on 31/2/2024", 2, "29 ngày"),
    (f"fund disburse {_ITEM} --amount 100 --on 1/1/2099", 2, "chưa đến"),
    ("obligation list --as-of 32/1/2024", 2, "32/1/2024"),
    ("obligation list --known-at '#abc'", 2, "#abc"),
    ("obligation list --standing late", 2, "overdue"),
    ("fact show abc", 2, "abc"),
    ("day close --until 1/1/2099", 2, "chưa hết"),
    # rules
    (f"fund disburse {_ITEM} --amount '9 tỷ' --on 15/5/2024", 1, "còn lại"),
    (f"fund disburse {_ITEM} --amount 100 --on 19/2/2024", 1, "20/02/2024"),
    ("obligation meet D016/tam-ngoc-tam-ky --on 1/1/2023", 1, "01/01/2024"),
    ("criteria achieve --place 'Tam Ngọc' --set xa-ntm --criterion 20 --on 1/3/2024", 1, "không có tiêu chí số 20"),
    ("criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --criterion 13 --on 20/8/2024", 1, "đã được ghi"),
    (f"dossier submit --place 'Tam Ngọc' {_DOSSIER} --on 29/10/2024", 1, "đã nộp"),
    (f"fund allocate --item mới {_NEW} --amount 1000 --on 1/3/2024 --type cầu", 2, "work"),
    (f"fund allocate --item mới {_NEW.replace('provincial', 'túi')} --amount 1000 --on 1/3/2024", 2, "central"),
    ("plan adopt tam-ky-2024", 1, "đã áp dụng"),
    ("unit contact 'UBND xã Tam Phú' --email 'a b@example.com'", 2, "a b@example.com"),
    ("fact void 259 --reason 'ghi nhầm'", 2, "--document"),
    ("obligation meet D015/tam-ky --on 1/9/2024 --body 'Phòng Lạ'", 3, "Phòng Lạ"),
    # an empty shell variable is no wish to see everything
    ("place list --within ''", 2, "để trống"),
    ("place show 'Tam Ngọc' --within ''", 2, "để trống"),
    ("unit list --within ''", 2, "để trống"),
    ("fund list --within ''", 2, "để trống"),
    ("dossier list --within ''", 2, "để trống"),
    ("target list --within ''", 2, "để trống"),
    ("criteria matrix --set xa-nang-cao --within ''", 2, "để trống"),
    ("obligation list --within ''", 2, "để trống"),
    ("obligation list --unit ''", 2, "để trống"),
    ("fact list --place ''", 2, "để trống"),
    ("fact list --subject ''", 2, "để trống"),
    ("audit diff --from 1/1/2024 --until 1/2/2024 --within ''", 2, "để trống"),
    ("plan adopt quang-nam-2024-2025 --within ''", 2, "để trống"),
    ("unit alias ubnd-tam-ky --add ''", 2, "để trống"),
    # usage
    ("obligaton list", 2, "obligation"),
    ("plan adopt", 2, "--all"),
    ("audit diff --from 1/1/2024", 2, "--until"),
    ("fact correct 72 --reason thử --set amount", 2, "MỤC=GIÁ TRỊ"),
]  # fmt: skip


@pytest.fixture(scope="module")
def demo(told_demo: Demo) -> str:
    return told_demo.store


@pytest.fixture
def store(demo: str, tmp_path: Path) -> str:
    copy = tmp_path / "sổ.db"
    source, target = sqlite3.connect(demo), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    return str(copy)


def first_item(store: str) -> int:
    """The entry that opened the first fund item; its money is the fact after."""
    found = ntm("fact list --type FundItemOpened --json", store).json["items"]
    return int(found[0]["entry"])


@pytest.mark.parametrize(("line", "code", "words"), CASES, ids=[case[0] for case in CASES])
def test_bad_input_is_told_plainly_and_writes_nothing(
    line: str, code: int, words: str, store: str
) -> None:
    before = ntm("audit verify --json", store).json
    first = first_item(store)
    line, words = (t.format(first=first, second=first + 1) for t in (line, words))
    answer = ntm(line, store)
    assert answer.code == code, answer.out + answer.err
    assert words in answer.out + answer.err
    assert "Traceback" not in answer.err
    assert ntm("audit verify --json", store).json == before


def test_an_ambiguous_name_lists_the_candidates_with_their_ids(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    ntm("init", store)
    ntm("plan adopt quang-nam-2024-2025", store)
    answer = ntm("place show 'tam thanh'", store)
    assert answer.code == 3
    assert "tam-thanh-tam-ky  xã Tam Thanh  thành phố Tam Kỳ" in answer.err
    assert "tam-thanh-phu-ninh  xã Tam Thành  huyện Phú Ninh" in answer.err
    assert ntm("place show 'Tam Thành'", store).code == 0
    assert ntm("place show tam-thanh-phu-ninh", store).code == 0


def test_a_store_named_on_the_line_wins_over_the_environment(
    store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NTM_STORE", str(tmp_path / "khác.db"))
    monkeypatch.setenv("NTM_BY", "môi trường")
    for line in (f"--store {store} audit verify", f"audit verify --store {store}"):
        assert ntm(line).code == 0
    line = f"--by 'cờ' --store {store} obligation meet D015/tam-ky --on 1/9/2024 --json"
    assert ntm(line).json["facts"][0]["by"] == "cờ"


def test_letters_of_another_day_are_not_sent_from_a_real_store(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    ntm("init", store)
    ntm("plan adopt tam-ky-2024", store)
    answer = ntm(f"letter send --on 15/10/2024 --outbox {tmp_path}/thư", store)
    assert answer.code == 2
    assert "letter preview" in answer.err
    assert ntm(f"letter send --outbox {store}", store).code == 2


def test_names_may_come_decomposed_or_with_odd_spaces(store: str) -> None:
    import unicodedata

    typed = unicodedata.normalize("NFD", "xã  Tam Ngọc ")
    assert ntm(f"place show '{typed}'", store).code == 0


def test_the_messages_come_in_english_when_asked(store: str) -> None:
    assert ntm("place show Xyz --lang en", store).err.startswith(
        "Error: “Xyz” is not in the journal"
    )


# --- stores -------------------------------------------------------------------------------------


def test_a_store_that_is_missing_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "không có.db"
    answer = ntm("obligation list", str(path))
    assert answer.code == 1
    assert "ntm init" in answer.err
    assert not path.exists()


def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "báo cáo.docx"
    path.write_bytes(b"PK\x03\x04 khong phai so")
    for line in ("obligation list", "init", "day close --until 1/1/2024"):
        answer = ntm(line, str(path))
        assert answer.code == 1, line
        assert "Traceback" not in answer.err
    assert path.read_bytes() == b"PK\x03\x04 khong phai so"


def test_a_store_is_not_made_over_another(store: str) -> None:
    assert ntm("init", store).code == 1
    assert ntm("audit verify", store).code == 0


def test_a_store_of_a_newer_program_is_refused(store: str) -> None:
    with sqlite3.connect(store) as conn:
        conn.execute("UPDATE meta SET value='99' WHERE key='format'")
    conn.close()
    answer = ntm("obligation list", store)
    assert answer.code == 1
    assert "99" in answer.err


def test_a_changed_row_is_named_by_its_position(store: str) -> None:
    money = first_item(store) + 1
    with sqlite3.connect(store) as conn:
        conn.execute(
            "UPDATE events SET state = replace(state, '1500000000', '2500000000')"
            " WHERE position = ?",
            (money,),
        )
    conn.close()
    answer = ntm("audit verify --json", store)
    assert (answer.code, answer.json["ok"], answer.json["first_bad"]) == (1, False, money)


def test_tables_that_were_edited_are_told_and_mended_by_a_rebuild(store: str) -> None:
    with sqlite3.connect(store) as conn:
        conn.execute("UPDATE fund SET disbursed = 1")
    conn.close()
    assert ntm("rebuild --check", store).code == 1
    assert ntm("rebuild", store).code == 0
    assert ntm("rebuild --check", store).code == 0


def test_tables_of_another_version_are_refused_and_migrated(store: str) -> None:
    digest = ntm("rebuild --check --json", store).json["digest"]
    with sqlite3.connect(store) as conn:
        conn.execute("ALTER TABLE obligation DROP COLUMN waived_on")
        conn.execute("UPDATE meta SET value = 'older' WHERE key = 'tables'")
    conn.close()
    answer = ntm("obligation list", store)
    assert (answer.code, "ntm migrate" in answer.err) == (1, True)
    assert ntm("migrate", store).code == 0
    assert ntm("rebuild --check --json", store).json["digest"] == digest
    assert ntm("migrate", store).code == 0


def test_a_read_only_folder_is_told(store: str, tmp_path: Path) -> None:
    shutil.copy(store, tmp_path / "chỉ đọc.db")
    address = f"sqlite:///file:{tmp_path / 'chỉ đọc.db'}?mode=ro&uri=true"
    answer = ntm("obligation meet D015/tam-ky --on 1/3/2024", address)
    assert answer.code == 1
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("field", "code", "words"),
    [
        ("type=cầu", 2, "work"),
        ("plan_year=abc", 2, "abc"),
        ("place=Xyz", 3, "Không tìm thấy"),
        ("amount=1.5", 2, "1.5"),
        ("source=túi", 2, "central"),
        ("by=ai", 2, "amount"),
    ],
)
def test_a_correction_reads_each_field_as_strictly_as_the_verb_did(
    field: str, code: int, words: str, store: str
) -> None:
    answer = ntm(f"fact correct {first_item(store)} --reason thử --set '{field}'", store)
    assert (answer.code, words in answer.err) == (code, True), answer.err
    assert "Traceback" not in answer.err
