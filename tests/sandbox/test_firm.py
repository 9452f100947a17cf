from datetime import timedelta

import pytest
from sqlalchemy import func, select

from connectors.files import KINDS
from sandbox.firm import KINDS_OF_THE_FIRM, load_sample_firm
from store.models import Capacity, Customer, Inbound, Product, Role, Staff, StockBatch
from store.transaction import Store
from tests.support.clock import TestClock


def test_the_sample_firm_is_a_plausible_wholesaler(store: Store) -> None:
    load_sample_firm(store)
    with store.reading() as tx:
        counts = {
            model: tx.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Product, Customer, Staff, StockBatch)
        }
        assert 60 <= counts[Product] <= 66
        assert counts[Customer] >= 25
        assert counts[Staff] == 12
        assert {role for person in tx.session.scalars(select(Staff)) for role in person.roles} == set(Role)
        assert all(product.price and product.safety_stock and product.lead_days for product in tx.session.scalars(select(Product)))
        ruigu = tx.session.scalars(select(Customer).where(Customer.wechat_openid == "openid-ruigu")).one()
        assert ruigu.salesperson
        assert ("锐固建材" in ruigu.aliases, ruigu.salesperson.name) == (True, "赵敏")
        assert [customer.aliases for customer in tx.session.scalars(select(Customer).where(Customer.group == "hongda"))] == [["宏达五金"]]
        assert min(coming.expected_on for coming in tx.session.scalars(select(Inbound))) >= tx.today


@pytest.mark.parametrize("days", range(7))
def test_the_work_centres_rest_at_weekends_on_whatever_day_it_is_loaded(store: Store, clock: TestClock, days: int) -> None:
    clock.forward(timedelta(days=days))
    load_sample_firm(store)
    with store.reading() as tx:
        booked = tx.session.scalars(select(Capacity.day)).all()
        assert {day.weekday() for day in booked} == {0, 1, 2, 3, 4}
        assert min(booked) >= tx.today
        assert min(coming.expected_on for coming in tx.session.scalars(select(Inbound))) >= tx.today


def test_loading_again_leaves_what_people_changed(store: Store) -> None:
    load_sample_firm(store)
    with store.transaction() as tx:
        tx.session.scalars(select(Staff).where(Staff.name == "赵敏")).one().mobile = "1"
    load_sample_firm(store)
    with store.reading() as tx:
        assert tx.session.scalars(select(Staff.mobile).where(Staff.name == "赵敏")).one() == "1"
        for kind in KINDS_OF_THE_FIRM:
            assert tx.session.scalar(select(KINDS[kind].model).limit(1)) is not None
