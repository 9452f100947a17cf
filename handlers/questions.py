"""Every question that the handlers ask themselves; what they say otherwise stands in handlers/wording.py."""

from datetime import date
from decimal import Decimal

from handlers.wording import day_text, short
from orders.words import plain

ORDER_SAID_NOTHING = "要订什么？请打产品和数量"
WHICH_PRODUCT = "哪个产品？"
WHICH_ORDER = "哪张订单？请打单号，或它的后几位"
WHICH_ORDER_OR_CUSTOMER = "查哪张订单？请打单号或客户名"
WHICH_WAYBILL = "运单号是多少？"
WHICH_PURCHASE = "采购单号是多少？"
WHICH_ARRIVAL = "哪天到货？"
WHICH_LOCATION = "放在哪个库位？"
WHICH_OTHER_DAY = "改成哪天送到？请打日期，如 3月25日"
WHICH_TASK = "完成哪一项待办？"
WHICH_FORWARDED = "哪一张的进度转发了？请打单号，或它的后几位"
WHICH_DATE = "商定哪一张的交期？请打单号，或它的后几位"
WHICH_APPROVAL = "审哪一张？请打单号，或它的后几位"
WHICH_DELEGATE = "委托给谁？请打同事的姓名"
DELEGATE_UNTIL = "委托到哪天？请打日期，如 3月20日"
WHICH_TASK_ANSWERED = "答复哪一项拦截？"
WITH_WHOM, WHAT_CONCLUDED = "和谁谈的？请打名字", "谈定了什么？一句话就行，也可以粘贴聊天记录"


def again(said: str, ask: str) -> str:
    """The question once more, after an answer that was not understood."""
    return f"没看懂“{short(said)}”。{ask}"


def which_customer(unread: tuple[str, ...]) -> str:
    """No customer was named, or not so that the desk could tell."""
    return f"哪个客户？（没看懂“{short('、'.join(unread))}”）" if unread else "哪个客户？"


def ask_carrier(said: str | None) -> str:
    """No carrier was named, or one that the tracking service does not know."""
    return f"没有认出快递“{short(said)}”，是哪一家？" if said else "哪家快递？"


def ask_customer(said: str, count: int) -> str:
    """Several customers fit what was said, or none."""
    if count > 1:
        return f"“{short(said)}”有{count}个客户，是哪一个？"
    return f"没有客户“{short(said)}”，请打客户的名称或编码"


def ask_product(said: str, count: int, offered: int) -> str:
    """Several products fit what was said, or only come near, or none does; `offered` of `count` are shown."""
    if count > 1:
        more = f"（共{count}种，写明规格、表面或材质更快）" if count > offered else ""
        return f"“{short(said)}”是哪一种？{more}"
    if offered:
        return f"没有“{short(said)}”，最接近的是这些，要哪一种？"
    return f"没有产品“{short(said)}”，请核对品名和规格再打"


def ask_quantity(product: str) -> str:
    """No quantity was said, or more than one."""
    return f"{product} 要多少？请打数量和单位"


def ask_unit(product: str, number: Decimal, unit: str | None) -> str:
    """The unit is missing, or the product is not counted in it."""
    if unit:
        return f"{product} 不按“{unit}”计，{plain(number)}什么？"
    return f"{product} {plain(number)}什么？"


def ask_day(said: str) -> str:
    """What was said may be more than one day, or is none."""
    return f"“{short(said)}”是哪一天？请打日期，如 3月20日"


def ask_other_day(wanted: date, earliest: date) -> str:
    """The wanted date leaves too little time."""
    return f"期望交付日 {day_text(wanted)} 太近，最早 {day_text(earliest)}，改成哪天？"


def ask_past_day(wanted: date) -> str:
    """The wanted date lies in the past."""
    return f"{wanted.year}年{day_text(wanted)}已经过去了，改成哪天？"


def ask_far_day(wanted: date, latest: date) -> str:
    """The wanted date lies so far ahead that its year must be mistyped."""
    return f"{wanted.year}年{day_text(wanted)}太远了，最晚 {latest.year}年{day_text(latest)}，改成哪天？请连年份一起打，如 {latest}"


def several_orders(typed: str) -> str:
    """A tail that several orders have."""
    return f"“{short(typed)}”有几张订单，是哪一张？"


def which_word(customer: str) -> str:
    """The list of a customer's words, to take one back."""
    return f"{customer}自己的叫法如下，要撤销哪一个就选它；不撤销打“算了”"


def why_rejected(order: str) -> str:
    """Asked of who rejects an order."""
    return f"为什么驳回 {order}？选一个或直接打字，会原样告诉业务员"
