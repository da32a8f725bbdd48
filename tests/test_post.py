"""The folder of .eml files: each letter whole or not at all, under a name that is safe."""

from __future__ import annotations

import re
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ntm_workflow.notifications.post import Folder, Outcome, Parcel, cleaned, file_name


def parcel(id: str, content: bytes = b"Subject: x\r\n\r\nx\r\n") -> Parcel:
    return Parcel(id, "tra-lai@example.com", "xa@example.com", content)


@contextmanager
def room_for(most: int) -> Iterator[None]:
    """This process may write files of so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


def test_each_letter_becomes_a_file_of_its_bytes(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "thư")
    folder.ready()
    parcels = [parcel(f"letter/xa/reminder/{n}", b"%d" % n) for n in range(3)]
    results = list(folder.deliver(parcels))
    assert [(r.id, r.outcome) for r in results] == [(p.id, Outcome.ACCEPTED) for p in parcels]
    files = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    assert files == {f"xa--reminder--{n}.eml": b"%d" % n for n in range(3)}


def test_a_letter_that_leaves_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        list(Folder(tmp_path).deliver([parcel("letter/xa/reminder/1")]))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_tries_none_and_leaves_no_half_letter(tmp_path: Path) -> None:
    big, small = parcel("letter/a/b", b"x" * 5000), parcel("letter/c/d", b"x" * 100)
    with room_for(1000):
        results = {r.id: r for r in Folder(tmp_path).deliver([big, small])}
    assert results[big.id].outcome is Outcome.UNTRIED
    assert results[big.id].said == "File too large"
    assert results[small.id].outcome is Outcome.ACCEPTED
    assert [path.name for path in tmp_path.iterdir()] == ["c--d.eml"]


def test_a_folder_that_is_gone_tries_none(tmp_path: Path) -> None:
    (result,) = Folder(tmp_path / "khong-con").deliver([parcel("letter/a/b")])
    assert (result.outcome, result.said) == (Outcome.UNTRIED, "No such file or directory")


IDS = st.text(max_size=300) | st.sampled_from(
    ["../../etc/passwd", "con", "a/b", "a--b", "A/b", "letter/a/b", "", ".", "x" * 300, "\ud800/\0"]
)


@given(st.lists(IDS, unique=True))
def test_a_file_name_is_safe_whatever_the_id_and_no_two_share_one(ids: list[str]) -> None:
    names = [file_name(id) for id in ids]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*\.eml", name) for name in names)
    assert max((len(name) for name in names), default=0) < 200
    assert all(name.split(".")[0] not in {"con", "nul", "aux", "prn"} for name in names)
    # Where "letter/" is left out, nothing else has that id.
    plain = {id.removeprefix("letter/") for id in ids}
    assert len(set(names)) >= len(plain)


@given(st.text())
def test_what_a_server_says_becomes_one_short_line(said: str) -> None:
    line = cleaned(said)
    assert len(line) <= 500
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", line)
    assert line == line.strip()
