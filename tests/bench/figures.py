"""Figures with the limits they are held against, printed as a table."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; without a limit it is there for comparison. `least`: the limit is what it must reach."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    least: bool = False

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    @property
    def row(self) -> tuple[str, str, str, str]:
        if self.limit is None:
            return self.what, f"{_plain(self.value)} {self.unit}", "", ""
        sign = "≥" if self.least else "≤"
        return self.what, f"{_plain(self.value)} {self.unit}", f"{sign} {_plain(self.limit)}", "" if self.is_kept else "MISSED"


def share(values: Iterable[float], part: float) -> float:
    """The smallest value that `part` (0.99: 99 %) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(part * len(ordered)) - 1, 0)]


def milliseconds(what: str, seconds: Sequence[float], limits: dict[float, float]) -> list[Figure]:
    """The median and the shares named in `limits` (0.99: 200 ms), of durations in seconds."""
    parts: dict[float, float | None] = {0.5: None, **limits}
    name = f"{what} ({len(seconds)}×)"
    return [Figure(f"{name} p{part * 100:g}", share(seconds, part) * 1000, "ms", limit) for part, limit in parts.items()]


def show(title: str, figures: Sequence[Figure]) -> None:
    """Prints one part's figures."""
    rows = [figure.row for figure in figures]
    widths = [max(_width(row[column]) for row in rows) for column in range(4)]
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(_padded(text, width, right=column == 1) for column, (text, width) in enumerate(zip(row, widths))).rstrip())


def _plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
