"""What the desk has open with a person: a row, so that it survives a restart (design: house.md, decision 12).

A question lays an open draft aside, in its own state, and gives it back when it ends: looking something up costs no draft.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.talk import Talk
from language import Reading
from orders.refusals import Refused
from store.deliveries import message_key
from store.dialogs import ASIDE, NUMBER, number_of
from store.models import Dialog
from store.transaction import Transaction

OPEN_FOR = timedelta(minutes=30)
CHOOSE, CONFIRM, EXPLAIN, DROP = "dialog.choose", "dialog.confirm", "dialog.explain", "dialog.drop"
"""Actions of buttons; see handlers/presses.py."""
PLACED, DROPPED, ANSWERED, LOGGED = "placed", "dropped", "answered", "logged"
AMENDED = "amended"
"""How a dialog has ended, kept in its state."""
_NOTED = frozenset({"communicate"})
"""Commands whose own drafts are only noted, beside whatever else is being done."""
_SHOWN_BY = "shown_by"
"""In the state of a draft: the key of the card that shows it, where that is not its own."""


@dataclass(frozen=True)
class Choice:
    """What may be pressed, or typed by its number: `value` is what a question's answer is filled in with."""

    text: str
    value: Any = None
    action: str = CHOOSE


def is_open(dialog: Dialog | None) -> bool:
    """True while an answer is awaited, be it too late or not."""
    return dialog is not None and dialog.command != ""


def is_late(tx: Transaction, dialog: Dialog) -> bool:
    """True when the answer was awaited until earlier."""
    return dialog.until <= tx.now


def is_draft(dialog: Dialog) -> bool:
    """True for a draft that awaits its confirmation, false for a question."""
    return dialog.ask is None


def start(talk: Talk, command: str, ask: str | None, state: dict[str, Any], choices: Sequence[Choice]) -> Dialog:
    """Opens a dialog in the place of the one before, whose buttons are stale from now on; a question and a log keep a draft aside."""
    draft, dialog = _laid_aside(talk, command, ask), talk.dialog
    if dialog is None:
        dialog = Dialog(staff_id=talk.person.id, number=0)
        talk.tx.session.add(dialog)
    dialog.number += 1
    dialog.command, dialog.ask, dialog.state = command, ask, state | ({ASIDE: draft} if draft else {})
    dialog.choices = [_choice(dialog.number, index, choice) for index, choice in enumerate(choices)]
    dialog.until = talk.tx.now + OPEN_FOR
    talk.tx.session.flush()  # a person's first: its id stands in the keys of its cards
    return dialog


def _laid_aside(talk: Talk, command: str, ask: str | None) -> dict[str, Any] | None:
    """The draft that comes back when what is opened now has ended: noting something costs no draft either."""
    former = draft_of(talk) if ask or command in _NOTED else None
    if former and not ask and former["command"] == command:
        aside: dict[str, Any] | None = former["state"].get(ASIDE)
        return aside
    return former


def draft_of(talk: Talk) -> dict[str, Any] | None:
    """The draft that can still be confirmed, open or laid aside, as a question keeps it."""
    dialog = talk.dialog
    if dialog is None:
        return None
    draft: dict[str, Any] | None = dialog.state.get(ASIDE)
    if is_open(dialog) and is_draft(dialog):
        kept = {"command": dialog.command, "state": dialog.state, "choices": dialog.choices}
        draft = {**kept, NUMBER: number_of(dialog), "until": dialog.until.isoformat()}
    return draft if draft and datetime.fromisoformat(draft["until"]) > talk.tx.now else None


def bring_back(dialog: Dialog) -> None:
    """Puts the draft that a question has laid aside, if any, in the question's place."""
    if draft := dialog.state.get(ASIDE):
        dialog.command, dialog.ask, dialog.choices = draft["command"], None, draft["choices"]
        dialog.state = {**draft["state"], NUMBER: draft[NUMBER]}
        dialog.until = datetime.fromisoformat(draft["until"])
        interrupt(dialog)


def end(dialog: Dialog, how: str, **state: Any) -> None:
    """Closes a dialog, whose buttons can still say what became of it; the draft behind a question is open again."""
    if ASIDE in dialog.state:
        bring_back(dialog)
    else:
        dialog.command, dialog.ask, dialog.choices = "", None, []
        dialog.state = {"ended": how, NUMBER: number_of(dialog), **state}


def interrupt(dialog: Dialog) -> None:
    """Another command was answered meanwhile, so that a bare number may speak of what that one showed."""
    dialog.state = {**dialog.state, "interrupted": True}


def check_uninterrupted(dialog: Dialog, number: str) -> None:
    """Refuses the number of a choice when it is not clear that it is meant for this dialog."""
    if dialog.state.get("interrupted"):
        raise Refused("dialog_interrupted", number=number)


def awaited(talk: Talk, number: str, *, draft: bool) -> Dialog:
    """The dialog that a button belongs to; refuses a stale, ended or late one by saying what became of it."""
    dialog = talk.dialog
    if dialog and draft and str(dialog.state.get(ASIDE, {}).get(NUMBER)) == number:
        bring_back(dialog)
    if dialog is None or str(number_of(dialog)) != number:
        raise Refused("dialog_replaced")
    if not is_open(dialog):
        raise Refused(f"dialog_{dialog.state['ended']}", order_no=dialog.state.get("order_no", ""))
    if is_late(talk.tx, dialog):
        raise Refused("dialog_late", minutes=int(OPEN_FOR.total_seconds() // 60))
    if is_draft(dialog) != draft:
        raise Refused("dialog_replaced")
    return dialog


def waiting_behind(dialog: Dialog) -> Reading | None:
    """The next order of the message that a draft was made from."""
    reading = Reading.model_validate(dialog.state.get("reading", {}))
    return reading.then[0].model_copy(update={"said": reading.said, "then": reading.then[1:]}) if reading.then else None


def card_key(dialog: Dialog) -> str:
    """The key of the card that shows a draft: its own, or that of the pressed card whose place it has taken."""
    return _key(dialog, dialog.state, number_of(dialog))


def former_key(talk: Talk, former: dict[str, Any] | None) -> str:
    """The key of the card that shows a draft which gives way to another, as `draft_of` has found it; empty for none."""
    return _key(talk.dialog, former["state"], former[NUMBER]) if talk.dialog and former else ""


def _key(dialog: Dialog, state: dict[str, Any], number: int) -> str:
    return str(state.get(_SHOWN_BY) or f"draft:{dialog.id}:{number}")


def shown_in_place(talk: Talk, key: str, card: str) -> None:
    """Keeps which card shows the draft of this key, where a press has put it there; `card` is its name on the platform."""
    dialog = talk.dialog
    if dialog and is_open(dialog) and is_draft(dialog) and card_key(dialog) == key:
        dialog.state = {**dialog.state, _SHOWN_BY: message_key(talk.tx, card)}


def _choice(number: int, index: int, choice: Choice) -> dict[str, Any]:
    argument = f"{number}:{index}" if choice.action == CHOOSE else str(number)
    return {"text": choice.text, "action": choice.action, "argument": argument, "value": choice.value}
