"""Lines typed by the program itself, through the real commands: the demo's and a rehearsal's."""

from __future__ import annotations

from collections.abc import Sequence

from ntm_workflow.cli.bilingual import LANG, LINE
from ntm_workflow.cli.line import again
from ntm_workflow.cli.session import DEBUG, Session, plainly
from ntm_workflow.cli.streams import CLOSED_PIPE, INTERRUPTED


def type_line(words: Sequence[str], session: Session) -> int:
    """Run a command as if it had been typed in that session; its exit code, a refusal being told."""
    from ntm_workflow.cli import ntm

    lang, debug, line = LANG.get(), DEBUG.get(), LINE.get()
    try:
        with plainly():
            typed = again(words, "--lang", lang)
            code = ntm.main(typed, obj=session, prog_name="ntm", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except SystemExit as refused:
        if refused.code in (INTERRUPTED, CLOSED_PIPE):
            raise
        return int(refused.code or 0)
    finally:
        LANG.set(lang)
        DEBUG.set(debug)
        LINE.set(line)
