"""Loading much at once: rows go into temporary tables first, and from there into the real ones in one short transaction.

SQLite keeps temporary tables in a file of their own, so nobody waits while they are filled (house.md, decision 2).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, false, func, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Base
from store.sqlite import IMMEDIATE
from store.transaction import Store, Transaction

Move = Callable[[Transaction], None]
"""Moves what was staged into its real table."""
_CHUNK = 5000
_HEADROOM = 100_000


class Staging:
    """Temporary tables on one connection."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection.execution_options(sqlite_begin="BEGIN")
        self._metadata = MetaData()

    def load(
        self,
        model: type[Base],
        rows: Sequence[Mapping[str, Any]],
        *,
        key: Sequence[str] = (),
        changing: Sequence[str] = (),
        unless: Callable[[Table], ColumnElement[bool]] = lambda _: false(),
    ) -> Move:
        """Stages rows, all with the same columns; a row whose `key` stands already only changes the columns `changing`.

        Staged rows for which `unless` holds at the time of the move stay behind.
        """
        if not rows:
            return lambda _: None
        table = inspect(model).local_table
        names = list(rows[0])
        columns = [Column(name, table.c[name].type) for name in names]
        staged = Table(f"staged_{len(self._metadata.tables)}", self._metadata, *columns, prefixes=["TEMPORARY"])
        with self._connection.begin():
            staged.create(self._connection, checkfirst=False)
            for start in range(0, len(rows), _CHUNK):
                self._connection.execute(insert(staged), rows[start : start + _CHUNK])
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql

        def move(transaction: Transaction) -> None:
            # Without a WHERE, SQLite would take ON CONFLICT for the ON of a join.
            moved = select(staged).where(~unless(staged))
            statement = dialect.insert(table).from_select(names, moved, include_defaults=False)
            if key:
                taken = {name: statement.excluded[name] for name in changing}
                upsert = statement.on_conflict_do_update(index_elements=list(key), set_=taken) if taken else None
                statement = upsert if upsert is not None else statement.on_conflict_do_nothing(index_elements=list(key))
            transaction.session.execute(statement)

        return move

    def reserve(self, model: type[Base], count: int) -> list[int]:
        """Ids for rows that name each other before they are moved; what others add meanwhile gets other ones.

        SQLite hands out the number after the largest, so it is kept well above what comes in while rows are staged.
        """
        with self._connection.begin():
            if self._connection.dialect.name == "postgresql":
                series = func.generate_series(1, count).table_valued()
                sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
                return list(self._connection.scalars(select(func.nextval(sequence)).select_from(series)))
            largest = self._connection.scalar(select(func.max(inspect(model).local_table.c.id))) or 0
            return list(range(largest + _HEADROOM, largest + _HEADROOM + count))

    @contextmanager
    def swap(self) -> Iterator[Transaction]:
        """The one transaction in which the moves are made."""
        self._connection.execution_options(sqlite_begin=IMMEDIATE)
        with self._store.transaction(self._connection) as transaction:
            yield transaction


@contextmanager
def staging(store: Store) -> Iterator[Staging]:
    """A place to stage rows; its tables are gone afterwards."""
    with store.engine.connect() as connection:
        connection.detach()
        yield Staging(store, connection)
