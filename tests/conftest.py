"""What the tests share: a clock, a migrated database of either kind, a real Redis, a small firm."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from store.migrate import bring_up_to_date
from store.queues import connect
from store.settings import Settings
from store.transaction import Store
from tests.support.approvals import NO_APPROVALS
from tests.support.clock import TestClock
from tests.support.firm import Firm, make_firm
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.servers import redis_server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of its own, where orders need no signatures; a folder of tests may override this, `store` follows it."""
    return Settings(home=tmp_path, trade=NO_APPROVALS)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to be copied."""
    settings = Settings(home=tmp_path_factory.mktemp("template"))
    bring_up_to_date(settings)
    return settings.home / "gendan.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        settings.home.mkdir(parents=True, exist_ok=True)
        shutil.copy(request.getfixturevalue("sqlite_template"), settings.home / "gendan.db")
        yield settings.database
        return
    with request.getfixturevalue("postgres").migrated() as url:
        yield url


@pytest.fixture
def store(settings: Settings, clock: TestClock, database_url: str) -> Iterator[Store]:
    """The product's store on both databases; `store.settings` names the one in use."""
    store = Store(settings.model_copy(update={"database_url": database_url}), clock)
    yield store
    store.close()


@pytest.fixture
def firm(store: Store) -> Firm:
    with store.transaction() as tx:
        return make_firm(tx)


@pytest.fixture(scope="session")
def redis_of_the_run() -> Iterator[str]:
    with redis_server() as url:
        yield url


@pytest.fixture
def redis_url(redis_of_the_run: str) -> str:
    """An empty, real Redis."""
    with connect(redis_of_the_run) as redis:
        redis.flushdb()
    return redis_of_the_run


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with connect(redis_url) as redis:
        yield redis
