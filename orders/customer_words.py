"""A customer's own words 别名: wordings that people have settled for them, twice the same way; nobody else's reading changes."""

from collections.abc import Collection

from sqlalchemy import select

from orders.refusals import Refused
from store.models import CustomerWord, Product
from store.transaction import Transaction

COUNTS_FROM = 2
"""So often, one after the other, a wording has to be settled the same way before it is taken for the customer's own."""
_LONGEST = 128


def learn(tx: Transaction, customer_id: int, word: str, product_id: int) -> None:
    """Notes that `word` was settled for a product, in an order that has been confirmed; another product begins anew."""
    if len(word) > _LONGEST:
        return
    known = tx.session.scalar(_OF.where(CustomerWord.customer_id == customer_id, CustomerWord.word == word).with_for_update())
    if known is None:
        tx.session.add(CustomerWord(customer_id=customer_id, word=word, product_id=product_id, times=1, changed_at=tx.now))
        return
    known.times = known.times + 1 if known.product_id == product_id else 1
    known.product_id, known.changed_at = product_id, tx.now


def products_meant(tx: Transaction, customer_id: int, words: Collection[str]) -> dict[str, int]:
    """The product of each of the words that is the customer's own."""
    mine = select(CustomerWord.word, CustomerWord.product_id).where(
        CustomerWord.customer_id == customer_id, CustomerWord.word.in_(words), CustomerWord.times >= COUNTS_FROM
    )
    return {row.word: row.product_id for row in tx.session.execute(mine)}


def words_of(tx: Transaction, customer_id: int) -> list[CustomerWord]:
    """All words of a customer that count, the newest first."""
    query = _OF.where(CustomerWord.customer_id == customer_id, CustomerWord.times >= COUNTS_FROM)
    return list(tx.session.scalars(query.order_by(CustomerWord.changed_at.desc(), CustomerWord.id.desc())))


def forget(tx: Transaction, customer_id: int, word: str) -> Product:
    """Takes a word back: from now on it is asked about again. Refuses one that is not known."""
    known = tx.session.scalar(_OF.where(CustomerWord.customer_id == customer_id, CustomerWord.word == word).with_for_update())
    if known is None:
        raise Refused("unknown_word", word=word)
    tx.session.delete(known)
    tx.session.flush()
    return known.product


_OF = select(CustomerWord)
