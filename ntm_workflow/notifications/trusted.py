"""Templates an office put in place of ours: read once, checked apart, and only then used.

What is trusted is the content, by its digest: a folder that changed is checked again, and one with
faults is refused whole.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from ntm_workflow.notifications.letters import Templates, ours
from ntm_workflow.notifications.template_faults import Fault, refusal
from ntm_workflow.notifications.template_folder import Snapshot, snapshot

#: Seconds for a whole check, which takes two.
SECONDS: Final = 60.0
_CHILD: Final = "ntm_workflow.notifications.template_child"
_TRUSTED: dict[str, Templates] = {}


def templates(folder: Path | str | None) -> Templates:
    """The templates to write letters with; ours without a folder.

    Raises FaultyTemplates with every fault, or TemplatesMissing. A folder this process knows, and
    which has not changed, costs only its reading.
    """
    if folder is None:
        return ours()
    found = snapshot(Path(folder))
    if found.sha256 not in _TRUSTED or found.faults:
        if faults := faults_of(found):
            raise refusal(str(folder), faults)
        _TRUSTED[found.sha256] = Templates(found.sources)
    return _TRUSTED[found.sha256]


def faults_of(found: Snapshot, seconds: float = SECONDS) -> list[Fault]:
    """What is wrong with the files of a folder and with the letters they make."""
    return sorted({*found.faults, *_checked_apart(found.sources, seconds)})


def _checked_apart(sources: dict[str, str], seconds: float) -> list[Fault]:
    """The check in a process of its own, which may be ended."""
    # -P: a file of that name in the folder somebody stands in is not the program.
    words = [sys.executable, "-P", "-m", _CHILD]
    try:
        done = subprocess.run(
            words, input=msgspec.json.encode(sources), capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as late:
        return [Fault.of(_told(late.stdout or b"")["at"], "endless")]
    said = _told(done.stdout)
    if "faults" not in said:
        return [Fault.of(said["at"], "memory")]
    return msgspec.convert(said["faults"], list[Fault])


def _told(output: bytes) -> dict[str, Any]:
    """What the check came to, or else where it stood."""
    said: dict[str, Any] = {"at": "."}
    for line in output.splitlines():
        if line.startswith(b"{") and line.endswith(b"}"):
            said |= msgspec.json.decode(line)
    return said
