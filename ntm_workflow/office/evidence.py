"""Evidence: a file becomes its name and SHA-256, unless it is marked secret. The file stays where it is.

Knows no criterion and no obligation. The mark is looked for as far as `filetext` can read: a scan
without a telling name passes, so the person who attaches it still answers for that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.criteria_events import Evidence
from ntm_workflow.domain.inputs import readable
from ntm_workflow.domain.values import nfc
from ntm_workflow.office.filetext import text_of

#: Bytes; a larger file is a recording or an archive, and belongs with its office.
LARGEST: Final = 512 * 2**20
_BLOCK: Final = 2**20


class EvidenceMissing(Refused):
    exit_code = 2
    vi = "Không có tệp “{path}”.\nKiểm tra lại đường dẫn sau --evidence."
    en = "There is no file “{path}”.\nCheck the path after --evidence."


class EvidenceNotFile(Refused):
    exit_code = 2
    vi = "“{path}” không phải một tệp.\nĐưa từng tệp: --evidence TỆP --evidence TỆP."
    en = "“{path}” is not a file.\nGive the files one by one: --evidence FILE --evidence FILE."


class EvidenceEmpty(Refused):
    exit_code = 2
    vi = "Tệp “{path}” trống, không chứng minh được gì.\nKiểm tra lại tệp."
    en = "The file “{path}” is empty and proves nothing.\nCheck the file."


class EvidenceTooLarge(Refused):
    exit_code = 2
    vi = "Tệp “{path}” lớn hơn {most} MB.\nChỉ ghi số của văn bản: --document “số, ngày, cơ quan ban hành”."
    en = "The file “{path}” is above {most} MB.\nCite the paper only: --document “number, date, issuer”."


class EvidenceUnreadable(Refused):
    exit_code = 2
    vi = "Không đọc được tệp “{path}”: {reason}.\nĐóng chương trình đang mở tệp, hoặc kiểm tra quyền đọc."
    en = "Cannot read the file “{path}”: {reason}.\nClose the program that holds it, or check who may read it."


class EvidenceSecret(Refused):
    vi = "Tệp “{path}” có dấu “{mark}”; sổ không nhận tài liệu mật.\nChỉ ghi số của văn bản: --document “số, ngày, cơ quan ban hành”."
    en = "The file “{path}” is marked “{mark}”; secret papers are not taken in.\nCite the paper only: --document “number, date, issuer”."


class NoFile(Refused):
    exit_code = 2
    vi = "Chưa nêu tệp minh chứng nào.\nThêm --evidence TỆP."
    en = "No evidence file was named.\nAdd --evidence FILE."


class UnreadableHash(Refused):
    exit_code = 2
    vi = "“{typed}” không phải mã SHA-256 (64 chữ số thập lục phân).\nHỏi lại nơi gửi, hoặc bỏ --sha256."
    en = "“{typed}” is no SHA-256 (64 hexadecimal digits).\nAsk the sender, or leave out --sha256."


class HashesMiscounted(Refused):
    exit_code = 2
    vi = "Có {hashes} mã SHA-256 cho {files} tệp.\nMỗi --evidence một --sha256, theo cùng thứ tự; hoặc không nêu mã nào."
    en = "There are {hashes} SHA-256 for {files} files.\nGive one --sha256 for each --evidence, in the same order; or none."


class HashDiffers(Refused):
    vi = "Tệp “{name}” không đúng tệp nơi gửi đã báo: SHA-256 của tệp là {found}, nơi gửi báo {told}.\nKhông ghi gì. Xin lại tệp, hoặc kiểm tra --sha256."
    en = "The file “{name}” is not the one the sender told of: its SHA-256 is {found}, told was {told}.\nNothing was recorded. Ask for the file again, or check --sha256."


class WindowBackwards(Refused):
    exit_code = 2
    vi = "Minh chứng không thể có giá trị từ {first} đến {last}.\nKiểm tra --valid-from, --valid-until."
    en = "Evidence cannot be valid from {first} until {last}.\nCheck --valid-from, --valid-until."


def evidences(
    paths: Sequence[str],
    hashes: Sequence[str] = (),
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> tuple[Evidence, ...]:
    """The files with the days they are valid on. Refuses one whose hash is not what the sender told."""
    if hashes and len(hashes) != len(paths):
        raise HashesMiscounted(hashes=len(hashes), files=len(paths))
    if valid_from and valid_until and valid_until < valid_from:
        raise WindowBackwards(first=valid_from, last=valid_until)
    told = [_hash(typed) for typed in hashes]
    files = [replace(evidence(p), valid_from=valid_from, valid_until=valid_until) for p in paths]
    for file, wanted in zip(files, told, strict=False):
        if file.sha256 != wanted:
            raise HashDiffers(name=file.name, found=file.sha256, told=wanted)
    return tuple(files)


def _hash(typed: str) -> str:
    text = typed.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise UnreadableHash(typed=typed)
    return text


def evidence(path: str) -> Evidence:
    """The file's name (NFC) and SHA-256. Refuses what is no file, empty, too large or marked secret."""
    file, shown = Path(path), nfc(Path(path).name)
    try:
        _must_be_file(file, shown)
        if mark := marked(readable(shown), name=True) or marked(text_of(file)):
            raise EvidenceSecret(path=shown, mark=mark)
        return Evidence(name=shown, sha256=_sha256(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise EvidenceUnreadable(path=shown, reason=reason) from None


def _must_be_file(file: Path, shown: str) -> None:
    if not file.exists():
        raise EvidenceMissing(path=nfc(str(file)))
    if not file.is_file():
        raise EvidenceNotFile(path=nfc(str(file)))
    size = file.stat().st_size
    if size == 0:
        raise EvidenceEmpty(path=shown)
    if size > LARGEST:
        raise EvidenceTooLarge(path=shown, most=LARGEST // 2**20)


def _sha256(file: Path) -> str:
    sha = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            sha.update(block)
    return sha.hexdigest()


# --- the mark -----------------------------------------------------------------------------------

_LEVELS: Final = r"(?:TUYỆT[ \t]+MẬT|TỐI[ \t]+MẬT|MẬT)"
#: Words that make another word of it in a heading set in capitals: BẢO MẬT, BÍ MẬT, MẬT ĐỘ, MẬT ONG.
_BEFORE: Final = ("BẢO", "BÍ", "CƠ", "ĐỘ", "THÂN", "NGỌT", "TRĂNG", "ONG", "RỈ", "ĐƯỜNG")
_AFTER: Final = ("ĐỘ", "ONG", "MÃ", "KHẨU", "THIẾT", "HOA", "MÍA")
# A wrapped line may part BẢO from MẬT.
_NOT_AFTER: Final = "".join(rf"(?<!{word}\s)" for word in _BEFORE)
_NOT_BEFORE: Final = rf"(?! (?:{'|'.join(_AFTER)})(?!\w))"
_STAMP: Final = re.compile(rf"(?<!\w){_NOT_AFTER}({_LEVELS})(?!\w){_NOT_BEFORE}")
_LABEL: Final = re.compile(rf"(?<!\w)độ[ \t]+mật[ \t]*[:：][ \t]*({_LEVELS})(?!\w)", re.IGNORECASE)
#: With a line to itself, as under a heading, any spelling of it is a stamp.
_SPACED: Final = r"(?:T ?U ?Y ?Ệ ?T +|T ?Ố ?I +)?M ?Ậ ?T"
_ALONE: Final = re.compile(rf"^[^\w\n]*({_SPACED})[^\w\n]*$", re.IGNORECASE | re.MULTILINE)
_SEPARATORS: Final = re.compile(r"[_\-.,()\[\]{}+]+")


def marked(text: str, *, name: bool = False) -> str | None:
    """The level of secrecy `text` is stamped with: the word in capitals, or after “Độ mật:”."""
    if name:
        text = _SEPARATORS.sub(" ", text)
    text = re.sub(r"[^\S\n]*(\n)\s*|[^\S\n]+", lambda gap: gap[1] or " ", nfc(text))
    found = _LABEL.search(text) or _ALONE.search(text) or _STAMP.search(text)
    return re.sub(r"\s+", " ", found[1]).upper() if found else None
