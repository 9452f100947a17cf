import pytest

from store.transaction import Store
from tests.orders.trade import Trade
from tests.support.firm import Firm


@pytest.fixture
def trade(store: Store, firm: Firm) -> Trade:
    return Trade(store, firm)
