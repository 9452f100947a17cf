"""What the stand-ins remember: the chats as people see them, every call, and what happened. In memory, for one run."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from store.clock import Clock

_Found = TypeVar("_Found")
_KEPT = 5000
"""Calls and notes that are kept; older ones are forgotten, since a demo may run for days."""
_GLANCE_SECONDS = 0.2


@dataclass
class ChatMessage:
    """One message in one chat, as its reader sees it now."""

    id: str
    chat: str
    """`wecom/zhaomin`, `dingtalk/qianwei`, `wechat/openid-ruigu`, `group/stock`."""
    form: str
    """text, markdown, template_card, interactive_card, action_card, todo, template_message …"""
    content: dict[str, Any]
    """The platform's own JSON of this form."""
    at: datetime
    mine: bool = False
    """Written by the person whose chat it is; a group has no such messages."""
    pressed: str = ""
    """Text of the button that was pressed last."""
    changes: int = 0
    """How often it was changed in place."""
    overlong: list[str] = field(default_factory=list)
    """Texts that the platform's clients cut off; the card arrives all the same."""
    handle: str = ""
    """The platform's own name for it: msgid and member, outTrackId, to-do id."""

    def public(self) -> dict[str, Any]:
        """What the page is told."""
        return {**vars(self), "at": self.at.isoformat()}


@dataclass
class Call:
    """A request that the product made, and how it was answered."""

    name: str
    """`wecom message/send`, `dingtalk /v1.0/card/instances` …"""
    body: Any
    answer: Any
    status: int
    at: datetime


@dataclass
class Note:
    """One line of 发生了什么."""

    number: int
    at: datetime
    kind: str
    """call (the product calls a platform), callback (a platform calls the product), fault, clock or problem."""
    platform: str
    text: str
    milliseconds: float | None = None

    def public(self) -> dict[str, Any]:
        """What the page is told."""
        return {**vars(self), "at": self.at.isoformat()}


class Ledger:
    """The memory of all stand-ins; `follow` gives what is new, `until` waits for something to be true."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.messages: dict[str, ChatMessage] = {}
        self.chats: dict[str, list[ChatMessage]] = defaultdict(list)
        self.calls: Counter[str] = Counter()
        self.requests: deque[Call] = deque(maxlen=_KEPT)
        self.notes: deque[Note] = deque(maxlen=_KEPT)
        self.problems: list[str] = []
        """What a real platform would have refused in the product's answers to callbacks; empty is good."""
        self._numbers = count(1)
        self._changed = asyncio.Event()
        self._followers: set[asyncio.Queue[dict[str, Any]]] = set()

    def post(
        self, chat: str, form: str, content: dict[str, Any], *, mine: bool = False, handle: str = "", overlong: list[str] | None = None
    ) -> ChatMessage:
        """Puts a new message at the end of a chat."""
        message = ChatMessage(
            f"m{next(self._numbers)}", chat, form, content, self.clock.now(), mine, overlong=overlong or [], handle=handle
        )
        self.messages[message.id] = message
        self.chats[chat].append(message)
        self._tell({"message": message.public()})
        return message

    def change(self, message: ChatMessage, form: str, content: dict[str, Any]) -> None:
        """Shows `content` in place of what the message showed."""
        message.form, message.content = form, content
        message.changes += 1
        self._tell({"message": message.public()})

    def mark_pressed(self, message: ChatMessage, button: str) -> None:
        """Remembers which button was pressed."""
        message.pressed = button
        self._tell({"message": message.public()})

    def find(self, handle: str, chat: str | None = None) -> ChatMessage | None:
        """The message that its platform calls `handle`."""
        return next((m for m in self.messages.values() if m.handle == handle and chat in (None, m.chat)), None)

    def record(self, call: Call) -> None:
        """Counts a request of the product."""
        self.calls[call.name] += 1
        self.requests.append(call)

    def note(self, kind: str, platform: str, text: str, milliseconds: float | None = None) -> None:
        """Adds a line to what happened."""
        note = Note(next(self._numbers), self.clock.now(), kind, platform, text, milliseconds)
        self.notes.append(note)
        self._tell({"note": note.public()})

    def problem(self, platform: str, text: str) -> None:
        """Notes an answer that the real platform would not have taken."""
        self.problems.append(f"{platform}: {text}")
        self.note("problem", platform, text)

    def announce(self, event: dict[str, Any]) -> None:
        """Tells the page something that is not kept here: the clock, the scene's step."""
        self._tell(event)

    async def until(self, condition: Callable[[], _Found], seconds: float = 15) -> _Found:
        """What `condition` gives as soon as it is true. Raises TimeoutError after real `seconds`."""
        async with asyncio.timeout(seconds):
            while not (found := condition()):
                await self._glance()
        return found

    async def _glance(self) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), _GLANCE_SECONDS)
        except TimeoutError:
            return

    @contextmanager
    def follow(self) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """A queue that gets all that is new while the block runs."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._followers.add(queue)
        try:
            yield queue
        finally:
            self._followers.discard(queue)

    def _tell(self, event: dict[str, Any]) -> None:
        for queue in self._followers:
            queue.put_nowait(event)
        self._changed.set()
        self._changed = asyncio.Event()
