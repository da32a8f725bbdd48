"""Where a store is, as people say it: a path, `sqlite:///…` or `postgresql://…`; opens nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from ntm_workflow.store.refusals import StoreUnreachable

_SECRETS: Final = ("password", "sslpassword")


def parse(address: str | Path) -> sa.URL:
    text = str(address)
    scheme, mark, _ = text.partition("://")
    if not mark or isinstance(address, Path):
        return sa.URL.create("sqlite", database=text)
    kind = scheme.partition("+")[0]
    if kind not in ("sqlite", "postgresql", "postgres"):
        raise StoreUnreachable(where=f"{scheme}://…", detail="sqlite:///… | postgresql://…")
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreUnreachable(where=f"{scheme}://…", detail="URL") from error
    return url if kind == "sqlite" else url.set(drivername="postgresql+psycopg")


def is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def mode(url: sa.URL) -> str:
    """`sqlite:///file?mode=ro` opens a store for reading only."""
    return "ro" if url.query.get("mode") == "ro" else "rw"


def shown(url: sa.URL) -> str:
    bare = url.set(drivername="postgresql").difference_update_query(_SECRETS)
    return bare.render_as_string(hide_password=True)
