"""Partial shipments: 先发1500剩下月底发, 先来一半, 分两批."""

import re
from decimal import Decimal
from itertools import islice

from language.dates import Day, find_days
from language.lexer import Kind, Piece
from language.numbers import match_number
from language.reading import SaidDay, Split
from language.slate import Slate

_REST = r"剩下|剩余|余下|剩|其余|其他|其它|另外|后面|余量|余数|尾数|还有|另"
_LAST = re.compile(rf"(?:{_REST})[^,;\n|]{{1,24}}")
_FIRST = re.compile(r"(?P<first>先(?!别|不|按|看|确认)[^,;\n|]{1,24}|[^,;\n| ]{2,24})[,; |]{0,3}$")
_LONGEST = 28
"""Characters that are looked at before the rest for the first part."""
_TRIED = 50
"""Places that are looked at; no order is shipped in more parts."""
_IS_REST = re.compile(rf" ?(?:{_REST})")
_BATCHES = re.compile(r"分(?:成|作)?(?:[两二三四2-4]|几)?(?:批|次|车)(?:发货|发|送|交货|交|走|到|出)?[:, ]{0,2}(?P<parts>[^\n]{2,60})")
_EACH_BATCH = re.compile(r"分(?:成|作)?(?P<count>[两二三四五六2-6])(?:批|次|车|趟)[, ]?(?:发|送)?(?:每[批次车趟]|各)(?P<each>[^\n]{2,60})")
_REST_OF = re.compile(r"(?:剩下|剩余|余下|其余|剩)的?")
_IN_TIMES = re.compile(r"分(?:成|作)?[两二三四2-4几]?(?:批|次|车)(?:发货|发|送|交货|交|走|到|出)?")
_NEAR = 6
"""Characters between a part and its day are fewer."""
_FRACTION = re.compile(r"(?P<half>一半|半数)|(?P<of>[二三四五六七八九十])分之(?P<share>[一二三四五六七八九])|(?P<percent>[1-9][0-9]?)%")
_DIGITS = "零一二三四五六七八九十"


def take_splits(slate: Slate) -> tuple[Split, ...]:
    """The parts in which an order is to be shipped; nothing where it goes at once. Wiped off with their days."""
    for last in islice(_LAST.finditer(slate.plain), _TRIED):
        found = _FIRST.search(slate.plain, max(0, last.start() - _LONGEST), last.start())
        if not found:
            continue
        start, end = _whole_first(slate, found.start("first")), found.end("first")
        first, rest = _part(slate, start, end), _part(slate, *last.span(), rest=True)
        if first and rest and _is_shipped(slate.plain[start:end], first) and _is_shipped(last.group(), rest):
            slate.wipe(start, last.end())
            return first, rest
    if batches := _BATCHES.search(slate.plain):
        at = batches.start("parts")
        spans = [(at + part.start(), at + part.end()) for part in re.finditer("[^,;、|]+", batches["parts"])]
        parts = [part for start, end in spans if (part := _part(slate, start, end, rest=bool(_IS_REST.match(slate.plain, start))))]
        if len(parts) > 1:
            slate.wipe(batches.start(), spans[-1][1])
            return tuple(parts)
    return _each_batch(slate) or _dealt_out(slate)


def _each_batch(slate: Slate) -> tuple[Split, ...]:
    """分三批各1000:这周五、下周五、月底: the same number on each of as many days."""
    found = _EACH_BATCH.search(slate.plain)
    if not found:
        return ()
    days = [day for day in slate.days if found.start("each") <= day.start and day.end <= found.end()]
    counted = [piece for piece in slate.finder.cut(found["each"]) if piece.kind in (Kind.QUANTITY, Kind.NUMBER) and piece.number]
    if not counted or len(days) != (match_number(found["count"], 0) or (0,))[0]:
        return ()
    slate.wipe(found.start(), days[-1].end)
    return tuple(
        Split(number=counted[0].number, unit=counted[0].unit, day=SaidDay(said=day.said, day=day.day, part=day.part)) for day in days
    )


def _dealt_out(slate: Slate) -> tuple[Split, ...]:
    """周五一半 月底一半; 100根…20根今天发,80根周一发: shares, or numbers that add up to one said before, each with its day."""
    days = slate.days
    if not 2 <= len(days) <= _TRIED:
        return ()
    shares = [(*found.span(), Split(fraction=_fraction(found))) for found in islice(_FRACTION.finditer(slate.plain), _TRIED)]
    pieces = slate.pieces
    counted = [piece for piece in pieces if piece.kind in (Kind.QUANTITY, Kind.NUMBER) and piece.number][:_TRIED]
    numbers = [(piece.start, piece.end, Split(number=piece.number, unit=piece.unit)) for piece in counted]
    numbers += [(*found.span(), Split(rest=True)) for found in islice(_REST_OF.finditer(slate.plain), _TRIED)]
    for said in (shares, numbers):
        dealt = [part for start, end, split in said if (part := _on_day(slate.plain, days, start, end, split))]
        if len({part.day.day for _, _, part in dealt if part.day}) > 1 and _is_whole([part for *_, part in dealt], counted, dealt[0][0]):
            for found in list(_IN_TIMES.finditer(slate.plain)):
                slate.wipe(*found.span())
            for start, end, _ in dealt:
                slate.wipe(start, end)
            return tuple(part for _, _, part in dealt)
    return ()


def _on_day(text: str, days: list[Day], start: int, end: int, split: Split) -> tuple[int, int, Split] | None:
    """The part with the day that stands right before or behind it, from where to where."""
    for day in days:
        between = text[day.end : start] if day.end <= start else text[end : day.start] if end <= day.start else None
        if between is not None and len(between) < _NEAR and not between.strip(" 先再发送给到要走的|"):
            said = SaidDay(said=day.said, day=day.day, part=day.part)
            return min(start, day.start), max(end, day.end), split.model_copy(update={"day": said})
    return None


def _is_whole(parts: list[Split], counted: list[Piece], before: int) -> bool:
    """True where the parts are all of it: they make one, or a quantity that was said before them."""
    if all(part.fraction for part in parts):
        return sum(part.fraction or 0 for part in parts) == 1
    total = sum(part.number or 0 for part in parts)
    if sum(part.rest for part in parts) == 1 and total:
        return any(piece.end <= before and piece.number and piece.number > total for piece in counted)
    same = {part.unit for part in parts}
    return len(same) == 1 and any(piece.end <= before and piece.number == total and same <= {piece.unit, None} for piece in counted)


def _whole_first(slate: Slate, start: int) -> int:
    """Where the first part begins: with the day that stands before 先."""
    before = slate.plain[:start]
    day = next((day for day in find_days(before, slate.today, slate.working) if day.end == len(before.rstrip())), None)
    return day.start if day else start


def _is_shipped(said: str, part: Split) -> bool:
    """True where something is done with the part: a day is set, or it is sent."""
    return part.day is not None or bool(re.search("[先发送给出补交走来]", said))


def _part(slate: Slate, start: int, end: int, *, rest: bool = False) -> Split | None:
    part = slate.part(slate.shown[start:end])
    days = part.days
    for day in days:
        part.wipe(day.start, day.end)
    said = SaidDay(said=days[0].said, day=days[0].day, part=days[0].part) if days else None
    if rest:
        return Split(rest=True, day=said)
    if found := _FRACTION.search(part.plain):
        return Split(fraction=_fraction(found), day=said)
    for piece in part.pieces:
        if piece.kind in (Kind.QUANTITY, Kind.NUMBER) and piece.number:
            return Split(number=piece.number, unit=piece.unit, day=said)
    return None


def _fraction(found: re.Match[str]) -> Decimal:
    if found["half"]:
        return Decimal("0.5")
    if found["percent"]:
        return Decimal(found["percent"]) / 100
    return Decimal(_DIGITS.index(found["share"])) / Decimal(_DIGITS.index(found["of"]))
