"""Order, lateness and stopping: nothing is lost, and nobody's messages overtake each other."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import select

from bot.call import Answer, Call
from bot.doors.wecom import WeComForm
from bot.reception import Reception
from platforms.words import Message, Platform
from store.events import Fact
from store.models import Event, Incoming, OutboxMessage, Staff
from store.transaction import Store
from tests.support.firm import Firm

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def said(text: str, key: str = "k1", sender: str = "wugang") -> Call:
    return Call(Message(Platform.WECOM, key, sender, text), WeComForm("ww1", sender, NOW, cards=True))


@contextmanager
def busy_database(store: Store, person: Staff) -> Iterator[None]:
    """Another process has the person's row (on SQLite: the whole database) in hand until the block ends."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.transaction() as tx:
            tx.session.get(Staff, person.id, with_for_update=True)
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    yield
    release.set()
    thread.join()


async def test_one_persons_messages_are_done_in_order(store: Store, firm: Firm):
    reception = Reception(store)
    calls = [said(f"入库 M12×80镀锌螺栓 {number}支 A-03-1", f"k{number}") for number in range(1, 21)]
    answers = await asyncio.gather(*(reception.answer(call, 30) for call in calls))
    await reception.close()
    assert all("已入库" in answer for answer in answers)
    with store.reading() as tx:
        events = tx.session.scalars(select(Event).where(Event.kind == Fact.STOCK_CHANGED).order_by(Event.id))
        received = [event.data for event in events]
    assert [str(number) for number in range(1, 21)] == [data["change"] for data in received]


async def late(reception: Reception, call: Call) -> asyncio.Task[Answer]:
    """The platform's seconds are over before the database is free, and nothing is acknowledged."""
    answer = asyncio.create_task(reception.answer(call, 0.05))
    await asyncio.wait((answer,), timeout=0.3)
    assert not answer.done()
    return answer


async def test_a_late_answer_goes_by_the_outbox(store: Store, firm: Firm):
    reception = Reception(store)
    with busy_database(store, firm.wugang):
        answer = await late(reception, said("待办"))
    assert await answer == ""
    await reception.close()
    with store.reading() as tx:
        (message,) = tx.session.scalars(select(OutboxMessage))
        assert (message.key, message.card, message.audience) == ("answer:wecom:k1", "tasks", f"staff:{firm.wugang.id}")


async def test_a_repetition_of_a_late_message_is_silent(store: Store, firm: Firm):
    reception = Reception(store)
    with busy_database(store, firm.wugang):
        first = await late(reception, said("待办"))
        again = asyncio.create_task(reception.answer(said("待办"), 30))
        await asyncio.sleep(0)
    assert await first == await again == ""
    await reception.close()
    with store.reading() as tx:
        assert len(tx.session.scalars(select(OutboxMessage)).all()) == 1
        assert len(tx.session.scalars(select(Incoming)).all()) == 1


async def test_closing_finishes_what_is_under_way_though_nobody_waits_for_it(store: Store, firm: Firm):
    reception = Reception(store)
    with busy_database(store, firm.wugang):
        (await late(reception, said("待办"))).cancel()
        closing = asyncio.create_task(reception.close())
        await asyncio.sleep(0)
    await closing
    with store.reading() as tx:
        assert tx.session.scalar(select(Incoming.key)) == "k1"


async def test_one_person_does_not_wait_for_another(store: Store, firm: Firm):
    if store.engine.dialect.name == "sqlite":
        return
    reception = Reception(store)
    with busy_database(store, firm.wugang):
        waiting = asyncio.create_task(reception.answer(said("待办"), 30))
        assert await reception.answer(said("待办", "k2", "zhaomin"), 30)
        assert not waiting.done()
    assert await waiting
    await reception.close()
