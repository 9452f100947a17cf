"""What a refused call means to whoever has to send: one small set of consequences for the codes of all platforms."""

from enum import StrEnum

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError


class Action(StrEnum):
    """What to do after a call that did not succeed."""

    RETRY = "retry"
    """It certainly had no effect: again after a while."""
    UNKNOWN = "unknown"
    """It may have had its effect: again after a while, and marked as possibly double."""
    WAIT = "wait"
    """Too fast: not before so many seconds."""
    TOKEN = "token"
    """The access token is dead: one refresh, one repetition; never leaves a client."""
    PLAIN = "plain"
    """This form of card is not taken: the same as plain text."""
    GONE = "gone"
    """The card can no longer be changed in place: a new one."""
    DROP = "drop"
    """This receiver cannot be reached here."""
    REFUSED = "refused"
    """The content is refused and would be again."""
    CONFIGURATION = "configuration"
    """A person has to put something right on the platform or in the settings."""
    QUOTA = "quota"
    """The month's calls are used up: this channel stops."""


FORM_REFUSED = (Action.PLAIN, Action.REFUSED)
"""After these a card is worth trying as plain text: no document names every reason for which a platform refuses one."""


class PlatformError(Exception):
    """A platform did not do what it was asked; carries no address and no token, so it may be logged."""

    def __init__(self, action: Action, code: object, wait: float = 0) -> None:
        super().__init__(f"{action} ({code})")
        self.action = action
        self.code = str(code)
        self.wait = wait
        """Seconds before which a repetition is useless."""


def from_transport(error: requests.RequestException) -> PlatformError:
    """A call that ended without a readable answer: harmless only where no connection came about."""
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return PlatformError(Action.RETRY, "no connection")
    return PlatformError(Action.UNKNOWN, type(error).__name__)


def _never_connected(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
