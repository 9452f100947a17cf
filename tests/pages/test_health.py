"""Alive, able to work, and in figures."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis import Redis

from pages.routes import add_routes
from store.models import Order
from store.queues import connect
from store.transaction import Store
from store.workers import WORKER_KEY
from tests.pages.conftest import Client


async def test_it_is_alive(client: Client):
    assert (await client.get("/healthz")).status == 200


async def test_it_is_ready_only_with_a_live_worker(client: Client, redis: Redis):
    response = await client.get("/readyz")
    assert response.status == 503
    assert await response.json() == {"status": "not ready", "database": True, "redis": True, "worker": False}
    redis.set(WORKER_KEY + "machine:1", 1, ex=15)
    assert (await client.get("/readyz")).status == 200


async def test_without_redis_it_is_alive_and_not_ready(store: Store):
    app = web.Application()
    add_routes(app, store, connect("redis://127.0.0.1:1/0"))
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/healthz")).status == 200
        response = await client.get("/readyz")
        assert response.status == 503
        assert (await response.json())["redis"] is False


async def test_figures_show_how_the_desk_stands(client: Client, order: Order):
    response = await client.get("/metrics")
    text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain")
    for line in ('gendan_orders{stage="allocated"} 1.0', "gendan_outbox_unaddressed{", "gendan_unread_events", "python_info"):
        assert line in text
