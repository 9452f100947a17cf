"""Orders that wait for goods: in which order they are served, what happens when goods come, and when a promise moves."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from orders import allocation, approval, holding, lifecycle, making, negotiating, onward, restock
from orders.bills import with_materials
from orders.calendar import calendar_of
from orders.holding import held_materials
from orders.locking import lock_orders, lock_products
from orders.progress import tell_news
from orders.promising import departures, look_at, set_promise, using
from orders.reserving import choose_batches, in_parts, lacking, missing, missing_lines, reserve, stock_of, to_be_made
from orders.telling import tell_served, tell_suggestion
from orders.turns import Need, queue
from orders.words import plain
from store.events import Fact, record
from store.models import Event, Order, OrderLine, Stage
from store.transaction import Transaction

_NONE = Decimal(0)


def hold(order: Order) -> None:
    """Marks an order as waiting for goods, with what holds it in words."""
    order.short = True
    order.on_hold = onward.why_held(order)


def ask_for_goods(tx: Transaction, orders: Sequence[Order]) -> None:
    """Gives purchasing one list of what waiting orders lack, and their salespeople the dates that can be kept."""
    lacks = {order: missing_lines(order) for order in orders}
    needs = [(line.product, lack, order) for order, lines in lacks.items() for line, lack in lines]
    if materials := restock.short_materials(tx, needs):
        restock.restock(tx, materials)
    for order in orders:
        if not order.date_open:
            tell_suggestion(tx, order, lacks[order])


@dataclass
class Made:
    """So much of a product that has just come out of production; `left`: what it was made of has still to be used up."""

    product_id: int
    left: Decimal

    def take(self, quantity: Decimal) -> Decimal:
        """As much of a quantity as is left."""
        part = min(quantity, self.left)
        self.left -= part
        return part


def serve(tx: Transaction, product_ids: Iterable[int], made: Made | None = None) -> list[Order]:
    """Gives what is available of these products to the orders that wait for it; answers with those that have all now.

    The products and their materials must be locked: nobody else may reserve of them meanwhile. What is `made` uses up its
    materials: those that are held for the orders it goes to, for the rest those that nobody holds.
    """
    complete = _hand_out(tx, product_ids, made or Made(0, _NONE))
    _tell(tx, complete)
    return complete


def serve_imported(tx: Transaction, imported: Sequence[Event]) -> None:
    """Gives open orders that came from elsewhere what is there for them; what they lack they wait for as any other does.

    One that is only placed is put to approval. Their customers, who have heard of them elsewhere, are told
    nothing. Taking up the same events again changes nothing.
    """
    last_event = {event.order_id: event.hash for event in imported}
    waiting = select(OrderLine.product_id).join(OrderLine.order).where(Order.id.in_(last_event), Order.short)
    products = lock_products(tx, with_materials(tx, tx.session.scalars(waiting).all()))
    orders = lock_orders(tx, [order_id for order_id in last_event if order_id])
    fresh = [order for order in orders if order.chain == last_event[order.id]]
    placed = [order for order in fresh if order.stage == Stage.PLACED]
    for order in placed:
        approval.open_steps(tx, order)
    onward.go_on(tx, *placed)
    tx.session.flush()
    _tell(tx, [order for order in _hand_out(tx, products, Made(0, _NONE)) if order not in fresh])
    _wait_on(tx, [order for order in fresh if order.short])


def _hand_out(tx: Transaction, product_ids: Iterable[int], fresh: Made) -> list[Order]:
    products = set(product_ids)
    shelves, scheduled = stock_of(tx, products), held_materials(tx)
    # what was made with an order's materials is that order's
    turns = sorted(queue(tx, products), key=lambda need: need.line_id not in scheduled)
    turns = _within(turns, {product: sum(batch.available for batch in of) for product, of in shelves.items()})
    makers = {need.order_id for need in queue(tx, using(tx, products) - products)}
    orders = {order.id: order for order in lock_orders(tx, {turn.order_id for turn in turns} | makers)}
    freed: set[int] = set()
    for turn in turns:
        line = next(line for line in orders[turn.order_id].lines if line.id == turn.line_id)
        taken = choose_batches(turn.missing, shelves[turn.product_id], line.product.min_surplus)
        reserve(line, taken)
        if turn.line_id in scheduled:
            much = sum((quantity for _, quantity in taken), _NONE)
            freed |= _take_off(tx, line, line.product_id, much, fresh.take(much))
    complete = [order for order_id in dict.fromkeys(turn.order_id for turn in turns) if not missing_lines(order := orders[order_id])]
    for order in orders.values():
        if order not in complete:
            hold(order)
    _go_on(tx, complete)
    making.asked_no_more(tx, complete)
    in_making = [order for order in orders.values() if to_be_made(order)]
    freed |= _hold_materials(tx, in_making, products, fresh)
    if fresh.left > 0:
        freed |= holding.use_free(tx, fresh.product_id, fresh.take(fresh.left))
    _go_on_making(tx, in_making)
    restock.resolve_served(tx, products, complete)
    return [*complete, *(_hand_out(tx, freed, fresh) if freed else [])]


def _take_off(tx: Transaction, line: OrderLine, product_id: int, quantity: Decimal, made: Decimal) -> set[int]:
    """Uses up the materials of what was made, and frees those of what came otherwise; answers with the products that became free."""
    tx.session.flush()
    is_over = missing(line) <= 0
    freed = holding.take_off(tx, line, product_id, made, made=True, last=is_over and quantity == made)
    if quantity > made:
        freed |= holding.take_off(tx, line, product_id, quantity - made, made=False, last=is_over)
    return freed


def _hold_materials(tx: Transaction, orders: Collection[Order], products: Collection[int], fresh: Made) -> set[int]:
    """Holds components that have come for what is scheduled, in place of what was held to make them."""
    scheduled = [order for order in orders if order.stage == Stage.SCHEDULED]
    freed: set[int] = set()
    if not scheduled:
        return freed
    tx.session.flush()
    ways = look_at(tx, scheduled)
    for line in (line for order in scheduled for line in order.lines if line.id in ways[order.id]):
        for product_id, quantity in holding.hold(tx, line, ways[line.order_id][line.id], products).items():
            freed |= _take_off(tx, line, product_id, quantity, fresh.take(quantity))
    return freed


def _within(needs: list[Need], free: dict[int, Decimal | int]) -> list[Need]:
    """The needs, in turn, that the free stock reaches."""
    reached = []
    for need in needs:
        if free.get(need.product_id, 0) > 0:
            reached.append(need)
            free[need.product_id] -= need.missing
    return reached


def serve_again(tx: Transaction, product_ids: Collection[int], deprived: Collection[Order]) -> None:
    """Serves the queue of counted products; orders that lost reservations by the count wait in it again."""
    for order in deprived:
        hold(order)
        _send_back(tx, order)
    serve(tx, product_ids)
    short = [order for order in deprived if order.short]
    _promise_anew(tx, short)
    _follow(tx, short)
    for order in short:
        ask_for_goods(tx, [order])
    tell_news(tx, short)
    repromise(tx, set().union(*(lacking(order) for order in short)))


def _wait_on(tx: Transaction, orders: Sequence[Order]) -> None:
    """Lets imported orders that lack goods wait: whatever they were elsewhere, here they have still to be allocated."""
    for order in orders:
        hold(order)
        _send_back(tx, order)
    _promise_anew(tx, orders)
    _follow(tx, orders)
    if orders:
        ask_for_goods(tx, orders)


def _promise_anew(tx: Transaction, orders: Collection[Order]) -> list[Order]:
    """Works out when these orders can be with their customers; answers with those whose day has changed."""
    ways = look_at(tx, orders)
    changed = []
    for order in orders:
        before = order.promisable_date
        set_promise(tx, order, departures(tx, ways[order.id].values()))
        if order.promisable_date != before:
            changed.append(order)
            dates = {"promisable_date": str(order.promisable_date), "before": str(before)}
            record(tx, Fact.ORDER_PROMISED, by=None, order=order, data=dates)
    return changed


def _follow(tx: Transaction, orders: Collection[Order]) -> None:
    """Lets sales and who answers for the goods agree on dates that have slipped, and writes what holds the orders now."""
    tx.session.flush()
    negotiating.follow(tx, orders)
    for order in orders:
        order.on_hold = onward.why_held(order)


def _send_back(tx: Transaction, order: Order) -> None:
    lacks = {"missing": lack_data(missing_lines(order))}
    if in_parts(order) and order.stage in (Stage.APPROVED, Stage.ALLOCATED):
        _hand_out_anew(tx, order, lacks)
        return
    if order.stage != Stage.ALLOCATED or any(part.stage != Stage.ALLOCATED for part in order.fulfilments):
        record(tx, Fact.ORDER_SHORT, by=None, order=order, data=lacks)
        return
    allocation.take_back(tx, order)
    lifecycle.advance(tx, order, Stage.APPROVED, None, lacks)


def _hand_out_anew(tx: Transaction, order: Order, lacks: dict[str, Any]) -> None:
    """Of an order in parts those that have lost goods are taken back; the others leave as agreed."""
    allocation.take_back(tx, order)
    if order.stage == Stage.ALLOCATED:
        lifecycle.advance(tx, order, Stage.APPROVED, None, lacks)
    else:
        record(tx, Fact.ORDER_SHORT, by=None, order=order, data=lacks)
    tx.session.flush()
    onward.go_on(tx, order)


def lack_data(lacks: Iterable[tuple[OrderLine, Decimal]]) -> list[dict[str, str]]:
    """What is missing, for events."""
    return [{"product": line.product.code, "quantity": plain(lack)} for line, lack in lacks]


def _go_on(tx: Transaction, orders: Collection[Order]) -> None:
    """Hands out the orders that have all they waited for, many with few statements: goods may serve hundreds at once."""
    departure_day = calendar_of(tx.settings).next_working_day(tx.today)
    for order in orders:
        order.short = False
        set_promise(tx, order, [departure_day])
    negotiating.follow(tx, orders)
    for order in orders:
        record(tx, Fact.ORDER_SERVED, by=None, order=order, data={"promised_date": str(order.promised_date)})
    onward.go_on(tx, *orders)


def _go_on_making(tx: Transaction, orders: Collection[Order]) -> None:
    """Goods that were made in part, or materials that have come, let others wait less long, and may let production begin."""
    if orders:
        tx.session.flush()
        _promise_anew(tx, orders)
        _follow(tx, orders)
        onward.go_on(tx, *orders)
        tell_news(tx, orders, unheard=False)


def _tell(tx: Transaction, served: Collection[Order]) -> None:
    for order in served:
        tell_served(tx, order)
    tell_news(tx, served)


def repromise(tx: Transaction, product_ids: Iterable[int]) -> list[Order]:
    """Works out anew when waiting orders can be with their customers; answers with those whose date has changed.

    Called when what they count on has changed: what is on its way, or who comes before them. The products must be locked.
    The salesperson of each changed order is told the date that can be kept now, and the customer, where they heard another one.
    """
    products = with_materials(tx, set(product_ids))
    order_ids = {need.order_id for need in queue(tx, products | using(tx, products))}
    if not order_ids:
        return []
    changed = _promise_anew(tx, lock_orders(tx, order_ids))
    _follow(tx, changed)
    for order in changed:
        if not order.date_open:
            tell_suggestion(tx, order, missing_lines(order))
    tell_news(tx, changed, unheard=False)
    return changed
