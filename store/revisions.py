"""The catalogue's revision: every change of master data makes a new one, so that what was read before is read again."""

from sqlalchemy import select, text

from store.models import Installation
from store.transaction import Transaction

_CATALOGUE = "catalogue_revision"
CURRENT = select(Installation.value).where(Installation.name == _CATALOGUE).scalar_subquery()
"""The revision as a column: who reads another row anyway reads it along, and gives it to `know`."""
_CURRENT = select(CURRENT)


def current(transaction: Transaction) -> int:
    """The revision of products, customers and words that this transaction sees."""
    if transaction.catalogue_revision is None:
        know(transaction, transaction.connection.execute(_CURRENT).scalar())
    return transaction.catalogue_revision or 0


def know(transaction: Transaction, revision: str | None) -> None:
    """Notes the revision that was read along in this transaction."""
    transaction.catalogue_revision = int(revision or 0)


def bump(transaction: Transaction) -> None:
    """Says that products, customers or words have changed; seen by others once this transaction commits."""
    transaction.catalogue_revision = None
    transaction.session.execute(
        text(
            "INSERT INTO installation (name, value) VALUES (:name, '1') "
            "ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(installation.value AS BIGINT) + 1 AS TEXT)"
        ),
        {"name": _CATALOGUE},
    )
