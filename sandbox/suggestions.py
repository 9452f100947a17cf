"""What a newcomer might type, with the dates of today: the chips under the typing box, and the lines of the scene."""

import re
from dataclasses import dataclass
from datetime import date

from orders.calendar import Calendar
from sandbox.ledger import Ledger

_ORDER_NUMBER = re.compile(r"SO\d{6}-\d{4,}")
_SOON_WORKING_DAYS = 4
_WANTED_WORKING_DAYS = 8
_SURE_WORKING_DAYS = 16
_ARRIVAL_WORKING_DAYS = 3
_TEXTS = {
    "zhaomin": (
        "永固要M12x80热镀锌 3箱 月底前到",
        "改单 {order} 数量改成800支",
        "沟通 {order} 昨天下午3点跟王经理电话，同意按现在的日期到，待办：周五前重发确认单",
        "{order}到哪了",
        "M12×80镀锌还有多少",
        "老李要20打手套",
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
    """What each persona might type next, by its key; orders are called by the number that was seen last."""
    lines, seen = Lines(today, calendar), _orders(ledger)
    order = spoken_number(seen[-1], ledger) if seen else "0001"
    own = {
        "zhaomin": [lines.place()],
        "qianwei": [lines.place_for_group(9000), lines.why(order), lines.accept(order)],
        "lina": [lines.why(order), lines.accept(order)],
        "wangkuaiji": [f"委托 孙磊 到 {spoken(lines.wanted)}"],
        "wugang": [lines.receive(5000), lines.ship(order, "SF1234567890123")],
        "fengtao": [lines.ship(order, "SF1234567890123")],
        "zhenggong": [lines.why(order), lines.offer(order)],
        "zhoufang": [lines.inbound("PO88", 5000), lines.why(order), lines.offer(order)],
    }
    return {who: own.get(who, []) + [text.format(order=order) for text in texts] for who, texts in _TEXTS.items()}


def spoken_number(order: str, ledger: Ledger) -> str:
    """The order's daily sequence, as people say it; the whole number when that means another order too."""
    tail = order.split("-")[-1]
    meant = {each for each in _orders(ledger) if each.endswith(f"-{tail}")}
    return tail if meant <= {order} else order


def _orders(ledger: Ledger) -> list[str]:
    """The order numbers of all chats, in the order of their last mention."""
    found = (number for message in ledger.messages.values() for number in _ORDER_NUMBER.findall(str(message.content)))
    return list(dict.fromkeys(reversed(list(found))))[::-1]


def order_number(text: str) -> str:
    """The first order number in a text; empty when there is none."""
    found = _ORDER_NUMBER.search(text)
    return found.group() if found else ""
