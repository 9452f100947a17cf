"""The catalogue's revision: every change of master data makes a new one, so that what was read before is read again."""

from sqlalchemy import select, text

from store.models import Installation
from store.transaction import Transaction

_CATALOGUE = "catalogue_revision"
_CURRENT = select(Installation.value).where(Installation.name == _CATALOGUE)


def current(transaction: Transaction) -> int:
    """The revision of products, customers and words that this transaction sees."""
    # Past the ORM: every message reads it.
    return int(transaction.connection.execute(_CURRENT).scalar() or 0)


def bump(transaction: Transaction) -> None:
    """Says that products, customers or words have changed; seen by others once this transaction commits."""
    transaction.session.execute(
        text(
            "INSERT INTO installation (name, value) VALUES (:name, '1') "
            "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(installation.value AS BIGINT) + 1 AS TEXT)"
        ),
        {"name": _CATALOGUE},
    )
