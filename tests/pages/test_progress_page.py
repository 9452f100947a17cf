"""The progress page: where the order is, and nothing that its customer has no business with."""

from datetime import timedelta

from orders.fulfilment import ship, sign
from orders.tracing import Trace, trace
from store.models import Order
from store.tokens import Signer
from store.transaction import Store
from tests.pages.conftest import Client, placed
from tests.support.clock import TestClock
from tests.support.firm import Firm


async def page_of(client: Client, signer: Signer, order: Order) -> str:
    response = await client.get(f"/t/{signer.sign('progress', order.no)}")
    assert response.status == 200
    return await response.text()


def shipped(store: Store, firm: Firm, order: Order) -> None:
    with store.transaction() as tx:
        ship(tx, tx.session.get_one(Order, order.id), "顺丰", "SF1234567890123", tx.session.merge(firm.wugang))


async def test_it_shows_where_the_order_is(client: Client, signer: Signer, order: Order):
    page = await page_of(client, signer, order)
    for shown in (order.no, "锐固建材", "预计送达", "已通过审核并配货，等待出库", "M12×80镀锌螺栓", "500 支", 'class="now"'):
        assert shown in page


async def test_it_shows_the_parcel_and_its_way(store: Store, firm: Firm, clock: TestClock, client: Client, signer: Signer, order: Order):
    shipped(store, firm, order)
    assert "还没有更新轨迹" in await page_of(client, signer, order)
    clock.forward(timedelta(hours=5))
    with store.transaction() as tx:
        trace(tx, "shunfeng", "SF1234567890123", [Trace(clock.now(), "【杭州】快件已发往宁波", None, "in_transit")], delivered=False)
    page = await page_of(client, signer, order)
    for shown in ("顺丰", "SF1234567890123", "【杭州】快件已发往宁波", "已发货"):
        assert shown in page


async def test_it_says_when_all_is_signed(store: Store, firm: Firm, client: Client, signer: Signer, order: Order):
    shipped(store, firm, order)
    with store.transaction() as tx:
        sign(tx, tx.session.get_one(Order, order.id), tx.session.merge(firm.zhaomin))
    page = await page_of(client, signer, order)
    assert "已签收" in page
    assert "预计送达" not in page


async def test_it_keeps_prices_people_and_others_to_itself(store: Store, firm: Firm, client: Client, signer: Signer, order: Order):
    placed(store, firm, 100, customer="hongda")
    shipped(store, firm, order)
    page = (await page_of(client, signer, order)).partition("</style>")[2]
    for hidden in ("¥", "600", "1.2", "13600001234", "13800000001", "赵敏", "吴刚", "宏达", "A-03-1", "B2601", "小心轻放"):
        assert hidden not in page
