"""Where in a message a customer is named."""

import re

from language.lexer import Kind
from language.reading import Named
from language.slate import Slate
from language.text import plain

_MARKED = re.compile(r"(?:客户|客户名)[: ] ?(?P<name>[^\s,;|:]+)")
_WORD = re.compile(r"[^\s,;|:、+]+")
_SAID_LATER = re.compile(r"给?(?P<name>.+?)(?:要的|订的|的|要)?")


def find_customer(said: str, slate: Slate) -> Named:
    """The customer that `said` names, or the candidates."""
    match = slate.catalogue.customer_index.find(plain(said))
    return Named(said=said, id=match.id, candidates=match.candidates, count=match.count)


def take_leading(slate: Slate) -> Named | None:
    """客户：…, or a whole name, alias or code at the beginning with a gap or something of an order behind it."""
    if marked := slate.take_group(_MARKED, "name"):
        return find_customer(marked, slate)
    start = len(slate.plain) - len(slate.plain.lstrip(" ,:|"))
    text = slate.plain[start:]
    for length in slate.catalogue.customer_index.leading(text):
        if _ends_name(text, length, slate):
            said = slate.said(start, start + length)
            slate.wipe(start, start + length)
            return find_customer(said, slate)
    return None


def take_later(slate: Slate) -> Named | None:
    """A whole name, alias or code that stands alone further on."""
    for token in _WORD.finditer(slate.plain):
        start, end = _SAID_LATER.fullmatch(token.group()).span("name")  # type: ignore[union-attr]  # it matches every word
        word = token.group()[start:end]
        if len(word) > 1 and slate.catalogue.customer_index.is_named(word) and word not in slate.catalogue.product_codes:
            named = find_customer(slate.said(token.start() + start, token.start() + end), slate)
            slate.wipe(*token.span())
            return named
    return None


def take_unknown(slate: Slate) -> Named | None:
    """The first word when nothing of it belongs to a product: a short form, or somebody who is not known."""
    token = _WORD.search(slate.plain)
    if not token:
        return None
    index = slate.catalogue.product_index
    pieces = index.lexer.cut(token.group())
    if any(piece.kind is not Kind.OTHER for piece in pieces):
        return None
    customer = find_customer(slate.said(*token.span()), slate)
    if not customer.count and any(index.knows(piece) for piece in pieces):
        return None
    slate.wipe(*token.span())
    return customer


def _ends_name(text: str, length: int, slate: Slate) -> bool:
    after = text[length : length + 1]
    if not after or not after.isalnum() or after in "要的订":
        return True
    if after.isascii() and text[length - 1].isascii():
        return False
    word = re.split(r"[\s,;|:]", text[length : length + 40], maxsplit=1)[0]
    pieces = slate.catalogue.product_index.lexer.cut(word)
    return bool(pieces) and pieces[0].kind is not Kind.OTHER
