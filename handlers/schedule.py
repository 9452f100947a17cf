"""排产: production sees the days on which the work centres have room for an order, and books them."""

from datetime import date
from typing import Any

from handlers import dialogs, wording
from handlers.asking import Command
from handlers.dialogs import Choice
from handlers.fields import DAY, ORDER
from handlers.talk import Talk
from language import Reading
from orders.refusals import Refused
from orders.scheduling import propose, schedule
from platforms.words import Reply
from store.models import Dialog

NAME = "schedule"
FIELDS = (ORDER, DAY)
_SHOWN = ("line", "work_center", "day", "quantity")


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows the days that would be booked."""
    return _show(talk, reading.order or "", reading.day.day if reading.day else None, reading.version)


def pressed(talk: Talk, order_no: str) -> Reply:
    """排产 on the card that asks for it."""
    return _show(talk, order_no, None)


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Books the days that were shown, once."""
    state = dialog.state
    start = date.fromisoformat(state["start"]) if state["start"] else None
    order = schedule(talk.tx, talk.orders(state["order"])[0], talk.person, state["version"], state["days"], start)
    shown: dict[str, Any] = state["shown"]
    key = dialogs.card_key(dialog)
    dialogs.end(dialog, dialogs.ANSWERED)
    data = shown | {"by": talk.person.name, "promisable_date": str(order.promisable_date), "promised_date": str(order.promised_date)}
    return Reply("scheduled", data, replaces=key)


def correct(talk: Talk, _command: Command, dialog: Dialog, said: Reading) -> Reply:
    """Another day to begin on, typed while the draft is open."""
    if said.day is None or said.day.day is None:
        raise Refused("correction_not_understood", said=said.said)
    return _show(talk, dialog.state["order"], said.day.day)


def _show(talk: Talk, order_no: str, start: date | None, version: int | None = None) -> Reply:
    order = talk.orders(order_no)[0]
    data = propose(talk.tx, order, talk.person, start, version)
    state = {
        "order": order.no,
        "version": data["version"],
        "start": str(start or ""),
        "days": [{name: day[name] for name in _SHOWN} for day in data["days"]],
        "shown": data,
    }
    choices = [Choice(wording.CONFIRM_SCHEDULE, action=dialogs.CONFIRM), Choice(wording.DROP, action=dialogs.DROP)]
    dialog = dialogs.start(talk, NAME, None, state, choices)
    return Reply("schedule_draft", data | {"draft": str(dialog.number)}, key=dialogs.card_key(dialog))
