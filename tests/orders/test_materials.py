"""Products that are made: their components, level by level, and the days of their work centres."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.calendar import Calendar
from orders.capacity import Capacity
from orders.materials import Arrival, How, Item, Outlook, Way

CALENDAR = Calendar()
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in range(2, 7))
NEXT_MONDAY = date(2026, 3, 9)
KIT, NUT, PLATE, SHEET = 1, 2, 3, 4


def bought(free: int = 0, *arrivals: tuple[date, int, str], lead_days: int = 7, safety_stock: int = 0) -> Item:
    coming = tuple(Arrival(day, Decimal(much), number) for day, much, number in arrivals)
    return Item(lead_days, Decimal(safety_stock), Decimal(free), coming)


def made(*parts: tuple[int, int], free: int = 0, center: str | None = "组装", lead_days: int = 10) -> Item:
    return Item(lead_days, free=Decimal(free), parts=tuple((part, Decimal(much)) for part, much in parts), work_center=center)


def outlook(items: dict[int, Item], **days: dict[date, int]) -> Outlook:
    room = {center: {day: Decimal(much) for day, much in of.items()} for center, of in days.items()}
    return Outlook(CALENDAR, MONDAY, items, Capacity(room))


def test_what_has_all_components_is_made_as_the_work_centre_has_room() -> None:
    view = outlook({KIT: made((NUT, 4)), NUT: bought(1000)}, 组装={MONDAY: 40, TUESDAY: 40, WEDNESDAY: 40})
    way = view.meet(KIT, Decimal(100))
    assert (way.how, way.ready, way.there) == (How.MADE, MONDAY, WEDNESDAY)
    assert way.load
    assert way.load.slots == ((MONDAY, 40), (TUESDAY, 40), (WEDNESDAY, 20))
    assert way.leaves(CALENDAR) == THURSDAY
    assert way.only_to_be_made


def test_the_next_need_finds_what_is_left_of_stock_and_of_the_days() -> None:
    items = {KIT: made((NUT, 1)), NUT: bought(100, (THURSDAY, 100, "PO1"))}
    view = outlook(items, 组装={MONDAY: 80, TUESDAY: 40, THURSDAY: 10, FRIDAY: 80})
    assert view.meet(KIT, Decimal(90)).there == TUESDAY
    later = view.meet(KIT, Decimal(40))
    assert (later.ready, later.there, later.deciding and later.deciding.number) == (THURSDAY, FRIDAY, "PO1")
    assert not later.only_to_be_made


def test_a_part_that_is_made_itself_is_worked_on_the_day_after() -> None:
    items = {
        KIT: made((PLATE, 2), (NUT, 1)),
        PLATE: made((SHEET, 1), center="冲压"),
        SHEET: bought(0, (TUESDAY, 200, "PO7")),
        NUT: bought(500),
    }
    way = outlook(items, 组装=dict.fromkeys([MONDAY, TUESDAY, WEDNESDAY, THURSDAY], 100), 冲压={TUESDAY: 200, WEDNESDAY: 200}).meet(
        KIT, Decimal(100)
    )
    plate = way.deciding
    assert plate
    assert (plate.product_id, plate.need, plate.there) == (PLATE, 200, TUESDAY)
    assert (way.ready, way.there) == (WEDNESDAY, WEDNESDAY)
    assert [part.product_id for part in way.all()] == [KIT, PLATE, NUT, SHEET]


def test_a_component_of_two_parts_is_asked_for_once_for_both() -> None:
    items = {KIT: made((PLATE, 1), (NUT, 1)), PLATE: made((NUT, 2), center=None), NUT: bought(250, (FRIDAY, 50, "PO2"))}
    way = outlook(items).meet(KIT, Decimal(100))
    nut = next(part for part in way.all() if part.product_id == NUT)
    assert (nut.need, nut.missing, nut.there) == (300, 50, FRIDAY)
    assert way.there > FRIDAY


def test_purchases_have_to_leave_the_safety_stock_of_a_component() -> None:
    items = {KIT: made((NUT, 1)), NUT: bought(0, (TUESDAY, 100, "PO1"), (FRIDAY, 20, "PO2"), safety_stock=20)}
    assert outlook(items).meet(KIT, Decimal(100)).ready == FRIDAY
    assert outlook(items).meet(KIT, Decimal(101)).ready == NEXT_MONDAY


def test_without_capacity_that_is_known_it_is_made_on_the_day_all_is_there() -> None:
    way = outlook({KIT: made((NUT, 1)), NUT: bought(100)}).meet(KIT, Decimal(100))
    assert (way.there, way.load) == (MONDAY, None)


def test_days_that_are_too_few_leave_the_usual_time_and_are_used_up() -> None:
    view = outlook({KIT: made((NUT, 1), lead_days=10), NUT: bought(500)}, 组装={MONDAY: 50, TUESDAY: 50})
    way = view.meet(KIT, Decimal(120))
    assert way.by_lead_time
    assert way.leaves(CALENDAR) == date(2026, 3, 12)
    assert view.meet(KIT, Decimal(1)).by_lead_time


def test_a_bill_that_bites_its_tail_ends() -> None:
    items = {KIT: made((PLATE, 1), (NUT, 1)), PLATE: made((KIT, 1), (NUT, 1)), NUT: bought(1000)}
    assert outlook(items).meet(KIT, Decimal(10)).there == TUESDAY


def test_a_bill_with_many_ways_to_one_part_is_gone_through_once() -> None:
    levels = 60
    items = {n: made((n + 1, 1), (n + 2, 1), center=None) for n in range(levels)}
    items |= {levels: bought(), levels + 1: bought()}
    assert outlook(items).meet(0, Decimal(1)).there > MONDAY


small = st.integers(0, 200).map(Decimal)
days = st.dates(MONDAY, MONDAY + timedelta(days=30))
parts = st.builds(
    Item,
    st.integers(0, 20),
    safety_stock=small,
    free=small,
    arrivals=st.lists(st.builds(Arrival, days, small), max_size=4).map(tuple),
)
capacities = st.dictionaries(days, small, max_size=12)


@given(st.lists(parts, min_size=1, max_size=4), capacities, st.lists(st.integers(1, 80).map(Decimal), min_size=1, max_size=5))
def test_nothing_is_made_before_its_components_are_there_nor_beyond_a_days_room(
    components: list[Item], room: dict[date, Decimal], needs: list[Decimal]
) -> None:
    bill = tuple((n, Decimal(n)) for n in range(1, len(components) + 1))
    items = {0: Item(5, parts=bill, work_center="组装"), **dict(enumerate(components, 1))}
    view = Outlook(CALENDAR, MONDAY, items, Capacity({"组装": room}))
    ways = [view.meet(0, need) for need in needs]
    for way in ways:
        assert way.ready == max([MONDAY, *(part.there for part in way.parts)])
        assert way.ready <= way.there < way.leaves(CALENDAR) or way.by_lead_time
        assert all(day >= way.ready for day, _ in _slots(way))
        assert all(_is_there(items[part.product_id], part) for part in way.parts)
    for day, much in room.items():
        assert sum(part for way in ways for slot, part in _slots(way) if slot == day) <= much


def _slots(way: Way) -> tuple[tuple[date, Decimal], ...]:
    return way.load.slots if way.load else ()


def _is_there(item: Item, part: Way) -> bool:
    """By its day, stock and arrivals hold as much as it needs; a lead time makes no claim on them."""
    arrived = sum((arrival.quantity for arrival in item.arrivals if arrival.day <= part.there), item.free)
    return part.how is How.LEAD or arrived >= part.need
