"""The order page for staff, in the browser of a phone."""

from store.models import Order
from store.tokens import Signer
from tests.pages.conftest import Client


async def test_it_shows_the_order_in_force(client: Client, signer: Signer, order: Order):
    response = await client.get(f"/o/{signer.sign('order', order.no, 1)}")
    page = await response.text()
    assert response.status == 200
    places = ("主仓 A-03-1", "批次 B2601", "预占 500")
    for shown in (order.no, "锐固建材", "M12×80镀锌螺栓", "500 支", *places, "单价 ¥1.20", "¥600.00", "已配货", "赵敏", "下单"):
        assert shown in page
    assert "已经作废" not in page


async def test_what_people_typed_stays_text(client: Client, signer: Signer, order: Order):
    page = await (await client.get(f"/o/{signer.sign('order', order.no, 1)}")).text()
    assert "&lt;b&gt;小心轻放" in page
    assert "<b>" not in page


async def test_a_link_of_an_old_version_says_so(client: Client, signer: Signer, order: Order):
    page = await (await client.get(f"/o/{signer.sign('order', order.no, 0)}")).text()
    assert "第 0 版的，已经作废" in page


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
