"""One verified callback on its way through the desk, and how its response can carry the answer."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from platforms.words import Card, Message, Press

Answer = str
"""What a callback's response says, before it is sealed; kept with the message, so that a repetition gets the same."""


class Form(Protocol):
    """A platform's callback response. Where it cannot carry an answer it says None, and the outbox carries it."""

    silence: Answer
    """Acknowledges and says nothing."""
    changes_cards: bool
    """True when an earlier card is better changed in place, by the outbox, than answered below."""

    def message(self, card: Card) -> Answer | None:
        """The answer to a message."""
        ...

    def press(self, card: Card) -> Answer | None:
        """The pressed card's new face."""
        ...

    def refused_press(self, card: Card) -> Answer | None:
        """What a press gets that changed nothing."""
        ...

    def dead_button(self) -> Answer:
        """What the press of a button gets that is not this person's, or not ours."""
        ...


class Ride:
    """Whether the answer still rides back in the response: settled once, by whoever asks first."""

    def __init__(self) -> None:
        self._settled = threading.Lock()

    def board(self) -> bool:
        """The answer is ready: True when it rides back, False when it goes by the outbox."""
        return self._settled.acquire(blocking=False)

    def depart(self) -> None:
        """The platform's seconds are over: an answer that has not boarded goes by the outbox."""
        self._settled.acquire(blocking=False)


@dataclass(frozen=True)
class Call:
    """What came in, and what its response can do."""

    incoming: Message | Press
    form: Form
    ride: Ride = field(default_factory=Ride)


@dataclass(frozen=True)
class Done:
    """What became of a call; `outcome` is for figures and logs."""

    answer: Answer
    outcome: str
    staff_id: int | None = None
