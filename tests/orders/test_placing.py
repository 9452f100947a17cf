from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from orders.placing import Wish, WishLine, place_order, preview
from orders.snapshots import chained as snapshot_hash
from store.events import chained as event_hash
from store.models import Event, Order, Product, Snapshot, Stage, StockBatch
from templates.render import render_card
from tests.orders.trade import Trade, same
from tests.support.clock import TestClock


def draft(trade: Trade, wish: Wish) -> dict[str, Any]:
    with trade.store.reading() as tx:
        return preview(tx, wish, same(tx, trade.firm.zhaomin))


def test_an_order_in_stock_is_allocated_from_the_nearest_expiry_and_promised(trade: Trade) -> None:
    order = trade.order(trade.place((trade.firm.bolt, 500), free_shipping=True, wanted_date=date(2026, 3, 20)))

    assert (order.no, order.version, order.stage, order.short, order.on_hold) == ("SO260302-0001", 1, Stage.ALLOCATED, False, None)
    assert (order.total, order.salesperson_id) == (Decimal("600.00"), trade.firm.zhaomin.id)
    assert (order.promisable_date, order.promised_date) == (date(2026, 3, 5), date(2026, 3, 20))
    assert order.promised_ship_at == datetime(2026, 3, 18, 9, tzinfo=UTC)
    assert [(held.batch_id, held.quantity) for held in order.lines[0].reservations] == [(trade.firm.batches[0].id, 500)]
    assert [(part.warehouse, part.stage) for part in order.fulfilments] == [("主仓", Stage.ALLOCATED)]
    assert trade.levels(trade.firm.bolt) == (8000, 500)
    assert trade.kinds(order) == ["order.placed", "order.approved", "order.allocated"]


def test_everybody_is_told_once(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    (progress,) = trade.told("progress")
    assert (progress.key, progress.audience) == (f"progress:{order.no}:allocated", f"customer:{trade.firm.ruigu.id}")
    assert progress.data["first"] is True
    assert progress.data["date"] == "2026-03-05"
    (pick,) = trade.told("pick")
    assert pick.audience == f"staff:{trade.firm.wugang.id}"
    assert [(line["product"], line["quantity"], line["location"]) for line in pick.data["lines"]] == [("M12×80镀锌螺栓", "500", "A-03-1")]
    assert not trade.told("restock")


def test_who_packs_reads_the_remarks_and_the_processes(trade: Trade) -> None:
    wish = Wish(trade.firm.ruigu.id, (WishLine(trade.firm.bolt.id, Decimal(500), processes=("激光打标",)),), remarks="托盘打包")
    with trade.store.transaction() as tx:
        place_order(tx, wish, same(tx, trade.firm.zhaomin))
    (pick,) = trade.told("pick")
    shown = render_card("pick", pick.data, lambda *_: "")
    assert "托盘打包" in [field.value for field in shown.fields]
    assert "批次 B2601，工艺 激光打标" in shown.lines[0]


def test_the_first_version_and_the_events_are_chained(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 500))
    with trade.store.reading() as tx:
        snapshot = tx.session.scalars(select(Snapshot)).one()
        events = tx.session.scalars(select(Event).where(Event.order_id == order.id).order_by(Event.id)).all()
        assert (snapshot.version, snapshot.content["total"], snapshot.hash) == (1, "600.00", snapshot_hash(snapshot))
        assert [event.hash for event in events] == [event_hash(event) for event in events]
        assert [event.previous_hash for event in events] == ["", *(event.hash for event in events[:-1])]
        assert same(tx, order).chain == events[-1].hash


def test_an_order_of_two_warehouses_is_split(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        tx.session.add(StockBatch(product_id=trade.firm.nut.id, warehouse="二仓", location="C-1", on_hand=Decimal(900)))
    order = trade.order(trade.place((trade.firm.bolt, 500), (trade.firm.nut, 100)))
    assert [part.warehouse for part in order.fulfilments] == ["主仓", "二仓"]
    assert [message.audience for message in trade.told("pick")] == [f"staff:{trade.firm.wugang.id}", "role:warehouse"]


def test_lines_of_the_same_product_do_not_take_the_same_goods(trade: Trade) -> None:
    order = trade.order(trade.place((trade.firm.bolt, 5000), (trade.firm.bolt, 4000)))
    assert [sum(held.quantity for held in line.reservations) for line in order.lines] == [5000, 3000]
    assert order.short
    assert trade.levels(trade.firm.bolt) == (8000, 8000)


def test_a_short_order_holds_what_there_is_and_waits(trade: Trade) -> None:
    order = trade.order(trade.place((trade.firm.bolt, 8200)))

    assert (order.stage, order.short, order.on_hold) == (Stage.APPROVED, True, "缺货：M12×80镀锌螺栓 缺 200 支")
    assert trade.levels(trade.firm.bolt) == (8000, 8000)
    assert (order.promisable_date, order.promised_date) == (date(2026, 3, 11), date(2026, 3, 11))
    (restock,) = trade.told("restock")
    assert (restock.key, restock.audience, restock.data["urgent"]) == ("restock:1:1", "role:purchasing", False)
    assert restock.data["lines"] == [
        {
            "product": "M12×80镀锌螺栓",
            "missing": "200",
            "unit": "支",
            "order_no": order.no,
            "customer": "锐固建材",
            "promised_ship_at": "2026-03-09T17:00:00+08:00",
        }
    ]
    (suggestion,) = trade.told("suggestion")
    assert (suggestion.audience, suggestion.data["suggested_date"]) == (f"staff:{trade.firm.zhaomin.id}", "2026-03-11")
    assert not trade.told("pick")


def test_a_draft_says_what_the_order_will_be_and_writes_nothing(trade: Trade) -> None:
    lines = (WishLine(trade.firm.bolt.id, Decimal(500), Decimal(10), "盒"), WishLine(trade.firm.nut.id, Decimal(100), price=Decimal("0.2")))
    shown = draft(trade, Wish(trade.firm.ruigu.id, lines, wanted_date=date(2026, 3, 6)))

    assert [(line["said"], line["price"], line["amount"], line["missing"]) for line in shown["lines"]] == [
        ("10盒", "1.2", "600.00", "0"),
        ("", "0.2", "20.00", "100"),
    ]
    assert [line["promise"] for line in shown["lines"]] == ["2026-03-05", "2026-03-11"]
    assert (shown["total"], shown["freight"], shown["customer"], shown["salesperson"]) == ("620.00", "运费另计", "锐固建材", "赵敏")
    assert (shown["promisable_date"], shown["promised_date"], shown["gap_days"], shown["red"]) == ("2026-03-11", "2026-03-11", 5, True)
    assert trade.levels(trade.firm.bolt) == (8000, 0)


def test_a_gap_of_two_days_is_not_red(trade: Trade) -> None:
    shown = draft(trade, trade.wish((trade.firm.nut, 100), wanted_date=date(2026, 3, 9)))
    assert (shown["gap_days"], shown["red"]) == (2, False)


def test_a_missing_price_is_pointed_out(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        same(tx, trade.firm.nut).price = None
    shown = draft(trade, trade.wish((trade.firm.nut, 100)))
    assert (shown["total"], shown["assumptions"]) == ("0.00", ["M12镀锌螺母 没有价格，按 0 元计"])


def test_promises_into_an_unpublished_year_say_so(trade: Trade, clock: TestClock) -> None:
    clock.set(datetime(2039, 3, 2, 2, tzinfo=UTC))
    assert draft(trade, trade.wish((trade.firm.bolt, 1)))["assumptions"] == ["2039 年调休尚未公布，按周一至周五算工作日"]


def test_promises_keep_to_the_company_s_own_days_off(trade: Trade) -> None:
    own = {"days_off": frozenset({date(2026, 3, 3)})}
    trade.store.settings.trade = trade.store.settings.trade.model_copy(update=own)
    shown = draft(trade, trade.wish((trade.firm.bolt, 1)))
    assert (shown["promisable_date"], shown["earliest"]) == ("2026-03-06", "2026-03-06")
    assert trade.order(trade.place((trade.firm.bolt, 1))).promised_date == date(2026, 3, 6)


def test_an_inbound_order_is_promised_before_the_lead_time(trade: Trade) -> None:
    trade.announce("PO1", trade.firm.nut, 500, date(2026, 3, 4))
    assert draft(trade, trade.wish((trade.firm.nut, 300)))["promisable_date"] == "2026-03-07"
    trade.place((trade.firm.nut, 300))
    assert draft(trade, trade.wish((trade.firm.nut, 300)))["promisable_date"] == "2026-03-11"
    assert draft(trade, trade.wish((trade.firm.nut, 300), urgent=True))["promisable_date"] == "2026-03-07"


def test_the_day_of_a_number_is_the_companys(trade: Trade, clock: TestClock) -> None:
    clock.set(datetime(2026, 3, 2, 15, 59, tzinfo=UTC))
    assert trade.place((trade.firm.bolt, 1)).no == "SO260302-0001"
    clock.forward(timedelta(minutes=2))
    assert trade.place((trade.firm.bolt, 1)).no == "SO260303-0001"


def test_an_admin_places_for_the_customers_salesperson(trade: Trade) -> None:
    assert trade.place((trade.firm.bolt, 1), by=trade.firm.admin).salesperson_id == trade.firm.zhaomin.id


def test_a_wish_survives_as_json() -> None:
    line = WishLine(7, Decimal("500"), Decimal("10"), "盒", Decimal("1.2"), ("发黑", "打字头"))
    wish = Wish(3, (line, WishLine(8, Decimal("0.5"))), date(2026, 3, 20), urgent=True, address="杭州", remarks="急")
    assert Wish.from_dict(wish.to_dict()) == wish


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ("0", "bad_quantity"),
        ("-3", "bad_quantity"),
        ("NaN", "bad_quantity"),
        ("0.00001", "bad_quantity"),
        ("1e12", "too_much"),
        ("0.5", "not_whole"),
    ],
)
def test_impossible_quantities_are_refused(trade: Trade, quantity: str, reason: str) -> None:
    with trade.refuses(reason, product="M12×80镀锌螺栓"):
        trade.place((trade.firm.bolt, quantity))


def test_what_is_weighed_takes_fractions(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        wire = Product(code="TS-1", name="铁丝", unit="kg", price=Decimal("6.66"), units={}, aliases=[])
        tx.session.add(wire)
    assert trade.place((wire, "0.5")).total == Decimal("3.33")


@pytest.mark.parametrize(
    ("wanted", "more", "reason", "details"),
    [
        (date(2026, 3, 1), {}, "date_past", {"today": "2026-03-02"}),
        (date(2026, 3, 1), {"urgent": True}, "date_past", {}),
        (date(2026, 3, 4), {}, "short_of_time", {"earliest": "2026-03-05"}),
    ],
)
def test_dates_that_cannot_be_kept_are_refused(
    trade: Trade, wanted: date, more: dict[str, Any], reason: str, details: dict[str, Any]
) -> None:
    with trade.refuses(reason, **details):
        trade.place((trade.firm.bolt, 1), wanted_date=wanted, **more)


def test_an_urgent_order_may_be_wanted_at_once_and_others_from_the_earliest_day(trade: Trade) -> None:
    assert trade.place((trade.firm.bolt, 1), wanted_date=date(2026, 3, 2), urgent=True).promised_date == date(2026, 3, 5)
    assert trade.place((trade.firm.bolt, 1), wanted_date=date(2026, 3, 5)).promised_date == date(2026, 3, 5)


def test_orders_without_lines_or_with_too_many_or_of_unknown_things_are_refused(trade: Trade) -> None:
    with trade.refuses("no_lines"):
        trade.place()
    with trade.refuses("too_many_lines", count=500, limit=200):
        trade.place(*[(trade.firm.bolt, 1)] * 500)
    with trade.refuses("unknown_product"):
        trade.place((Product(id=99999), 1))
    with trade.refuses("unknown_customer"), trade.store.transaction() as tx:
        place_order(tx, Wish(99999, (WishLine(trade.firm.bolt.id, Decimal(1)),)), same(tx, trade.firm.zhaomin))


def test_money_beyond_reason_is_refused(trade: Trade) -> None:
    dear = Wish(trade.firm.ruigu.id, (WishLine(trade.firm.bolt.id, Decimal(10**9), price=Decimal(10**6)),))
    with trade.refuses("amount_too_large"), trade.store.transaction() as tx:
        place_order(tx, dear, same(tx, trade.firm.zhaomin))
    negative = Wish(trade.firm.ruigu.id, (WishLine(trade.firm.bolt.id, Decimal(1), price=Decimal(-1)),))
    with trade.refuses("bad_price"), trade.store.transaction() as tx:
        place_order(tx, negative, same(tx, trade.firm.zhaomin))


def test_only_sales_may_place(trade: Trade) -> None:
    with trade.refuses("not_allowed", doing="下单"):
        trade.place((trade.firm.bolt, 1), by=trade.firm.wugang)


def test_200_lines_are_placed(trade: Trade) -> None:
    order = trade.order(trade.place(*[(trade.firm.bolt, 10)] * 200))
    assert (len(order.lines), order.stage) == (200, Stage.ALLOCATED)
    assert trade.levels(trade.firm.bolt) == (8000, 2000)


def test_a_long_shortage_is_cut_to_what_people_read(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        products = [Product(code=f"X{n}", name=f"304不锈钢内六角圆柱头螺钉{n}", unit="支", units={}, aliases=[]) for n in range(30)]
        tx.session.add_all(products)
    order = trade.place(*[(product, 5) for product in products])
    assert order.on_hold
    assert len(order.on_hold) <= 256
    assert order.on_hold.endswith("…等 30 种")


def test_numbers_of_imported_orders_are_not_given_again(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        imported = Order(no="SO260302-0041", day=date(2026, 3, 2), sequence=41, stage=Stage.SIGNED, customer_id=trade.firm.ruigu.id)
        imported.created_at = tx.now
        tx.session.add(imported)
    assert trade.place((trade.firm.bolt, 1)).no == "SO260302-0042"
    assert trade.place((trade.firm.bolt, 1)).no == "SO260302-0043"
