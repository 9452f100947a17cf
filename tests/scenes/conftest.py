"""The whole desk over the wire: the product's own processes, the stand-in platforms, a clock that both read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from redis import Redis

from sandbox.callbacks import buttons_of
from sandbox.firm import load_sample_firm
from sandbox.ledger import ChatMessage
from sandbox.server import Sandbox, SandboxInThread, in_thread
from store.clock import MovableClock
from store.embedded import leave, redis_url
from store.queues import connect
from store.settings import Settings
from store.transaction import Store
from tests.support.approvals import NO_APPROVALS
from tests.support.product import Product, free_port, running_product
from tests.support.servers import own_folder

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Desk:
    """What a scene acts on: people at the stand-ins, the product, and a look into its database."""

    threaded: SandboxInThread
    product: Product
    store: Store
    redis: Redis

    @property
    def sandbox(self) -> Sandbox:
        return self.threaded.sandbox

    def say(self, who: str, text: str) -> None:
        answer = self.threaded.do(self.sandbox.say(who, text))
        assert answer.status == 200, answer

    def press(self, message: ChatMessage, button: str) -> None:
        answer = self.threaded.do(self.sandbox.press(message.id, button))
        assert answer.status == 200, answer

    def trace(self, waybill: str, text: str, state: str) -> None:
        answer = self.threaded.do(self.sandbox.push_trace(waybill, text, state))
        assert answer.status == 200, answer

    def wait(self, who: str, *texts: str, seconds: float = 20) -> ChatMessage:
        """The newest message of the other side in `who`'s chat that says all of `texts`."""

        def find() -> ChatMessage | None:
            said = [message for message in self.sandbox.messages(who) if not message.mine]
            return next((message for message in reversed(said) if all(text in str(message.content) for text in texts)), None)

        try:
            found = self.threaded.do(self.sandbox.until(find, seconds))
        except TimeoutError:
            heard = [str(message.content)[:300] for message in self.sandbox.messages(who)]
            raise AssertionError(f"{who} never heard {texts}, but: {heard}") from None
        assert found is not None
        return found

    def card(self, who: str, button: str, *texts: str, seconds: float = 20) -> ChatMessage:
        """The newest card in `who`'s chat that has this button and says all of `texts`."""

        def find() -> ChatMessage | None:
            cards = (each for each in reversed(self.sandbox.messages(who)) if button in buttons_of(each))
            return next((each for each in cards if all(text in str(each.content) for text in texts)), None)

        found = self.threaded.do(self.sandbox.until(find, seconds))
        assert found
        return found

    def count(self, who: str, *texts: str) -> int:
        """How many messages of the other side in `who`'s chat say all of `texts`."""
        said = [message for message in self.sandbox.messages(who) if not message.mine]
        return sum(all(text in str(message.content) for text in texts) for message in said)

    def look(self, query: Any) -> list[Any]:
        """Rows of the database as they are now."""
        with self.store.reading() as tx:
            return list(tx.session.execute(query).all())


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a path short enough for the embedded Redis' socket."""
    with own_folder("scene-") as folder:
        yield folder


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, trade=NO_APPROVALS, http_port=free_port())


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """The sample firm at work on one database, on Monday 2026-03-02, 09:30 in Shanghai."""
    settings = settings.model_copy(update={"database_url": database_url})
    redis = connect(redis_url(settings))
    clock = MovableClock(redis)
    clock.set_to(MONDAY)
    store = Store(settings, clock)
    try:
        load_sample_firm(store)
        with in_thread(settings, clock) as threaded, running_product(threaded.sandbox.settings) as product:
            yield Desk(threaded, product, store, redis)
    finally:
        store.close()
        redis.close()
        leave(settings)
