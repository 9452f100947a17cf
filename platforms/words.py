"""The neutral words between a platform and the desk: what comes in, and the card that goes out.

pydantic checks the card, since it is made from files that people edit; what comes in are plain frozen dataclasses.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from platforms.cutting import clean, one_line


class Platform(StrEnum):
    """A chat platform on which staff write."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"


GREETING = "greeting"
"""The kind of a message that nobody wrote: the platform says that a person has come to the desk."""
WITHHELD = "withheld"
"""The kind of a message whose content the platform keeps to itself, since the month's pushes are used up."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote. `key` is the platform's message id, the same when the platform repeats itself."""

    platform: Platform
    key: str
    sender: str
    text: str
    kind: str = "text"
    """text; GREETING; WITHHELD; else the platform's word for what it was (image, voice, file), and `text` is empty."""
    group: str = ""
    """The group it was written in; empty in a chat with the desk alone."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that a person pressed; `button` is the signed text that the card's button carried."""

    platform: Platform
    key: str
    sender: str
    button: str
    card: str = ""
    """The card's name on the platform: WeCom's task_id, DingTalk's outTrackId."""
    code: str = ""
    """WeCom's fresh response_code, by which the card can be changed once more."""


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


Line = Annotated[str, AfterValidator(one_line)]
"""A text on one line, whatever it was made of, so that data cannot look like a part of the card."""
Text = Annotated[str, AfterValidator(clean)]
"""A text that may have several lines."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardField(_Part):
    """A name and its value."""

    name: Line
    value: Line
    tone: Tone = Tone.PLAIN


class CardButton(_Part):
    """A button that calls back; `key` is signed for one person and one purpose."""

    text: Line
    key: str
    style: Style = Style.PLAIN
    typed: Line = ""
    """What may be typed instead; without it the number of the button, which only an open question understands."""


class CardLink(_Part):
    """A button that opens a page."""

    text: Line
    url: str


class Card(_Part):
    """What people see, free of any platform's form. A platform renders it inside its own limits."""

    name: str
    order_no: Line = ""
    """The order it speaks of, which its title names and no cutting loses; empty: none or several."""
    title: Line
    """One line; also what a notification shows."""
    subtitle: Line = ""
    status: Line = ""
    """Two to six characters beside the title: 待确认, 已下单, 缺货."""
    tone: Tone = Tone.PLAIN
    emphasis: Line = ""
    """The one thing to see first: a date, an order number, hours overdue."""
    emphasis_label: Line = ""
    quote: Text = ""
    """A text of its own standing: what was typed, or what a customer is to read."""
    fields: list[CardField] = Field(default_factory=list)
    lines: list[Line] = Field(default_factory=list)
    """The lines of an order or a list; a platform with little room shows the first ones and 等 N 行."""
    note: Text = ""
    """What to do next, at the end."""
    buttons: list[CardButton] = Field(default_factory=list)
    links: list[CardLink] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a card's name and its data; the door renders it and gives it back.

    `key` names the outgoing card for later changes in place; `replaces` is the key of an earlier card that this one
    takes the place of where the platform still can (a typed confirmation of a draft); `brief` is what it shows, in a line.
    `then` is said after it, on a card of its own.
    """

    card: str
    data: dict[str, Any]
    key: str = ""
    replaces: str = ""
    brief: str = ""
    then: "Reply | None" = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A genuine callback that asks nothing of the desk; it is acknowledged. `reason` is for logs and figures."""

    reason: str


class Rejected(Exception):
    """A callback that is not taken in: `status` is the HTTP status that says why (401, 403, 400), `reason` a short text."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
