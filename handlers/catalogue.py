"""The catalogue that messages are read over: made once for each revision of the master data, shared by all threads."""

from decimal import Decimal
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from language import Catalogue, CustomerRecord, ProductRecord, WordRecord
from store import revisions
from store.models import Customer, Product, Word
from store.transaction import Store, Transaction

_made: WeakKeyDictionary[Engine, tuple[int, Catalogue]] = WeakKeyDictionary()
_making = Lock()


class Outdated(Exception):
    """Master data has changed since the catalogue was made: `prepare` it, and begin the transaction anew."""


def catalogue_of(tx: Transaction) -> Catalogue:
    """The catalogue as this transaction sees it; immutable. Raises Outdated: making a large one takes over a second, for
    which no transaction that writes may be open (house.md, decision 2)."""
    revision, catalogue = _made.get(tx.connection.engine, (None, None))
    if catalogue is None or revision != revisions.current(tx):
        raise Outdated
    return catalogue


def prepare(store: Store) -> None:
    """Makes the catalogue of the present master data, unless it stands; nobody who writes waits for it."""
    with _making, store.reading() as look:
        revision = revisions.current(look)
        if _made.get(store.engine, (None,))[0] != revision:
            _made[store.engine] = (revision, Catalogue(_products(look), _customers(look), _words(look)))


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
