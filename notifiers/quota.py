"""DingTalk's monthly quota: 5,000 calls for the whole organisation in the standard edition, so each one is counted.

Tokens and the directory are free (basic-interfaces-such-as-log-off-and-address-book).
"""

from datetime import UTC, datetime

from sqlalchemy import func, select

from platforms.errors import Action, PlatformError
from store import meters
from store.models import Order, Role
from store.outbox import Urgency, tell, to_role
from store.transaction import Store, Transaction

WARNED_AT = 0.9
"""The share of the month's calls at which the admins are told."""


class Quota:
    """Counts calls as they are made, each in a short transaction of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def spend(self) -> None:
        """Counts one call about to be made; raises PlatformError when the month has none left."""
        with self._store.transaction() as tx:
            allowed = _take(tx)
        if not allowed:
            raise PlatformError(Action.QUOTA, "monthly_calls")


def is_used_up(tx: Transaction) -> bool:
    """Whether the month's calls are gone, by our own count."""
    return meters.counted(tx, meters.DINGTALK_CALLS) >= tx.settings.dingtalk.monthly_calls


def use_up(tx: Transaction) -> None:
    """The platform says that nothing is left, whatever we counted."""
    missing = tx.settings.dingtalk.monthly_calls - meters.counted(tx, meters.DINGTALK_CALLS)
    if missing > 0:
        meters.count(tx, meters.DINGTALK_CALLS, missing)
    _tell_used_up(tx)


def report(tx: Transaction) -> str:
    """One line for `bot.py check`: this month's calls and pushes, what is left, calls per order."""
    settings = tx.settings.dingtalk
    calls, pushes = (meters.counted(tx, name) for name in (meters.DINGTALK_CALLS, meters.DINGTALK_PUSHES))
    orders = _orders_of_the_month(tx)
    each = f"{calls / orders:.1f}" if orders else "-"
    left = max(0, settings.monthly_calls - calls)
    return (
        f"{meters.month(tx)} 已调用 {calls} 次，剩 {left} 次（每月 {settings.monthly_calls}），平均每单 {each} 次；"
        f"收到推送 {pushes} 次（每月 {settings.monthly_pushes}）"
    )


def _take(tx: Transaction) -> bool:
    most = tx.settings.dingtalk.monthly_calls
    if is_used_up(tx):
        return False
    used = meters.count(tx, meters.DINGTALK_CALLS)
    if used >= most:
        _tell_used_up(tx)
    elif used >= most * WARNED_AT:
        _tell_admins(tx, "almost", "钉钉额度快用完了", f"本月已调用 {used} 次，额度 {most} 次。用完后钉钉的消息会停发，可提前购买加量包。")
    return True


def _tell_used_up(tx: Transaction) -> None:
    text = "本月钉钉调用额度已用完，钉钉消息停发到月底；有企业微信的同事改由企业微信通知。可购买加量包后调高 monthly_calls。"
    _tell_admins(tx, "out", "钉钉额度已用完", text)


def _tell_admins(tx: Transaction, level: str, title: str, text: str) -> None:
    data = {"title": title, "text": text, "fields": []}
    tell(tx, to_role(Role.ADMIN), "notice", data, key=f"quota:dingtalk:{meters.month(tx)}:{level}", urgency=Urgency.ALERT)


def _orders_of_the_month(tx: Transaction) -> int:
    start = datetime(tx.today.year, tx.today.month, 1, tzinfo=tx.zone).astimezone(UTC)
    query = select(func.count()).where(Order.created_at >= start, Order.origin == "chat")
    return tx.session.scalar(query) or 0
