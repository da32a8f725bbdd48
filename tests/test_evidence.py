"""Evidence: a name and a fingerprint; papers marked secret are not taken in, ordinary words are."""

from __future__ import annotations

import hashlib
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from terminal import ntm

from ntm_workflow.domain.base import Refused
from ntm_workflow.office import evidence as module
from ntm_workflow.office.evidence import (
    EvidenceEmpty,
    EvidenceMissing,
    EvidenceNotFile,
    EvidenceSecret,
    EvidenceTooLarge,
    evidence,
    marked,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def written(folder: Path, name: str, content: str | bytes = "Biên bản kiểm tra") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def zipped(folder: Path, name: str, **parts: str) -> str:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part.replace("__", "/") + ".xml", content)
    return str(path)


def docx(folder: Path, body: str, name: str = "báo cáo.docx") -> str:
    return zipped(folder, name, word__document=f'<w:document xmlns:w="{W}">{body}</w:document>')


def paragraph(*runs: str) -> str:
    shown = "".join(f"<w:r><w:rPr><w:b/><w:sz/></w:rPr><w:t>{run}</w:t></w:r>" for run in runs)
    return f"<w:p>{shown}</w:p>"


def pdf(folder: Path, page: bytes, *more: bytes, deflate: bool = False) -> str:
    """A file with these streams; a reader would want more of it, the mark does not."""
    parts = [zlib.compress(part) if deflate else part for part in (page, *more)]
    objects = b"".join(
        b"%d 0 obj\n<</Length %d>>\nstream\n%b\nendstream\nendobj\n" % (n, len(part), part)
        for n, part in enumerate(parts, 1)
    )
    return written(folder, "báo cáo.pdf", b"%PDF-1.4\n" + objects)


def refused(path: str) -> Refused | None:
    try:
        evidence(path)
    except Refused as refusal:
        return refusal
    return None


# --- the file -------------------------------------------------------------------------------------


def test_a_file_becomes_its_name_and_its_sha256(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    found = evidence(written(tmp_path, "ảnh.jpg", content))
    assert (found.name, found.sha256) == ("ảnh.jpg", hashlib.sha256(content).hexdigest())


def test_a_name_from_a_mac_is_kept_in_the_one_form_we_store(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "biên bản thẩm tra.txt")
    assert evidence(written(tmp_path, name)).name == "biên bản thẩm tra.txt"


def test_what_is_no_file_is_refused_with_its_path(tmp_path: Path) -> None:
    missing = refused(str(tmp_path / "không có.pdf"))
    assert isinstance(missing, EvidenceMissing)
    assert "không có.pdf" in missing.say("vi")
    assert isinstance(refused(str(tmp_path)), EvidenceNotFile)
    assert isinstance(refused(written(tmp_path, "trống.txt", "")), EvidenceEmpty)


def test_a_file_above_the_limit_is_refused_and_one_of_that_size_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 2**20)
    assert refused(written(tmp_path, "vừa.bin", b"x" * 2**20)) is None
    found = refused(written(tmp_path, "lớn.bin", b"x" * (2**20 + 1)))
    assert isinstance(found, EvidenceTooLarge)
    assert "1 MB" in found.say("vi")


# --- the mark -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("MẬT", "MẬT"),
        ("UBND TỈNH\nTỐI MẬT\nSố: 15", "TỐI MẬT"),
        ("TUYỆT  MẬT", "TUYỆT MẬT"),
        ("Số: 15 [MẬT]", "MẬT"),
        ("TÀI LIỆU MẬT.", "MẬT"),
        ("Độ mật: Mật", "MẬT"),
        ("ĐỘ MẬT : tối mật", "TỐI MẬT"),
        (unicodedata.normalize("NFD", "MẬT"), "MẬT"),
        ("MẬT\nDANH SÁCH CÁN BỘ", "MẬT"),
        # an ordinary word before the stamp does not hide it
        ("QUY CHẾ BẢO MẬT\nMẬT", "MẬT"),
    ],
)
def test_the_stamp_is_found(text: str, mark: str) -> None:
    assert marked(text) == mark


@pytest.mark.parametrize(
    "text",
    ["CHẾ ĐỘ\nMẬT\nSố: 1", "Kính gửi:\n(Tối mật)\nnội dung", "M Ậ T\nSố: 2", "TUYỆT  MẬT"],
)
def test_a_mark_with_a_line_to_itself_is_a_stamp_however_it_is_written(text: str) -> None:
    assert marked(text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<html><body><p>\nMẬT\n</p></body></html>".encode()),
        ("a.rtf", rb"{\rtf1 M\u7852?T\par noi dung}"),
        ("a.doc", b"\xd0\xcf\x11\xe0\0\0" + "\nMẬT\n".encode("utf-16-le")),
        ("a.json", "MẬT\n{}".encode()),
        ("khong-duoi", "TỐI MẬT\n".encode()),
    ],
)
def test_a_mark_is_found_whatever_the_file_calls_itself(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EvidenceSecret):
        evidence(str(tmp_path / name))


@pytest.mark.parametrize(
    "text",
    [
        "bảo mật thông tin",
        "Bảo mật",
        "QUY CHẾ BẢO MẬT",
        "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "QUY CHẾ BẢO \r\n  MẬT THÔNG TIN",
        "MẬT ĐỘ DÂN SỐ",
        "mật độ xây dựng",
        "MÔ HÌNH NUÔI ONG LẤY MẬT ONG",
        "Mật ong Tam Ngọc",
        "MẬT KHẨU",
        "bí mật",
        "tài liệu mật thì gửi riêng",
        "Độ mật: không",
        "ĐỘ MẬT",
        "XMẬT",
        "MẬTX",
        "",
    ],
)
def test_an_ordinary_word_is_no_stamp(text: str) -> None:
    assert marked(text) is None


@pytest.mark.parametrize(
    "name", ["CV 15 MẬT.pdf", "CV-15_MẬT.pdf", "(TỐI MẬT) kế hoạch.jpg", "MẬT.jpg"]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_that_says_so_is_refused(tmp_path: Path, name: str, form: str) -> None:
    found = refused(written(tmp_path, unicodedata.normalize(form, name)))
    assert isinstance(found, EvidenceSecret)
    assert "--document" in found.say("vi")
    assert found.exit_code == 1


@pytest.mark.parametrize("name", ["quy chế bảo mật.pdf", "MẬT ĐỘ DÂN SỐ.jpg", "mật ong.jpg"])
def test_a_name_with_an_ordinary_word_is_taken(tmp_path: Path, name: str) -> None:
    assert evidence(written(tmp_path, name)).name == name


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.TXT"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_stamped_text_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    stamped = "UBND xã\nMẬT\nBáo cáo".encode(encoding)
    assert isinstance(refused(written(tmp_path, name, stamped)), EvidenceSecret)
    plain = "UBND xã\nbảo mật\nBáo cáo".encode(encoding)
    assert refused(written(tmp_path, name, plain)) is None


def test_a_stamped_word_document_is_refused_however_the_word_is_cut(tmp_path: Path) -> None:
    stamped = docx(tmp_path, paragraph("UBND xã") + paragraph("M", "ẬT"))
    assert isinstance(refused(stamped), EvidenceSecret)
    boxed = (
        f"<w:p><w:r><w:t>Số: 15</w:t></w:r><w:txbxContent>{paragraph('MẬT')}</w:txbxContent></w:p>"
    )
    assert isinstance(refused(docx(tmp_path, boxed)), EvidenceSecret)
    ordinary = docx(tmp_path, paragraph("QUY CHẾ ", "BẢO ", "MẬT") + paragraph("mật độ"))
    assert refused(ordinary) is None


def test_a_stamped_page_header_or_cell_is_refused(tmp_path: Path) -> None:
    header = f'<w:hdr xmlns:w="{W}">{paragraph("TỐI MẬT")}</w:hdr>'
    body = f'<w:document xmlns:w="{W}">{paragraph("Báo cáo")}</w:document>'
    assert isinstance(
        refused(zipped(tmp_path, "a.docx", word__document=body, word__header1=header)),
        EvidenceSecret,
    )
    cells = "<sst><si><t>Tổng số</t></si><si><t>MẬT</t></si><si><t>ĐỘ</t></si></sst>"
    assert isinstance(refused(zipped(tmp_path, "a.xlsx", xl__sharedStrings=cells)), EvidenceSecret)
    top = "<worksheet><headerFooter><oddHeader>&amp;CMẬT</oddHeader></headerFooter></worksheet>"
    assert isinstance(refused(zipped(tmp_path, "b.xlsx", xl__sheet1=top)), EvidenceSecret)
    odt = '<o:doc xmlns:o="o" xmlns:t="t"><t:p>M<t:span>ẬT</t:span></t:p></o:doc>'
    assert isinstance(refused(zipped(tmp_path, "a.odt", content=odt)), EvidenceSecret)


def test_a_broken_or_hostile_office_file_is_evidence_like_any_other(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "hỏng.docx", b"PK\x03\x04 broken")) is None
    assert refused(zipped(tmp_path, "dở.docx", word__document="<w:document>")) is None
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert refused(zipped(tmp_path, "nổ.docx", word__document=bomb)) is None


#: A font whose glyphs 1, 2 and 3 are M, Ậ and T.
FONT = b"2 beginbfchar <0001> <004D> <0002> <1EAC> endbfchar 1 beginbfrange <0003> <0004> <0054> endbfrange"


@pytest.mark.parametrize("deflate", [False, True])
@pytest.mark.parametrize(
    "page",
    [
        b"BT (" + "MẬT".encode("utf-16") + b") Tj ET",
        b"BT <FEFF004D1EAC0054> Tj ET",
        b"BT [<0001> -20 <00020003>] TJ ET",
        rb"BT (\000\001\000\002\000\003) Tj ET",
    ],
)
def test_a_stamped_pdf_is_refused_as_far_as_it_can_be_read(
    tmp_path: Path, page: bytes, deflate: bool
) -> None:
    assert isinstance(refused(pdf(tmp_path, page, FONT, deflate=deflate)), EvidenceSecret)


def test_words_a_pdf_shows_one_by_one_are_read_together(tmp_path: Path) -> None:
    def shown(*words: str) -> bytes:
        return b"".join(b"<FEFF" + w.encode("utf-16-be").hex().encode() + b"> Tj " for w in words)

    assert refused(pdf(tmp_path, shown("QUY", "CHẾ", "BẢO", "MẬT"))) is None
    assert isinstance(refused(pdf(tmp_path, shown("KẾ", "HOẠCH", "MẬT"))), EvidenceSecret)


def test_a_pdf_of_noise_is_evidence_like_any_other(tmp_path: Path) -> None:
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(250)) * 20
    assert refused(pdf(tmp_path, noise)) is None
    broken = b"beginbfrange <FFFF> <0000> <D800> <00> <FFFFFFFF> <> endbf [(a] TJ <zz> Tj"
    assert refused(pdf(tmp_path, broken)) is None


# --- on the command line --------------------------------------------------------------------------


def test_a_criterion_keeps_the_evidence_and_refuses_a_secret_one(tmp_path: Path) -> None:
    store = str(tmp_path / "sổ.db")
    assert ntm("init", store).code == 0
    assert ntm("plan adopt tam-ky-2024", store).code == 0
    line = "criteria achieve --place 'Tam Ngọc' --set xa-nang-cao --criterion 13 --on 20/8/2024"
    secret = written(tmp_path, "CV 15 MẬT.txt")
    answer = ntm(f"{line} --evidence '{secret}'", store)
    assert (answer.code, "MẬT" in answer.err, "--document" in answer.err) == (1, True, True)
    missing = ntm(f"{line} --evidence '{tmp_path}/không có.txt'", store)
    assert (missing.code, "không có.txt" in missing.err) == (2, True)
    assert ntm("fact list --type CriterionAchieved --json", store).json["items"] == []
    name = unicodedata.normalize("NFD", "biên bản.txt")
    assert ntm(f"{line} --evidence '{written(tmp_path, name)}'", store).code == 0
