"""How the commands about criteria name a place's table: the place, the set, its version, the year."""

from __future__ import annotations

from typing import Any

from ntm_workflow.cli.complete import PLACE
from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.session import option

edition = option("--edition", metavar="V", vi="Phiên bản của bộ, như 2021-2025 (mặc định: của năm đánh giá).", en="Version of the set, like 2021-2025 (default: that of the assessment year).")  # fmt: skip
of_set = option("--set", "set_id", required=True, metavar="S", vi="Bộ: xa-ntm, xa-nang-cao, xa-kieu-mau, huyen-ntm, …", en="Set: xa-ntm, xa-nang-cao, xa-kieu-mau, huyen-ntm, …")  # fmt: skip
of_place = option("--place", required=True, type=PLACE, metavar="P", vi="Địa bàn.", en="The place.")
of_year = option("--year", type=YEAR, metavar="Y", vi="Năm đánh giá (mặc định: năm của --on).", en="Assessment year (default: the year of --on).")  # fmt: skip


def of_edition(function: Any) -> Any:
    """Which table: `place`, `set_id`, `edition`."""
    return of_place(of_set(edition(function)))
