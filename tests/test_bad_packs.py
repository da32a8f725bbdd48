"""Files that are no packs, or made to keep a reader busy: refused soon, in a sentence, and nothing is adopted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from terminal import ntm
from test_findings import CALM, duty, money, target

from ntm_workflow.plans.guard import MOST_BYTES, MOST_DUTIES, MOST_FAULTS
from ntm_workflow.plans.pack import FileTooLarge, FolderNamed, OtherFile, faults_of, load

#: Enough to keep a reader busy for hours whose work grows with the square of it.
MUCH = MOST_BYTES // 4


@pytest.fixture
def store(tmp_path: Path) -> str:
    store = str(tmp_path / "s.db")
    assert ntm("init", store).code == 0
    return store


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(content: str | bytes, name: str = "mau.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def adopted(store: str) -> set[str]:
    items = ntm("plan list --json", store).json["items"]
    return {item["id"] for item in items if item["adopted_on"]}


# --- no text, or not this one ---------------------------------------------------------------------

ENCODED = {
    "UTF-16": CALM.encode("utf-16"),
    "UTF-16 ": b"\xfe\xff" + CALM.encode("utf-16-be"),
    "UTF-32": CALM.encode("utf-32"),
    "UTF-16?": CALM.encode("utf-16-le"),
}


@pytest.mark.parametrize("encoding", ENCODED)
def test_a_file_in_another_encoding_is_told_in_one_sentence_what_it_is_and_how_to_save_it(
    encoding: str,
) -> None:
    [fault] = faults_of(ENCODED[encoding])
    assert fault.say("vi") == f"tệp mã {encoding.strip()}; lưu lại với mã UTF-8"


@pytest.mark.parametrize("content", [b"", b"\n \r\n\t", b"\xef\xbb\xbf"])
def test_an_empty_file_is_told_so(content: bytes) -> None:
    assert [fault.code for fault in faults_of(content)] == ["empty_file"]


def test_a_folder_a_file_of_another_kind_and_one_too_large_are_named_as_what_they_are(
    file: Callable[..., Path], store: str, tmp_path: Path
) -> None:
    with pytest.raises(FolderNamed):
        load(str(tmp_path))
    with pytest.raises(OtherFile):
        load(str(file(CALM, "mau.txt")))
    assert load(str(file(CALM + "#" * (MOST_BYTES - len(CALM.encode()))))).id == "ke-hoach-mau"
    with pytest.raises(FileTooLarge):
        load(str(file(CALM + "#" * (MOST_BYTES - len(CALM.encode()) + 1))))
    sparse = file("")
    with sparse.open("r+b") as large:
        large.truncate(50_000_000)
    answer = ntm(f"plan adopt '{sparse}'", store)
    assert (answer.code, answer.out, adopted(store)) == (1, "", set())
    assert "lớn hơn 2 MB" in answer.err


# --- texts made to run away -----------------------------------------------------------------------


def times(make: Callable[[int], str], most: int = MUCH) -> Iterator[str]:
    """Table after table, until the file is full."""
    size = n = 0
    while size < most:
        table = make(n)
        size, n = size + len(table), n + 1
        yield table


def many(make: Callable[[int], str], most: int = MUCH) -> str:
    return "".join(times(make, most))


LIST = target("I", id='"ds"', places="[" + many(lambda n: f'"a{n}",', MUCH // 2) + "]")
OWED = 'rule = "R{}"\nclause = "I"\ntitle = "V"\nplaces_of = ["ds"]\n'
BOMBS: dict[str, tuple[str, str]] = {
    "brackets in brackets": ("too_deep", "a = " + "[" * MUCH),
    "brackets over lines": ("too_deep", "a = " + "[\n" * (MUCH // 2)),
    "tables in tables": ("too_deep", "a = " + "{a=" * (MUCH // 3)),
    "a key of many parts": ("long_key", ".".join("a" * (MUCH // 2)) + " = 1"),
    "a header of many parts": ("long_key", f"[{'.'.join('a' * (MUCH // 2))}]"),
    "a key of many parts in a table": ("long_key", f"a = {{ {' . '.join('a' * 99)} = 1 }}"),
    "a key of many quoted parts": ("long_key", ".".join(['"a"'] * (MUCH // 4)) + " = 1"),
    "marks upon marks": ("many_marks", 'title = "a' + "\u0315\u0300" * (MUCH // 4) + '"'),
    "a number without end": ("long_number", "a = " + "9" * MUCH),
    "a key said again and again": ("more", many(lambda n: "k = 1\n")),
    "days there are none of": ("more", many(lambda n: f"k{n} = 2024-02-30\n")),
    "keys nobody knows": ("more", CALM.replace("[[", many(lambda n: f"k{n} = 1\n") + "[[", 1)),
    "tables nobody knows": ("more", CALM + many(lambda n: f"[[a{n}]]\n")),
    "tables with nothing in them": ("more", CALM + many(lambda n: "[[places]]\n")),
    "places nobody knows": ("more", CALM + duty("R1", "I", places=LIST.split("places = ")[1])),
    "each place in the next one": (
        "more",
        CALM + many(lambda n: f'[[places]]\nid = "p{n}"\nname = "P{n}"\ntype = "xa"\nparent = "p{n + 1}"\n'),
    ),
    "a list for every duty": (
        "too_many_duties",
        CALM + LIST + many(lambda n: "[[obligations]]\n" + OWED.format(n), MUCH // 3),
    ),
    "a long name in every id": ("too_long", CALM + f'[[places]]\ntype = "xa"\nparent = "{"a" * (MUCH // 2)}"\nnames = [{many(lambda n: chr(34) + "a" + chr(34) + ",", MUCH // 3)}]\n'),
    "a long rule in every id": ("too_long", CALM + LIST + "[[obligations]]\n" + OWED.format("R" * 9999)),
    "a long text in every table": (
        "too_long",
        CALM.replace('strength = "must"', f'strength = "must"\ntitle = "{"a" * (MUCH // 2)}"'),
    ),
    "a long text in a list": ("too_long", CALM.replace("period", f'clauses = ["{"a" * MUCH}"]\nperiod', 1)),
    "each sum a part of the next": (
        "unknown_sum",
        CALM + many(lambda n: money(f"m{n}", "I", "1", parts=f'["m{n + 1}"]')),
    ),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_text_that_would_run_away_is_refused_with_few_short_sentences(bomb: str) -> None:
    code, text = BOMBS[bomb]
    assert len(text.encode()) <= MOST_BYTES
    found = faults_of(text.encode())
    assert code in {fault.code for fault in found}
    assert len(found) <= MOST_FAULTS + 1
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in found)
    assert all(len(fault.say(lang)) < 3_000 for fault in found for lang in ("vi", "en"))


def test_sums_in_a_circle_are_named_and_those_that_lead_into_it_are_not() -> None:
    rows = [money(*each, parts=f'["{part}"]') for *each, part in (("a", "I", "1", "b"), ("b", "I", "1", "c"), ("c", "I", "1", "b"))]  # fmt: skip
    found = faults_of((CALM + "".join(rows)).encode())
    assert [(fault.code, fault.facts["id"]) for fault in found] == [
        ("sum_of_itself", "b"),
        ("sum_of_itself", "c"),
    ]


def test_a_pack_may_have_as_many_duties_as_a_large_province_needs() -> None:
    lists = "".join(f'"xa-{n}-mau",' for n in range(1000))
    named = f'[[places]]\ntype = "xa"\nparent = "mau"\nnames = [{"".join(f"{chr(34)}Xã {n}{chr(34)}," for n in range(1000))}]\n'
    text = CALM + named + target("I", id='"ds"', places=f"[{lists}]")
    text += "".join("[[obligations]]\n" + OWED.format(n) for n in range(MOST_DUTIES // 1000))
    assert faults_of(text.replace('places = ["an-mau-mau"]\n\n[def', "\n[def", 1).encode()) == []


# --- plans that amend one another -----------------------------------------------------------------


def plan(id: str, **links: str) -> str:
    keys = "".join(f"{key} = {value}\n" for key, value in links.items())
    return CALM.replace("ke-hoach-mau", id).replace("period", f"{keys}period", 1)


def test_plans_that_amend_one_another_in_a_circle_are_refused_together(
    file: Callable[..., Path], store: str
) -> None:
    one = file(plan("mot", amends='["hai"]'), "mot.toml")
    two = file(plan("hai", amends='["mot"]'), "hai.toml")
    answer = ntm(f"plan adopt '{one}' '{two}'", store)
    assert (answer.code, adopted(store)) == (1, set())
    assert "thành vòng: mot → hai → mot" in answer.err


@pytest.mark.parametrize("together", [True, False])
def test_a_circle_through_adopted_plans_is_refused_whatever_it_is_made_of(
    file: Callable[..., Path], store: str, together: bool
) -> None:
    files = [
        file(plan("mot", implements='["hai"]'), "mot.toml"),
        file(plan("hai", implements='["ba"]'), "hai.toml"),
        file(plan("ba", amends='["mot"]'), "ba.toml"),
    ]
    lines = [" ".join(f"'{each}'" for each in files)] if together else [f"'{f}'" for f in files]
    *_, last = [ntm(f"plan adopt {line}", store) for line in lines]
    assert last.code == 1
    assert "thành vòng: ba → mot → hai → ba" in last.err
    assert adopted(store) == (set() if together else {"mot", "hai"})


def test_two_plans_that_implement_the_same_one_are_no_circle(
    file: Callable[..., Path], store: str
) -> None:
    top = file(plan("tinh"), "tinh.toml")
    one = file(plan("mot", implements='["tinh"]'), "mot.toml")
    two = file(plan("hai", implements='["tinh", "mot"]'), "hai.toml")
    assert ntm(f"plan adopt '{two}' '{one}' '{top}'", store).code == 0
    assert adopted(store) == {"tinh", "mot", "hai"}


def test_what_a_plan_amends_is_adopted_before_it_when_both_are_named(
    file: Callable[..., Path], store: str
) -> None:
    old, new = file(plan("cu"), "cu.toml"), file(plan("moi", amends='["cu"]'), "moi.toml")
    answer = ntm(f"plan adopt '{new}' '{old}' --json", store)
    subjects = [f["subject"] for f in answer.json["facts"] if f["type"] == "PlanAdopted"]
    assert subjects == ["plan/cu", "plan/moi"]


def test_a_plan_that_amends_a_known_pack_waits_for_it(
    file: Callable[..., Path], store: str
) -> None:
    new = file(plan("moi", amends='["tam-ky-2024"]'))
    refused = ntm(f"plan adopt '{new}'", store)
    assert (refused.code, adopted(store)) == (1, set())
    assert "Áp dụng trước: ntm plan adopt tam-ky-2024" in refused.err
    assert ntm(f"plan adopt tam-ky-2024 '{new}'", store).code == 0


def test_a_plan_may_amend_one_that_no_pack_is_known_of(
    file: Callable[..., Path], store: str
) -> None:
    new = file(plan("moi", amends='["quyet-dinh-cu"]'))
    assert ntm(f"plan adopt '{new}'", store).code == 0


def test_one_plan_named_twice_is_refused_and_not_taken_for_one(
    file: Callable[..., Path], store: str
) -> None:
    one = file(plan("mot"))
    assert ntm(f"plan adopt '{one}' '{one}'", store).code == 1
    assert adopted(store) == set()
