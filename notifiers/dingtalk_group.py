"""The custom robots of DingTalk groups, customers' groups among them."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifiers.audience import DINGTALK_GROUP
from notifiers.channels import Parcel
from notifiers.limits import Window
from platforms.dingtalk.cards import webhook_message
from platforms.dingtalk.webhook import DingTalkWebhook
from store.settings import GroupSettings

_A_MINUTE = 18
"""Messages of one robot in a minute, a little less than DingTalk's 20: one more blocks it for ten minutes, and it counts when a
message reaches it, not when a place was taken here (custom-robots-send-group-messages)."""


class DingTalkGroups:
    """The channel of all DingTalk groups, known by their names in the settings."""

    def __init__(self, webhook: DingTalkWebhook, groups: Mapping[str, GroupSettings]) -> None:
        self._webhook = webhook
        self._groups = groups

    def scope(self, recipient: str) -> str:
        return f"{DINGTALK_GROUP}:{recipient}"

    def windows(self, recipient: str) -> Sequence[Window]:
        return [Window(self.scope(recipient), _A_MINUTE, 60)]

    def send(self, parcel: Parcel) -> dict[str, Any]:
        group = self._groups[parcel.recipient]
        message = webhook_message(parcel.render())
        self._webhook.post(group.webhook.get_secret_value(), group.secret.get_secret_value(), message, parcel.handle, parcel.now)
        return {"msgUuid": parcel.handle}
