"""The read-only side over the wire, with an order that has come some way."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from redis import Redis

from orders.placing import Wish, WishLine, place_order
from pages.routes import add_routes
from store.models import Order
from store.settings import Settings
from store.tokens import Signer, signing_key
from store.transaction import Store
from tests.support.approvals import NO_APPROVALS
from tests.support.firm import Firm

Client = TestClient[Any, Any]
BEARER = {"Authorization": "Bearer api-token"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, trade=NO_APPROVALS, api_token=SecretStr("api-token"))


@pytest.fixture
async def client(store: Store, firm: Firm, redis: Redis) -> AsyncIterator[Client]:
    app = web.Application()
    add_routes(app, store, redis)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def signer(store: Store) -> Signer:
    with store.transaction() as tx:
        return Signer(signing_key(tx.session))


@pytest.fixture
def order(store: Store, firm: Firm) -> Order:
    """500 bolts for 锐固, from stock."""
    return placed(store, firm, 500)


def placed(store: Store, firm: Firm, *quantities: int, by: str = "zhaomin", customer: str = "ruigu") -> Order:
    """The last of one order for each quantity."""
    with store.transaction() as tx:
        for quantity in quantities:
            wish = Wish(getattr(firm, customer).id, (WishLine(firm.bolt.id, Decimal(quantity)),), remarks="<b>小心轻放</b>")
            order = place_order(tx, wish, tx.session.merge(getattr(firm, by)))
    return order
