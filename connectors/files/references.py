"""Finding what a file names: people by name, products and customers by code or name."""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import select

from connectors.files.rows import Problem, Row
from store.models import Customer, Product, Staff
from store.transaction import Transaction

Finder = Callable[[str], int | None]


def staff(tx: Transaction) -> Finder:
    """Finds people by their name."""
    return {name: number for number, name in tx.session.execute(select(Staff.id, Staff.name))}.get


def products(tx: Transaction) -> Finder:
    """Finds products by their code, or by a name that only one has."""
    return _by_code_or_name((row[0], row[1], row[2]) for row in tx.session.execute(select(Product.id, Product.code, Product.name)))


def customers(tx: Transaction) -> Finder:
    """Finds customers by their code, or by a name or an alias that only one has."""
    rows = tx.session.execute(select(Customer.id, Customer.code, Customer.name, Customer.aliases))
    return _by_code_or_name((row[0], row[1], name) for row in rows for name in (row[2], *row[3]))


def replace(rows: Iterable[Row], code: str, column: str, find: Finder, what: str) -> Iterator[Problem]:
    """Puts the id into `column` in the place of the name under `code`, where the file has that column."""
    for row in rows:
        if code in row.values:
            said = row.values.pop(code)
            row.values[column] = None if said is None else find(said)
            if said is not None and row.values[column] is None:
                yield row.problem(f"没有叫“{said}”的{what}，或不止一个")


def _by_code_or_name(rows: Iterable[tuple[int, str, str]]) -> Finder:
    codes: dict[str, int] = {}
    names: dict[str, set[int]] = {}
    for number, code, name in rows:
        codes[code] = number
        names.setdefault(name, set()).add(number)
    alone = {name: next(iter(numbers)) for name, numbers in names.items() if len(numbers) == 1}
    return lambda said: codes.get(said) or alone.get(said)
