import multiprocessing
import shutil
import warnings
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from store.clock import SystemClock
from store.events import Fact, record
from store.migrate import bring_up_to_date, is_up_to_date
from store.models import APPEND_ONLY, Base, Event, Order, StockBatch
from store.settings import Settings
from store.transaction import Store
from tests.support.firm import Firm


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Settings]:
    """Settings of a database without any table."""
    if request.param == "sqlite":
        yield settings
        return
    with request.getfixturevalue("postgres").bare() as url:
        yield settings.model_copy(update={"database_url": url})


def differences(connection: Connection) -> list[object]:
    with warnings.catch_warnings():
        # SQLite cannot show an index over an expression.
        warnings.filterwarnings("ignore", message="(?i).*expression-based index")
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def test_the_migrated_schema_is_that_of_the_models(store: Store) -> None:
    with store.engine.connect() as connection:
        assert differences(connection) == []
        assert is_up_to_date(connection)


def test_wecom_ids_differ_by_more_than_case(store: Store, firm: Firm) -> None:
    with pytest.raises(IntegrityError), store.transaction() as tx:
        tx.session.execute(text("UPDATE staff SET wecom_userid = 'ZhaoMin' WHERE name = '吴刚'"))


def test_an_empty_database_is_not_up_to_date(empty: Settings) -> None:
    store = Store(empty, SystemClock())
    with store.engine.connect() as connection:
        assert not is_up_to_date(connection)
    store.close()


def test_two_processes_migrate_at_once_and_one_does_it(empty: Settings) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        done = sorted(pool.map(bring_up_to_date, [empty] * 3))
    assert done == [False, False, True]


def test_a_database_that_is_up_to_date_is_left_alone(store: Store, firm: Firm) -> None:
    assert not bring_up_to_date(store.settings)
    with store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(StockBatch)) == len(firm.batches)


@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_what_has_happened_is_never_changed(store: Store, change: str) -> None:
    with store.transaction() as tx:
        record(tx, Fact.STOCK_CHANGED, by=None, data={"why": "count"})
    with pytest.raises(DatabaseError, match="events is append-only"), store.transaction() as tx:
        tx.session.execute(text(change))
    with store.reading() as tx:
        assert tx.session.scalars(select(Event.kind)).all() == [Fact.STOCK_CHANGED]


def test_every_append_only_table_has_its_guards(store: Store) -> None:
    with store.engine.connect() as connection:
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "postgresql":
            query = "SELECT event_object_table FROM information_schema.triggers"
        assert set(connection.scalars(text(query))) == {model.__tablename__ for model in APPEND_ONLY}


def test_replacing_a_row_is_a_change_too(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        with store.transaction() as tx:
            record(tx, Fact.STOCK_CHANGED, by=None)
        with pytest.raises(DatabaseError, match="append-only"), store.transaction() as tx:
            tx.session.execute(text("TRUNCATE events CASCADE"))
        return
    with store.transaction() as tx:
        event = record(tx, Fact.STOCK_CHANGED, by=None)
    with pytest.raises(DatabaseError, match="append-only"), store.transaction() as tx:
        tx.session.execute(
            text("INSERT OR REPLACE INTO events (id, at, kind, data, previous_hash, hash) VALUES (:id, :at, 'x', '{}', '', '')"),
            {"id": event, "at": datetime(2026, 3, 2, tzinfo=UTC)},
        )


def test_the_database_refuses_to_oversell(store: Store, firm: Firm) -> None:
    with pytest.raises(IntegrityError, match="not_oversold"), store.transaction() as tx:
        tx.session.execute(text("UPDATE stock_batches SET reserved = on_hand + 1"))
    with store.reading() as tx:
        assert set(tx.session.scalars(select(StockBatch.reserved))) == {0}


FIRST_FULFILMENT = (
    "INSERT INTO customers (id, code, name, level, aliases) VALUES (1, 'C1', '锐固', 'VIP', '[]')",
    "INSERT INTO orders (id, no, version, stage, short, customer_id, urgent, trial, free_shipping, total, created_at, origin, chain) "
    "VALUES (1, 'SO260302-0001', 1, 'allocated', false, 1, false, false, false, 60000, '2026-03-02 01:30:00', 'chat', '')",
    "INSERT INTO fulfilments (id, order_id, warehouse, stage, subscribed) VALUES (1, 1, '主仓', 'allocated', false)",
)


def test_what_the_first_schema_kept_is_there_in_the_newest(empty: Settings) -> None:
    store = Store(empty, SystemClock())
    with store.engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", "store/migrations")
        config.attributes["connection"] = connection
        with connection.begin():
            command.upgrade(config, "0001")
            for statement in FIRST_FULFILMENT:
                connection.execute(text(statement))
    assert bring_up_to_date(empty)
    with store.reading() as tx:
        order = tx.session.scalars(select(Order)).one()
        assert (order.no, order.pickup, order.date_open, order.total) == ("SO260302-0001", False, False, Decimal(600))
        assert [(part.warehouse, part.part) for part in order.fulfilments] == [("主仓", 1)]
    store.close()


LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "later", "0003"

def upgrade():
    with op.batch_alter_table("events", recreate="always") as batch:
        batch.alter_column("kind", type_=sa.String(99))
"""


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_a_migration_that_rebuilds_a_table_leaves_guards_and_rows(sqlite_template: Path, settings: Settings, tmp_path: Path) -> None:
    """Batch mode makes a table anew on SQLite, which drops its triggers."""
    shutil.copy(sqlite_template, settings.home / "gendan.db")
    store = Store(settings, SystemClock())
    with store.transaction() as tx:
        record(tx, Fact.STOCK_CHANGED, by=None)
    (tmp_path / "later.py").write_text(LATER)
    config = Config()
    config.set_main_option("script_location", "store/migrations")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"store/migrations/versions\n{tmp_path}")
    with store.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        config.attributes["connection"] = connection
        with connection.begin():
            command.upgrade(config, "head")
    with pytest.raises(DatabaseError, match="append-only"), store.transaction() as tx:
        tx.session.execute(text("DELETE FROM events"))
    with store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Event)) == 1
    store.close()
