"""Reading numbers as people write them: 1,000 · 1千 · 1.5万 · 5千5 · 3k · 1e12 · 一百 · 两."""

import re
from decimal import Decimal
from functools import lru_cache

import cn2an

LARGEST = Decimal(10) ** 15
"""A larger number is read as this one: nobody trades in it, and arithmetic stays exact."""

_ARABIC = re.compile(
    r"-?(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}(?![0-9])(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)?)"
    r"(?:(?P<exponent>e[0-9]{1,2})(?![a-z0-9])|(?P<scale>[百千万]|[kw](?![a-z]))(?P<rest>[0-9百千万]{0,6}))?"
)
_HANZI = re.compile(r"[零一二两三四五六七八九十百千万]{1,20}")
_ORDINAL = re.compile(r"(?:[选要]?第|选) ?(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,3}) ?[个项种张家条]?的?")
_SCALES = str.maketrans({"k": "千", "w": "万"})


def match_number(text: str, at: int) -> tuple[Decimal, int] | None:
    """The number that begins at `at` and where it ends; `text` is plain (see text.plain)."""
    if found := _ARABIC.match(text, at):
        return _arabic(found)
    if found := _HANZI.match(text, at):
        value = _by_cn2an(found.group())
        return None if value is None else (value, found.end())
    return None


def ordinal(text: str) -> int | None:
    """Which one 第二个 or 选2 means; a bare number or 2个 says how many."""
    found = _ORDINAL.fullmatch(text)
    number = match_number(found["number"], 0) if found else None
    return int(number[0]) if number else None


def _arabic(found: re.Match[str]) -> tuple[Decimal, int]:
    said = found.group().replace(",", "")
    if found["scale"]:
        value = _by_cn2an(said.lstrip("-").translate(_SCALES))
        if value is None:
            return _decimal(said[: -len(found["scale"] + found["rest"])]), found.start("scale")
        return (-value if said.startswith("-") else value), found.end()
    return _decimal(said), found.end()


@lru_cache(maxsize=4_096)
def _decimal(said: str) -> Decimal:
    return _capped(Decimal(said))


def _capped(value: Decimal) -> Decimal:
    return Decimal(format(max(-LARGEST, min(value, LARGEST)), "f"))


@lru_cache(maxsize=4_096)
def _by_cn2an(said: str) -> Decimal | None:
    # cn2an reads 一万五 as 15000 and 5千5 as 5500, but not a 万 alone, a 两千零 or more digits than it knows.
    try:
        return _capped(Decimal(str(cn2an.cn2an(said, "smart"))))
    except (ValueError, KeyError, IndexError):
        return None
