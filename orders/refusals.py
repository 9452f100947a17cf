"""Saying no: what was asked cannot be done, and why."""

from typing import Any


class Refused(Exception):
    """What a person asked for is not done, and nothing has changed; `details` are plain JSON values.

    Which sentence each `reason` becomes stands in templates/refusals.yaml.
    """

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details

    def __str__(self) -> str:
        return f"{self.reason} {self.details}" if self.details else self.reason
