"""The sample files of docs/vectors, made again byte for byte, and the script that shares no code.

`python tests/test_vectors.py` writes them anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eventsourcing.persistence import StoredEvent
from msgspec.structs import replace as with_
from pymerkle import InmemoryTree  # type: ignore[import-untyped]
from terminal import ntm

from ntm_workflow.domain.subjects import EVENTS
from ntm_workflow.store import receipt, seal
from ntm_workflow.store.codec import FactMapper
from ntm_workflow.store.merkle import Frontier, inclusion, root
from ntm_workflow.store.receipt import Proved, Receipt
from ntm_workflow.store.seal import Seal, fingerprint

DOCS = Path(__file__).parent.parent / "docs"
SCRIPT = DOCS / "check_receipt.py"
SEED = sha256(b"ntm-workflow sample key, for the test vectors only").digest()
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = KEY.public_key().public_bytes_raw().hex()
STORE = "5a" * 16

#: position, entry, version, id, topic, recorded_at, state: sample facts, in four entries
SAMPLES = [
    (1, 1, 1, "place/mau", "PlaceRegistered", "2024-01-05T02:00:00.000000Z",
     '{"effective_on":"0001-01-01","by":"mẫu","name":"Xã Mẫu","type":"xa"}'),
    (2, 2, 1, "fund/kênh mẫu", "FundItemOpened", "2024-02-20T02:00:00.000000Z",
     '{"effective_on":"2024-02-20","by":"mẫu","item":"kênh mẫu","type":"work","place":"mau"}'),
    (3, 2, 2, "fund/kênh mẫu", "FundAllocated", "2024-02-20T02:00:00.000000Z",
     '{"effective_on":"2024-02-20","by":"mẫu","item":"kênh mẫu","amount":1500000000,"source":"provincial","kind":"investment","plan_year":2024}'),
    (4, 4, 3, "fund/kênh mẫu", "FundDisbursed", "2024-05-16T02:00:00.000000Z",
     '{"effective_on":"2024-05-15","by":"mẫu","document":"UNC mẫu 1","item":"kênh mẫu","amount":500000000}'),
    (5, 5, 1, "closing/2024-06-30", "DayClosed", "2024-07-01T02:00:00.000000Z",
     '{"effective_on":"2024-06-30","by":"mẫu","day":"2024-06-30"}'),
]  # fmt: skip


class Few:
    """A journal too small for tiles."""

    def __init__(self, hashes: list[bytes]) -> None:
        self.hashes = hashes

    def leaves(self, low: int, high: int) -> list[bytes]:
        return self.hashes[low:high]

    def tiles(self, level: int, low: int, high: int) -> list[bytes]:
        raise AssertionError("no tiles here")


def facts() -> list[Proved]:
    bare = [Proved(*row[:-1], row[-1].encode(), []) for row in SAMPLES]
    nodes = Few([fact.leaf for fact in bare])
    return [with_(f, proof=inclusion(n, len(bare), nodes)) for n, f in enumerate(bare)]


def vectors() -> dict[str, bytes]:
    """File name -> its bytes."""
    public, proved = KEY.public_key().public_bytes_raw(), facts()
    tree = Frontier()
    tree.extend([fact.leaf for fact in proved])
    at = "2024-07-01T02:00:00.000000Z"
    unsigned = Seal(store_id=STORE, size=5, root=tree.root(), sealed_at=at, rehearsal=True)
    note = seal.sign(unsigned, KEY).note
    made = Receipt(receipt.SCHEMA, STORE, 2, public.hex(), note, proved[1:3])
    more = made.facts[1].state.replace(b"1500000000", b"2500000000")
    forged = with_(made, facts=[made.facts[0], with_(made.facts[1], state=more)])
    return {
        "journal.json": journal(public, proved),
        "seal.txt": note.encode(),
        "receipt-2.json": receipt.write(made),
        "receipt-2-forged.json": receipt.write(forged),
    }


def journal(public: bytes, proved: list[Proved]) -> bytes:
    leaves = [fact.leaf for fact in proved]
    said: dict[str, Any] = {
        "about": "SAMPLE. The seed is published here: this key proves nothing.",
        "seed": SEED.hex(),
        "public_key": public.hex(),
        "fingerprint": fingerprint(public),
        "store": STORE,
        "facts": [{**_inputs(fact), "leaf": fact.leaf.hex()} for fact in proved],
        "roots": [root(leaves[:size]).hex() for size in range(len(leaves) + 1)],
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n"


def _inputs(fact: Proved) -> dict[str, Any]:
    inputs: dict[str, Any] = msgspec.to_builtins(fact)
    del inputs["proof"]
    return inputs


def test_the_sample_files_are_the_ones_made_here() -> None:
    made = vectors()
    kept = {path.name: path.read_bytes() for path in (DOCS / "vectors").iterdir()}
    assert kept.pop("README.md")
    assert kept == made


def test_the_sample_facts_are_events_as_the_journal_stores_them() -> None:
    mapper = FactMapper(EVENTS)
    for _, _, version, id, topic, _, state in SAMPLES:
        fact = mapper.to_domain_event(StoredEvent(id, version, topic, state.encode()))
        assert mapper.to_stored_event(fact).state == state.encode()


def test_pymerkle_finds_the_roots_of_the_sample_journal() -> None:
    said = json.loads(vectors()["journal.json"])
    theirs = InmemoryTree(algorithm="sha256")
    for fact, top in zip(said["facts"], said["roots"][1:], strict=True):
        theirs.append_entry(laid_out(fact))
        assert theirs.get_root().hex() == top


def laid_out(fact: dict[str, Any]) -> bytes:
    """The bytes after the leaf mark, put together by hand."""
    texts = [fact[name].encode() for name in ("id", "topic", "recorded_at")]
    numbers = b"".join(fact[name].to_bytes(8, "big") for name in ("position", "entry", "version"))
    lengths = b"".join(len(text).to_bytes(4, "big") for text in texts)
    return numbers + lengths + b"".join(texts) + b64decode(fact["state"])


def test_the_sample_receipt_holds_and_the_forged_one_does_not() -> None:
    good = ntm(f"audit check {DOCS}/vectors/receipt-2.json --key {PUBLIC}")
    assert (good.code, "DIỄN TẬP" in good.out) == (0, True)
    assert "giao 1,5 tỷ đồng" in good.out
    forged = ntm(f"audit check {DOCS}/vectors/receipt-2-forged.json --json")
    assert (forged.code, forged.json["problems"][0]["number"]) == (1, 3)


# --- the independent script


def script(data: bytes, *key: str) -> int:
    command = [sys.executable, str(SCRIPT), *key]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert (done.returncode == 0) == done.stdout.startswith(b"OK")
    return done.returncode


def test_the_script_is_short_and_imports_the_standard_library_only() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.count("\n") <= 60
    imported = [
        line.split()[1] for line in text.splitlines() if line.startswith(("import", "from"))
    ]
    assert set(imported) == {"json", "sys", "base64", "hashlib"}


def test_the_script_believes_a_good_receipt_and_the_key_it_is_told() -> None:
    good = vectors()["receipt-2.json"]
    assert script(good, PUBLIC) == 0
    assert script(good, "00" * 32) == 1


def test_the_script_takes_no_key_on_the_word_of_the_receipt() -> None:
    assert script(vectors()["receipt-2.json"]) == 1


def test_the_script_believes_a_receipt_from_a_store(tmp_path: Path) -> None:
    store = str(tmp_path / "s.db")
    assert ntm("init", store).code == 0
    assert ntm("plan adopt tam-ky-2024", store).code == 0
    assert ntm(f"audit receipt 1 -o {tmp_path}/p.json", store).code == 0
    data = (tmp_path / "p.json").read_bytes()
    assert script(data, json.loads(data)["key"]) == 0


def flipped(text: str) -> str:
    """The same base64 or hexadecimal with another first byte."""
    return ("B" if text[0] == "A" else "A") + text[1:]


def said(change: Callable[[dict[str, Any]], object]) -> bytes:
    found = json.loads(vectors()["receipt-2.json"])
    change(found)
    return json.dumps(found).encode()


def sign_of(text: str) -> str:
    """The note with another byte in its signature."""
    head, _, line = text.rpartition(" ")
    raw = bytearray(b64decode(line))
    raw[40] ^= 1
    return f"{head} {b64encode(bytes(raw)).decode()}\n"


FORGED: dict[str, Callable[[dict[str, Any]], object]] = {
    "schema": lambda r: r.update(schema="ntm.receipt/2"),
    "store": lambda r: r.update(store="5b" * 16),
    "key": lambda r: r.update(key="00" + r["key"][2:]),
    "entry": lambda r: r.update(entry=3),
    "size": lambda r: r.update(seal=r["seal"].replace("\n5\n", "\n6\n")),
    "time": lambda r: r.update(seal=r["seal"].replace("2024", "2023")),
    "rehearsal": lambda r: r.update(seal=r["seal"].replace("rehearsal\n", "")),
    "signature": lambda r: r.update(seal=sign_of(r["seal"])),
    "facts": lambda r: r.update(facts=[]),
    "first fact left out": lambda r: r["facts"].pop(0),
    "facts in another order": lambda r: r["facts"].reverse(),
    "position": lambda r: r["facts"][0].update(position=1),
    "version": lambda r: r["facts"][0].update(version=9),
    "id": lambda r: r["facts"][0].update(id="fund/khác"),
    "topic": lambda r: r["facts"][0].update(topic="FundDisbursed"),
    "recorded_at": lambda r: r["facts"][0].update(recorded_at="2024-02-21T02:00:00.000000Z"),
    "state": lambda r: r["facts"][1].update(state=flipped(r["facts"][1]["state"])),
    "a hash": lambda r: r["facts"][1]["proof"].insert(0, flipped(r["facts"][1]["proof"].pop(0))),
    "a hash left out": lambda r: r["facts"][1]["proof"].pop(),
    "a hash too many": lambda r: r["facts"][1]["proof"].append(r["facts"][1]["proof"][0]),
    "hashes in another order": lambda r: r["facts"][1]["proof"].reverse(),
}


@pytest.mark.parametrize("what", FORGED)
def test_the_script_and_the_program_disbelieve_the_same_forgeries(what: str) -> None:
    data = said(FORGED[what])
    found = receipt.load(data)
    assert found is None or list(receipt.flaws(found))
    assert script(data, json.loads(data)["key"]) == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", vectors()["receipt-2.json"][:-9]])
def test_the_script_disbelieves_what_is_no_receipt(data: bytes) -> None:
    assert script(data, PUBLIC) == 1


if __name__ == "__main__":
    for name, content in vectors().items():
        (DOCS / "vectors" / name).write_bytes(content)
