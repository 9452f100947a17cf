"""The HTTP app with both doors open, called over the wire."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.app import build_app
from store.log import configure
from store.models import Base
from store.settings import Settings
from store.transaction import Store
from tests.support.approvals import NO_APPROVALS
from tests.support.callers import DINGTALK, WECOM, DingTalkCaller, WeComCaller
from tests.support.clock import TestClock
from tests.support.firm import Firm

Client = TestClient[Any, Any]


@pytest.fixture(autouse=True, scope="session")
def logs_as_in_production() -> None:
    """structlog's own default draws tracebacks with all local variables, which takes seconds."""
    configure()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, trade=NO_APPROVALS, wecom=WECOM, dingtalk=DINGTALK)


@pytest.fixture
async def client(store: Store, firm: Firm) -> AsyncIterator[Client]:
    async with TestClient(TestServer(build_app(store))) as client:
        yield client


@pytest.fixture
def wecom(client: Client, clock: TestClock) -> WeComCaller:
    return WeComCaller(client, clock)


@pytest.fixture
def dingtalk(client: Client, clock: TestClock) -> DingTalkCaller:
    return DingTalkCaller(client, clock)


@pytest.fixture
def rows(store: Store) -> Callable[[], dict[str, int]]:
    """How many rows each table has: what a refused callback must not change."""

    def count() -> dict[str, int]:
        with store.reading() as tx:
            return {table.name: tx.session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables}

    return count
