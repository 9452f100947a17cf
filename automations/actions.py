"""What a rule does when it fires and when it is over: cards for those whom it names, or a restock task."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import select

from automations.rules import Notice, Restock, Rule
from orders.links import staff_link
from orders.restock import ProductNeed, alert_over, restock
from orders.words import moment
from store.models import Fulfilment, Order, OrderLine, Product, Role, Stage, TraceEvent
from store.outbox import Urgency, tell, to_group, to_role, to_staff
from store.transaction import Transaction


@dataclass(frozen=True)
class Firing:
    """A subject for which a rule has begun to hold, with the rule's figures."""

    episode_id: int
    subject_id: int
    figures: dict[str, Decimal]


def fire(tx: Transaction, rule: Rule, order: Order, firings: Sequence[Firing]) -> None:
    """Does what the rule says for its new firings of one order."""
    if isinstance(rule.fires, Notice):
        for firing in firings:
            hours = {name: int(value.to_integral_value(ROUND_FLOOR)) for name, value in firing.figures.items()}
            data = _facts(tx, rule, order, firing.subject_id) | hours
            _notify(tx, rule.fires, order, data, f"{rule.name}:{firing.episode_id}:{int(tx.now.timestamp())}")
    else:
        restock(tx, _needs(order, firings), urgent=True)


def _needs(order: Order, firings: Sequence[Firing]) -> list[ProductNeed]:
    """What an order's lines miss; two lines of one product look at the same stock, so they do not add up."""
    lines = {line.id: line for line in order.lines}
    missing: dict[Product, Decimal] = {}
    for firing in firings:
        product = lines[firing.subject_id].product
        missing[product] = max(firing.figures["missing"], missing.get(product, Decimal(0)))
    return [(product, quantity, order) for product, quantity in missing.items()]


def over(tx: Transaction, rule: Rule, order: Order, episode_id: int, subject_id: int) -> None:
    """Tells that an episode has ended."""
    if isinstance(rule.fires, Restock):
        alert_over(tx, tx.session.get_one(OrderLine, subject_id).product, order)
    _notify(tx, rule.ends, order, _facts(tx, rule, order, subject_id), f"{rule.name}:{episode_id}:over")


def _notify(tx: Transaction, notice: Notice, order: Order, data: dict[str, Any], key: str) -> None:
    for name in notice.to:
        if audience := _audience(name, order):
            tell(tx, audience, notice.card, data, key=f"{key}:{audience}", urgency=Urgency.ALERT, order=order)


def _audience(name: str, order: Order) -> str | None:
    kind, _, who = name.partition(":")
    match kind:
        case "role":
            return to_role(Role(who))
        case "group":
            return to_group(who)
    return to_staff(order.salesperson) if order.salesperson else None


def _facts(tx: Transaction, rule: Rule, order: Order, subject_id: int) -> dict[str, Any]:
    """What the cards of a rule may say of its subject, as plain JSON values."""
    common = {"order_no": order.no, "customer": order.customer.name, "url": staff_link(tx, order)}
    if rule.about == "order_line":
        return common | {"product": tx.session.get_one(OrderLine, subject_id).product.name}
    return common | _parcel(tx, tx.session.get_one(Fulfilment, subject_id))


def _parcel(tx: Transaction, fulfilment: Fulfilment) -> dict[str, Any]:
    newest = select(TraceEvent.text).where(TraceEvent.fulfilment_id == fulfilment.id).order_by(TraceEvent.at.desc(), TraceEvent.id.desc())
    last_text = tx.session.scalar(newest.limit(1)) or ""
    return {
        "carrier": fulfilment.carrier or "",
        "waybill": fulfilment.waybill or "",
        "last_trace_at": moment(fulfilment.last_trace_at, tx.zone),
        "last_text": last_text,
        "text": last_text if fulfilment.stage == Stage.SHIPPED else "客户已签收",
    }
