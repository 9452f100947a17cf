"""A count 盘点 from a file: thousands of places at once, and still each order gets or loses what is its."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from sqlalchemy import event, func, select

from store.events import Fact
from store.models import Event, Inbound, Order, StockBatch, UnreadEvent
from store.transaction import Store
from tests.connectors.conftest import Importer, problems
from tests.orders.trade import Trade
from tests.orders.truth import check_books
from tests.support.firm import Firm

HEADER = "产品,仓库,库位,数量,批次,有效期\n"


def changes(store: Store) -> dict[tuple[int, str], Decimal]:
    """What the events say has changed at each place."""
    sums: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    with store.reading() as tx:
        for product_id, data in tx.session.execute(select(Event.product_id, Event.data).where(Event.kind == Fact.STOCK_CHANGED)):
            sums[product_id, data["location"]] += Decimal(data["change"])
    return dict(sums)


def test_what_happens_while_a_count_is_staged_is_counted_in(store: Store, firm: Firm, load: Importer) -> None:
    trade, other = Trade(store, firm), Trade(Store(store.settings, store.clock), firm)
    waiting, newest = trade.place((firm.nut, 100)), trade.place((firm.bolt, 7000))
    late: list[Order] = []

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not late and "TEMPORARY" in statement:
            late.append(other.place((firm.small_bolt, 60)))
            other.receive(firm.small_bolt, 30, "C-2")

    event.listen(store.engine, "before_cursor_execute", meanwhile)
    rows = "LM-M12-Z,主仓,B-1,500,,\nLS-M12x80-Z,主仓,A-03-1,100,B2601,\nLS-M8x30-Z,主仓,C-1,50,,2027-01-31\nLS-M8x30-Z,主仓,C-2,70,,\n"
    assert load("stock", HEADER + rows).new == 2, "C-2 came meanwhile"
    other.store.close()
    stages = [trade.order(order).stage for order in (waiting, newest, late[0])]
    assert stages == ["allocated", "approved", "allocated"]
    check_books(store)
    told = changes(store)
    assert (told[firm.small_bolt.id, "C-1"], told[firm.small_bolt.id, "C-2"]) == (50, 70)
    assert (told[firm.nut.id, "B-1"], told[firm.bolt.id, "A-03-1"]) == (500, -2900)


def test_a_count_of_many_places_sets_them_and_says_what_has_changed(store: Store, firm: Firm, load: Importer) -> None:
    rows = "".join(f"LS-M8x30-Z,主仓,D-{place},{place},,\n" for place in range(1, 300))
    assert load("stock", HEADER + rows + "LS-M8x30-Z,主仓,E-1,9,,2027-01-31\n").new == 300
    assert load("stock", HEADER + "LS-M8x30-Z,主仓,D-7,0,,\nLS-M8x30-Z,主仓,D-8,8,,\nLS-M8x30-Z,主仓,E-1,10,,\n").new == 0
    with store.reading() as tx:
        found = {row.location: (row.on_hand, str(row.expires_on)) for row in tx.session.scalars(select(StockBatch))}
        unread = tx.session.scalar(select(func.count()).select_from(UnreadEvent))
    assert [found[place] for place in ("D-7", "D-8", "D-299", "E-1")] == [(0, "None"), (8, "None"), (299, "None"), (10, "2027-01-31")]
    assert changes(store)[firm.small_bolt.id, "E-1"] == 10
    assert unread == 302, "one for each place that has changed"


def test_purchase_orders_from_a_file_move_a_waiting_order_once(store: Store, firm: Firm, load: Importer) -> None:
    trade = Trade(store, firm)
    order = trade.place((firm.nut, 100))
    purchases = "采购单号,产品,数量,预计到货日\nPO1,LM-M12-Z,60,2026-03-03\nPO2,LM-M12-Z,60,2026-03-04\nPO3,LS-M8x30-Z,60,2026-03-03\n"
    assert load("inbound", purchases).new == 3
    assert [(told.order_id, told.data["date"]) for told in trade.told("progress")] == [(order.id, "2026-03-11"), (order.id, "2026-03-07")]
    with store.reading() as tx:
        events = tx.session.scalars(select(Event.data).where(Event.kind == Fact.INBOUND_CHANGED).order_by(Event.id)).all()
    assert events[2] == {"number": "PO3", "quantity": "60", "expected_on": "2026-03-03"}


def test_what_comes_in_while_purchase_orders_are_staged_is_never_more_than_ordered(store: Store, firm: Firm, load: Importer) -> None:
    trade, other = Trade(store, firm), Trade(Store(store.settings, store.clock), firm)
    trade.announce("PO1", firm.nut, 100, date(2026, 3, 9))
    came: list[object] = []

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not came and "TEMPORARY" in statement:
            came.append(other.receive(firm.nut, 80, number="PO1"))

    event.listen(store.engine, "before_cursor_execute", meanwhile)
    report = load("inbound", "采购单号,产品,数量,预计到货日\nPO1,LM-M12-Z,50,2026-03-10\n")
    other.store.close()
    assert problems(report) == ["inbound-1.csv：导入的同时有人改了资料，一行也没有导入，请再导入一次"]
    with store.reading() as tx:
        coming = tx.session.scalars(select(Inbound)).one()
    assert (coming.quantity, coming.received, coming.expected_on) == (100, 80, date(2026, 3, 9))
