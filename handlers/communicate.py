"""沟通: what was agreed with a customer, taken from one sentence, a pasted chat or field by field, and confirmed once."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from handlers import dialogs, questions, wording
from handlers.asking import Command, Field, Question
from handlers.dialogs import Choice
from handlers.notices import notice
from handlers.order_meant import ORDER_MEANT, order_meant
from handlers.talk import Talk
from language import Reading
from language.dates import find_days
from language.text import clean, plain
from orders.communication import Agreed, check_agreed, contacts_of, write_log
from orders.links import staff_link
from orders.locking import lock_orders
from orders.owed_logs import owe_log, settle_owed
from orders.words import moment
from platforms.words import Reply
from store.models import Dialog, Order

NAME = "communicate"
NO_TALK = "log.none"
"""The action of the button that says: nobody talked with the customer."""
_DUE_AT = time(18)
_CORRECTED = ("contact", "channel", "time", "conclusion", "todo")


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows what will be kept, to be confirmed; a talk that was only mentioned is owed a log from now on."""
    _owe_mentioned(talk, reading)
    return _show(talk, order_meant(talk, reading), reading)


def _show(talk: Talk, order: Order, reading: Reading, replaces: str = "") -> Reply:
    now = talk.tx.now.astimezone(talk.tx.zone).replace(tzinfo=None)
    timed = reading if reading.time else reading.model_copy(update={"time": now})
    agreed = _agreed(talk, timed)
    check_agreed(talk.tx, agreed)
    choices = [Choice(wording.KEEP_LOG, action=dialogs.CONFIRM), Choice(wording.DROP, action=dialogs.DROP)]
    if not reading.command:
        choices.insert(1, Choice(wording.NO_TALK, action=NO_TALK))
    state = {"order": order.no, "reading": timed.model_dump(mode="json", exclude_defaults=True)}
    dialog = dialogs.start(talk, NAME, None, state, choices)
    data = {
        "draft": str(dialog.number),
        "order_no": order.no,
        "customer": order.customer.name,
        "contact": agreed.contact,
        "channel": agreed.channel or "",
        "talked_at": moment(agreed.talked_at, talk.tx.zone),
        "assumed_now": reading.time is None,
        "conclusion": agreed.conclusion,
        "todo": agreed.todo or "",
        "todo_due": moment(agreed.todo_due, talk.tx.zone) or "",
        "mentioned": not reading.command,
        "url": staff_link(talk.tx, order),
    }
    brief = f"{agreed.contact}：{agreed.conclusion}" + (f"，待办：{agreed.todo}" if agreed.todo else "")
    return Reply("log_draft", data, key=dialogs.card_key(dialog), replaces=replaces, brief=brief)


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Keeps the log for good."""
    order = lock_orders(talk.tx, [_order(talk, dialog).id])[0]
    agreed = _agreed(talk, Reading.model_validate(dialog.state["reading"]))
    write_log(talk.tx, order, talk.person, agreed)
    key = dialogs.card_key(dialog)
    dialogs.end(dialog, dialogs.LOGGED, order_no=order.no)
    due = wording.task_until(agreed.todo_due.astimezone(talk.tx.zone)) if agreed.todo and agreed.todo_due else ""
    kept = notice(wording.logged(order.no), due + _draft_stays(dialog), 对象=agreed.contact, 结论=agreed.conclusion, 待办=agreed.todo or "")
    return replace(kept, replaces=key)


def correct(talk: Talk, _command: Command, dialog: Dialog, said: Reading) -> Reply:
    """The draft with what was typed: 对象李总, 待办周三前重发确认单, or another conclusion."""
    draft, typed = Reading.model_validate(dialog.state["reading"]), talk.read(f"{wording.COMMUNICATE} {said.said}")
    update = {name: value for name in _CORRECTED if (value := getattr(typed, name)) is not None}
    corrected = draft.model_copy(update=update or {"conclusion": said.said})
    return _show(talk, _order(talk, dialog), corrected, dialogs.card_key(dialog))


def no_talk(talk: Talk, number: str) -> Reply:
    """Nobody talked with the customer, so no log is owed; who said so stands on the task."""
    dialog = dialogs.awaited(talk, number, draft=True)
    order = _order(talk, dialog)
    settle_owed(talk.tx, order, talk.person)
    key = dialogs.card_key(dialog)
    dialogs.end(dialog, dialogs.DROPPED)
    return replace(notice(wording.NO_TALK_TITLE, wording.no_log(order.no) + _draft_stays(dialog)), replaces=key)


def _draft_stays(dialog: Dialog) -> str:
    """Says so when the draft of something else waits behind the log that has just ended."""
    return wording.DRAFT_STAYS if dialogs.is_open(dialog) else ""


def _order(talk: Talk, dialog: Dialog) -> Order:
    return talk.orders(dialog.state["order"])[0]


def _agreed(talk: Talk, reading: Reading) -> Agreed:
    """What the log will say; a to-do with a day is due by the end of that working day."""
    at = reading.time.replace(tzinfo=talk.tx.zone) if reading.time else talk.tx.now
    return Agreed(
        contact=reading.contact or "",
        talked_at=at,
        conclusion=reading.conclusion or "",
        channel=reading.channel,
        todo=reading.todo,
        todo_due=_due(talk, reading.todo),
        source=reading.said,
    )


def _due(talk: Talk, todo: str | None) -> datetime | None:
    day = next((found.day for found in find_days(plain(clean(todo)), talk.tx.today) if found.day), None) if todo else None
    if day is None:
        return None
    due = datetime.combine(day, _DUE_AT, talk.tx.zone)
    return due if due > talk.tx.now else None


def _ask_contact(talk: Talk, reading: Reading) -> Question | None:
    if reading.contact:
        return None
    _owe_mentioned(talk, reading)
    names = contacts_of(talk.tx, order_meant(talk, reading))
    return Question(questions.WITH_WHOM, tuple(Choice(name, name) for name in names))


def _type_contact(_talk: Talk, reading: Reading, text: str) -> Reading:
    return reading.model_copy(update={"contact": text.strip()[:64]})


def _ask_conclusion(talk: Talk, reading: Reading) -> Question | None:
    if reading.conclusion:
        return None
    _owe_mentioned(talk, reading)
    return Question(questions.WHAT_CONCLUDED)


def _owe_mentioned(talk: Talk, reading: Reading) -> None:
    """A talk that was only mentioned is owed a log from now on, whatever becomes of the questions about it."""
    if not reading.command:
        owe_log(talk.tx, order_meant(talk, reading), talk.person, reading.said)


def _type_conclusion(talk: Talk, reading: Reading, text: str) -> Reading:
    """The conclusion, and whatever else of the log came with it."""
    typed = talk.read(f"{wording.COMMUNICATE} {text}")
    more = {name: value for name in _CORRECTED if getattr(reading, name) is None and (value := getattr(typed, name)) is not None}
    return reading.model_copy(update={"conclusion": text.strip(), **more})


def _choose(name: str) -> Any:
    return lambda reading, value: reading.model_copy(update={name: value})


CONTACT = Field("contact", _ask_contact, _type_contact, _choose("contact"), free=True)
CONCLUSION = Field("conclusion", _ask_conclusion, _type_conclusion, _choose("conclusion"), free=True)
FIELDS = (ORDER_MEANT, CONCLUSION, CONTACT)
