"""What has come in, in the database: its sender known, its answer kept, so that a repetition is answered and not done again.

Every message runs these statements, so they are few, built once, and past the ORM where no object is wanted.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.pushes import count_push
from platforms.words import Message, Platform, Press
from store import revisions
from store.models import Dialog, Incoming, Staff
from store.transaction import Transaction

_REPLY = select(Incoming.reply).where(Incoming.platform == bindparam("of"), Incoming.key == bindparam("its")).scalar_subquery()
_DIALOG = [column.key for column in inspect(Dialog).columns]
_WHO: dict[Platform, ColumnElement[bool]] = {
    Platform.WECOM: func.lower(Staff.wecom_userid) == func.lower(bindparam("userid")),
    Platform.DINGTALK: Staff.dingtalk_userid == bindparam("userid"),
}
_KEEP = {
    "sqlite": sqlite.insert(Incoming).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(Incoming).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}


class Arrival(NamedTuple):
    """Who has written, what is open with them, and the answer where the same was taken in before."""

    kept: str | None
    person: Staff | None = None
    dialog: Mapping[str, Any] | None = None


class Overtaken(Exception):
    """The same was taken in by another process meanwhile: undo everything, and begin the transaction anew."""


def arrive(tx: Transaction, incoming: Message | Press) -> Arrival:
    """Looks all of it up at once. The person's row is held, so that other serve processes keep their messages in order."""
    # Who has written before has a dialog, and both rows are held: PostgreSQL shows a row as it is after a wait only then.
    row = tx.session.execute(_KNOWN[incoming.platform], _asked(incoming)).one_or_none()
    if row is None:
        return recognise(tx, incoming)
    person, revision, kept, *dialog = row
    revisions.know(tx, revision)
    return Arrival(kept, person, dict(zip(_DIALOG, dialog)))


def recognise(tx: Transaction, incoming: Message | Press) -> Arrival:
    """As `arrive`, without looking for a dialog: for whoever has none, and for an apology, which needs none."""
    row = tx.session.execute(_PERSON[incoming.platform], _asked(incoming)).one_or_none()
    if row is None:
        return Arrival(tx.connection.execute(select(_REPLY), _asked(incoming)).scalar())
    person, revision, kept = row
    revisions.know(tx, revision)
    return Arrival(kept, person)


def _asked(incoming: Message | Press) -> dict[str, str]:
    return {"userid": incoming.sender, "of": incoming.platform, "its": incoming.key}


def keep(tx: Transaction, incoming: Message | Press, reply: str, staff_id: int | None) -> None:
    """Keeps the answer for a repetition; the last statement. Raises Overtaken."""
    count_push(tx, incoming)
    connection = tx.connection
    row = {"platform": incoming.platform, "key": incoming.key, "received_at": tx.now, "reply": reply, "staff_id": staff_id}
    if connection.execute(_KEEP[connection.dialect.name], row).rowcount != 1:
        raise Overtaken


def _active(who: ColumnElement[bool]) -> Select[Staff, str, str]:
    # key_share: rows that refer to the person may still be written meanwhile.
    return select(Staff, revisions.CURRENT, _REPLY).where(Staff.active, who).with_for_update(of=Staff, key_share=True)


_PERSON = {platform: _active(who) for platform, who in _WHO.items()}
_KNOWN = {
    platform: query.add_columns(*inspect(Dialog).columns)
    .join(Dialog, Dialog.staff_id == Staff.id)
    .with_for_update(of=(Staff, Dialog), key_share=True)
    for platform, query in _PERSON.items()
}
