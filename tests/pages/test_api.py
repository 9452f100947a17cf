"""`/api` as its description promises it."""

from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis import Redis

from pages.routes import add_routes
from pages.schema import OrderModel, OrdersModel
from store.models import Order
from store.settings import Settings
from store.transaction import Store
from tests.pages.conftest import BEARER, Client, placed
from tests.support.clock import TestClock
from tests.support.firm import Firm


async def listed(client: Client, **query: str) -> OrdersModel:
    response = await client.get("/api/orders", params=query, headers=BEARER)
    assert response.status == 200, await response.text()
    return OrdersModel.model_validate_json(await response.text(), strict=True)


async def test_one_order_is_complete(client: Client, order: Order):
    response = await client.get(f"/api/orders/{order.no}", headers=BEARER)
    answer = OrderModel.model_validate_json(await response.text(), strict=True)
    assert (answer.no, answer.stage, answer.version, answer.total) == (order.no, "allocated", 1, "600.00")
    assert answer.customer.name == "锐固建材"
    assert [(line.product, line.quantity, line.amount) for line in answer.lines] == [("LS-M12x80-Z", "500", "600.00")]
    assert answer.lines[0].reservations[0].location == "A-03-1"
    assert answer.created_at == "2026-03-02T09:30:00+08:00"
    assert answer.events[0].kind == "order.placed"


async def test_a_number_has_no_case(client: Client, order: Order):
    response = await client.get(f"/api/orders/{order.no.lower()}", headers=BEARER)
    assert response.status == 200


async def test_an_unknown_number_is_not_found(client: Client, order: Order):
    for no in ("SO260302-9999", "0001", "%00", "x" * 500):
        response = await client.get(f"/api/orders/{no}", headers=BEARER)
        assert response.status == 404
        assert "error" in await response.json()


async def test_pages_go_through_all_orders_newest_first(store: Store, firm: Firm, client: Client):
    placed(store, firm, *range(1, 8))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await listed(client, limit="3", **cursor)
        seen += [order.no for order in page.orders]
        if page.next is None:
            break
        cursor = {"cursor": page.next}
    assert seen == [f"SO260302-{number:04}" for number in range(7, 0, -1)]


async def test_filters_narrow_the_list(store: Store, firm: Firm, clock: TestClock, client: Client):
    placed(store, firm, 100)
    clock.forward(timedelta(days=1))
    placed(store, firm, 9000, by="qianwei", customer="hongda")
    for query, expected in (
        ({}, ["0001", "0001"]),
        ({"customer": "C001"}, ["260302-0001"]),
        ({"customer": "宏达五金"}, ["260303-0001"]),
        ({"salesperson": "钱伟"}, ["260303-0001"]),
        ({"stage": "approved"}, ["260303-0001"]),
        ({"stage": "signed"}, []),
        ({"since": "2026-03-03"}, ["260303-0001"]),
        ({"since": "2026-03-02T00:00:00+08:00", "stage": "allocated"}, ["260302-0001"]),
        ({"customer": "nobody"}, []),
    ):
        answer = await listed(client, **query)
        assert len(answer.orders) == len(expected)
        assert all(order.no.endswith(end) for order, end in zip(answer.orders, expected))


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "9" * 5000},
        {"cursor": "x"},
        {"cursor": "99999999999999999999"},
        {"since": "yesterday"},
        {"since": "2026-13-01"},
        {"since": "0001-01-01"},
        {"stage": "lost"},
        {"colour": "red"},
        {"customer": "\x00"},
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, query: dict[str, str]):
    response = await client.get("/api/orders", params=query, headers=BEARER)
    assert response.status == 400
    assert "error" in await response.json()


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "api-token"}, {"Authorization": "Basic YTpi"}]
)
async def test_without_the_token_nothing_is_said(client: Client, order: Order, headers: dict[str, str]):
    for path in ("/api/orders", f"/api/orders/{order.no}", "/api/openapi.json"):
        response = await client.get(path, headers=headers)
        assert response.status == 401
        assert order.no not in await response.text()


async def test_without_a_configured_token_api_is_closed(store: Store, settings: Settings, redis: Redis):
    closed = Store(Settings(home=settings.home, database_url=store.settings.database_url), store.clock)
    app = web.Application()
    add_routes(app, closed, redis)
    async with TestClient(TestServer(app)) as client:
        for headers in ({}, BEARER, {"Authorization": "Bearer "}):
            assert (await client.get("/api/orders", headers=headers)).status == 403
    closed.close()


async def test_the_description_describes_what_is_answered(client: Client):
    description = await (await client.get("/api/openapi.json", headers=BEARER)).json()
    assert set(description["paths"]) == {"/api/orders", "/api/orders/{no}"}
    described = description["components"]["schemas"]["OrderModel"]["properties"]
    assert set(described) == set(OrderModel.model_fields)
