"""One thing a check found, in both languages; knows nothing of what is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ntm_workflow.domain.base import Refused
from ntm_workflow.domain.values import Sentence


class Grade(StrEnum):
    """How it stands: right, worth knowing, worth doing, to be mended before anything else."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What `check` found. `fix` is the command that mends it, the same in every language."""

    check: str
    grade: Grade
    vi: str
    en: str
    facts: dict[str, Any]
    fix: str | None = None

    def say(self, lang: str) -> str:
        return Sentence(lang).format(self.en if lang == "en" else self.vi, **self.facts)


def ok(check: str, vi: str, en: str, **facts: Any) -> Finding:
    return Finding(check, Grade.OK, vi, en, facts)


def info(check: str, vi: str, en: str, **facts: Any) -> Finding:
    return Finding(check, Grade.INFO, vi, en, facts)


def warn(check: str, fix: str | None, vi: str, en: str, **facts: Any) -> Finding:
    return Finding(check, Grade.WARN, vi, en, facts, fix)


def fail(check: str, fix: str | None, vi: str, en: str, **facts: Any) -> Finding:
    return Finding(check, Grade.FAIL, vi, en, facts, fix)


def refused(
    check: str, refusal: Refused, grade: Grade = Grade.FAIL, fix: str | None = None
) -> Finding:
    """A refusal as a finding; its last line says what to do already."""
    return Finding(check, grade, refusal.vi, refusal.en, refusal.facts, fix)
