"""The order page for staff, in the browser of a phone."""

import asyncio
import re
from decimal import Decimal

import pytest

from automations.recording import record_ended
from orders.deciding import decide
from orders.steps import APPROVE
from pages.order_page import order_page
from store.models import Order, Snapshot, Staff
from store.tokens import Signer
from store.transaction import Store
from tests.pages.conftest import Client, placed
from tests.support.approvals import use_matrix
from tests.support.firm import Firm


@pytest.fixture
def amended(store: Store, order: Order) -> Order:
    """The same in its second version: 800 bolts."""
    with store.transaction() as tx:
        changed = tx.session.get_one(Order, order.id)
        changed.version, changed.lines[0].quantity = 2, Decimal(800)
        change = {"kind": "quantity", "what": "M12×80镀锌螺栓 数量", "before": "500支", "after": "800支"}
        second = {"changes": [change], "impact": "加量300支", "content": {}, "at": tx.now, "hash": "2", "previous_hash": "1"}
        tx.session.add(Snapshot(order_id=order.id, version=2, staff_id=changed.salesperson_id, **second))
        return changed


async def test_it_shows_the_order_in_force(client: Client, signer: Signer, order: Order):
    response = await client.get(f"/o/{signer.sign('order', order.no, 1)}")
    page = await response.text()
    assert response.status == 200
    places = ("主仓 A-03-1", "批次 B2601", "预占 500")
    for shown in (order.no, "锐固建材", "M12×80镀锌螺栓", "500 支", *places, "单价 ¥1.20", "¥600.00", "已配货", "赵敏", "下单"):
        assert shown in page
    assert "已作废" not in page


async def test_what_leaves_at_different_times_is_shown_to_sales_and_to_the_warehouse(
    client: Client, signer: Signer, store: Store, order: Order
):
    with store.transaction() as tx:
        parts = [{"quantity": "300", "date": "2026-03-09"}, {"quantity": "200", "date": None}]
        tx.session.get_one(Order, order.id).lines[0].splits = parts
    for link in (signer.sign("order", order.no, 1), signer.sign("order", order.no, 1, "主仓")):
        page = await (await client.get(f"/o/{link}")).text()
        assert "<span>分批</span><span>300 支 3月9日 周一，200 支 尽快</span>" in page


async def test_who_gets_the_goods_is_shown_to_sales_and_to_the_warehouse(client: Client, signer: Signer, store: Store, order: Order):
    with store.transaction() as tx:
        placed = tx.session.get_one(Order, order.id)
        placed.contact, placed.phone, placed.carrier, placed.freight_collect = "李工", "13912345678", "德邦", True
    for link in (signer.sign("order", order.no, 1), signer.sign("order", order.no, 1, "主仓")):
        page = await (await client.get(f"/o/{link}")).text()
        assert "<dt>收货人</dt><dd>李工 13912345678</dd>" in page
        assert "<dt>指定快递</dt><dd>德邦，到付</dd>" in page
    with store.transaction() as tx:
        tx.session.get_one(Order, order.id).pickup = True
    assert "客户自提" in await (await client.get(f"/o/{link}")).text()


async def test_what_people_typed_stays_text(client: Client, signer: Signer, order: Order):
    page = await (await client.get(f"/o/{signer.sign('order', order.no, 1)}")).text()
    assert "&lt;b&gt;小心轻放" in page
    assert "<b>" not in page


async def test_the_code_of_an_old_version_shows_it_grey_with_the_way_to_the_one_in_force(client: Client, signer: Signer, amended: Order):
    page = await (await client.get(f"/o/{signer.sign('order', amended.no, 1)}")).text()
    assert "第 1 版已作废，不能照它办" in page
    assert "500 支" in page
    assert "800 支" not in page

    current = await (await client.get(re.findall('class="banner" href="([^"]+)"', page)[0])).text()
    for shown in ("第 2 版", "生效中", "800 支", "M12×80镀锌螺栓 数量：<del>500支</del> → 800支", "影响：加量300支"):
        assert shown in current
    assert "已作废" not in current


async def test_a_version_that_never_was_is_void_too(client: Client, signer: Signer, order: Order):
    page = await (await client.get(f"/o/{signer.sign('order', order.no, 0)}")).text()
    assert "第 0 版已作废" in page
    assert "没有这一版" in page


async def test_a_warehouse_sees_its_own_part_without_prices(client: Client, signer: Signer, order: Order):
    page = await (await client.get(f"/o/{signer.sign('order', order.no, 1, '主仓')}")).text()
    for shown in ("配货单 1 项", "A-03-1", "500 支", "杭州市余杭区", "第 1 版"):
        assert shown in page
    assert "¥" not in page
    other = await (await client.get(f"/o/{signer.sign('order', order.no, 1, '萧山仓')}")).text()
    assert "在萧山仓没有要配的货" in other
    assert "A-03-1" not in other


async def test_the_page_carries_the_code_that_leads_to_it_where_a_phone_can_open_it(store: Store, order: Order):
    public = store.settings.model_copy(update={"public_url": "https://desk.example.com"})
    for settings, drawn in ((store.settings, False), (public, True)):
        with store.reading() as tx:
            tx.settings = settings
            template, shown = order_page(tx, order.no, "1") or ("", {})
        assert template == "order.html"
        assert shown["qr"].startswith("<svg") == drawn


async def test_nothing_is_loaded_from_elsewhere_or_kept(client: Client, signer: Signer, order: Order):
    response = await client.get(f"/o/{signer.sign('order', order.no, 1)}")
    page = await response.text()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


async def test_another_link_leads_nowhere(client: Client, signer: Signer, order: Order):
    for path in (
        f"/o/{signer.sign('progress', order.no)}",
        f"/o/{signer.sign('order', 'SO260302-9999', 1)}",
        f"/o/{signer.sign('order', order.no, 1)[:-2]}",
        f"/o/{order.no}",
        f"/t/{signer.sign('order', order.no, 1)}",
        f"/t/{Signer(b'another').sign('progress', order.no)}",
        "/t/%ff%00",
    ):
        response = await client.get(path)
        assert response.status == 404
        assert "打不开这个链接" in await response.text()


async def test_the_signatures_and_their_signed_record_are_there(client: Client, signer: Signer, store: Store, firm: Firm):
    use_matrix(store)
    order = placed(store, firm, 500)
    token = signer.sign("order", order.no, 1)
    assert (await client.get(f"/o/{token}/evidence.pdf")).status == 404
    for person in (firm.wangkuaiji, firm.wugang):
        with store.transaction() as tx:
            decide(tx, tx.session.get_one(Order, order.id), tx.session.get_one(Staff, person.id), APPROVE, "wecom")
    await asyncio.to_thread(record_ended, store)
    page = await (await client.get(f"/o/{token}")).text()
    for shown in ("财务、仓库会签", "已通过", "王会计 同意", "吴刚 同意", f"/o/{token}/evidence.pdf"):
        assert shown in page
    record = await client.get(f"/o/{token}/evidence.pdf")
    assert (record.status, record.content_type) == (200, "application/pdf")
    assert b"/Sig" in await record.read()
    forged = signer.sign("progress", order.no)
    assert (await client.get(f"/o/{forged}/evidence.pdf")).status == 404
    assert (await client.get(f"/o/{signer.sign('order', order.no, 1, '主仓')}/evidence.pdf")).status == 404
