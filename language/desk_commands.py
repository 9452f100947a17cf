"""Commands about an order that stands, typed in full: 改单 003 …, 取消 003, 沟通 003 …, 交期 003 3月20日, 排产 003."""

import re
from collections.abc import Callable

from language import naming
from language.amending import read_amend
from language.cancelling import read_cancel
from language.day_meant import take_day
from language.inquiries import asked, asked_of_stock
from language.logs import read_log
from language.order_references import OrderSaid, take_order
from language.reading import Context, Reading
from language.slate import Slate

_TYPED = re.compile(r"^[ |:,]*(?P<typed>[0-9]{1,12}(?:-[0-9]{1,8}){0,2})(?=$|[ ,;|])")
_VERSION = re.compile(r"(?:版本|第|v) ?(?P<version>[0-9]{1,4}) ?版?(?![0-9号日])")


def read_query(said: Reading, slate: Slate) -> Reading:
    """查单: an order, or a customer whose orders are meant."""
    about = asked(slate.plain) or ("status", "list")
    order = _take_order(slate)
    customer = (naming.take_customer(slate.copy()) or naming.find_customer(slate.rest, slate)) if slate.rest and not order else None
    update = {"about": about, "customer": customer, "unread": _unread(slate) if order else ()}
    return said.model_copy(update=update | _typed(order))


def stock_about(slate: Slate) -> tuple[str, ...]:
    """What 库存 asks for: what is there, unless something else is said."""
    return asked_of_stock(slate.plain) or ("available",)


def read_in_context(said: Reading, slate: Slate, context: Context) -> Reading:
    """改单, 取消 or 沟通."""
    if said.command == "communicate":
        typed = None if take_order(slate.copy(), loose=False) else slate.take_group(_TYPED, "typed")
        read = read_log(said, slate, context.customer)
        return read.model_copy(update={"order": read.order or read.order_tail or typed})
    order = _take_order(slate)
    read_command = read_amend if said.command == "amend" else read_cancel
    read = read_command(said, slate, order, context, command=True) or said
    return read.model_copy(update=_typed(order))


def _of_order(said: Reading, slate: Slate) -> Reading:
    """交期, 排产, 开票: the order, a day, a version."""
    order = _take_order(slate)
    version = slate.take(_VERSION)
    update = {"version": int(version["version"]) if version else None, "day": take_day(slate), "unread": _unread(slate)}
    return said.model_copy(update=update | _typed(order))


def _of_customer(said: Reading, slate: Slate) -> Reading:
    """别名: the customer."""
    return said.model_copy(update={"customer": naming.find_customer(slate.rest, slate) if slate.rest else None})


def _take_order(slate: Slate) -> OrderSaid:
    """The order as in free text, or a short number that is typed first."""
    if order := take_order(slate):
        return order
    typed = slate.take_group(_TYPED, "typed")
    return OrderSaid(tail=typed, mentioned=typed is not None)


def _typed(order: OrderSaid) -> dict[str, str | None]:
    """A command's order is looked up as it was typed."""
    return order.fields() | {"order": order.number or order.tail}


def _unread(slate: Slate) -> tuple[str, ...]:
    return (slate.rest,) if slate.rest else ()


READERS: dict[str, Callable[[Reading, Slate], Reading]] = {
    "agree": _of_order,
    "schedule": _of_order,
    "invoice": _of_order,
    "aliases": _of_customer,
}
IN_CONTEXT = frozenset({"amend", "cancel", "communicate"})
