"""Duties: how their days follow from words or papers, and how a dossier's hand-over meets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from msgspec.structs import replace

from ntm_workflow.domain.assignment import SETTLED
from ntm_workflow.domain.base import Event, Fact, NotBegun, Refused
from ntm_workflow.domain.calendar import WorkingDays
from ntm_workflow.domain.dates import Deadline, Settled, Step, is_yearly, read_phrase, settle
from ntm_workflow.domain.derivation import Reason
from ntm_workflow.domain.dossier_events import (
    DossierAnnounced,
    DossierClosed,
    DossierOpened,
    DossierRecognised,
    DossierSubmitted,
    DossierVerified,
)
from ntm_workflow.domain.dossier_state import Dossier
from ntm_workflow.domain.fund_events import FundSettled
from ntm_workflow.domain.obligation import (
    Alternative,
    AlternativeTaken,
    Assignment,
    ConditionSettled,
    Obligation,
    ObligationAssigned,
    ObligationExtended,
    ObligationMet,
    ObligationResumed,
    ObligationSuspended,
    OpeningMoved,
)
from ntm_workflow.domain.obligation_events import Redated
from ntm_workflow.domain.obligation_refusals import (
    NoAlternative,
    PaperNeededForAlternative,
    PaperNeededToFail,
)
from ntm_workflow.domain.pause import ONE_DAY
from ntm_workflow.domain.plan import Settings
from ntm_workflow.domain.values import fold
from ntm_workflow.office.calendar import calendar_for, calendar_of
from ntm_workflow.office.deadline import letter_days, paused_days, redated
from ntm_workflow.office.entry import Entry, Reaction
from ntm_workflow.projections.obligation import following, met_by

#: Letters of a document's name that an id is made of.
SLUG = 40


class LetterMissing(Refused):
    exit_code = 2
    vi = "Giao nhiệm vụ phải nêu văn bản.\nThêm --document “số, ngày, cơ quan ban hành”."
    en = "Giving an obligation needs its letter.\nAdd --document “number, date, issuer”."


class DueBeforeLetter(Refused):
    exit_code = 2
    vi = "Hạn {day} trước ngày của văn bản ({on}).\nGhi rõ năm trong câu chữ của hạn, hoặc kiểm tra lại --on."
    en = "The deadline {day} comes before the letter itself ({on}).\nWrite the year in its words, or check --on."


class ComesBack(Refused):
    exit_code = 2
    vi = "“{phrase}” lặp lại hằng năm; mỗi năm là một nhiệm vụ.\nGhi rõ năm, ví dụ “trước ngày 30/10/2024”."
    en = "“{phrase}” comes back every year; each year is a duty of its own.\nName the year, e.g. “trước ngày 30/10/2024”."


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A duty as an official letter or a meeting's conclusion gives it; units and place are ids.

    `year` fills in one the phrase leaves out.
    """

    phrase: str
    to: str
    title: str | None = None
    clause: str | None = None
    with_: tuple[str, ...] = ()
    advised_by: tuple[str, ...] = ()
    from_unit: str | None = None
    place: str | None = None
    strength: str = "must"
    year: int | None = None


def give(entry: Entry, letter: Letter) -> None:
    """Bind a unit by a letter: the same derivation as a plan's clause, under undecided settings."""
    document, on = entry.request.document, entry.request.on or entry.today
    if not document:
        raise LetterMissing
    calendar = calendar_of(entry.conn)
    deadline = deadline_of(letter.phrase, on, calendar, letter.year)
    said = {
        "clause": ", ".join(filter(None, (document, letter.clause))),
        "title": letter.title or f"Thực hiện {document}",
        "strength": letter.strength,
        "owed_by": letter.to,
        "owed_to": letter.from_unit,
        "with_": letter.with_,
        "advised_by": letter.advised_by,
        "place": letter.place,
        "body": entry.request.body or letter.from_unit,
        **letter_days(deadline, calendar, document),
    }
    id = _free_id(entry, document, said)
    entry.record(id, ObligationAssigned, rule=id.partition("/")[2], **said)


def deadline_of(
    phrase: str,
    on: date,
    calendar: WorkingDays,
    given_year: int | None = None,
    event: date | None = None,
) -> Deadline:
    """A phrase of a letter of that day as days; refuses one that comes back, or is over already."""
    if is_yearly(phrase):
        raise ComesBack(phrase=phrase)
    year = (given_year, given_year) if given_year else None
    day = on if year else None
    deadline = read_phrase(phrase, year, document=day, event=event, working=calendar)
    renamed = {"year_of_plan": "year_of_document"}
    steps = (replace(s, rule=renamed.get(s.rule, s.rule)) for s in deadline.derivation)
    deadline = replace(deadline, derivation=tuple(steps))
    if deadline.nominal_day and deadline.nominal_day < on:
        raise DueBeforeLetter(day=deadline.nominal_day, on=on)
    return deadline


def _free_id(entry: Entry, document: str, said: dict[str, Any]) -> str:
    """The document's next number; a duty that says the same again keeps its id, and is refused."""
    slug = fold(document)[:SLUG].strip().replace(" ", "-") or "van-ban"
    for number in count(1):
        id = f"obligation/{slug}-{number}"
        state = entry.timeline(id).now
        if state is None or _says(state, said):
            return id
    raise AssertionError("counting ended")


def _says(state: Obligation, said: dict[str, Any]) -> bool:
    aside = ("body", "derivation")
    return all(getattr(state.assigned, k) == v for k, v in said.items() if k not in aside)


def extend(entry: Entry, id: str, until: date, reason: str | None) -> None:
    """Move the last day: every day acted on follows from it, under the plan's own settings."""
    state = entry.timeline(id).now
    if state is None:
        raise NotBegun(subject=id, day=entry.today, began=None)
    step = Step("extended", until)
    named = Deadline(state.assigned.expression, "by_date", None, until, until, (step,))
    settled = settled_for(entry, state, named)
    # One day is named, so there is no choice between two readings to show.
    steps = [s for s in settled.derivation if not s.rule.startswith("boundary_")]
    entry.record(
        id,
        ObligationExtended,
        until=until,
        act_by=settled.act_by,
        enforce_day=settled.enforce_day,
        entered_by=settled.entered_by,
        reason=reason,
        derivation=tuple(Reason.of(s, s.authority) for s in steps),
    )


def suspend(entry: Entry, id: str, until: date | None) -> None:
    """Pause a duty, to the end of `until` or until it is resumed."""
    days = _after_pause(entry, id, until + ONE_DAY) if until else {}
    entry.record(id, ObligationSuspended, until=until, **days)


def resume(entry: Entry, id: str) -> None:
    """Let a duty count again from the day of the request on."""
    day = entry.request.on or entry.today
    entry.record(id, ObligationResumed, **_after_pause(entry, id, day))


def _after_pause(entry: Entry, id: str, day: date) -> dict[str, Any]:
    state = entry.timeline(id).now
    if state is None:
        return {}
    weekend, granted = weekend_of(entry, state), entry_days_of(entry, state)
    return paused_days(day, *weekend, calendar_of(entry.conn), granted)


def take_alternative(entry: Entry, id: str) -> None:
    """What the clause makes its second day depend on holds: that day counts, under the same settings."""
    state = entry.timeline(id).now
    if state is None:
        raise NotBegun(subject=id, day=entry.today, began=None)
    other = state.assigned.alternative
    if not entry.request.document:
        if other is None:
            raise NoAlternative(expression=state.assigned.expression)
        raise PaperNeededForAlternative
    days = {}
    if other:
        deadline = _of_alternative(entry, state.assigned, other)
        days = redated(deadline, settled_for(entry, state, deadline))
    entry.record(id, AlternativeTaken, **days)


def _of_alternative(entry: Entry, said: Assignment, other: Alternative) -> Deadline:
    """The second deadline as its words set it, every step on the clause that names it."""
    plan = entry.timeline(f"plan/{said.plan}").now if said.plan else None
    period = plan.adopted.period if plan else None
    read = read_phrase(other.expression, period, working=calendar_of(entry.conn))
    clause = " ".join(filter(None, (said.plan, said.clause)))
    steps = (replace(s, authority=s.authority or clause) for s in read.derivation)
    return replace(read, derivation=(Step("alternative", read.nominal_day), *steps))


def settle_condition(entry: Entry, id: str, *, holds: bool) -> None:
    """Whether that on which the clause makes the duty depend holds; what frees a unit needs a paper."""
    if not holds and not entry.request.document:
        raise PaperNeededToFail
    entry.record(id, ConditionSettled, holds=holds)


def settled_for(entry: Entry, state: Obligation, deadline: Deadline) -> Settled:
    """The days acted on, as the duty's own settings and its plan's have them."""
    boundary, granted = settings_of(entry, state).boundary, entry_days_of(entry, state)
    weekend, paper = weekend_of(entry, state)
    calendar = calendar_for(entry.reading)
    settled = settle(deadline, boundary, weekend, calendar, entry_days=granted)
    rolled = (
        replace(s, authority=paper or s.authority) if s.rule.startswith("roll_") else s
        for s in settled.derivation
    )
    return replace(settled, derivation=tuple(rolled))


def weekend_of(entry: Entry, state: Obligation) -> tuple[str, str | None]:
    """The duty's own weekend setting and the paper that chose it, else its plan's."""
    if own := state.assigned.weekend:
        steps = (s for s in state.assigned.derivation if s.rule.startswith("roll_"))
        return own, next((step.authority for step in steps), None)
    return settings_of(entry, state).weekend, None


def entry_days_of(entry: Entry, state: Obligation) -> int:
    own = state.assigned.entry_days
    return settings_of(entry, state).entry_days if own is None else own


def trigger(dossier: str, level: str) -> str:
    """The step of a dossier that can meet a duty: which one, reaching which level; or of a fund item."""
    return f"{dossier}/{level}"


def supplement_step(level: str, number: int) -> str:
    """How the duty to hand a dossier up to a desk once more, after that return, calls it."""
    return f"{level}-{number}"


_STEPS: dict[type[Event], str] = {
    DossierOpened: "opened",
    DossierVerified: "verified",
    DossierRecognised: "recognised",
    DossierAnnounced: "announced",
    FundSettled: SETTLED,
}


def _steps(event: Event, before: Any) -> list[str]:
    """How triggers of duties call this step of a dossier or fund item that was `before` as it was."""
    if not isinstance(event, DossierSubmitted):
        return [_STEPS[type(event)]] if type(event) in _STEPS else []
    level = event.to_level
    returns = before.asked_for(level) if isinstance(before, Dossier) else ()
    return [level, *(supplement_step(level, number) for number in returns)]


def meet_obligations(entry: Entry, fact: Fact) -> None:
    """Every unmet duty that asks for this step is met on the day its plan counts."""
    timeline = entry.timeline(fact.subject)
    # Of a dossier that is closed the duties went elsewhere; on the day of the step they asked for this one.
    closed = any(isinstance(step.fact.event, DossierClosed) for step in timeline.steps)
    then = fact.event.effective_on if closed else None
    for step in _steps(fact.event, timeline.before(fact)):
        for id in met_by(entry.conn, trigger(fact.subject, step), then):
            _meet(entry, id, fact.event)


def met_before(entry: Entry, fact: Fact) -> None:
    """What was handed up before meets a duty that is new, or that asks for it from now on."""
    event = fact.event
    assert isinstance(event, Assignment)
    state: Obligation | None = entry.timeline(fact.subject).before(fact)
    asked = state and state.assigned.trigger
    if event.trigger and event.trigger != asked:
        since = event.effective_on if state else None
        meet_from_earlier(entry, fact.subject, event.trigger, since)


def meet_from_earlier(
    entry: Entry, obligation: str, trigger: str, since: date | None = None
) -> None:
    """A duty adopted after the hand-over it asks for is met by it, too; one that asks for it `since`
    a day not before.

    In an entry of its own: voiding the hand-over must take back this and not the adoption.
    """
    subject, _, wanted = trigger.rpartition("/")
    before = None
    for step in entry.timeline(subject).steps:
        event, state = step.fact.event, before
        before = step.state
        if wanted in _steps(event, state):
            cause = step.fact.entry
            entry.later.append(partial(_meet, id=obligation, event=event, cause=cause, since=since))


def _meet(
    entry: Entry,
    id: str,
    event: Event,
    cause: int | None = None,
    since: date | None = None,
) -> None:
    state = entry.timeline(id).now
    if state is None:
        return
    day, body = event.effective_on, event.body
    if isinstance(event, DossierSubmitted):
        day, body = getattr(event, settings_of(entry, state).counted), event.from_
    entry.derive(
        id,
        ObligationMet,
        effective_on=max(day, since or day),
        because=cause or entry.number,
        body=body,
        document=event.document,
    )


def settings_of(entry: Entry, state: Obligation) -> Settings:
    """What the duty's plan leaves open, as its office chose; a letter has no choices of its own."""
    plan = entry.timeline(f"plan/{state.assigned.plan}").now if state.assigned.plan else None
    return plan.adopted.settings if plan else Settings()


def open_followers(entry: Entry, fact: Fact) -> None:
    """The duties that pass this one's result on open when its new day is over; their own day stays."""
    event = fact.event
    assert isinstance(event, ObligationExtended | Redated)
    if event.enforce_day is None:
        return
    opens = event.enforce_day + ONE_DAY
    for id in following(entry.conn, fact.subject):
        state: Obligation | None = entry.timeline(id).now
        if state and _opens_before(state, opens):
            said = {"effective_on": event.effective_on, "document": event.document}
            entry.derive(id, OpeningMoved, opens=opens, **said)


def _opens_before(state: Obligation, opens: date) -> bool:
    """Whether the duty opens too soon, and still has time left when it opens later."""
    first, last = state.dated.window_start, state.terms[-1].strict_day or date.max
    return first is not None and first < opens <= last


REACTIONS: dict[str, Reaction] = {
    "DossierSubmitted": meet_obligations,
    **{event.__name__: meet_obligations for event in _STEPS},
    "ObligationAssigned": met_before,
    "ObligationAmended": met_before,
    **dict.fromkeys(
        ("ObligationExtended", "AlternativeTaken", "ObligationRescheduled"), open_followers
    ),
}
