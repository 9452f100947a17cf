"""What is open with a person, as its row keeps it: what the chat and the page of a draft both know of it."""

from datetime import datetime
from typing import Any

from store.models import Dialog

ASIDE, SHOWN, NUMBER = "draft", "shown", "number"
"""In the state: the draft that a question has laid aside; what the card of a draft says, for its page; the number of its buttons."""


def number_of(dialog: Dialog) -> int:
    """The number that its buttons carry: a draft that was laid aside keeps its own."""
    return int(dialog.state.get(NUMBER, dialog.number))


def kept_draft(dialog: Dialog, number: int) -> tuple[dict[str, Any], datetime] | None:
    """What the card of the draft of this number says, and until when it can be confirmed; None: it is not open any more."""
    if dialog.command and number_of(dialog) == number and SHOWN in dialog.state:
        return dialog.state[SHOWN], dialog.until
    aside = dialog.state.get(ASIDE) or {}
    if aside.get(NUMBER) == number and SHOWN in aside["state"]:
        return aside["state"][SHOWN], datetime.fromisoformat(aside["until"])
    return None
