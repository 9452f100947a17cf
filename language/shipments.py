"""Partial shipments of an order that stands: 先发一半,剩下的月底再发."""

import re
from decimal import Decimal

from language.day_meant import take_day
from language.lines import read_lines
from language.numbers import match_number
from language.phrases import phrase
from language.reading import Change, Line, Split
from language.slate import Slate

_CLAUSE = re.compile(r"[^,;\n]*")


def take_split(slate: Slate) -> Change | None:
    """The parts of a partial shipment, wiped off; the rest is what is left of the order."""
    parts, first = phrase("in_parts").search(slate.plain), phrase("first").search(slate.plain)
    start = first or parts
    if not start:
        return None
    rest = phrase("the_rest").search(slate.plain, start.end() + 1)
    if not first and not rest:
        return None
    end = rest.start() if rest else _end(slate.plain, start.end())
    opening = slate.part(slate.shown[start.end() : end])
    amount = _amount(opening)
    if amount is None:
        return None
    begun, line = amount
    closing = slate.part(slate.shown[rest.end() : _end(slate.plain, rest.end())]) if rest else None
    day = take_day(closing) if closing else None
    splits = (begun, Split(rest=True, day=day))
    slate.wipe(min(start.start(), parts.start() if parts else start.start()), _end(slate.plain, rest.end()) if rest else end)
    return Change(op="split", line=line, parts=splits)


def _amount(slate: Slate) -> tuple[Split, Line | None] | None:
    """How much goes first and when, and the product if one is named with it."""
    days = slate.days
    day = take_day(slate) if days else None
    if share := slate.take(phrase("share_of")):
        product = next((line for _, line in read_lines(slate).lines if line.product.count), None)
        return Split(fraction=_share(share), day=day), Line(product=product.product) if product else None
    counted = next((line for _, line in read_lines(slate).lines if line.number is not None), None)
    if counted is None:
        return None
    line = Line(product=counted.product) if counted.product.count else None
    return Split(number=counted.number, unit=counted.unit, day=day), line


def _share(found: re.Match[str]) -> Decimal:
    if found["half"]:
        return Decimal("0.5")
    if found["tenths"]:
        return _digit(found["tenths"]) / 10
    return _digit(found["above"]) / _digit(found["below"]) if found["below"] else Decimal(found["percent"]) / 100


def _digit(said: str) -> Decimal:
    number = match_number(said, 0)
    return number[0] if number else Decimal(1)


def _end(text: str, start: int) -> int:
    """The end of the clause that goes on at `start`."""
    return _CLAUSE.match(text, start).end()  # type: ignore[union-attr]  # it matches the empty text too
