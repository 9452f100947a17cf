"""The demo, played by its one button in a real browser, with the whole product behind it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from store.settings import Settings
from tests.scenes.conftest import Desk
from tests.support.browser import chromium
from tests.support.product import free_port

_PLAYING_MILLISECONDS = 90_000


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
