"""What has come in, in the database: claimed once, its answer kept, its sender known.

Every message runs these statements, so they are built once, and past the ORM where no object is wanted.
"""

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from platforms.words import Message, Platform, Press
from store import revisions
from store.meters import DINGTALK_PUSHES, count
from store.models import Incoming, Staff
from store.transaction import Transaction

_THIS = (Incoming.platform == bindparam("of")) & (Incoming.key == bindparam("its"))
_CLAIM = {
    "sqlite": sqlite.insert(Incoming).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(Incoming).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}
_REPLY = select(Incoming.reply).where(_THIS)
_KEEP = update(Incoming).where(_THIS)
# key_share: rows that refer to the person may still be written meanwhile.
_PERSON = select(Staff, revisions.CURRENT).where(Staff.active).with_for_update(key_share=True)
_WHO = {
    Platform.WECOM: _PERSON.where(func.lower(Staff.wecom_userid) == func.lower(bindparam("userid"))),
    Platform.DINGTALK: _PERSON.where(Staff.dingtalk_userid == bindparam("userid")),
}


def claim(tx: Transaction, incoming: Message | Press) -> bool:
    """False when this key was taken in before; waits for another process that is at work on it."""
    connection = tx.connection
    row = {"platform": incoming.platform, "key": incoming.key, "received_at": tx.now, "reply": "", "staff_id": None}
    return connection.execute(_CLAIM[connection.dialect.name], row).rowcount == 1


def kept_reply(tx: Transaction, incoming: Message | Press) -> str:
    """What the first of these was answered; what went by the outbox is not said again."""
    return str(tx.connection.execute(_REPLY, {"of": incoming.platform, "its": incoming.key}).scalar_one())


def keep(tx: Transaction, incoming: Message | Press, reply: str, staff_id: int | None) -> None:
    """Keeps the answer for a repetition."""
    if incoming.platform == Platform.DINGTALK:
        # Last, since all of DingTalk's messages count in one row.
        count(tx, DINGTALK_PUSHES)
    tx.connection.execute(_KEEP, {"of": incoming.platform, "its": incoming.key, "reply": reply, "staff_id": staff_id})


def sender(tx: Transaction, incoming: Message | Press) -> Staff | None:
    """The person by their platform id; their row is held, so that other serve processes keep their messages in order."""
    row = tx.session.execute(_WHO[incoming.platform], {"userid": incoming.sender}).one_or_none()
    if row is None:
        return None
    person: Staff = row[0]
    revisions.know(tx, row[1])
    return person
