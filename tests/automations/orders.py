"""Orders for the tests of the rules, written straight into the tables: what matters here is what time and stock do to them."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import text

from store.models import Fulfilment, Order, OrderLine, Product, Stage
from store.transaction import Store, Transaction
from tests.support.firm import Firm


def refuse_messages_of(store: Store, order: Order) -> None:
    """From now on the database takes no message about this order, so that whatever tells of it fails."""
    refuse = {
        "sqlite": f"CREATE TRIGGER refuse BEFORE INSERT ON outbox WHEN NEW.order_id = {order.id} BEGIN SELECT RAISE(ABORT, 'no'); END",
        "postgresql": f"ALTER TABLE outbox ADD CONSTRAINT refuse CHECK (order_id <> {order.id}) NOT VALID",
    }
    with store.transaction() as tx:
        tx.connection.execute(text(refuse[tx.connection.dialect.name]))


def order_for(tx: Transaction, firm: Firm, sequence: int, stage: Stage = Stage.APPROVED, ship_at: datetime | None = None) -> Order:
    """An order of 锐固建材 by 赵敏, without lines."""
    order = Order(
        no=f"SO260302-{sequence:04}",
        day=tx.today,
        sequence=sequence,
        stage=stage,
        customer_id=firm.ruigu.id,
        salesperson_id=firm.zhaomin.id,
        promised_ship_at=ship_at,
        created_at=tx.now,
    )
    tx.session.add(order)
    tx.session.flush()
    return order


def line_for(tx: Transaction, order: Order, product: Product, quantity: int) -> OrderLine:
    """A line of the order, nothing of it reserved."""
    line = OrderLine(order=order, position=len(order.lines) + 1, product=tx.session.merge(product), quantity=Decimal(quantity))
    tx.session.add(line)
    tx.session.flush()
    return line


def parcel_for(tx: Transaction, firm: Firm, sequence: int, waybill_from: str = "person", silent: timedelta = timedelta()) -> Fulfilment:
    """A shipped order's parcel, without a trace since `silent`."""
    order = order_for(tx, firm, sequence, Stage.SHIPPED)
    shipped_at = tx.now - silent
    parcel = Fulfilment(
        order=order,
        warehouse="主仓",
        stage=Stage.SHIPPED,
        carrier="顺丰",
        carrier_code="shunfeng",
        waybill=f"SF{sequence:013}",
        waybill_from=waybill_from,
        shipped_at=shipped_at,
        moved_at=shipped_at,
    )
    tx.session.add(parcel)
    tx.session.flush()
    return parcel
