from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from automations.approvals import read_matrix, watch
from orders.approval_matrix import SHIPPED
from orders.approval_rules import matrix_in_force
from orders.calendar import Calendar
from orders.deciding import decide
from orders.delegation import delegate, unasked
from orders.steps import APPROVE
from orders.working_time import after_working
from store.models import Installation, Order, Role, Staff, Stage
from store.settings import Settings
from store.transaction import Store
from tests.orders.trade import Trade, same
from tests.support.approvals import use_matrix
from tests.support.clock import TestClock


@pytest.fixture
def trade(trade: Trade) -> Trade:
    """Finance and the warehouse have managers, and those an own one."""
    use_matrix(trade.store)
    with trade.store.transaction() as tx:
        boss = Staff(name="总经理", roles=[])
        head = Staff(name="财务经理", roles=[], manager=boss)
        tx.session.add_all([boss, head])
        same(tx, trade.firm.wangkuaiji).manager = head
        same(tx, trade.firm.wugang).manager = boss
    return trade


def asked(trade: Trade) -> list[str]:
    """Who was asked, in order."""
    with trade.store.reading() as tx:
        people = {f"staff:{person.id}": person.name for person in tx.session.query(Staff)}
    return [people[message.audience] for message in trade.told("approval") if message.updates is None]


def word(trade: Trade, order: Order, name: str) -> Order:
    with trade.store.transaction() as tx:
        person = tx.session.query(Staff).filter_by(name=name).one()
        decide(tx, same(tx, order), person, APPROVE, "wecom")
    return trade.order(order)


def test_silence_climbs_level_by_level_once_and_ends_at_the_admins(trade: Trade, clock: TestClock) -> None:
    order = trade.place((trade.firm.bolt, 500))
    word(trade, order, "吴刚")
    clock.forward(timedelta(minutes=44))
    watch(trade.store)
    assert asked(trade) == ["王会计", "吴刚"]
    for name in ("财务经理", "总经理", "管理员"):
        clock.forward(timedelta(minutes=46))
        watch(trade.store)
        watch(trade.store)
        assert asked(trade)[-1] == name
    clock.forward(timedelta(days=3))
    watch(trade.store)
    assert asked(trade) == ["王会计", "吴刚", "财务经理", "总经理", "管理员"]
    assert trade.kinds(order).count("approval.escalated") == 3
    late = [message.audience for message in trade.told("notice")]
    assert late[0] == f"staff:{trade.firm.wangkuaiji.id}"
    assert word(trade, order, "总经理").stage == Stage.ALLOCATED


def test_who_stands_in_from_a_later_day_gets_the_card_once_and_its_outcome(trade: Trade, clock: TestClock) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.store.transaction() as tx:
        person = same(tx, trade.firm.wangkuaiji)
        delegate(tx, person, "孙磊", date(2026, 3, 3), date(2026, 3, 4))
    watch(trade.store)
    assert "孙磊" not in asked(trade)
    clock.forward(timedelta(hours=16))  # half past one at night
    watch(trade.store)
    assert "孙磊" not in asked(trade)
    clock.forward(timedelta(hours=8))
    watch(trade.store)
    watch(trade.store)
    assert asked(trade).count("孙磊") == 1
    card = next(message for message in trade.told("approval") if message.audience == f"staff:{trade.firm.sunlei.id}")
    assert card.data["because"] == "受王会计委托"
    word(trade, order, "王会计")
    word(trade, order, "吴刚")
    told = [message for message in trade.told("approval") if message.updates == card.key]
    assert [(over.audience, over.data["open"], over.data["state"]) for over in told] == [
        (card.audience, False, "open"),
        (card.audience, False, "approved"),
    ]


def test_nobody_stands_in_for_an_order_of_their_own(trade: Trade, clock: TestClock) -> None:
    trade.place((trade.firm.bolt, 500))
    with trade.store.transaction() as tx:
        delegate(tx, same(tx, trade.firm.wangkuaiji), "赵敏", date(2026, 3, 3), date(2026, 3, 4))
    clock.forward(timedelta(days=1))
    with trade.store.reading() as tx:
        assert unasked(tx) == []
    watch(trade.store)
    assert "赵敏" not in asked(trade)


def test_only_working_time_counts(trade: Trade, clock: TestClock) -> None:
    clock.set(datetime(2026, 3, 6, 9, 30, tzinfo=UTC))  # Friday, 17:30 in Shanghai
    trade.place((trade.firm.bolt, 500))
    clock.set(datetime(2026, 3, 9, 1, 14, tzinfo=UTC))
    watch(trade.store)
    assert len(asked(trade)) == 2
    clock.set(datetime(2026, 3, 9, 1, 15, tzinfo=UTC))
    watch(trade.store)
    assert asked(trade) == ["王会计", "吴刚", "财务经理", "总经理"]


def test_the_hours_of_a_day_may_have_a_break() -> None:
    trade = Settings.model_validate({"trade": {"working_hours": "09:00-12:00,13:00-18:00"}}).trade
    zone = Settings().zone
    before_lunch = datetime(2026, 3, 2, 11, 40, tzinfo=zone)
    found = after_working(before_lunch, 45, Calendar(), trade.working_hours, zone)
    assert found.astimezone(zone) == datetime(2026, 3, 2, 13, 25, tzinfo=zone)


def restarted(store: Store) -> Store:
    return Store(store.settings, store.clock)


def test_a_matrix_with_an_error_leaves_the_old_one_in_force_and_tells_the_line(trade: Trade, tmp_path: Path) -> None:
    path = tmp_path / "approvals.yaml"
    path.write_text("classes:\n  - name: 全部\n    steps:\n      - {name: 主管审批, signers: [销售主管]}\n", encoding="utf-8")
    use_matrix(trade.store, path)
    read_matrix(trade.store)
    path.write_text("classes:\n  - name: 全部\n    steps:\n      - name: 主管审批\n        signers: [销售主观]\n", encoding="utf-8")
    read_matrix(trade.store)
    read_matrix(trade.store)
    (notice,) = trade.told("notice")
    assert notice.audience == f"role:{Role.ADMIN}"
    assert "第 5 行：没有这种角色：销售主观" in str(notice.data)
    again = restarted(trade.store)
    with again.reading() as tx:
        assert [step.name for one in matrix_in_force(tx).classes for step in one.steps] == ["主管审批"]
    again.close()
    assert trade.order(trade.place((trade.firm.bolt, 1))).on_hold == "待销售主管审核"
    path.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert trade.order(trade.place((trade.firm.bolt, 1))).on_hold == "待财务、仓管审核"
    with trade.store.reading() as tx:
        assert "主管审批" in tx.session.get_one(Installation, "approvals").value
