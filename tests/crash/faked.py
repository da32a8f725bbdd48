"""A wall clock for whole processes, so many seconds away from the machine's, by libfaketime.

It stands between the process and the C library: the program reads its clocks as always. Uptime and
waiting stay real, as they do where somebody sets a clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from serving import faked, set_clock


class Faked:
    """Set by a file, which a process looks at every other second."""

    def __init__(self, folder: Path, at: datetime) -> None:
        self.file = folder / "faketime"
        self.environment = faked(self.file)
        self.offset = timedelta()
        self.step(at - self.now())

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def step(self, by: timedelta) -> None:
        self.offset += by
        set_clock(self.file, f"{self.offset.total_seconds():+.6f}")

    def is_believed(self) -> bool:
        """Whether another process sees this clock: the library is for some machines only."""
        line = [sys.executable, "-c", "import time; print(time.time())"]
        environment = {**os.environ, **self.environment}
        said = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
        return abs(float(said.stdout) - self.now().timestamp()) < 60
