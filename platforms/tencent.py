"""What wechatpy's clients of WeCom and of the service account need alike (wechatpy is kept for what it does well).

Added here: a shared token fetched under a lock, time limits, one repetition after a dead token instead of its endless
recursion, and one kind of error.
"""

from collections.abc import Callable
from typing import Any

import requests
from redis import Redis
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException

from platforms.access import SharedToken, with_token
from platforms.errors import Action, PlatformError, from_transport
from platforms.http import BoundedSession

Consequence = Callable[[int], tuple[Action, float]]


class TencentCalls(BaseWeChatClient):  # type: ignore[misc]
    """Stands before a client of wechatpy in the order of its parents; the class itself says how a token is fetched."""

    consequence: Consequence

    def prepare(self, redis: Redis, app: str, base_url: str) -> None:
        """Makes the connection; to be called by the constructor, in the process that sends."""
        self.API_BASE_URL = base_url
        self._http = BoundedSession()
        self.token = SharedToken(redis, app, self._ask_for_token)

    @property
    def access_token(self) -> str:
        """The token of all processes; raises PlatformError."""
        return self.token.get()

    def call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POSTs to an API path; the answer, whose errcode is 0. Raises PlatformError."""
        return with_token(self.token, lambda token: self._answer(self.post, path, params={"access_token": token}, data=body))

    def _ask_for_token(self) -> tuple[str, int]:
        result = self._answer(self.fetch_access_token)
        return str(result["access_token"]), int(result.get("expires_in", 7200))

    def _fetch_access_token(self, url: str, params: dict[str, str]) -> dict[str, Any]:
        return self._request("get", url, params={**params, "access_token": None})  # type: ignore[no-any-return]

    def _answer(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            result = function(*args, **kwargs)
        except WeChatClientException as error:
            raise self._error(error) from None
        except requests.RequestException as error:
            raise from_transport(error) from None
        if not isinstance(result, dict):
            raise PlatformError(Action.UNKNOWN, "not JSON")
        return result

    def _error(self, error: WeChatClientException) -> PlatformError:
        if error.errcode is None:
            return PlatformError(Action.UNKNOWN, f"HTTP {getattr(error.response, 'status_code', '?')}")
        action, wait = type(self).consequence(int(error.errcode))
        return PlatformError(action, error.errcode, wait)
