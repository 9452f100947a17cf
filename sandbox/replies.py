"""Short answers to what a chat is being asked just now, for the chips under its typing box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage, Ledger


@dataclass(frozen=True)
class Said:
    """Words that a question or a draft shows, and what may be typed then; `{day}` is a day that can be kept."""

    shown: str
    answers: tuple[str, ...]


_CUSTOMERS = "哪个客户？"
_NUMBERED = re.compile(r"^ *回复 \**\d+\** (.*\S)", re.MULTILINE)
"""Choices of a card that came as text: no button shows them."""
_ANSWERS = (
    Said("确认改单", ("说明 客户工地改期，数量减少", "对象 李总", "结论 客户同意")),
    Said("确认取消", ("说明 客户工地停了", "对象 李总", "结论 客户同意取消")),
    Said("确认记录", ("对象 李总", "待办 周五前重发确认单")),
    Said("确认下单", ("{day}到", "加急", "包邮", "加一行 M8螺母镀锌 2包")),
    Said("和谁谈的？", ("王经理",)),
    Said("谈定了什么？", ("客户同意按现在的日期到",)),
    Said("为什么取消？", ("客户工地停了",)),
    Said("改成哪天？", ("{day}",)),
    Said("是哪一天？", ("{day}",)),
    Said("要多少？", ("500支", "2包")),
    Said("运单号是多少？", ("SF1234567890123",)),
    Said("哪家快递？", ("顺丰",)),
)
"""The first that fits counts; what has buttons for its answers needs none."""
_OWN_CUSTOMERS = {
    "wecom/zhaomin": ("锐固建材", "建工三分", "瑞丰照明", "恒泰建设"),
    "dingtalk/qianwei": ("小陈五金", "嘉兴顺发", "欧意", "宏达五金"),
    "wecom/lina": ("佳美", "驰远内饰", "苏州精准", "路安达"),
    "wecom/sunlei": ("永固", "鑫隆阀门", "中远船配", "天工农机"),
}


def replies(ledger: Ledger, chat: str, day: str) -> list[str]:
    """What fits the newest question or draft of a chat; empty where nothing is asked."""
    fitting = (_fitting(message, chat, day) for message in _open(ledger.chats[chat]))
    return next((answers for answers in fitting if answers), [])


def _open(messages: list[ChatMessage]) -> Iterator[ChatMessage]:
    """Newest first: what was told since the last own words, and the card before them, which may have changed in place."""
    told = list(takewhile(lambda message: not message.mine, reversed(messages)))
    yield from told
    before = next((message for message in reversed(messages[: len(messages) - len(told)]) if not message.mine), None)
    if before is not None and buttons_of(before):
        yield before


def _fitting(message: ChatMessage, chat: str, day: str) -> list[str]:
    shown = _shown(message)
    if _CUSTOMERS in shown:
        return list(_OWN_CUSTOMERS.get(chat, ()))
    answers = next((each.answers for each in _ANSWERS if each.shown in shown), ())
    text = message.content.get("content") or message.content.get("text") or ""
    return [*_NUMBERED.findall(str(text)), *(answer.format(day=day) for answer in answers)]


def _shown(message: ChatMessage) -> str:
    """The texts of a message, without buttons that nobody can press any more."""
    content = {name: value for name, value in message.content.items() if name not in ("button_list", "buttons")}
    return " ".join([str(content), *buttons_of(message)])
