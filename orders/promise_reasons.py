"""Why a day can be promised and no earlier one, in words: which material, which purchase order, which work centre, which day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select

from orders.calendar import calendar_of
from orders.materials import How, Way
from orders.words import plain
from store.models import Product, Role
from store.transaction import Transaction

_MOST_PARTS = 6
"""Components that are told of at each level: those that are there last."""


@dataclass(frozen=True)
class _Names:
    """Names, units and lead times of the products that are spoken of."""

    products: dict[int, Product]
    usual_days: int

    def lack(self, way: Way) -> str:
        product = self.products[way.product_id]
        return f"{product.name} 缺 {plain(way.missing)} {product.unit}"

    def lead_days(self, way: Way) -> int:
        days = self.products[way.product_id].lead_days
        return self.usual_days if days is None else days


def reasons(tx: Transaction, ways: Iterable[Way]) -> list[dict[str, Any]]:
    """What the day of each need hangs on, one entry a material, components below what they are made into; plain JSON values.

    `decides` marks what the last of the days hangs on, down to the material that is there last.
    """
    lacking = [way for way in ways if way.missing]
    if not lacking:
        return []
    found = tx.session.scalars(select(Product).where(Product.id.in_({part.product_id for way in lacking for part in way.all()})))
    names = _Names({product.id: product for product in found}, tx.settings.trade.default_lead_days)
    last = deciding(tx, lacking)
    return [entry for way in lacking for entry in _entries(way, names, 0, decides=way is last)]


def deciding(tx: Transaction, ways: Sequence[Way]) -> Way:
    """The need that can leave last."""
    calendar = calendar_of(tx.settings)
    return max(ways, key=lambda way: way.leaves(calendar))


def who_answers(tx: Transaction, ways: Iterable[Way]) -> Role:
    """Who answers for the goods that the day hangs on: production for what is made, purchasing for what is bought."""
    lacking = [way for way in ways if way.missing]
    return Role.PURCHASING if lacking and deciding(tx, lacking).how is not How.MADE else Role.PRODUCTION


def _entries(way: Way, names: _Names, level: int, *, decides: bool) -> Iterator[dict[str, Any]]:
    slots = way.load.slots if way.load else ()
    product = names.products[way.product_id]
    yield {
        "level": level,
        "product": product.name,
        "missing": plain(way.missing),
        "unit": product.unit,
        "how": way.how.value,
        "day": str(way.there),
        "number": way.number,
        "ready_on": str(way.ready or ""),
        "work_center": way.work_center or "",
        "slots": [{"day": str(day), "quantity": plain(quantity)} for day, quantity in slots],
        "decides": decides,
        "text": names.lack(way) + _told(way, names),
    }
    last = way.deciding
    lacking = sorted((part for part in way.parts if part.missing), key=lambda part: part.there, reverse=True)
    for part in lacking[:_MOST_PARTS]:
        entries = _entries(part, names, level + 1, decides=decides and part is last)
        # only what is there last is told of down to its materials
        yield from entries if part is last else islice(entries, 1)


def _told(way: Way, names: _Names) -> str:
    if way.how is How.INBOUND:
        return f"：采购单 {way.number or '在途'} {_day(way.there)}到货"
    if way.how is How.LEAD:
        return f"：在途不够，按补货 {names.lead_days(way)} 天，{_day(way.there)}到"
    ready = f"：自制，{_day(way.ready or way.there)}齐套"
    center = way.work_center or "没有写工作中心"
    if way.load is None:
        return f"{ready}，{center}没有产能数据，按当天做完算"
    span = f"{_day(way.load.slots[0][0])}至{_day(way.load.slots[-1][0])}" if way.load.slots else ""
    if way.booked:
        return f"：{center}已排产 {span}"
    if way.load.beyond:
        return f"{ready}，{center}已知的产能排不下，按 {names.lead_days(way)} 天算，{_day(way.there)}完工"
    return f"{ready}，{center}产能排到 {span}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
