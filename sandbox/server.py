"""All stand-ins in one server on one port, with the page in front: for the demo in a process of its own, for tests inside theirs."""

import asyncio
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from aiohttp import ClientSession, web
from yarl import URL

from sandbox.callbacks import Answer, buttons_of
from sandbox.control import add_control
from sandbox.dingtalk.api import DingTalk
from sandbox.dingtalk.callback import DingTalkCaller
from sandbox.faults import Faults
from sandbox.kuaidi100 import Kuaidi100
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import chat_of, directory_of_the_firm
from sandbox.scene import ScenePlayer
from sandbox.settings import demo_settings
from sandbox.wechat import WeChat
from sandbox.wecom.api import WeCom
from sandbox.wecom.callback import WeComCaller
from store.clock import Clock, MovableClock
from store.embedded import leave, redis_url
from store.queues import connect
from store.settings import Settings

_Result = TypeVar("_Result")
_HOST = "127.0.0.1"


class MovingClock(Clock, Protocol):
    """A clock that the page's buttons can move on."""

    def forward(self, by: timedelta) -> None:
        """Moves the time on for everybody who reads this clock."""
        ...


class Sandbox:
    """The stand-ins while they run: `async with Sandbox(settings, clock) as sandbox`.

    `sandbox.settings` are the given ones with every platform pointing here: start the product with them. It is called
    back at their `http_port`, so choose a free one first.
    """

    def __init__(self, settings: Settings, clock: MovingClock, port: int = 0) -> None:
        self.clock = clock
        self.ledger = Ledger(clock)
        self.faults = Faults()
        self.directory = directory_of_the_firm()
        self.scene = ScenePlayer(self)
        self._base, self._port = settings, port

    async def start(self) -> None:
        """Listens and is ready. Raises OSError when the port is taken."""
        listening = socket.create_server((self._base.http_host if self._port else _HOST, self._port))
        self.settings = demo_settings(self._base, listening.getsockname()[1])
        self.url = f"http://{_HOST}:{listening.getsockname()[1]}"
        self._session = ClientSession()
        self._build(f"http://{_HOST}:{self.settings.http_port}")
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()

    async def stop(self) -> None:
        """Closes every connection and stops listening."""
        await self.scene.stop()
        await self._runner.cleanup()
        await self._session.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    def _build(self, product: str) -> None:
        settings, ledger = self.settings, self.ledger
        self.wecom = WeCom(settings, ledger, self.faults, self.directory)
        self.dingtalk = DingTalk(settings, ledger, self.faults, self.directory)
        self.wechat = WeChat(settings, ledger, self.faults, self.directory)
        self.kuaidi100 = Kuaidi100(settings, ledger, self.faults, self._session)
        self.wecom_caller = WeComCaller(self.wecom, ledger, self._session, f"{product}/wecom/callback")
        self.dingtalk_caller = DingTalkCaller(
            self.dingtalk, ledger, self._session, f"{product}/dingtalk/robot", settings.dingtalk.oapi_base
        )
        self.wecom.callback_url = self.wecom_caller.url

    def _app(self) -> web.Application:
        app = web.Application()
        app.add_subapp("/wecom", self.wecom.app())
        app.add_subapp("/dingtalk", self.dingtalk.app())
        app.add_subapp("/wechat", self.wechat.app())
        app.add_subapp("/kuaidi100", self.kuaidi100.app())
        add_control(app, self)
        return app

    # what people do

    async def say(self, who: str, text: str) -> Answer:
        """A persona writes in a chat with the desk; `who` is its key or a chat's name (`dingtalk/zhoufang`)."""
        platform, person = chat_of(who).split("/")
        return await self._caller(platform).say(person, text)

    async def press(self, message_id: str, button: int | str) -> Answer:
        """The reader of a card presses a button, by its place or its text. Raises KeyError or ValueError."""
        message = self.ledger.messages[message_id]
        texts = buttons_of(message)
        index = texts.index(button) if isinstance(button, str) else button
        return await self._caller(message.chat.split("/")[0]).press(message, index)

    async def push_trace(self, waybill: str, text: str, state: str = "在途", place: str = "") -> Answer:
        """The tracking service pushes a new trace. Raises KeyError for a waybill that nobody subscribed."""
        return await self.kuaidi100.push(waybill, text, state, place)

    def forward(self, by: timedelta) -> None:
        """Moves the time on for the stand-ins and the product alike."""
        self.clock.forward(by)
        now = self.clock.now().astimezone(self.settings.zone)
        self.ledger.note("clock", "clock", f"时间快进到 {now:%m月%d日 %H:%M}")
        self.ledger.announce({"now": now.isoformat()})

    def _caller(self, platform: str) -> WeComCaller | DingTalkCaller:
        callers: dict[str, WeComCaller | DingTalkCaller] = {"wecom": self.wecom_caller, "dingtalk": self.dingtalk_caller}
        if platform not in callers:
            raise ValueError(f"nobody can write to the desk in {platform}")
        return callers[platform]

    # what there is to see

    def messages(self, who: str) -> list[ChatMessage]:
        """The messages of a persona's chat, oldest first."""
        return self.ledger.chats[chat_of(who)]

    @property
    def calls(self) -> Counter[str]:
        """How often each API was called, by names such as `wecom message/send`."""
        return self.ledger.calls

    async def until(self, condition: Callable[[], _Result], seconds: float = 15) -> _Result:
        """What `condition` gives as soon as it is true. Raises TimeoutError after real `seconds`."""
        return await self.ledger.until(condition, seconds)


class SandboxInThread:
    """A sandbox for tests that are not asynchronous: it runs beside them, `do` carries a coroutine over."""

    def __init__(self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop) -> None:
        self.sandbox, self._loop = sandbox, loop

    def do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Runs `work` beside the sandbox and gives its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@contextmanager
def in_thread(settings: Settings, clock: MovingClock, port: int = 0) -> Iterator[SandboxInThread]:
    """A running sandbox in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sandbox", daemon=True)
    thread.start()
    running = SandboxInThread(Sandbox(settings, clock, port), loop)
    running.do(running.sandbox.start())
    try:
        yield running
    finally:
        running.do(running.sandbox.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def serve(settings: Settings) -> None:
    """Runs the stand-ins and the page until the process is told to end; `settings` are those of `demo_settings`."""
    redis = connect(redis_url(settings))
    try:
        asyncio.run(_serve(Sandbox(settings, MovableClock(redis), URL(settings.wecom.api_base).port or 0)))
    finally:
        redis.close()
        leave(settings)


async def _serve(sandbox: Sandbox) -> None:
    async with sandbox:
        await _told_to_end()


async def _told_to_end() -> None:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    await ending.wait()
