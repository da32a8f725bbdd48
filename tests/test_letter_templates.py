"""Templates an office puts in place of ours: changed without a programmer, never used with a fault, never trusted."""

from __future__ import annotations

import os
import re
import time
from functools import cache
from pathlib import Path

import msgspec
import pytest
from terminal import ntm

from ntm_workflow.notifications import shown, trusted
from ntm_workflow.notifications import template_samples as samples
from ntm_workflow.notifications.context import KINDS, LANGS, AlertContext
from ntm_workflow.notifications.letters import bundled, manual, ours, render
from ntm_workflow.notifications.template_check import check
from ntm_workflow.notifications.template_faults import Fault, FaultyTemplates, TemplatesMissing
from ntm_workflow.notifications.template_folder import MOST_BYTES, MOST_FILES, Snapshot, snapshot

CONTEXT = next(c for c in samples.contexts() if c.kind == "digest" and c.lang == "vi")


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert old in bundled()[name]
    return {name: bundled()[name].replace(old, new)}


def folder(tmp_path: Path, replaced: dict[str, str]) -> Path:
    for name, text in replaced.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


# --- the bundled ones ----------------------------------------------------------------------------


def test_there_is_a_template_of_every_kind_in_both_languages() -> None:
    kinds = {f"{lang}/{kind}.txt" for lang in LANGS for kind in (*KINDS, "labels", "alert")}
    assert bundled().keys() == kinds | {"layout.txt", "layout.html", "zalo.txt"}


def test_the_bundled_templates_pass_their_own_check_also_as_an_offices() -> None:
    assert check(bundled()) == []


def test_the_guide_lists_every_name_a_template_may_use_and_no_other() -> None:
    told_as = {
        "letter": shown.Letter, "words": shown.Words, "group": shown.Group, "line": shown.Line,
        "derivation": shown.Derivation, "tally": shown.Tally, "alert": AlertContext,
    }  # fmt: skip
    names = {
        f"{name}.{field}" for name, kind in told_as.items() for field in kind.__struct_fields__
    }
    told = set(re.findall(rf"`((?:{'|'.join(told_as)})\.\w+)`", manual()["README.md"]))
    assert told - {"alert.txt"} == names
    files = set(re.findall(r"`(?:…|vi|en)?/?(\w+)\.(?:txt|html)`", manual()["README.md"]))
    assert files == {name.rpartition("/")[2].partition(".")[0] for name in bundled()}


# --- what an office may do ------------------------------------------------------------------------


def test_an_office_changes_words_and_layout_and_keeps_the_rest(tmp_path: Path) -> None:
    words = changed("vi/digest.txt", "đơn vị có các việc", "đơn vị còn các việc")
    labels = changed("vi/labels.txt", '"Địa bàn"', '"Nơi thực hiện"')
    footer = {"chan-thu.txt": "Văn phòng mẫu, tầng 2\n"}
    layout = {"layout.txt": bundled()["layout.txt"] + '\n{% include "chan-thu.txt" %}\n'}
    path = folder(tmp_path, words | labels | footer | layout)
    said = trusted.templates(path).render(CONTEXT)
    for fact in (
        "đơn vị còn các việc sau đây ",
        "Nơi thực hiện: xã Mẫu 1",
        "Văn phòng mẫu, tầng 2",
    ):
        assert fact in said.text
    assert "Nơi thực hiện: xã Mẫu 1" in said.html
    assert said.subject == render(CONTEXT).subject


def test_without_a_folder_the_bundled_templates_are_used() -> None:
    assert trusted.templates(None) is ours()


def test_a_folder_is_checked_once_and_again_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(tmp_path, changed("vi/labels.txt", '"Mã việc"', '"Mã số việc"'))
    first = trusted.templates(path)
    monkeypatch.setattr(trusted, "faults_of", lambda found: pytest.fail("checked again"))
    assert trusted.templates(path) is first
    monkeypatch.undo()
    folder(tmp_path, {"vi/labels.txt": "{% set to = %}"})
    with pytest.raises(FaultyTemplates) as refusal:
        trusted.templates(path)
    assert "vi/labels.txt, dòng 1: sai cú pháp" in refusal.value.say("vi")
    assert "vi/labels.txt, line 1: a mistake" in refusal.value.say("en")


def test_a_folder_that_is_not_there_is_refused_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(TemplatesMissing) as refusal:
        trusted.templates(tmp_path / "không có")
    assert "ntm letter templates export" in refusal.value.say("vi")


# --- mistakes, each with its file and line --------------------------------------------------------

#: A file, what is changed in it, and the error that is told; "" is the file's whole text. Those of
#: one batch are made together: whoever changes words makes several mistakes before the first check.
Mistake = tuple[str, str, str, str]
BATCHES: dict[str, list[Mistake]] = {
    "what cannot be read": [
        ("vi/digest.txt", "letter.as_of", "letter.asof", "unknown_name"),
        ("layout.html", "line.title", "line.tilte", "unknown_name"),
        ("layout.txt", "label.place", "label.where", "unknown_name"),
        ("vi/missed.txt", "", "{% block subject %}", "left_open"),
        ("vi/to_stop.txt", "", "{% blok subject %}", "unknown_tag"),
        ("vi/correction.txt", "", "{{ letter.summary | gon }}", "unknown_filter"),
        ("vi/summary.txt", "", "{% block subject %}[NTM]{% endblock %}{{ letter. }}", "syntax"),
        ("vi/decided.txt", "{% block closing %}", "Kính gửi đơn vị, {% block closing %}", "outside"),
        ("vi/climb.txt", "", "{% block subject %}[NTM]{% endblock %}", "missing_block"),
        ("vi/digset.txt", "", "x", "unknown_file"),
        ("en/alert.txt", "", "\n\nClock", "empty_subject"),
        ("en/missed.txt", "letter.about", "letter.lines[0].title", "long_subject"),
        ("zalo.txt", "{{ letter.notice }}", "", "no_notice"),
    ],
    "what is left out": [
        ("layout.txt", "{{ letter.notice }}", "", "no_notice"),
        ("layout.txt", "{{ letter.sample }}", "", "no_sample"),
        ("layout.txt", "{{ line.title }}", "", "no_title"),
        ("layout.txt", "{{ paragraph }}", "", "no_report"),
        ("layout.html", "{{ letter.notice }}", "", "no_notice"),
        ("layout.html", "{{ line.title }}", "", "no_title"),
        ("vi/digest.txt", "[NTM] {{ letter.summary }} – {{ letter.short_unit }}", " ", "empty_subject"),
        ("en/digest.txt", "[NTM] ", "[NTM]\n", "subject_lines"),
        ("zalo.txt", "{{ words.subject }}", "{{ words.subject }}" + "x" * 2000, "chat_long"),
    ],
    "what a letter may not say, and what it may not hold": [
        ("vi/missed.txt", "ghi nhận", "xem xét trách nhiệm;", "never"),
        ("en/decided.txt", "records a", "tells the penalty of the", "never"),
        ("layout.txt", "{{ letter.notice }}", "{{ letter.notice }}\nSố: 12/TB", "never"),
        ("layout.html", "{{ line.asks }}", "Quá hạn! {{ line.asks }}", "only_must"),
        ("vi/labels.txt", "Ngày làm việc cuối cùng", "Quá hạn sau", "only_must"),
        ("en/labels.txt", "Last working day", "Overdue after", "only_must"),
        ("layout.html", "in letter.groups %}", "in letter.groups[:1] %}", "no_title"),
        ("layout.html", "</h2>", '<img alt=""></h2>', "foreign"),
        ("layout.html", "</head>", "<script>alert(1)</script></head>", "foreign"),
        ("layout.html", "margin:0;padding:0;", "margin:0;background:url(x.png);", "foreign"),
        ("layout.html", "<b>{{ line.n }}", '<b onclick="x">{{ line.n }}', "foreign"),
        ("layout.html", "</body>", "<table></body>", "unclosed"),
    ],
    "a name that becomes a tag": [
        ("layout.html", "{{ line.title }}", "{{ line.title | safe }}", "unescaped"),
    ],
    "a name that becomes a key": [
        ("layout.html", "<b>{{ line.n }}", "<b title={{ line.place }}>{{ line.n }}", "unescaped"),
    ],
    "nothing at all": [("layout.html", "", "<p></p>", "no_text")],
}  # fmt: skip
#: Errors of a whole letter, or of what is missing: no line of the file has them.
WHOLE = {
    *("missing_block", "unknown_file", "empty_subject", "long_subject", "subject_lines"),
    *(
        "no_notice",
        "no_sample",
        "no_title",
        "no_report",
        "no_text",
        "chat_long",
        "unescaped",
        "unclosed",
    ),
}


def made(batch: str) -> dict[str, str]:
    replaced: dict[str, str] = {}
    for name, old, new, _ in BATCHES[batch]:
        text = replaced.get(name) or bundled().get(name, "")
        assert old in text
        replaced[name] = text.replace(old, new) if old else new
    return replaced


@cache
def found(batch: str) -> list[Fault]:
    return check(made(batch))


@pytest.mark.parametrize("batch", BATCHES)
def test_mistakes_are_told_all_at_once_each_with_its_file_and_line(batch: str) -> None:
    replaced, told = made(batch), {(f.file, f.code, f.line) for f in found(batch)}
    for name, _, new, code in BATCHES[batch]:
        lines = {line for file, what, line in told if (file, what) == (name, code)}
        where = 0 if code in WHOLE else _line(replaced[name], new)
        assert where in lines, (name, code)
    assert {file for file, _, _ in told} <= replaced.keys()


def _line(text: str, new: str) -> int:
    """Where the last line of what was put in stands."""
    return text.partition(new.rpartition("\n")[2])[0].count("\n") + 1


def test_a_mistake_is_a_sentence_in_the_language_of_its_reader() -> None:
    (name,) = [f for f in found("what cannot be read") if f.file == "layout.txt"]
    line = bundled()["layout.txt"].partition("label.place")[0].count("\n") + 1
    assert name.told("vi") == (
        f"layout.txt, dòng {line}: không có tên này; các tên dùng được ở trong README.md: where"
    )
    for batch in BATCHES:
        for fault in found(batch):
            vi, en = (fault.told(lang) for lang in LANGS)
            assert vi != en
            assert msgspec.convert(msgspec.to_builtins(fault), Fault) == fault


# --- harm ----------------------------------------------------------------------------------------

HOSTILE = {
    "vi/digest.txt": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "vi/missed.txt": '{{ "x" * 4000000000 }}',
    "vi/climb.txt": '{{ "".__class__.__mro__[1].__subclasses__() }}',
    "vi/returned.txt": '{% include "../../../../etc/passwd" %}',
    "vi/to_stop.txt": "{{ 9 ** 9 ** 9 ** 9 }}",
    "vi/decided.txt": "{% include 'vi/decided.txt' %}",
    "vi/correction.txt": "{{ " + "(" * 3000 + ")" * 3000 + " }}",
    "vi/summary.txt": "{{ range(10 ** 9) }}",
    "vi/no_address.txt": "{{ letter.__init__.__globals__ }}{{ lipsum() }}",
    "en/digest.txt": "{{ 'x' | center(4000000000) }}",
    "en/missed.txt": "{% set x = letter.lines.append(1) %}",
    "en/climb.txt": "{{ letter.unit.format_map(letter) }}{{ self._TemplateReference__context }}",
}


def test_templates_that_would_do_harm_end_and_are_told_one_by_one(tmp_path: Path) -> None:
    blocks = "{% block opening %}{% endblock %}{% block closing %}{% endblock %}"
    files = {
        n: f"{{% block subject %}}{text}{{% endblock %}}{blocks}" for n, text in HOSTILE.items()
    }
    began = time.monotonic()
    faults = trusted.faults_of(snapshot(folder(tmp_path, files)))
    assert time.monotonic() - began < 50
    assert {fault.file for fault in faults} == set(HOSTILE)
    told = {fault.file: fault.code for fault in faults}
    assert told["vi/digest.txt"] == "endless"
    assert told["vi/missed.txt"] == told["en/digest.txt"] == "memory"
    with pytest.raises(FaultyTemplates):
        trusted.templates(tmp_path)


def test_a_check_that_does_not_end_is_ended_and_names_where_it_stood() -> None:
    slow = Snapshot({"vi/digest.txt": "x"}, [], "")
    (fault,) = trusted.faults_of(slow, seconds=0.01)
    assert fault.code == "endless"


def test_what_is_no_plain_text_file_is_told_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("mật khẩu")
    path = tmp_path / "mau"
    for name in ("vi", "vi/sub"):
        (path / name).mkdir(parents=True)
    (path / "zalo.txt").symlink_to(secret)
    (path / "en").symlink_to(tmp_path)
    (path / "layout.txt").write_bytes(b"Th\xf0 m\n\xff\xfe")
    (path / "layout.html").write_text("x" * (MOST_BYTES + 1))
    (path / "vi" / "labels.txt").mkdir()
    os.mkfifo(path / "vi" / "alert.txt")
    (path / "vi" / "sub" / "x.txt").write_text("x")
    (path / "ghi-chu.docx").write_text("không phải mẫu")
    read = snapshot(path)
    assert {(fault.file, fault.code) for fault in read.faults} == {
        ("zalo.txt", "symlink"),
        ("en", "symlink"),
        ("layout.txt", "encoding"),
        ("layout.html", "too_big"),
        ("vi/labels.txt", "unreadable"),
        ("vi/alert.txt", "not_a_file"),
    }
    assert "mật khẩu" not in str(read)


def test_a_folder_of_very_many_files_is_not_read_to_its_end(tmp_path: Path) -> None:
    for n in range(MOST_FILES + 5):
        (tmp_path / f"{n}.txt").write_text("x")
    read = snapshot(tmp_path)
    assert [fault.code for fault in read.faults] == ["too_many"]
    assert len(read.sources) == MOST_FILES


def test_two_folders_with_the_same_words_are_one_and_with_others_another(tmp_path: Path) -> None:
    texts: list[dict[str, str]] = [{"zalo.txt": "a"}, {"zalo.txt": "a"}, {"zalo.txt": "b"}, {"a.txt": "", "zalo.txt": "a"}]  # fmt: skip
    same = [snapshot(folder(tmp_path / str(n), each)).sha256 for n, each in enumerate(texts)]
    assert same[0] == same[1]
    assert len(set(same)) == 3


# --- the commands --------------------------------------------------------------------------------


def test_exported_templates_are_sound_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mau"
    answer = ntm(f"letter templates export {path} --json")
    assert answer.json["files"] == list(manual())
    assert {p.relative_to(path).as_posix() for p in path.rglob("*.*")} == set(manual())
    (path / "zalo.txt").write_text("sửa tay")
    again = ntm(f"letter templates export {path}")
    assert (again.code, (path / "zalo.txt").read_text()) == (2, "sửa tay")
    (tmp_path / "tệp").write_text("")
    assert ntm(f"letter templates export {tmp_path}/tệp/mau").code != 0


def test_the_check_tells_people_and_programs_the_same_and_takes_the_folder_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(tmp_path, changed("vi/digest.txt", "letter.as_of", "letter.asof"))
    people = ntm(f"letter templates check {path}")
    monkeypatch.setenv("NTM_LETTERS_TEMPLATES", str(path))
    programs = ntm("letter templates check --json")
    assert people.code == programs.code == 1
    assert "vi/digest.txt, dòng 3: không có tên này" in people.out
    (item,) = programs.json["items"]
    assert (item["file"], item["line"], item["code"]) == ("vi/digest.txt", 3, "unknown_name")
    assert (programs.json["ok"], programs.json["files"]) == (False, ["vi/digest.txt"])
    monkeypatch.setenv("NTM_LETTERS_TEMPLATES", str(path / "khác"))
    assert ntm("letter templates check").code == 2
