"""Reading an order, and whatever corrects or completes it."""

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TypeVar

from language import delivery, marks, naming
from language import remarks as besides
from language.conditions import take_condition
from language.dates import find_days
from language.day_meant import take_day
from language.lexer import Kind
from language.lines import read_lines
from language.numbers import match_number
from language.partial import take_splits
from language.phrases import phrase
from language.reading import Line, Named, Reading, Split
from language.slate import Slate
from language.words import places

Value = TypeVar("Value")

_NEAR = 30
"""Characters before a name that are looked at to see whether something begins with it."""

_ITEM = re.compile(r"(?:(?<=\n)|^)(?: ?(?:[0-9]{1,2}(?:[、)]|\.(?![0-9]))|[一二三四五六七八九十]{1,2}[、)]) ?)")
"""The numbering of a list: 1、 2. 3) 一、"""
_INLINE_ITEM = re.compile(r"(?<=[\s,;])(?P<number>[0-9]{1,2})(?:[、)]|\.(?![0-9]))")
"""The second and all further items of a list that stands on one line; the first is an _ITEM."""
_MOST_ITEMS = 50
_ROW = re.compile(r"第 ?(?P<row>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:行|条|项|个|种)")
_OPENING = re.compile(r"^ ?请?[把将] ?(?=[^\n]*[改换调去删])")
_CHANGES = {
    "remove": re.compile(r"^[ |]*(?:去掉|去除|删掉|删除|删|减掉|不要)|(?:去掉|去除|删掉|删除|删了|不要)了? ?$"),
    "add": re.compile(r"^[ |]*(?:再|另外?)?(?:加上|加一行|加一个|追加|增加|添加|加(?!急))"),
    "set": re.compile(r"(?:交期|交货期|日期|客户|数量|产品|规格|型号)?(?:改成|改为|换成|换为|调成|改到|改)"),
}
_CORRECTING = re.compile(r"不对|打错|写错|说错|啊不|哦不")
_JOINED = re.compile(r" ?(?:和|跟|与|、|还有|以及|及|\+|&) ?")
_EACH = re.compile(r"[ ,:]{0,2}(?:这?两家|两边|那边|他们)?(?:各|都|分别|每家|一家)")
_TOO = re.compile(r"(?:那边|那里|这边|那儿)?(?:也|同样|一样)(?:是|要|来|发|给|照|按|下|订)")
_COUNTED = re.compile(r"[0-9一二两三四五六七八九十百千万半]")
_NAMED_DISH = re.compile(r"^[ |]*(?:【[^】\n]{1,8}】|\[[^\]\n]{1,8}\])+")
_ALSO = {
    "eta": re.compile(
        r"(?:今天|明天|后天|周.|什么时候|几号|哪天)?(?:能|可以|来得及|赶得上)[^,;\n|]{0,5}(?:发|到|出|送|走|做|赶)[^,;\n|]{0,3}(?:吗|么|不)|什么时候能?[^,;\n|]{0,3}[发到]"
    ),
    "price": re.compile(r"多少钱|什么价|单价多少|报个价"),
    "freight": re.compile(r"运费(?:多少|怎么算)"),
}


def read_order(said: Reading, slate: Slate) -> Reading:
    """Everything an order says, of one customer or of several; without a command also how it changes the draft that is open."""
    orders = _orders(said, slate)
    return said.model_copy(update={"orders": orders}) if orders else _read_one(said, slate)


def _orders(said: Reading, slate: Slate) -> tuple[Reading, ...]:
    """The orders of a message that names several customers, each at the beginning of his own; or one for each: 顺发和永固各要2盒."""
    mentions = [mention for mention in naming.mentions(slate) if mention.named.id]
    if len({mention.named.id for mention in mentions}) < 2 or _CORRECTING.search(slate.plain):
        return ()
    if orders := _one_each(said, slate, mentions):
        return orders
    found = [mention for mention in mentions if _opens(slate, mention.start)]
    if len({mention.named.id for mention in found}) < 2:
        return ()
    starts = [mention.start for one, mention in zip([None, *found], found) if one is None or one.named.id != mention.named.id]
    parts = [slate.part(slate.shown[start:end]) for start, end in pairwise([*starts, len(slate.shown)])]
    orders = tuple(_read_one(Reading(intent=said.intent), part) for part in parts)
    return orders if all(order.lines for order in orders) else ()


def _one_each(said: Reading, slate: Slate, mentions: list[naming.Mention]) -> tuple[Reading, ...]:
    """The same order for customers who are named in one, where it is said of each."""
    joined = all(_JOINED.fullmatch(slate.plain, one.end, two.start) for one, two in pairwise(mentions))
    if not joined or not _EACH.match(slate.plain, mentions[-1].end):
        return ()
    rest = slate.shown[: mentions[0].start], slate.shown[mentions[-1].end :]
    orders = tuple(_read_one(Reading(intent=said.intent), slate.part(f"{rest[0]}{mention.named.said}{rest[1]}")) for mention in mentions)
    return orders if all(order.lines for order in orders) else ()


def _shared(slate: Slate) -> Named | None:
    """The customers of an order that is said to be for another one too, or of two who are named in one: who gets what is asked."""
    if not (_TOO.search(slate.plain) or _JOINED.search(slate.plain)):
        return None
    found = [mention for mention in naming.mentions(slate) if mention.named.id]
    ids = tuple(dict.fromkeys(mention.named.id for mention in found if mention.named.id))
    joined = any(_JOINED.fullmatch(slate.plain, one.end, two.start) for one, two in pairwise(found))
    too = any(_TOO.match(slate.plain, mention.end) and _COUNTED.search(slate.plain[: mention.start]) for mention in found)
    if _CORRECTING.search(slate.plain) or not (too or (joined and len(ids) > 1)):
        return None
    return Named(said=slate.said(found[0].start, found[-1].end) if joined else found[-1].named.said, candidates=ids, count=len(ids))


def _opens(slate: Slate, start: int) -> bool:
    before = slate.plain[max(0, start - _NEAR) : start]
    before = next((before[:-length] for length in (3, 2) if before[-length:] in places()), before)
    return not before.strip(" |给帮") or bool(
        re.search(r"(?:^|[\n,;:| ])\s*(?:(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[、.)] ?)?给?$", before)
    )


def _read_one(said: Reading, slate: Slate) -> Reading:
    slate.take(_NAMED_DISH)
    update: dict[str, object] = {"conditional": take_condition(slate), "also": _also(slate)}
    if said.intent == "place":
        marks.take_declined(slate)
    remarks = marks.take_remarks(slate)
    terms = besides.take_terms(slate)
    update |= {"contact": delivery.take_contact(slate), "phone": delivery.take_phone(slate), "address": delivery.take_address(slate)}
    slate.wipe_all([item.span() for item in _ITEM.finditer(slate.plain)])
    slate.wipe_all(_numbered(slate.plain))
    shared = _shared(slate) if said.intent == "place" else None
    change, row = ("", None) if said.command else (_change(slate), _row(slate))
    customer = naming.take_leading(slate)
    customer = shared or customer
    prices, processes = marks.take_prices(slate), marks.take_processes(slate)
    marks.take_no_quantities(slate)
    update |= _flags(slate)
    splits = take_splits(slate)
    if not splits and (parts := slate.take(phrase("parts_alone"))):
        terms.append(parts.group())
    day = take_day(slate)
    customer = customer or naming.take_later(slate) or naming.take_customer(slate) or (naming.take_unknown(slate) if said.command else None)
    update |= {"carrier": delivery.take_carrier(slate)}
    notes = [*terms, *marks.take_notes(slate), *besides.take_instructions(slate)]
    read = read_lines(slate)
    customer, unread = _named_by_rest(said, slate, customer, read.unread)
    lines = tuple(_marked(read.lines, prices, processes, splits))
    if splits and len(lines) > 1 and not _of_all(splits):
        update["conditional"] = True  # of which line it is the part, nobody said
    update |= {"remarks": ";".join(filter(None, [remarks, *notes])) or None, "change": change, "row": row, "customer": customer, "day": day}
    return said.model_copy(update=update | {"lines": lines, "unread": unread})


def _numbered(text: str) -> list[tuple[int, int]]:
    """Where a list without line breaks is numbered: 1.… 2.… 3.…, from 1 on and without a gap."""
    found = list(_INLINE_ITEM.finditer(text))[:_MOST_ITEMS]
    numbers = [int(match["number"]) for match in found]
    first = 1 if numbers[:1] == [1] else 2
    in_order = numbers == list(range(first, first + len(numbers))) and numbers[-1:] > [1]
    return [match.span() for match in found] if in_order else []


def _flags(slate: Slate) -> dict[str, bool | None]:
    return {
        "repeat_last": marks.take_repeat(slate),
        "pickup": delivery.take_pickup(slate),
        "freight_collect": delivery.take_freight_collect(slate),
        "free_shipping": delivery.take_free_shipping(slate),
        "urgent": marks.take_urgent(slate),
        "trial": marks.take_trial(slate),
    }


def _named_by_rest(said: Reading, slate: Slate, customer: Named | None, unread: list[str]) -> tuple[Named | None, tuple[str, ...]]:
    """What nothing else could be made of in a command may name the customer."""
    if said.command and customer is None and len(unread) == 1 and (named := naming.find_customer(unread[0], slate)).count:
        return named, ()
    return customer, tuple(unread)


def _also(slate: Slate) -> tuple[str, ...]:
    return tuple(about for about, pattern in _ALSO.items() if pattern.search(slate.plain))


def _change(slate: Slate) -> str:
    slate.take(_OPENING)
    name, found = next(((name, found) for name, pattern in _CHANGES.items() if (found := pattern.search(slate.plain))), ("", None))
    if found and not (name == "set" and _is_counted(slate, found.start())):
        slate.wipe(*found.span())
    return name


def _is_counted(slate: Slate, end: int) -> bool:
    """True where a quantity or a day stands before: what follows 改成 corrects it."""
    before = slate.plain[:end]
    pieces = slate.finder.cut(before)
    return any(piece.kind is Kind.QUANTITY for piece in pieces) or bool(find_days(before, slate.today, slate.working))


def _row(slate: Slate) -> int | None:
    found = slate.take(_ROW)
    number = match_number(found["row"], 0) if found else None
    return int(number[0]) if number else None


def _of_all(splits: tuple[Split, ...]) -> bool:
    """True for parts that are shares: they hold for every line."""
    return all(split.fraction or split.rest for split in splits) and any(split.fraction for split in splits)


def _dealt(found: list[marks.Mark[Value]], starts: list[int]) -> list[list[Value]]:
    """What stands behind each start and before the next one."""
    dealt: list[list[Value]] = [[] for _ in starts]
    for mark in found:
        dealt[max(0, bisect_right(starts, mark.at) - 1)].append(mark.value)
    return dealt


def _marked(
    lines: list[tuple[int, Line]],
    prices: list[marks.Mark[marks.Price]],
    processes: list[marks.Mark[tuple[str, ...]]],
    splits: tuple[Split, ...],
) -> list[Line]:
    """The lines with the price and the processes that stood behind each; those alone are a line of their own."""
    if not lines and (prices or processes):
        lines = [(0, Line())]
    if not prices and not processes and not splits:
        return [line for _, line in lines]
    starts = [0, *(start for start, _ in lines[1:])]
    marked = []
    for (_, line), priced, processed in zip(lines, _dealt(prices, starts), _dealt(processes, starts)):
        price = next(iter(priced), None)
        tags = tuple(tag for said in processed for tag in said if tag)
        update: dict[str, object] = {"price": price.amount, "tax_included": price.taxed} if price else {}
        marked.append(line.model_copy(update=update | {"processes": tags, "splits": splits if len(lines) == 1 or _of_all(splits) else ()}))
    return marked
