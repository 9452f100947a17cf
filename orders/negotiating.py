"""Agreeing on a date 交期: sales and who answers for the goods, one offers and the other accepts; every word is kept for good.

As long as `Order.date_open`, a negotiation holds the order. It is what was said since the desk opened it last.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from orders import onward
from orders.calendar import calendar_of
from orders.checking import check_day
from orders.locking import lock_orders
from orders.negotiation_view import ACCEPT, DAY, OPEN, OVER, PARTS, can_split, card_data, current, offers_of, pending, tell_sides
from orders.parts import moved_shares
from orders.progress import tell_agreed
from orders.promise_reasons import reasons, who_answers
from orders.promising import look_at, ship_by
from orders.refusals import Refused
from orders.reserving import missing
from orders.sides import DESK, PRODUCTION, SALES, Sides, sides_of
from orders.words import plain
from store.events import Fact, record
from store.models import OPEN_STAGES, Offer, Order, Role, Staff
from store.transaction import Transaction


def negotiation(tx: Transaction, order: Order, by: Staff) -> dict[str, Any]:
    """The data of the card `negotiation` as this person may see it, with why no earlier day can be promised at this moment."""
    said = current(offers_of(tx, order))
    why = reasons(tx, look_at(tx, [order])[order.id].values())
    sides = sides_of(tx, order, said[0].asks if said else None)
    return card_data(tx, order, said, why, may=sides.may_accept(by, pending(said)))


def to_agree(tx: Transaction, person: Staff, most: int) -> list[Order]:
    """The orders whose date waits for this person's word, the oldest first; not those where the other side has to answer theirs."""
    negotiated = Order.id.in_(select(Offer.order_id))
    query = select(Order).where(Order.date_open, Order.stage.in_(OPEN_STAGES), negotiated).order_by(Order.id)
    orders = tx.session.scalars(query).all()
    offers = _offers_of_all(tx, orders)
    return [order for order in orders if _is_awaited(person, order, current(offers[order.id]))][:most]


def _is_awaited(person: Staff, order: Order, said: list[Offer]) -> bool:
    offered, asks = pending(said), said[0].asks
    own = {SALES: order.salesperson_id == person.id, PRODUCTION: asks is not None and person.has(Role(asks))}
    return any(speaks and (offered is None or side != offered.side) for side, speaks in own.items())


def follow(tx: Transaction, orders: Collection[Order]) -> None:
    """Opens, renews or ends the negotiations of orders whose promise was worked out; call it after `set_promise`.

    The orders must be locked or new, and flushed.
    """
    known = _offers_of_all(tx, orders)
    ways = look_at(tx, [order for order in orders if order.date_open])
    for order in orders:
        offers = known.get(order.id, [])
        is_running = _is_running(offers)
        if order.date_open and not (is_running and _is_of_now(current(offers)[0], order)):
            own = list(ways[order.id].values())
            asks, why = who_answers(tx, own), reasons(tx, own)
            _say(tx, order, offers, Offer(side=DESK, kind=OPEN, day=order.promisable_date, asks=asks, reasons=why))
        elif is_running and not order.date_open:
            record(tx, Fact.PROMISE_SETTLED, by=None, order=order, data={"promised_date": str(order.promised_date)})
            _say(tx, order, offers, Offer(side=DESK, kind=OVER, day=order.promised_date))


def end_cancelled(tx: Transaction, order: Order) -> None:
    """Ends the negotiation that still runs of an order that has just been cancelled, on both sides' cards too."""
    offers = offers_of(tx, order)
    if _is_running(offers):
        _say(tx, order, offers, Offer(side=DESK, kind=OVER))


def offer_day(tx: Transaction, order: Order, day: date, by: Staff, seen: int | None = None) -> Order:
    """Offers a date; a day that the other side has offered is accepted by it. `seen` is the last word that the person saw."""
    table = _sit_down(tx, order, by, seen)
    check_day(tx, day)
    earliest = calendar_of(tx.settings).next_working_day(tx.today) + timedelta(days=tx.settings.trade.transit_days)
    if day < earliest:
        raise Refused("before_earliest", date=str(day), earliest=str(earliest))
    offered = table.offered
    if offered and offered.kind == DAY and offered.day == day and offered.side != table.side:
        return table.agree(offered)
    return table.offer(DAY, day)


def offer_parts(tx: Transaction, order: Order, by: Staff, seen: int | None = None) -> Order:
    """Offers to send what is there now, and the rest on the day on which it can be there (分批)."""
    table = _sit_down(tx, order, by, seen)
    if not can_split(table.order):
        raise Refused("nothing_to_split", order_no=order.no)
    return table.offer(PARTS, table.order.promisable_date)


def accept(tx: Transaction, order: Order, by: Staff, seen: int | None = None) -> Order:
    """Accepts what the other side has offered; while nothing is offered, the day that can be promised, as an offer to them."""
    table = _sit_down(tx, order, by, seen)
    offered = table.offered
    if offered is None:
        return table.offer(DAY, table.order.promisable_date)
    if offered.staff_id == by.id or offered.side == table.side:
        raise Refused("own_offer", order_no=order.no, by=offered.staff.name if offered.staff else "", day=str(offered.day))
    return table.agree(offered)


@dataclass(frozen=True)
class _Table:
    """Where an order's date is negotiated: the order held for this transaction, all that was said, and who speaks for which side."""

    tx: Transaction
    order: Order
    offers: list[Offer]
    sides: Sides
    by: Staff
    side: str

    @property
    def offered(self) -> Offer | None:
        return pending(current(self.offers))

    def offer(self, kind: str, day: date | None) -> Order:
        """Offers something; where nobody else could answer, it is agreed with that."""
        parts = _parts(self.order, kind, day)
        offer = self._say(kind, day, parts)
        data = {"offer": offer.id, "kind": kind, "day": str(day), "side": self.side}
        record(self.tx, Fact.PROMISE_OFFERED, by=self.by, order=self.order, data=data)
        return self.agree(offer) if self.sides.is_alone(self.by) else self.order

    def agree(self, offered: Offer) -> Order:
        """Both sides want the same: the date is promised, and the order goes on as far as nothing else holds it."""
        order, day = self.order, offered.day
        order.date_open = False
        order.agreed_date, order.agreed_against = day, order.promisable_date
        if day:
            order.promised_date, order.promised_ship_at = day, ship_by(self.tx, day)
        _divide(self.tx, order, offered.kind)
        record(self.tx, Fact.PROMISE_AGREED, by=self.by, order=order, data={"offer": offered.id, "day": str(day), "parts": offered.parts})
        self._say(ACCEPT, day, offered.parts, offered)
        onward.go_on(self.tx, order)
        tell_agreed(self.tx, order)
        return order

    def _say(self, kind: str, day: date | None, parts: list[dict[str, Any]], answers: Offer | None = None) -> Offer:
        word = Offer(staff=self.by, side=self.side, kind=kind, day=day, parts=parts, answers_id=answers.id if answers else None)
        return _say(self.tx, self.order, self.offers, word)


def _sit_down(tx: Transaction, order: Order, by: Staff, seen: int | None) -> _Table:
    """Refuses where nothing is to be agreed on, who has no say in it, and an answer to what is not the last word."""
    order = lock_orders(tx, [order.id])[0]
    if order.stage not in OPEN_STAGES:
        raise Refused("date_of_gone", order_no=order.no)
    if not order.date_open:
        raise Refused("date_settled", order_no=order.no, day=str(order.promised_date or ""))
    offers = offers_of(tx, order)
    said = current(offers)
    sides = sides_of(tx, order, said[0].asks)
    side = sides.side_of(by, pending(said))
    if seen is not None and seen != said[-1].id and not _is_same_wish(said, seen):
        raise Refused("offer_overtaken", order_no=order.no, day=str(said[-1].day or ""))
    return _Table(tx, order, offers, sides, by, side)


def _is_same_wish(said: list[Offer], seen: int) -> bool:
    """Whether what was said since only offers the day that the person saw: both sides press 接受 on the card that opens it."""
    return len(said) == 2 and said[0].id == seen and said[1].kind == DAY and said[1].day == said[0].day


def _is_running(offers: list[Offer]) -> bool:
    return bool(offers) and offers[-1].kind not in (ACCEPT, OVER)


def _is_of_now(opened: Offer, order: Order) -> bool:
    return opened.version == order.version and opened.day == order.promisable_date


def _say(tx: Transaction, order: Order, offers: list[Offer], word: Offer) -> Offer:
    """Writes a word of the negotiation, and shows both sides where it is now."""
    word.order_id, word.version, word.at = order.id, order.version, tx.now
    tx.session.add(word)
    tx.session.flush()
    offers.append(word)
    tell_sides(tx, order, offers, sides_of(tx, order, current(offers)[0].asks), word.staff)
    return word


def _parts(order: Order, kind: str, day: date | None) -> list[dict[str, Any]]:
    """What of each line is there, and what comes later; of a line that has parts of its own, what becomes of them."""
    return [
        {
            "product": line.product.name,
            "unit": line.product.unit,
            "now": plain(line.quantity - missing(line)),
            "later": plain(missing(line)),
            "splits": moved_shares(line, missing(line), day, cut=kind == PARTS) if line.splits and day else [],
        }
        for line in order.lines
        if kind == PARTS or line.splits
    ]


def _divide(tx: Transaction, order: Order, kind: str) -> None:
    """Writes on the lines what leaves when, now that the day is agreed on. Days that a line has of its own stay for what is there."""
    first = calendar_of(tx.settings).next_working_day(tx.today) + timedelta(days=tx.settings.trade.transit_days)
    for line in order.lines:
        lack = missing(line)
        if line.splits and order.promised_date:
            line.splits = moved_shares(line, lack, order.promised_date, cut=kind == PARTS)
        elif kind == PARTS:
            now = {"quantity": plain(line.quantity - lack), "date": str(first)}
            later = {"quantity": plain(lack), "date": str(order.promised_date)}
            line.splits = [part for part in (now, later) if part["quantity"] != "0"]


def _offers_of_all(tx: Transaction, orders: Collection[Order]) -> dict[int, list[Offer]]:
    found: dict[int, list[Offer]] = {}
    query = select(Offer).where(Offer.order_id.in_([order.id for order in orders])).order_by(Offer.id)
    for offer in tx.session.scalars(query):
        found.setdefault(offer.order_id, []).append(offer)
    return found
