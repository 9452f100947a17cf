"""算了: what is being asked, or a draft, is dropped."""

from dataclasses import replace

from handlers import dialogs, wording
from handlers.notices import notice
from handlers.talk import Talk
from language import Reading
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog

_PLACE = "place"


def run(talk: Talk, _reading: Reading) -> Reply:
    """Drops whatever is open."""
    dialog = talk.dialog
    if dialog is None or not dialogs.is_open(dialog):
        raise Refused("nothing_to_drop")
    return drop(dialog)


def drop(dialog: Dialog) -> Reply:
    """Closes a dialog and says that nothing has been done; the card of a draft changes in place."""
    draft = dialogs.is_draft(dialog)
    key, is_order = dialogs.card_key(dialog) if draft else "", dialog.command == _PLACE
    dialogs.end(dialog, dialogs.DROPPED)
    dropped = wording.DROPPED_QUESTION if not draft else wording.DROPPED_DRAFT if is_order else wording.DROPPED_CHANGE
    return replace(notice(wording.DROPPED_TITLE, dropped + (wording.DRAFT_STAYS if dialogs.is_open(dialog) else "")), replaces=key)
