"""A restock task as a to-do in DingTalk, one for all who may do it; it can only be ticked off by us."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from notifiers.audience import TODO_DONE
from notifiers.channels import Parcel
from notifiers.dingtalk_robot import calls_per_second
from notifiers.limits import Window
from platforms.dingtalk.client import DingTalkClient
from platforms.dingtalk.oapi import OapiClient
from platforms.words import Card
from store.models import Staff
from store.settings import DingTalkSettings
from store.transaction import Store

_SUBJECT_CHARACTERS = 200
"""DingTalk takes 1024 (add-dingtalk-to-do-task); a list shows far less."""


class DingTalkTodos:
    """The channel of to-dos; people's union ids are looked up once and kept."""

    def __init__(self, client: DingTalkClient, directory: OapiClient, store: Store, settings: DingTalkSettings) -> None:
        self._client = client
        self._directory = directory
        self._store = store
        self._settings = settings

    def scope(self, recipient: str) -> str:
        return "dingtalk"

    def windows(self, recipient: str) -> Sequence[Window]:
        return [calls_per_second(self._settings)]

    def send(self, parcel: Parcel) -> dict[str, Any] | None:
        if parcel.card == TODO_DONE:
            return self._finish(parcel)
        people = [self._unionid(person) for person in self._people(parcel.reference["people"])]
        url = parcel.data.get("url") or self._store.settings.link_base
        source = f"{parcel.recipient}:{parcel.handle}"
        todo = self._client.create_todo(people[0], people, _subject(parcel.render()), url, source)
        return {"todo": todo, "creator": people[0]}

    def _finish(self, parcel: Parcel) -> dict[str, Any] | None:
        created = parcel.earlier.reference if parcel.earlier else {}
        if "todo" not in created:
            return None
        self._client.finish_todo(created["creator"], created["todo"])
        return {}

    def _people(self, ids: list[int]) -> list[Staff]:
        with self._store.reading() as tx:
            return list(tx.session.scalars(select(Staff).where(Staff.id.in_(ids), Staff.dingtalk_userid.is_not(None)).order_by(Staff.id)))

    def _unionid(self, person: Staff) -> str:
        if person.dingtalk_unionid:
            return person.dingtalk_unionid
        found = self._directory.unionid(str(person.dingtalk_userid))
        with self._store.transaction() as tx:
            tx.session.get_one(Staff, person.id).dingtalk_unionid = found
        return found


def _subject(card: Card) -> str:
    what = [card.title, *(field.value for field in card.fields[:2]), *card.lines[:1]]
    return " ".join(what)[:_SUBJECT_CHARACTERS]
