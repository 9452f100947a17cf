from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.reserving import choose_batches


@dataclass(frozen=True)
class Shelf:
    available: Decimal
    expires_on: date | None = None


def shelf(available: int, month: int | None = None) -> Shelf:
    return Shelf(Decimal(available), date(2026, month, 1) if month else None)


def chosen(need: int, *shelves: Shelf, surplus: int = 0) -> list[tuple[int, int]]:
    taken = choose_batches(Decimal(need), shelves, Decimal(surplus))
    return [(shelves.index(shelf), int(quantity)) for shelf, quantity in taken]


def test_the_nearest_expiry_goes_first() -> None:
    assert chosen(10, shelf(100), shelf(100, 9), shelf(100, 6)) == [(2, 10)]


def test_a_batch_that_serves_alone_and_keeps_its_surplus_is_preferred() -> None:
    assert chosen(50, shelf(40, 3), shelf(60, 4), shelf(100, 5), surplus=20) == [(2, 50)]


def test_among_those_the_nearest_expiry_goes_first() -> None:
    assert chosen(50, shelf(40, 3), shelf(100, 5), shelf(90, 4), surplus=20) == [(2, 50)]


def test_when_none_serves_alone_the_nearest_expiries_are_emptied() -> None:
    assert chosen(120, shelf(40, 5), shelf(60, 3), shelf(30, 9)) == [(1, 60), (0, 40), (2, 20)]


def test_a_surplus_that_no_batch_can_keep_is_no_obstacle() -> None:
    assert chosen(50, shelf(60, 3), shelf(55, 4), surplus=20) == [(0, 50)]


def test_a_short_need_takes_all_there_is_and_leaves_empty_shelves_alone() -> None:
    assert chosen(100, shelf(0, 1), shelf(30, 2), shelf(20)) == [(1, 30), (2, 20)]
    assert chosen(5) == []


shelves = st.lists(
    st.builds(Shelf, st.integers(0, 50).map(Decimal), st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))), max_size=6
)


@given(st.integers(1, 200), shelves, st.integers(0, 30))
def test_it_takes_what_is_needed_as_far_as_there_is_any(need: int, shelves: list[Shelf], surplus: int) -> None:
    taken = choose_batches(Decimal(need), shelves, Decimal(surplus))
    assert sum(quantity for _, quantity in taken) == min(need, sum(shelf.available for shelf in shelves))
    assert all(0 < quantity <= shelf.available for shelf, quantity in taken)
