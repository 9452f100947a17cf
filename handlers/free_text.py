"""What is meant by a text without a command: which command it stands for, also while a draft or a question is open."""

from handlers import communicate, dialogs, wording
from handlers.asking import LOOKUPS
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from language.words import confirmations
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog

_COMMANDS = {"place": "place", "amend": "amend", "cancel": "cancel", "query": "query", "stock": "stock", "log": communicate.NAME}
_ASIDE = frozenset({"query", "stock", "log"})
"""What is only asked or noted: it never answers a question, nor corrects a draft."""
_MENTIONS = frozenset({"wish", "complaint", "return"})
"""A customer has said something: it has to be logged."""
_LONGEST_SAID = 100


def command_of(said: Reading) -> str | None:
    """The command that a text stands for; none for small talk and what says nothing."""
    if said.flag in _MENTIONS and (_names_order(said) or said.customer):
        return communicate.NAME
    if said.intent == "place" and not (said.lines or said.orders or said.repeat_last):
        return None
    return _COMMANDS.get(said.intent)


def stands_alone(said: Reading) -> bool:
    """Whether a text that could correct a draft says enough to be meant without one."""
    return bool(said.repeat_last or said.customer or _names_order(said)) or said.intent in _ASIDE


def changes_subject(dialog: Dialog, said: Reading) -> bool:
    """Whether a text leaves what is open for something else; else it answers the question, or corrects the draft."""
    if said.said.upper() == (said.order or said.order_tail):
        return dialogs.is_draft(dialog)
    if said.intent in _ASIDE or said.flag in _MENTIONS or said.orders:
        return True
    if said.intent in ("amend", "cancel"):
        return _names_order(said) or (dialog.command in LOOKUPS and said.customer is not None)
    if said.intent != "place" or not said.lines or said.customer is None:
        return False
    if dialog.command != _COMMANDS["place"]:
        return True
    known = Reading.model_validate(dialog.state.get("reading", {})).customer
    return said.customer.id is not None and known is not None and known.id not in (None, said.customer.id)


def drops(said: Reading) -> bool:
    """Whether a text calls off what is open: 取消, 不要了, 等等先不要."""
    return bool(said.drop_pending) or (said.intent == "cancel" and not _names_order(said) and said.customer is None)


def held(dialog: Dialog | None, said: Reading) -> Reply | None:
    """先别下单: nothing is done, and what is open stays as it is."""
    if said.flag != "hold":
        return None
    return notice(wording.HELD_TITLE, wording.DRAFT_WAITS if dialog and dialogs.is_draft(dialog) else wording.NOTHING_PLACED)


def small_talk(talk: Talk, said: Reading, *, correction: bool) -> Reply:
    """Answers what is no command; raises Refused for what the desk should have understood."""
    shown = said.said[:_LONGEST_SAID]
    if said.said.lower() in confirmations():
        raise Refused("nothing_to_confirm", said=shown)
    if correction:
        raise Refused("nothing_to_correct", said=shown)
    if said.flag in _MENTIONS:
        return notice(wording.COMPLAINT_TITLE, wording.COMPLAINT_HOW)
    if said.intent == "other":
        return notice(wording.hello(talk.person.name), wording.WHAT_I_CAN)
    raise Refused("not_understood", said=shown)


def _names_order(said: Reading) -> bool:
    return bool(said.order or said.order_tail or said.order_hint)
