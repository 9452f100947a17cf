"""Cancelling an order as a whole, and why."""

import re

from language import naming
from language.changes import ROW, names_product, wipe_asides
from language.lines import read_lines
from language.logs import without_particles
from language.order_references import OrderSaid
from language.phrases import phrase
from language.reading import Ask, Context, Named, Reading
from language.slate import WIPED, Slate
from language.text import plain

_STRONG = re.compile(r"取消|撤|作废|cancel|(?:退|消|毁|废|删)(?:掉|销|回|了|除)?(?:这|那)?(?:个|张|笔)?(?:订单|单子|单|\|)")
_ASKED = re.compile(r"(?:取消|撤销?|撤单|作废)(?:成功|掉)?(?:了(?:没有?|吗|么)|没|了[^,;\n]{0,4}(?:怎么|为什么|为啥|咋|还在))")
_ANEW = re.compile(r"(?:重新|重|另外|另|改)再?(?:下|开|录|做)(?!午)")
"""What is ordered behind it is no line of the order that goes."""
_FRAGMENT = re.compile(r"[^,;\n| ]+")


def read_cancel(said: Reading, slate: Slate, order: OrderSaid, context: Context, *, command: bool = False) -> Reading | None:
    """The order that is to be cancelled, and the reason; None where only a line of it is, or nothing.

    Asked are the order when nothing says which one, and a confirmation where it depends on something.
    """
    slate = slate.part(slate.shown)
    found = phrase("cancel").search(slate.plain)
    no_order = phrase("denied").search(slate.plain) or _ASKED.search(slate.plain) or phrase("part_only").search(slate.plain)
    if not command and (not found or no_order):
        return None
    depends = phrase("perhaps").search(slate.plain)
    told = slate.copy()
    for match in list(phrase("cancel").finditer(slate.plain)):
        slate.wipe(*match.span())
        if _STRONG.match(match.group().strip()):
            told.wipe(*match.span())
    customer = naming.take_customer(slate)
    if found and not command and (_of_goods(slate, found.start()) or _of_terms(slate, found)):
        return None
    if not command and not order.mentioned and customer is None and found and not _STRONG.match(found.group().strip()):
        return None
    if not command and found and not order and not _STRONG.match(found.group().strip()) and _beside_goods(slate, found.start()):
        return None
    if customer and not order and any(mention.named.id != customer.id for mention in naming.mentions(slate)):
        customer = None  # 取消永固和恒泰的单子: each is an order of its own
    known = order or customer or context.customer is not None
    ask = None if known else Ask(field="order")
    if known and depends and (customer is None or customer.id is not None):
        ask = Ask(field="confirm")
    update = {"intent": "cancel", "customer": customer, "reason": _reason(told, customer), "ask": ask}
    return said.model_copy(update=update | order.fields())


def _of_terms(slate: Slate, found: re.Match[str]) -> bool:
    """德邦不要了, 发票不用了: something of the order is not wanted, and not the order."""
    start = max((slate.plain.rfind(sign, 0, found.start()) for sign in ",;\n|"), default=-1) + 1
    return not _STRONG.match(found.group().strip()) and phrase("terms").search(slate.plain[start : found.start()]) is not None


def _beside_goods(slate: Slate, at: int) -> bool:
    """True where goods are ordered before, and what is not wanted is named by itself: 脚垫24套,丝圈的先不要了."""
    start = max((slate.plain.rfind(sign, 0, at) for sign in ",;\n"), default=-1) + 1
    clause = slate.part(slate.shown[start:at])
    wipe_asides(clause)
    said = phrase("particles").sub("", clause.plain).strip(" |先就")
    ordered = read_lines(slate.part(slate.shown[:start])).lines if len(said) > 1 else []
    return any(line.number is not None and names_product(slate, line.product) for _, line in ordered)


def _of_goods(slate: Slate, at: int) -> bool:
    """True when a product stands in the same clause: a line is not wanted, and not the order."""
    start = max((slate.plain.rfind(sign, 0, at) for sign in ",;\n"), default=-1) + 1
    end = min((found for sign in ",;\n" if (found := slate.plain.find(sign, at)) >= 0), default=len(slate.plain))
    anew = _ANEW.search(slate.plain, at, end)
    end = anew.start() if anew else end
    clause = slate.part(slate.shown[start:end])
    if ROW.search(clause.plain):
        return True
    wipe_asides(clause)
    return any(line.product.count and names_product(slate, line.product) for _, line in read_lines(clause).lines)


def _kept(fragment: str) -> str:
    """Without what is said for politeness; 客户不做了 keeps its 了."""
    kept = without_particles(fragment)
    behind = fragment.find(kept) + len(kept)
    return f"{kept}了" if kept and fragment[behind : behind + 1] == "了" else kept


def _reason(slate: Slate, customer: Named | None) -> str | None:
    """What is said besides; of 客户不做了 the whole, of a mere 不要了 nothing."""
    if customer and (at := slate.shown.find(customer.said)) >= 0:
        slate.wipe(at, at + len(customer.said))
    fragments = (_kept(found) for found in _FRAGMENT.findall(slate.shown.replace("。", ";").replace(WIPED, ";")))
    told = (phrase("reason").sub("", kept) for kept in fragments if len(phrase("cancel").sub("", plain(kept))) > 1)
    return ",".join(kept for kept in told if not phrase("said_by").search(kept)) or None
