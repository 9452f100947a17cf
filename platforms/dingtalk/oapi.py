"""DingTalk's older gateway by dingtalk-sdk: the directory, which the newer API does not have (and which costs no quota)."""

from typing import Any

import requests

from platforms.access import SharedToken, with_token
from platforms.dingtalk.errors import oapi_code, refusal
from platforms.dingtalk.sdk import AppKeyClient, DingTalkException, MemoryStorage
from platforms.errors import Action, PlatformError, from_transport
from platforms.http import BoundedSession


class OapiClient(AppKeyClient):  # type: ignore[misc]
    """dingtalk-sdk's client with a session of its own, the token that all processes share and one bounded repetition.

    The SDK does not see errors that errcode 88 wraps, repeats without end and shares one connection among threads and forks.
    """

    def __init__(self, token: SharedToken, app_key: str, app_secret: str, base_url: str) -> None:
        super().__init__("", app_key, app_secret, storage=MemoryStorage(), auto_retry=False)
        self.API_BASE_URL = f"{base_url}/"
        self._http = BoundedSession()
        self._token = token

    @property
    def access_token(self) -> str:
        """The token of all processes; raises PlatformError."""
        return self._token.get()

    def request(self, method: str, uri: str, **kwargs: Any) -> dict[str, Any]:
        """One call with the token in its query; raises PlatformError."""
        query = kwargs.pop("params", {})
        return with_token(self._token, lambda token: self._once(method, uri, params={**query, "access_token": token}, **kwargs))

    def unionid(self, userid: str) -> str:
        """The id under which the newer API knows a member; it never changes."""
        return str(self.post("topapi/v2/user/get", {"userid": userid})["result"]["unionid"])

    def _once(self, method: str, uri: str, **kwargs: Any) -> dict[str, Any]:
        try:
            answer = self._request(method, uri, **kwargs)
        except DingTalkException as error:
            raise _refusal(error) from None
        except requests.RequestException as error:
            raise from_transport(error) from None
        if not isinstance(answer, dict):
            raise PlatformError(Action.UNKNOWN, "not JSON")
        return answer


def _refusal(error: DingTalkException) -> PlatformError:
    try:
        code = oapi_code(error.response.json())
    except (AttributeError, ValueError):
        code = ""
    return refusal(code) if code else PlatformError(Action.UNKNOWN, f"HTTP {getattr(error.response, 'status_code', '?')}")
