"""The custom robot of a DingTalk group: an address with a token in it, signed (custom-robots-send-group-messages)."""

from datetime import datetime
from typing import Any

import requests

from platforms.dingtalk.errors import oapi_code, refusal
from platforms.dingtalk.sign import sign
from platforms.errors import Action, PlatformError, from_transport
from platforms.http import BoundedSession


class DingTalkWebhook:
    """Posts to group robots; their addresses and secrets are secrets."""

    def __init__(self) -> None:
        self._http = BoundedSession()

    def post(self, address: str, secret: str, message: dict[str, Any], key: str, now: datetime) -> None:
        """Sends one message, once for each `key` (DingTalk's msgUuid); raises PlatformError."""
        timestamp = str(int(now.timestamp() * 1000))
        query = {"timestamp": timestamp, "sign": sign(secret, timestamp)} if secret else {}
        try:
            response = self._http.post(address, params=query, json={**message, "msgUuid": key})
            code = oapi_code(response.json())
        except requests.RequestException as error:
            raise from_transport(error) from None
        if not code:
            raise PlatformError(Action.UNKNOWN, f"HTTP {response.status_code}")
        if code != "0":
            raise refusal(code)
