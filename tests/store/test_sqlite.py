"""Writers of one SQLite file wait for each other, whatever process they are in, and a killed one holds up nobody."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from store.database import open_engine
from store.sqlite import InTurn

_HOLDER = """
import sys
from sqlalchemy import text
from store.database import open_engine

with open_engine(sys.argv[1]).connect() as connection, connection.begin():
    connection.execute(text("UPDATE counts SET done = done + 1000"))
    print("holding", flush=True)
    sys.stdin.read()
"""
_WRITERS, _EACH = 8, 25


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'gendan.db'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A table with one row, and no patience with SQLite's own lock: only who has the turn can write."""
    engine = open_engine(url)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("CREATE TABLE counts (done INTEGER)"))
        connection.execute(text("INSERT INTO counts VALUES (0)"))
    yield engine
    engine.dispose()


def _impatient(engine: Engine) -> Connection:
    connection = engine.connect()
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.close()
    return connection


def _count(engine: Engine, *, in_background: bool = False) -> None:
    with _impatient(engine) as connection:
        held = connection.connection.dbapi_connection
        assert isinstance(held, InTurn)
        held.stands_back = in_background
        for _ in range(_EACH):
            with connection.begin():
                connection.execute(text("UPDATE counts SET done = done + 1"))


def _counted(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT done FROM counts")).scalar_one())


def test_writers_take_turns_those_in_the_background_too(engine: Engine) -> None:
    with ThreadPoolExecutor(_WRITERS) as threads:
        for done in [threads.submit(_count, engine, in_background=number % 2 == 0) for number in range(_WRITERS)]:
            done.result()
    assert _counted(engine) == _WRITERS * _EACH


def test_a_killed_writer_leaves_its_turn_and_nothing_else(engine: Engine, url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "holding\n"
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(_count, engine)
            assert not waiting.done()
            holder.kill()
            waiting.result(30)
    assert _counted(engine) == _EACH


def test_a_failed_transaction_gives_its_turn_up(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(OperationalError), connection.begin():
        connection.execute(text("UPDATE nothing SET done = 5"))
    _count(engine)
    assert _counted(engine) == _EACH


def test_a_reader_waits_for_nobody(engine: Engine, url: str) -> None:
    reader = open_engine(url, read_only=True)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE counts SET done = 5"))
        assert _counted(reader) == 0
    reader.dispose()
