"""Calls of DingTalk's newer API (paths beginning with /v1.0), which dingtalk-sdk does not know: robots, cards, to-dos.

A dozen lines over requests; the official SDK would weigh 150 MB for the same six calls.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import requests
from redis import Redis

from platforms.access import SharedToken, with_token
from platforms.dingtalk.errors import refusal
from platforms.errors import Action, PlatformError, from_transport
from platforms.http import BoundedSession

Document = dict[str, Any]
_CARD_EXISTS = "cardAlreadyExist"
_TODO_EXISTS = "task exist"
"""What a repetition is told: the first call had its effect. The to-do's id ends the message (`task exist, taskId:…`)."""
_TODO_IS_GONE = "task not exist"
_CODE_LENGTH = 160
"""Of a code with its message, which ends in an id."""
_PUNISHED_SECONDS = 300.0
"""How long all calls from an address are blocked that made too many (call-frequency-limit)."""


class DingTalkClient:
    """The enterprise app; `base_url` without a trailing slash. `spend` is told of each call that counts against the
    month's quota before it is made, and may raise PlatformError to forbid it. Methods raise PlatformError."""

    def __init__(self, redis: Redis, app_key: str, app_secret: str, base_url: str, spend: Callable[[], None]) -> None:
        self._app_key = app_key
        self._app_secret = app_secret
        self._base_url = base_url
        self._spend = spend
        self._http = BoundedSession()
        self.token = SharedToken(redis, f"dingtalk:{app_key}", self._ask_for_token)

    def send_to_person(self, robot: str, user: str, kind: str, parameters: Document) -> str:
        """A robot message (`kind` is DingTalk's msgKey) to one member; answers its processQueryKey. Has no duplicate key."""
        body = {"robotCode": robot, "userIds": [user], "msgKey": kind, "msgParam": json.dumps(parameters, ensure_ascii=False)}
        answer = self._call("POST", "robot/oToMessages/batchSend", body)
        if answer.get("invalidStaffIdList"):
            raise PlatformError(Action.DROP, "invalidStaffIdList")
        if answer.get("flowControlledStaffIdList"):
            raise PlatformError(Action.RETRY, "flowControlledStaffIdList")  # too fast for this one member
        return str(answer.get("processQueryKey", ""))

    def deliver_card(self, robot: str, user: str, template: str, track: str, parameters: dict[str, str], route: str) -> None:
        """An interactive card to one member, once for each `track`; an empty `route` means presses come by Stream."""
        callback = {"callbackType": "HTTP", "callbackRouteKey": route} if route else {"callbackType": "STREAM"}
        body = {
            "cardTemplateId": template,
            "outTrackId": track,
            "cardData": {"cardParamMap": parameters},
            "userIdType": 1,
            "openSpaceId": f"dtv1.card//IM_ROBOT.{user}",
            "imRobotOpenSpaceModel": {"supportForward": False},
            "imRobotOpenDeliverModel": {"spaceType": "IM_ROBOT", "robotCode": robot},
        }
        try:
            _delivered(self._call("POST", "card/instances/createAndDeliver", body | callback))
        except PlatformError as error:
            if _CARD_EXISTS not in error.code:
                raise

    def update_card(self, track: str, parameters: dict[str, str]) -> None:
        """Other values for a card of ours, for everybody who sees it."""
        options = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
        body = {"outTrackId": track, "cardData": {"cardParamMap": parameters}, "cardUpdateOptions": options}
        self._call("PUT", "card/instances", body)

    def register_callback(self, route: str, url: str, secret: str) -> None:
        """Names the address to which presses of cards with this route are pushed, and the secret that signs them."""
        body = {"callbackRouteKey": route, "callbackUrl": url, "apiSecret": secret, "forceUpdate": True}
        self._call("POST", "card/callbacks/register", body)

    def create_todo(self, creator: str, executors: list[str], subject: str, url: str, source: str) -> str:
        """A to-do, once for each `source`; people are union ids. Answers its id, also that of an earlier one."""
        body = {
            "sourceId": source,
            "subject": subject,
            "creatorId": creator,
            "executorIds": executors,
            "detailUrl": {"appUrl": url, "pcUrl": url},
            "isOnlyShowExecutor": True,
        }
        try:
            return str(self._call("POST", f"todo/users/{quote(creator)}/tasks", body, operatorId=creator)["id"])
        except PlatformError as error:
            if _TODO_EXISTS not in error.code:
                raise
            return error.code.rpartition(":")[2].strip()

    def finish_todo(self, creator: str, todo: str) -> None:
        """Marks a to-do as done for everybody; one that somebody has deleted needs it no more."""
        try:
            self._call("PUT", f"todo/users/{quote(creator)}/tasks/{quote(todo)}", {"done": True}, operatorId=creator)
        except PlatformError as error:
            if _TODO_IS_GONE not in error.code:
                raise

    def _ask_for_token(self) -> tuple[str, int]:
        body = {"appKey": self._app_key, "appSecret": self._app_secret}
        answer = self._send("POST", "oauth2/accessToken", body, {}, {})
        return str(answer["accessToken"]), int(answer.get("expireIn", 7200))

    def _call(self, method: str, path: str, body: Document, **query: str) -> Document:
        def send(token: str) -> Document:
            self._spend()
            return self._send(method, path, body, query, {"x-acs-dingtalk-access-token": token})

        return with_token(self.token, send)

    def _send(self, method: str, path: str, body: Document, query: dict[str, str], headers: dict[str, str]) -> Document:
        try:
            response = self._http.request(method, f"{self._base_url}/v1.0/{path}", params=query, headers=headers, json=body)
            answer = response.json()
        except requests.RequestException as error:
            raise from_transport(error) from None
        if not response.ok or not isinstance(answer, dict):
            raise _refusal(response.status_code, answer)
        return answer


def _refusal(status: int, answer: Any) -> PlatformError:
    document = answer if isinstance(answer, dict) else {}
    code = str(document.get("code", ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return PlatformError(Action.WAIT, code or status, 1)
    if "punish" in document:
        return PlatformError(Action.WAIT, "address blocked", _PUNISHED_SECONDS)
    if code.endswith("paramError"):
        code = f"{code} {document.get('message', '')}"[:_CODE_LENGTH]
    refused = refusal(code) if code else PlatformError(Action.UNKNOWN, f"HTTP {status}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and refused.action is Action.REFUSED:
        return PlatformError(Action.UNKNOWN, code)  # its own trouble, whatever it calls it
    return refused


def _delivered(answer: Document) -> None:
    """DingTalk says 200 even when no space took the card."""
    failures = [result for result in answer.get("result", {}).get("deliverResults", []) if not result.get("success")]
    if failures:
        raise PlatformError(Action.PLAIN, f"deliverResults {failures[0].get('errorMsg', '')}"[:80])
