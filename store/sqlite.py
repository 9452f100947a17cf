"""SQLite as the desk uses it: in WAL mode, and whoever wants to write waits in the kernel (design: house.md, decision 2).

SQLite itself lets a waiting writer sleep up to 100 ms between two looks at its lock, and whoever happens to look first has it:
beside busy workers an answer takes twice to five times as long. A lock of the operating system wakes the next one at once,
and is gone with a process that is killed. Hand-written: no library does it below SQLAlchemy.
"""

import fcntl
import os
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event

IMMEDIATE = "BEGIN IMMEDIATE"
"""Takes SQLite's write lock at once."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000", "foreign_keys=ON", "recursive_triggers=ON")
"""The timeout is for writers that do not wait their turn: SQLite's own command line, a backup."""
_NO_TURN = -1


class InTurn(sqlite3.Connection):
    """A connection whose write transactions wait for each other, in other threads and processes too."""

    _turn = _NO_TURN

    def wait_for_turn(self, path: str) -> None:
        """Waits until nobody else has the turn; keeps it until `commit`, `rollback` or `close`."""
        if self._turn == _NO_TURN:
            # Opened anew each time, since a forked process would keep what it inherits locked.
            self._turn = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._turn, fcntl.LOCK_EX)

    def commit(self) -> None:
        super().commit()
        self._pass_on()

    def rollback(self) -> None:
        super().rollback()
        self._pass_on()

    def close(self) -> None:
        super().close()
        self._pass_on()

    def _pass_on(self) -> None:
        if self._turn != _NO_TURN:
            os.close(self._turn)
            self._turn = _NO_TURN


def prepare(engine: Engine, begin: str) -> None:
    """Gives the engine its pragmas; transactions start with `begin`, or the option `sqlite_begin` of their connection."""

    @event.listens_for(engine, "connect")
    def connect(connection: InTurn, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        wanted = connection.get_execution_options().get("sqlite_begin", begin)
        held = connection.connection.dbapi_connection
        if wanted == IMMEDIATE and isinstance(held, InTurn):
            held.wait_for_turn(f"{engine.url.database}.turn")
        connection.exec_driver_sql(wanted)
