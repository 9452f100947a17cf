"""The form of a card file: what may stand in templates/cards/<name>.yaml (templates/README.md explains it to its editors)."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Repeated(_Part):
    """A part that may stand several times, or not at all."""

    when: str = ""
    """A condition on the data; the part is left out where it does not hold."""
    each: str = ""
    """`line in lines`: the part stands once for every item of a list."""


class FieldPart(Repeated):
    """A name and its value; left out when the value is empty."""

    name: str
    value: str
    tone: str = ""


class LinePart(Repeated):
    """One line of a list; left out when it is empty."""

    text: str


class ButtonPart(Repeated):
    """A button; `press` names the action, `argument` what it is about."""

    text: str
    press: str
    argument: str = ""
    style: str = ""
    typed: str = ""


class LinkPart(Repeated):
    """A link to a page; left out when the address is empty."""

    text: str
    url: str


class CardFile(_Part):
    """A card as its file describes it; the meaning of each part: platforms/words.py, `Card`."""

    order_no: str = ""
    title: str
    subtitle: str = ""
    status: str = ""
    tone: str = ""
    emphasis: str = ""
    emphasis_label: str = ""
    quote: str = ""
    fields: list[FieldPart] = Field(default_factory=list)
    lines: list[LinePart] = Field(default_factory=list)
    note: str = ""
    buttons: list[ButtonPart] = Field(default_factory=list)
    links: list[LinkPart] = Field(default_factory=list)
    sample: dict[str, Any]
    """The longest plausible data; shows an editor what there is, and is rendered for every platform by `check`."""
