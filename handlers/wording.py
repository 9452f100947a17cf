"""Every sentence that the handlers say themselves, but for their questions (handlers/questions.py); refusals stand in
templates/refusals.yaml, cards in templates/cards."""

from datetime import date, datetime
from decimal import Decimal

from language import Catalogue, Line, Reading, Split
from orders.words import money, plain

_MOST_KNOWN = 6

REASONS = ("价格不对", "数量不对", "交期不行", "信用不够")
DELEGATED, DELEGATION_ENDED = "委托好了", "委托已结束"
HELD_TITLE, NOTHING_PLACED = "好的，先不下单", "什么都没有下。定了再直接打客户、产品和数量。"
DRAFT_WAITS = "草稿先放着，30分钟内打“确认下单”都有效。"
COMPLAINT_TITLE = "请记到订单上"
COMPLAINT_HOW = "是哪张订单？打“沟通 单号 客户说了什么”，主管和客服查得到；退换货和补发跟仓库、主管商定。"
WHAT_I_CAN = "下单直接打客户、产品和数量就行；也可以问“锐固那单到哪了”“M12×80 还有多少”。打“帮助”看全部。"
PRICES, LIST_PRICES = "价格", "按目录价，量大或要优惠请和主管定。"
FREIGHT_UNKNOWN = "按目录价。运费系统里没有，请问物流或和客户商定。"
NEWEST_ORDERS, NO_ORDERS_YET = "最近的订单", "还没有订单"
WAITING_FOR_APPROVAL, NONE_WAITING = "待审核的订单", "没有待审核的订单"
NOT_THAT = "不是这个意思"
NO_OWN_WORDS = "还没有学到这个客户自己的叫法。同一种说法两次选成同一个产品，就会记住。"
PLACE, CONFIRM, DROP, URGENT = "下单", "确认下单", "算了", "加急"
CONFIRM_SCHEDULE = "确认排产"
DROPPED_CHANGE = "草稿已放弃，什么都没有改。"
DROPPED_TITLE, DROPPED_DRAFT, DROPPED_QUESTION = "好的，算了", "草稿已放弃，什么都没有下。", "这件事不办了，什么都没有改。"
DRAFT_BEHIND = "（要确认的是前面的草稿，就先打“算了”再打“确认”）"
DRAFT_STAYS = "前面的草稿还在，没问题就打“确认”。"
NEXT_NOT_READ, NEXT_AGAIN = "后面那张订单没有看懂", "请把它的客户、产品和数量单独再打一遍。"
ACKNOWLEDGED = frozenset(
    ("好", "好的", "好滴", "好的谢谢", "行", "可以", "可以的", "嗯", "嗯嗯", "收到", "知道了", "谢谢", "没问题", "没错", "对的", "辛苦了")
)
"""Said out of politeness as often as to agree: neither confirms what cannot be taken back, nor corrects it."""
LEFT_OPEN = "没看懂，先不查了"
NOT_DONE_YET = "还没有办"
LATE_TITLE = "这件事已经过时了"
FORWARDED_TITLE = "已记下"
TASK_DONE = "已完成"
INTERCEPTED, NOT_INTERCEPTED = "已记下：拦到了", "已记下：没有拦到"
NOT_AMENDED = "订单没有变，已告诉业务员。"
OTHERS_AWAITED = "还在等其他仓库答复，都答复了才算数。"
COMMUNICATE, KEEP_LOG, NO_TALK = "沟通", "确认记录", "没和客户谈"
NO_TALK_TITLE = "好的，没有和客户谈过"
SELLER_TOLD = "业务员会收到通知。"


def known(reading: Reading, catalogue: Catalogue) -> list[str]:
    """What is clear already, shown above a question."""
    said = []
    if reading.customer and reading.customer.id in catalogue.customers:
        said.append(f"客户：{catalogue.customers[reading.customer.id].name}")
    if reading.order:
        said.append(f"订单：{reading.order}")
    lines = () if reading.intent in ("log", "other") else reading.lines[:_MOST_KNOWN]
    said += [text for line in lines if (text := line_text(line, catalogue))]
    if reading.day and reading.day.day:
        said.append(f"日期：{day_text(reading.day.day)}")
    return said[:_MOST_KNOWN]


def line_text(line: Line, catalogue: Catalogue) -> str:
    """A line as far as it is understood: M12×80镀锌螺栓 500支."""
    product = catalogue.products.get(line.product.id or 0)
    return " ".join(part for part in (product.name if product else line.product.said, quantity_text(line)) if part)


def quantity_text(line: Line) -> str:
    """A quantity as it was said: 500支, 1箱零2盒."""
    if line.number is None:
        return ""
    more = f"零{plain(line.plus[0])}{line.plus[1]}" if line.plus else ""
    return f"{plain(line.number)}{line.unit or ''}{more}"


def day_text(day: date) -> str:
    """3月20日(周五)."""
    return f"{day.month}月{day.day}日(周{'一二三四五六日'[day.weekday()]})"


def logged(order_no: str) -> str:
    """The log of a talk is kept."""
    return f"已记入订单 {order_no} 的沟通纪要"


def no_log(order_no: str) -> str:
    """Nobody talked with the customer."""
    return f"订单 {order_no} 不用补纪要。真谈过再打“沟通 {order_no} 内容”。"


def task_until(due: datetime) -> str:
    """What is to be done became a task."""
    return f"待办已记下，{day_text(due.date())}前提醒您。"


def invoiced(order_no: str) -> str:
    """An invoice was recorded."""
    return f"订单 {order_no} 已登记开票"


def not_invoiced(order_no: str) -> str:
    """An invoice has to wait for a log."""
    return f"订单 {order_no} 还不能开票"


def asked_for_logs(names: list[str]) -> str:
    """Who has been asked for a log."""
    return f"已请{'、'.join(names)}补写沟通纪要，写完再打开票。" if names else "这张订单没有业务员，请销售主管指定人补写沟通纪要。"


def products_said(lines: tuple[Line, ...]) -> str:
    """What was asked for, above the stock of all that fits it."""
    return short("、".join(line.product.said for line in lines))


def orders_of(customer: str) -> str:
    """Above the orders of a customer."""
    return f"{customer}的订单"


def not_read(parts: tuple[str, ...]) -> str:
    """Parts of the message that mean nothing to the desk."""
    return f"没看懂“{short('、'.join(parts))}”，没有算进去"


def counted_as_unit(product: str, unit: str) -> str:
    """No unit was said for a product that is also sold in packs."""
    return f"{product} 没写单位，按“{unit}”算"


def counted_as(product: str, line: Line, quantity: Decimal, unit: str) -> str:
    """A quantity that was said roughly, or in two units."""
    rough = "左右" if line.about else ""
    return f"{product} “{quantity_text(line)}{rough}”按{plain(quantity)}{unit}算"


def hello(name: str) -> str:
    """The answer to small talk."""
    return f"{name}，我在"


def own_words(customer: str) -> str:
    """Above the words of a customer."""
    return f"{customer}的别名"


def own_word(word: str, product: str) -> str:
    """One word of a customer."""
    return f"{short(word)} → {product}"


def word_forgotten(word: str) -> str:
    """A word of a customer is taken back."""
    return f"已撤销“{short(word)}”"


def asked_again(customer: str) -> str:
    """What follows from it."""
    return f"{customer}再这样说，会重新问是哪一种。"


def conditional(said: str) -> str:
    """The customer set a condition."""
    return f"客户还有条件（“{short(said)}”），谈定了再确认下单"


def orders_follow(count: int) -> str:
    """The message holds orders of other customers too."""
    return f"这条消息里还有{count}张别的客户的订单，这张确认后接着出草稿"


def price(value: Decimal | None, unit: str) -> str:
    """¥1.20/支."""
    return "没有目录价" if value is None else f"{_yuan(value)}/{unit}"


def price_of(price: str, amount: Decimal) -> str:
    """A price with what the quantity comes to."""
    return f"{price}，共{_yuan(Decimal(money(amount)))}"


def as_last_time(order: str) -> str:
    """老样子: the lines of an earlier order."""
    return f"按上次订单 {order} 的货"


def by_habit(said: str, product: str) -> str:
    """A word of the customer's own."""
    return f"按贵方习惯，“{short(said)}”理解为 {product}"


def in_parts(product: str, parts: tuple[Split, ...], quantities: list[Decimal | None], unit: str) -> str:
    """A partial shipment."""
    said = (f"{quantity or Decimal(0):,f}{unit}{_on(part)}" for part, quantity in zip(parts, quantities))
    return f"{product} 分批：{'、'.join(said)}"


def tax_included(product: str) -> str:
    """The price includes tax."""
    return f"{product} 价格含税"


def processes(product: str, tags: tuple[str, ...]) -> str:
    """What is to be done to a product before it ships."""
    return f"{product} 工艺：{short('、'.join(tags))}"


def replaces_draft(reading: Reading, catalogue: Catalogue) -> str:
    """An earlier draft that was never confirmed gives way to this one."""
    more = f"等{len(reading.lines)}行" if len(reading.lines) > 1 else ""
    customer = catalogue.customers.get((reading.customer and reading.customer.id) or 0)
    what = " ".join(part for part in (customer.name if customer else "", line_text(reading.lines[0], catalogue) + more) if part)
    return f"前一张草稿（{what}）没有下单，由这张代替"


def placed(on_hold: str | None, *, reached: bool) -> str:
    """What is said with the order that a draft has become; `reached`: a channel leads to its customer."""
    progress = "客户会收到进度" if reached else "进度要请您转告客户，要发的话马上就到"
    if on_hold is None:
        return f"已下单，仓库已收到配货单。{progress}"
    return f"已下单，{on_hold}。{'补货已通知采购' if on_hold.startswith('缺货') else progress}"


def customer_told(*, reached: bool) -> str:
    """What the customer hears of a step, to somebody other than their salesperson."""
    return "客户会收到进度。" if reached else "进度由业务员转告客户。"


def announced(moved: list[str]) -> str:
    """The waiting orders whose dates a purchase order has moved."""
    return f"等货的订单 {_list(moved)} 已按这个日期重算交期。" if moved else ""


def received(served: list[str], used: bool) -> str:
    """The waiting orders that goods have served; what was made has used up its materials."""
    said = f"等货的订单 {_list(served)} 已配齐，拣货单已发出。" if served else ""
    return said + ("按物料清单扣了料；客户退回的请写“退货”。" if used else "")


def delegated(name: str) -> str:
    """Somebody stands in."""
    return f"该您审的订单也会请{name}审，您自己仍可以审。提前结束打“委托 取消”。"


def delegation_ended(names: list[str]) -> str:
    """They stand in no longer."""
    return f"{'、'.join(names)}不再替您审批。"


def order_done(word: str, order: str, part: int = 0) -> str:
    """已发货 SO260302-0007 第2批; part 0: all of it."""
    return f"已{word} {order}" + (f" 第{part}批" if part else "")


def how_to_look_up(said: str) -> str:
    """After two answers that were not understood."""
    return f"“{short(said)}”里没有认得的产品、客户或单号。要查打“库存 产品”“查单 单号或客户”，别的打“帮助”看看。"


def how_to_confirm(button: str) -> str:
    """After a nod to a draft."""
    return f"没问题就按卡片上的“{button}”，或打“确认”；不办了打“算了”。"


def late(minutes: int, *, draft: bool) -> str:
    """The answer came after the dialog had ended."""
    what = "上次的草稿" if draft else "上次的问题"
    return f"{what}过了{minutes}分钟没有答复，已经作废。请从头再打一次。"


def amended_now(version: int) -> str:
    """The warehouse's answer has made a change count."""
    return f"改动已生效，现在是第{version}版，业务员和相关的人已通知。"


def forwarded(order: str, customer: str) -> str:
    """The customer was given the text by hand."""
    return f"{order} 的进度已转发给{customer}。"


def _yuan(value: Decimal) -> str:
    """¥1,234.50; a finer price keeps its digits."""
    digits = max(2, -int(value.normalize().as_tuple().exponent))
    return f"¥{value:,.{digits}f}"


def _on(part: Split) -> str:
    return f" {day_text(part.day.day)}" if part.day and part.day.day else ""


def _list(numbers: list[str]) -> str:
    more = f" 等{len(numbers)}张" if len(numbers) > _MOST_KNOWN else ""
    return "、".join(numbers[:_MOST_KNOWN]) + more


def short(text: str, longest: int = 30) -> str:
    """A text in one line of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
