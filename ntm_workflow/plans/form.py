"""What a file of data is made of: a pack's form, and the type of every other. Reads none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from ntm_workflow.plans.shapes import TABLES, Head


class Form(NamedTuple):
    """What a file of data is made of: the keys above its tables, and the tables by name."""

    head: type[msgspec.Struct]
    tables: Mapping[str, type[msgspec.Struct]]


PACK = Form(Head, TABLES)
