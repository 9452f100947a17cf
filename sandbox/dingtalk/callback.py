"""DingTalk calling the app: robot messages with timestamp and sign, whose answer rides back, and card presses in HTTP mode."""

import json
import secrets
import time
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.callbacks import Answer
from sandbox.dingtalk.api import DingTalk, union_id
from sandbox.dingtalk.cards import check_params
from sandbox.dingtalk.errors import DingTalkError
from sandbox.dingtalk.layout import buttons
from sandbox.dingtalk.robots import form_of, shape_problem
from sandbox.ledger import ChatMessage, Ledger
from sandbox.signing import dingtalk_card_sign, dingtalk_sign

_ROBOT_SECONDS = 5
"""The documents give no number for robot callbacks."""
_CARD_SECONDS = 2
_QUOTA_EXHAUSTED = {"msgtype": "text", "errCode": 20001, "errMsg": "quota exhausted"}


class DingTalkCaller:
    """Posts what people do to the product, as the platform would."""

    def __init__(self, dingtalk: DingTalk, ledger: Ledger, session: ClientSession, url: str, base: str) -> None:
        self._dingtalk, self._ledger, self._session, self.url, self._base = dingtalk, ledger, session, url, base

    async def say(self, userid: str, text: str, repeated: str = "") -> Answer:
        """A member writes to the robot; the answer rides back. Without text when the month's pushes are used up.

        `repeated` is the msgId of a message that the platform still brings.
        """
        if not repeated:
            self._ledger.post(f"dingtalk/{userid}", "text", {"content": text}, mine=True)
        said = {"msgtype": "text", "text": {"content": text}} if self._dingtalk.count_push() else _QUOTA_EXHAUSTED
        timestamp = self._milliseconds()
        secret = self._dingtalk.settings.app_secret.get_secret_value()
        headers = {"timestamp": timestamp, "sign": dingtalk_sign(secret, timestamp)}
        answer = await self._post(self.url, self._body(userid, repeated) | said, headers, _ROBOT_SECONDS)
        self._ledger.note("callback", "dingtalk", answer.told(f"{self._name(userid)}：{text}"), answer.milliseconds)
        if answer.status == 200:
            self._take_reply(f"dingtalk/{userid}", answer.body)
        return answer

    async def press(self, message: ChatMessage, index: int) -> Answer:
        """A member presses button `index` of an interactive card."""
        button = buttons(message.content)[index]
        userid = message.chat.removeprefix("dingtalk/")
        route = self._dingtalk.cards.routes.get(self._dingtalk.cards.route_of.get(message.handle, ""))
        if route is None:
            self._ledger.problem("dingtalk", f"卡片 {message.handle} 没有注册回调地址")
            return Answer(0, "", 0, 0)
        self._ledger.mark_pressed(message, button.text)
        self._dingtalk.count_push()
        action = {"cardPrivateData": {"actionIds": [f"button{index + 1}"], "params": {"button": button.value}}}
        body = {
            "type": "actionCallback",
            "outTrackId": message.handle,
            "corpId": "ding-sandbox",
            "userId": userid,
            "content": json.dumps(action),
        }
        timestamp = self._milliseconds()
        headers = {"x-ddpaas-signature-timestamp": timestamp, "x-ddpaas-signature": dingtalk_card_sign(route.secret, timestamp)}
        answer = await self._post(route.url, body, headers, _CARD_SECONDS)
        self._ledger.note("callback", "dingtalk", answer.told(f"{self._name(userid)} 按下「{button.text}」"), answer.milliseconds)
        if answer.status == 200:
            self._take_update(message, answer.body)
        return answer

    def _body(self, userid: str, repeated: str) -> dict[str, Any]:
        session, until = self._dingtalk.sessions.open(f"dingtalk/{userid}")
        robot = self._dingtalk.settings.robot
        return {
            "msgId": repeated or f"msg{secrets.token_hex(12)}",
            "conversationType": "1",
            "conversationId": f"cid-{userid}",
            "senderStaffId": userid,
            "senderUnionId": union_id(userid),
            "senderId": f"$:LWCP_v1:${secrets.token_hex(6)}",
            "senderNick": self._name(userid),
            "senderCorpId": "ding-sandbox",
            "chatbotUserId": f"$:LWCP_v1:${robot}",
            "chatbotCorpId": "ding-sandbox",
            "robotCode": robot,
            "isAdmin": False,
            "sessionWebhook": f"{self._base}/robot/sendBySession?session={session}",
            "sessionWebhookExpiredTime": until,
            "createAt": int(self._milliseconds()),
        }

    async def _post(self, url: str, body: dict[str, Any], headers: dict[str, str], seconds: float) -> Answer:
        started = time.perf_counter()
        try:
            async with self._session.post(url, json=body, headers=headers, timeout=ClientTimeout(total=seconds)) as response:
                status, text = response.status, await response.text()
        except (ClientError, TimeoutError):
            status, text = 0, ""
        return Answer(status, text, 1, (time.perf_counter() - started) * 1000)

    def _take_reply(self, chat: str, text: str) -> None:
        reply = _object(text)
        if reply.get("msgtype") in (None, "empty"):
            return
        if (problem := shape_problem(reply)) is not None:
            self._ledger.problem("dingtalk", f"机器人回复不合规：{problem[1]}")
            return
        self._ledger.post(chat, form_of(reply["msgtype"]), reply[reply["msgtype"]])

    def _take_update(self, message: ChatMessage, text: str) -> None:
        reply = _object(text)
        part = (reply.get("cardData") or reply.get("userPrivateData") or {}).get("cardParamMap")
        if part is None:
            if reply:
                self._ledger.problem("dingtalk", f"卡片回复不合规：{', '.join(reply)}")
            return
        try:
            by_key = bool((reply.get("cardUpdateOptions") or {}).get("updateCardDataByKey"))
            self._dingtalk.cards.show(message, check_params(part), by_key)
        except DingTalkError as error:
            self._ledger.problem("dingtalk", f"卡片回复不合规：{error}")

    def _name(self, userid: str) -> str:
        return self._dingtalk.directory.dingtalk.get(userid, userid)

    def _milliseconds(self) -> str:
        return str(int(self._ledger.clock.now().timestamp() * 1000))


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
