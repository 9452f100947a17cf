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
    """True where a card that has been sent can change in its place, by the outbox."""
    changes_again: bool
    """True where it can as often as is wanted, so that a draft's card can stay the one that is pressed; else only once."""

    def message(self, card: Card) -> Answer | None:
        """The answer to a message."""
        ...

    def beside(self, card: Card) -> Answer:
        """What rides back while a card goes by the outbox: the lines for which it has no room, or silence."""
        ...

    def pieces(self, card: Card) -> list[list[str]]:
        """The lines that no answer has room for, in the order in which further messages say them."""
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
