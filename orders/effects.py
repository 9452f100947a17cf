"""The effects of a change before it is saved: what moves, what it costs, when it can be there, who is asked and told again.

The preview and the commit work them out by the same function; nothing is written here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orders import approval
from orders.calendar import calendar_of
from orders.changes import AnyChange, Plan
from orders.checking import check_day
from orders.content import DELIVERY, Content, Difference, Goods
from orders.promise import promisable_date, promised_date
from orders.promising import departures, look_ahead
from orders.rebooking import Shift, work_out
from orders.refusals import Refused
from orders.reserving import missing_lines
from orders.standing import content_of, goods_of
from store.models import OPEN_STAGES, Fulfilment, Order, Stage
from store.transaction import Transaction

GOODS = frozenset({"quantity", "product"})
_OF_RECEIVER = frozenset({"address", "contact", "phone"})
_CANCELLED = Difference("product", "订单", "有效", "取消")


@dataclass(frozen=True)
class Effects:
    """What a change of an order comes to; of a cancellation `after` has no lines."""

    order: Order
    before: Content
    after: Content
    differences: list[Difference]
    shifts: list[Shift]
    promisable: date | None
    promised: date | None
    reopened: list[str]
    """The approval steps that have to be passed again."""
    rest_only: bool = False
    """True where parcels that are on their way are to go on as they are."""

    @property
    def touched(self) -> set[str]:
        return {difference.kind for difference in self.differences}

    @property
    def is_cancellation(self) -> bool:
        return not self.after.items

    @property
    def moves_goods(self) -> bool:
        return any(shift.is_moved for shift in self.shifts)

    @property
    def is_delivery_only(self) -> bool:
        """True when a picked parcel can stay as it is packed, and only its label changes."""
        return self.touched <= DELIVERY and not self.reopened

    @property
    def lacks(self) -> dict[int, Decimal]:
        """What the order will wait for, by product."""
        return summed((shift.item.goods.id, shift.missing) for shift in self.shifts if shift.item and shift.missing)

    @property
    def gap(self) -> Decimal:
        """What the order costs more than before."""
        return self.after.total - self.before.total

    @property
    def unbooks(self) -> bool:
        """True where the days and materials that the order was scheduled for become free."""
        return self.order.stage == Stage.SCHEDULED and self.order.short and (self.moves_goods or not self.is_delivery_only)

    @property
    def is_of_rest(self) -> bool:
        """True where some has left, and goes on as it is."""
        return self.before.is_begun and not any(part.stage == Stage.SHIPPED for part in self.out)

    @property
    def out(self) -> list[Fulfilment]:
        """What somebody has to get hold of before the change counts: picked goods, and parcels that are to go elsewhere.

        Of an order that has left in part only an address or a receiver concerns what is on its way.
        """
        reroutes = self.order.stage not in OPEN_STAGES or (self.touched & _OF_RECEIVER and not self.rest_only)
        return self.parts(Stage.PICKED, Stage.SHIPPED) if reroutes else self.parts(Stage.PICKED)

    def parts(self, *stages: Stage) -> list[Fulfilment]:
        """The warehouses' parts that stand at one of the stages."""
        return [part for part in self.order.fulfilments if part.stage in stages]


def effects_of(tx: Transaction, order: Order, changes: Sequence[AnyChange], *, is_checked: bool = False) -> Effects:
    """What these changes of an order come to; refuses what the order does not allow.

    `is_checked`: the day that is wanted was near enough when they were asked for.
    """
    before = content_of(order)
    plan = Plan(before, named_goods(tx, changes))
    plan.queue(*changes)
    differences = plan.differences()
    if not is_checked:
        _check_date(tx, before, plan.after)
    shifts = work_out(tx, order, plan.after.items)
    promisable, promised = _promise(tx, order, plan.after, shifts)
    reopened = approval.would_reopen(tx, order, {difference.kind for difference in differences}, plan.after)
    rest_only = any(getattr(change, "rest", None) for change in changes)
    return Effects(order, before, plan.after, differences, shifts, promisable, promised, reopened, rest_only)


def effects_of_cancelling(tx: Transaction, order: Order) -> Effects:
    """What cancelling an order comes to: all that it holds is freed."""
    before = content_of(order)
    shifts = work_out(tx, order, ())
    return Effects(order, before, Content(()), [_CANCELLED], shifts, None, None, [])


def named_goods(tx: Transaction, changes: Iterable[AnyChange]) -> dict[int, Goods]:
    """The products that changes name."""
    named = {getattr(change, name, None) for change in changes for name in ("product", "to")}
    return goods_of(tx, {product for product in named if product is not None})


def lacks_of(order: Order) -> dict[int, Decimal]:
    """What the order waits for as it stands, by product."""
    return summed((line.product_id, lack) for line, lack in missing_lines(order)) if order.short else {}


def summed(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    """Quantities by product, added up."""
    found: dict[int, Decimal] = {}
    for product, quantity in pairs:
        found[product] = found.get(product, Decimal(0)) + quantity
    return found


def _check_date(tx: Transaction, before: Content, after: Content) -> None:
    """A day that is brought forward has to leave time enough; one that is put off need not."""
    wanted = after.wanted_date
    if wanted is None or wanted == before.wanted_date:
        return
    check_day(tx, wanted)
    days = tx.settings.trade.earliest_working_days
    earliest = tx.today if after.urgent else calendar_of(tx.settings).add_working_days(tx.today, days)
    if wanted < earliest and (before.wanted_date is None or wanted < before.wanted_date):
        raise Refused("short_of_time", wanted=str(wanted), earliest=str(earliest), days=days)


def _promise(tx: Transaction, order: Order, after: Content, shifts: Sequence[Shift]) -> tuple[date | None, date | None]:
    """The promisable and the promised date afterwards; what goods need not move for stays promised."""
    promisable = order.promisable_date
    if any(shift.missing for shift in shifts) or any(shift.taken for shift in shifts) or order.short:
        lacks = [(shift.item.goods.id, shift.missing) for shift in shifts if shift.item and shift.missing]
        ways = look_ahead(tx, lacks, urgent=after.urgent, place_of=order, taken=_net(shifts))
        promisable = promisable_date(departures(tx, ways), tx.settings.trade.transit_days)
    if promisable == order.promisable_date and after.wanted_date == order.wanted_date:
        return promisable, order.promised_date
    return promisable, promised_date(after.wanted_date, promisable) if promisable else order.promised_date


def _net(shifts: Sequence[Shift]) -> dict[int, Decimal]:
    """What the order takes out of stock beside what it has, by product."""
    moved = [(batch.product_id, quantity) for shift in shifts for batch, quantity in shift.taken]
    moved += [(freed.batch.product_id, -quantity) for shift in shifts for freed, quantity in shift.freed]
    return {product: quantity for product, quantity in summed(moved).items() if quantity > 0}
