"""Where in a message a customer is named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from language.lexer import Kind
from language.phrases import text_of
from language.reading import Named
from language.slate import Slate
from language.text import plain
from language.words import any_of, places

_MARKED = re.compile(r"(?:客户名?|单位|抬头|买方|需方)(?:改成|改为|换成|是)?[: ] ?(?P<name>[^\s,;|:]+)")
_WORD = re.compile(r"[^\s,;|:、+]+")
_GIVEN = (
    "然后|还有|另外|就是|这次|本次|这回|再|今天|明天|把|将|给|帮|替|为|是|客户|下单|开单|录单|录|单位|寄|发|送|到|要|的|记|挂|算|走|入|急|催|催一?下|取消|撤销?|看一?下|看看|问一?下|去|见"
    "|拜访|跟|和|与|向|订单|单|按|查|换|改"
)
_BEFORE = re.compile(rf"(?:{_GIVEN})$")
_AFTER = re.compile(
    rf"那边|这边|那儿|那里|那个|那|这|要|的|订|下|给|送|发|来|需|急|定|再|拉|装|备|配|运|寄|带|弄|搞|说|刚|也|见|谈|聊|拜访|碰|回访|地址|电话|联系人|收货|单价|价格|数量|交期|发票|运费|包装|备注|型号|规格|又|都|去年|今年|往年|上个?月|上周|最近|以前|之前|历史|前|昨|让|叫|催|问|找|报|反映|反馈|投诉|抱怨|嫌|同意|确认|答应|原|本来|帐|账|户头|名下|头上|收|付|开|取|查|自提|自己|马上|急|老板|[\u4e00-\u9fff](?:{any_of('titles')})|客户|采购|仓库|工地|厂|店|今年|月底|等|拿|补|追|加|改|一共|共|家|用|想|有|现在|今|明|后天|下?周|订单|单子|公司|你|我|先|老样|照|跟|和|上次|还是|取消|退|换"
)
_STRONG_AFTER = re.compile(r"[^\w]|$|那边|这边|那儿|那|要|的|订|下单|来(?![了自])|家")
_PERSON = rf"(?:[\u4e00-\u9fff]{{1,2}}(?:{any_of('titles')})|(?<![0-9])[老小阿](?![时区车包单管])[{text_of('surnames')}])"
_OF_PERSON = "那边|这边|那儿|那里|那家|那个|他们|她们|家|店里?|厂里?|公司|工地|单位"
_UNKNOWN = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:给|帮|替)?(?P<person>{_PERSON})(?={_OF_PERSON}|要(?!是)|订|的单)"
    rf"|(?<![\u4e00-\u9fff])(?:给|帮|替)(?P<given>{_PERSON})(?=再?(?:来|下|发|备|做|补|安排|开)(?!个?(?:消息|微信|短信|图片?|照片|报价|价)))"
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
    if marked := _take_marked(slate):
        return marked
    found = list(mentions(slate))
    if found:
        chosen = next((two for one, two in pairwise(found) if _CORRECTED.search(slate.plain[one.end : two.start])), found[0])
        corrected = _CORRECTED.search(slate.plain) is not None
        gone = [mention for mention in found if corrected or mention.named.id == chosen.named.id or mention is chosen]
        slate.wipe_all([(mention.start, mention.end) for mention in gone])
        return chosen.named
    if unknown := _UNKNOWN.search(slate.plain):
        start, end = unknown.span(unknown.lastgroup or 0)
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
        match, start = index.named(word), _place_start(slate, at)
        named = Named(said=slate.said(start, at + len(word)), id=match.id, candidates=match.candidates, count=match.count)
        yield Mention(start, at + len(word), named if start == at else _of_place(slate, named, slate.plain[start:at]))
        at += len(word)


def _take_marked(slate: Slate) -> Named | None:
    """客户：…, unless goods stand behind it: then somebody's words are told."""
    found = _MARKED.search(slate.plain)
    if not found or _speaks_of_products(slate, *found.span("name"), whole=True):
        return None
    name = slate.said(*found.span("name"))
    slate.wipe(*found.span())
    return find_customer(name, slate) if name else None


def take_leading(slate: Slate) -> Named | None:
    """客户：…, or a whole name, alias or code at the beginning with a gap or something of an order behind it."""
    if marked := _take_marked(slate):
        return marked
    start = len(slate.plain) - len(slate.plain.lstrip(" ,:|"))
    text = slate.plain[start:]
    for length in slate.catalogue.customer_index.leading(text):
        if _ends_name(text, length, slate) and not _is_corrected(slate, start + length):
            said = slate.said(start, start + length)
            slate.wipe(start, start + length)
            return find_customer(said, slate)
    return None


def _is_corrected(slate: Slate, end: int) -> bool:
    """True where another customer is named right behind a correction: 顺达 … 客户写错了，是顺发的."""
    later = (mention.start for mention in mentions(slate) if mention.start > end)
    return bool(_CORRECTED.search(slate.plain, end)) and any(_CORRECTED.search(slate.plain[max(end, at - 8) : at]) for at in later)


def take_later(slate: Slate) -> Named | None:
    """A whole name, alias or code that stands alone further on."""
    for token in _WORD.finditer(slate.plain):
        start, end = _SAID_LATER.fullmatch(token.group()).span("name")  # type: ignore[union-attr]  # it matches every word
        word = token.group()[start:end]
        is_whole = len(word) > 1 and slate.catalogue.customer_index.is_named(word) and word not in slate.catalogue.product_codes
        if is_whole and not _is_corrected(slate, token.end()):
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


def _place_start(slate: Slate, start: int) -> int:
    """Where the place begins that is said before a name: 深圳锐科."""
    return next((start - length for length in (3, 2) if start >= length and slate.plain[start - length : start] in places()), start)


def _of_place(slate: Slate, named: Named, place: str) -> Named:
    """Who of them is of that place; somebody of another one is not meant."""
    customers = slate.catalogue.customers
    found = [number for number in (named.candidates or (named.id,)) if number and customers[number].name.startswith(place)]
    if len(found) == 1:
        return named.model_copy(update={"id": found[0], "candidates": (), "count": 1})
    return named.model_copy(update={"id": None, "candidates": tuple(found), "count": len(found)})


def _is_mention(slate: Slate, start: int, word: str) -> bool:
    text, end = slate.plain, start + len(word)
    before, after = text[start - 1 : start], text[end : end + 1]
    if word.isascii():
        return not (before.isascii() and before.isalnum()) and not (after.isascii() and (after.isalnum() or after == "-"))
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    if word in vocabulary.fillers or vocabulary.meanings(word):
        return False
    place = _place_start(slate, start)
    before = text[place - 1 : place] if place else ""
    begins = not before or not before.isalnum() or before.isascii()
    given = begins or bool(_BEFORE.search(text[max(0, place - 4) : place]))
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


def _speaks_of_products(slate: Slate, start: int, end: int, *, whole: bool = False) -> bool:
    """True where goods are named there: before the last word, which may be of a firm's trade (…五金), or with a size."""
    pieces = slate.finder.cut(slate.plain[start:end])
    if whole:
        return any(piece.kind in (Kind.SIZE, Kind.QUANTITY) for piece in pieces) and any(piece.keys for piece in pieces)
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
