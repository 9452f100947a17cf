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


class InTurn(sqlite3.Connection):
    """A connection whose write transactions wait for each other, in other threads and processes too."""

    stands_back: bool = False
    _held: tuple[int, ...] = ()

    def wait_for_turn(self, path: str) -> None:
        """Waits until nobody else has the turn; keeps it until `commit`, `rollback` or `close`."""
        self._pass_on()  # of a transaction that did not begin
        for lock in (f"{path}.queue", f"{path}.turn") if self.stands_back else (f"{path}.turn",):
            # Opened anew each time, since a forked process would keep what it inherits locked.
            opened = os.open(lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._held += (opened,)
            fcntl.flock(opened, fcntl.LOCK_EX)

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
        while self._held:
            *rest, last = self._held
            self._held = tuple(rest)
            os.close(last)


def stand_back() -> None:
    """This process works in the background: of all such, one at a time waits for the turn, so answers get every second one."""
    InTurn.stands_back = True


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
            held.wait_for_turn(str(engine.url.database))
        connection.exec_driver_sql(wanted)
