"""The morning of a part 分批: its warehouse is told once, on the working day it leaves, and no more once it is picked or moved."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from automations.jobs import duties
from automations.leaving import remind
from automations.timers import Duty, Opening, run_due
from orders.changes import Split, SplitPart
from orders.placing import Wish, WishLine, place_order
from store.models import Order, OutboxMessage, Role, Staff
from store.settings import TradeSettings
from store.transaction import Store
from templates.render import render_card
from tests.automations.orders import refuse_messages_of
from tests.orders.trade import Trade, same
from tests.support.clock import TestClock
from tests.support.firm import Firm

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def trade(store: Store, firm: Firm) -> Trade:
    return Trade(store, firm)


def in_parts(trade: Trade, day: str, quantity: int = 3000) -> Order:
    """Two thousand as soon as possible, the rest on a day."""
    splits = ({"quantity": "2000", "date": None}, {"quantity": str(quantity), "date": day})
    with trade.store.transaction() as tx:
        line = WishLine(trade.firm.bolt.id, Decimal(2000 + quantity), splits=splits)
        wish = Wish(trade.firm.ruigu.id, (line,), wanted_date=date.fromisoformat(day))
        return place_order(tx, wish, same(tx, trade.firm.zhaomin))


def reminded(trade: Trade) -> list[OutboxMessage]:
    return [card for card in trade.told("pick") if card.data["leaves_today"]]


def morning(trade: Trade, clock: TestClock, month: int, day: int) -> int:
    """How many were told by the morning of a day."""
    clock.set(at(month, day))
    remind(trade.store)
    return len(reminded(trade))


def test_a_later_part_is_told_of_once_on_the_day_it_leaves(trade: Trade, clock: TestClock) -> None:
    order = in_parts(trade, "2026-03-20")
    trade.ship(order)
    assert morning(trade, clock, 3, 17) == 0
    assert morning(trade, clock, 3, 18) == 1
    (told,) = reminded(trade)
    assert (told.audience, told.updates) == (f"staff:{trade.firm.wugang.id}", None)
    assert (told.data["part"], [line["quantity"] for line in told.data["lines"]]) == (2, ["3000"])
    card = render_card("pick", told.data, lambda _action, argument: argument)
    assert (card.title, card.buttons[0].key) == (f"今天要发 {order.no} 第2批", f"{order.no} 1/2 主仓")
    assert morning(trade, clock, 3, 18) == 1
    assert morning(trade, clock, 3, 19) == 1


def test_the_card_of_the_others_changes_when_one_has_picked_the_part(trade: Trade, clock: TestClock) -> None:
    with trade.store.transaction() as tx:
        tx.session.add(Staff(name="刘洋", roles=[Role.WAREHOUSE], warehouse="主仓", wecom_userid="liuyang"))
    order = in_parts(trade, "2026-03-20")
    trade.ship(order)
    assert trade.told("notice") == []
    assert morning(trade, clock, 3, 18) == 2
    trade.ship(order, waybill="SF1234567890124")
    (changed,) = trade.told("notice")
    own = f"staff:{trade.firm.wugang.id}"
    assert changed.audience != own
    assert changed.updates == next(card.key for card in reminded(trade) if card.audience != own)
    assert changed.data["title"] == f"{order.no} 第2批已出库"
    assert morning(trade, clock, 3, 19) == 2


def test_a_part_whose_day_moves_is_told_of_on_its_new_day(trade: Trade, clock: TestClock) -> None:
    order = in_parts(trade, "2026-03-20")
    trade.ship(order)
    assert morning(trade, clock, 3, 18) == 1
    trade.amend(order, Split(parts=(SplitPart(day=date(2026, 3, 26)),)))
    instructed = trade.told("pick")[-1]
    assert (instructed.data["due_on"], instructed.updates) == ("2026-03-26", reminded(trade)[0].key)
    assert morning(trade, clock, 3, 23) == 1
    assert morning(trade, clock, 3, 24) == 2


def test_nobody_is_told_of_a_part_whose_goods_are_not_there(trade: Trade, clock: TestClock) -> None:
    order = in_parts(trade, "2026-03-20", 7000)
    trade.ship(order)
    assert morning(trade, clock, 3, 18) == 0
    trade.receive(trade.firm.bolt, 1000)
    assert len(trade.told("pick")) == 2
    assert morning(trade, clock, 3, 18) == 0, "told when its goods came, on the day itself"
    assert morning(trade, clock, 3, 19) == 0


def test_the_day_before_a_holiday_has_the_parts_that_arrive_after_it(trade: Trade, clock: TestClock) -> None:
    """Qingming 2026 is Saturday 4 to Monday 6 April; the carrier takes two days."""
    order = in_parts(trade, "2026-04-08")
    trade.ship(order)
    assert morning(trade, clock, 4, 2) == 0
    assert morning(trade, clock, 4, 3) == 1


def test_an_order_that_fails_does_not_keep_the_others_waiting(trade: Trade, clock: TestClock) -> None:
    broken, sound = in_parts(trade, "2026-03-20", 1000), in_parts(trade, "2026-03-20", 1000)
    refuse_messages_of(trade.store, broken)
    assert morning(trade, clock, 3, 18) == 1
    assert reminded(trade)[0].order_id == sound.id


def test_a_desk_that_slept_over_the_morning_makes_it_up(trade: Trade, clock: TestClock) -> None:
    order = in_parts(trade, "2026-03-20")
    run_due(trade.store, duties([]))
    trade.ship(order)
    clock.set(at(3, 19, 8))
    run_due(trade.store, duties([]))
    run_due(trade.store, duties([]))
    assert len(reminded(trade)) == 1


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(3, 6, 8, 59), at(3, 6, 9)),
        (at(3, 6, 9), at(3, 9, 9)),
        (at(4, 3, 12), at(4, 7, 9)),  # Qingming
        (at(5, 8, 12), at(5, 9, 9)),  # a Saturday that makes up for the days of May
        (at(2, 14, 18), at(2, 24, 9)),  # the Spring Festival; the Saturday before it is a working day
        (at(3, 9, 0, 1), at(3, 9, 9)),  # it is still the day before in UTC
    ],
)
def test_the_working_day_opens_by_the_company_s_calendar(store: Store, clock: TestClock, now: datetime, opens: datetime) -> None:
    clock.set(now)
    with store.reading() as look:
        assert Opening().after(look) == opens


def test_the_firm_s_own_days_and_hours_count(store: Store, clock: TestClock) -> None:
    trade = TradeSettings(working_hours="07:30-12:00", days_off=frozenset({date(2026, 3, 3)}))
    own = Store(store.settings.model_copy(update={"trade": trade}), clock)
    with own.reading() as look:
        assert Opening().after(look) == at(3, 4, 7, 30)
    own.close()


def test_the_duty_waits_for_the_next_opening(store: Store, clock: TestClock) -> None:
    done: list[datetime] = []
    duty = [Duty("parts", Opening(), lambda _store: done.append(clock.now()))]
    for _ in range(8 * 24):
        run_due(store, duty)
        clock.forward(timedelta(hours=1))
    assert [moment.astimezone(SHANGHAI).day for moment in done] == [3, 4, 5, 6, 9]
