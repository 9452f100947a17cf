"""Tracking by 快递100: waybills are subscribed, and each push brings the whole list of a waybill's traces.

Facts: api.kuaidi100.com/document (subscription and push). A push is signed over its exact text; it comes again until it is
answered as documented, so taking it twice changes nothing.
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import requests
import structlog
from aiohttp import web
from sqlalchemy import select

from orders.carriers import carrier
from orders.locking import lock_orders
from orders.tracing import Trace, trace
from store.events import Fact, record
from store.models import Fulfilment, Order, Role
from store.outbox import Urgency, tell, to_role, to_staff
from store.settings import Kuaidi100Settings
from store.transaction import Store, Transaction

SERVICE = "kuaidi100"
"""The audience `service:kuaidi100`, card `subscribe`, data {"company", "number", "fulfilment", "phone_tail"}."""
PATH = "/carriers/kuaidi100"
_TIMEOUT = (2.0, 4.0)
"""Seconds to connect and to wait; a worker holds a delivery for 15."""
_PROXIES = {"no_proxy": "127.0.0.1,localhost"}
"""A stand-in is never behind the proxy that a firm may have for the world outside."""
_TAKEN = ("200", "501")
"""Subscribed now, or before."""
_BUSY = "500"
_OUR_FAULT = ("600", "601")
"""The account's key has no right, or has expired."""
_BEIJING = ZoneInfo("Asia/Shanghai")
_STATUSES = {
    "accepted": ("101", "102"),
    "collected": ("1", "103"),
    "in_transit": ("0", "1001", "1002", "1003", "7", "8", "10", "11", "12"),
    "out_for_delivery": ("5", "501"),
    "delivered": ("3", "301", "302", "303", "304"),
    "exception": ("2", "201", "202", "203", "204", "205", "206", "207", "208", "209", "210", "13", "14", "401"),
    "returned": ("4", "6"),
}
_BY_CODE = {code: status for status, codes in _STATUSES.items() for code in codes}
_DELIVERED, _RETURNED = "delivered", "returned"
_ABORTED = "abort"
_LONGEST_COMPANY = 32
"""Characters of a carrier's code; the known ones have half of that."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What JSON can say and a database cannot keep."""
_MOST_FIELDS = 20
"""A push has two."""

log = structlog.get_logger()


class HasData(Protocol):
    """What the outbox hands to a service: the data of its message."""

    @property
    def data(self) -> dict[str, Any]: ...


class Subscriptions:
    """The channel that subscribes waybills; it writes down itself what came of it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settings = store.settings.kuaidi100

    def scope(self, recipient: str) -> str:
        return SERVICE

    def windows(self, recipient: str) -> tuple[()]:
        return ()

    def send(self, parcel: HasData) -> dict[str, Any]:
        """Subscribes one waybill. Raises OSError where it may be tried again."""
        code = self._ask(parcel.data)
        if code == _BUSY:
            raise ConnectionError("kuaidi100 is busy")
        with self._store.transaction() as tx:
            if code in _TAKEN:
                _subscribed(tx, parcel.data, code)
            else:
                _not_subscribed(tx, parcel.data, code)
        return {"returnCode": code}

    def _ask(self, data: dict[str, Any]) -> str:
        salt = self._settings.salt.get_secret_value()
        parameters = {"callbackurl": f"{self._store.settings.link_base}{PATH}", "salt": salt, "resultv2": "4", "phone": data["phone_tail"]}
        param = {
            "company": data["company"],
            "number": data["number"],
            "key": self._settings.key.get_secret_value(),
            "parameters": parameters,
        }
        form = {"schema": "json", "param": json.dumps(param, ensure_ascii=False)}
        response = requests.post(f"{self._settings.api_base}/poll", data=form, timeout=_TIMEOUT, proxies=_PROXIES)
        response.raise_for_status()
        return str(response.json().get("returnCode", _BUSY))


def _subscribed(tx: Transaction, data: dict[str, Any], code: str) -> None:
    part = _part(tx, data["fulfilment"])
    if part is not None and not part.subscribed:
        part.subscribed = True
        record(tx, Fact.SHIPMENT_SUBSCRIBED, by=None, order=part.order, data={"waybill": data["number"], "code": code})


def _not_subscribed(tx: Transaction, data: dict[str, Any], code: str) -> None:
    log.error("waybill not subscribed", company=data["company"], code=code)
    part = _part(tx, data["fulfilment"])
    if part is None:
        return
    if code in _OUR_FAULT:
        audience, text = to_role(Role.ADMIN), "快递100 的 key 无权限或已过期，物流轨迹收不到了。请检查账号。"
    else:
        audience, text = _seller(part.order), "快递100 不接受这个运单号，收不到轨迹。请核对快递公司和运单号。"
    _notice(tx, audience, "运单没有订阅上", text, part, code)


def _part(tx: Transaction, fulfilment: int) -> Fulfilment | None:
    """The fulfilment with its order held for this transaction."""
    order_id = tx.session.scalar(select(Fulfilment.order_id).where(Fulfilment.id == fulfilment))
    orders = lock_orders(tx, [order_id]) if order_id else []
    return next((part for order in orders for part in order.fulfilments if part.id == fulfilment), None)


def _seller(order: Order) -> str:
    return to_staff(order.salesperson) if order.salesperson else to_role(Role.SALES_MANAGER)


def _notice(tx: Transaction, audience: str, title: str, text: str, part: Fulfilment, reason: str) -> None:
    facts = {"订单": part.order.no, "快递": part.carrier or "", "运单号": part.waybill or "", "原因": reason}
    data = {"title": title, "text": text, "fields": [{"name": name, "value": value} for name, value in facts.items()]}
    key = f"{SERVICE}:{part.id}:{part.waybill}:{hashlib.sha256(reason.encode()).hexdigest()[:12]}"
    tell(tx, audience, "notice", data, key=key, urgency=Urgency.PROGRESS, order=part.order)


# pushes


class BadPush(Exception):
    """The push is not what the service documents; the text says why."""


@dataclass(frozen=True)
class Push:
    """What a push says of one waybill."""

    company: str
    number: str
    corrected_from: str
    """The company that we named, where the service found that another one carries it."""
    traces: list[Trace]
    delivered: bool
    aborted: str
    """Why the service has stopped looking; empty while it looks, or when the parcel has arrived."""


def add_routes(app: web.Application, store: Store) -> None:
    """Opens the door for pushes, where key and salt are set."""
    app.router.add_post(PATH, _Door(store).receive)


class _Door:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def receive(self, request: web.Request) -> web.Response:
        """POST /carriers/kuaidi100: form fields `param` and `sign`."""
        settings = self._store.settings.kuaidi100
        if not settings.is_open:
            return _refuse(404, "GENDAN_KUAIDI100__KEY and __SALT are not both set")
        body = await request.read()
        try:
            form = dict(parse_qsl(body.decode(errors="replace"), max_num_fields=_MOST_FIELDS))
        except ValueError:
            return _refuse(400, "not a form")
        param, sign = form.get("param", ""), form.get("sign", "")
        if not is_signed(param, sign, settings):
            return _refuse(401, "wrong signature")
        try:
            push = read_push(param)
        except BadPush as error:
            return _refuse(400, str(error))
        await asyncio.to_thread(self._take, push)
        return _answer(200, "成功")

    def _take(self, push: Push) -> None:
        with self._store.transaction() as tx:
            take(tx, push)


def _answer(status: int, message: str) -> web.Response:
    return web.json_response({"result": status == 200, "returnCode": str(status), "message": message}, status=status)


def _refuse(status: int, reason: str) -> web.Response:
    log.warning("push refused", path=PATH, status=status, reason=reason)
    return _answer(status, reason)


def is_signed(param: str, sign: str, settings: Kuaidi100Settings) -> bool:
    """Whether the push is the service's: MD5 of its text and our salt, in hex of either case."""
    salted = param + settings.salt.get_secret_value()
    right = hashlib.md5(salted.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest().upper()
    return hmac.compare_digest(right.encode(), sign.upper().encode(errors="replace"))


def read_push(param: str) -> Push:
    """A push from its JSON; raises BadPush."""
    try:
        body = json.loads(param)
        result = body["lastResult"]
        company, number, data = _text(result["com"]), _text(result["nu"]), result.get("data") or []
        corrected = _text(body.get("comNew"))
        if not (company and number and isinstance(data, list)):
            raise BadPush("com, nu or data is missing")
        if len(corrected or company) > _LONGEST_COMPANY:
            raise BadPush("no carrier has so long a code")
        traces = _traces(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise BadPush(f"not a push: {type(error).__name__}") from None
    return Push(
        company=corrected or company,
        number=number,
        corrected_from=(_text(body.get("comOld")) or company) if corrected else "",
        traces=traces,
        delivered=_BY_CODE.get(str(result.get("state", ""))) == _DELIVERED,
        aborted=(_text(body.get("message")) or _ABORTED) if body.get("status") == _ABORTED else "",
    )


def _traces(events: Iterable[dict[str, Any]]) -> list[Trace]:
    """The events by their own time."""
    traces: list[Trace] = []
    status = "in_transit"
    for event in sorted(events, key=_moment):
        status = _status(status, str(event.get("statusCode") or ""))
        traces.append(Trace(_moment(event), _text(event["context"]), _text(event.get("location")) or None, status))
    return traces


def _status(before: str, code: str) -> str:
    """A code that nobody knows leaves the parcel in the state that it was in; what was delivered can only come back."""
    if code and code not in _BY_CODE:
        log.warning("unknown status of a parcel", code=code[:16])
    now = _BY_CODE.get(code, before)
    return before if before == _DELIVERED and now != _RETURNED else now


def _moment(event: dict[str, Any]) -> datetime:
    """Beijing time without a zone."""
    return datetime.strptime(event["time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=_BEIJING).astimezone(UTC)


def _text(value: Any) -> str:
    return _UNSTORABLE.sub("", value).strip() if isinstance(value, str) else ""


def take(tx: Transaction, push: Push) -> None:
    """Writes down what a push says; the same push again changes nothing."""
    if push.corrected_from:
        _correct(tx, push)
    trace(tx, push.company, push.number, push.traces, push.delivered)
    if push.aborted:
        _stop(tx, push)


def _correct(tx: Transaction, push: Push) -> None:
    """Follows the service to the company that really carries the parcel."""
    known = carrier(push.company)
    for part in _parts(tx, push.corrected_from, push.number):
        part.carrier_code = push.company
        part.carrier = known[0] if known else part.carrier


def _stop(tx: Transaction, push: Push) -> None:
    """The service looks no longer: nobody may wait for traces, and the salesperson looks for the cause."""
    for part in _parts(tx, push.company, push.number):
        if part.subscribed:
            part.subscribed = False
            _notice(
                tx, _seller(part.order), "快递100 停止跟踪", "这个运单收不到轨迹了。请核对运单号，或问一下快递公司。", part, push.aborted
            )


def _parts(tx: Transaction, company: str, number: str) -> list[Fulfilment]:
    """What a waybill carries, the orders held for this transaction."""
    wanted = (Fulfilment.waybill == number, Fulfilment.carrier_code == company)
    orders = lock_orders(tx, tx.session.scalars(select(Fulfilment.order_id).where(*wanted)))
    return [part for order in orders for part in order.fulfilments if part.waybill == number and part.carrier_code == company]
