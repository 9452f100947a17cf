"""What we answer DingTalk in the callback's own response, which costs none of the month's calls."""

from typing import Any

EMPTY: dict[str, Any] = {"msgtype": "empty"}
"""Says nothing; what there is to say comes another way."""


def markdown(title: str, text: str) -> dict[str, Any]:
    """An answer in the chat; `title` is what the conversation list shows."""
    return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}


def card_update(params: dict[str, str]) -> dict[str, Any]:
    """New values of the pressed card, for the one who pressed; keys that are not named stay as they are."""
    return {
        "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        "cardData": {"cardParamMap": params},
    }
