"""Materials of what is scheduled: held where they lie, used up as the goods are taken in, free again when they are not needed."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from orders.changes import SetQuantity
from orders.impact import suggested
from orders.promise_reasons import reasons
from orders.promising import look_at
from orders.refusals import Refused
from orders.stock import Received, stock_data
from orders.view import order_data
from orders.words import plain
from store.models import Component, Order, Product, Stage, StockBatch
from tests.orders.test_parallel import at_once
from tests.orders.test_scheduling import book, check_books_of_made, cover, stock
from tests.orders.trade import Trade, same

__all__ = ["cover"]


def frame(trade: Trade) -> Product:
    with trade.store.reading() as tx:
        return tx.session.scalars(select(Product).where(Product.code == "KJ-1")).one()


def scheduled(trade: Trade, cover: Product, quantity: int) -> Order:
    order = trade.place((cover, quantity))
    book(trade, order)
    return trade.order(order)


def materials(trade: Trade, order: Order) -> dict[str, str]:
    found: dict[str, Decimal] = {}
    with trade.store.reading() as tx:
        held = [one for line in order_data(tx, same(tx, order))["lines"] for one in line["materials"]]
    for one in held:
        found[one["name"]] = found.get(one["name"], Decimal(0)) + Decimal(one["quantity"])
    return {name: plain(quantity) for name, quantity in found.items()}


def test_what_is_scheduled_holds_its_materials_where_they_lie(trade: Trade, cover: Product) -> None:
    """Twenty frames are there; the bolts of the other forty are held in their place."""
    stock(trade, nut=500, small_bolt=500)
    trade.receive(frame(trade), 20)
    order = scheduled(trade, cover, 60)
    assert materials(trade, order) == {"M12镀锌螺母": "120", "框架": "20", "M8×30镀锌螺栓": "120"}
    assert trade.levels(trade.firm.small_bolt) == (440, 120)
    assert trade.told("scheduled")[0].data["materials"] == ["M8×30镀锌螺栓 120支", "M12镀锌螺母 120个", "框架 20套"]
    with trade.store.reading() as tx:
        assert (stock_data(tx, same(tx, trade.firm.nut))["available"], stock_data(tx, same(tx, frame(trade)))["available"]) == ("380", "0")
    other = trade.order(trade.place((trade.firm.nut, 400)))
    assert other.on_hold == "缺货：M12镀锌螺母 缺 20 个"
    assert trade.order(order).promisable_date == order.promisable_date
    check_books_of_made(trade)


def test_goods_that_are_taken_in_use_up_their_materials(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = scheduled(trade, cover, 60)
    trade.receive(cover, 45)
    assert materials(trade, order) == {"M12镀锌螺母": "30", "M8×30镀锌螺栓": "45"}
    assert (trade.levels(trade.firm.nut), trade.levels(trade.firm.small_bolt)) == ((410, 30), (365, 45))
    trade.receive(cover, 20)
    assert (trade.order(order).short, materials(trade, order)) == (False, {})
    assert (trade.levels(trade.firm.nut), trade.levels(trade.firm.small_bolt)) == ((370, 0), (305, 0)), "five more have taken theirs too"
    assert trade.levels(cover) == (65, 60)
    check_books_of_made(trade)


def test_a_component_that_is_made_first_takes_the_place_of_what_it_is_made_of(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    order = scheduled(trade, cover, 60)
    trade.receive(frame(trade), 40)
    assert materials(trade, order) == {"M12镀锌螺母": "120", "框架": "40", "M8×30镀锌螺栓": "60"}
    assert (trade.levels(frame(trade)), trade.levels(trade.firm.small_bolt)) == ((40, 40), (380, 60))
    trade.receive(frame(trade), 30)
    assert trade.levels(frame(trade)) == (70, 60)
    trade.receive(cover, 60)
    assert (trade.levels(frame(trade)), trade.levels(trade.firm.small_bolt), trade.levels(trade.firm.nut)) == ((10, 0), (290, 0), (380, 0))
    check_books_of_made(trade)


def used(received: Received) -> dict[str, str]:
    return {product.name: plain(quantity) for product, quantity in received.used}


def test_what_is_made_without_a_schedule_uses_up_what_nobody_holds(trade: Trade, cover: Product) -> None:
    """Of the ten frames that lie there six belong to a scheduled order; the other frames were made of bolts on the way."""
    stock(trade, nut=500, small_bolt=500)
    trade.receive(frame(trade), 10, returned=True)
    order = scheduled(trade, cover, 6)
    trade.receive(trade.firm.nut, 1)
    assert used(trade.receive(cover, 6)) == {"M12镀锌螺母": "12", "框架": "6"}
    assert not trade.order(order).short
    assert used(trade.receive(cover, 10)) == {"M12镀锌螺母": "20", "框架": "4", "M8×30镀锌螺栓": "18"}
    assert (trade.levels(frame(trade)), trade.levels(trade.firm.small_bolt), trade.levels(trade.firm.nut)) == ((0, 0), (482, 0), (469, 0))
    check_books_of_made(trade)


def test_what_was_made_of_more_than_the_books_know_leaves_none_and_takes_nobody_s(trade: Trade, cover: Product) -> None:
    stock(trade, nut=30, small_bolt=500)
    order = trade.place((trade.firm.nut, 20))
    assert used(trade.receive(cover, 50)) == {"M12镀锌螺母": "10", "M8×30镀锌螺栓": "150"}
    assert (trade.levels(trade.firm.nut), trade.order(order).short) == ((20, 20), False)
    assert used(trade.receive(cover, 1)) == {"M8×30镀锌螺栓": "3"}
    check_books_of_made(trade)


def test_what_was_bought_or_sent_back_was_not_made(trade: Trade, cover: Product) -> None:
    stock(trade, nut=500, small_bolt=500)
    trade.announce("PO7", cover, 10, date(2026, 3, 9))
    assert used(trade.receive(cover, 10, number="PO7")) == used(trade.receive(cover, 5, returned=True)) == {}
    assert (trade.levels(trade.firm.nut), trade.levels(trade.firm.small_bolt)) == ((500, 0), (500, 0))


def test_components_that_were_used_up_move_the_promises_of_who_counts_on_them(trade: Trade, cover: Product) -> None:
    """Nothing is scheduled; the goods of one order take the materials that the other's day was worked out from."""
    stock(trade, nut=40, small_bolt=500)
    with trade.store.transaction() as tx:
        kit = Product(code="PJ-1", name="配件包", unit="套", made=True, units={}, aliases=[], lead_days=3)
        tx.session.add(kit)
        tx.session.flush()
        tx.session.add(Component(product_id=kit.id, component_id=trade.firm.nut.id, quantity=Decimal(2)))
    order = trade.place((kit, 15))
    promised = trade.order(order).promisable_date
    trade.receive(cover, 20)
    assert trade.levels(trade.firm.nut) == (0, 0)
    assert trade.order(order).promisable_date > promised
    assert trade.told("progress")[-1].data["where"].startswith("预计送达日有变")


def test_goods_that_were_bought_free_the_materials_for_who_waits(trade: Trade, cover: Product) -> None:
    stock(trade, nut=120, small_bolt=180)
    order = scheduled(trade, cover, 60)
    waiting = trade.place((trade.firm.nut, 100))
    trade.announce("PO7", cover, 60, date(2026, 3, 9))
    trade.receive(cover, 60, number="PO7")
    assert (trade.order(order).short, materials(trade, order)) == (False, {})
    assert trade.levels(trade.firm.nut) == (120, 100)
    assert not trade.order(waiting).short
    check_books_of_made(trade)


def test_what_was_made_is_of_who_scheduled_it(trade: Trade, cover: Product) -> None:
    """An older order that is not scheduled waits for its own."""
    stock(trade, nut=500, small_bolt=500)
    older, order = trade.place((cover, 10)), trade.place((cover, 10))
    book(trade, order)
    trade.receive(cover, 10)
    assert (trade.order(order).short, trade.order(older).short) == (False, True)


def test_less_and_none_free_the_materials(trade: Trade, cover: Product) -> None:
    stock(trade, nut=120, small_bolt=180)
    order = scheduled(trade, cover, 60)
    waiting = trade.place((trade.firm.nut, 20))
    assert trade.order(waiting).short
    assert "已排的产能和备料释放，须重新排产" in suggested(trade.preview(order, SetQuantity(quantity=Decimal(40))))
    trade.amend(order, SetQuantity(quantity=Decimal(40)))
    assert not trade.order(waiting).short
    assert (trade.levels(trade.firm.nut), materials(trade, order)) == ((120, 20), {})
    book(trade, order)
    assert trade.levels(trade.firm.nut) == (120, 100)
    trade.cancel(order, "不要了")
    assert (trade.levels(trade.firm.nut), trade.levels(trade.firm.small_bolt)) == ((120, 20), (180, 0))
    check_books_of_made(trade)


def test_scheduling_anew_holds_the_same_materials_once(trade: Trade, cover: Product) -> None:
    stock(trade, nut=60, small_bolt=90)
    order = scheduled(trade, cover, 30)
    trade.place((cover, 30), urgent=True)
    book(trade, order, start=date(2026, 3, 4))
    assert materials(trade, order) == {"M12镀锌螺母": "60", "M8×30镀锌螺栓": "90"}
    check_books_of_made(trade)


def test_the_day_is_explained_by_what_is_held(trade: Trade, cover: Product) -> None:
    """Nobody else's need moves the day of what has its materials; a count that finds fewer does, and says so."""
    stock(trade, nut=120, small_bolt=180)
    order = scheduled(trade, cover, 60)
    trade.place((trade.firm.nut, 50), urgent=True)

    def why() -> list[str]:
        with trade.store.reading() as tx:
            found = reasons(tx, look_at(tx, [same(tx, order)])[order.id].values())
        return [entry["text"] for entry in found]

    assert why()[0] == "座椅套 缺 60 套：车缝已排产 3月4日至3月5日"
    assert not [text for text in why() if "螺母" in text]
    with trade.store.reading() as tx:
        place = tx.session.scalars(select(StockBatch).where(StockBatch.product_id == trade.firm.nut.id)).one()
    trade.count(place, 100)
    assert materials(trade, order)["M12镀锌螺母"] == "100"
    assert [text for text in why() if text.startswith("M12镀锌螺母 缺 20 个")]
    assert trade.order(order).promisable_date > date(2026, 3, 8)
    trade.receive(trade.firm.nut, 70)
    assert (materials(trade, order)["M12镀锌螺母"], trade.levels(trade.firm.nut)) == ("120", (170, 170))
    check_books_of_made(trade)


def test_parallel_schedules_and_orders_never_take_a_component_twice(trade: Trade, cover: Product) -> None:
    stock(trade, nut=100, small_bolt=5000)
    orders = [trade.place((cover, 20)) for _ in range(3)]

    def attempt(order: Order) -> None:
        for _ in range(4):
            try:
                return book(trade, order)
            except Refused as refused:
                if refused.reason == "materials_missing":
                    return None
        return None

    at_once([*(lambda order=order: attempt(order) for order in orders), *(lambda: trade.place((trade.firm.nut, 15)) for _ in range(6))])  # type: ignore[misc]
    on_hand, reserved = trade.levels(trade.firm.nut)
    assert (on_hand, reserved <= 100) == (100, True)
    check_books_of_made(trade)
    for order in orders:
        if trade.order(order).stage == Stage.SCHEDULED:
            assert materials(trade, order)["M12镀锌螺母"] == "40"


def test_a_day_that_moves_twice_at_one_stage_is_told_twice(trade: Trade, cover: Product) -> None:
    """Counts of a component move the day to and fro, and nothing else happens to the order."""
    stock(trade, nut=120, small_bolt=180)
    order = trade.place((cover, 60))
    with trade.store.reading() as tx:
        place = tx.session.scalars(select(StockBatch).where(StockBatch.product_id == trade.firm.nut.id)).one()
    days = []
    for there in (100, 120, 100):
        trade.count(place, there)
        days.append(str(trade.order(order).promised_date))
        assert trade.told("progress")[-1].data["date"] == days[-1]
    assert days[0] == days[2] != days[1]
