"""What a kind of file is: its columns, and how its rows are settled, written and read out again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.files.rows import Column, Problem, Progress, Row
from store.models import Base
from store.staging import Move, Staging
from store.transaction import Transaction


class ChangedMeanwhile(Exception):
    """What a file was checked against has changed while its rows were staged; raised by a move, of which nothing remains."""


@dataclass(frozen=True)
class Kind:
    """A kind of file. What it writes is staged outside of any write lock; the move that comes back does the rest."""

    name: str
    chinese: str
    model: type[Base]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns by which a row is one of a kind; none where several rows make one thing."""
    settle: Callable[[Transaction, list[Row]], Iterator[Problem]]
    """Puts ids in the place of names, and says what does not fit."""
    stage: Callable[[Transaction, Staging, list[Row], Progress[Row]], Move]
    read_out: Callable[[Transaction], Iterable[dict[str, Any]]]


def table_move(
    staging: Staging, model: type[Base], rows: Sequence[Row], *, key: Sequence[str], defaults: Mapping[str, Any], fixed: Mapping[str, Any]
) -> Move:
    """Stages rows that go into one table as they are: those that stand change in the columns of their file only."""
    moves = []
    for given in dict.fromkeys(tuple(row.values) for row in rows):
        full = dict.fromkeys(given) | dict(defaults) | dict(fixed)
        values = [
            full | {name: value for name, value in row.values.items() if value is not None or name not in defaults}
            for row in rows
            if tuple(row.values) == given
        ]
        changing = [name for name in (*given, *fixed) if name not in key]
        moves.append(staging.load(model, values, key=key, changing=changing))

    def move(tx: Transaction) -> None:
        for one in moves:
            one(tx)

    return move


def repeated(rows: Iterable[Row], columns: Sequence[Column], key: Sequence[str]) -> Iterator[Problem]:
    """Rows that speak of the same thing as an earlier one."""
    names = "、".join(column.name for column in columns if column.code in key)
    first: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        same = first.setdefault(tuple(row.values.get(code) for code in key), row)
        if same is not row:
            yield row.problem(f"{names}与 {same.file} 第 {same.line} 行重复")
