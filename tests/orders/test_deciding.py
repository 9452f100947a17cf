from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import select

from orders import approval, onward
from orders.deciding import chained, decide
from orders.line_changes import SetQuantity
from orders.locking import lock_orders
from orders.placing import preview
from orders.refusals import Refused
from orders.steps import APPROVE, REJECT
from store.models import ApprovalDecision, ApprovalStep, Order, Role, Snapshot, Staff, Stage
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.approvals import use_matrix


@pytest.fixture
def trade(trade: Trade) -> Trade:
    """Orders need the signatures of the matrix that ships."""
    use_matrix(trade.store)
    return trade


def word(trade: Trade, order: Order, by: Staff, decision: str = APPROVE, reason: str = "", step: int = 0) -> Order:
    with trade.store.transaction() as tx:
        decide(tx, same(tx, order), same(tx, by), decision, "wecom", reason, step)
    return trade.order(order)


def decisions(trade: Trade, order: Order) -> list[ApprovalDecision]:
    with trade.store.reading() as tx:
        query = select(ApprovalDecision).where(ApprovalDecision.order_id == order.id).order_by(ApprovalDecision.id)
        return list(tx.session.scalars(query))


def steps_of(trade: Trade, order: Order) -> list[tuple[int, str, str]]:
    with trade.store.reading() as tx:
        rows = tx.session.scalars(select(ApprovalStep).where(ApprovalStep.order_id == order.id).order_by(ApprovalStep.id))
        return [(row.round, row.name, row.state) for row in rows]


def asked(trade: Trade) -> list[str]:
    return [message.audience for message in trade.told("approval") if message.updates is None]


def test_an_ordinary_order_goes_on_when_finance_and_the_warehouse_have_both_signed(trade: Trade) -> None:
    firm = trade.firm
    order = trade.order(trade.place((firm.bolt, 500)))
    assert (order.stage, order.on_hold) == (Stage.PLACED, "待财务、仓管审核")
    assert trade.levels(firm.bolt) == (8000, 500)
    assert asked(trade) == [f"staff:{firm.wangkuaiji.id}", f"staff:{firm.wugang.id}"]
    assert not trade.told("pick")

    order = word(trade, order, firm.wangkuaiji)
    assert (order.stage, order.on_hold) == (Stage.PLACED, "待仓管审核")
    order = word(trade, order, firm.wugang)

    assert (order.stage, order.on_hold) == (Stage.ALLOCATED, None)
    assert [message.data["where"] for message in trade.told("progress")] == ["已下单，正在审核", "已通过审核并配货，等待出库"]
    assert [message.audience for message in trade.told("pick")] == [f"staff:{firm.wugang.id}"]
    (result,) = trade.told("approval_result")
    assert (result.audience, result.data["approved"]) == (f"staff:{firm.zhaomin.id}", True)
    updates = [(message.updates, message.data["state"], message.data["open"]) for message in trade.told("approval") if message.updates]
    assert updates == [(f"approval:1:{firm.wangkuaiji.id}", "approved", False)]
    assert trade.kinds(order) == [
        "order.placed",
        "approval.opened",
        "approval.decided",
        "approval.decided",
        "approval.ended",
        "order.approved",
        "order.allocated",
    ]
    check_books(trade.store)


def test_decisions_are_chained_over_what_the_order_said(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    word(trade, order, trade.firm.wangkuaiji)
    word(trade, order, trade.firm.wugang)
    first, second = decisions(trade, order)
    assert (first.previous_hash, second.previous_hash) == ("", first.hash)
    assert [row.hash for row in (first, second)] == [chained(first), chained(second)]
    with trade.store.reading() as tx:
        said = tx.session.scalars(select(Snapshot.hash)).one()
        assert (first.snapshot_hash, second.snapshot_hash, first.version) == (said, said, 1)


@pytest.mark.parametrize(
    ("customer", "wish", "seats"),
    [
        ("ruigu", {"urgent": True}, [["生产总监"]]),
        ("hongda", {"urgent": True}, [["财务", "仓管"]]),
        ("ruigu", {"urgent": True, "trial": True}, [["财务", "仓管", "技术部"]]),
        ("ruigu", {}, [["财务", "仓管"]]),
    ],
)
def test_the_class_decides_who_signs(trade: Trade, customer: str, wish: dict[str, bool], seats: list[list[str]]) -> None:
    trade.place((trade.firm.bolt, 1), customer=getattr(trade.firm, customer), **wish)
    with trade.store.reading() as tx:
        found = tx.session.scalars(select(ApprovalStep).order_by(ApprovalStep.position)).all()
        assert [[seat.name for seat in step.seats] for step in found] == seats


def test_too_much_credit_asks_finance_first_and_the_sales_manager_then(trade: Trade) -> None:
    firm = trade.firm
    with trade.store.transaction() as tx:
        same(tx, firm.ruigu).credit_limit = Decimal(1000)
    trade.place((firm.bolt, 500))
    order = trade.place((firm.bolt, 500))
    with trade.store.reading() as tx:
        assert same(tx, order).steps[0].reason == "D 类 超额：连同未完成的订单共 1200.00 元，超过信用额度 1000.00 元"
    assert trade.order(order).on_hold == "待财务审核"
    order = word(trade, order, firm.wangkuaiji)
    assert (order.stage, order.on_hold) == (Stage.PLACED, "待销售主管审核")
    assert asked(trade)[-1] == f"staff:{firm.sunlei.id}"
    assert word(trade, order, firm.sunlei).stage == Stage.ALLOCATED


def test_a_draft_names_who_will_be_asked(trade: Trade) -> None:
    with trade.store.reading() as tx:
        shown = preview(tx, trade.wish((trade.firm.bolt, 500)), same(tx, trade.firm.zhaomin))
        large = preview(tx, trade.wish((trade.firm.bolt, 50000)), same(tx, trade.firm.zhaomin))
    assert shown["approvers"] == ["财务（王会计）", "仓管（吴刚）"]
    assert large["approvers"] == ["财务（王会计）", "再由销售主管（孙磊）"]


def test_a_rejection_returns_the_order_to_its_salesperson(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    order = word(trade, order, trade.firm.wangkuaiji, REJECT, "价格不对")
    assert (order.stage, order.on_hold) == (Stage.PLACED, "审核未通过：财务已驳回")
    (result,) = trade.told("approval_result")
    assert (result.data["approved"], result.data["reason"]) == (False, "价格不对")
    with trade.refuses("approval_over"):
        word(trade, order, trade.firm.wugang)
    assert not trade.told("pick")


def test_an_approval_after_a_rejection_says_nothing_of_what_was_rejected(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    word(trade, order, trade.firm.wangkuaiji, REJECT, "价格不对")
    trade.amend(order, SetQuantity(quantity=Decimal(400)))
    word(trade, order, trade.firm.wangkuaiji)
    word(trade, order, trade.firm.wugang)
    rejected, approved = trade.told("approval_result")
    assert (rejected.data["approved"], rejected.data["reason"]) == (False, "价格不对")
    assert (approved.data["approved"], approved.data["reason"]) == (True, "")


def test_refusals_change_nothing(trade: Trade) -> None:
    firm = trade.firm
    order = trade.place((firm.bolt, 500))
    with trade.refuses("approval_not_yours", people=["吴刚", "王会计"]):
        word(trade, order, firm.zhaomin)
    with trade.refuses("reject_without_reason"):
        word(trade, order, firm.wangkuaiji, REJECT, " ")
    word(trade, order, firm.wangkuaiji)
    with trade.refuses("decided_already", own=True, by="王会计"):
        word(trade, order, firm.wangkuaiji, REJECT, "想想不对")
    with trade.store.transaction() as tx:
        same(tx, firm.wugang).active = False
    with trade.refuses("approval_left"):
        word(trade, order, firm.wugang)


def test_nobody_signs_for_an_order_of_their_own(trade: Trade) -> None:
    firm = trade.firm
    order = trade.place((firm.bolt, 50000), by=firm.sunlei)
    word(trade, order, firm.wangkuaiji)
    assert asked(trade)[-1] == f"staff:{firm.admin.id}"
    with trade.refuses("approval_not_yours", people=["管理员"]):
        word(trade, order, firm.sunlei)


def test_a_short_order_waits_for_its_goods_after_its_signatures(trade: Trade) -> None:
    order = trade.order(trade.place((trade.firm.bolt, 8200)))
    assert order.on_hold == "待财务、仓管审核"
    trade.receive(trade.firm.bolt, 200)
    assert trade.order(order).stage == Stage.PLACED
    other = trade.place((trade.firm.nut, 5))
    word(trade, other, trade.firm.wangkuaiji)
    other = word(trade, other, trade.firm.wugang)
    assert (other.stage, other.on_hold) == (Stage.APPROVED, "缺货：M12镀锌螺母 缺 5 个")
    word(trade, order, trade.firm.wangkuaiji)
    assert word(trade, order, trade.firm.wugang).stage == Stage.ALLOCATED


@pytest.mark.parametrize(("touched", "reopened"), [({"price"}, ["财务审核", "销售主管审批"]), ({"phone", "address"}, [])])
def test_an_amendment_reopens_exactly_the_steps_that_it_touches(trade: Trade, touched: set[str], reopened: list[str]) -> None:
    firm = trade.firm
    with trade.store.transaction() as tx:
        same(tx, firm.ruigu).credit_limit = Decimal(1)
    order = trade.place((firm.bolt, 500))
    word(trade, order, firm.wangkuaiji)
    assert word(trade, order, firm.sunlei).stage == Stage.ALLOCATED
    with trade.store.transaction() as tx:
        (changed,) = lock_orders(tx, [order.id])
        assert [step.name for step in approval.reopen(tx, changed, touched)] == reopened
        onward.go_on(tx, changed)
    assert trade.order(order).stage == (Stage.PLACED if reopened else Stage.ALLOCATED)
    if reopened:
        assert [state for *_, state in steps_of(trade, order)] == ["void", "void", "open", "waiting"]
        assert not trade.order(order).fulfilments
        with pytest.raises(Refused, match="approval_overtaken"):
            word(trade, order, firm.wangkuaiji, step=1)
        word(trade, order, firm.wangkuaiji)
        assert word(trade, order, firm.sunlei).stage == Stage.ALLOCATED
    check_books(trade.store)


def test_fifty_parallel_words_are_one_decision_for_each_seat(trade: Trade) -> None:
    firm = trade.firm
    with trade.store.transaction() as tx:
        others = [Staff(name=f"会计{number}", roles=[Role.FINANCE]) for number in range(24)]
        tx.session.add_all(others)
    order = trade.place((firm.bolt, 500))
    people = [firm.wangkuaiji, *others] + [firm.wugang] * 25

    def press(person: Staff) -> str:
        try:
            word(trade, order, person)
        except Refused as refused:
            return refused.reason
        return "signed"

    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(press, people))
    assert said.count("signed") == 2
    assert set(said) <= {"signed", "decided_already", "approval_over"}
    assert len(decisions(trade, order)) == 2
    assert trade.order(order).stage == Stage.ALLOCATED
    assert len(trade.told("pick")) == 1
    check_books(trade.store)
