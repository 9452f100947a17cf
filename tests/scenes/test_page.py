"""The demo in a real browser, with the whole product behind it: played by its one button, and by a visitor."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from orders.calendar import calendar_of
from sandbox.suggestions import Lines, spoken
from store.settings import Settings
from tests.language.test_corpus import CORPUS, parsed
from tests.scenes.conftest import Desk
from tests.scenes.visitor import Visitor, lines_of
from tests.support.browser import chromium
from tests.support.product import free_port

_PLAYING_MILLISECONDS = 90_000
_CONFIRM = "确认下单"


@dataclass(frozen=True)
class Typed:
    """An order of the corpus that somebody types as it is, and the buttons that answer what is asked back."""

    who: str
    id: str
    answers: tuple[str, ...] = ()
    settled: str = ""
    """The line that the answers settle, where the corpus expects a question."""


_TYPED = (
    Typed("赵敏", "D001", ("锐固建材",)),
    Typed("赵敏", "D002"),
    Typed("赵敏", "D007"),
    Typed("赵敏", "D025", ("恒泰建设",)),
    Typed("赵敏", "D065", ("杭州老李水电安装队",), "劳保手套 尼龙浸胶 L码 × 240双"),
    Typed("孙磊", "D005"),
    Typed("孙磊", "D030"),
    Typed("孙磊", "D032"),
    Typed("孙磊", "D046"),
    Typed("孙磊", "D084", ("1",), "钻尾螺钉 4.8×32 镀锌 × 25,000支"),
    Typed("孙磊", "D162", ("箱",), "六角螺栓 M12×80 热镀锌 8.8级 × 600支"),
    Typed("钱伟", "D003", ("加急",)),
    Typed("钱伟", "D031"),
    Typed("钱伟", "D043", ("小陈五金",)),
    Typed("钱伟", "D061"),
    Typed("钱伟", "D064", ("宁波宏达机电设备有限公司",), "六角螺栓 M8×40 镀锌 4.8级 × 1,000支"),
    Typed("李娜", "D010"),
    Typed("李娜", "D048", ("苏州精准",)),
    Typed("李娜", "D071", ("佳美", "2"), "座椅套 五座通用 黑色 × 10套"),
    Typed("李娜", "D160"),
)


@pytest.fixture
def settings(home: Path) -> Settings:
    """As `bot.py demo` runs: orders need the signatures of the matrix that ships."""
    return Settings(home=home, http_port=free_port())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_whole_journey_is_played_twice_by_one_button(desk: Desk) -> None:
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(f"{desk.sandbox.url}/sandbox?pace=0")
        for button in ("播放演示", "再放一遍"):
            await page.get_by_role("button", name=button).click()
            await expect(page.locator("#caption")).to_have_class("caption caption-playing")
            await expect(page.locator("#caption")).not_to_have_class("caption caption-playing", timeout=_PLAYING_MILLISECONDS)
            await expect(page.locator("#caption")).to_contain_text("订单走完了一生")
        await expect(page.locator(".card-wechat", has_text="已签收")).to_have_count(2)
    assert desk.sandbox.ledger.problems == []
    assert [message.overlong for message in desk.sandbox.ledger.messages.values() if message.overlong] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_twenty_orders_of_the_corpus_are_placed_as_they_are_typed(desk: Desk) -> None:
    messages = {message["id"]: message for message in map(json.loads, (CORPUS / "orders-dev.jsonl").read_text("utf-8").splitlines())}
    async with _visitor(desk) as visitor:
        for typed in _TYPED:
            expected = messages[typed.id]["expect"]
            await visitor.be(typed.who)
            await visitor.say(messages[typed.id]["text"])
            for answer in typed.answers:
                await visitor.press(answer)
            lines = [typed.settled] if typed.settled else _lines(expected)
            await visitor.hears(_CONFIRM, lines[0], *_told(expected))
            assert await lines_of(await visitor.hears(*lines)) == lines
            await visitor.press(_CONFIRM)
            await visitor.hears("已下单，待", lines[0])
    assert desk.sandbox.ledger.problems == []


def _lines(expected: dict[str, Any]) -> list[str]:
    products = {product["code"]: product for product in parsed("products.json")["products"]}
    told = ((products[line["product"]], Decimal(str(line["base_qty"]))) for line in expected["lines"])
    return [f"{product['name']} × {quantity:,f}{product['unit']}" for product, quantity in told]


def _told(expected: dict[str, Any]) -> list[str]:
    """What a draft shows besides its lines."""
    customers = {customer["id"]: customer["name"] for customer in parsed("customers.json")["customers"]}
    named = [customers[expected["customer"]]] if "customer" in expected else []
    dated = [spoken(date.fromisoformat(expected["date"]))] if "date" in expected else []
    return named + dated + expected.get("ship_to_has", [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_visitor_amends_logs_signs_bills_agrees_a_date_and_opens_the_pages(desk: Desk) -> None:
    lines = Lines(date(2026, 3, 2), calendar_of(desk.store.settings))
    async with _visitor(desk) as visitor:
        await _placed_and_signed(visitor, lines.place())
        await visitor.be("王会计")
        await visitor.say("开票 0001")
        await visitor.hears("还不能开票", "还没有沟通纪要")
        await visitor.be("赵敏")
        await visitor.say("改单 0001 数量改成800支")
        await visitor.hears("500支 → 800支", "重新审核")
        await visitor.press("确认改单")
        await visitor.hears("已改到第2版")
        await _signed(visitor)
        await visitor.be("赵敏")
        await visitor.say("沟通 0001 昨天下午3点跟王经理电话，同意按现在的日期到")
        await visitor.press("确认记录")
        await visitor.hears("已记入订单")
        await visitor.be("王会计")
        await visitor.say("开票 0001")
        await visitor.hears("已登记开票")
        await _agree_a_date(visitor, lines)
        await visitor.be("赵敏")
        await visitor.say("查单 0001")
        address = await (await visitor.hears("SO260302-0001", "800支", "查看订单")).get_by_role("link").get_attribute("href")
        await _open(visitor.page, address or "")
    assert desk.sandbox.ledger.problems == []


async def _placed_and_signed(visitor: Visitor, text: str) -> None:
    await visitor.be("赵敏")
    await visitor.say(text)
    await visitor.press(_CONFIRM)
    await visitor.hears("待财务、仓管审核")
    await _signed(visitor)


async def _signed(visitor: Visitor) -> None:
    for who in ("王会计", "吴刚"):
        await visitor.be(who)
        await visitor.press("同意")
    await visitor.hears("请配货 SO260302-0001")


async def _agree_a_date(visitor: Visitor, lines: Lines) -> None:
    """钱伟 orders more than there is, 周芳 offers a day, he accepts it."""
    await visitor.be("钱伟")
    await visitor.say(lines.place_for_group(9000))
    await visitor.press(_CONFIRM)
    await visitor.hears("交期待商定")
    await visitor.be("周芳")
    await visitor.say(lines.offer("0002"))
    await visitor.hears("交期待商定 SO260302-0002", spoken(lines.sure))
    await visitor.be("钱伟")
    await visitor.hears("提议", spoken(lines.sure))
    await visitor.press("接受")
    await visitor.hears("已定", spoken(lines.sure))


async def _open(page: Page, address: str) -> None:
    """The order's page as its QR code opens it, its former version, and the signed record."""
    await page.goto(address)
    await expect(page.get_by_role("heading", name="第 2 版")).to_be_visible()
    await expect(page.locator("svg")).to_be_visible()
    record = page.get_by_role("link", name="审批存证")
    while not await record.count():  # a worker signs it
        await page.reload()
    answer = await page.request.get(f"{page.url.partition('/o/')[0]}{await record.get_attribute('href')}")
    assert (answer.status, answer.headers["content-type"], (await answer.body())[:5]) == (200, "application/pdf", b"%PDF-")
    await page.get_by_role("link", name="看改动前的第 1 版").click()
    await page.get_by_role("link", name="第 1 版已作废，不能照它办").click()
    await expect(page.get_by_role("heading", name="第 2 版 生效中")).to_be_visible()


@asynccontextmanager
async def _visitor(desk: Desk) -> AsyncIterator[Visitor]:
    async with chromium() as browser:
        page = await browser.new_page(reduced_motion="reduce")
        await page.goto(f"{desk.sandbox.url}/sandbox")
        yield Visitor(page)
