"""The tracking service over the wire: waybills subscribed at its stand-in, its signed pushes, and everything that is not one."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis
from structlog.testing import capture_logs

from connectors import kuaidi100
from connectors.kuaidi100 import PATH, SERVICE, BadPush, Subscriptions, add_routes, read_push
from notifiers.jobs import open_office
from notifiers.limits import Limits
from notifiers.sending import Office
from sandbox.server import Sandbox, in_thread
from store.models import Delivery, Fulfilment, Order, OutboxMessage, Stage, TraceEvent
from store.settings import Settings
from store.transaction import Store
from tests.orders.trade import Trade
from tests.support.clock import TestClock
from tests.support.firm import Firm

Client: TypeAlias = "TestClient[web.Request, web.Application]"
WAYBILL = "SF1234567890123"
DELIVERED = {"time": "2026-03-04 11:03:44", "context": "已签收,签收人:门卫代收", "statusCode": "303", "location": "浙江,宁波市"}
MOVING = {"time": "2026-03-03 21:10:08", "context": "离开【杭州转运中心】", "statusCode": "1002", "location": "浙江,杭州市"}
COLLECTED = {"time": "2026-03-03 17:22:31", "context": "【杭州良渚】已揽收", "statusCode": "1", "location": "浙江,杭州市"}


@pytest.fixture
def sandbox(settings: Settings, clock: TestClock) -> Iterator[Sandbox]:
    with in_thread(settings, clock) as running:
        yield running.sandbox


@pytest.fixture
def store(sandbox: Sandbox, clock: TestClock, database_url: str) -> Iterator[Store]:
    store = Store(sandbox.settings.model_copy(update={"database_url": database_url}), clock)
    yield store
    store.close()


@pytest.fixture
def trade(store: Store, firm: Firm) -> Trade:
    return Trade(store, firm)


@pytest.fixture
def shipped(trade: Trade) -> Order:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order, WAYBILL)
    return order


@pytest.fixture
def office(store: Store, redis: Redis) -> Office:
    return Office(store, Limits(redis), open_office(store, redis, store.settings, "run").channels | {SERVICE: Subscriptions(store)})


@pytest.fixture
async def client(store: Store) -> AsyncIterator[Client]:
    app = web.Application()
    add_routes(app, store)
    async with TestClient(TestServer(app)) as client:
        yield client


def push(*data: dict[str, str], state: str = "0", status: str = "polling", com: str = "shunfeng", **more: str) -> str:
    result = {"message": "ok", "state": state, "com": com, "nu": WAYBILL, "data": list(data)}
    return json.dumps({"status": status, "message": "", "comOld": "", "comNew": "", "lastResult": result} | more, ensure_ascii=False)


def signed(store: Store, param: str) -> dict[str, str]:
    salted = param + store.settings.kuaidi100.salt.get_secret_value()
    return {"param": param, "sign": hashlib.md5(salted.encode()).hexdigest().upper()}


def part(store: Store) -> Fulfilment:
    with store.reading() as tx:
        return tx.session.query(Fulfilment).one()


def traces(store: Store) -> list[tuple[str, str]]:
    with store.reading() as tx:
        return [(each.status, each.text) for each in tx.session.query(TraceEvent).order_by(TraceEvent.at)]


def notices(store: Store) -> list[dict[str, Any]]:
    with store.reading() as tx:
        return [message.data for message in tx.session.query(OutboxMessage).filter_by(card="notice")]


# subscribing


def test_a_shipped_waybill_is_subscribed_once(shipped: Order, store: Store, office: Office, sandbox: Sandbox, trade: Trade) -> None:
    office.deliver()
    assert part(store).subscribed
    waybill = sandbox.kuaidi100.waybills[WAYBILL]
    assert (waybill.company, waybill.url) == ("shunfeng", f"{store.settings.link_base}{PATH}")
    assert trade.kinds(shipped).count("shipment.subscribed") == 1


def test_who_was_subscribed_before_is_subscribed(shipped: Order, store: Store, office: Office, sandbox: Sandbox) -> None:
    sandbox.faults.add("poll", "drop_after")
    office.deliver()
    assert not part(store).subscribed
    due_again(store)
    office.deliver()
    assert part(store).subscribed
    assert sandbox.calls["kuaidi100 /poll"] == 2


def test_a_number_that_is_refused_is_said_to_the_salesperson(trade: Trade, store: Store, office: Office, sandbox: Sandbox) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order, WAYBILL)
    with store.transaction() as tx:
        row = tx.session.query(OutboxMessage).filter_by(card="subscribe").one()
        row.data = {**row.data, "number": "SF1"}
    office.deliver()
    assert not part(store).subscribed
    assert order.no in str(notices(store))
    assert len(sandbox.messages("wecom/zhaomin")) >= 1


def test_an_expired_key_is_said_to_the_admin(shipped: Order, store: Store, redis: Redis, sandbox: Sandbox) -> None:
    kuaidi100 = store.settings.kuaidi100.model_copy(update={"key": store.settings.kuaidi100.salt})
    store.settings = store.settings.model_copy(update={"kuaidi100": kuaidi100})
    Office(store, Limits(redis), {SERVICE: Subscriptions(store)}).deliver()
    assert not part(store).subscribed
    assert "key" in notices(store)[0]["text"]


def due_again(store: Store) -> None:
    with store.transaction() as tx:
        for delivery in tx.session.query(Delivery).filter_by(state="due"):
            delivery.due_at = delivery.addressed_at


# pushes


async def test_a_push_of_the_service_moves_the_trace(
    shipped: Order, store: Store, office: Office, sandbox: Sandbox, client: Client
) -> None:
    office.deliver()
    sandbox.kuaidi100.waybills[WAYBILL].traces.append({**MOVING, "ftime": "", "status": "干线", "areaName": ""})
    response = await client.post(PATH, data=signed(store, push(MOVING, COLLECTED)))
    assert response.status == 200
    assert await response.json() == {"result": True, "returnCode": "200", "message": "成功"}
    assert [status for status, _ in traces(store)] == ["collected", "in_transit"]
    assert str(part(store).last_trace_at) == "2026-03-02 01:30:00+00:00", "a trace is never later than now"


async def test_the_same_push_again_changes_nothing(shipped: Order, store: Store, client: Client, trade: Trade) -> None:
    form = signed(store, push(DELIVERED, MOVING, COLLECTED, state="3", status="shutdown"))
    await client.post(PATH, data=form)
    before = (traces(store), trade.kinds(shipped), trade.order(shipped).stage)
    assert before[2] in (Stage.SIGNED, Stage.CLOSED)
    response = await client.post(PATH, data=form)
    assert response.status == 200
    assert (traces(store), trade.kinds(shipped), trade.order(shipped).stage) == before


async def test_a_signature_in_small_letters_is_one(shipped: Order, store: Store, client: Client) -> None:
    form = signed(store, push(MOVING))
    assert (await client.post(PATH, data=form | {"sign": form["sign"].lower()})).status == 200


async def test_the_company_is_followed_where_the_service_knows_better(shipped: Order, store: Store, client: Client) -> None:
    await client.post(PATH, data=signed(store, push(MOVING, com="shunfeng", autoCheck="1", comOld="shunfeng", comNew="zhongtong")))
    assert (part(store).carrier, part(store).carrier_code) == ("中通", "zhongtong")
    assert len(traces(store)) == 1


async def test_a_company_that_cannot_be_one_is_refused_and_said_in_the_log(
    shipped: Order, store: Store, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kuaidi100, "log", structlog.get_logger())  # the module's own may have its output settled by now
    form = signed(store, push(MOVING, autoCheck="1", comOld="shunfeng", comNew="z" * 33))
    with capture_logs() as logged:
        assert (await client.post(PATH, data=form)).status == 400
    assert (part(store).carrier_code, traces(store)) == ("shunfeng", [])
    assert [line["event"] for line in logged] == ["push refused"]
    assert WAYBILL not in str(logged)


async def test_an_abort_ends_the_watch_and_is_said(shipped: Order, store: Store, client: Client) -> None:
    with store.transaction() as tx:
        tx.session.query(Fulfilment).one().subscribed = True
    form = signed(store, push(status="abort", message="3天查询无记录"))
    for _ in range(2):
        assert (await client.post(PATH, data=form)).status == 200
    assert not part(store).subscribed
    (notice,) = notices(store)
    assert "3天查询无记录" in str(notice)


async def test_an_unknown_waybill_is_taken_and_changes_nothing(store: Store, client: Client) -> None:
    assert (await client.post(PATH, data=signed(store, push(MOVING)))).status == 200
    assert traces(store) == []


@pytest.mark.parametrize(
    ("param", "sign", "status"),
    [
        (push(MOVING), "0" * 32, 401),
        (push(MOVING), "", 401),
        (push(MOVING), "签", 401),
        ("{", None, 400),
        ("", None, 400),
        ("[]", None, 400),
        ("null", None, 400),
        ("{}", None, 400),
        ('{"lastResult": 7}', None, 400),
        ('{"lastResult": {"com": "shunfeng", "nu": 7, "data": []}}', None, 400),
        (push({"time": "gestern", "context": "x"}), None, 400),
        (push({"time": "0001-01-01 00:00:00", "context": "x"}), None, 400),
        (push({"context": "x"}), None, 400),
        ("[" * 100_000, None, 400),
    ],
)
async def test_what_is_no_push_changes_nothing(
    shipped: Order, store: Store, client: Client, param: str, sign: str | None, status: int
) -> None:
    form = signed(store, param) if sign is None else {"param": param, "sign": sign}
    response = await client.post(PATH, data=form)
    assert response.status == status
    assert traces(store) == []
    assert part(store).last_trace_at is None


async def test_what_no_database_keeps_is_left_out_of_a_trace(shipped: Order, store: Store, client: Client) -> None:
    said = push({"time": "2026-03-03 08:00:00", "context": "已到#达杭州", "location": "#"}).replace("#", "\\u0000\\ud800")
    assert (await client.post(PATH, data=signed(store, said))).status == 200
    assert [text for _, text in traces(store)] == ["已到达杭州"]
    assert (await client.post(PATH, data=signed(store, said.replace(WAYBILL, "\\u0000\\ud800")))).status == 400


async def test_more_than_a_megabyte_is_too_much(store: Store, client: Client) -> None:
    body = BytesIO(b"param=" + b"x" * 1024 * 1024)
    response = await client.post(PATH, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status == 413


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"param=1&sign=%ff", "application/x-www-form-urlencoded; charset=no-such"),
        (b"a=1&" * 10_000, "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="param"\r\nContent-Transfer-Encoding: no\r\n\r\n1',
            "multipart/form-data; boundary=x",
        ),
    ],
)
async def test_a_body_that_is_no_form_is_refused(client: Client, body: bytes, kind: str) -> None:
    response = await client.post(PATH, data=body, headers={"Content-Type": kind})
    assert response.status in (400, 401)
    assert (await response.json())["result"] is False


async def test_without_key_and_salt_the_door_is_closed(settings: Settings, clock: TestClock, sqlite_template: Path) -> None:
    closed = Store(settings, clock)
    app = web.Application()
    add_routes(app, closed)
    async with TestClient(TestServer(app)) as client:
        assert (await client.post(PATH, data=signed(closed, push(MOVING)))).status == 404
    closed.close()


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_whatever_is_signed_is_read_or_refused(result: object) -> None:
    with suppress(BadPush):
        read_push(json.dumps({"lastResult": result, "status": result, "comNew": result}))


def test_an_unknown_code_leaves_the_parcel_where_it_was() -> None:
    odd = {"time": "2026-03-03 22:00:00", "context": "?", "statusCode": "9999"}
    assert [trace.status for trace in read_push(push(odd, COLLECTED)).traces] == ["collected", "collected"]


def test_what_was_delivered_can_only_come_back() -> None:
    late = {"time": "2026-03-04 12:00:00", "context": "正在派件", "statusCode": "5"}
    back = {"time": "2026-03-05 09:00:00", "context": "退回中", "statusCode": "6"}
    said = read_push(push(back, late, DELIVERED, MOVING))
    assert [trace.status for trace in said.traces] == ["in_transit", "delivered", "delivered", "returned"]
