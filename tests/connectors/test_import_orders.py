from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from automations.reactions import react
from automations.rules import load_rules
from connectors.files import import_files
from connectors.files.commands import import_command
from orders.fulfilment import ship
from orders.numbers import next_number
from orders.snapshots import chained as snapshot_hash
from store.events import REACTIONS, Fact, chained
from store.models import Event, Order, OutboxMessage, Snapshot, Staff, StockBatch, UnreadEvent
from store.transaction import Store
from tests.connectors.conftest import Importer, problems
from tests.orders.truth import check_books
from tests.support.firm import Firm

HEADER = "单号,客户,产品,数量,单价,下单时间,期望交付日,承诺发货时间,环节,快递公司,运单号,发货时间,最后轨迹时间,销售\n"
SHIPPED = (
    "SO260227-0003,锐固,LS-M12x80-Z,500,1.5,2026-02-27 10:00,2026-03-06,,已发货,顺丰速运,SF1234567890123,2026-02-28 16:00,"
    "2026-03-01T08:00:00+08:00,赵敏\n"
)
SECOND_LINE = "SO260227-0003,,M12镀锌螺母,500,,2026-02-27 10:00:00,,,,,,,,\n"
OPEN = "OLD-77,C002,LS-M8x30-Z,100.5,,2026-03-01 09:00,2026-03-12,,,,,,,\n"


def order(store: Store, no: str) -> Order:
    with store.reading() as tx:
        found = tx.session.scalars(select(Order).where(Order.no == no)).one()
        for line in found.lines:
            assert line.product
        assert found.fulfilments is not None
        return found


def test_the_rows_of_a_number_become_one_order(store: Store, firm: Firm, load: Importer) -> None:
    report = load("orders", HEADER + SHIPPED + OPEN + SECOND_LINE.replace(",,M12", ",锐固,M12"))
    assert (problems(report), report.rows, report.new) == ([], 3, 2)
    shipped = order(store, "SO260227-0003")
    assert [(line.position, line.product.code, line.quantity, line.price, line.amount) for line in shipped.lines] == [
        (1, "LS-M12x80-Z", 500, Decimal("1.5"), Decimal("750")),
        (2, "LM-M12-Z", 500, Decimal("0.15"), Decimal("75")),
    ]
    assert (shipped.total, shipped.day, shipped.sequence, shipped.origin) == (825, date(2026, 2, 27), 3, "import")
    assert (shipped.customer_id, shipped.salesperson_id, shipped.stage, shipped.short) == (firm.ruigu.id, firm.zhaomin.id, "shipped", False)
    assert shipped.created_at == datetime(2026, 2, 27, 2, tzinfo=UTC)
    part = shipped.fulfilments[0]
    assert (part.carrier, part.carrier_code, part.waybill, part.waybill_from) == ("顺丰", "shunfeng", "SF1234567890123", "import")
    assert part.shipped_at == datetime(2026, 2, 28, 8, tzinfo=UTC)
    assert part.moved_at == part.last_trace_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_an_open_order_waits_for_goods_and_has_a_time_to_ship(store: Store, firm: Firm, load: Importer) -> None:
    load("orders", HEADER + OPEN)
    waiting = order(store, "OLD-77")
    assert (waiting.stage, waiting.short, waiting.day, waiting.salesperson_id) == ("approved", True, None, firm.qianwei.id)
    assert (waiting.promised_date, waiting.promised_ship_at) == (date(2026, 3, 12), datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert load("orders", HEADER + OPEN.replace("OLD-77", "OLD-78").replace("2026-03-12,", "2026-03-12,2026-03-09 12:30")).succeeded
    assert order(store, "OLD-78").promised_ship_at == datetime(2026, 3, 9, 4, 30, tzinfo=UTC)


def test_an_open_order_is_served_when_its_goods_are_counted(store: Store, firm: Firm, load: Importer) -> None:
    load("orders", HEADER + OPEN)
    assert load("stock", "产品,仓库,库位,数量\nM8×30镀锌螺栓,主仓,B-1,1000\n").succeeded
    assert order(store, "OLD-77").stage == "allocated"
    with store.reading() as tx:
        batch = tx.session.scalars(select(StockBatch).where(StockBatch.location == "B-1")).one()
        assert (batch.on_hand, batch.reserved) == (1000, Decimal("100.5"))


@pytest.mark.parametrize("stage", ["", "已下单"])
def test_an_open_order_gets_what_is_there_and_can_be_shipped(store: Store, firm: Firm, load: Importer, stage: str) -> None:
    agreed = "2026-03-02 12:30"
    load("orders", HEADER + OPEN.replace("LS-M8x30-Z", "LS-M12x80-Z").replace("2026-03-12,,", f"2026-03-12,{agreed},{stage}"))
    assert react(store, load_rules()[0]) == 1
    served = order(store, "OLD-77")
    assert (served.stage, served.short, served.promised_ship_at) == ("allocated", False, datetime(2026, 3, 2, 4, 30, tzinfo=UTC))
    with store.transaction() as tx:
        ship(tx, tx.session.get_one(Order, served.id), "顺丰", "SF1234567890123", tx.session.get_one(Staff, firm.wugang.id))
    assert order(store, "OLD-77").stage == "shipped"


def test_open_orders_hold_their_goods_or_wait_and_customers_hear_nothing(store: Store, firm: Firm, load: Importer) -> None:
    rows = "{no},锐固,LS-M12x80-Z,{quantity},,2026-02-2{day} 09:00,2026-03-12,,{stage},,,,,\n"
    said = [("A", 5000, "已配货"), ("B", 4000, "已配货"), ("C", 300, "已审核"), ("D", 700, "已出库"), ("E", 900, "已发货")]
    load("orders", HEADER + "".join(rows.format(no=no, quantity=quantity, stage=s, day=day) for day, (no, quantity, s) in enumerate(said)))
    for _ in range(2):
        react(store, load_rules()[0])
        with store.transaction() as tx:  # a worker that dies now leaves the events to be taken up again
            imported = tx.session.scalars(select(Event.id).where(Event.kind == Fact.ORDER_IMPORTED))
            tx.session.add_all(UnreadEvent(event_id=id_, reader=REACTIONS, attempts=0) for id_ in imported)
    check_books(store)
    with store.reading() as tx:
        found = {one.no: (one.stage, one.short, len(one.fulfilments)) for one in tx.session.scalars(select(Order))}
        told = list(tx.session.scalars(select(OutboxMessage.card).order_by(OutboxMessage.card)))
        card = tx.session.scalars(select(OutboxMessage.data).where(OutboxMessage.card == "restock")).one()
        shelves = tx.session.execute(select(func.sum(StockBatch.on_hand), func.sum(StockBatch.reserved))).one()
    waiting = ("approved", True, 0)
    assert found == {"A": ("allocated", False, 1), "B": waiting, "C": waiting, "D": ("picked", False, 0), "E": ("shipped", False, 1)}
    assert [line["missing"] for line in card["lines"]] == ["1000", "300"]
    assert told == ["pick", "restock", "suggestion", "suggestion"]
    assert shelves[0] == shelves[1]
    with store.transaction() as tx:
        gone = tx.session.scalars(select(Order).where(Order.no == "D")).one()
        ship(tx, gone, "顺丰", "SF1234567890123", tx.session.get_one(Staff, firm.wugang.id))
    check_books(store)


def test_every_order_has_its_snapshot_and_its_chained_event(store: Store, firm: Firm, load: Importer) -> None:
    load("orders", HEADER + SHIPPED + OPEN + OPEN.replace("OLD-77", "OLD-76").replace(",2026-03-12,,,", ",,,已完成,"))
    with store.reading() as tx:
        for one in tx.session.scalars(select(Order)):
            event = tx.session.scalars(select(Event).where(Event.order_id == one.id)).one()
            assert (event.kind, event.hash) == (Fact.ORDER_IMPORTED, one.chain)
            assert chained(event) == event.hash
            snapshot = tx.session.scalars(select(Snapshot).where(Snapshot.order_id == one.id)).one()
            assert snapshot_hash(snapshot) == snapshot.hash
            assert snapshot.content["no"] == one.no
        unread = select(Order.no).join(Event, Event.order_id == Order.id).join(UnreadEvent, UnreadEvent.event_id == Event.id)
        assert set(tx.session.scalars(unread)) == {"SO260227-0003", "OLD-77"}


def test_the_next_number_comes_after_the_imported_ones(store: Store, firm: Firm, load: Importer) -> None:
    load("orders", HEADER + OPEN.replace("OLD-77", "SO260302-0041"))
    with store.transaction() as tx:
        assert next_number(tx)[0] == "SO260302-0042"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (SHIPPED.replace("锐固,", "没有,"), "第 2 行：没有叫“没有”的客户，或不止一个"),
        (SHIPPED.replace("LS-M12x80-Z", "XX"), "第 2 行：没有叫“XX”的产品，或不止一个"),
        (SHIPPED.replace("500", "0"), "第 2 行：数量 “0”要大于 0"),
        (SHIPPED.replace("已发货", "飞了"), "第 2 行：环节 没有“飞了”这个环节"),
        (SHIPPED.replace("2026-02-27 10:00", "昨天"), "第 2 行：下单时间 “昨天”不是日期，要写成 2026-03-05"),
        (
            SHIPPED.replace("已发货", "已审核"),
            "第 2 行：有运单号或发货时间，环节要填 已发货 或更后面的；只发走一部分的，写还没发的数量，运单和发货时间空着",
        ),
        (SHIPPED + SHIPPED.replace("锐固,", "C002,"), "第 3 行：客户与第 2 行不同，它们是同一张订单 SO260227-0003"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_written(store: Store, firm: Firm, load: Importer, rows: str, reason: str) -> None:
    report = load("orders", HEADER + OPEN.replace("OLD-77", "OLD-1"), HEADER + rows)
    assert problems(report) == [f"orders-2.csv {reason}"]
    with store.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Order)) == 0


def test_an_order_that_stands_is_not_imported_again(store: Store, firm: Firm, load: Importer) -> None:
    load("orders", HEADER + OPEN)
    report = load("orders", HEADER + OPEN.replace("100.5", "7"))
    assert problems(report) == ["orders-1.csv 第 2 行：订单 OLD-77 系统里已经有了"]
    assert order(store, "OLD-77").lines[0].quantity == Decimal("100.5")


def test_orders_that_come_in_while_rows_are_staged_keep_their_place(store: Store, firm: Firm, tmp_path: Path) -> None:
    """The import takes its ids before it takes the write lock."""
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + OPEN + SHIPPED, encoding="utf-8")

    def meanwhile(items: list[Any], doing: str) -> list[Any]:
        if doing == "整理订单":
            with store.transaction() as tx:
                tx.session.add(Order(no="LIVE-1", stage="approved", customer_id=firm.ruigu.id, created_at=tx.now))
        return items

    assert import_files(store, "orders", [path], progress=meanwhile).succeeded
    with store.reading() as tx:
        assert set(tx.session.scalars(select(Order.no))) == {"LIVE-1", "OLD-77", "SO260227-0003"}


def test_long_files_show_how_far_they_are(store: Store, firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"P{number},产品 {number},支\n" for number in range(2500))
    (tmp_path / "p.csv").write_text("编码,名称,单位\n" + rows, encoding="utf-8")
    text, code = import_command(store, "产品", [tmp_path / "p.csv"])
    assert (text, code) == ("已导入产品 2500 行，其中新增 2500", 0)
    assert "读取 p.csv" in capsys.readouterr().err
