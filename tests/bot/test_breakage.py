"""When something breaks inside: the person is told to say it again, and nobody sees how it broke."""

from dataclasses import replace
from datetime import UTC, datetime

from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select, text

from bot.app import build_app
from bot.call import Call, Ride
from bot.doors.wecom import WeComForm
from bot.reception import Reception
from platforms.words import Message, Platform
from store.models import Incoming, OutboxMessage
from store.transaction import Store
from tests.bot.conftest import Client
from tests.support.callers import DingTalkCaller, WeComCaller
from tests.support.clock import TestClock
from tests.support.firm import Firm


async def test_a_message_that_breaks_the_desk_is_apologised_for_and_not_kept(store: Store, wecom: WeComCaller, dingtalk: DingTalkCaller):
    with store.transaction() as tx:
        tx.session.execute(text("DROP TABLE approval_signers"))
    heard = await wecom.say("zhoufang", "待办")
    assert "系统出了点问题" in heard.text
    assert "系统出了点问题" in (await dingtalk.say("zhoufang", "待办")).json["markdown"]["text"]
    with store.reading() as tx:
        assert tx.session.query(Incoming).count() == 0


async def test_who_was_told_late_to_say_it_again_does_not_have_it_done_by_a_repetition(store: Store, firm: Firm):
    with store.transaction() as tx:
        tx.session.execute(text("DROP TABLE approval_signers"))
    reception = Reception(store)
    call = Call(Message(Platform.WECOM, "k1", "zhoufang", "待办"), WeComForm("ww1", "zhoufang", datetime.now(UTC), cards=True))
    call.ride.depart()
    assert await reception.answer(call, 0) == ""
    assert await reception.answer(replace(call, ride=Ride()), 30) == ""
    await reception.close()
    with store.reading() as tx:
        assert [(message.card, message.audience) for message in tx.session.scalars(select(OutboxMessage))] == [
            ("refusal", f"staff:{firm.zhoufang.id}")
        ]


class BrokenClock(TestClock):
    """A clock whose Redis is away, say."""

    broken = False

    def now(self) -> datetime:
        if self.broken:
            raise RuntimeError("the inside of the desk")
        return super().now()


async def test_what_breaks_outside_the_desk_shows_nothing_of_the_inside(store: Store, firm: Firm):
    clock = BrokenClock()
    other = Store(store.settings, clock)
    async with TestClient(TestServer(build_app(other))) as client:
        clock.broken = True
        response = await client.post("/wecom/callback", data=b"<xml></xml>")
        assert response.status == 500
        assert await response.json() == {"error": "internal error"}
    other.close()


async def test_unknown_paths_and_methods_are_said_to_be_so(client: Client):
    assert (await client.get("/nowhere")).status == 404
    assert (await client.delete("/wecom/callback")).status == 405
