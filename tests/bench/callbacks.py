"""Callbacks: how soon the mixed commands are answered, and how many a second beside the least that could take them in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from sandbox.server import in_thread
from store.clock import MovableClock, SystemClock
from store.embedded import leave, redis_url
from store.models import Base, Order, Staff
from store.queues import connect
from store.settings import Settings
from store.transaction import Store
from tests.bench.calls import WeComCalls
from tests.bench.crowd import KINDS, Seller, settle, signer_of
from tests.bench.figures import Figure, milliseconds, show
from tests.bench.load import Request, send
from tests.bench.processes import cpu_seconds
from tests.bench.stage import fresh, serving
from tests.support.product import Product, Program, running_product
from tests.support.waiting import wait_until

_LIMIT_MS = 200
_LEAST_RATIO = 0.4
_A_SECOND = 50
_PEOPLE, _AT_ONCE = 40, 16
_ROUNDS_AT_ONCE = 60
"""More than anybody gets through while the machine is saturated."""


def run(*, quick: bool, databases: list[str]) -> None:
    """Both parts, on each of the databases."""
    for database in databases:
        _answers(database, seconds=6 if quick else 30)
        _saturation(database, seconds=3 if quick else 8, times=2 if quick else 4)


def sellers(store: Store, staff: list[Staff]) -> list[Seller]:
    """The crowd with what they need to write to the serve process of `store`."""
    signer, calls = signer_of(store), WeComCalls(store.settings, SystemClock())
    return [Seller(person, signer, calls) for person in staff]


def _answers(database: str, seconds: int) -> None:
    with fresh(database) as store:
        crowd = sellers(store, settle(store, _PEOPLE))
        with _whole_desk(store, crowd) as product:
            _first_order(product, crowd[0])
            drafts = send(product.settings.http_port, [[Request("draft", seller.draft())] for seller in crowd])
            for seller, answers in zip(crowd, drafts.answers):
                seller.heard(answers)
            load = send(product.settings.http_port, _paced(crowd, seconds))
            figures = milliseconds(f"all at {_A_SECOND} a second", [answer.seconds for answer in load.all], {0.9: None, 0.99: _LIMIT_MS})
            for kind in KINDS:
                figures += milliseconds(kind, [answer.seconds for answer in load.all if answer.kind == kind], {0.99: None})
            show(f"callback to acknowledged reply, workers running, {database}", figures)


@contextmanager
def _whole_desk(store: Store, crowd: list[Seller]) -> Iterator[Product]:
    """serve and workers, with the stand-ins behind them, which know the crowd."""
    redis = connect(redis_url(store.settings))
    try:
        with in_thread(store.settings, MovableClock(redis)) as threaded:
            threaded.sandbox.directory.wecom |= {str(seller.person.wecom_userid): seller.person.name for seller in crowd}
            settings = threaded.sandbox.settings.model_copy(update={"movable_clock": False})
            with running_product(settings) as product:
                yield product
    finally:
        redis.close()
        leave(store.settings)


def _paced(crowd: list[Seller], seconds: int) -> list[list[Request]]:
    """Everybody writes every so often, their turns spread evenly over time, each at another place of the round."""
    gap = len(crowd) / _A_SECOND
    rounds = int(seconds / gap / len(KINDS)) or 1
    return [
        [
            Request(request.kind, request.content, at=0.5 + (turn + place / len(crowd)) * gap)
            for turn, request in enumerate(seller.mixed(rounds, skip=place % len(KINDS)))
        ]
        for place, seller in enumerate(crowd)
    ]


@dataclass(frozen=True)
class _Side:
    """The product, or what stands beside it: its database, its crowd, and the program that answers."""

    store: Store
    crowd: list[Seller]
    pid: int

    @property
    def port(self) -> int:
        return self.store.settings.http_port


@dataclass(frozen=True)
class _Rate:
    """What one side did in one turn: answers a second, milliseconds of processor time for each, orders placed."""

    answers: float
    processor: float
    pressed: int


def _saturation(database: str, seconds: float, times: int) -> None:
    with fresh(database) as ours, fresh(database) as theirs:
        crowd, others = sellers(ours, settle(ours, _AT_ONCE)), sellers(theirs, settle(theirs, _AT_ONCE))
        with serving(ours.settings) as product, _bare(theirs.settings) as bare:
            mine, other = _Side(ours, crowd, product.serve.pid), _Side(theirs, others, bare.pid)
            _first_order(product, crowd[0])
            rows = _rows(mine), _rows(other)
            rates = [(_saturate(mine, seconds), _saturate(other, seconds)) for _ in range(times)]
            _check_orders(ours, sum(rate.pressed for rate, _ in rates))
    _show_rates(database, rates)
    _show_rows(*rows)


def _saturate(side: _Side, seconds: float) -> _Rate:
    requests = [list(seller.mixed(_ROUNDS_AT_ONCE)) for seller in side.crowd]
    before = cpu_seconds(side.pid)
    load = send(side.port, requests, seconds)
    used = cpu_seconds(side.pid) - before
    for seller, answers in zip(side.crowd, load.answers):
        seller.heard(answers)
    return _Rate(load.rate, used / len(load.all) * 1000, sum(answer.kind == "press" for answer in load.all))


@contextmanager
def _bare(settings: Settings) -> Iterator[Program]:
    program = Program(settings, "-m", "tests.bench.bare")
    program.start()
    product = Product(settings)
    try:
        wait_until(lambda: product.status("/healthz") == 200, 30)
        yield program
    finally:
        program.stop()


def _first_order(product: Product, seller: Seller) -> None:
    """The order that everybody asks for."""
    first = [Request("draft", seller.draft()), Request("press", seller.press(1))]
    seller.heard(send(product.settings.http_port, [first]).answers[0])


def _rows(side: _Side) -> dict[str, dict[str, int]]:
    """The rows that one message of each kind writes or changes, by table: they must be the same on both sides."""
    seller = side.crowd[1]
    seller.heard(send(side.port, [list(seller.mixed(1))]).answers[0])
    written = {}
    for request in seller.mixed(1):
        before = _stored(side.store)
        answers = send(side.port, [[request]]).answers[0]
        seller.heard(answers)
        written[request.kind] = {table: len(rows - before[table]) for table, rows in _stored(side.store).items() if rows - before[table]}
    return written


def _stored(store: Store) -> dict[str, set[str]]:
    """Every row as a text."""
    with store.reading() as tx:
        return {table.name: {str(row) for row in tx.session.execute(select(table))} for table in Base.metadata.sorted_tables}


def _check_orders(store: Store, pressed: int) -> None:
    """Every press must have placed its order, or something else was measured."""
    with store.reading() as tx:
        placed = tx.session.scalar(select(func.count()).select_from(Order))
    assert placed == pressed + 3, (placed, pressed)


def _show_rates(database: str, rates: list[tuple[_Rate, _Rate]]) -> None:
    figures = []
    for number, (mine, bare) in enumerate(rates, 1):
        figures += [Figure(f"{number}. product", mine.answers, "/s"), Figure(f"{number}. bare", bare.answers, "/s")]
    ratio = sum(mine.answers for mine, _ in rates) / sum(bare.answers for _, bare in rates)
    processor = [sum(side[which].processor for side in rates) / len(rates) for which in (0, 1)]
    figures += [
        Figure("ratio of all", ratio, "", _LEAST_RATIO, least=True),
        Figure("processor time of a message, product", processor[0], "ms"),
        Figure("processor time of a message, bare", processor[1], "ms"),
        Figure("ratio by processor time, which other work on the machine does not touch", processor[1] / processor[0], ""),
    ]
    show(f"throughput at saturation, workers stopped, {_AT_ONCE} people at once, {database}", figures)


def _show_rows(mine: dict[str, dict[str, int]], bare: dict[str, dict[str, int]]) -> None:
    for kind in KINDS:
        same = "the same" if mine[kind] == bare[kind] else f"bare: {bare[kind]}"
        print(f"  rows of {kind}: {mine[kind]}, {same}")
