"""The life of an order 已下单 → … → 已签收: one table of the moves that are allowed (design: trade.md).

Until it is allocated an order moves as a whole. From then on each fulfilment moves by the same table, and the order
stands where the least advanced of them stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orders.people import require
from orders.refusals import Refused
from orders.reserving import in_parts, to_be_made
from orders.steps import is_settled
from orders.words import stage_name
from store.events import Fact, record
from store.models import Fulfilment, Order, Role, Staff, Stage
from store.transaction import Transaction

DESK = None
"""The desk itself moves it: because goods came or a carrier said so, not because a person asked."""


def _may_allocate(order: Order) -> bool:
    """All of it is there, or what is not has only to be made."""
    return (not order.short or to_be_made(order)) and is_settled(order)


def _may_leave(order: Order) -> bool:
    """All of it is there, or it was agreed that what is there leaves first."""
    return (not order.short or in_parts(order)) and is_settled(order)


def _is_fetched(order: Order) -> bool:
    """The customer fetches it (自提): it leaves with no carrier."""
    return order.pickup and is_settled(order)


def _anything(_order: Order) -> bool:
    return True


@dataclass(frozen=True)
class Move:
    """One allowed step: from `source` (None: from nothing) to `target`, by whom, and what must hold of the order."""

    source: Stage | None
    target: Stage
    deed: str
    """What a person does to make it, in Chinese."""
    fact: Fact
    who: frozenset[Role | None]
    holds: Callable[[Order], bool] = _anything


_SELLERS = frozenset({Role.SALES, Role.SALES_MANAGER, Role.ADMIN})
_PACKERS = frozenset({Role.WAREHOUSE, Role.ADMIN})
_MAKERS = frozenset({Role.PRODUCTION, Role.ADMIN})
_WITNESSES = _SELLERS | _PACKERS | {Role.SERVICE, DESK}
_BY_DESK = frozenset({DESK})
_BEFORE_PICKING = (Stage.PLACED, Stage.APPROVED, Stage.ALLOCATED, Stage.SCHEDULED)

MOVES = (
    Move(None, Stage.PLACED, "下单", Fact.ORDER_PLACED, _SELLERS),
    Move(Stage.PLACED, Stage.APPROVED, "审核", Fact.ORDER_APPROVED, _BY_DESK),
    Move(Stage.APPROVED, Stage.ALLOCATED, "配货", Fact.ORDER_ALLOCATED, _BY_DESK, _may_allocate),
    # an amendment touched what somebody has signed
    Move(Stage.APPROVED, Stage.PLACED, "退回审核", Fact.ORDER_REOPENED, _BY_DESK),
    Move(Stage.ALLOCATED, Stage.PLACED, "退回审核", Fact.ORDER_REOPENED, _BY_DESK),
    # a count found less than was reserved: the order waits again
    Move(Stage.ALLOCATED, Stage.APPROVED, "退回配货", Fact.ORDER_SHORT, _BY_DESK),
    Move(Stage.ALLOCATED, Stage.SCHEDULED, "排产", Fact.ORDER_SCHEDULED, _MAKERS, to_be_made),
    Move(Stage.SCHEDULED, Stage.APPROVED, "退回配货", Fact.ORDER_SHORT, _BY_DESK),
    Move(Stage.SCHEDULED, Stage.PLACED, "退回审核", Fact.ORDER_REOPENED, _BY_DESK),
    Move(Stage.ALLOCATED, Stage.PICKED, "出库", Fact.ORDER_PICKED, _PACKERS, _may_leave),
    # a change that was asked for after picking: the goods are caught before they leave and go back on the shelf
    Move(Stage.PICKED, Stage.ALLOCATED, "拦截", Fact.ORDER_INTERCEPTED, _PACKERS),
    Move(Stage.PICKED, Stage.SHIPPED, "发货", Fact.ORDER_SHIPPED, _PACKERS, is_settled),
    Move(Stage.SHIPPED, Stage.SIGNED, "签收", Fact.ORDER_SIGNED, _WITNESSES),
    Move(Stage.PICKED, Stage.SIGNED, "签收", Fact.ORDER_SIGNED, _WITNESSES - _BY_DESK, _is_fetched),
    *(Move(stage, Stage.CANCELLED, "取消", Fact.ORDER_CANCELLED, _SELLERS) for stage in _BEFORE_PICKING),
)
_TABLE = {(move.source, move.target): move for move in MOVES}
_RANK = {stage: rank for rank, stage in enumerate(Stage)}


def may_reach(target: Stage, by: Staff) -> None:
    """Refuses who may never move anything to `target`, whatever it is."""
    _check_person(next(move for move in MOVES if move.target is target), by)


def advance(tx: Transaction, order: Order, target: Stage, by: Staff | None, data: dict[str, Any] | None = None) -> None:
    """Moves a whole order and writes the event; refuses a move that is not in the table."""
    move = _allowed(order, Stage(order.stage), target, by)
    order.stage = target
    record(tx, move.fact, by=by, order=order, data=data)


def advance_part(tx: Transaction, part: Fulfilment, target: Stage, by: Staff | None, data: dict[str, Any] | None = None) -> None:
    """Moves one warehouse's part, and the order with it once every part has come that far, also what has not come yet."""
    order = part.order
    move = _allowed(order, Stage(part.stage), target, by)
    part.stage = target
    lowest = _lowest(order)
    # what was made stays scheduled until all of it is picked; parts know no such stage
    if not order.short and (order.stage, lowest) != (Stage.SCHEDULED, Stage.ALLOCATED):
        order.stage = lowest
    record(tx, move.fact, by=by, order=order, data={"warehouse": part.warehouse} | (data or {}))


def amend(tx: Transaction, order: Order, target: Stage, by: Staff, data: dict[str, Any]) -> None:
    """Writes that an order was amended; what was handed out of it for picking is taken back to `target`, never forward."""
    if has_passed(order.stage, target):
        order.stage = target
    record(tx, Fact.ORDER_AMENDED, by=by, order=order, data=data)


def stand_with_parts(order: Order) -> None:
    """Lets an order of which nothing is left to be handed out stand where its least advanced part stands."""
    waits = order.short or any(not held.picked for line in order.lines for held in line.reservations)
    if order.fulfilments and not waits:
        order.stage = _lowest(order)


def not_now(order: Order, source: Stage, target: Stage) -> Refused:
    """The refusal of a move that the order is not ready for."""
    deed = next((move.deed for move in MOVES if move.target is target), stage_name(target))
    return Refused("not_now", order_no=order.no, stage=stage_name(source), deed=deed, on_hold=order.on_hold or "")


def has_passed(stage: str, other: Stage) -> bool:
    """Whether `stage` is further on the way than `other`."""
    return _RANK[Stage(stage)] > _RANK[other]


def _lowest(order: Order) -> Stage:
    return min((Stage(part.stage) for part in order.fulfilments), key=_RANK.__getitem__)


def _allowed(order: Order, source: Stage, target: Stage, by: Staff | None) -> Move:
    move = _TABLE.get((source, target))
    if move is None or not move.holds(order):
        raise not_now(order, source, target)
    _check_person(move, by)
    return move


def _check_person(move: Move, by: Staff | None) -> None:
    if by is not None:
        require(by, [role for role in move.who if role], move.deed)
    elif DESK not in move.who:
        raise ValueError(f"{move.target} is moved by people only")
