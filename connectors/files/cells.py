"""What a cell may say: each reader turns a cell into a value or raises BadCell with the reason in words; writers go back.

A cell is a text, or what Excel keeps: a number, a day, a moment, a truth. Empty cells never come here.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import InstrumentedAttribute

from orders.words import level_of, plain, role_of, stage_of

Cell = str | float | bool | date | datetime | time | timedelta
Reader = Callable[[Cell, ZoneInfo], Any]
Writer = Callable[[Any, ZoneInfo], str | date]

_YES = {"yes", "y", "true", "1", "是", "对", "√"}
_NO = {"no", "n", "false", "0", "否", "不", "×"}
_WORD_KINDS = {"品类": "type", "材质": "material", "表面": "finish", "单位": "unit"}
_LIST = re.compile(r"[;；、]")
_DAY = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_LARGEST = Decimal(10) ** 11
"""Above it a quantity is a slip of the pen, and Excel would round it."""
_YEARS = range(1970, 2200)


class BadCell(Exception):
    """Why a cell cannot be taken, in words."""


def text(column: "InstrumentedAttribute[Any]") -> Reader:
    """A text that fits into `column`; a whole number of Excel's loses its point."""
    longest: int = column.type.length

    def read(cell: Cell, _zone: ZoneInfo) -> str:
        said = as_text(cell)
        if len(said) > longest:
            raise BadCell(f"太长：{len(said)} 个字，最多 {longest} 个")
        return said

    return read


def name(cell: Cell, _zone: ZoneInfo) -> str:
    """A name that is looked up later."""
    return as_text(cell)


def number(*, above_zero: bool = False, places: int = 4) -> Reader:
    """A decimal from 0 on, or above it, with at most so many `places`."""

    def read(cell: Cell, _zone: ZoneInfo) -> Decimal:
        value = _decimal(as_text(cell))
        if value < 0 or (above_zero and value == 0):
            raise BadCell(f"“{as_text(cell)}”要{'大于 0' if above_zero else '不小于 0'}")
        if value >= _LARGEST:
            raise BadCell(f"“{as_text(cell)}”太大")
        if value != round(value, places):
            raise BadCell(f"“{as_text(cell)}”最多 {places} 位小数")
        return value

    return read


def whole(cell: Cell, _zone: ZoneInfo) -> int:
    """A number of days, 0 to 3650."""
    value = _decimal(as_text(cell))
    if value != int(value) or not 0 <= value <= 3650:
        raise BadCell(f"“{as_text(cell)}”不是 0 到 3650 的整数")
    return int(value)


def yes_no(cell: Cell, _zone: ZoneInfo) -> bool:
    """A truth by code or Chinese word."""
    said = _folded(as_text(cell))
    if said not in _YES | _NO:
        raise BadCell(f"“{as_text(cell)}”要写 是 或 否")
    return said in _YES


def day(cell: Cell, _zone: ZoneInfo) -> date:
    """A calendar day."""
    return _moment(cell).date()


def moment(cell: Cell, zone: ZoneInfo) -> datetime:
    """An aware moment; without an offset in the company's zone."""
    value = _moment(cell)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def items(cell: Cell, _zone: ZoneInfo) -> list[str]:
    """The items of a list, each once, in their order."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in _LIST.split(as_text(cell))))))


def roles(cell: Cell, zone: ZoneInfo) -> list[str]:
    """Roles by code or Chinese name."""
    return [_known(role_of(said), said, "角色") for said in items(cell, zone)]


def level(cell: Cell, _zone: ZoneInfo) -> str:
    """A customer's level by code or Chinese name."""
    return _known(level_of(as_text(cell)), as_text(cell), "等级")


def stage(cell: Cell, _zone: ZoneInfo) -> str:
    """A stage of an order by code or Chinese name."""
    return _known(stage_of(as_text(cell)), as_text(cell), "环节")


def word_kind(cell: Cell, _zone: ZoneInfo) -> str:
    """What a synonym is about."""
    said = as_text(cell)
    return _known(_WORD_KINDS.get(said, said if said in _WORD_KINDS.values() else None), said, "类别")


def packs(cell: Cell, zone: ZoneInfo) -> dict[str, str]:
    """Larger units and how many base units each holds: `盒=500;箱=6000`."""
    found = {}
    for pack in items(cell, zone):
        unit, equals, size = unicodedata.normalize("NFKC", pack).partition("=")
        if not equals or not unit.strip():
            raise BadCell(f"“{pack}”要写成 盒=500")
        found[unit.strip()] = plain(number(above_zero=True)(size, zone))
    return found


def as_text(cell: Cell) -> str:
    """What a cell says as text: Excel's 1001.0 is the code 1001."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return plain(Decimal(repr(cell)))
    return str(cell).strip()


def write_items(value: list[str], _zone: ZoneInfo) -> str:
    """The items as `items` reads them."""
    return ";".join(value)


def write_packs(value: dict[str, str], _zone: ZoneInfo) -> str:
    """The packs as `packs` reads them."""
    return ";".join(f"{unit}={size}" for unit, size in value.items())


def write_moment(value: datetime, zone: ZoneInfo) -> str:
    """In the company's zone, with the offset, so that nothing is lost."""
    return value.astimezone(zone).isoformat(sep=" ")


def write_any(value: Any, _zone: ZoneInfo) -> str | date:
    """A day stays a day, the rest becomes text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain(value)
    return value if isinstance(value, date) else str(value)


def _folded(said: str) -> str:
    return unicodedata.normalize("NFKC", said).strip().casefold()


def _decimal(said: str) -> Decimal:
    digits = _folded(said).replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", digits):
        raise BadCell(f"“{said}”不是数")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise BadCell(f"“{said}”不是数") from None


def _moment(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        value = cell
    elif isinstance(cell, date):
        value = datetime.combine(cell, time())
    else:
        value = _spoken_moment(as_text(cell))
    if value.year not in _YEARS:
        raise BadCell(f"“{as_text(cell)}”年份不对")
    return value


def _spoken_moment(said: str) -> datetime:
    folded = _folded(said)
    if not (found := _DAY.match(folded)):
        raise BadCell(f"“{said}”不是日期，要写成 2026-03-05")
    year, month, day_of_month = (int(part) for part in re.split("[-/]", found.group()))
    try:
        return datetime.fromisoformat(f"{year:04}-{month:02}-{day_of_month:02}{folded[found.end() :].upper()}")
    except ValueError:
        raise BadCell(f"“{said}”不是日期或时间，要写成 2026-03-05 或 2026-03-05 17:00") from None


def _known(value: str | None, said: str, what: str) -> str:
    if value is None:
        raise BadCell(f"没有“{said}”这个{what}")
    return str(value)
