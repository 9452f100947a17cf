"""The page of a draft: every line to check before it is confirmed, and the truth about a draft that is over."""

from datetime import timedelta
from pathlib import Path

import pytest

from handlers import desk
from platforms.words import Message, Platform, Reply
from store.models import Order, Staff
from store.settings import Settings
from store.transaction import Store
from tests.pages.conftest import Client
from tests.support.approvals import NO_APPROVALS
from tests.support.clock import TestClock
from tests.support.firm import Firm

WISH = "下单 锐固建材 3月20日到\n" + "\n".join(f"M12×80镀锌螺栓 {quantity}支" for quantity in range(101, 141))
PUBLIC = "https://gendan.example.com"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, trade=NO_APPROVALS, public_url=PUBLIC)


def said(store: Store, firm: Firm, text: str) -> Reply:
    desk.prepare(store)
    with store.transaction() as tx:
        return desk.answer(tx, tx.session.get_one(Staff, firm.zhaomin.id), Message(Platform.WECOM, text, "zhaomin", text))


def path(draft: Reply) -> str:
    url = str(draft.data["url"])
    assert url.startswith(f"{PUBLIC}/d/")
    return url.removeprefix(PUBLIC)


async def test_all_forty_lines_are_shown_with_their_numbers(client: Client, store: Store, firm: Firm):
    response = await client.get(path(said(store, firm, WISH)))
    page = await response.text()
    assert response.status == 200
    for number in range(1, 41):
        assert f"<strong>{number}、M12×80镀锌螺栓</strong><span>{100 + number} 支</span>" in page
    for shown in ("锐固建材", "40 行", "待确认", "3月20日 周五", "¥5,784.00", "赵敏"):
        assert shown in page


async def test_a_corrected_draft_has_a_page_of_its_own_and_the_former_says_that_it_is_over(client: Client, store: Store, firm: Firm):
    former = path(said(store, firm, WISH))
    corrected = path(said(store, firm, "第25行改成900"))
    assert "125 支" not in (page := await (await client.get(corrected)).text())
    assert "已改：第25行 M12×80镀锌螺栓 900支" in page
    assert "已经过时" in (old := await (await client.get(former)).text())
    assert "125 支" not in old


async def test_a_question_in_between_takes_no_draft_away(client: Client, store: Store, firm: Firm):
    draft = path(said(store, firm, WISH))
    said(store, firm, "沟通")
    assert "140 支" in await (await client.get(draft)).text()


async def test_a_draft_that_was_placed_leads_to_its_order(client: Client, store: Store, firm: Firm):
    draft = path(said(store, firm, WISH))
    said(store, firm, "确认")
    page = await (await client.get(draft)).text()
    with store.reading() as tx:
        order = tx.session.query(Order).one()
    assert "已经下单" in page
    order_page = page.split('href="')[1].split('"')[0]
    assert order.no in await (await client.get(order_page)).text()


async def test_a_draft_that_was_dropped_or_lapsed_says_so(client: Client, store: Store, firm: Firm, clock: TestClock):
    dropped = path(said(store, firm, WISH))
    said(store, firm, "算了")
    assert "已经放弃" in await (await client.get(dropped)).text()
    late = path(said(store, firm, WISH))
    clock.forward(timedelta(minutes=31))
    assert "已经作废" in await (await client.get(late)).text()


async def test_only_a_link_of_ours_opens_a_draft(client: Client, store: Store, firm: Firm):
    draft = path(said(store, firm, WISH))
    for forged in (draft[:-1], f"{draft}A", "/d/x", draft.replace("/d/", "/o/"), draft.replace("/d/", "/t/")):
        response = await client.get(forged)
        assert response.status == 404
        assert "锐固" not in await response.text()
