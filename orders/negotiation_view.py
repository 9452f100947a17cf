"""A negotiation as people see it: the two dates, why, what was offered, and what can be answered. Written to the outbox too."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from orders.links import staff_link
from orders.promise import gap_days
from orders.sides import DESK, PRODUCTION, SIDE_NAMES, Sides, asked_name
from orders.words import moment
from store.models import Offer, Order, OutboxMessage, Role, Staff, Stage
from store.outbox import Urgency, tell, to_staff
from store.transaction import Transaction

CARD = "negotiation"
OPEN, DAY, PARTS, ACCEPT, OVER = "open", "date", "parts", "accept", "over"
"""What can be said in a negotiation."""


def offers_of(tx: Transaction, order: Order) -> list[Offer]:
    """All that was ever said about the order's date, the oldest first."""
    return list(tx.session.scalars(select(Offer).where(Offer.order_id == order.id).order_by(Offer.id)))


def current(offers: Sequence[Offer]) -> list[Offer]:
    """What was said since the desk opened the negotiation last."""
    start = max((n for n, offer in enumerate(offers) if offer.kind == OPEN), default=0)
    return list(offers[start:])


def pending(said: Sequence[Offer]) -> Offer | None:
    """The offer that waits for an answer."""
    return said[-1] if said and said[-1].kind in (DAY, PARTS) else None


def card_data(tx: Transaction, order: Order, said: Sequence[Offer], reasons: list[dict[str, Any]], *, may: bool) -> dict[str, Any]:
    """The data of the card `negotiation`; `said` is what was said in it, `reasons` why no earlier day can be promised.

    `may` is whether the person who sees it may accept what is offered.
    """
    offered = pending(said)
    opened = said[0] if said and said[0].kind == OPEN else None
    day = offered.day if offered else order.promisable_date
    gap = gap_days(order.wanted_date, order.promisable_date) if order.promisable_date else 0
    return {
        "order_no": order.no,
        "customer": order.customer.name,
        "wanted_date": str(order.wanted_date or ""),
        "promisable_date": str(order.promisable_date or ""),
        "promised_date": str(order.promised_date or ""),
        "gap_days": gap,
        "red": order.date_open,
        "open": order.date_open,
        "cancelled": order.stage == Stage.CANCELLED,
        "asked": asked_name(opened.asks) if opened else "",
        "reasons": reasons,
        "offers": [{"by": offer.staff.name if offer.staff else "", "text": _text(offer)} for offer in said if offer.kind != OPEN],
        "offered": str(day or "") if order.date_open else "",
        "in_parts": bool(offered and offered.kind == PARTS),
        "can_split": order.date_open and can_split(order) and not (offered and offered.kind == PARTS),
        "answer": f"{order.no}:{said[-1].id}" if order.date_open and said else "",
        "may": may and order.date_open,
        "url": staff_link(tx, order),
    }


def can_split(order: Order) -> bool:
    """Whether some of a waiting order is there and could leave before the rest."""
    return order.short and any(held for line in order.lines for held in line.reservations if not held.picked)


def tell_sides(tx: Transaction, order: Order, offers: Sequence[Offer], sides: Sides, by: Staff | None) -> None:
    """Shows both sides where the negotiation is, in the place of the card that they have; who spoke sees it in the answer."""
    said = current(offers)
    query = select(OutboxMessage.audience, OutboxMessage.key).where(OutboxMessage.order_id == order.id, OutboxMessage.card == CARD)
    shown = {row.audience: row.key for row in tx.session.execute(query.order_by(OutboxMessage.id))}
    for person in sides.everybody:
        if person is not by:
            data = card_data(tx, order, said, said[0].reasons, may=sides.may_accept(person, pending(said)))
            audience = to_staff(person)
            key = f"{CARD}:{order.no}:{said[-1].id}:{person.id}"
            tell(tx, audience, CARD, data, key=key, urgency=Urgency.PROGRESS, order=order, updates=shown.get(audience))


def offer_document(tx: Transaction, offer: Offer) -> dict[str, Any]:
    """One word of a negotiation, plain JSON values."""
    return {
        "id": offer.id,
        "version": offer.version,
        "at": moment(offer.at, tx.zone),
        "by": offer.staff.name if offer.staff else None,
        "side": offer.side,
        "kind": offer.kind,
        "day": str(offer.day) if offer.day else None,
        "parts": offer.parts,
        "text": _text(offer),
        "asks": offer.asks,
        "reasons": offer.reasons,
    }


def _speaks_for(person: Staff, side: str) -> str:
    """销售, 生产 or 采购: bought goods are answered for by purchasing, on the side of production."""
    buys = side == PRODUCTION and person.has(Role.PURCHASING) and not person.has(Role.PRODUCTION)
    return "采购" if buys else SIDE_NAMES[side]


def _text(offer: Offer) -> str:
    who = f"{offer.staff.name}({_speaks_for(offer.staff, offer.side)})" if offer.staff else SIDE_NAMES[DESK]
    day = _day(offer.day) if offer.day else ""
    kept = [part for part in offer.parts if part.get("splits")]
    plans = "".join(f"；{part['product']} 分批：{_plan(part)}" for part in kept)
    if offer.kind == PARTS:
        now = "、".join(f"{part['product']} {part['now']}{part['unit']}" for part in offer.parts if part not in kept)
        return f"{who}提议分批：" + (f"先发 {now}，其余 {day}到" if now else f"缺的 {day}到") + plans
    return {
        OPEN: f"{who}：最早可承诺 {day}",
        DAY: f"{who}提议 {day}{plans}",
        ACCEPT: f"{who}同意 {day}{plans}",
        OVER: f"{who}：货期赶上了，不用再商定" if offer.day else f"{who}：订单已取消，不用再商定",
    }[offer.kind]


def _plan(part: dict[str, Any]) -> str:
    """What leaves when of a line that has parts of its own: 3月10日 7000支、3月20日 3000支."""
    days = [date.fromisoformat(split["date"]) if split["date"] else None for split in part["splits"]]
    return "、".join(f"{_day(day) if day else '尽快'} {split['quantity']}{part['unit']}" for day, split in zip(days, part["splits"]))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
