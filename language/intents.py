"""What a free text wants, and the reading of all that is not the placing of an order.

Ours, since no library knows the trade's words; the words themselves stand in phrases.yaml. Where words may mean an action or a
question, the question is taken: a wrong action is far worse.
"""

import re
from dataclasses import dataclass

from language import naming
from language.amending import may_amend, read_amend
from language.cancelling import read_cancel
from language.inquiries import asked, asked_of_stock, asked_whether, is_stock, read_query, read_stock
from language.lexer import Kind
from language.logs import is_log, read_log
from language.order_references import OrderSaid, take_order
from language.phrases import phrase
from language.reading import Context, Reading
from language.slate import Slate

_QUESTION_MARK = re.compile(r"\?|[吗么]$|多[重大长宽厚高]$")
_ASKED_WHEN = re.compile(
    r"什么时候|啥时候|啥时|何时|几时|多久|几天|几号|哪天|周几|几点|最快|最早|预计|交期|[要订下买]的[^,;\n]{1,24}(?:呢|了[没吗么])"
)
_ABOUT_GOODS = frozenset({"eta", "status"})
_OF_TERMS = frozenset({"price", "freight", "tracking", "invoice", "approval"})
_CONCERNS = ("wish", "complaint", "return")
_CLAUSE = re.compile(r"[^,;\n| ]+")
_LONGEST_TALK = 1_000
"""Characters; nobody asks for or changes anything at greater length, but tables and chats are pasted."""
_LONGEST_LOG = 4_000
_HEAD = 200
"""Characters at the beginning of a long text, where it says that it is a log."""
_LEFT_OVER = 2
"""Characters that say nothing beside a product: more of them are talk about it."""


@dataclass(frozen=True, slots=True)
class Goods:
    """Whether a text names a product, how much of one, and how many characters of it are neither."""

    product: bool
    quantity: bool
    left_over: int


def read_other(said: Reading, slate: Slate, context: Context) -> Reading | None:
    """A free text that places no order; None when it does."""
    text = slate.plain.strip()
    if len(text) > _LONGEST_TALK:
        return read_log(said, slate.part(slate.shown[:_LONGEST_LOG]), context.customer) if is_log(slate.part(slate.shown[:_HEAD])) else None
    if not any(character.isalnum() for character in text) or phrase("media").search(text):
        return _other(said, slate)
    if is_log(slate):
        return read_log(said, slate, context.customer)
    if flag := _flag(text):
        return _other(said, slate, flag)
    rest = slate.part(slate.shown)
    order = take_order(rest, loose=not phrase("recalled").search(text))
    if phrase("anew").search(text) and _goods(rest).quantity:
        return None
    if (read := read_cancel(said, rest, order, context)) is not None:
        return read
    if not order and any(phrase(name).search(text) for name in ("again", "anew", "this_time")):
        return None
    about = asked(rest.plain) or (asked_whether(rest.plain) if order else ())
    if "list" in asked(text) and not phrase("amend").search(text):
        return read_query(said, rest, order, tuple(dict.fromkeys(("list", *about))), context.customer)
    if may_amend(rest, order) and (read := read_amend(said, rest, order, context)) is not None:
        return read
    return _asked(said, rest, order, about, context)


def is_question(slate: Slate) -> bool:
    """True for a text that asks something of stock or of prices, and so answers no question."""
    asks = bool(asked_of_stock(slate.plain)) and phrase("asking_how_many").search(slate.plain) is not None
    return asks or bool(phrase("stock_itself").search(slate.plain) or {"price", "tracking", "freight"} & set(asked(slate.plain)))


def _other(said: Reading, slate: Slate, flag: str | None = None) -> Reading:
    """None of these; what a customer is said to want, or to complain of, is kept with whom it concerns."""
    slate = slate.copy()
    customer = naming.take_customer(slate)
    if not flag and (phrase("told_by").search(slate.plain) or (customer and phrase("wants").search(slate.plain))):
        flag = "wish"
    update: dict[str, object] = {"intent": "other", "flag": flag}
    if flag in _CONCERNS:
        update |= take_order(slate, loose=False).fields() | {"conclusion": said.said, "customer": customer}
    return said.model_copy(update=update)


def _flag(text: str) -> str | None:
    return next((name for name in ("hold", "return", "complaint") if _says(name, text)), None)


def _says(name: str, text: str) -> bool:
    """别压坏了 and 以免受潮 complain of nothing."""
    found = phrase(name).finditer(text)
    return any(name != "complaint" or not phrase("averted").search(text[max(0, match.start() - 8) : match.start()]) for match in found)


def _asked(said: Reading, slate: Slate, order: OrderSaid, about: tuple[str, ...], context: Context) -> Reading | None:
    """A question about an order or about stock, a wish for goods (None), or anything else."""
    stock, goods = asked_of_stock(slate.plain), _goods(slate)
    if not order and not set(about) & _OF_TERMS and phrase("properties").search(slate.plain) and phrase("asking").search(slate.plain):
        return _other(said, slate)
    if not order.mentioned and is_stock(slate.plain, stock, about, product=goods.product):
        return read_stock(said, slate, stock, context)
    if about and (order or order.counted or not _is_wish_with_question(slate.plain, about, goods)):
        return read_query(said, slate, order, about, context.customer)
    if (
        order
        and not order.loose
        and goods.product
        and (stock or _QUESTION_MARK.search(slate.plain) or phrase("asking").search(slate.plain))
    ):
        return read_query(said, slate, order, ("status",), context.customer)
    if order and not order.loose and goods.product:
        return read_amend(said, slate, order, context, command=True)
    if order.several and not goods.product:
        return read_query(said, slate, order, ("status",), context.customer)
    if order.counted:
        return read_amend(said, slate, order, context) or read_query(said, slate, order, ("status",), context.customer)
    if _is_wish(slate, goods):
        return None
    if order.mentioned:
        return read_query(said, slate, order, ("status",), context.customer)
    return _other(said, slate)


def _goods(slate: Slate) -> Goods:
    pieces = slate.pieces
    product = any(piece.kind is Kind.SIZE or (piece.kind is Kind.WORD and not piece.text.isdecimal()) for piece in pieces)
    quantity = any(piece.kind in (Kind.QUANTITY, Kind.NUMBER) for piece in pieces)
    left_over = sum(
        len(piece.text) for piece in pieces if piece.kind is Kind.OTHER and piece.text.isalpha() and not slate.finder.knows(piece)
    )
    product = product or any(piece.kind is Kind.OTHER and len(piece.text) > 1 and slate.finder.knows(piece) for piece in pieces)
    return Goods(product, quantity, left_over)


def _is_wish_with_question(text: str, about: tuple[str, ...], goods: Goods) -> bool:
    """今天能发吗 beside goods and how many: an order with a question; 什么时候能到 asks first, and 发了没 of what was ordered."""
    is_first = _ASKED_WHEN.search(text) or phrase("asked_if_done").search(text)
    return goods.product and goods.quantity and set(about) <= _ABOUT_GOODS and not is_first


def _is_told(slate: Slate, text: str) -> bool:
    """True for news of goods, and for their papers; 做好了拍个照 beside an order says what is to be done."""
    if phrase("told").search(text):
        return True
    if not phrase("papers_told").search(text):
        return False
    clauses = [(clause, slate.finder.cut(clause)) for clause in _CLAUSE.findall(text)]
    counted = any(piece.kind is Kind.QUANTITY and piece.unit for _, pieces in clauses for piece in pieces)
    spoken_of = (pieces for clause, pieces in clauses if phrase("papers_told").search(clause))
    return any(not counted or any(piece.keys for piece in pieces) for pieces in spoken_of)


def _is_wish(slate: Slate, goods: Goods) -> bool:
    """True for goods that are wanted, and not only spoken of."""
    text = slate.plain
    wish = phrase("wish").search(text)
    if not goods.product:
        return bool(wish and goods.quantity and not _is_told(slate, text))
    bare = phrase("asking_kindly").sub("", text)
    told = _is_told(slate, bare)
    if told or (phrase("asking").search(bare) and _QUESTION_MARK.search(bare)):
        return bool(wish and goods.quantity and not _QUESTION_MARK.search(bare) and not told)
    if not goods.quantity and _QUESTION_MARK.search(bare):
        return False
    return goods.quantity or bool(wish) or goods.left_over <= _LEFT_OVER
