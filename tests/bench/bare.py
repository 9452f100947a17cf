"""The least that could take in the same callbacks: verify, decrypt, write the same rows in one transaction, acknowledge.

No reading of language, no trade, no cards: aiohttp, wechatpy's ciphers and SQLAlchemy Core in one database thread, over a
database of the product's own schema and settings. What the product does beyond this is what it costs.
`python -m tests.bench.bare`, told by the same environment variables as the product.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import xmltodict
from aiohttp import web
from sqlalchemy import Connection, Table, insert, select, update
from wechatpy.work.crypto import WeChatCrypto

from bot.reception import POSTGRES_THREADS
from platforms.wecom.crypto import check_age
from store.database import open_engine
from store.models import (
    Base,
    Customer,
    DayNumber,
    Dialog,
    Event,
    Fulfilment,
    Incoming,
    Order,
    OrderLine,
    OutboxMessage,
    Product,
    Reservation,
    Snapshot,
    Staff,
    StockBatch,
    UnreadEvent,
)
from store.settings import Settings, load_settings
from tests.bench.crowd import BOLT

_TEXT = "订单 SO261122-0001 已配货 锐固建材 M12×80 镀锌 4.8级 500 支 预计 12月22日 到货 " * 6
_CARD: dict[str, Any] = {
    "order_no": "SO261122-0001",
    "customer": "上海锐固建材有限公司",
    "lines": [{"text": _TEXT}],
    "url": "http://127.0.0.1/",
}
_QUANTITY, _TOTAL = Decimal(500), Decimal(600)
_DAY = date(2026, 11, 22)


class Bare:
    """Takes callbacks in; the ids of the firm are read once."""

    def __init__(self, settings: Settings) -> None:
        wecom = settings.wecom
        self._token = wecom.token.get_secret_value()
        self._crypto = WeChatCrypto(self._token, wecom.aes_key.get_secret_value(), wecom.corp_id)
        self._engine = open_engine(settings.database)
        self._threads = ThreadPoolExecutor(1 if self._engine.dialect.name == "sqlite" else POSTGRES_THREADS)
        self._numbers = count(1)
        with self._engine.begin() as connection:
            self._staff = {userid: id_ for id_, userid in connection.execute(select(Staff.id, Staff.wecom_userid))}
            self._customer = connection.scalar(select(Customer.id).limit(1))
            self._product = connection.scalar(select(Product.id).where(Product.code == BOLT))
            self._batch = connection.scalar(
                select(StockBatch.id).where(StockBatch.product_id == self._product).order_by(StockBatch.id.desc())
            )
            _write(connection, DayNumber, day=_DAY, last=0)
            moment = datetime.now(UTC)
            for id_ in self._staff.values():
                _write(connection, Dialog, staff_id=id_, number=0, command="", state={}, ask=None, choices=[], until=moment)

    async def receive(self, request: web.Request) -> web.Response:
        """`/wecom/callback`."""
        message = self._open(request, await request.read())
        await asyncio.get_running_loop().run_in_executor(self._threads, self._take, message)
        return web.Response(text="success")

    def _open(self, request: web.Request, body: bytes) -> dict[str, str]:
        encrypted = xmltodict.parse(body)["xml"]["Encrypt"]
        signature, timestamp, nonce = (request.query[name] for name in ("msg_signature", "timestamp", "nonce"))
        check_age(timestamp, datetime.now(UTC))
        plain = self._crypto.decrypt_message({"Encrypt": encrypted}, signature, timestamp, nonce)
        message: dict[str, str] = xmltodict.parse(plain)["xml"]
        return message

    def _take(self, message: dict[str, str]) -> None:
        with self._engine.begin() as connection:
            staff = self._staff[message["FromUserName"]]
            key = message.get("MsgId") or message["ResponseCode"]
            now = datetime.now(UTC)
            _write(connection, Incoming, platform="wecom", key=key, staff_id=staff, received_at=now, reply=_TEXT)
            if message.get("Event"):
                self._order(connection, staff, now)
            elif message["Content"].startswith("下单"):
                self._draft(connection, staff, now)
            elif message["Content"].startswith("查单"):
                # the first look at something else notes on the dialog that its draft was left
                self._dialog(connection, staff, state={"reading": _CARD, "wish": _CARD, "interrupted": True})

    def _draft(self, connection: Connection, staff: int, now: datetime) -> None:
        number = next(self._numbers)
        self._dialog(connection, staff, number=number, command="place", state={"reading": _CARD, "wish": _CARD}, until=now)
        self._tell(connection, f"draft:{number}", "order_draft", now, None)

    def _order(self, connection: Connection, staff: int, now: datetime) -> None:
        order = self._placed(connection, staff, now)
        connection.execute(update(StockBatch).where(StockBatch.id == self._batch).values(reserved=StockBatch.reserved + _QUANTITY))
        for kind in ("order.placed", "order.approved", "order.allocated"):
            data = {"total": "600.00", "lines": 1}
            event = _write(
                connection, Event, at=now, kind=kind, order_id=order, staff_id=staff, data=data, previous_hash="0" * 64, hash="0" * 64
            )
            if kind == "order.placed":
                _write(connection, UnreadEvent, event_id=event, reader="reactions", attempts=0)
        self._tell(connection, f"pick:{order}", "pick", now, order)
        self._tell(connection, f"progress:{order}", "progress", now, order)
        self._dialog(connection, staff, command="", state={"ended": "placed"}, choices=[])

    def _placed(self, connection: Connection, staff: int, now: datetime) -> int:
        dated = {"wanted_date": _DAY, "promisable_date": _DAY, "promised_date": _DAY, "promised_ship_at": now, "created_at": now}
        flags = {"short": False, "urgent": False, "trial": False, "free_shipping": True}
        number = next(self._numbers)
        connection.execute(update(DayNumber).where(DayNumber.day == _DAY).values(last=number))
        owned = {"customer_id": self._customer, "salesperson_id": staff, "address": "上海市嘉定区马陆镇丰登路618号", "origin": "chat"}
        named = {"no": f"SO261122-{number}", "day": _DAY, "sequence": number, "version": 1, "stage": "allocated", "chain": "0" * 64}
        order = _write(connection, Order, total=_TOTAL, **dated, **flags, **owned, **named)
        parts = {"position": 1, "quantity": _QUANTITY, "price": Decimal("1.2"), "amount": _TOTAL, "processes": []}
        line = _write(connection, OrderLine, order_id=order, product_id=self._product, **parts)
        part = _write(connection, Fulfilment, order_id=order, warehouse="主仓", stage="allocated", subscribed=False)
        held = {"batch_id": self._batch, "fulfilment_id": part, "quantity": _QUANTITY, "picked": False}
        _write(connection, Reservation, order_line_id=line, **held)
        _write(
            connection,
            Snapshot,
            order_id=order,
            version=1,
            at=now,
            staff_id=staff,
            content=_CARD,
            changes=[],
            previous_hash="",
            hash="0" * 64,
        )
        return order

    def _dialog(self, connection: Connection, staff: int, **values: Any) -> None:
        connection.execute(update(Dialog).where(Dialog.staff_id == staff).values(**values))

    def _tell(self, connection: Connection, key: str, card: str, now: datetime, order: int | None) -> None:
        said = {"key": key, "audience": "staff:1", "card": card, "data": _CARD, "urgency": 1, "addressed": False}
        _write(connection, OutboxMessage, **said, order_id=order, created_at=now)


def _write(connection: Connection, model: type[Base], **values: Any) -> Any:
    table: Table = model.__table__  # type: ignore[assignment]
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    return key[0] if key else None


def build_app(receive: Callable[[web.Request], Any]) -> web.Application:
    """The one route, and the page by which the bench sees that it is up."""

    async def alive(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/wecom/callback", receive), web.get("/healthz", alive)])
    return app


if __name__ == "__main__":
    here = load_settings()
    web.run_app(build_app(Bare(here).receive), host=here.http_host, port=here.http_port, access_log=None, print=None)
