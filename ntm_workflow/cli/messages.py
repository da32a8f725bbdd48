"""Click's own sentences in Vietnamese; knows no command of ours.

Click asks gettext, which wants catalogue files and the environment's language. Ours is chosen on
the line, so its modules are handed a look-up that reads `LANG` each time.
"""

from __future__ import annotations

import gettext
import re
import sys
from typing import Final

from ntm_workflow.cli.bilingual import LANG

#: Click's message -> Vietnamese. What only programmers see is left out, by name, in the test.
VI: Final = {
    # help
    "Usage:": "Cách dùng:",
    "Options": "Tùy chọn",
    "Commands": "Lệnh",
    "Positional arguments": "Tham số",
    "Show this message and exit.": "Hiện hướng dẫn này.",
    "Show the version and exit.": "Hiện phiên bản.",
    "%(prog)s, version %(version)s": "%(prog)s, phiên bản %(version)s",
    "default: {default}": "mặc định: {default}",
    "env var: {var}": "biến môi trường: {var}",
    "required": "bắt buộc",
    "(dynamic)": "(tùy lúc)",
    "deprecated": "sắp bỏ",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "Lưu ý: lệnh {name!r} sắp bỏ.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "Lưu ý: {name!r} sắp bỏ.{extra_message}",
    # usage errors
    "Error: {message}": "Lỗi: {message}",
    "Try '{command} {option}' for help.": "Xem hướng dẫn: {command} {option}",
    "Missing command.": "Thiếu lệnh.",
    "Missing argument": "Thiếu tham số",
    "Missing option": "Thiếu tùy chọn",
    "Missing parameter": "Thiếu tham số",
    "Missing {param_type}": "Thiếu tham số",
    "Missing parameter: {param_name}": "Thiếu tham số: {param_name}",
    "No such command {name!r}.": "Không có lệnh {name!r}.",
    "No such option {name!r}.": "Không có tùy chọn {name!r}.",
    "Did you mean {possibility}?": "Có phải {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Có phải một trong: {possibilities}?)",
    "Got unexpected extra argument ({args})": "Thừa tham số ({args})",
    "Option {name!r} does not take a value.": "Tùy chọn {name!r} không nhận giá trị.",
    "Option {name!r} requires an argument.": "Tùy chọn {name!r} cần một giá trị.",
    "Option {name!r} requires {nargs} arguments.": "Tùy chọn {name!r} cần {nargs} giá trị.",
    "Argument {name!r} takes {nargs} values.": "Tham số {name!r} nhận {nargs} giá trị.",
    "Takes {nargs} values but 1 was given.": "Cần {nargs} giá trị nhưng chỉ có 1.",
    "Takes {nargs} values but {len} were given.": "Cần {nargs} giá trị nhưng có {len}.",
    "{len_type} values are required, but {len_value} was given.": "Cần {len_type} giá trị, nhưng có {len_value}.",
    "Value must be an iterable.": "Giá trị phải là một danh sách.",
    "Invalid value: {message}": "Giá trị không hợp lệ: {message}",
    "Invalid value for {param_hint}: {message}": "Giá trị của {param_hint} không hợp lệ: {message}",
    "Choose from:\n\t{choices}": "Chọn một trong:\n\t{choices}",
    "Choice({choices})": "Chọn({choices})",
    "{value!r} is not {choice}.": "{value!r} không phải là {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} không nằm trong: {choices}.",
    "{value!r} does not match the format {format}.": "{value!r} không đúng dạng {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} không đúng dạng nào trong: {formats}.",
    "{value} is not in the range {range}.": "{value} không nằm trong khoảng {range}.",
    "{value!r} is not a valid {number_type}.": "{value!r} không phải là một số hợp lệ.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} không phải có hay không. Nhận: {states}",
    "{value!r} is not a valid UUID.": "{value!r} không phải là mã UUID.",
    # files
    "file": "tệp",
    "directory": "thư mục",
    "path": "đường dẫn",
    "{name} {filename!r} is a file.": "{filename!r} là một tệp.",
    "{name} {filename!r} is a directory.": "{filename!r} là một thư mục.",
    "{name} {filename!r} is not readable.": "{filename!r} không đọc được vì thiếu quyền.",
    "{name} {filename!r} is not writable.": "{filename!r} không ghi được vì thiếu quyền.",
    "{name} {filename!r} is not executable.": "{filename!r} không chạy được vì thiếu quyền.",
    "{name} {filename!r} does not exist.": "{filename!r} không tồn tại.",
    "Could not open file {filename!r}: {message}": "Không mở được tệp {filename!r}: {message}",
    "unknown error": "lỗi không rõ",
    # questions
    "Do you want to continue?": "Tiếp tục?",
    "Confirm the action without prompting.": "Làm luôn, không hỏi lại.",
    "Repeat for confirmation": "Gõ lại để xác nhận",
    "Error: The two entered values do not match.": "Lỗi: hai lần gõ không giống nhau.",
    "Error: invalid input": "Lỗi: không hiểu câu trả lời",
    "Press any key to continue...": "Nhấn phím bất kỳ để tiếp tục…",
    "Aborted!": "Đã dừng.",
    # completion
    "Shell completion is not supported for Bash versions older than 4.4.": "Bash cũ hơn 4.4 không gợi ý lệnh được.",
    "Couldn't detect Bash version, shell completion is not supported.": "Không rõ phiên bản Bash, không gợi ý lệnh được.",
}  # fmt: skip


#: What stands for a value in usage lines.
_PLACEHOLDERS: Final = {
    "OPTIONS": "TÙY CHỌN",
    "COMMAND": "LỆNH",
    "ARGS": "THAM SỐ",
    "INTEGER": "SỐ",
    "RANGE": "",
    "TEXT": "CHỮ",
    "DATE": "NGÀY",
    "UNIT": "ĐƠN VỊ",
    "FILE": "TỆP",
    "DIR": "THƯ MỤC",
    "DIRECTORY": "THƯ MỤC",
    "PATH": "TỆP",
    "FOLDER": "THƯ MỤC",
    "STORE": "SỔ",
    "WHEN": "LÚC",
    "WHO": "AI",
    "ID": "MÃ",
    "ITEM": "MỤC",
    "NAME": "TÊN",
    "NAMES": "TÊN",
    "NEW": "MỚI",
    "CODE": "MÃ",
    "TYPE": "LOẠI",
    "KIND": "LOẠI",
    "WORDS": "CHỮ",
    "NUMBERS": "SỐ",
    "NUMBER": "SỐ",
    "FIELD": "MỤC",
    "VALUE": "GIÁ TRỊ",
    "TOPIC": "CHỦ ĐỀ",
    "PHRASE": "CÂU CHỮ",
    "SUBJECT": "ĐỐI TƯỢNG",
    "KEY": "KHÓA",
    "HEX": "HEX",
    "URL": "URL",
}


def placeholder(text: str) -> str:
    """`FILE` as the reader calls it; words we do not know, and lower case, stay."""
    if LANG.get() == "en":
        return text
    said = re.sub(r"[A-Z]{2,}", lambda m: _PLACEHOLDERS.get(m[0], m[0]), text)
    # A name of two words: NEW_NAME is TÊN_MỚI.
    return re.sub(r"\bMỚI_(\w+)", r"\1_MỚI", said)


def bounds(text: str) -> str:
    """Click's `x>=1` and `1900<=x<=2199` as people say them."""
    least = "from" if LANG.get() == "en" else "từ"
    return re.sub(r"(\S+)<=x<=(\S+)", r"\1–\2", re.sub(r"x>=(\S+)", rf"{least} \1", text))


class Words(gettext.NullTranslations):
    """What click asks for its words: Vietnamese unless the reader wants English."""

    def gettext(self, message: str) -> str:
        return message if LANG.get() == "en" else VI.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        if LANG.get() == "en":
            return super().ngettext(msgid1, msgid2, n)
        # Vietnamese has no plural; what has none here either is said by the singular.
        return VI.get(msgid1 if n == 1 else msgid2) or VI.get(msgid1, msgid1)


def speak() -> None:
    """Hand our words to every module of click that is loaded."""
    words = Words()
    for name, module in list(sys.modules.items()):
        if name.startswith("click.") and hasattr(module, "_"):
            setattr(module, "_", words.gettext)  # noqa: B010
        if name.startswith("click.") and hasattr(module, "ngettext"):
            setattr(module, "ngettext", words.ngettext)  # noqa: B010
