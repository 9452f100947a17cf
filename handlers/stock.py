"""库存: what there is of a product, where it lies, and what is on its way; of several that fit, what there is of each."""

from dataclasses import replace

from handlers import wording
from handlers.asking import Question
from handlers.line_fields import OFFERED, PRODUCT
from handlers.talk import Talk
from language import Reading
from orders.stock import figures, stock_data
from platforms.words import Reply

MOST = 12
"""Products that one answer lists: several named ones, or all that fit what was said, when they are few."""


def run(talk: Talk, reading: Reading) -> Reply:
    """The stock of the product that was asked for, or a line for each of those that fit."""
    meant = _meant(reading)
    if len(meant) == 1:
        return Reply("stock", stock_data(talk.tx, talk.product(meant[0])))
    return Reply("stocks", {"said": wording.products_said(reading.lines), "count": len(meant), "items": figures(talk.tx, meant[:MOST])})


def _ask(talk: Talk, reading: Reading) -> Question | None:
    """Nothing is asked where all that fits can be told at once; what only comes near is never told in its place."""
    return None if _meant(reading) else PRODUCT.question(talk, reading)


def _meant(reading: Reading) -> list[int]:
    """The products that fit, in the order said; empty while a line has none, or more than are offered."""
    found: dict[int, None] = {}
    for line in reading.lines:
        named = line.product
        fitting = (
            (named.id,)
            if named.id is not None
            else named.candidates
            if named.count <= OFFERED and named.count == len(named.candidates)
            else ()
        )
        if not fitting:
            return []
        found |= dict.fromkeys(fitting)
    return list(found)


FIELDS = (replace(PRODUCT, question=_ask),)
