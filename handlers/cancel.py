"""取消: a preview of what cancelling an order comes to, with the reason, and a confirmed one cancels it."""

from typing import Any

from handlers import change_draft, change_words, dialogs
from handlers.asking import Command, Field, Question
from handlers.change_draft import ChangeDraft, new_draft
from handlers.order_meant import ORDER_MEANT, order_meant
from handlers.talk import Talk
from language import Reading
from orders.amending import cancel_order, check_change, preview_cancellation
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog

NAME = "cancel"
_LONGEST_SAID = 500


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows what cancelling comes to."""
    order = order_meant(talk, reading)
    change_draft.owe_mentioned(talk, order, reading)
    return _show(talk, new_draft(order.no, order.version, reading))


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Cancels the order; where somebody has changed it meanwhile, shows it anew."""
    draft, impact, agreed = change_draft.confirmed(dialog, talk)
    order = talk.orders(draft.order_no)[0]
    try:
        amendment = cancel_order(talk.tx, order, draft.version, draft.said.reason or "", impact, agreed, talk.person)
    except Refused as refused:
        if refused.reason != "old_version":
            raise
        return _show(talk, draft, refused.details["changes"], dialogs.card_key(dialog))
    return change_draft.saved(talk, dialog, change_words.CANCEL, amendment)


def correct(talk: Talk, _command: Command, dialog: Dialog, said: Reading) -> Reply:
    """The draft with another impact statement, a part of the log, or another reason."""
    draft = ChangeDraft.of(dialog)
    reason = draft.said.model_copy(update={"reason": said.said.removeprefix("原因").strip(":： ")[:_LONGEST_SAID]})
    corrected = change_draft.typed(talk, draft, said.said) or draft.with_reading(reason)
    return _show(talk, corrected, replaces=dialogs.card_key(dialog))


def explain(talk: Talk, dialog: Dialog) -> Reply:
    """Takes the next text as the impact statement."""
    return _show(talk, change_draft.expecting(dialog), replaces=dialogs.card_key(dialog))


def _show(talk: Talk, draft: ChangeDraft, stale: list[str] | None = None, replaces: str = "") -> Reply:
    effects = preview_cancellation(talk.tx, talk.orders(draft.order_no)[0].id, talk.person)
    return change_draft.show(talk, NAME, draft, effects, stale or (), replaces)


def _ask(talk: Talk, reading: Reading) -> Question | None:
    if reading.reason:
        return None
    # nobody is asked why of an order that they cannot cancel
    check_change(talk.tx, order_meant(talk, reading), talk.person, change_words.CANCEL)
    return Question(change_words.WHY_CANCELLED)


def _type(_talk: Talk, reading: Reading, text: str) -> Reading:
    return _choose(reading, text.strip()[:_LONGEST_SAID])


def _choose(reading: Reading, value: Any) -> Reading:
    return reading.model_copy(update={"reason": value})


FIELDS = (ORDER_MEANT, Field("reason", _ask, _type, _choose, free=True))
