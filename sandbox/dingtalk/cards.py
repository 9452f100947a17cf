"""Interactive cards: created once per outTrackId, delivered to spaces, changed by key; where their presses are sent."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.dingtalk.errors import DingTalkError
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import Directory
from store.settings import DingTalkSettings

_KEY_BYTES, _VALUE_BYTES, _CARD_BYTES = 100, 1024, 100 * 1024
_ROBOT_SPACE = "dtv1.card//IM_ROBOT."


@dataclass
class Route:
    """Where a callbackRouteKey leads."""

    url: str
    secret: str


class Cards:
    """All card instances of the app."""

    def __init__(self, settings: DingTalkSettings, ledger: Ledger, directory: Directory) -> None:
        self._settings, self._ledger, self._directory = settings, ledger, directory
        self.routes: dict[str, Route] = {}
        self.route_of: dict[str, str] = {}
        """callbackRouteKey by outTrackId; empty for a card whose presses go nowhere."""
        self._instances: dict[str, list[ChatMessage]] = {}

    def create(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """POST /v1.0/card/instances/createAndDeliver."""
        track = body.get("outTrackId", "")
        if not track or len(track) > 100:
            raise DingTalkError("param.outTrackIdInvalid", "outTrackId 1..100")
        if track in self._instances:
            raise DingTalkError("param.cardAlreadyExist", f"card {track} already exists")
        if body.get("cardTemplateId") != self._settings.card_template_id:
            raise DingTalkError("param.templateNotExist", "template does not exist")
        params = _params(body)
        spaces = [space for space in body.get("openSpaceId", "").split(";") if space]
        if not spaces or len(body["openSpaceId"]) > 1000:
            raise DingTalkError("param.openSpaceIdInvalid", "openSpaceId")
        self._check_models(body)
        self._instances[track] = []
        self.route_of[track] = body.get("callbackRouteKey", "") if body.get("callbackType") == "HTTP" else ""
        return {
            "success": True,
            "result": {"outTrackId": track, "deliverResults": [self._deliver(space, track, params) for space in spaces]},
        }

    def _check_models(self, body: dict[str, Any]) -> None:
        model, deliver = body.get("imRobotOpenSpaceModel"), body.get("imRobotOpenDeliverModel")
        if model is None or not isinstance(deliver, dict) or deliver.get("spaceType") != "IM_ROBOT":
            raise DingTalkError("param.deliverModelInvalid", "imRobotOpenSpaceModel and imRobotOpenDeliverModel are required for IM_ROBOT")

    def _deliver(self, space: str, track: str, params: dict[str, str]) -> dict[str, Any]:
        userid = space.removeprefix(_ROBOT_SPACE)
        known = space.startswith(_ROBOT_SPACE) and userid in self._directory.dingtalk
        if known:
            self._instances[track].append(self._ledger.post(f"dingtalk/{userid}", "interactive_card", params, handle=track))
        result = {"spaceType": "IM_ROBOT", "spaceId": userid, "success": known, "carrierId": f"carrier-{track}" if known else ""}
        return result | ({} if known else {"errorMsg": "space id invalid"})

    def update(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """PUT /v1.0/card/instances: everything is overwritten unless `updateCardDataByKey` is set."""
        messages = self._instances.get(body.get("outTrackId", ""))
        if messages is None:
            raise DingTalkError("param.cardNotExist", "card does not exist")
        params = _params(body)
        by_key = bool((body.get("cardUpdateOptions") or {}).get("updateCardDataByKey"))
        for message in messages:
            self.show(message, params, by_key)
        return {"success": True, "result": True}

    def show(self, message: ChatMessage, params: dict[str, str], by_key: bool) -> None:
        """Changes one reader's card."""
        self._ledger.change(message, message.form, message.content | params if by_key else params)

    def register(self, _request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        """POST /v1.0/card/callbacks/register."""
        key, url, secret = (body.get(name, "") for name in ("callbackRouteKey", "callbackUrl", "apiSecret"))
        if not key or not url.startswith(("http://", "https://")):
            raise DingTalkError("param.callbackInvalid", "callbackRouteKey and callbackUrl are required")
        if key in self.routes and not body.get("forceUpdate"):
            raise DingTalkError("param.callbackAlreadyExist", "callbackRouteKey is registered")
        self.routes[key] = Route(url, secret)
        return {"success": True, "result": {"callbackUrl": url, "apiSecret": secret}}


def check_params(params: Any) -> dict[str, str]:
    """The card's parameters when they keep to the limits. Raises DingTalkError."""
    if not isinstance(params, dict) or not all(isinstance(value, str) for value in params.values()):
        raise DingTalkError("param.cardDataInvalid", "cardParamMap: all values must be strings")
    sizes = [(len(key.encode()), len(value.encode())) for key, value in params.items()]
    if any(key > _KEY_BYTES or value > _VALUE_BYTES for key, value in sizes) or sum(map(sum, sizes)) > _CARD_BYTES:
        raise DingTalkError("param.cardDataTooLong", "key 100 B, value 1 KB, card 100 KB")
    return params


def _params(body: dict[str, Any]) -> dict[str, str]:
    return check_params((body.get("cardData") or {}).get("cardParamMap"))
