"""Which of the days that a text names is meant: the last of a range, one that corrects, the only one on which something is to be done."""

import re
from datetime import date
from itertools import pairwise

from language.dates import Day
from language.reading import SaidDay
from language.slate import Slate

_NOT_ON = re.compile(r"(?:不用|不要|不必|不是|不急着?|别|不一定|除了?)(?:要|在|非得)?$")
_CORRECTS = re.compile(
    r"不对|不是|打错|说错|写错|[啊哦噢]不|改成|改为|改到|改[,; ]|改$|换成|还是|算了|(?:^|[,;| ])不(?:[,;| ]|$)|更正|推到|提前到|错了"
)
"""Between two days: the later one counts."""


def take_day(slate: Slate) -> SaidDay | None:
    """The day that is named, or the last of a range; several different days leave it open."""
    days = [day for day in slate.days if not _is_of_product(slate, day)]
    slate.wipe_all([(day.start, day.end) for day in days])
    days = [day for day in days if not day.said.startswith(("昨", "前"))]
    days = [day for day in days if not _NOT_ON.search(slate.plain[max(0, day.start - 6) : day.start])] or days
    return _settled(slate, days) if days else None


def _is_of_product(slate: Slate, day: Day) -> bool:
    """True for the 6号 of 6号纸箱, where something of the firm's is called so."""
    behind = slate.plain[day.end : day.end + 2]
    called = f"{day.said}{behind}"
    vocabulary = slate.catalogue.product_index.lexer.vocabulary
    word = vocabulary.match(slate.plain, day.end) if behind else None
    literal = slate.catalogue.product_index.literal
    return (
        day.said.endswith("号")
        and bool(word and vocabulary.meanings(word))
        and any(map(literal.containing, (day.said, called, f"{day.said[:-1]}#")))
    )


def _settled(slate: Slate, days: list[Day]) -> SaidDay:
    said = "、".join(day.said for day in days)
    if len({day.day for day in days}) == 1:
        return SaidDay(said=said, day=days[0].day, part=next((day.part for day in days if day.part), None))
    if first := _range_start(slate, days):
        return SaidDay(said=said, day=days[-1].day, first=first, part=days[-1].part)
    chosen = _latest(slate, days)
    return SaidDay(said=said, day=chosen.day if chosen else None, part=chosen.part if chosen else None)


def _range_start(slate: Slate, days: list[Day]) -> date | None:
    """周三周四都行, 5号到8号: the first day of a range."""
    joined = all(
        re.fullmatch(r"[ |]*(?:或者?|还是|到|至|和|跟|、|~|-|—|或是)?[ |]*", slate.plain[one.end : two.start])
        for one, two in pairwise(days)
    )
    resolved = [day.day for day in days if day.day]
    if not joined or len(resolved) < len(days) or resolved != sorted(set(resolved)):
        return None
    return resolved[0]


def _latest(slate: Slate, days: list[Day]) -> Day | None:
    """The day that counts of several: the last allowed one, the one that corrects, or the only one on which something is to be done."""
    for day, before in zip(days, ["", *(slate.plain[one.end : two.start] for one, two in pairwise(days))]):
        head = slate.plain[max(0, day.start - 4) : day.start]
        if re.search(r"(?:最晚|最迟|不晚于|不迟于|至迟) ?$", head) or (before and _CORRECTS.search(before)):
            return day
    acts = [day for day in days if day.is_act]
    return acts[0] if len(acts) == 1 else None
