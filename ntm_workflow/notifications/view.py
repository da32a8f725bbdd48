"""A letter put into words: every value said, ordered, counted and safe to print. Knows no template."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from ntm_workflow.domain.values import format_date
from ntm_workflow.notifications import wording
from ntm_workflow.notifications.context import (
    DIGESTS,
    Correction,
    Counts,
    LetterContext,
    LetterItem,
)
from ntm_workflow.notifications.plain import clean, cut, middle_cut
from ntm_workflow.notifications.shown import Derivation, Group, Letter, Line, Tally

#: A subject, its mark of a sample left out, has at most so many characters.
LONGEST_SUBJECT: Final = 110
_LONGEST_UNIT: Final = 36
_LONGEST_ABOUT: Final = 34
#: A title where a message has little room.
_LONGEST_SHORT: Final = 160
#: A plan's name where an earlier line has it in full.
_LONGEST_PLAN: Final = 60
#: Lines this near are counted as due within a week.
_SOON_DAYS: Final = 7

#: Lines whose reader is the one who owes; for the others the letter says who does.
_OWN: Final = frozenset({"ahead", "after", "missed", "returned", "met", "no_address"})
#: Lines whose day nobody has to act on: how it was found is not told.
_UNEXPLAINED: Final = frozenset({"met", "no_address"})
#: Lines that still count down to the last working day.
_COUNTING: Final = frozenset({"ahead", "copy", "no_address"})
_LATE: Final = frozenset({"missed", "climbed"})
_PAST: Final = _LATE | {"after"}


def letter(context: LetterContext) -> Letter:
    """The context in words. An empty letter is the caller's mistake: ValueError."""
    if not context.items and not _counted(context.counts):
        raise ValueError("a letter without items is not sent")
    return _Writer(context).letter()


class _Writer:
    """Makes the view of one letter; holds what every sentence of it needs."""

    def __init__(self, context: LetterContext) -> None:
        self.of = context
        self.lang = context.lang
        self.upward = context.upward or context.kind == "climb"
        please = wording.PLEASE_UPWARD if self.upward else wording.PLEASE
        said = please.fill(self.lang, {})
        self.desk = self._desk()
        self.polite = {"please": said, "Please": said[0].upper() + said[1:], "desk": self.desk}
        self.steps: dict[tuple[str, ...], tuple[int, list[int]]] = {}
        self.answered: set[str] = set()
        self.plans: set[str] = set()

    def letter(self) -> Letter:
        of, unit = self.of, clean(self.of.unit)
        short_unit = middle_cut(unit, _LONGEST_UNIT)
        groups = self._groups()
        lines = tuple(line for group in groups for line in group.lines)
        day = {"day": wording.long_day(of.day, self.lang)}
        return Letter(
            kind="digest" if of.kind in DIGESTS else of.kind,
            lang=self.lang,
            unit=unit,
            short_unit=short_unit,
            day=day["day"],
            as_of=(wording.REPORT if self.upward else wording.AS_OF).fill(self.lang, day),
            notice=wording.NOTICE.fill(self.lang, {}),
            sample=wording.SAMPLE.fill(self.lang, {}) if of.sample else "",
            upward=self.upward,
            optional=of.optional,
            summary=self._summary(LONGEST_SUBJECT - len("[NTM]  – ") - len(short_unit)),
            about=self._about(lines),
            period=self._period(of.counts),
            desk=self.desk,
            wrong_days=self._wrong_days(),
            tallies=self._tallies(of.counts),
            groups=groups,
            lines=lines,
            derivations=self._derivations(),
        )

    def _desk(self) -> str:
        office, address = clean(self.of.office), clean(self.of.answer_to)
        if office and address:
            return f"{office} ({address})"
        return office or address or wording.KEEPER.fill(self.lang, {})

    # --- lines, under their headings

    def _groups(self) -> tuple[Group, ...]:
        found: dict[tuple[int, str], list[LetterItem]] = {}
        for item in self.of.items:
            found.setdefault(_place(item), []).append(item)
        # Sorting keeps the order of what is equal: corrections and units come as they were handed in.
        ordered, n = sorted(found.items(), key=lambda each: each[0][0]), 0
        groups = []
        for _, items in ordered:
            items.sort(key=lambda item: item.act_by or date.max)
            groups.append(self._group(items, n))
            n += len(items)
        return tuple(groups)

    def _group(self, items: list[LetterItem], before: int) -> Group:
        first = items[0]
        pieces = self._pieces(first) | self._correction(first.corrected)
        answer = wording.ANSWERS[first.part].fill(self.lang, pieces | self.polite)
        # One answer serves all the headings it holds for.
        said = "" if answer in self.answered else answer
        self.answered.add(answer)
        wrong = first.corrected
        return Group(
            part=first.part,
            heading=_of(wording.HEADINGS, first).fill(self.lang, pieces),
            note=f"Message-ID: {clean(wrong.message_id)}" if wrong and wrong.message_id else "",
            answer=said,
            command=clean(first.command) if first.part == "no_address" else "",
            lines=tuple(self._line(item, before + n) for n, item in enumerate(items, 1)),
        )

    def _correction(self, wrong: Correction | None) -> dict[str, str]:
        if wrong is None:
            return {}
        return {"wrong_day": format_date(wrong.day), "subject": clean(wrong.subject)}

    def _line(self, item: LetterItem, n: int) -> Line:
        title, lang, wrong = clean(item.title), self.lang, item.corrected
        # What is past its day shows the day from which that is counted.
        due = item.last if item.part in _PAST else item.due
        pieces, (left, tone) = self._pieces(item), self._left(item)
        counting = item.part in _COUNTING
        return Line(
            n=n,
            id=clean(item.id),
            part=item.part,
            strength=item.strength,
            title=title,
            short=cut(title, _LONGEST_SHORT),
            asks=self._asks(item, pieces),
            left=left,
            tone=tone,
            place=clean(item.place),
            owed_by="" if item.part in _OWN else pieces["owed_by"],
            owed_to=clean(item.owed_to),
            joint=", ".join(map(clean, item.with_)),
            act_by=wording.long_day(item.act_by, lang) if counting and item.act_by else "",
            due=wording.long_day(due, lang) if due else "",
            due_label=wording.DUE.get(item.strength, wording.NAMED).fill(lang, {}),
            enforced=wording.long_day(item.last, lang) if item.last and item.last != due else "",
            clause=pieces["clause"],
            plan=self._plan(item),
            expression=clean(item.expression),
            driven_by=clean(item.driven_by),
            why=self._why(item, n),
            said=clean(wrong.said) if wrong else "",
            holds=clean(wrong.holds) if wrong else "",
        )

    def _plan(self, item: LetterItem) -> str:
        """The plan's name in full where the letter names it first; plans differ at their ends."""
        plan = clean(item.plan)
        known = plan in self.plans
        self.plans.add(plan)
        return middle_cut(plan, _LONGEST_PLAN) if known else plan

    def _asks(self, item: LetterItem, pieces: dict[str, str]) -> str:
        key = (item.part, item.strength)
        said = self.upward and wording.UPWARD.get(key)
        return (said or _of(wording.ASKS, item)).fill(self.lang, pieces)

    def _left(self, item: LetterItem) -> tuple[str, str]:
        """How far the day is in words, and the tone it is shown in."""
        last, day = item.last, self.of.day
        if item.part in _COUNTING and item.act_by and last:
            days = ((item.act_by if item.act_by >= day else last) - day).days
            return _ahead(days, item, self.lang)
        if last and last < day and (item.part == "after" or item.part in _LATE):
            said = wording.late((day - last).days, item.strength, self.lang)
            return said, "late" if item.strength == wording.MUST else "calm"
        return "", "calm"

    def _pieces(self, item: LetterItem) -> dict[str, str]:
        lang, told, to = self.lang, clean(item.told).rstrip("."), clean(item.owed_to)
        receiver = wording.RECEIVER if to else wording.RECEIVER_UNNAMED
        return {
            "owed_by": clean(item.owed_by),
            "receiver": receiver.fill(lang, {"name": to}),
            "answered": self._answered(item, receiver.fill(lang, {"name": to})),
            "clause": clean(item.clause),
            "told": f": {told}" if told else "",
            "before": _dated(wording.BEFORE, item.before, lang)
            or wording.NO_DAY_NAMED.fill(lang, {}),
            "on": _dated(wording.ON, item.on, lang),
            "since": _dated(wording.SINCE, item.missed_on, lang),
            "late": self._late(item),
        }

    def _answered(self, item: LetterItem, receiver: str) -> str:
        if item.denied_on:
            return wording.DENIED.fill(self.lang, {"receiver": receiver})
        return wording.UNANSWERED.fill(self.lang, {"receiver": receiver}) if item.asked_on else ""

    def _late(self, item: LetterItem) -> str:
        days = (self.of.day - item.last).days if item.last else 0
        return wording.days_long(max(days, 1), self.lang)

    # --- why each day

    def _why(self, item: LetterItem, n: int) -> int:
        """The number of the line's derivation; 0 where it has none."""
        steps = tuple(map(clean, item.derivation))
        if not steps or item.part in _UNEXPLAINED:
            return 0
        number, lines = self.steps.setdefault(steps, (len(self.steps) + 1, []))
        lines.append(n)
        return number

    def _derivations(self) -> tuple[Derivation, ...]:
        return tuple(
            Derivation(n=n, lines=", ".join(map(str, lines)), steps=steps)
            for steps, (n, lines) in self.steps.items()
        )

    # --- the letter in few words

    def _summary(self, room: int) -> str:
        counted: dict[wording.Said, int] = {}
        for item in sorted(self.of.items, key=_place):
            said = self._counted(item)
            counted[said] = counted.get(said, 0) + 1
        phrases = [(n, said.fill(self.lang, {"n": str(n)})) for said, n in counted.items()]
        for kept in range(len(phrases), 0, -1):
            rest = sum(n for n, _ in phrases[kept:])
            others = wording.AND_OTHERS.fill(self.lang, {"n": str(rest)}) if rest else ""
            text = ", ".join(phrase for _, phrase in phrases[:kept]) + others
            if len(text) <= room:
                return text
        return wording.MATTERS.fill(self.lang, {"n": str(len(self.of.items))})

    def _counted(self, item: LetterItem) -> wording.Said:
        near = item.act_by is not None and (item.act_by - self.of.day).days <= _SOON_DAYS
        soon = ("soon", item.strength)
        if item.part == "ahead" and near and soon in wording.COUNTED:
            return wording.COUNTED[soon]
        return _of(wording.COUNTED, item)

    def _about(self, lines: tuple[Line, ...]) -> str:
        if len(lines) == 1:
            return cut(lines[0].title, _LONGEST_ABOUT)
        return wording.MATTERS.fill(self.lang, {"n": str(len(lines))})

    def _wrong_days(self) -> str:
        days = {item.corrected.day for item in self.of.items if item.corrected}
        said = [format_date(day) for day in sorted(days)]
        return ", ".join(said[:2]) + ("…" if len(said) > 2 else "")

    def _period(self, counts: Counts | None) -> str:
        return wording.period(counts.since, counts.until, self.lang) if counts else ""

    def _tallies(self, counts: Counts | None) -> tuple[Tally, ...]:
        numbers = _counted(counts)
        return tuple(
            Tally(label=wording.TALLIES[name].fill(self.lang, {}), number=number)
            for name, number in numbers.items()
        )


def _counted(counts: Counts | None) -> dict[str, int]:
    """The numbers of a month that are not none, in the order they are told."""
    if counts is None:
        return {}
    return {name: number for name in wording.TALLIES if (number := getattr(counts, name))}


def _of(table: wording.Table, item: LetterItem) -> wording.Said:
    said = table.get((item.part, item.strength))
    if said is None:
        raise ValueError(f"no letter says {item.part!r} of what is {item.strength!r}")
    return said


def _place(item: LetterItem) -> tuple[int, str]:
    """Where a line stands in the letter: the place of its heading, and which of several of that kind."""
    said = _of(wording.HEADINGS, item)
    which = item.owed_by if item.part == "no_address" else ""
    return wording.RANK[said], item.corrected.letter if item.corrected else which


@lru_cache(maxsize=4096)
def _dated(said: wording.Said, day: date | None, lang: str) -> str:
    return said.fill(lang, {"day": format_date(day)}) if day else ""


def _ahead(days: int, item: LetterItem, lang: str) -> tuple[str, str]:
    if days < 0:
        return wording.late(-days, item.strength, lang), "calm"
    strong = item.part == "ahead" and item.strength == wording.MUST
    return wording.ahead(days, lang), "soon" if strong and days <= _SOON_DAYS else "calm"


def without_derivations(letter: Letter) -> Letter:
    """The letter without its appendix, where there is no room for it."""
    return replace(letter, derivations=())


def first_lines(letter: Letter, most: int) -> Letter:
    """The letter with its first lines only, and the headings they stand under."""
    groups = (replace(g, lines=tuple(x for x in g.lines if x.n <= most)) for g in letter.groups)
    return replace(letter, lines=letter.lines[:most], groups=tuple(g for g in groups if g.lines))
