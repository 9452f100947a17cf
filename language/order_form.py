"""Reading 下单, and whatever corrects or completes it."""

import re
from decimal import Decimal

from language import marks, naming
from language.lines import read_lines
from language.numbers import match_number
from language.reading import Line, Reading
from language.slate import Slate

_ITEM = re.compile(r"(?:(?<=\n)|^)(?: ?[0-9]{1,2}(?:[、)]|\.(?![0-9])) ?)")
"""The numbering of a list: 1、 2. 3)"""
_ROW = re.compile(r"第 ?(?P<row>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?(?:行|条|项|个|种)")
_OPENING = re.compile(r"^ ?请?[把将] ?(?=[^\n]*[改换调去删])")
_CHANGES = {
    "remove": re.compile(r"^[ |]*(?:去掉|去除|删掉|删除|删|减掉|不要)|(?:去掉|去除|删掉|删除|删了|不要)了? ?$"),
    "add": re.compile(r"^[ |]*(?:再|另外?)?(?:加上|加一行|加一个|追加|增加|添加|加(?!急))"),
    "set": re.compile(r"(?:交期|交货期|日期|客户|数量|产品|规格|型号)?(?:改成|改为|换成|换为|调成|改到|改)"),
}


def read_order(said: Reading, slate: Slate) -> Reading:
    """Everything an order says; without a command also how it changes the draft that is open."""
    remarks, address = marks.take_remarks(slate), marks.take_address(slate)
    for item in list(_ITEM.finditer(slate.plain)):
        slate.wipe(item.start(), item.end())
    change, row = ("", None) if said.command else (_change(slate), _row(slate))
    customer = naming.take_leading(slate)
    prices, processes = marks.take_prices(slate), marks.take_processes(slate)
    flags = {"free_shipping": marks.take_free_shipping(slate), "urgent": marks.take_urgent(slate), "trial": marks.take_trial(slate)}
    day = marks.take_day(slate)
    customer = customer or naming.take_later(slate) or (naming.take_unknown(slate) if said.command else None)
    read = read_lines(slate)
    if said.command and customer is None and len(read.unread) == 1 and (named := naming.find_customer(read.unread[0], slate)).count:
        customer = named
        read.unread.clear()
    lines = tuple(_marked(read.lines, prices, processes))
    update = {"remarks": remarks, "address": address, "change": change, "row": row, "customer": customer, "day": day, "lines": lines}
    return said.model_copy(update=update | flags | {"unread": tuple(read.unread)})


def _change(slate: Slate) -> str:
    slate.take(_OPENING)
    return next((name for name, pattern in _CHANGES.items() if slate.take(pattern)), "")


def _row(slate: Slate) -> int | None:
    found = slate.take(_ROW)
    number = match_number(found["row"], 0) if found else None
    return int(number[0]) if number else None


def _marked(lines: list[tuple[int, Line]], prices: list[marks.Mark[Decimal]], processes: list[marks.Mark[tuple[str, ...]]]) -> list[Line]:
    """The lines with the price and the processes that stood behind each; those alone are a line of their own."""
    if not lines and (prices or processes):
        lines = [(0, Line())]
    starts = [0, *(start for start, _ in lines[1:])]
    ends = [*starts[1:], float("inf")]
    return [
        line.model_copy(
            update={
                "price": next((mark.value for mark in prices if start <= mark.at < end), None),
                "processes": tuple(tag for mark in processes if start <= mark.at < end for tag in mark.value if tag),
            }
        )
        for (_, line), start, end in zip(lines, starts, ends)
    ]
