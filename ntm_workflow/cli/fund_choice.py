"""The options that say of which fund items a reading tells; knows no reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ntm_workflow.cli.params import YEAR
from ntm_workflow.cli.scope import in_place
from ntm_workflow.cli.session import option

year = option("--year", type=YEAR, metavar="Y", vi="Chỉ vốn của niên độ này.", en="Only money of this plan year.")  # fmt: skip
unpaid = option("--unpaid", is_flag=True, vi="Chỉ mục đã được giao vốn mà chưa giải ngân đồng nào.", en="Only items given money of which nothing is disbursed.")  # fmt: skip


def chooses(function: Any) -> Any:
    """Options that every reading of money takes."""
    some: tuple[Callable[[Any], Any], ...] = (
        option("--type", "type", metavar="T", vi="Chỉ loại mục này: work, project, model, content.", en="Only this type: work, project, model, content."),
        option("--kind", metavar="K", vi="Chỉ investment (đầu tư) hoặc recurrent (sự nghiệp).", en="Only investment, or recurrent."),
        option("--source", metavar="S", vi="Chỉ nguồn này: central, provincial, district, …", en="Only this source: central, provincial, district, …"),
        in_place,
    )  # fmt: skip
    for add in some:
        function = add(function)
    return function
