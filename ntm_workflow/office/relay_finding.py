"""What a run of the relay came to, as a finding. Heartbeats keep it, so it names nobody's address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from ntm_workflow.notifications.post import Post
from ntm_workflow.office import Office, mail_trouble, relay
from ntm_workflow.office.bag import Bag
from ntm_workflow.office.entry import Request
from ntm_workflow.office.finding import Finding, Grade, fail, ok, refused, warn
from ntm_workflow.office.hold import OutboxHeld
from ntm_workflow.office.relay import Sent

_ADDRESS: Final = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


def send(check: str, office: Office, post: Post, request: Request, bag: Bag) -> Finding:
    """Send what waits; what is held after a restore is told and not done."""
    try:
        return told(check, relay.send(office, post, request, bag))
    except OutboxHeld as held:
        return refused(check, held, Grade.WARN)


def told(check: str, sent: Sent) -> Finding:
    """The worst first: a post that takes nothing, letters that do not leave, then the figures."""
    if sent.untried:
        return _of_post(check, sent)
    said: dict[str, Any] = {"left": len(sent.left), "later": len(sent.deferred)}
    vi, en = "Gửi {left} thư.", "Sent {left} letters."
    if sent.deferred:
        vi, en = vi + " {later} thư gửi lại sau.", en + " {later} are tried again later."
    fix = None
    if sent.unwritten:
        vi += " KHÔNG lập được nội dung {unwritten} thư."
        en += " {unwritten} letters could NOT be written."
        fix, said["unwritten"] = "ntm letter list", len(sent.unwritten)
    if sent.refused:
        vi += " Có nơi KHÔNG nhận {refused} thư: {ids}."
        en += " {refused} letters were REFUSED somewhere: {ids}."
        fix, said["refused"], said["ids"] = "ntm letter list", len(sent.refused), sent.refused
    if sent.trouble:
        fallen_back = _of_server(check, sent)
        vi, en = f"{vi} {fallen_back.vi}", f"{en} {fallen_back.en}"
        fix, said = fix or "ntm mail test", {**said, **fallen_back.facts}
    return warn(check, fix, vi, en, **said) if fix else ok(check, vi, en, **said)


def _of_post(check: str, sent: Sent) -> Finding:
    """Why nothing leaves just now; the letters wait as they are."""
    if sent.trouble:
        return _of_server(check, sent)
    assert sent.said is not None, "something was given back"
    return fail(
        check,
        "ntm doctor",
        "Chưa giao được thư cho {server}: {said}",
        "No letter could be handed to {server}: {said}",
        server=sent.said.server,
        said=sent.said.said,
    )


def _of_server(check: str, sent: Sent) -> Finding:
    found = mail_trouble.of_server(sent.trouble[-1], "ntm mail test")
    heard = _ADDRESS.sub("<…>", str(found.facts["heard"]))
    return replace(found, check=check, grade=Grade.FAIL, facts={**found.facts, "heard": heard})
