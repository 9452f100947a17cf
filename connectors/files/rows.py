"""From the lines of a file to rows with values; every bad cell becomes a problem that names its line."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from connectors.files.cells import BadCell, Cell, Reader, Writer, as_text, write_any
from connectors.files.tables import Line

_Item = TypeVar("_Item")
Progress = Callable[[Sequence[_Item], str], Iterable[_Item]]
"""Wraps what is gone through, to show how far it has come; the text says what is being done."""


def quiet(items: Sequence[_Item], _doing: str) -> Iterable[_Item]:
    """Shows nothing."""
    return items


def in_parts(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


@dataclass(frozen=True)
class Column:
    """A column by its code and its Chinese name, and how its cells are read and written."""

    code: str
    name: str
    read: Reader
    required: bool = False
    write: Writer = write_any


@dataclass(frozen=True)
class Problem:
    """Why a file or one line of it cannot be taken."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行：{self.reason}" if self.line else f"{self.file}：{self.reason}"


@dataclass
class Row:
    """One line of a file; `values` has a key for each column of the file, None where the cell is empty."""

    file: str
    line: int
    values: dict[str, Any]

    def problem(self, reason: str) -> Problem:
        return Problem(self.file, self.line, reason)


@dataclass
class Reading:
    """What was read so far, good and bad."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_lines(file: str, lines: list[Line], columns: Sequence[Column], zone: ZoneInfo, progress: Progress[Line]) -> Reading:
    """The rows of one file, the first line being the header."""
    reading = Reading()
    if not lines:
        reading.problems.append(Problem(file, None, "是空的，第一行要写列名"))
        return reading
    header = _header(file, lines[0], columns, reading.problems)
    if reading.problems:
        return reading
    for line in progress(lines[1:], f"读取 {file}"):
        row = Row(file, line.number, {})
        reasons = list(_fill(row, line, header, zone))
        reading.problems += [row.problem(reason) for reason in reasons]
        reading.rows += [] if reasons else [row]
    return reading


def _header(file: str, line: Line, columns: Sequence[Column], problems: list[Problem]) -> list[Column | None]:
    known = {_folded(name): column for column in columns for name in (column.code, column.name)}
    said = [as_text(cell) if cell is not None else "" for cell in line.cells]
    header = [known.get(_folded(name)) for name in said]
    unknown = [name for name, column in zip(said, header) if name and column is None]
    found = [column.code for column in header if column]
    twice = sorted({code for code in found if found.count(code) > 1})
    missing = [_title(column) for column in columns if column.required and column.code not in found]
    for names, what in ((unknown, "不认识的列"), (twice, "重复的列"), (missing, "缺少的列")):
        if names:
            problems.append(Problem(file, line.number, f"{what}：{'、'.join(names)}"))
    return header


def _fill(row: Row, line: Line, header: list[Column | None], zone: ZoneInfo) -> Iterator[str]:
    for cell, column in zip_longest(line.cells, header):
        if column is not None:
            yield from _take(row, cell, column, zone)
        elif cell is not None:
            yield f"“{as_text(cell)}”这一格没有列名"


def _take(row: Row, cell: Cell | None, column: Column, zone: ZoneInfo) -> Iterator[str]:
    row.values[column.code] = None
    if cell is None:
        if column.required:
            yield f"{column.name} 没有填"
        return
    try:
        row.values[column.code] = column.read(cell, zone)
    except BadCell as bad:
        yield f"{column.name} {bad}"


def _title(column: Column) -> str:
    return column.name if column.name == column.code else f"{column.name}({column.code})"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def written(values: dict[str, Any], columns: Sequence[Column], zone: ZoneInfo) -> list[str | date | None]:
    """The cells of a row, as they can be read again."""
    said = ((column, values.get(column.code)) for column in columns)
    return [None if value is None else column.write(value, zone) for column, value in said]
