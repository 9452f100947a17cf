"""A change of an order that people have signed: exactly the signatures that it touches are asked for again."""

from decimal import Decimal

import pytest

from orders.changes import SetPhone, SetQuantity
from orders.deciding import decide
from orders.steps import APPROVE
from store.models import ApprovalStep, Order, Stage
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.approvals import use_matrix


@pytest.fixture
def trade(trade: Trade) -> Trade:
    """Orders need the signatures of the matrix that ships: of an ordinary one, finance and the warehouse."""
    use_matrix(trade.store)
    return trade


def sign(trade: Trade, order: Order) -> Order:
    for person in (trade.firm.wangkuaiji, trade.firm.wugang):
        with trade.store.transaction() as tx:
            decide(tx, same(tx, order), same(tx, person), APPROVE, "wecom")
    return trade.order(order)


def states(trade: Trade, order: Order) -> list[tuple[int, str]]:
    with trade.store.reading() as tx:
        steps = tx.session.query(ApprovalStep).filter_by(order_id=order.id).order_by(ApprovalStep.id)
        return [(step.version, step.state) for step in steps]


def test_more_goods_are_signed_for_again_before_anybody_picks_them(trade: Trade) -> None:
    order = sign(trade, trade.place((trade.firm.bolt, 500)))
    assert order.stage == Stage.ALLOCATED
    effects = trade.preview(order, SetQuantity(quantity=Decimal(800)))
    assert len(effects.reopened) == 1
    trade.amend(order, SetQuantity(quantity=Decimal(800)))

    order = trade.order(order)
    assert (order.stage, order.version, order.fulfilments) == (Stage.PLACED, 2, [])
    assert states(trade, order) == [(1, "void"), (2, "open")]
    assert trade.levels(trade.firm.bolt) == (8000, 800)
    assert trade.told("pick_over")[0].updates == trade.told("pick")[0].key
    assert {message.data["why"] for message in trade.told("amended")} == {"审批人"}

    order = sign(trade, order)
    assert (order.stage, trade.told("pick")[-1].data["version"]) == (Stage.ALLOCATED, 2)
    check_books(trade.store)


def test_a_phone_number_asks_nobody_to_sign_again(trade: Trade) -> None:
    order = sign(trade, trade.place((trade.firm.bolt, 500)))
    trade.amend(order, SetPhone(value="13905718866"))
    assert (trade.order(order).stage, states(trade, order)) == (Stage.ALLOCATED, [(1, "approved")])
    check_books(trade.store)


def test_caught_goods_wait_on_the_shelf_for_the_signatures(trade: Trade) -> None:
    order = sign(trade, trade.place((trade.firm.bolt, 500)))
    trade.pick(order)
    trade.amend(order, SetQuantity(quantity=Decimal(800)))
    assert states(trade, order) == [(1, "approved")]
    trade.intercept(trade.told("intercept")[0].data["task"], achieved=True)
    order = trade.order(order)
    assert (order.stage, order.fulfilments) == (Stage.PLACED, [])
    assert trade.levels(trade.firm.bolt) == (8000, 800)
    assert sign(trade, order).stage == Stage.ALLOCATED
    check_books(trade.store)


def test_a_cancelled_order_asks_for_no_signature_any_more(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.cancel(order, reason="客户不要了")
    assert states(trade, order) == [(1, "void")]
    assert trade.levels(trade.firm.bolt) == (8000, 0)
    with trade.refuses("approval_not_asked"):
        sign(trade, order)
