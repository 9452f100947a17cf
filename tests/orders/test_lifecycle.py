from itertools import product

import pytest

from orders import lifecycle
from orders.refusals import Refused
from store.models import Order, Role, Staff, Stage
from tests.orders.trade import Trade, same


def advance(trade: Trade, order: Order, source: Stage, target: Stage, by: Staff | None) -> None:
    """Tries one move of an order that stands at `source`; what is refused is rolled back."""
    with trade.store.transaction() as tx:
        moved = same(tx, order)
        moved.stage = source
        lifecycle.advance(tx, moved, target, by)


def test_only_the_moves_of_the_table_are_made_and_each_writes_its_event(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 1))
    table = {(move.source, move.target): move for move in lifecycle.MOVES}
    for source, target in product(Stage, Stage):
        events = trade.kinds(order)
        move = table.get((source, target))
        if move and move.holds(order):
            who = move.who
            advance(trade, order, source, target, None if lifecycle.DESK in who else trade.firm.admin)
            assert trade.kinds(order) == [*events, move.fact]
        else:
            with trade.refuses("not_now", order_no=order.no):
                advance(trade, order, source, target, trade.firm.admin)


def test_a_short_order_is_neither_allocated_nor_picked(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8001))
    with trade.refuses("not_now", on_hold="缺货：M12×80镀锌螺栓 缺 1 支", deed="配货"):
        advance(trade, order, Stage.APPROVED, Stage.ALLOCATED, None)
    with trade.refuses("not_now", deed="出库"):
        advance(trade, order, Stage.ALLOCATED, Stage.PICKED, trade.firm.wugang)


def may_reach(stage: Stage, person: Staff) -> bool:
    try:
        lifecycle.may_reach(stage, person)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("role", Role)
def test_people_make_only_the_moves_of_their_roles(role: Role) -> None:
    person = Staff(name="某人", roles=[role])
    allowed = [stage for stage in (Stage.PLACED, Stage.PICKED, Stage.SHIPPED, Stage.SIGNED) if may_reach(stage, person)]
    packing, selling = [Stage.PICKED, Stage.SHIPPED], [Stage.PLACED, Stage.SIGNED]
    expected = {
        Role.SALES: selling,
        Role.SALES_MANAGER: selling,
        Role.WAREHOUSE: [*packing, Stage.SIGNED],
        Role.SERVICE: [Stage.SIGNED],
        Role.ADMIN: [Stage.PLACED, *packing, Stage.SIGNED],
    }
    assert allowed == expected.get(role, [])
