"""Questions: about orders (where, when, how much, approved, invoiced) and about stock (how many, when again, where it lies)."""

import re
from collections.abc import Collection, Iterable

from language import naming
from language.lines import read_lines
from language.order_references import OrderSaid
from language.phrases import named, phrase, phrases
from language.piece_kinds import looks_of
from language.reading import Ask, Context, Line, Named, Reading
from language.replacing import described
from language.slate import Slate

_OF_ONE_ORDER = frozenset({"status", "eta", "tracking", "invoice"})
"""What can only be told of a certain order or customer."""
_PRICED = frozenset({"price", "freight"})
_OF_ORDERS = frozenset({"price", "freight", "list", "history", "invoice", "approval", "tracking"})
_CLAUSE = re.compile(r"[^,;\n|?]+\??")


def asked(text: str) -> tuple[str, ...]:
    """What a plain text asks of orders, prices and the like."""
    return named("query", text)


def asked_whether(text: str) -> tuple[str, ...]:
    """How an order stands, where a plain text asks whether it is so: M8*40是3盒吗, 改成3盒了吗."""
    return ("status",) if phrase("whether").search(text) or phrase("whether_done").search(text) else ()


def asked_of_stock(text: str) -> tuple[str, ...]:
    """What a plain text asks of stock."""
    return named("stock", text)


def is_stock(text: str, stock: tuple[str, ...], about: tuple[str, ...], *, product: bool) -> bool:
    """True for a question about stock: it names goods, or stock itself; 有现货就来5箱 is a wish."""
    if not stock or phrase("if_there").search(text) or phrase("papers").search(text) or set(about) & _OF_ORDERS:
        return False
    return product or phrase("stock_itself").search(text) is not None


def take_questions(slate: Slate) -> tuple[str, ...]:
    """What is asked besides, wiped off, clause by clause."""
    found: dict[str, None] = {}
    for clause in list(_CLAUSE.finditer(slate.plain)):
        for means in asked(clause.group()):
            found[means] = None
            for said in list(phrases("query")[means].finditer(slate.plain, *clause.span())):
                slate.wipe(*said.span())
    return tuple(found)


def read_query(said: Reading, slate: Slate, order: OrderSaid, about: tuple[str, ...], elsewhere: int | None) -> Reading:
    """A question about an order, a customer's orders, or a price; `elsewhere` is the customer whom the chat names."""
    customer = naming.take_customer(slate)
    take_asked(slate)
    of_goods = _PRICED & set(about) or not _OF_ONE_ORDER & set(about) or (customer is None and set(about) == {"eta"})
    lines = tuple(line for line in _lines(slate) if line.product.count) if not order and of_goods else ()
    update = {"intent": "query", "about": about, "customer": customer, "lines": lines} | order.fields()
    known = order or customer or elsewhere
    return said.model_copy(update=update | {"ask": _ask(about, lines, order, known=bool(known))})


def read_stock(said: Reading, slate: Slate, about: tuple[str, ...], context: Context) -> Reading:
    """A question about stock; all products that the words leave are meant, first of those that have just been offered."""
    take_asked(slate)
    offered = context.pending.candidates if context.pending else ()
    lines = _lines(slate) or _only_described(slate)
    if offered:
        lines = _looks(slate, offered) or tuple(_offered(slate, line, offered) for line in lines)
    update = {"intent": "stock", "about": about or ("available",), "lines": lines}
    return said.model_copy(update=update | {"ask": None if any(line.product.count for line in lines) else Ask(field="product")})


def take_asked(slate: Slate) -> None:
    """Wipes the words of the questions, so that they are not taken for a product."""
    patterns = [phrase("all_kinds"), *(pattern for section in ("query", "stock") for pattern in phrases(section).values())]
    spans = [found.span() for pattern in patterns for found in pattern.finditer(slate.plain)]
    for start, end in spans:
        slate.wipe(start, end)
    for found in list(phrase("left_of_question").finditer(slate.plain)):
        slate.wipe(*found.span())


def _ask(about: Iterable[str], lines: tuple[Line, ...], order: OrderSaid, *, known: bool) -> Ask | None:
    wanted = set(about)
    if wanted & {"list", "freight"} or order or (known and not (wanted <= {"price"} and lines)):
        return None
    if "price" in wanted:
        return _ask_product(lines)
    return None if lines else Ask(field="customer" if "history" in wanted else "order")


def _only_described(slate: Slate) -> tuple[Line, ...]:
    """304的: whatever is so."""
    named = described(slate, slate.shown)
    return (Line(product=named),) if named and named.count else ()


def _looks(slate: Slate, offered: Collection[int]) -> tuple[Line, ...]:
    """镀锌、热镀锌各剩多少: one of those offered for each look; nothing where a look does not settle one."""
    pieces = [piece for piece in slate.pieces if piece.keys]
    if len(pieces) < 2 or not all(map(looks_of, pieces)):
        return ()
    matches = [slate.finder.match([piece], offered) for piece in pieces]
    said = zip(pieces, matches)
    return tuple(Line(product=Named(said=piece.text, id=match.id, count=1)) for piece, match in said) if all(m.id for m in matches) else ()


def _offered(slate: Slate, line: Line, offered: Collection[int]) -> Line:
    match = slate.catalogue.find_product(line.product.said, offered)
    if line.product.id is not None or not match.count:
        return line
    return line.model_copy(update={"product": Named(said=line.product.said, id=match.id, candidates=match.candidates, count=match.count)})


def _ask_product(lines: tuple[Line, ...]) -> Ask | None:
    if not lines:
        return Ask(field="product")
    return next((Ask(field="product", candidates=line.product.candidates) for line in lines if line.product.id is None), None)


def _lines(slate: Slate) -> tuple[Line, ...]:
    return tuple(line for _, line in read_lines(slate).lines if line.product.said)
