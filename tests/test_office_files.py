"""What the demo leaves for an office opens in LibreOffice, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from demo_store import Demo

LEFT = ("*.docx", "*.xlsx")


@pytest.fixture(scope="module")
def printed(told_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents and workbooks of the demo as LibreOffice prints them."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    folder = tmp_path_factory.mktemp("printed")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = [file for kind in LEFT for file in told_demo.folder.glob(kind)]
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=180)
    return folder


def test_the_demo_leaves_the_reports_the_matrix_and_a_form(told_demo: Demo) -> None:
    names = {file.name for kind in LEFT for file in told_demo.folder.glob(kind)}
    reports = {f"bao-cao-2024-10-{name}.docx" for name in ("tam-thanh", "tam-ky", "quang-nam")}
    assert names >= {*reports, "bang-tieu-chi.xlsx", "bieu-tieu-chi.xlsx"}


def test_libreoffice_opens_every_one(told_demo: Demo, printed: Path) -> None:
    for kind in LEFT:
        for file in told_demo.folder.glob(kind):
            pages = printed / f"{file.stem}.pdf"
            assert pages.read_bytes().startswith(b"%PDF"), file.name


def test_a_report_reads_as_an_office_writes_it(printed: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext here")
    for name, issuer in (("tam-thanh", "XÃ TAM THANH"), ("quang-nam", "TỈNH QUẢNG NAM")):
        pages = printed / f"bao-cao-2024-10-{name}.pdf"
        text = subprocess.run([reader, "-layout", pages, "-"], check=True, capture_output=True)
        said = text.stdout.decode()
        # The national title stands in one line beside the name of the issuer's kind.
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said.splitlines()[0]
        assert issuer in said
        assert "chờ xác nhận của ngành (mẫu)" in said
