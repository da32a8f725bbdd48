"""Forms: what kinds there are, and what their cells may be called. Knows no journal and no file."""

from __future__ import annotations

from typing import Final

from ntm_workflow.domain.values import Word

#: Kind -> what its form is for.
KINDS: Final = {
    "criteria": Word("tiêu chí của xã", "criteria of communes"),
    "dossiers": Word("các bước của hồ sơ", "steps of dossiers"),
    "villages": Word("tiến độ thôn", "progress of villages"),
    "targets": Word("số đo mục tiêu", "measurements of targets"),
    "payments": Word("tạm ứng, thanh toán", "advances and payments"),
    "units": Word("đơn vị và địa chỉ thư", "units and their addresses"),
}
#: Raised whenever a form of before could be misread.
VERSION: Final = 1

#: Verdict -> the word a cell has for it.
VERDICTS: Final = {
    "achieved": Word("đạt", "met"),
    "not_achieved": Word("chưa đạt", "not met"),
}
#: Verdict -> what else people write for it, folded.
ALSO: Final = {"not_achieved": ("khong dat",)}
#: What a criterion of nobody's word, or of two, is called beside them.
STATUSES: Final = {
    **VERDICTS,
    "unknown": Word("chưa rõ", "unknown"),
    "conflicting": Word("mâu thuẫn", "conflicting"),
}
YES_OR_NO: Final = {"yes": Word("có", "yes"), "no": Word("không", "no")}
