"""The desk: what it answers to a message, to a pressed button, and to somebody whom it does not know."""

from collections.abc import Mapping
from typing import Any

from handlers import asking, change_words, correcting, dialogs, drop, free_text, place, presses, wording
from handlers.asking import drafted
from handlers.catalogue import Outdated, prepare
from handlers.commands import COMMANDS
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from language.numbers import ordinal
from language.text import LONGEST
from language.words import confirmations
from orders.refusals import Refused
from platforms.words import Message, Press, Reply
from store.models import Dialog, Staff
from store.transaction import Transaction

_CONFIRMED_BY = (confirmations() - {wording.PLACE}) | {*change_words.CONFIRM.values(), wording.KEEP_LOG, wording.CONFIRM_SCHEDULE}
"""What confirms a draft, and is typed again when one is not sure that it was."""
__all__ = ["Outdated", "Refused", "answer", "prepare", "press", "stranger"]


def answer(tx: Transaction, person: Staff, message: Message, dialog: Mapping[str, Any] | None = None) -> Reply:
    """Answers what a person typed; `dialog` is the row of what is open with them, if it was read along with them.

    Raises Refused, or Outdated where `prepare` has to come first; what was written until then must be undone.
    """
    talk = Talk(tx, person, message.platform, dialog)
    reply = _answer(talk, message)
    talk.keep()
    return reply


def press(tx: Transaction, person: Staff, action: str, argument: str, press: Press, dialog: Mapping[str, Any] | None = None) -> Reply:
    """Does what a button says that this person was given; `dialog` as for `answer`.

    Raises Refused for one that is stale or pressed before.
    """
    talk = Talk(tx, person, press.platform, dialog)
    reply = presses.act(talk, action, argument)
    dialogs.shown_in_place(talk, reply.key, press.card)
    talk.keep()
    return reply


def stranger(message: Message | Press) -> Reply:
    """Tells somebody who is not on the staff how they are added."""
    return Reply("unknown_person", {"userid": message.sender, "platform": message.platform})


def _answer(talk: Talk, message: Message) -> Reply:
    said = talk.read(message.text)
    if message.kind != "text" or not said.said:
        raise Refused("not_text")
    if said.too_long:
        raise Refused("too_long", limit=LONGEST)
    dialog = talk.dialog if dialogs.is_open(talk.dialog) else None
    if dialog and COMMANDS[dialog.command].draft is None and said.said == wording.CONFIRM:
        # Nothing that was looked up meanwhile can be confirmed, so the draft behind the question is meant.
        dialogs.bring_back(dialog)
    if dialog and dialogs.is_draft(dialog) and _confirms(dialog, _bare(said)):
        return _confirmed(talk, dialog)
    if dialog is None and _bare(said) in _CONFIRMED_BY:
        _check_not_over(talk)
    if said.command:
        return _commanded(talk, dialog, said)
    if dialog is None:
        return _freely(talk, said)
    if not dialogs.is_late(talk.tx, dialog):
        return _answered(talk, dialog, said)
    if not (free_text.stands_alone(said) and free_text.command_of(said)):
        return _too_late(dialog)
    dialogs.end(dialog, dialogs.DROPPED)
    return _freely(talk, said)


def _bare(said: Reading) -> str:
    """What was said without the marks that may stand behind it."""
    return said.said.lower().rstrip("。.!~ ")


def _confirms(dialog: Dialog, text: str) -> bool:
    """Whether a text says the same as the draft's button, or yes; 下单 says so of an order only."""
    yes = text in confirmations() and (dialog.command == place.NAME or wording.PLACE not in text)
    return yes or text == dialog.choices[0]["text"]


def _check_not_over(talk: Talk) -> None:
    """Refuses to confirm what is done or dropped already, by saying so."""
    over = talk.dialog.state if talk.dialog else {}
    if over.get("ended") in (dialogs.PLACED, dialogs.AMENDED, dialogs.LOGGED, dialogs.DROPPED):
        raise Refused(f"dialog_{over['ended']}", order_no=over.get("order_no", ""))


def _commanded(talk: Talk, dialog: Dialog | None, said: Reading) -> Reply:
    """A full command wins over whatever is open; 取消 alone calls that off."""
    if dialog and said.command == "cancel" and free_text.drops(said):
        return drop.drop(dialog)
    if dialog and said.command != "drop":
        dialogs.interrupt(dialog)
    return asking.begin(talk, COMMANDS[said.command], said)


def _freely(talk: Talk, said: Reading) -> Reply:
    """A text without a command, while nothing is open."""
    if reply := free_text.held(None, said):
        return reply
    command, correction = free_text.command_of(said), correcting.is_correction(said)
    if command is None or (correction and not free_text.stands_alone(said)):
        return free_text.small_talk(talk, said, correction=correction)
    return asking.begin(talk, COMMANDS[command], said)


def _answered(talk: Talk, dialog: Dialog, said: Reading) -> Reply:
    """The number of a choice, a typed answer, or a correction of the draft."""
    if 1 <= (number := _number(dialog, said.said)) <= len(dialog.choices):
        dialogs.check_uninterrupted(dialog, said.said)
        choice = dialog.choices[number - 1]
        return presses.act(talk, choice["action"], choice["argument"])
    if dialogs.is_draft(dialog) and said.said.isdecimal():  # else a quantity, where it speaks of what was shown meanwhile
        dialogs.check_uninterrupted(dialog, said.said)
    if dialogs.is_draft(dialog) and _bare(said) in wording.ACKNOWLEDGED:
        return notice(wording.NOT_DONE_YET, wording.how_to_confirm(dialog.choices[0]["text"]))
    command = COMMANDS[dialog.command]
    if not asking.is_free(talk, command, dialog, said) and (reply := _otherwise(talk, dialog, said)):
        return reply
    if dialogs.is_draft(dialog):
        return drafted(command).correct(talk, command, dialog, said)
    return asking.typed(talk, command, dialog, said.said)


def _otherwise(talk: Talk, dialog: Dialog, said: Reading) -> Reply | None:
    """The answer to a text that calls off what is open, puts it off, or is about something else."""
    if free_text.drops(said):
        return drop.drop(dialog)
    if reply := free_text.held(dialog, said):
        return reply
    if free_text.changes_subject(dialog, said) and (subject := free_text.command_of(said)):
        dialogs.interrupt(dialog)
        return asking.begin(talk, COMMANDS[subject], said)
    return None


def _number(dialog: Dialog, text: str) -> int:
    """The number of the choice that is meant, by its own words too, 0 for none; 第二个 may be a line of a draft."""
    labels = [choice["text"] for choice in dialog.choices]
    if text in labels:
        return labels.index(text) + 1
    if text.isdecimal():
        return int(text[:9])
    return 0 if dialogs.is_draft(dialog) else ordinal(text) or 0


def _confirmed(talk: Talk, dialog: Dialog) -> Reply:
    return _too_late(dialog) if dialogs.is_late(talk.tx, dialog) else presses.confirm(talk, dialog)


def _too_late(dialog: Dialog) -> Reply:
    draft = dialogs.is_draft(dialog)
    dialogs.end(dialog, dialogs.DROPPED)
    minutes = int(dialogs.OPEN_FOR.total_seconds() // 60)
    return notice(wording.LATE_TITLE, wording.late(minutes, draft=draft))
