"""An office of the product that delivers to the stand-in platforms, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from notifiers.jobs import open_office
from notifiers.sending import Office
from sandbox.server import Sandbox, in_thread
from store.models import Customer, Delivery, Order, Stage
from store.outbox import Urgency, tell
from store.settings import Settings
from store.transaction import Store
from tests.support.clock import TestClock
from tests.support.firm import Firm


@pytest.fixture
def sandbox(settings: Settings, clock: TestClock) -> Iterator[Sandbox]:
    with in_thread(settings, clock) as running:
        running.sandbox.wecom.callback_url = "http://127.0.0.1/wecom/callback"
        yield running.sandbox


@pytest.fixture
def store(sandbox: Sandbox, clock: TestClock, database_url: str) -> Iterator[Store]:
    store = Store(sandbox.settings.model_copy(update={"database_url": database_url}), clock)
    yield store
    store.close()


@pytest.fixture
def office(store: Store, redis: Redis) -> Office:
    return open_office(store, redis, store.settings, "run")


class Desk:
    """Tells people things and looks at what became of it."""

    def __init__(self, store: Store, office: Office, firm: Firm) -> None:
        self.store, self.office, self.firm = store, office, firm

    def tell(self, audience: str, card: str, data: dict[str, Any], *, key: str, deliver: bool = True, **options: Any) -> None:
        with self.store.transaction() as tx:
            tell(tx, audience, card, data, key=key, urgency=options.pop("urgency", Urgency.WAITING), **options)
        if deliver:
            self.office.deliver()

    def notice(self, audience: str, text: str, *, key: str, **options: Any) -> None:
        self.tell(audience, "notice", {"title": text, "text": "", "fields": []}, key=key, **options)

    def deliveries(self) -> list[Delivery]:
        with self.store.reading() as tx:
            return list(tx.session.query(Delivery).order_by(Delivery.id))

    def states(self) -> list[tuple[str, str]]:
        return [(delivery.channel, delivery.state) for delivery in self.deliveries()]

    def order(self, customer: Customer, no: str = "SO260302-0001") -> Order:
        with self.store.transaction() as tx:
            order = Order(
                no=no, stage=Stage.APPROVED, customer_id=customer.id, salesperson_id=customer.salesperson_id, created_at=tx.now, chain=""
            )
            tx.session.add(order)
        return order

    def due_again(self) -> None:
        """Makes what was put off due now, as if its time had come."""
        with self.store.transaction() as tx:
            for delivery in tx.session.query(Delivery).filter_by(state="due"):
                delivery.due_at = delivery.addressed_at

    def lease_over(self) -> None:
        """Ends the time for which a worker has what it is sending."""
        with self.store.transaction() as tx:
            for delivery in tx.session.query(Delivery).filter(Delivery.lease_until.is_not(None)):
                delivery.lease_until = delivery.addressed_at


@pytest.fixture
def desk(store: Store, office: Office, firm: Firm) -> Desk:
    return Desk(store, office, firm)


def progress(order: Order, stage: str = "approved", **values: str) -> dict[str, Any]:
    data = {"stage_name": "已审核", "where": "已下单，正在备货", "date": "2026-03-20", "carrier": "", "waybill": "", "url": ""}
    return {"order_no": order.no, "stage": stage, "customer": "锐固建材", "first": True, **data, **values}


def restock(task: int, *, copy: bool = False) -> dict[str, Any]:
    line = {
        "product": "M12×80镀锌螺栓",
        "missing": "200",
        "unit": "支",
        "order_no": "SO260302-0001",
        "customer": "锐固建材",
        "promised_ship_at": "2026-03-04T17:00:00+08:00",
    }
    return {"task": task, "urgent": False, "copy": copy, "lines": [line], "url": ""}
