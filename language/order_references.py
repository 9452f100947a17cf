"""Which order a message is about: its number, a tail of it, `last`, the day it was placed, or only 那单 beside a customer."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from language import naming
from language.phrases import phrase
from language.slate import Slate

LAST = "last"

_WEEKDAYS = "一二三四五六日天"


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """An order as it was said; `mentioned`: one is spoken of (那单, 的单子), even where nothing says which."""

    number: str | None = None
    tail: str | None = None
    hint: str | None = None
    mentioned: bool = False
    several: bool = False
    """Several are numbered."""
    counted: bool = False
    """By how much of something was ordered: 那2盒."""
    loose: bool = False
    """Only by a day, of which nobody said that an order was placed on it: 昨天说的那个价."""

    def __bool__(self) -> bool:
        """True when the words lead to an order by themselves."""
        return bool(self.number or self.tail or self.hint)

    def fields(self) -> dict[str, str | None]:
        """As the fields of a Reading."""
        return {"order": self.number, "order_tail": self.tail, "order_hint": self.hint}


def take_order(slate: Slate, *, loose: bool = True) -> OrderSaid:
    """The order that is spoken of, wiped off; where several are numbered, none is settled.

    Unless `loose`, a day must be said of the order itself (昨天那单): 昨天 alone may tell when something was talked about.
    """
    if _names_several(slate.plain):
        return OrderSaid(mentioned=True, several=True)
    number = slate.take(phrase("order_number"))
    tail = None if number else slate.take(phrase("order_tail"))
    hint, is_loose = (None, False) if number or tail else _take_hint(slate, loose=loose)
    counted = loose and slate.take(phrase("order_counted")) is not None
    bare = loose and _take_bare(slate)
    return OrderSaid(
        number=number["number"].upper() if number else None,
        tail=next(digits for digits in tail.groups() if digits) if tail else None,
        hint=hint,
        mentioned=bool(number or tail or hint or bare or counted),
        counted=counted,
        loose=is_loose and not bare,
    )


def _names_several(text: str) -> bool:
    numbers = {found["number"].replace(" ", "") for found in phrase("order_number").finditer(text)}
    tails = {next(digits for digits in found.groups() if digits) for found in phrase("order_tail").finditer(text)}
    return len(numbers) > 1 or (not numbers and len(tails) > 1) or phrase("several_tails").search(text) is not None


def _take_hint(slate: Slate, *, loose: bool) -> tuple[str | None, bool]:
    """`last` or the day, and whether only a day was said."""
    if slate.take(phrase("last_order")):
        return LAST, False
    past = phrase("past_order").search(slate.plain)
    if past and (loose or past["sheet"]):
        slate.wipe(*past.span())
        return _past(past, slate.today).isoformat(), not past["sheet"]
    for found in filter(None, (phrase("order_of_day").search(slate.plain), _of_whom(slate))):
        if day := _placed_on(found, slate.today):
            slate.wipe(*found.span())
            return day.isoformat(), False
    return None, False


def _of_whom(slate: Slate) -> re.Match[str] | None:
    """2月27号天工那单: the day on which a customer's order was placed."""
    found = phrase("order_of_day_and_whom").search(slate.plain)
    if not found:
        return None
    rest = slate.copy()
    rest.wipe(*found.span())
    return found if naming.is_named(rest, found.start("who")) else None


def _past(found: re.Match[str], today: date) -> date:
    if found["near"]:
        return today - timedelta(days={"昨": 1, "前": 2, "大前": 3}[found["near"]])
    monday = today - timedelta(days=today.weekday() + 7)
    return monday + timedelta(days=min(_WEEKDAYS.index(found["lastweek"]), 6))


def _placed_on(found: re.Match[str], today: date) -> date | None:
    if found.groupdict().get("today"):
        return today
    if found["week"]:
        return today - timedelta(days=(today.weekday() - min(_WEEKDAYS.index(found["week"]), 6)) % 7)
    months = [int(found["month"])] if found["month"] else [today.month, (today.month + 10) % 12 + 1]
    days = (_day(today, month, int(found["day"])) for month in months)
    return next((day for day in days if day), None)


def _day(today: date, month: int, day: int) -> date | None:
    """The last such day that is not after today, at most some months ago; an order is not looked for further back."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if timedelta(0) <= today - found <= timedelta(days=300):
            return found
    return None


def _take_bare(slate: Slate) -> bool:
    found = list(phrase("order_spoken_of").finditer(slate.plain))
    for match in found:
        slate.wipe(*match.span())
    return bool(found)
