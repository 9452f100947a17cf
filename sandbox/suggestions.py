"""What a newcomer might type, with the dates of today: the chips under the typing box, and the lines of the scene."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from orders.calendar import Calendar
from sandbox.callbacks import buttons_of
from sandbox.ledger import ChatMessage, Ledger
from sandbox.people import PERSONAS, Persona
from sandbox.replies import replies

_ORDER_NUMBER = re.compile(r"SO\d{6}-\d{4,}")
_SOON_WORKING_DAYS = 4
_WANTED_WORKING_DAYS = 8
_SURE_WORKING_DAYS = 16
_ARRIVAL_WORKING_DAYS = 3
_WAYBILL = "SF1234567890123"
_DECISIONS = ("同意 ", "驳回 ")
_SELLERS = frozenset({"zhaomin", "qianwei", "lina"})
_TEXTS = {
    "zhaomin": (
        "建工三分公司订单：\n1、M8*40镀锌螺栓 2箱\n2、M8平垫 2包\n3、M8弹垫 2000\n4、M8螺母 镀锌 一千二\n{day}前发到松江工地",
        "老李要20打手套",
        "改单 {order} 数量改成800支",
        "沟通 {order} 昨天下午3点跟王经理电话，同意按现在的日期到，待办：周五前重发确认单",
        "{order}到哪了",
        "M12×80镀锌还有多少",
        "永固要M12x80热镀锌 3箱 {day}到",
        "取消 {order} 客户工地停了",
        "别名 锐固",
        "待办",
        "帮助",
    ),
    "qianwei": (
        "小陈五金：M8×30 304不锈钢 500支，M8螺母304的 500个，下周五送",
        "{order} 加一行 M8螺母镀锌 2包",
        "查单 宏达",
        "库存 M12×80",
        "帮助",
    ),
    "lina": (
        "佳美 TPE脚垫 20套 座椅套黑色10套 下周五要",
        "驰远汽车内饰 座椅套米色 150套 下周五要",
        "路安达 卡扣φ8 3包 下周五送",
        "{order}到哪了",
        "帮助",
    ),
    "sunlei": ("同意 {order}", "驳回 {order} 价格不对", "查单 {order}", "待办", "帮助"),
    "wangkuaiji": ("同意 {order}", "驳回 {order} 价格不对", "开票 {order}", "查单 {order}", "帮助"),
    "wugang": ("同意 {order}", "出库 {order}", "签收 {order}", "待办", "帮助"),
    "fengtao": ("同意 {order}", "出库 {order}", "库存 座椅套", "待办", "帮助"),
    "zhenggong": ("排产 {order}", "同意 {order}", "待办", "帮助"),
    "zhoufang": ("待办", "库存 M12×80", "完成 1", "帮助"),
    "chengong": ("同意 {order}", "驳回 {order} 图纸没确认", "查单 {order}", "帮助"),
    "hejing": ("{order}到哪了", "沟通 {order} 昨天上午10点王经理来电，催周五前到", "签收 {order}", "帮助"),
    "admin": ("查单 {order}", "待办", "帮助"),
}
"""What each persona might type at any time, after what depends on the day."""


@dataclass(frozen=True)
class Lines:
    """The sentences of the demo on one day."""

    today: date
    calendar: Calendar

    @property
    def wanted(self) -> date:
        """A day for which stock is easily promised."""
        return self.calendar.add_working_days(self.today, _WANTED_WORKING_DAYS)

    @property
    def soon(self) -> date:
        """A day that what has to be bought first does not meet."""
        return self.calendar.add_working_days(self.today, _SOON_WORKING_DAYS)

    @property
    def sure(self) -> date:
        """A day on which what has to be bought is surely there."""
        return self.calendar.add_working_days(self.today, _SURE_WORKING_DAYS)

    @property
    def arrival(self) -> date:
        """A day on which a purchase order may arrive."""
        return self.calendar.add_working_days(self.today, _ARRIVAL_WORKING_DAYS)

    def place(self) -> str:
        """An order that stock can serve."""
        return f"下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 {spoken(self.wanted)}到"

    def place_for_group(self, quantity: int) -> str:
        """An order of the customer who has a group."""
        return f"下单 宏达五金 M12×80镀锌螺栓×{quantity}支 {spoken(self.soon)}到"

    def why(self, order: str) -> str:
        """Why an order can be there on its day and no earlier."""
        return f"交期 {order}"

    def offer(self, order: str) -> str:
        """Another day, offered to the other side."""
        return f"交期 {order} {spoken(self.sure)}"

    def accept(self, order: str) -> str:
        """What the other side has offered is accepted."""
        return f"交期 {order} 同意"

    def inbound(self, number: str, quantity: int) -> str:
        """A purchase order on its way."""
        return f"在途 {number} M12×80镀锌 {quantity}支 {spoken(self.arrival)}"

    def receive(self, quantity: int) -> str:
        """Goods that have arrived."""
        return f"入库 M12×80镀锌 {quantity}支 A-03-2"

    def ship(self, order: str, waybill: str) -> str:
        """A parcel that leaves."""
        return f"发货 {order} 顺丰 {waybill}"


def spoken(day: date) -> str:
    """3月20日."""
    return f"{day.month}月{day.day}日"


def suggestions(today: date, calendar: Calendar, ledger: Ledger) -> dict[str, list[str]]:
    """What each persona might type next, by its key: answers first, then what there is to try."""
    lines = Lines(today, calendar)
    return {each.key: _for(each, lines, ledger) for each in PERSONAS if each.key in _TEXTS}


def _for(person: Persona, lines: Lines, ledger: Ledger) -> list[str]:
    """Orders are called by the number that was seen last, in their own chats if there is one; before there is one, nothing needs it."""
    number = _newest_order(person, ledger)
    order = spoken_number(number, ledger) if number else ""
    texts = [*_of_the_day(lines, order).get(person.key, []), *_TEXTS[person.key]]
    fitting = (
        text for text in texts if (order or "{order}" not in text) and (not text.startswith(_DECISIONS) or _is_asked(person, ledger))
    )
    told = [text.format(order=order, day=spoken(lines.wanted)) for text in fitting]
    answers = [text for chat in person.chats for text in replies(ledger, chat, spoken(lines.wanted))]
    return list(dict.fromkeys(answers + told))


def _is_asked(person: Persona, ledger: Ledger) -> bool:
    """Whether somebody's signature is waited for."""
    return any("同意" in buttons_of(message) for chat in person.chats for message in ledger.chats[chat])


def _of_the_day(lines: Lines, order: str) -> dict[str, list[str]]:
    """What depends on the day, by persona; the first of a salesperson is an order."""
    known = {
        "qianwei": [lines.why(order), lines.accept(order)],
        "lina": [lines.why(order), lines.accept(order)],
        "wugang": [lines.ship(order, _WAYBILL)],
        "fengtao": [lines.ship(order, _WAYBILL)],
        "zhenggong": [lines.why(order), lines.offer(order)],
        "zhoufang": [lines.why(order), lines.offer(order)],
    }
    always = {
        "zhaomin": [lines.place()],
        "qianwei": [lines.place_for_group(9000)],
        "wangkuaiji": [f"委托 孙磊 到 {spoken(lines.wanted)}"],
        "wugang": [lines.receive(5000)],
        "zhoufang": [lines.inbound("PO88", 5000)],
    }
    return {who: always.get(who, []) + (known.get(who, []) if order else []) for who in _TEXTS}


def _newest_order(person: Persona, ledger: Ledger) -> str:
    """The order of somebody's own chats; who is told nothing of orders, and does not place them, may ask about the newest of all."""
    own = [message for chat in person.chats for message in ledger.chats[chat]]
    found = _numbers(own) or ([] if person.key in _SELLERS else _orders(ledger))
    return found[-1] if found else ""


def spoken_number(order: str, ledger: Ledger) -> str:
    """The order's daily sequence, as people say it; the whole number when that means another order too."""
    tail = order.split("-")[-1]
    meant = {each for each in _orders(ledger) if each.endswith(f"-{tail}")}
    return tail if meant <= {order} else order


def _orders(ledger: Ledger) -> list[str]:
    """The order numbers of all chats, in the order of their last mention."""
    return _numbers(ledger.messages.values())


def _numbers(messages: Iterable[ChatMessage]) -> list[str]:
    found = (number for message in messages for number in _ORDER_NUMBER.findall(str(message.content)))
    return list(dict.fromkeys(reversed(list(found))))[::-1]


def order_number(text: str) -> str:
    """The first order number in a text; empty when there is none."""
    found = _ORDER_NUMBER.search(text)
    return found.group() if found else ""
