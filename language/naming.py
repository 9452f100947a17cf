"""Where in a message a customer is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from language.lexer import Kind
from language.reading import Named
from language.slate import Slate
from language.text import plain
from language.words import any_of

_MARKED = re.compile(r"(?:客户名?|单位|抬头|买方|需方)(?:改成|改为|换成|是)?[: ] ?(?P<name>[^\s,;|:]+)")
_WORD = re.compile(r"[^\s,;|:、+]+")
_GIVEN = r"把|将|给|帮|替|为|是|客户|下单|开单|录单|录|单位|寄|发|送|到|要|的|记|挂|算|走|入|跟|和|与|向|订单|单|按|查|算|换|改"
_BEFORE = re.compile(rf"(?:{_GIVEN})$")
_AFTER = re.compile(
    rf"那边|这边|那儿|那里|那个|那|这|要|的|订|下|给|送|发|来|需|急|定|再|说|刚|也|又|都|让|叫|催|问|找|报|反映|反馈|投诉|抱怨|嫌|同意|确认|答应|帐|账|户头|名下|头上|收|付|开|取|查|自提|自己|马上|急|老板|[\u4e00-\u9fff](?:{any_of('titles')})|客户|采购|仓库|工地|厂|店|今年|月底|等|拿|补|追|加|改|一共|共|家|用|想|有|现在|今|明|后天|下?周|订单|单子|公司|你|我|先|老样|照|跟|和|上次|还是|取消|退|换"
)
_STRONG_AFTER = re.compile(r"[^\w]|$|那边|这边|那儿|那|要|的|订|下单|来(?![了自])|家")
_UNKNOWN = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:给|帮|替)?(?P<person>[\u4e00-\u9fff]{{1,2}}(?:{any_of('titles')}))(?=那边|这边|那儿|那里|要(?!是)|订|的单|家)"
    rf"|(?<![\u4e00-\u9fff])(?:给|帮|替)?(?P<firm>[\u4e00-\u9fff]{{2,10}}?(?:{any_of('firms')}))(?=[ :,|]|那边|这边|要|订|的|$)"
)
_SAID_LATER = re.compile(r"给?(?P<name>.+?)(?:要的|订的|的|要)?")
_CORRECTED = re.compile(r"不对|不是|打错|写错|说错|啊不|哦不|应该是|错了|是给")


@dataclass(frozen=True, slots=True)
class Mention:
    """A customer who is named from `start` to `end`."""

    start: int
    end: int
    named: Named


def find_customer(said: str, slate: Slate) -> Named:
    """The customer that `said` names, or the candidates."""
    match = slate.catalogue.customer_index.find(plain(said))
    return Named(said=said, id=match.id, candidates=match.candidates, count=match.count)


def take_customer(slate: Slate) -> Named | None:
    """The customer of a free text, wherever he is named: the first one, or the one that a correction names; or somebody unknown."""
    if marked := slate.take_group(_MARKED, "name"):
        return find_customer(marked, slate)
    found = list(mentions(slate))
    if found:
        chosen = next((two for one, two in pairwise(found) if _CORRECTED.search(slate.plain[one.end : two.start])), found[0])
        corrected = _CORRECTED.search(slate.plain) is not None
        gone = [mention for mention in found if corrected or mention.named.id == chosen.named.id or mention is chosen]
        slate.wipe_all([(mention.start, mention.end) for mention in gone])
        return chosen.named
    if unknown := _UNKNOWN.search(slate.plain):
        start, end = unknown.span("person" if unknown["person"] else "firm")
        named = find_customer(slate.said(start, end), slate)
        if unknown["firm"] and _speaks_of_products(slate, start, end):
            return None
        slate.wipe(start, end)
        return named
    return None


def is_named(slate: Slate, start: int) -> bool:
    """True where a customer's name begins that is no part of another word."""
    return any(_is_mention(slate, start, word) for word in slate.catalogue.customer_index.at(slate.plain, start))


def mentions(slate: Slate) -> Iterator[Mention]:
    """Every customer that is named, in order; a name inside another word is none."""
    index, text, at = slate.catalogue.customer_index, slate.plain, 0
    while at < len(text):
        word = next((word for word in index.at(text, at) if _is_mention(slate, at, word)), None) if text[at] in index.firsts else None
        if word is None:
            at += 1
            continue
        match = index.named(word)
        said = slate.said(at, at + len(word))
        yield Mention(at, at + len(word), Named(said=said, id=match.id, candidates=match.candidates, count=match.count))
        at += len(word)


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
    pieces = slate.finder.cut(token.group())
    if any(piece.kind is not Kind.OTHER for piece in pieces):
        return None
    customer = find_customer(slate.said(*token.span()), slate)
    if not customer.count and any(slate.finder.knows(piece) for piece in pieces):
        return None
    slate.wipe(*token.span())
    return customer


def _is_mention(slate: Slate, start: int, word: str) -> bool:
    text, end = slate.plain, start + len(word)
    before, after = text[start - 1 : start], text[end : end + 1]
    if word.isascii():
        return not (before.isascii() and before.isalnum()) and not (after.isascii() and (after.isalnum() or after == "-"))
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    if word in vocabulary.fillers or vocabulary.meanings(word):
        return False
    begins = not before or not before.isalnum() or before.isascii()
    given = begins or bool(_BEFORE.search(text[max(0, start - 3) : start]))
    if not slate.catalogue.customer_index.is_named(word):
        return given and bool(_STRONG_AFTER.match(text, end))
    if len(word) > 3:
        return True
    ends = not after or not after.isalnum() or after.isascii() or bool(_AFTER.match(text, end)) or bool(vocabulary.match(text, end))
    return (given or bool(_ends_word(slate, start))) and (ends or after in "零一二两三四五六七八九十半几")


def _ends_word(slate: Slate, end: int) -> bool:
    """True where a word of the dictionary ends: the name begins a word of its own."""
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    return any(vocabulary.match(slate.plain, end - length) == slate.plain[end - length : end] for length in range(1, min(end, 4) + 1))


def _speaks_of_products(slate: Slate, start: int, end: int) -> bool:
    pieces = slate.finder.cut(slate.plain[start:end])
    return any(piece.keys and piece.kind is not Kind.NUMBER for piece in pieces[:-1])


def _ends_name(text: str, length: int, slate: Slate) -> bool:
    after = text[length : length + 1]
    if not after or not after.isalnum() or after in "要的订":
        return True
    if after.isascii() and text[length - 1].isascii():
        return False
    word = re.split(r"[\s,;|:]", text[length : length + 40], maxsplit=1)[0]
    pieces = slate.finder.cut(word)
    return bool(pieces) and pieces[0].kind is not Kind.OTHER
