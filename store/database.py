"""The database: SQLite (store/sqlite.py) or PostgreSQL, always synchronous (design: house.md, decisions 3 and 10)."""

import json
import os
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from weakref import WeakSet

from sqlalchemy import Engine, create_engine, make_url

from store import sqlite

_opened: WeakSet[Engine] = WeakSet()


def _json_default(value: Any) -> str:
    if isinstance(value, Decimal | date | datetime):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    raise TypeError(f"{type(value).__name__} does not go into a document")


def to_json(value: Any) -> str:
    """Compact JSON in which decimals and dates are texts; the form of documents and of hashes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_json_default)


def open_engine(url: str, *, read_only: bool = False, pool_size: int = 10) -> Engine:
    """An engine for `url`; the read-only one never takes SQLite's write lock."""
    is_file = make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = {"connect_args": {"factory": sqlite.InTurn}} if is_file else {"pool_size": pool_size, "pool_pre_ping": True}
    # What is written holds addresses and telephone numbers: an error in the log must not.
    engine = create_engine(url, json_serializer=to_json, hide_parameters=True, **options)
    if is_file:
        sqlite.prepare(engine, "BEGIN" if read_only else sqlite.IMMEDIATE)
    elif read_only:
        engine = engine.execution_options(postgresql_readonly=True)
    _opened.add(engine)
    return engine


def _leave_to_parent() -> None:
    """A forked process opens connections of its own, and does not touch those of its parent."""
    for engine in _opened:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_leave_to_parent)
