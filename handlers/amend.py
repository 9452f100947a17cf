"""改单: what was typed becomes a preview of what it comes to, and a confirmed one a new version of the order."""

from handlers import change_draft, change_words, dialogs
from handlers.asking import Command, proceed
from handlers.change_draft import ChangeDraft, new_draft
from handlers.change_fields import CHANGE, DAY, LINE, PRODUCT, QUANTITY, read_more
from handlers.changing import changes_of
from handlers.order_meant import ORDER_MEANT, order_meant
from handlers.talk import Talk
from language import Reading
from orders.amending import amend_order, preview_amendment
from orders.changes import AnyChange
from orders.locking import load_order
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog

NAME = "amend"
FIELDS = (ORDER_MEANT, CHANGE, LINE, PRODUCT, QUANTITY, DAY)
_LONGEST_SAID = 500


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows what the changes come to."""
    order = order_meant(talk, reading)
    change_draft.owe_mentioned(talk, order, reading)
    return _show(talk, new_draft(order.no, order.version, reading))


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Saves the changes; where somebody was faster, shows what they come to now."""
    draft, impact, agreed = change_draft.confirmed(dialog, talk)
    order = talk.orders(draft.order_no)[0]
    try:
        amendment = amend_order(talk.tx, order, draft.version, _changes(talk, draft), impact, agreed, talk.person)
    except Refused as refused:
        if refused.reason != "old_version":
            raise
        return _show(talk, draft, refused.details["changes"], dialogs.card_key(dialog))
    return change_draft.saved(talk, dialog, change_words.AMEND, amendment)


def correct(talk: Talk, command: Command, dialog: Dialog, said: Reading) -> Reply:
    """The draft with what was typed: another impact statement, a part of the log, or more changes."""
    draft, key = ChangeDraft.of(dialog), dialogs.card_key(dialog)
    if corrected := change_draft.typed(talk, draft, said.said):
        return _show(talk, corrected, replaces=key)
    reading = read_more(talk, draft.said, said.said)
    if reading.changes == draft.said.changes:
        raise Refused("amendment_not_understood", said=said.said[:_LONGEST_SAID])
    if any(wanted.question(talk, reading) for wanted in command.fields):
        return proceed(talk, command, reading)
    return _show(talk, draft.with_reading(reading), replaces=key)


def explain(talk: Talk, dialog: Dialog) -> Reply:
    """Takes the next text as the impact statement."""
    return _show(talk, change_draft.expecting(dialog), replaces=dialogs.card_key(dialog))


def _show(talk: Talk, draft: ChangeDraft, stale: list[str] | None = None, replaces: str = "") -> Reply:
    order = talk.orders(draft.order_no)[0]
    effects = preview_amendment(talk.tx, order.id, _changes(talk, draft), talk.person)
    return change_draft.show(talk, NAME, draft, effects, stale or (), replaces)


def _changes(talk: Talk, draft: ChangeDraft) -> list[AnyChange]:
    order = load_order(talk.tx, talk.orders(draft.order_no)[0].id)
    return changes_of(talk, order, draft.said)
