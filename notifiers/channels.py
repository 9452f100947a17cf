"""The channels by name, and what a channel is handed: a parcel, free of the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from notifiers.limits import Window
from platforms.words import Card
from templates.render import render_card


@dataclass(frozen=True)
class Parcel:
    """One delivery in the hands of a worker."""

    delivery: int
    attempt: int
    handle: str
    """The name of this delivery on the platform: task_id, outTrackId, msgUuid, client_msg_id."""
    channel: str
    recipient: str
    card: str
    data: dict[str, Any]
    now: datetime
    """The trade's time, which the platforms' signatures and the life of a card follow."""
    key_for: Callable[[str, str], str]
    """The signed key of a button, from its action and argument."""
    reference: dict[str, Any] = field(default_factory=dict)
    """What was known when it was addressed."""
    earlier: "Earlier | None" = None
    """The card that this one is to take the place of."""

    def render(self) -> Card:
        """The neutral card; raises what a broken card file or missing data raise."""
        return render_card(self.card, self.data, self.key_for)


@dataclass(frozen=True)
class Earlier:
    """A card that its receiver already has."""

    delivery: int
    handle: str
    reference: dict[str, Any]


class Channel(Protocol):
    """A way out."""

    def scope(self, recipient: str) -> str:
        """What is left alone for a while when the platform says too fast, or has to be put right by a person."""
        ...

    def windows(self, recipient: str) -> Sequence[Window]:
        """How fast this receiver may be told."""
        ...

    def send(self, parcel: Parcel) -> dict[str, Any] | None:
        """Sends one parcel, outside of any transaction, and answers what the platform gave back; None: nobody needs it.

        Raises PlatformError, or OSError where nothing was sent.
        """
        ...


_registered: dict[str, Channel] = {}


def register(name: str, channel: Channel) -> None:
    """Adds a channel that another room brings, such as the tracking service; before the first delivery."""
    _registered[name] = channel


def registered() -> dict[str, Channel]:
    """The channels that other rooms brought."""
    return dict(_registered)
