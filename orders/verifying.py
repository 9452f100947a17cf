"""Walking every chain of hashes, to see whether what was kept for good has been altered (design: house.md, decision 7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from orders import communication, deciding, snapshots
from store import events
from store.events import Fact
from store.models import ApprovalDecision, CommunicationLog, Event, Order, Snapshot
from store.transaction import Transaction

_AT_ONCE = 1000


@dataclass(frozen=True)
class Break:
    """The first link of a chain that does not hold."""

    order_no: str
    chain: str
    """As people call it: 事件, 订单快照, 沟通纪要, 审批."""
    link: str
    why: str

    def __str__(self) -> str:
        return f"订单 {self.order_no} 的{self.chain}{self.link}：{self.why}"


@dataclass(frozen=True)
class Chain:
    """Rows of one table that carry, order by order, the hash of the one before."""

    name: str
    table: type[Any]
    hash_of: Callable[[Any], str]
    sort: Any
    link: Callable[[Any], str]


CHAINS = (
    Chain("事件", Event, events.chained, Event.id, lambda row: f"第 {row.id} 号（{row.kind}）"),
    Chain("订单快照", Snapshot, snapshots.chained, Snapshot.version, lambda row: f"第 {row.version} 版"),
    Chain("沟通纪要", CommunicationLog, communication.chained, CommunicationLog.id, lambda row: f"第 {row.id} 号"),
    Chain("审批", ApprovalDecision, deciding.chained, ApprovalDecision.id, lambda row: f"第 {row.id} 号"),
)
_ALTERED = "内容与当时的指纹不符"
_CUT = "接不上前一条，中间有记录被删或被换"


def verify(tx: Transaction) -> Iterator[Break]:
    """The first broken link of each chain of each order; nothing when all is as it was written."""
    numbers = {row.id: row.no for row in tx.session.execute(select(Order.id, Order.no))}
    for chain in CHAINS:
        for order_id, rows in groupby(_rows(tx, chain), key=lambda row: row.order_id):
            if broken := _first_break(chain, rows):
                yield Break(numbers.get(order_id, str(order_id)), chain.name, *broken)
    yield from _cut_short(tx)


def _rows(tx: Transaction, chain: Chain) -> Iterator[Any]:
    query = select(chain.table).where(chain.table.order_id.is_not(None)).order_by(chain.table.order_id, chain.sort)
    for row in tx.session.scalars(query.execution_options(yield_per=_AT_ONCE)):
        yield row
        tx.session.expunge(row)


def _first_break(chain: Chain, rows: Iterator[Any]) -> tuple[str, str] | None:
    before = ""
    for row in rows:
        if row.previous_hash != before:
            return chain.link(row), _CUT
        if row.hash != chain.hash_of(row):
            return chain.link(row), _ALTERED
        before = row.hash
    return None


def _cut_short(tx: Transaction) -> Iterator[Break]:
    """Chains whose last link is gone: the order itself and its events say how far they reach."""
    newest = select(Event.hash).where(Event.order_id == Order.id).order_by(Event.id.desc()).limit(1).scalar_subquery()
    for number in tx.session.scalars(select(Order.no).where(Order.chain != func.coalesce(newest, ""))):
        yield Break(number, "事件", "最后一条", "已不在")
    kept = select(Snapshot.version).where(Snapshot.order_id == Order.id).order_by(Snapshot.version.desc()).limit(1).scalar_subquery()
    for number, version in tx.session.execute(select(Order.no, Order.version).where(Order.version != func.coalesce(kept, 0))):
        yield Break(number, "订单快照", f"第 {version} 版", "已不在")
    yield from _gone(tx, "沟通纪要", Fact.LOG_WRITTEN, CommunicationLog, lambda data: f"第 {data['log']} 号")
    yield from _gone(tx, "审批", Fact.APPROVAL_DECIDED, ApprovalDecision, lambda data: f"“{data['step']}”的{data['seat']}")


def _gone(tx: Transaction, chain: str, fact: Fact, table: type[Any], link: Callable[[dict[str, Any]], str]) -> Iterator[Break]:
    """What the events say was written, and is not there any more."""
    standing = set(tx.session.scalars(select(table.hash)))
    written = select(Event.data, Order.no).join(Order, Order.id == Event.order_id).where(Event.kind == fact)
    for data, number in tx.session.execute(written):
        if data["hash"] not in standing:
            yield Break(number, chain, link(data), "已不在")
