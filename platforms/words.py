"""The neutral words between a platform and the desk: what comes in, and the card that goes out.

pydantic checks the card, since it is made from files that people edit; what comes in are plain frozen dataclasses.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Platform(StrEnum):
    """A chat platform on which staff write."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote. `key` is the platform's message id, the same when the platform repeats itself."""

    platform: Platform
    key: str
    sender: str
    text: str
    kind: str = "text"
    """text; else the platform's word for what it was (image, voice, file), and `text` is empty."""
    group: str = ""
    """The group it was written in; empty in a chat with the desk alone."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that a person pressed; `button` is the signed text that the card's button carried."""

    platform: Platform
    key: str
    sender: str
    button: str
    handle: str = ""
    """What changes this card later: WeCom's fresh response_code, DingTalk's outTrackId."""


class Tone(StrEnum):
    """The colour of a card's state, or of one value."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"
    ALERT = "alert"
    PAST = "past"


class Style(StrEnum):
    """How a button looks."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardField(_Part):
    """A name and its value."""

    name: str
    value: str
    tone: Tone = Tone.PLAIN


class CardButton(_Part):
    """A button that calls back; `key` is signed for one person and one purpose."""

    text: str
    key: str
    style: Style = Style.PLAIN


class CardLink(_Part):
    """A button that opens a page."""

    text: str
    url: str


class Card(_Part):
    """What people see, free of any platform's form. A platform renders it inside its own limits."""

    name: str
    title: str
    """One line; also what a notification shows."""
    subtitle: str = ""
    status: str = ""
    """Two to six characters beside the title: 待确认, 已下单, 缺货."""
    tone: Tone = Tone.PLAIN
    emphasis: str = ""
    """The one thing to see first: a date, an order number, hours overdue."""
    emphasis_label: str = ""
    quote: str = ""
    """A text of its own standing: what was typed, or what a customer is to read."""
    fields: list[CardField] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=list)
    """The lines of an order or a list; a platform with little room shows the first ones and 等 N 行."""
    note: str = ""
    """What to do next, at the end."""
    buttons: list[CardButton] = Field(default_factory=list)
    links: list[CardLink] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a card's name and its data; the door renders it and gives it back.

    `key` names the outgoing card for later changes in place; `replaces` is the key of an earlier card that this one
    takes the place of where the platform still can (a typed confirmation of a draft).
    """

    card: str
    data: dict[str, Any]
    key: str = ""
    replaces: str = ""
