"""The service account to customers: a template message with each step of their order."""

from collections.abc import Sequence
from typing import Any

from notifiers.audience import WECHAT_TEMPLATE
from notifiers.channels import Parcel
from notifiers.limits import Window
from platforms.errors import PlatformError
from platforms.wechat.client import WeChatAccount
from platforms.wechat.template import template_data
from store.settings import WeChatSettings

_BAD_DATA = "47003"
"""A field's value has not the form of its kind."""


class WeChatTemplates:
    """The channel of the service account."""

    def __init__(self, account: WeChatAccount, settings: WeChatSettings) -> None:
        self._account = account
        self._settings = settings

    def scope(self, recipient: str) -> str:
        return WECHAT_TEMPLATE

    def windows(self, recipient: str) -> Sequence[Window]:
        return []

    def send(self, parcel: Parcel) -> dict[str, Any]:
        fields = self._settings.template_fields.model_dump()
        data, exact = template_data(parcel.data, fields), template_data(parcel.data, fields, moments=True)
        try:
            return self._sent(parcel, data)
        except PlatformError as error:
            if error.code != _BAD_DATA or exact == data:
                raise
        # Whether a `time` takes a day alone is documented nowhere; a moment it takes.
        return self._sent(parcel, exact)

    def _sent(self, parcel: Parcel, data: dict[str, dict[str, str]]) -> dict[str, Any]:
        template = self._settings.template_progress
        return {"msgid": self._account.send_template(parcel.recipient, template, data, parcel.data["url"], parcel.handle)}
