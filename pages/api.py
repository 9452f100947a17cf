"""`/api`: orders as JSON for other programs, behind one bearer token."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Select, select

from orders.view import order_data, orders_data
from pages.reader import Reader
from pages.schema import openapi
from store.models import Customer, Order, Staff, Stage
from store.settings import Settings
from store.transaction import Transaction

_USUAL_LIMIT, _MOST = 50, 200
_LARGEST_ID = 2**31 - 1


class Api:
    """The handlers of `/api/…`."""

    def __init__(self, settings: Settings, reader: Reader) -> None:
        self._token = settings.api_token.get_secret_value()
        self._zone = settings.zone
        self._reader = reader

    async def orders(self, request: web.Request) -> web.Response:
        """A page of orders, newest first."""
        self._check_token(request)
        wish = read_wish(request.query, self._zone)
        return web.json_response(await self._reader.read(lambda tx: _page(tx, wish)))

    async def order(self, request: web.Request) -> web.Response:
        """One order by its full number."""
        self._check_token(request)
        found = await self._reader.read(lambda tx: _one(tx, request.match_info["no"]))
        return web.json_response(found) if found else web.json_response({"error": "no such order"}, status=404)

    async def description(self, request: web.Request) -> web.Response:
        """The OpenAPI description."""
        self._check_token(request)
        return web.json_response(openapi())

    def _check_token(self, request: web.Request) -> None:
        if not self._token:
            _refuse(web.HTTPForbidden, "GENDAN_API_TOKEN is not set, so /api is closed")
        given = request.headers.get("Authorization", "").encode(errors="replace")
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            _refuse(web.HTTPUnauthorized, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})


@dataclass(frozen=True)
class Wish:
    """Which orders are asked for."""

    customer: str = ""
    stage: str = ""
    salesperson: str = ""
    since: datetime | None = None
    limit: int = _USUAL_LIMIT
    before: int | None = None


def read_wish(query: Mapping[str, str], zone: ZoneInfo) -> Wish:
    """The filters of a query; raises HTTPBadRequest for what is none."""
    unknown = set(query) - {"customer", "stage", "salesperson", "since", "limit", "cursor"}
    if unknown:
        _refuse(web.HTTPBadRequest, f"unknown parameters: {', '.join(sorted(unknown))}")
    if not all(value.isprintable() for value in query.values()):
        _refuse(web.HTTPBadRequest, "a parameter holds unprintable characters")
    if query.get("stage") and query["stage"] not in list(Stage):
        _refuse(web.HTTPBadRequest, f"stage is one of {', '.join(Stage)}")
    return Wish(
        customer=query.get("customer", ""),
        stage=query.get("stage", ""),
        salesperson=query.get("salesperson", ""),
        since=_moment(query["since"], zone) if query.get("since") else None,
        limit=_number("limit", query["limit"], _MOST) if query.get("limit") else _USUAL_LIMIT,
        before=_number("cursor", query["cursor"], _LARGEST_ID) if query.get("cursor") else None,
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        _refuse(web.HTTPBadRequest, "since is YYYY-MM-DD or ISO 8601 with offset")


def _number(name: str, text: str, largest: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest):
        _refuse(web.HTTPBadRequest, f"{name} is a number from 1 to {largest}" if name == "limit" else f"{name} is not one of ours")
    return int(text)


def _page(tx: Transaction, wish: Wish) -> dict[str, Any]:
    found = tx.session.scalars(_query(wish).limit(wish.limit + 1)).all()
    shown = found[: wish.limit]
    more = len(found) > len(shown)
    return {"orders": orders_data(tx, shown), "next": str(shown[-1].id) if more else None}


def _query(wish: Wish) -> Select[Order]:
    query = select(Order).order_by(Order.id.desc())
    if wish.customer:
        query = query.join(Order.customer).where((Customer.code == wish.customer) | (Customer.name == wish.customer))
    if wish.salesperson:
        query = query.join(Order.salesperson).where(Staff.name == wish.salesperson)
    if wish.stage:
        query = query.where(Order.stage == wish.stage)
    if wish.since:
        query = query.where(Order.created_at >= wish.since)
    if wish.before:
        query = query.where(Order.id < wish.before)
    return query


def _one(tx: Transaction, no: str) -> dict[str, Any] | None:
    if not no.isprintable():
        return None
    order = tx.session.scalar(select(Order).where(Order.no.in_((no, no.upper()))))
    return order_data(tx, order) if order else None


def _refuse(error: type[web.HTTPException], reason: str, headers: dict[str, str] | None = None) -> NoReturn:
    raise error(text=web.json_response({"error": reason}).text, content_type="application/json", headers=headers)
