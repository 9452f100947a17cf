"""What DingTalk brings in a month, 3,000 pushes for the whole organisation in the standard edition: counted, and said before none is left.

Over that, messages come without their content (develop-stream-mode-push-server).
"""

from math import ceil

from handlers.notices import notice
from platforms.words import WITHHELD, Message, Platform, Press, Reply
from store.meters import DINGTALK_PUSHES, count, month
from store.models import Role
from store.outbox import Urgency, tell, to_role
from store.transaction import Transaction

_WARNED_AT = 0.9
"""The share of the month's pushes at which the admins are told."""


def count_push(tx: Transaction, incoming: Message | Press) -> None:
    """Counts what DingTalk brought, towards the end of a transaction, since all of it counts in one row; tells the admins in time."""
    if incoming.platform != Platform.DINGTALK:
        return
    used, most = count(tx, DINGTALK_PUSHES), tx.settings.dingtalk.monthly_pushes
    if is_withheld(incoming):
        text = "本月推送已用完，机器人看不到同事在钉钉里写的内容。请购买加量包，这之前先用企业微信。"
        _tell_admins(tx, "out", "钉钉推送额度已用完", text)
    elif used == ceil(most * _WARNED_AT):
        text = f"本月已收到 {used} 次推送，额度 {most} 次。用完后机器人看不到同事在钉钉里写的内容，可提前购买加量包并调高 monthly_pushes。"
        _tell_admins(tx, "almost", "钉钉推送额度快用完了", text)


def is_withheld(incoming: Message | Press) -> bool:
    """Whether nobody can know what was written."""
    return isinstance(incoming, Message) and incoming.kind == WITHHELD


def withheld() -> Reply:
    """Tells whoever wrote why nothing comes of it."""
    text = "公司本月的钉钉推送额度用完了，机器人收不到内容。请改用企业微信，或请管理员购买加量包。"
    return notice("看不到您写的内容", text)


def _tell_admins(tx: Transaction, level: str, title: str, text: str) -> None:
    said = notice(title, text)
    tell(tx, to_role(Role.ADMIN), said.card, said.data, key=f"quota:dingtalk:{month(tx)}:pushes:{level}", urgency=Urgency.ALERT)
