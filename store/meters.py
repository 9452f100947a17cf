"""Counts of what a platform allows only so often in a calendar month of the company."""

from sqlalchemy.dialects import postgresql, sqlite

from store.models import Meter
from store.transaction import Transaction

DINGTALK_CALLS = "dingtalk.calls"
"""Calls of DingTalk's API; tokens and the directory are free."""
DINGTALK_PUSHES = "dingtalk.pushes"
"""Messages and presses that DingTalk pushed to us."""


def month(transaction: Transaction) -> str:
    """The company's present month, such as 2026-03."""
    return f"{transaction.today:%Y-%m}"


def count(transaction: Transaction, name: str, by: int = 1) -> int:
    """Adds to this month's count and answers it."""
    dialect = sqlite if transaction.connection.dialect.name == "sqlite" else postgresql
    added = dialect.insert(Meter).values(name=name, period=month(transaction), count=by)
    statement = added.on_conflict_do_update(index_elements=["name", "period"], set_={"count": Meter.count + by}).returning(Meter.count)
    return int(transaction.session.execute(statement).scalar_one())


def counted(transaction: Transaction, name: str) -> int:
    """This month's count."""
    meter = transaction.session.get(Meter, (name, month(transaction)), populate_existing=True)
    return meter.count if meter else 0
