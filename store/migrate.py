"""Bringing the schema up to date with Alembic, one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, make_url, text

from store.database import open_engine
from store.settings import Settings

_MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x67656E64616E
"""Any number that nobody else takes in the same PostgreSQL database: "gendan" in ASCII."""


def bring_up_to_date(settings: Settings) -> bool:
    """Applies the migrations that are missing, all or none of them; False when there was nothing to do."""
    url = make_url(settings.database)
    with _alone(url):
        engine = open_engine(settings.database)
        try:
            with engine.connect() as connection:
                return _upgrade(connection)
        finally:
            engine.dispose()


def is_up_to_date(connection: Connection) -> bool:
    """Whether the schema is the one that this program was written for."""
    return set(MigrationContext.configure(connection).get_current_heads()) == set(ScriptDirectory(str(_MIGRATIONS)).get_heads())


@contextmanager
def _alone(url: URL) -> Iterator[None]:
    """Holds a lock beside the file of an SQLite database; on PostgreSQL the transaction takes one itself."""
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{url.database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _upgrade(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        # Batch mode rebuilds tables; foreign keys can only be switched off before the transaction begins.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        if is_up_to_date(connection):
            return False
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return True
