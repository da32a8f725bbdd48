"""What can be wrong with templates an office made, as sentences in two languages. Finds nothing itself."""

from __future__ import annotations

from typing import Final

import msgspec

from ntm_workflow.domain.refused import Refused
from ntm_workflow.domain.values import Sentence, Word

#: Code -> the sentence, in Vietnamese and English.
FAULTS: Final[dict[str, tuple[str, str]]] = {
    "syntax": ("sai cú pháp mẫu; lời báo nguyên văn tiếng Anh: {why}", "a mistake in the template's syntax: {why}"),
    "unknown_tag": ("không có thẻ {{% {name} %}} ở chỗ này", "there is no tag {{% {name} %}} here"),
    "left_open": ("phần {{% {name} %}} mở mà không đóng bằng {{% end{name} %}}", "the part {{% {name} %}} is not closed by {{% end{name} %}}"),
    "unknown_filter": ("không có bộ lọc “{name}”", "there is no filter “{name}”"),
    "twice": ("phần {{% block {name} %}} có hai lần", "the part {{% block {name} %}} is there twice"),
    "unknown_name": ("không có tên này; các tên dùng được ở trong README.md: {why}", "there is no such name; README.md lists those there are: {why}"),
    "error": ("không lập được thư từ mẫu: {why}", "no letter can be written with it: {why}"),
    "missing_block": ("thiếu phần {{% block {name} %}}", "the part {{% block {name} %}} is missing"),
    "outside": ("chữ này đứng ngoài mọi phần {{% block … %}} nên không vào thư", "this text stands outside every {{% block … %}} and so in no letter"),
    "empty_subject": ("tiêu đề thư trống", "the subject is empty"),
    "subject_lines": ("tiêu đề thư có nhiều dòng", "the subject has several lines"),
    "long_subject": ("tiêu đề thư dài {found} ký tự, nhiều nhất {most}", "the subject has {found} characters, at most {most}"),
    "no_notice": ("thiếu câu “{text}”; dùng letter.notice", "the sentence “{text}” is missing; use letter.notice"),
    "no_sample": ("thư của sổ diễn tập không ghi “{text}”; dùng letter.sample", "a rehearsal's letter does not say “{text}”; use letter.sample"),
    "no_title": ("thư không nêu nội dung việc; dùng line.title của từng dòng", "the letter does not name the duty; use line.title of each line"),
    "no_text": ("phần HTML không có chữ nào", "the HTML shows no text"),
    "no_report": ("thư gửi cấp trên không ghi “kính báo cáo”; dùng letter.as_of", "a letter to a higher office does not report respectfully; use letter.as_of"),
    "never": ("thư nhắc việc không được nêu “{word}”", "a reminder may not say “{word}”"),
    "only_must": ("“{word}” không dùng cho việc phấn đấu, đề nghị hay khuyến khích; dùng line.asks, line.left", "“{word}” may not be said of what is only striven for, requested or encouraged; use line.asks, line.left"),
    "unescaped": ("chữ trong sổ thành mã HTML; bỏ bộ lọc safe", "text of the journal becomes HTML; leave out the safe filter"),
    "foreign": ("HTML không được có {what}: nhiều máy đọc thư chặn hoặc nghi là thư lừa", "the HTML may not hold {what}: mail readers block it or call it fraud"),
    "unclosed": ("thẻ HTML <{tag}> không đóng", "the HTML tag <{tag}> is not closed"),
    "too_long": ("thư dài quá {most} ký tự", "the letter has more than {most} characters"),
    "chat_long": ("tin nhắn không việc nào đã dài {found} ký tự, nhiều nhất {most}", "the message without any duty has {found} characters, at most {most}"),
    "endless": ("chạy không dừng", "it does not come to an end"),
    "memory": ("cần quá nhiều bộ nhớ", "it needs too much memory"),
    "unknown_file": ("không thay mẫu nào có sẵn và không mẫu nào dùng đến; các tên: {known}", "replaces no template and is used by none; the names: {known}"),
    "symlink": ("là liên kết đến nơi khác; chép tệp thật vào", "is a link to another place; copy the file itself"),
    "not_a_file": ("không phải tệp thường", "is not a plain file"),
    "unreadable": ("không đọc được: {why}", "cannot be read: {why}"),
    "too_big": ("lớn hơn {most} byte", "is larger than {most} bytes"),
    "too_many": ("nhiều hơn {most} tệp", "more than {most} files"),
    "encoding": ("không phải chữ mã UTF-8; lưu lại với mã UTF-8", "not UTF-8 text; save it as UTF-8"),
}  # fmt: skip


class Fault(msgspec.Struct, frozen=True, order=True):
    """One error: the file as the folder calls it, its line (0 for the file itself), what, and its facts."""

    file: str
    line: int
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, file: str, code: str, line: int = 0, **facts: object) -> Fault:
        return cls(file, line, code, tuple((name, str(fact)) for name, fact in facts.items()))

    def say(self, lang: str) -> str:
        vi, en = FAULTS[self.code]
        return Sentence(lang).format(en if lang == "en" else vi, **dict(self.facts))

    def told(self, lang: str) -> str:
        """The sentence with its place: vi/digest.txt, dòng 3: …"""
        line = ("dòng", "line")[lang == "en"]
        where = f"{self.file}, {line} {self.line}" if self.line else self.file
        return f"{where}: {self.say(lang)}"


class FaultyTemplates(Refused):
    """Every error of a folder at once."""

    vi = "Mẫu thư trong {folder} có {count} lỗi, chưa dùng được:\n{faults}\nSửa rồi thử lại: ntm letter templates check {folder:arg}"
    en = "The letter templates in {folder} have {count} errors and are not used:\n{faults}\nMend them, then: ntm letter templates check {folder:arg}"


class TemplatesMissing(Refused):
    exit_code = 2
    vi = "Không có thư mục mẫu thư {folder}.\nLập một thư mục mẫu: ntm letter templates export {folder:arg}"
    en = "There is no folder of letter templates {folder}.\nMake one: ntm letter templates export {folder:arg}"


class FolderTaken(Refused):
    exit_code = 2
    vi = "Thư mục {folder} đã có tệp; không ghi đè.\nNêu một thư mục mới: ntm letter templates export DIR"
    en = "The folder {folder} holds files already; nothing is overwritten.\nName a new one: ntm letter templates export DIR"


def refusal(folder: str, faults: list[Fault]) -> FaultyTemplates:
    """The faults as one refusal, a line each."""
    vi, en = ("\n".join(f"  {fault.told(lang)}" for fault in faults) for lang in ("vi", "en"))
    return FaultyTemplates(folder=folder, count=len(faults), faults=Word(vi, en))
