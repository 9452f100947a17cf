from decimal import Decimal

import pytest
from pydantic import SecretStr

from orders.carriers import carrier
from store.models import Order, Role, Staff, Stage, StockBatch
from store.settings import Kuaidi100Settings, Settings
from store.transaction import Store
from tests.orders.trade import Trade, same
from tests.support.clock import TestClock


@pytest.fixture
def split(trade: Trade) -> Order:
    """An order of which 500 bolts lie in 主仓 and 100 nuts in 二仓."""
    with trade.store.transaction() as tx:
        tx.session.add(StockBatch(product_id=trade.firm.nut.id, warehouse="二仓", location="C-1", on_hand=Decimal(100)))
    return trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100))


def test_picking_takes_the_goods_off_the_shelf(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    assert trade.levels(trade.firm.bolt) == (7500, 0)
    order = trade.order(order)
    assert (order.stage, order.fulfilments[0].stage, order.lines[0].reservations[0].picked) == (Stage.PICKED, Stage.PICKED, True)
    assert trade.told("progress")[-1].key == f"progress:{order.no}:picked"


def test_shipping_picks_too_and_tells_the_customer_only_the_last_stage(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order, " sf-1234 567890123 ")

    order = trade.order(order)
    part = order.fulfilments[0]
    assert (order.stage, part.carrier, part.carrier_code, part.waybill) == (Stage.SHIPPED, "顺丰", "shunfeng", "SF1234567890123")
    assert part.shipped_at == part.moved_at == trade.store.clock.now()
    assert trade.levels(trade.firm.bolt) == (7500, 0)
    assert trade.kinds(order)[-2:] == ["order.picked", "order.shipped"]
    assert [message.key for message in trade.told("progress")][1:] == [f"progress:{order.no}:shipped"]
    told = trade.told("progress")[-1].data
    assert (told["carrier"], told["waybill"], told["first"]) == ("顺丰", "SF1234567890123", False)
    assert not trade.told("subscribe")


def test_a_picked_order_ships_without_touching_stock_again(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    trade.ship(order)
    assert trade.levels(trade.firm.bolt) == (7500, 0)


def test_the_waybill_is_followed_where_tracking_is_set_up(settings: Settings, clock: TestClock, store: Store, trade: Trade) -> None:
    key = Kuaidi100Settings(key=SecretStr("k"), salt=SecretStr("s"))
    trade = Trade(Store(store.settings.model_copy(update={"kuaidi100": key}), clock), trade.firm)
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order)
    trade.store.close()
    (message,) = trade.told("subscribe")
    assert (message.key, message.audience) == ("subscribe:shunfeng:SF1234567890123", "service:kuaidi100")
    part = trade.order(order).fulfilments[0]
    assert message.data == {"company": "shunfeng", "number": "SF1234567890123", "fulfilment": part.id, "phone_tail": "1234"}
    trade.store.close()


def test_signing_ends_the_journey(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.ship(order)
    trade.sign(order, by=trade.firm.zhaomin)
    order = trade.order(order)
    assert (order.stage, order.fulfilments[0].signed_at) == (Stage.SIGNED, trade.store.clock.now())
    assert trade.told("progress")[-1].data["stage"] == "signed"
    with trade.refuses("already_signed"):
        trade.sign(order, by=trade.firm.zhaomin)


def test_an_order_that_waits_is_not_shipped(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 8200))
    with trade.refuses("not_now", stage="已审核", deed="发货", on_hold="缺货：M12×80镀锌螺栓 缺 200 支"):
        trade.ship(order)
    with trade.refuses("not_now", deed="签收"):
        trade.sign(order, by=trade.firm.zhaomin)


def test_nothing_is_shipped_or_picked_twice(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    with trade.refuses("already_picked", warehouse="主仓"):
        trade.pick(order)
    trade.ship(order)
    with trade.refuses("already_shipped", carrier="顺丰", waybill="SF1234567890123"):
        trade.ship(order, "SF9999999999999")
    with trade.refuses("already_shipped", waybill="SF1234567890123"):
        trade.pick(order)
    another = trade.place((trade.firm.bolt, 1))
    with trade.refuses("not_now", stage="已配货"):
        trade.sign(another, by=trade.firm.zhaomin)


def test_each_warehouse_sends_its_own_part(trade: Trade, split: Order) -> None:
    with trade.refuses("which_warehouse", warehouses=["主仓", "二仓"]):
        trade.ship(split, by=trade.firm.admin)
    trade.ship(split)
    order = trade.order(split)
    assert (order.stage, [part.stage for part in order.fulfilments]) == (Stage.ALLOCATED, [Stage.SHIPPED, Stage.ALLOCATED])
    assert trade.told("progress")[-1].key == f"progress:{order.no}:shipped:主仓"
    with trade.refuses("already_shipped"):
        trade.ship(split)

    trade.ship(split, "SF2222222222222", by=trade.firm.admin)
    order = trade.order(split)
    assert (order.stage, [part.waybill for part in order.fulfilments]) == (Stage.SHIPPED, ["SF1234567890123", "SF2222222222222"])


def test_an_order_is_signed_when_all_its_parts_are(trade: Trade, split: Order) -> None:
    trade.ship(split)
    trade.sign(split, by=trade.firm.zhaomin)
    assert trade.order(split).stage == Stage.ALLOCATED
    trade.ship(split, "SF2222222222222", by=trade.firm.admin)
    trade.sign(split, by=trade.firm.zhaomin)
    assert trade.order(split).stage == Stage.SIGNED


def test_the_customer_knows_what_share_of_the_order_has_moved(trade: Trade, split: Order) -> None:
    trade.ship(split)
    assert trade.told("progress")[-1].data["where"] == "分2批发货，其中1批已发货，正在运输途中"


def test_parts_that_are_signed_together_are_told_in_one_message(trade: Trade, clock: TestClock, split: Order) -> None:
    trade.ship(split)
    trade.ship(split, "SF2222222222222", by=trade.firm.admin)
    before = len(trade.told("progress"))
    trade.sign(split, by=trade.firm.zhaomin)
    [message] = trade.told("progress")[before:]
    assert message.key == f"progress:{split.no}:signed:主仓+二仓"
    assert (message.data["where"], message.data["waybill"]) == ("已签收，感谢您的信任", "SF1234567890123、SF2222222222222")
    assert message.data["date"] == "2026-03-02"


def test_warehouse_people_keep_to_their_own_warehouse(trade: Trade, split: Order) -> None:
    with trade.store.transaction() as tx:
        other = Staff(name="马强", roles=[Role.WAREHOUSE], warehouse="三仓")
        tx.session.add(other)
    with trade.refuses("other_warehouse", own="主仓", warehouse="二仓"):
        trade.ship(split, warehouse="二仓")
    with trade.refuses("nothing_there", warehouse="三仓"):
        trade.pick(split, by=other)
    with trade.refuses("not_allowed", doing="发货"):
        trade.ship(split, by=trade.firm.zhaomin)
    with trade.refuses("not_allowed", doing="出库"):
        trade.pick(split, by=trade.firm.zhoufang)


@pytest.mark.parametrize("waybill", ["SF123", "SF12345678中", "S" * 33, "SF12345!"])
def test_impossible_waybills_are_refused(trade: Trade, waybill: str) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.refuses("bad_waybill", waybill=waybill):
        trade.ship(order, waybill)


def test_an_unknown_carrier_is_refused_with_the_known_ones(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.refuses("unknown_carrier", carrier="飞毛腿"):
        trade.ship(order, carrier="飞毛腿")


@pytest.mark.parametrize(
    ("text", "code"),
    [("顺丰", "shunfeng"), ("SF", "shunfeng"), ("中通快递", "zhongtong"), (" 京东 ", "jd"), ("ems", "ems"), ("jtexpress", "jtexpress")],
)
def test_carriers_are_known_by_all_their_names(text: str, code: str) -> None:
    found = carrier(text)
    assert found
    assert found[1] == code
    assert carrier("没有的") is None


def test_an_allocated_order_from_elsewhere_ships_from_the_shippers_warehouse(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        order = Order(no="OLD-1", stage=Stage.ALLOCATED, customer_id=trade.firm.ruigu.id, created_at=tx.now, origin="import")
        tx.session.add(order)
    trade.ship(order)
    order = trade.order(order)
    assert (order.stage, order.fulfilments[0].warehouse) == (Stage.SHIPPED, "主仓")
    with trade.store.reading() as tx:
        assert same(tx, order).chain


def test_what_a_customer_fetches_is_signed_without_a_carrier(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500), pickup=True)
    with trade.refuses("not_now", deed="签收"):
        trade.sign(order, trade.firm.wugang)
    trade.pick(order)
    assert trade.told("progress")[-1].data["where"] == "货已备好，等您来提"
    trade.sign(order, trade.firm.wugang)
    found = trade.order(order)
    assert (found.stage, found.fulfilments[0].waybill, found.fulfilments[0].signed_at) == (Stage.SIGNED, None, trade.store.clock.now())
    assert trade.told("progress")[-1].data["stage"] == "signed"
    with trade.refuses("already_signed"):
        trade.sign(order, trade.firm.wugang)


def test_what_goes_by_carrier_is_not_signed_before_it_is_shipped(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    trade.pick(order)
    with trade.refuses("not_now", deed="签收"):
        trade.sign(order, trade.firm.wugang)


def test_goods_that_are_to_be_caught_are_not_handed_to_who_fetches_them(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500), pickup=True)
    trade.pick(order)
    trade.cancel(order, "不要了")
    with trade.refuses("amendment_waits"):
        trade.sign(order, trade.firm.wugang)
