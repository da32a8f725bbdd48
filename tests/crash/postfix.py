"""The mornings' letters handed to a real Postfix, which queues them to disk and passes them on to its own sink.

Nothing misbehaves here: it shows that a mail server many offices run takes what the relay sends, and how
fast one process writes, freezes, hands over and records. Debian's package is used with a configuration and
a queue of the rig's own; starting it needs root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time, sleep

import sqlalchemy as sa
from crash import mail
from crash.mail import Plan
from crash.mailing import HOST
from crash.told import Told, opened
from mailserver import closed_port

from ntm_workflow.notifications.server import Server, Tls
from ntm_workflow.notifications.smtp import Smtp
from ntm_workflow.office import letters, relay
from ntm_workflow.office.bag import Bag
from ntm_workflow.office.entry import Request
from ntm_workflow.store.schema import ENVELOPES

_DAEMONS = Path("/usr/lib/postfix/sbin")
#: How long the queue may take to empty after the last letter was taken, in seconds.
PATIENCE = 300.0

_MAIN = """\
compatibility_level = 3.6
queue_directory = {at}/spool
data_directory = {at}/data
daemon_directory = {daemons}
myhostname = mail.test
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
enable_long_queue_ids = yes
maillog_file = {at}/mail.log
maillog_file_prefixes = {at}
"""
_MASTER = """\
{port}    inet  n - n - -   smtpd
pickup    unix  n - n 60 1  pickup
cleanup   unix  n - n - 0   cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - -   trivial-rewrite
bounce    unix  - - n - 0   bounce
defer     unix  - - n - 0   bounce
trace     unix  - - n - 0   bounce
proxymap  unix  - - n - -   proxymap
smtp      unix  - - n - -   smtp
relay     unix  - - n - -   smtp
error     unix  - - n - -   error
retry     unix  - - n - -   error
anvil     unix  - - n - 1   anvil
scache    unix  - - n - 1   scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass
class Result:
    """`busy` is what the relay's process used of a processor, in seconds."""

    letters: int = 0
    left: int = 0
    queued: int = 0
    passed_on: int = 0
    seconds: float = 0
    busy: float = 0
    unlike: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.letters == self.left == self.queued == self.passed_on > 0

    def __str__(self) -> str:
        return (
            f"{self.letters} letters, {self.left} left, {self.queued} queued by Postfix,"
            f" {self.passed_on} passed on; {self.seconds:.0f} s,"
            f" {self.left / max(self.seconds, 0.1):.0f} letters/s,"
            f" {self.left / max(self.busy, 0.1):.0f} a second of the relay's processor time"
        )


def missing() -> str | None:
    """Why the rig cannot run here."""
    if not all(map(shutil.which, ("postfix", "smtp-sink"))) or not _DAEMONS.is_dir():
        return "Postfix is not installed: apt-get install postfix"
    return None if os.geteuid() == 0 else "Postfix can only be started by root"


def run(url: str, plan: Plan, folder: Path) -> Result:
    """One relay, one connection pool, morning after morning."""
    mail.prepare(url, plan)
    found, clock = Result(), Told(mail.morning(mail.BEGINS))
    with _postfix(folder) as port, opened(url, clock) as office:
        post = Smtp([Server(HOST, port, Tls.NONE)])
        for day in mail.days(plan):
            clock.at = mail.morning(day)
            with office.writing() as work:
                found.letters += len(letters.issue(work, day, Request(by="rig")))
            wall, busy = monotonic(), process_time()
            found.left += len(relay.send(office, post, Request(by="rig"), Bag()).left)
            found.seconds += monotonic() - wall
            found.busy += process_time() - busy
        with office.database.read() as conn:
            ids = set(conn.scalars(sa.select(ENVELOPES.c.message_id)))
        found.queued, found.passed_on = _logged(folder, ids)
    return found


def _logged(folder: Path, ids: set[str]) -> tuple[int, int]:
    """How many of our letters Postfix queued, and how many of those it passed on."""
    until = monotonic() + PATIENCE
    while True:
        text = (folder / "mail.log").read_text(errors="replace")
        queued = dict(re.findall(r"cleanup\[\d+\]: (\w+): message-id=(<ntm\.\S+>)", text))
        passed = set(re.findall(r"(?:smtp|relay/smtp)\[\d+\]: (\w+): .* status=sent", text))
        ours = {number for number, id in queued.items() if id in ids}
        if len(ours & passed) >= len(ids) or monotonic() > until:
            return len({queued[number] for number in ours}), len(ours & passed)
        sleep(1)


@contextmanager
def _postfix(folder: Path) -> Iterator[int]:
    """Postfix with a sink behind it; the port it listens at."""
    port, sink = closed_port(), closed_port()
    # Its processes run as others, who must be able to come here.
    for each in (folder, *folder.parents):
        if not os.access(each, os.X_OK) or each.stat().st_mode & 0o005 != 0o005:
            each.chmod(each.stat().st_mode | 0o055)
    config = folder / "config"
    for each in (config, folder / "spool", folder / "data"):
        each.mkdir()
    shutil.chown(folder / "data", "postfix")
    (config / "main.cf").write_text(_MAIN.format(at=folder, daemons=_DAEMONS, sink=sink))
    (config / "master.cf").write_text(_MASTER.format(port=port))
    words = ["postfix", "-c", str(config)]
    swallowing = ["smtp-sink", "-u", "postfix", f"127.0.0.1:{sink}", "1000"]
    with subprocess.Popen(swallowing, stderr=subprocess.DEVNULL) as swallows:
        try:
            subprocess.run([*words, "start"], check=True, capture_output=True)
            yield port
        finally:
            subprocess.run([*words, "stop"], check=False, capture_output=True)
            swallows.terminate()
