"""What the jobs of `ntm serve` are called by people; JSON keeps their own names."""

from ntm_workflow.cli.bilingual import LANG, both, pick

JOBS = {
    "closing": both("chốt ngày", "closing"),
    "letters": both("thư nhắc", "letters"),
    "relay": both("gửi thư", "relay"),
    "alerts": both("gửi cảnh báo", "alerts"),
    "backup": both("sao lưu", "backup"),
    "integrity": both("kiểm sổ", "integrity"),
    "tick": both("nhịp", "tick"),
    "serve": both("trực sổ", "serve"),
    "clock": both("đồng hồ", "clock"),
    "alert": both("cảnh báo", "alert"),
}


def job(name: str, lang: str | None = None) -> str:
    """A job of `ntm serve` as people call it, in the language of the line unless told."""
    said = LANG.set(lang) if lang else None
    try:
        return pick(JOBS.get(name, name)) or name
    finally:
        if said:
            LANG.reset(said)
