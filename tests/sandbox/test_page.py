"""The page in a real browser: what a visitor sees and does."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, ViewportSize, expect

from sandbox.people import PERSONAS
from sandbox.server import Sandbox
from tests.sandbox.conftest import Call, Product
from tests.sandbox.test_dingtalk import CREATE, Api
from tests.sandbox.test_dingtalk import card as dingtalk_card
from tests.sandbox.test_wechat_and_tracking import subscribe, wechat
from tests.sandbox.test_wecom_api import card, text
from tests.support.browser import chromium
from tests.support.clock import TestClock

DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    """A desktop, unless the test is parametrised with `both_widths`."""
    size: ViewportSize = getattr(request, "param", DESKTOP)
    return size


both_widths = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"], indirect=True)


@pytest.fixture
async def page(sandbox: Sandbox, viewport: ViewportSize) -> AsyncIterator[Page]:
    """The page; a script error or a request to elsewhere fails the test."""
    wrong: list[str] = []
    async with chromium() as browser:
        page = await browser.new_page(viewport=viewport)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((sandbox.url, "data:")) else wrong.append(request.url))
        await page.goto(f"{sandbox.url}/sandbox")
        await expect(page.locator(".person")).to_have_count(len(PERSONAS))
        yield page
        await page.close()
    assert not wrong


async def be(page: Page, name: str) -> None:
    await page.locator(".person", has_text=name).first.click()


@both_widths
async def test_a_visitor_types_and_sees_the_answer(page: Page, sandbox: Sandbox, product: tuple[Product, int]) -> None:
    product[0].reply = "<xml><MsgType>text</MsgType><Content>锐固建材 1 张订单 &lt;b&gt;</Content></xml>"
    await page.get_by_label("要说的话").fill("查单 锐固")
    await page.get_by_role("button", name="发送").click()
    chat = page.get_by_role("log", name="聊天记录")
    await expect(chat.locator(".mine")).to_contain_text("查单 锐固")
    await expect(chat.locator(".theirs .bubble")).to_have_text("锐固建材 1 张订单 <b>")
    assert "查单 锐固" in product[0].came[0]


async def test_a_chip_fills_the_typing_box(page: Page) -> None:
    chip = page.locator("#chips button").first
    await expect(chip).to_contain_text("下单 锐固建材")
    await chip.click()
    assert (await page.get_by_label("要说的话").input_value()).endswith("到")


async def test_a_pasted_order_keeps_its_lines(page: Page, product: tuple[Product, int]) -> None:
    box = page.get_by_label("要说的话")
    await box.fill("永固订单：\nM8平垫 5包")
    await box.press("Enter")
    await expect(page.get_by_role("log", name="聊天记录").locator(".mine")).to_contain_text("永固订单")
    assert "永固订单：\nM8平垫 5包" in product[0].came[0]
    assert await box.input_value() == ""


async def test_a_wecom_card_is_pressed_and_changes_in_place(page: Page, product: tuple[Product, int], wecom: Call) -> None:
    await wecom("message/send", card())
    product[0].reply = "<xml><MsgType>update_button</MsgType><Button><ReplaceName>已下单</ReplaceName></Button></xml>"
    shown = page.locator(".card-wecom")
    await shown.get_by_role("button", name="确认下单").click()
    await expect(shown.get_by_role("button", name="已下单")).to_be_disabled()
    await expect(shown).to_have_count(1)


async def test_a_dingtalk_card_is_pressed_and_changes_in_place(
    page: Page, sandbox: Sandbox, product: tuple[Product, int], dingtalk: Api
) -> None:
    url = f"http://127.0.0.1:{product[1]}/dingtalk/card"
    await dingtalk("POST", "/v1.0/card/callbacks/register", {"callbackRouteKey": "gendan", "callbackUrl": url, "apiSecret": "s"})
    await dingtalk("POST", CREATE, dingtalk_card())
    product[0].reply = json.dumps({"cardData": {"cardParamMap": {"title": "已下单", "status": "已审核"}}})
    await be(page, "钱伟")
    await page.get_by_role("button", name="确认下单").click()
    await expect(page.locator(".card-dingtalk h4")).to_have_text("已下单")
    await expect(page.locator(".card-dingtalk button")).to_have_count(0)


@both_widths
async def test_news_for_somebody_else_show_as_a_badge_until_they_are_read(page: Page, wecom: Call, viewport: ViewportSize) -> None:
    await wecom("message/send", text(to="wugang", content="请拣货"))
    badge = page.locator(".person", has_text="吴刚").locator(".badge")
    await expect(badge).to_have_text("1")
    await be(page, "吴刚")
    await expect(badge).to_have_count(0)
    await expect(page.locator(".bubble")).to_have_text("请拣货")


async def test_the_customer_reads_and_cannot_write(page: Page, sandbox: Sandbox, http: ClientSession) -> None:
    await wechat(sandbox, http)
    await be(page, "锐固建材")
    await expect(page.locator(".card-wechat")).to_contain_text("SO260302-0007")
    box = page.get_by_label("要说的话")
    await expect(box).to_be_hidden()
    await be(page, "赵敏")
    shown = await box.bounding_box()
    assert shown
    assert shown["height"] > 30


async def open_panel(page: Page, viewport: ViewportSize) -> None:
    if viewport == PHONE:
        await page.get_by_role("button", name="控制台").click()


async def test_the_clock_is_moved_by_a_button(page: Page, viewport: ViewportSize, clock: TestClock) -> None:
    await open_panel(page, viewport)
    await expect(page.locator("#clock")).to_have_text("3月2日 周一 09:30")
    await page.get_by_role("button", name="+48 小时").click()
    await expect(page.locator("#clock")).to_have_text("3月4日 周三 09:30")


async def test_a_trace_is_pushed_for_a_subscribed_waybill(
    page: Page, viewport: ViewportSize, sandbox: Sandbox, http: ClientSession, product: tuple[Product, int]
) -> None:
    await open_panel(page, viewport)
    await expect(page.get_by_role("button", name="签收")).to_be_disabled()
    await subscribe(sandbox, http, product[1])
    await page.get_by_role("button", name="签收").click()
    await expect(page.locator("#log")).to_contain_text("轨迹 SF1234567890123 签收")
    assert len(product[0].came) == 1


@both_widths
async def test_the_demo_says_where_it_stopped_when_the_product_does_not_answer(
    page: Page, viewport: ViewportSize, sandbox: Sandbox
) -> None:
    await open_panel(page, viewport)
    await page.get_by_role("button", name="播放演示").click()
    await expect(page.locator("#caption-title")).to_have_text("打一行字下单")
    await open_panel(page, viewport)
    await page.get_by_role("button", name="停止演示").click()
    await expect(page.locator("#caption")).to_be_hidden()
    assert sandbox.scene.state == {"state": "idle"}


@both_widths
async def test_an_empty_chat_says_whose_it_is_and_what_to_say(page: Page) -> None:
    await be(page, "王会计")
    await expect(page.locator(".empty")).to_contain_text("王会计 · 财务")
    await expect(page.locator("#chips.starters button").first).to_be_visible()
    await be(page, "赵敏")
    pasted = page.locator("#chips button", has_text="建工三分公司订单")
    await pasted.click()
    assert len((await page.get_by_label("要说的话").input_value()).splitlines()) > 4


@both_widths
async def test_the_coach_leads_from_one_thing_to_the_next(page: Page, sandbox: Sandbox, wecom: Call) -> None:
    coach = page.get_by_label("下一步可以试")
    await expect(coach).to_contain_text("下一张单")
    await coach.get_by_role("button", name="去试试").click()
    assert (await page.get_by_label("要说的话").input_value()).startswith("下单 锐固建材")
    await wecom("message/send", text(to="wugang", content="订单 SO260302-0007 待您审核"))
    await expect(coach).to_contain_text("审核会签")
    await coach.get_by_role("button", name="去试试").click()
    await expect(page.locator(".person[aria-current]")).to_contain_text("王会计")
    await coach.get_by_role("button", name="不再提示").click()
    await page.reload()
    await expect(page.locator(".person")).to_have_count(len(PERSONAS))
    await expect(coach).to_be_hidden()


@both_widths
async def test_a_question_for_the_customer_is_answered_by_a_chip(page: Page, wecom: Call) -> None:
    await wecom("message/send", text(to="zhaomin", content="【待回答】哪个客户？"))
    await expect(page.locator("#chips button").first).to_have_text("锐固建材")


@both_widths
async def test_a_card_that_changes_further_up_comes_into_sight(page: Page, product: tuple[Product, int], wecom: Call) -> None:
    await wecom("message/send", card())
    for number in range(12):
        await wecom("message/send", text(to="zhaomin", content=f"{number}\n" * 6))
    shown = page.locator(".card-wecom")
    await expect(shown).not_to_be_in_viewport()
    product[0].reply = "<xml><MsgType>update_button</MsgType><Button><ReplaceName>已下单</ReplaceName></Button></xml>"
    await shown.get_by_role("button", name="确认下单").dispatch_event("click")
    await expect(shown.get_by_role("button", name="已下单")).to_be_in_viewport()


async def test_the_page_is_dark_at_night(page: Page) -> None:
    async def brightness() -> int:
        shade = await page.evaluate("getComputedStyle(document.querySelector('#phone')).backgroundColor")
        return sum(int(part) for part in shade.removeprefix("rgb(").removesuffix(")").split(","))

    assert await brightness() > 3 * 200
    await page.emulate_media(color_scheme="dark")
    assert await brightness() < 3 * 50
