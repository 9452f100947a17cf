"""Somebody at the sandbox's page, with mouse and keyboard."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

_PATIENCE_MILLISECONDS = 20_000
"""On a busy machine; each wait ends as soon as what it waits for is there."""
_LINE = re.compile(r"(?:^(?:· )?(?:\d+、)?|→ )([^→“\n]+? × [\d,.]+[^\d\s(]+)", re.MULTILINE)


@dataclass(frozen=True)
class Visitor:
    """What a visitor does and sees, by what stands on the page."""

    page: Page

    async def be(self, name: str) -> None:
        """Takes somebody's part."""
        await self.page.locator(".person", has_text=name).first.click()

    async def say(self, text: str) -> None:
        """Types or pastes a text and sends it."""
        await self.page.get_by_label("要说的话").fill(text)
        await self.page.get_by_label("要说的话").press("Enter")

    async def press(self, button: str) -> None:
        """Presses the newest button of this name in the chat, or takes what is suggested below it and sends that."""
        found = self.page.locator("#chat .theirs button:enabled, #chips button").and_(self.page.get_by_text(button, exact=True)).last
        await found.click(timeout=_PATIENCE_MILLISECONDS)
        if await self.page.get_by_label("要说的话").input_value():
            await self.page.get_by_label("要说的话").press("Enter")

    async def hears(self, *words: str) -> Locator:
        """Waits for a message that says all of these words: the newest one."""
        found = self.page.locator("#chat .theirs:not(.typing)")
        for word in words:
            found = found.filter(has_text=word)
        await expect(found.last).to_be_visible(timeout=_PATIENCE_MILLISECONDS)
        return found.last


async def lines_of(draft: Locator) -> list[str]:
    """What a draft will place: `product × quantity`."""
    return [found.lstrip("· ") for found in _LINE.findall(await draft.inner_text())]
