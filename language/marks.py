"""What stands beside the products of an order: free delivery, urgency, price, address, remarks and the like."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from language.dates import find_days
from language.reading import SaidDay
from language.slate import Slate

Value = TypeVar("Value")

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,4})?"
_REMARK = re.compile(r"(?:备注|附注|注明)(?:改成|改为|换成)?[: ]?(?P<text>[^\n]+)")
_NO_ADDRESS = r"[0-9]{1,2}[月/-]|20[0-9]{2}|[免急试今明下本周@]|后天|月底|不?包邮|加急|备注|单价"
"""What may follow an address after a space without being part of it."""
_ADDRESS = re.compile(
    rf"(?:送货|收货|交货)?地址(?:改成|改为|换成|改到)?[: ]?(?P<address>[^\s,;|]+(?: (?!{_NO_ADDRESS})[^\s,;|]+){{0,9}})"
    r"|(?:送货?[到至往]|发到|发往|运到)(?P<place>[^\s,;|]+)"
)
_FREE = re.compile(r"(?P<no>不|别|没有?)?(?:免费(?:配送|送货|送|(?![^\s,;|]))|包邮|免运费|免邮|包运费)")
_URGENT = re.compile(r"(?P<no>不用?|别)?(?:加急|特急|急单|急件|急用|紧急)|(?<![^\s,;|])急(?![^\s,;|])")
_TRIAL = re.compile(r"(?P<no>不是?|非)?(?:试产|试制)(?:订?单)?")
_PRICE = re.compile(
    rf"(?<!总)(?:单价|价格)[: |]{{0,5}}(?P<named>-?{_NUMBER})(?:元|块)?(?: ?[/每一][^\s,;|0-9]{{1,2}})?"
    rf"|@ ?(?P<sign>-?{_NUMBER})(?:元|块)?(?:/[^\s,;|0-9]{{1,2}})?"
    rf"|(?<![0-9.])(?P<each>{_NUMBER})元 ?[/每一][^\s,;|0-9]"
)
_PROCESS = re.compile(r"(?:特殊)?工艺[: ]?(?P<tags>[^\s,;|]+)")


@dataclass(frozen=True, slots=True)
class Mark(Generic[Value]):
    """Something that belongs to the line before it; `at` is where it stood."""

    at: int
    value: Value


def take_remarks(slate: Slate) -> str | None:
    """备注 and all that follows on its line."""
    return slate.take_group(_REMARK, "text")


def take_address(slate: Slate) -> str | None:
    """送到… or 地址…."""
    return slate.take_group(_ADDRESS, "address", "place")


def take_free_shipping(slate: Slate) -> bool | None:
    """包邮 and its like; False where it is denied."""
    return _flag(slate, _FREE)


def take_urgent(slate: Slate) -> bool | None:
    """加急 and its like; False where it is denied."""
    return _flag(slate, _URGENT)


def take_trial(slate: Slate) -> bool | None:
    """试产; False where it is denied."""
    return _flag(slate, _TRIAL)


def take_day(slate: Slate) -> SaidDay | None:
    """The one day that is named; two different days leave it open."""
    days = find_days(slate.plain, slate.today)
    for day in days:
        slate.wipe(day.start, day.end)
    if not days:
        return None
    resolved = {day.day for day in days}
    return SaidDay(said="、".join(day.said for day in days), day=resolved.pop() if len(resolved) == 1 else None)


def take_prices(slate: Slate) -> list[Mark[Decimal]]:
    """Every unit price, in yuan."""
    return [Mark(found.start(), Decimal(found["named"] or found["sign"] or found["each"])) for found in _all(slate, _PRICE)]


def take_processes(slate: Slate) -> list[Mark[tuple[str, ...]]]:
    """Every 工艺…, as its tags."""
    return [Mark(found.start(), tuple(re.split("[、/+]", found["tags"]))) for found in _all(slate, _PROCESS)]


def _all(slate: Slate, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    found = list(pattern.finditer(slate.plain))
    for match in found:
        slate.wipe(match.start(), match.end())
    return found


def _flag(slate: Slate, pattern: re.Pattern[str]) -> bool | None:
    found = slate.take(pattern)
    return None if found is None else not found.groupdict().get("no")
