"""The tables a plan pack is written in, key by key. Knows no file and no rule; docs/plans.md tells them."""

from __future__ import annotations

from datetime import date

import msgspec

from ntm_workflow.domain.plan import Settings
from ntm_workflow.plans.target_shapes import Goal, StatedTarget

#: Why a clause binds nobody.
REASONS = ("background", "result", "principle", "authority", "advice", "quoted", "empty")


class Table(msgspec.Struct, forbid_unknown_fields=True):
    """A table of a pack: a key nobody knows is a fault, never passed over."""


class NamedPlace(Table):
    """A place the document names, or with `names` several of one type and parent.

    Without an `id` it gets one: its name, below the district with its parent's id behind it.
    `parent_source` says where its district was found.
    """

    type: str
    id: str = ""
    name: str = ""
    names: list[str] = []
    code: str | None = None
    parent: str | None = None
    parent_source: str | None = None


class NamedUnit(Table):
    """An office the text names; without a `place` it is one of the whole country."""

    id: str
    name: str
    role: str
    place: str | None = None
    aliases: list[str] = []


class DossierStep(Table):
    """The hand-over of a dossier that meets the duty."""

    standard: str
    year: int
    to: str


class Days(Table):
    """Days a person read out of a clause that no phrase gives, with the reason for reading it so."""

    reason: str
    kind: str | None = None
    window_start: date | None = None
    strict_day: date | None = None
    nominal_day: date | None = None


class Choice(Table):
    """A setting decided for one duty, and the paper that decides it."""

    value: str
    authority: str


class Number(Table):
    """A setting that is a number decided for one duty, and the paper that decides it."""

    value: int
    authority: str


class OtherDay(Table):
    """The second day a clause gives, and the words that say when it counts."""

    expression: str
    condition: str


class Attached(Table):
    """What follows by the words of `clause` when the duty is not done: one of CONSEQUENCES."""

    what: str
    clause: str
    words: str | None = None


class Duty(Table):
    """A clause that binds, once per place. `@commune`, `@district`, `@province` name committees.

    Its places are `places` and those of the lists in `places_of`, or with `each` the places of that
    level they lie in or hold. Without an `expression` the duty has no date. `owner_from` says from
    where the owner was inferred when the clause names none; `part` tells apart the duties one rule makes
    at a place; duties of one document that share a word of `acts` ask for the same act. `paper` is
    the document a duty brings forth; `needs` are the rules to be done before. `starts_from` is the
    event its words count from, one of STARTS; of money given to an item, `item_types` say to which, and
    `done_by` what meets it, one of DONE_BY.
    """

    rule: str
    clause: str
    title: str
    strength: str
    owed_by: str
    places: list[str] = []
    places_of: list[str] = []
    each: str | None = None
    expression: str | None = None
    strength_words: str | None = None
    owner_from: str | None = None
    owed_to: str | None = None
    with_: list[str] = msgspec.field(name="with", default_factory=list)
    advised_by: list[str] = []
    part: str | None = None
    after: str | None = None
    days: Days | None = None
    boundary: Choice | None = None
    weekend: Choice | None = None
    entry_days: Number | None = None
    report_day: Number | None = None
    stated: str | None = None
    acts: list[str] = []
    dossier: DossierStep | None = None
    starts_from: str | None = None
    item_types: list[str] = []
    done_by: str | None = None
    condition: str | None = None
    alternative: OtherDay | None = None
    consequences: list[Attached] = []
    paper: str | None = None
    needs: list[str] = []


class Lead(Table):
    """A unit that answers for criteria of a set, or for themes the clause names without a number."""

    unit: str
    set: str
    clause: str
    numbers: list[int] = []
    fields: list[str] = []
    note: str | None = None


class StatedCriteria(Table):
    clause: str
    place: str
    set: str
    assessment_year: int
    achieved: list[int]
    not_achieved: list[int]
    stated_total: int | None = None
    target_year: int | None = None

    @property
    def of_year(self) -> int:
        """The year whose edition of the set the numbers are of."""
        return self.assessment_year


class TargetedCriteria(Table):
    """What a table wants of a place at the end of `year`."""

    clause: str
    place: str
    set: str
    year: int
    achieved: list[int]
    not_achieved: list[int] = []
    stated_total: int | None = None
    target_year: int | None = None

    @property
    def of_year(self) -> int:
        return self.year


class Sum(Table):
    """Money the document speaks of. `parts` are the ids it adds up from, `share` its percentage.

    `amount` is text in `unit` (đồng, triệu đồng, tỷ đồng), as papers write it: “597,443”; `per` is
    set for a rate, such as one per commune.
    """

    id: str
    clause: str
    title: str
    amount: str
    unit: str
    year: int | None = None
    source: str | None = None
    kind: str | None = None
    parts: list[str] = []
    share: str | None = None
    per: str | None = None
    at_least: bool = False


class UnspentMoney(Table):
    id: str
    clause: str
    expression: str
    years: list[int]
    stop_types: list[str]
    reallocate_types: list[str]


class StatedCheck(Table):
    """Another rule about money; `check` is one of CHECKS and says which of the keys it goes by.

    `expression` gives its last day, `opens` and `completes` the days of a request; where they come
    back every year there is one rule for each of `years`. `open` is what the clause leaves open.
    """

    id: str
    clause: str
    check: str
    title: str
    strength: str
    strength_words: str | None = None
    expression: str | None = None
    opens: str | None = None
    completes: str | None = None
    boundary: Choice | None = None
    years: list[int] = []
    carried_from: list[int] = []
    sources: list[str] = []
    kinds: list[str] = []
    types: list[str] = []
    level: str | None = None
    standard: str | None = None
    percent: int | None = None
    amount: str | None = None
    months: int | None = None
    order: list[str] = []
    open: list[str] = []


class Reference(Table):
    """A paper a clause leans on; `held` when its text is at hand.

    `relation` is what the plan is to it: one of RELATIONS. `plan` is its pack, if it has one.
    """

    clause: str
    document: str
    about: str
    held: bool = False
    relation: str = "cites"
    plan: str | None = None


class Recipient(Table):
    """Whom the document is sent to, as its list of recipients names them; `unit` if it is known."""

    name: str
    unit: str | None = None


class Unbinding(Table):
    """A clause that binds nobody, and why: one of REASONS."""

    clause: str
    why: str
    about: str | None = None


class Remark(Table):
    """What a reader noticed in the text and nobody has repaired."""

    clause: str
    about: str
    words: str | None = None


class Head(Table):
    """What stands above the tables. `partial` packs say openly that they hold only part of their text."""

    id: str
    title: str
    issuer: str
    level: str
    place: str
    period: tuple[int, int]
    number: str | None = None
    issued_on: date | None = None
    implements: list[str] = []
    amends: list[str] = []
    partial: bool = False
    assumed: list[str] = []
    clauses: list[str] = []
    settings: Settings = Settings()


class Pack(Head):
    """One plan document, whole or the part that concerns `within`."""

    places: list[NamedPlace] = []
    units: list[NamedUnit] = []
    obligations: list[Duty] = []
    leads: list[Lead] = []
    criteria: list[StatedCriteria] = []
    criteria_targets: list[TargetedCriteria] = []
    targets: list[StatedTarget] = []
    goals: list[Goal] = []
    money: list[Sum] = []
    money_rules: list[UnspentMoney] = []
    money_checks: list[StatedCheck] = []
    references: list[Reference] = []
    recipients: list[Recipient] = []
    unbinding: list[Unbinding] = []
    remarks: list[Remark] = []
    sha256: str = ""
    within: str | None = None

    @property
    def effective_on(self) -> date:
        """The signing day; where the text leaves it blank, the first day of the period."""
        return self.issued_on or date(self.period[0], 1, 1)


#: Every `[[table]]` a pack may hold, in the order of the file.
TABLES: dict[str, type[msgspec.Struct]] = {
    "places": NamedPlace,
    "units": NamedUnit,
    "obligations": Duty,
    "leads": Lead,
    "criteria": StatedCriteria,
    "criteria_targets": TargetedCriteria,
    "targets": StatedTarget,
    "goals": Goal,
    "money": Sum,
    "money_rules": UnspentMoney,
    "money_checks": StatedCheck,
    "references": Reference,
    "recipients": Recipient,
    "unbinding": Unbinding,
    "remarks": Remark,
}
