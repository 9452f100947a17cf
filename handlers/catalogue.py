"""The catalogue that messages are read over: made from the database once for each of its revisions, shared by all threads."""

from decimal import Decimal
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, select

from language import Catalogue, CustomerRecord, ProductRecord, WordRecord
from store import revisions
from store.models import Customer, Product, Word
from store.transaction import Transaction

_made: WeakKeyDictionary[Engine | Connection, tuple[int, Catalogue]] = WeakKeyDictionary()
_making = Lock()


def catalogue_of(tx: Transaction) -> Catalogue:
    """The catalogue as this transaction sees it; it is immutable, and made anew when master data has changed."""
    revision = revisions.current(tx)
    database = tx.session.get_bind()
    made = _made.get(database)
    if made and made[0] == revision:
        return made[1]
    with _making:  # a large one takes over a second: two threads need not both make it
        made = _made.get(database)
        if not made or made[0] != revision:
            made = _made[database] = (revision, _make(tx))
    return made[1]


def _make(tx: Transaction) -> Catalogue:
    return Catalogue(_products(tx), _customers(tx), _words(tx))


def _products(tx: Transaction) -> list[ProductRecord]:
    columns = (Product.id, Product.code, Product.name, Product.unit, Product.spec, Product.units, Product.moq)
    described = (Product.type, Product.material, Product.finish, Product.grade, Product.aliases)
    return [
        ProductRecord(
            id=row.id,
            code=row.code,
            name=row.name,
            unit=row.unit,
            spec=row.spec or "",
            units={unit: Decimal(held) for unit, held in (row.units or {}).items()},
            moq=row.moq,
            type=row.type or "",
            material=row.material or "",
            finish=row.finish or "",
            grade=row.grade or "",
            aliases=tuple(row.aliases or ()),
        )
        for row in tx.session.execute(select(*columns, *described))
    ]


def _customers(tx: Transaction) -> list[CustomerRecord]:
    rows = tx.session.execute(select(Customer.id, Customer.code, Customer.name, Customer.aliases))
    return [CustomerRecord(row.id, row.code, row.name, tuple(row.aliases or ())) for row in rows]


def _words(tx: Transaction) -> list[WordRecord]:
    return [WordRecord(row.word, row.means, row.kind) for row in tx.session.execute(select(Word.word, Word.means, Word.kind))]
