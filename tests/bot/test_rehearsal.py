"""The rehearsal at the start: everything is done once, and nothing of it remains."""

from collections.abc import Callable

from sqlalchemy import event, select

from bot.gate import Gate
from bot.rehearsal import rehearse
from store.models import StockBatch
from store.transaction import Store
from tests.support.firm import Firm


def levels(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as tx:
        return [tuple(row) for row in tx.session.execute(select(StockBatch.id, StockBatch.on_hand, StockBatch.reserved))]


def test_an_order_is_placed_and_taken_back(store: Store, firm: Firm, rows: Callable[[], dict[str, int]]) -> None:
    Gate(store)
    statements: list[str] = []
    woken: set[str] = set()
    event.listen(store.engine, "before_cursor_execute", lambda _connection, _cursor, statement, *_: statements.append(statement))
    store.wake = woken.update
    before = rows(), levels(store)
    rehearse(store)
    assert any("INSERT INTO orders " in statement for statement in statements)
    assert any("INSERT INTO incoming" in statement for statement in statements), "through the gate, as a real one"
    assert any("INSERT INTO outbox" in statement for statement in statements)
    assert (rows(), levels(store)) == before
    assert not woken


def test_a_firm_without_anything_is_no_obstacle(store: Store, rows: Callable[[], dict[str, int]]) -> None:
    Gate(store)
    before = rows()
    rehearse(store)
    assert rows() == before
