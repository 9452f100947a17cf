"""Access tokens, shared by all processes through Redis and fetched by one of them at a time.

Our own few lines rather than the sessions of wechatpy and dingtalk-sdk: those keep token and expiry under two keys and
fetch without a lock, so that two processes refresh against each other.
"""

from collections.abc import Callable
from typing import TypeVar

from redis import Redis
from redis.exceptions import LockError

from platforms.errors import Action, PlatformError

Answer = TypeVar("Answer")

_EARLY_SECONDS = 300
"""A token is given up so long before its end."""
_LEASE_SECONDS = 10.0
"""How long one process may take to fetch (real time); then another one tries."""

_WITHOUT_TOKEN = {Action.TOKEN: Action.CONFIGURATION, Action.UNKNOWN: Action.RETRY}
"""What it means to a message that no token could be had: whatever became of the fetching, the message certainly was not sent."""


class SharedToken:
    """The token of one app; `fetch` asks the platform and answers the token and its lifetime in seconds."""

    def __init__(self, redis: Redis, app: str, fetch: Callable[[], tuple[str, int]]) -> None:
        self._redis = redis
        self._key = f"gendan:token:{app}"
        self._fetch = fetch

    def get(self) -> str:
        """The present token, fetched when there is none; raises PlatformError."""
        return self._stored() or self.replace("")

    def replace(self, dead: str) -> str:
        """Another token than `dead`, which the platform has refused: someone else's newer one, or a fresh one."""
        try:
            with self._redis.lock(f"{self._key}:lock", timeout=_LEASE_SECONDS, blocking_timeout=_LEASE_SECONDS):
                token = self._stored()
                return token if token and token != dead else self._renew()
        except LockError:
            raise PlatformError(Action.RETRY, "token lock") from None

    def ask(self) -> str:
        """A fresh token, asked for now: shows whether the app's credentials are right. Raises PlatformError."""
        return self.replace(self._stored())

    def _stored(self) -> str:
        value = self._redis.get(self._key)
        return value.decode() if isinstance(value, bytes) else str(value or "")

    def _renew(self) -> str:
        try:
            token, seconds = self._fetch()
        except PlatformError as error:
            raise PlatformError(_WITHOUT_TOKEN.get(error.action, error.action), error.code, error.wait) from None
        self._redis.set(self._key, token, ex=max(seconds - _EARLY_SECONDS, 60))
        return token


def with_token(token: SharedToken, call: Callable[[str], Answer]) -> Answer:
    """`call` with the token; refused for its token it is repeated once with another one. Raises PlatformError."""
    present = token.get()
    try:
        return call(present)
    except PlatformError as error:
        if error.action is not Action.TOKEN:
            raise
    try:
        return call(token.replace(present))
    except PlatformError as error:
        if error.action is Action.TOKEN:
            raise PlatformError(Action.RETRY, error.code) from None
        raise
