"""Click's own words: each has its Vietnamese, and the language is the reader's each time."""

from __future__ import annotations

import ast
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from terminal import ntm

from ntm_workflow.cli.bilingual import LANG
from ntm_workflow.cli.messages import VI, placeholder

#: Told to programmers, or by parts of click this program does not use.
LEFT_OUT = {
    "d",
    "{editor}: Editing failed",
    "{editor}: Editing failed: {e}",
    "Windows error: {error}",
    "Could not determine name for option with declarations {decls!r}",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? Did you mean to pass '--{name}'?",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Name '{name}' defined twice",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Invalid start character for option ({option})",
    "Unknown color {colour!r}",
    "Unknown standard stream '{name}'",
}
#: Said through a variable, where the source shows no text.
THROUGH_A_VARIABLE = {"required"}


def spoken() -> Iterator[tuple[str, ...]]:
    """Every message in click's source, with its plural where it has one."""
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
                texts = [a.value for a in node.args[:count] if isinstance(a, ast.Constant)]
                if texts:
                    yield tuple(map(str, texts))


MESSAGES = sorted(set(spoken()))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_of_click_has_its_vietnamese(message: tuple[str, ...]) -> None:
    assert message[0] in VI or message[0] in LEFT_OUT


def test_nothing_is_translated_that_click_does_not_say() -> None:
    assert {text for message in MESSAGES for text in message} | THROUGH_A_VARIABLE >= set(VI)


@pytest.mark.parametrize("english", VI)
def test_a_translation_asks_for_no_field_the_message_lacks(english: str) -> None:
    assert fields(VI[english]) <= fields(english)
    assert VI[english] != english
    assert unicodedata.is_normalized("NFC", VI[english])


@pytest.mark.parametrize(
    ("line", "vi", "en"),
    [
        ("fund lst", "Không có lệnh 'lst'. Có phải 'list'?", "No such command 'lst'. Did you mean"),
        ("obligaton list", "'obligation'", "'obligation'"),
        ("nhiem-vu danh-sac", "'danh-sach'", "'danh-sach'"),
        (
            "fund list --jsn",
            "Không có tùy chọn '--jsn'. (Có phải một trong",
            "No such option '--jsn'",
        ),
        ("fund show", "Thiếu tham số", "Missing argument"),
        ("fund disburse --item a", "Thiếu tùy chọn '--amount'", "Missing option '--amount'"),
        ("fund show a b", "Thừa tham số (b)", "Got unexpected extra argument (b)"),
        ("fund list --as-of", "Tùy chọn '--as-of' cần một giá trị.", "requires an argument"),
        ("fund list --json=1", "không nhận giá trị", "does not take a value"),
        ("completion csh", "Giá trị của", "Invalid value"),
        ("completion csh", "'csh' không nằm trong: 'bash'", "'csh' is not one of 'bash'"),
        ("fund allocate --year x", "'x' không phải là một số hợp lệ", "not a valid integer"),
        ("fund allocate --year 24", "24 không nằm trong khoảng", "24 is not in the range"),
        ("fund", "Cách dùng: ntm fund", "Usage: ntm fund"),
        ("fund list --xlsx a.csv", "phải kết thúc bằng .xlsx", "must end in .xlsx"),
        ("fund list --json --csv", "Chỉ chọn một", "Choose one"),
        ("help fund list quá", "Thừa", "too much"),
        ("fund xyzzy", "Các lệnh: accept / nghiem-thu", "Commands: accept"),
        ("plan adopt", "Nêu mã hoặc tệp của kế hoạch", "Name plans by id or file"),
        ("approval rule", "Nêu --type hoặc --late-days", "Give --type or --late-days"),
        ("audit diff", "Nêu hai ngày", "Give two days"),
        ("audit diff --known-at #9 --known-at #1", "trước khi bắt đầu", "ends (1) before"),
        ("backup", "Nêu thư mục để sao lưu", "Say the folder"),
        ("fact correct 3 --reason a --set day", "MỤC=GIÁ TRỊ", "is not FIELD=VALUE"),
        ("place import khong-co.csv", "không có tệp hoặc thư mục này", "No such file"),
    ],
)
def test_a_usage_error_is_told_in_the_readers_language(line: str, vi: str, en: str) -> None:
    told, in_english = ntm(line), ntm(f"--lang en {line}")
    assert (told.code, in_english.code) == (2, 2)
    assert vi in told.out + told.err
    assert en in in_english.out + in_english.err


@pytest.mark.parametrize(
    ("line", "vi"),
    [
        ("place rename --help", "TÊN TÊN_MỚI"),
        ("place code --help", "TÊN MÃ"),
        ("place merge --help", "[TÊN]..."),
        ("fact list --help", "[1–999999999]"),
        ("fund allocate --help", "1900–2199"),
    ],
)
def test_help_names_what_is_typed_in_vietnamese(line: str, vi: str) -> None:
    assert vi in ntm(line).out


def test_a_placeholder_is_translated_and_a_code_is_not() -> None:
    LANG.set("vi")
    assert placeholder("[OPTIONS] FILE|#N province") == "[TÙY CHỌN] TỆP|#N province"
