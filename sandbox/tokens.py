"""Access tokens as the platforms keep them: the same one until it ends, and able to die early."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.clock import Clock

LIFETIME = timedelta(seconds=7200)


@dataclass
class _Token:
    text: str
    until: datetime


class Tokens:
    """The token of one app; time is the movable clock's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._current: _Token | None = None
        self._known: dict[str, datetime] = {}

    def issue(self) -> str:
        """The valid token, or a new one."""
        if self._current is None or self.state(self._current.text) != "valid":
            self._current = _Token(secrets.token_urlsafe(48), self._clock.now() + LIFETIME)
            self._known[self._current.text] = self._current.until
        return self._current.text

    def state(self, text: str) -> str:
        """valid, expired, or unknown (never issued, or killed)."""
        until = self._known.get(text)
        if until is None:
            return "unknown"
        return "valid" if self._clock.now() < until else "expired"

    def kill(self) -> None:
        """Ends every token at once, before its time."""
        self._known.clear()
        self._current = None
