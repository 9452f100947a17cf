"""Agreeing on a date: both sides, one word after the other, and the order waits until they do."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from orders.changes import SetDate
from orders.negotiating import accept, negotiation, offer_day
from orders.view import order_data
from store.models import Offer, Order, Role, Staff, Stage
from templates.render import render_card
from tests.orders.test_parallel import at_once
from tests.orders.trade import Trade, same
from tests.orders.truth import check_books
from tests.support.clock import TestClock

WANTED, PROMISABLE = date(2026, 3, 6), date(2026, 3, 11)


@pytest.fixture
def late(trade: Trade) -> Order:
    """Wanted on Friday, but what is missing of it comes in a week."""
    return trade.place((trade.firm.nut, 100), wanted_date=WANTED, urgent=True)


class Table:
    """What people say of an order's date, each word a message of its own."""

    def __init__(self, trade: Trade, order: Order) -> None:
        self.trade, self.order = trade, order

    def accept(self, by: Staff, seen: int | None = None) -> None:
        with self.trade.store.transaction() as tx:
            accept(tx, same(tx, self.order), same(tx, by), seen)

    def offer(self, day: date, by: Staff) -> None:
        with self.trade.store.transaction() as tx:
            offer_day(tx, same(tx, self.order), day, same(tx, by))

    @property
    def said(self) -> list[Offer]:
        with self.trade.store.reading() as tx:
            return list(tx.session.scalars(select(Offer).where(Offer.order_id == self.order.id).order_by(Offer.id)))

    @property
    def words(self) -> list[tuple[str, str]]:
        return [(offer.side, offer.kind) for offer in self.said]


def held(trade: Trade, order: Order) -> str:
    return trade.order(order).on_hold or ""


def test_a_date_that_is_too_late_holds_the_order_and_asks_both_sides(trade: Trade, late: Order) -> None:
    order = trade.order(late)
    assert (order.promisable_date, order.date_open) == (PROMISABLE, True)
    assert "交期待商定" in held(trade, late)
    cards = trade.told("negotiation")
    assert {card.audience for card in cards} == {f"staff:{trade.firm.zhaomin.id}", f"staff:{trade.firm.zhoufang.id}"}
    data = cards[0].data
    assert (data["wanted_date"], data["promisable_date"], data["gap_days"], data["asked"]) == ("2026-03-06", "2026-03-11", 5, "采购主管")
    assert [reason["text"] for reason in data["reasons"]] == ["M12镀锌螺母 缺 100 个：在途不够，按补货 7 天，3月9日到"]


def test_goods_that_are_there_wait_until_the_date_is_agreed_on(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 100), wanted_date=date(2026, 3, 2), urgent=True)
    assert trade.order(order).stage == Stage.APPROVED
    assert not trade.told("pick")
    table = Table(trade, order)
    table.accept(trade.firm.zhaomin)
    assert trade.order(order).stage == Stage.APPROVED
    table.accept(trade.firm.zhenggong)
    assert trade.order(order).stage == Stage.ALLOCATED
    assert len(trade.told("pick")) == 1


def test_one_side_offers_and_the_other_accepts(trade: Trade, late: Order) -> None:
    table, agreed = Table(trade, late), date(2026, 3, 13)
    table.offer(agreed, trade.firm.zhoufang)
    table.accept(trade.firm.zhaomin)

    order = trade.order(late)
    assert (order.promised_date, order.agreed_date, order.date_open) == (agreed, agreed, False)
    assert order.promised_ship_at == datetime(2026, 3, 11, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert table.words == [("desk", "open"), ("production", "date"), ("sales", "accept")]
    assert table.said[-1].answers_id == table.said[1].id
    assert trade.kinds(late)[-2:] == ["promise.offered", "promise.agreed"]
    assert held(trade, late) == "缺货：M12镀锌螺母 缺 100 个"
    assert trade.told("progress")[-1].data["date"] == "2026-03-13"
    last = trade.told("negotiation")[-1]
    assert (last.audience, last.data["open"]) == (f"staff:{trade.firm.zhoufang.id}", False)
    assert last.updates in {card.key for card in trade.told("negotiation")}
    trade.receive(trade.firm.nut, 100)
    assert trade.order(late).promised_date == agreed
    check_books(trade.store)


def test_both_may_accept_the_same_card(trade: Trade, late: Order) -> None:
    table = Table(trade, late)
    seen = table.said[0].id
    table.accept(trade.firm.zhaomin, seen)
    table.accept(trade.firm.zhoufang, seen)
    assert trade.order(late).agreed_date == PROMISABLE


def test_only_the_other_side_can_accept_and_only_the_last_word(trade: Trade, late: Order) -> None:
    table, firm = Table(trade, late), trade.firm
    opened = table.said[0].id
    table.offer(date(2026, 3, 20), firm.zhaomin)
    with trade.refuses("own_offer", day="2026-03-20"):
        table.accept(firm.zhaomin)
    with trade.refuses("own_offer"):
        table.accept(firm.sunlei)
    with trade.refuses("not_your_date"):
        table.accept(firm.wugang)
    with trade.refuses("not_your_date"):
        table.offer(date(2026, 3, 20), firm.qianwei)
    with trade.refuses("offer_overtaken", day="2026-03-20"):
        table.accept(firm.zhoufang, opened)
    table.accept(firm.zhoufang)
    with trade.refuses("date_settled", day="2026-03-20"):
        table.accept(firm.zhoufang)
    assert len(table.said) == 3


def test_impossible_days_are_refused(trade: Trade, late: Order) -> None:
    table, by = Table(trade, late), trade.firm.zhoufang
    with trade.refuses("date_past"):
        table.offer(date(2026, 3, 1), by)
    with trade.refuses("before_earliest", earliest="2026-03-05"):
        table.offer(date(2026, 3, 4), by)
    with trade.refuses("date_far"):
        table.offer(date(2027, 3, 5), by)
    assert len(table.said) == 1


def test_nothing_is_agreed_on_for_what_has_left(trade: Trade) -> None:
    order = trade.place((trade.firm.bolt, 100))
    with trade.refuses("date_settled"):
        Table(trade, order).accept(trade.firm.zhaomin)
    trade.ship(order)
    with trade.refuses("date_of_gone"):
        Table(trade, order).offer(date(2026, 3, 20), trade.firm.zhaomin)


def test_a_purchase_that_comes_in_time_ends_the_negotiation(trade: Trade, late: Order) -> None:
    trade.announce("PO88", trade.firm.nut, 100, date(2026, 3, 4))
    order = trade.order(late)
    assert (order.date_open, order.promised_date) == (False, date(2026, 3, 7))
    table = Table(trade, late)
    assert table.words[-1] == ("desk", "over")
    assert trade.kinds(late)[-1] == "promise.settled"
    assert [card.data["open"] for card in trade.told("negotiation")] == [True, True, False, False]
    assert held(trade, late).startswith("缺货")


def test_a_promise_that_slips_behind_the_agreed_day_is_negotiated_anew(trade: Trade, late: Order) -> None:
    table = Table(trade, late)
    table.accept(trade.firm.zhaomin)
    table.accept(trade.firm.zhoufang)
    trade.announce("PO88", trade.firm.nut, 100, date(2026, 3, 10))
    assert not trade.order(late).date_open
    trade.announce("PO88", trade.firm.nut, 100, date(2026, 3, 12))
    order = trade.order(late)
    assert (order.date_open, order.promised_date, order.promisable_date) == (True, PROMISABLE, date(2026, 3, 15))
    assert table.words[-1] == ("desk", "open")
    assert len(table.said) == 4


def test_late_goods_that_have_come_do_not_wait_for_words(trade: Trade, clock: TestClock) -> None:
    order = trade.place((trade.firm.nut, 100), wanted_date=date(2026, 3, 11))
    clock.forward(timedelta(days=14))
    trade.receive(trade.firm.nut, 100)
    assert trade.order(order).stage == Stage.ALLOCATED


def test_who_is_alone_agrees_alone(trade: Trade) -> None:
    with trade.store.transaction() as tx:
        for person in tx.session.scalars(select(Staff)):
            person.active = person.name == "赵敏"
            person.roles = [Role.SALES, Role.PRODUCTION, Role.PURCHASING]
    order = trade.place((trade.firm.nut, 100), wanted_date=WANTED, urgent=True)
    table = Table(trade, order)
    table.accept(trade.firm.zhaomin)
    assert table.words == [("desk", "open"), ("sales", "date"), ("sales", "accept")]
    assert not trade.order(order).date_open


def test_many_who_accept_at_once_agree_once(trade: Trade, late: Order) -> None:
    table = Table(trade, late)
    table.offer(date(2026, 3, 20), trade.firm.zhaomin)

    def press() -> bool:
        try:
            table.accept(trade.firm.zhoufang)
        except Exception as refused:
            return "date_settled" not in str(refused)
        return True

    assert sum(at_once([press] * 8)) == 1
    assert [kind for _, kind in table.words].count("accept") == 1
    check_books(trade.store)


def test_whoever_asks_is_told_why(trade: Trade, late: Order) -> None:
    trade.announce("PO88", trade.firm.nut, 100, date(2026, 3, 12))
    with trade.store.reading() as tx:
        data = negotiation(tx, same(tx, late), same(tx, trade.firm.wangkuaiji))
    assert [reason["text"] for reason in data["reasons"]] == ["M12镀锌螺母 缺 100 个：采购单 PO88 3月12日到货"]
    assert (data["may"], data["open"], data["red"]) == (False, True, True)


def test_an_amended_day_is_judged_anew(trade: Trade, late: Order) -> None:
    table = Table(trade, late)
    table.accept(trade.firm.zhaomin)
    table.accept(trade.firm.zhoufang)
    trade.amend(late, SetDate(day=date(2026, 3, 12)))
    assert not trade.order(late).date_open
    trade.amend(late, SetDate(day=date(2026, 3, 7)))
    order = trade.order(late)
    assert (order.date_open, order.agreed_date) == (True, None)
    assert [offer.version for offer in table.said if offer.kind == "open"] == [1, 3]
    check_books(trade.store)


def test_cancelling_ends_the_negotiation_and_says_so_on_its_cards(trade: Trade, late: Order) -> None:
    table = Table(trade, late)
    table.offer(date(2026, 3, 13), trade.firm.zhoufang)
    open_cards = {card.audience: card.key for card in trade.told("negotiation")}
    trade.cancel(late, "客户不要了")
    assert table.words[-1] == ("desk", "over")
    ended = {card.audience: card for card in trade.told("negotiation")[-2:]}
    assert {audience: card.updates for audience, card in ended.items()} == open_cards
    shown = render_card("negotiation", ended[f"staff:{trade.firm.zhaomin.id}"].data, lambda *_: "")
    assert (shown.status, shown.buttons, "订单已取消，不用再商定" in shown.quote) == ("订单已取消", [], True)
    with trade.store.reading() as tx:
        data = order_data(tx, same(tx, late))
    assert (data["date_open"], data["on_hold"], data["offers"][-1]["kind"]) == (False, None, "over")
    with trade.refuses("date_of_gone"):
        table.accept(trade.firm.zhaomin)
    check_books(trade.store)
