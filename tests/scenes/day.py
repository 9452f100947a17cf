"""A day of the firm that is played while things break: orders of three people on two platforms, from the first word to the signature.

Whoever is not answered says it again: a platform with the same message id, a person by pressing again.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from threading import Event
from typing import TypeVar

from redis import RedisError
from sqlalchemy import func, select, update

from orders.calendar import calendar_of
from sandbox.callbacks import Answer, buttons_of
from sandbox.faults import Fault
from sandbox.ledger import ChatMessage
from sandbox.people import chat_of
from sandbox.suggestions import Lines, order_number, spoken
from store.clock import SystemClock
from store.deliveries import DUE
from store.models import Delivery, Order, Product, Stage, StockBatch
from store.transaction import Store
from tests.scenes.conftest import Desk
from tests.support.invariants import check_desk, unfinished
from tests.support.killing import Blow, Killer
from tests.support.waiting import wait_until

_Found = TypeVar("_Found")
_CONFIRM, _FORWARDED = "确认下单", "已转发"
_SECOND_TRY = timedelta(seconds=5)
_SILENT = timedelta(hours=50)
_KEPT_MILLISECONDS = 1500
_SHORT_BY, _RECEIVED = 1000, 5000
_SHORT_PRODUCT = "HB-M8x40-Z"
_SHELF = "A-01-5"


@dataclass
class Day:
    """One day; `confirmed` are the numbers of all orders that people were told of, this day and before."""

    desk: Desk
    confirmed: list[str] = field(default_factory=list)
    patience: float = 200
    """Seconds within which everything that people wait for has to come, however much is broken."""
    _parcels: dict[str, str] = field(default_factory=dict)
    """Waybills by order."""

    def acts(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What happens one after the other; within an act people work at the same time."""
        yield "orders are placed", self._place
        yield "goods arrive and leave", self._ship
        yield "the carrier falls silent", self._fall_silent
        yield "the parcels arrive", self._arrive

    # the acts

    def _place(self) -> None:
        wanted = spoken(self._lines.wanted)
        short = self._available(_SHORT_PRODUCT) + _SHORT_BY
        orders = [
            ("zhaomin", f"下单 锐固建材 M12×80镀锌螺栓×500支 免费配送 {wanted}到"),
            ("qianwei", f"下单 宏达五金 {_SHORT_PRODUCT}×{short}支 {wanted}到"),
            ("wecom/lina", f"下单 精准模具 HB-M10x40-88B×200支 {wanted}到"),
        ]
        known = set(self.confirmed)
        self._numbers = _at_once(*(lambda who=who, text=text: self._confirmed(who, text, known) for who, text in orders))
        self.confirmed += self._numbers

    def _ship(self) -> None:
        self._say("zhoufang", f"在途 PO{len(self.confirmed)} {_SHORT_PRODUCT} {_RECEIVED}支 {spoken(self._lines.arrival)}")
        self._say("wugang", f"入库 {_SHORT_PRODUCT} {_RECEIVED}支 {_SHELF}")
        self._say("wugang", f"入库 M12×80镀锌 500支 {_SHELF}")
        self._parcels = {no: f"SF{no[2:8]}{no[9:]}" for no in self._numbers}
        _at_once(
            lambda: self._forwarded(self._numbers[2]),
            *(lambda no=no, waybill=waybill: self._shipped(no, waybill) for no, waybill in self._parcels.items()),
        )

    def _fall_silent(self) -> None:
        _at_once(*(lambda waybill=waybill: self._trace(waybill, "顺丰速运 已收取快件", "揽收") for waybill in self._parcels.values()))
        start = self._length("logistics")
        self._until_done(self._let_time_pass)
        self._heard("logistics", start, *self._numbers)

    def _arrive(self) -> None:
        start = self._length("logistics")
        _at_once(*(lambda waybill=waybill: self._trace(waybill, "快件到达【杭州转运中心】", "在途") for waybill in self._parcels.values()))
        self._heard("logistics", start, *self._numbers)
        by_trace, by_word = self._numbers[:2], self._numbers[2]
        _at_once(
            *(lambda no=no: self._trace(self._parcels[no], "快件已签收，签收人：前台", "签收") for no in by_trace),
            lambda: self._say("wecom/lina", f"签收 {by_word}"),
        )
        assert {self._stage(no) for no in self._numbers} <= {Stage.SIGNED, Stage.CLOSED}

    def _let_time_pass(self) -> None:
        """Redis may hold back what it has answered while its disk is busy, and lose it when it is killed: then it passes once more."""
        self.desk.sandbox.forward(_SILENT)
        self.desk.redis.waitaof(1, 0, _KEPT_MILLISECONDS)

    # what people do

    def _confirmed(self, who: str, text: str, known: set[str]) -> str:
        """The number under which an order was placed, as the person was told it."""
        start = self._length(who)
        self._say(who, text)
        draft = self._until(lambda: next((each for each in self._since(who, start) if _CONFIRM in buttons_of(each)), None))
        self._press(draft, _CONFIRM)

        def told() -> str:
            numbers = (order_number(str(each.content)) for each in self._since(who, start))
            return next((number for number in numbers if number and number not in known), "")

        return self._until(told)

    def _shipped(self, no: str, waybill: str) -> None:
        self._say("wugang", f"发货 {no} 顺丰 {waybill}")
        assert self._stage(no) == Stage.SHIPPED
        self._until(lambda: waybill in self.desk.sandbox.kuaidi100.waybills)

    def _forwarded(self, no: str) -> None:
        """The salesperson of a customer whom no channel reaches has forwarded the first news."""
        cards = self._until(
            lambda: [each for each in self._since("wecom/lina", 0) if _FORWARDED in buttons_of(each) and no in str(each.content)]
        )
        self._press(cards[0], _FORWARDED)

    def _say(self, who: str, text: str) -> None:
        platform, person = chat_of(who).split("/")
        sandbox = self.desk.sandbox
        caller = sandbox.wecom_caller if platform == "wecom" else sandbox.dingtalk_caller
        message = str(next(_message_ids))
        self._until_answered(lambda: self.desk.threaded.do(caller.say(person, text, message)))

    def _press(self, message: ChatMessage, button: str) -> None:
        def press() -> Answer | None:
            pressable = button in buttons_of(message)
            return self.desk.threaded.do(self.desk.sandbox.press(message.id, button)) if pressable else None

        self._until_answered(press)

    def _trace(self, waybill: str, text: str, state: str) -> None:
        self._until_answered(lambda: self.desk.threaded.do(self.desk.sandbox.push_trace(waybill, text, state)))

    # waiting

    def _until_answered(self, call: Callable[[], Answer | None]) -> None:
        def answered() -> bool:
            answer = call()
            if answer is None or answer.status == 200:
                return True
            wait_until(lambda: self.desk.product.status("/healthz") == 200, self.patience)
            return False

        wait_until(answered, self.patience)

    def _until_done(self, act: Callable[[], None]) -> None:
        def done() -> bool:
            try:
                act()
            except RedisError:
                return False
            return True

        wait_until(done, self.patience)

    def _until(self, condition: Callable[[], _Found | None]) -> _Found:
        found = self.desk.threaded.do(self.desk.sandbox.until(condition, self.patience))
        assert found
        return found

    def _heard(self, who: str, start: int, *texts: str) -> None:
        self._until(lambda: all(any(text in str(each.content) for each in self._since(who, start)) for text in texts))

    # looking

    def _since(self, who: str, start: int) -> list[ChatMessage]:
        return [each for each in self.desk.sandbox.messages(who)[start:] if not each.mine]

    def _length(self, who: str) -> int:
        return len(self.desk.sandbox.messages(who))

    @property
    def _lines(self) -> Lines:
        settings = self.desk.sandbox.settings
        return Lines(self.desk.sandbox.clock.now().astimezone(settings.zone).date(), calendar_of(settings))

    def _available(self, code: str) -> int:
        free = select(func.sum(StockBatch.on_hand - StockBatch.reserved)).join(StockBatch.product).where(Product.code == code)
        with self.desk.store.reading() as tx:
            return int((tx.session.scalar(free) or 0) / 10_000)

    def _stage(self, no: str) -> str:
        return str(self.desk.look(select(Order.stage).where(Order.no == no))[0][0])


@dataclass(frozen=True)
class Trouble:
    """What goes wrong during an act."""

    blows: Sequence[Blow] = ()
    faults: Sequence[Fault] = ()


def survive(day: Day, killer: Killer, trouble_of: Callable[[str], Trouble], rest_seconds: float) -> None:
    """Plays the day in trouble, and checks all that must hold once the desk is at rest, which it has to be in time."""
    desk = day.desk
    # Once, in the console, long before anything breaks: else the first message does it amid the blows, which is noted as a problem.
    wait_until(lambda: desk.threaded.do(desk.sandbox.wecom_caller.verify()), day.patience)
    for name, act in day.acts():
        trouble = trouble_of(name)
        killer.tell(f"{name}; {', '.join(f'{fault.kind} of {fault.where}' for fault in trouble.faults) or 'no faults'}")
        desk.sandbox.faults.on += trouble.faults
        with killer.striking(trouble.blows):
            act()
    killer.tell("the day is over")
    wait_until(lambda: not unfinished(desk.store), rest_seconds)
    killer.tell("at rest")
    check_desk(desk.store, desk.sandbox, day.confirmed)


@contextmanager
def impatient(store: Store) -> Iterator[None]:
    """Lets the minutes before a third try pass at once: within the block nothing that was put off waits longer than a second try."""
    over = Event()

    def hurry() -> None:
        while not over.wait(1):
            now = SystemClock().now()
            put_off = (Delivery.state == DUE, Delivery.lease_until.is_(None), Delivery.due_at > now + _SECOND_TRY)
            with store.transaction() as tx:
                tx.session.execute(update(Delivery).where(*put_off).values(due_at=now + _SECOND_TRY))

    with ThreadPoolExecutor(1) as beside:
        hurrying = beside.submit(hurry)
        try:
            yield
        finally:
            over.set()
            hurrying.result()


_message_ids = count(8_000_000_000_000_000)


def _at_once(*works: Callable[[], _Found]) -> list[_Found]:
    """What each of them answers, worked on at the same time."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]
