"""Fifty salespeople confirm at the same moment, each half of them for stock that the other half wants too."""

from decimal import Decimal
from itertools import chain

from sqlalchemy import func, select

from sandbox.signing import wecom_decrypt
from store.clock import SystemClock
from store.models import Order, OutboxMessage, Reservation, StockBatch
from store.settings import Settings
from store.transaction import Store
from tests.bench.calls import WeComCalls
from tests.bench.crowd import Seller, settle, signer_of
from tests.bench.figures import Figure, milliseconds, show
from tests.bench.load import Load, Request, send
from tests.bench.stage import fresh, serving

_PEOPLE, _ENOUGH_FOR, _EACH = 50, 20, 500


def run(*, quick: bool, databases: list[str]) -> None:
    """Once on each of the databases."""
    for database in databases:
        with fresh(database) as store:
            crowd = settle(store, _PEOPLE, Decimal(_ENOUGH_FOR * _EACH))
            signer, calls = signer_of(store), WeComCalls(store.settings, SystemClock())
            sellers = [Seller(person, signer, calls) for person in crowd]
            with serving(store.settings) as product:
                port = product.settings.http_port
                send(port, [[Request("draft", seller.draft())] for seller in sellers])
                load = send(port, [[Request("press", seller.press(1))] for seller in sellers])
            _show(store, database, load)


def _show(store: Store, database: str, load: Load) -> None:
    with store.reading() as tx:
        orders = tx.session.scalars(select(Order)).all()
        batches = tx.session.scalars(select(StockBatch).where(StockBatch.on_hand > 0, StockBatch.location == "A-99-1")).all()
        held = tx.session.scalar(select(func.sum(Reservation.quantity)))
        suggested = tx.session.scalars(select(OutboxMessage).where(OutboxMessage.card == "suggestion")).all()
    losers = {order.id for order in orders if order.short}
    told = {message.order_id for message in suggested if message.data["suggested_date"]}
    answers = "".join(_opened(store.settings, answer.body) for answer in chain(*load.answers))
    oversold = sum((batch.reserved - batch.on_hand for batch in batches if batch.reserved > batch.on_hand), Decimal(0))
    figures = [
        Figure("orders placed", len(orders), "", _PEOPLE, least=True),
        Figure("with all their goods", len(orders) - len(losers), "", _ENOUGH_FOR),
        Figure("reserved", float(held or 0), "", _ENOUGH_FOR * _EACH),
        Figure("oversold", float(oversold), "", 0),
        Figure("losers who are not sent the promise date", len(losers - told), "", 0),
        Figure("orders whose number is not in an answer", sum(order.no not in answers for order in orders), "", 0),
        Figure("numbers given twice", len(orders) - len({order.no for order in orders}), "", 0),
        Figure("all answered", load.seconds * 1000, "ms"),
        *milliseconds("press to answer", [answer.seconds for answer in load.all], {0.99: None}),
    ]
    show(f"{_PEOPLE} parallel confirmations for the last stock, {database}", figures)


def _opened(settings: Settings, body: bytes) -> str:
    """The passive reply; what went by the outbox instead has none."""
    text = body.decode()
    if "<Encrypt>" not in text:
        return ""
    encrypted = text.partition("<Encrypt>")[2].partition("</Encrypt>")[0].removeprefix("<![CDATA[").removesuffix("]]>")
    return wecom_decrypt(settings.wecom.aes_key.get_secret_value(), settings.wecom.corp_id, encrypted)
