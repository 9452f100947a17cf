"""Sizes: M12×80, 12*80, M8-30, φ6, DN15, 8×3公分; × x X * ＊ 乘 and a missing M are one thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from language.numbers import match_number
from language.words import shipped

_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,4})?(?![0-9])(?:mm|毫米|cm|公分|厘米)?"
_SIZE = re.compile(rf"(?P<prefix>m|φ|直径|dn|st)? ?(?P<first>{_NUMBER})(?P<more>(?: ?[x乘] ?{_NUMBER}){{0,5}})")
_SPOKEN = re.compile(
    r"(?P<prefix>m|φ|直径|dn)? ?(?P<first>[一二三四五六七八九十百]{1,4}|[0-9]{1,3})"
    r"(?:(?P<sign> ?[x乘] ?)(?P<second>[一二三四五六七八九十百]{1,6}|[0-9]{1,4}(?:\.[0-9])?))?"
)
"""As a voice message is written down: M八乘三十."""
_STEELS = "|".join(sorted(material for material in shipped()["materials"] if material.isdecimal()))
_DASHED = re.compile(rf"-(?!(?:{_STEELS})(?![0-9]))([0-9]{{1,3}})(?![0-9.]|-(?!(?:{_STEELS})(?![0-9])))")
"""M8-30 is a size, M8-304 a thread and its material."""
_PART = re.compile(r"([0-9.]+)(cm|公分|厘米)?")


@dataclass(frozen=True, slots=True)
class Size:
    """`parts` in millimetres where a length was named; `prefix` is m, φ, dn, st or empty."""

    prefix: str
    parts: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.prefix + "x".join(self.parts)

    @property
    def is_number(self) -> bool:
        """A bare number, which may as well be a quantity."""
        return not self.prefix and len(self.parts) == 1

    def without_last(self) -> "Size":
        return Size(self.prefix, self.parts[:-1])

    def keys(self) -> Iterator[str]:
        """What a product of this size is found by: whole, its beginnings, each number, with or without the prefix.

        A product that names no prefix is found by any (`?`); one that names another prefix is not.
        """
        for length in range(1, len(self.parts) + 1):
            joined = "x".join(self.parts[:length])
            yield f"{self.prefix or '?'}{joined}"
            if length > 1:
                yield joined
        yield from (number_key(part) for part in self.parts)

    def wanted(self) -> tuple[str, ...]:
        """The keys of which a product must have one to be what was typed."""
        joined = "x".join(self.parts)
        if self.prefix:
            return (self.key, f"?{joined}")
        return (number_key(joined),) if self.is_number else (joined,)


def number_key(number: str) -> str:
    """A number of a size or a grade."""
    return f"#{number}"


@lru_cache(maxsize=4_096)
def decimal_key(number: Decimal) -> str:
    """The same of a decimal."""
    return number_key(format(number.normalize(), "f"))


def match_size(text: str, at: int) -> tuple[Size, int, list[int]] | None:
    """The size (or bare number) at `at`, where it ends, and where each of its parts after the first begins."""
    found = _SIZE.match(text, at)
    if not found or (found["prefix"] and not found["more"] and text[found.end() : found.end() + 1] == "乘"):
        return _spoken(text, at)
    prefix = "φ" if found["prefix"] == "直径" else found["prefix"] or ""
    end, starts = found.end(), [found.start("more") + sign.start() for sign in re.finditer("[x乘]", found["more"])]
    parts = [_millimetres(found["first"]), *map(_millimetres, re.split("[x乘]", found["more"])[1:])]
    if prefix == "m" and len(parts) == 1 and (dashed := _DASHED.match(text, end)):
        parts.append(dashed[1])
        end = dashed.end()
    return Size(prefix, tuple(parts)), end, starts


def _spoken(text: str, at: int) -> tuple[Size, int, list[int]] | None:
    found = _SPOKEN.match(text, at)
    if not found or not (found["prefix"] or found["second"]):
        return None
    said = [part for part in (found["first"], found["second"]) if part]
    parts = [number for part in said if (number := match_number(part, 0))]
    if len(parts) != len(said):
        return None
    prefix = "φ" if found["prefix"] == "直径" else found["prefix"] or ""
    return (
        Size(prefix, tuple(format(number.normalize(), "f") for number, _ in parts)),
        found.end(),
        [found.start("sign")] if found["second"] else [],
    )


@lru_cache(maxsize=4_096)
def _millimetres(said: str) -> str:
    number, unit = _PART.match(said.strip()).groups()  # type: ignore[union-attr]  # _SIZE has matched it
    value = Decimal(number) * (10 if unit else 1)
    return format(value.normalize(), "f")
