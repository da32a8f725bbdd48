"""Letters: who was to hear what, who let it go out, and what became of it. The bytes stay in the outbox."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final, cast

import msgspec
from msgspec.structs import replace

from ntm_workflow.domain.base import Event, Fact, Opening, Refused, Subject

#: What a line of a letter is to its reader. `asked`: has it been received? `missed`: confirmed as not
#: done; `after`: still not done; `climbed`: told further up; the rest speak for themselves.
PARTS: Final = (
    *("asked", "missed", "after", "ahead", "copy", "climbed", "returned", "to_stop"),
    *("decided", "corrected", "summary", "no_address"),
)
#: What a letter of the first version said by its kind alone.
_FIRST_PARTS: Final = {"reminder": "ahead", "confirm": "asked"}


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a letter says: about which subject, as which part, on which rung.

    `rung` is days before `act_by`, negative after it; of a `climbed` line the level. `act_by` is the
    day that was told. `letter` is the one that was wrong, of a `corrected` line.
    """

    subject: str
    part: str
    rung: int = 0
    act_by: date | None = None
    letter: str | None = None


class LetterIssued(Opening, frozen=True, kw_only=True, omit_defaults=True):
    """The ladder says that a unit must hear.

    `held` letters wait until a named officer releases them. An alert has no lines: `about` is what is
    wrong with the machine or its work.
    """

    VERSION: ClassVar[int] = 2

    unit: str
    kind: str
    day: date
    lines: tuple[Line, ...] = ()
    about: str | None = None
    held: bool = False

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        part = _FIRST_PARTS.get(state["kind"], state["kind"])
        state["lines"] = [
            {"subject": id, "part": part, "rung": rung} for id, rung in state.pop("rungs")
        ]


class LetterReleased(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who answers for it lets a held letter go out. `person` is an id, not a name.

    None where what the letter waited for has happened.
    """

    person: str | None = None


class LetterSent(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The letter left with these exact bytes. `contact` is an id, not an address.

    They were written of the end of the day `as_of`, as the journal was known at position `as_known`:
    what did not hold then was left out. None in letters that say all that was issued.
    """

    message_id: str
    contact: str
    sha256: str
    as_of: date | None = None
    as_known: int | None = None


class LetterFailed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A server refused the letter for good; `status` is its enhanced code (RFC 3463) if it gave one."""

    message_id: str
    contact: str
    code: int
    status: str | None = None


class LetterBounced(Event, frozen=True, kw_only=True, omit_defaults=True):
    """The letter was accepted and came back: a delivery status notification said so (RFC 3464)."""

    message_id: str
    status: str | None = None


class LetterAcknowledged(Event, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody of the unit has read the letter and takes it on. `person` is an id, not a name."""

    person: str


class Letter(msgspec.Struct, frozen=True):
    """`gone` are the message ids it left under, `refused` and `bounced` those that came to nothing.

    `as_of` and `as_known` are the times its first copy was written for; before, those of its issue.
    `left_on` is the day on which a copy last left.
    """

    unit: str
    kind: str
    day: date
    as_of: date
    as_known: int
    lines: tuple[Line, ...] = ()
    about: str | None = None
    held: bool = False
    released_by: str | None = None
    acknowledged_by: str | None = None
    left_on: date | None = None
    gone: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`held`, `queued`, `sent` (to one address at least), `bounced` or `failed` (of them all)."""
        if self.gone:
            return "bounced" if set(self.gone) <= set(self.bounced) else "sent"
        if self.refused:
            return "failed"
        return "held" if self.held and self.released_by is None else "queued"


class LetterGone(Refused):
    vi = "Thư này đã gửi đi rồi.\nXem: ntm letter list"
    en = "This letter has left already.\nSee: ntm letter list"


class LetterNotHeld(Refused):
    vi = "Thư này không chờ ai cho gửi.\nXem các thư đang chờ: ntm letter list --state held"
    en = "This letter waits for nobody's release.\nSee those that do: ntm letter list --state held"


class LetterStillHeld(Refused):
    vi = "Thư này còn chờ người có thẩm quyền cho gửi.\nCho gửi: ntm letter release --help"
    en = "This letter still waits to be released.\nRelease it: ntm letter release --help"


class LetterNeverLeft(Refused):
    vi = "Thư này chưa gửi đi dưới mã {message_id}.\nXem: ntm letter list"
    en = "This letter never left as {message_id}.\nSee: ntm letter list"


class LetterBouncedBefore(Refused):
    vi = "Sổ đã ghi thư này bị trả lại dưới mã {message_id}; không ghi thêm.\nXem: ntm letter list"
    en = "The journal already says that this letter came back as {message_id}; nothing to record.\nSee: ntm letter list"


class LetterAcknowledgedBefore(Refused):
    vi = "Thư này đã có người nhận trả lời rồi.\nXem: ntm letter list"
    en = "This letter has been acknowledged already.\nSee: ntm letter list"


def rule(letter: Letter, event: Event) -> Refused | None:
    match event:
        case LetterReleased() if letter.state != "held":
            return LetterNotHeld()
        case LetterSent(message_id=id) | LetterFailed(message_id=id):
            return _not_leaving(letter, id)
        case LetterBounced(message_id=id) if id not in letter.gone:
            return LetterNeverLeft(message_id=id)
        case LetterBounced(message_id=id) if id in letter.bounced:
            return LetterBouncedBefore(message_id=id)
        case LetterAcknowledged() if letter.acknowledged_by:
            return LetterAcknowledgedBefore()
        case LetterAcknowledged() if letter.state == "held":
            return LetterStillHeld()
    return None


def _not_leaving(letter: Letter, message_id: str) -> Refused | None:
    if letter.state == "held":
        return LetterStillHeld()
    return LetterGone() if message_id in letter.gone else None


def evolve(letter: Letter | None, fact: Fact) -> Letter:
    if isinstance(said := fact.event, LetterIssued):
        times = (said.day, fact.position)
        return Letter(said.unit, said.kind, said.day, *times, said.lines, said.about, said.held)
    state = cast(Letter, letter)
    match fact.event:
        case LetterReleased(person=None):
            return replace(state, held=False)
        case LetterReleased(person=person):
            return replace(state, released_by=person)
        case LetterSent() as sent:
            return _left(state, sent)
        case LetterFailed(message_id=id):
            return replace(state, refused=_with(state.refused, id))
        case LetterBounced(message_id=id):
            return replace(state, bounced=_with(state.bounced, id))
        case LetterAcknowledged(person=person):
            return replace(state, acknowledged_by=state.acknowledged_by or person)
        case other:
            raise TypeError(other)


def _left(letter: Letter, sent: LetterSent) -> Letter:
    id = sent.message_id
    refused = tuple(each for each in letter.refused if each != id)
    gone = _with(letter.gone, id)
    anew = replace(letter, gone=gone, refused=refused, left_on=sent.effective_on)
    if letter.gone or sent.as_of is None or sent.as_known is None:
        return anew
    return replace(anew, as_of=sent.as_of, as_known=sent.as_known)


def _with(ids: tuple[str, ...], id: str) -> tuple[str, ...]:
    return ids if id in ids else (*ids, id)


SUBJECT = Subject[Letter](
    "letter",
    (
        LetterIssued,
        LetterReleased,
        LetterSent,
        LetterFailed,
        LetterBounced,
        LetterAcknowledged,
    ),
    evolve,
    rule,
)
