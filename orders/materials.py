"""Materials 物料: when all of a need is there, from stock, from purchases, or made of its components (物料清单).

Pure calculation on plain values; days are of the company's zone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from orders.calendar import Calendar
from orders.capacity import Capacity, Load, Slot

_NONE = Decimal(0)
Booked = Mapping[str, Sequence[Slot]]
"""The days of each work centre that a line is booked for."""


@dataclass(frozen=True)
class Arrival:
    """What is still to come of a purchase order, and when."""

    day: date
    quantity: Decimal
    number: str = ""


@dataclass(frozen=True)
class Item:
    """What the calculation knows of one product; `free` is in stock and held for no order, `parts` what one of it takes."""

    lead_days: int
    safety_stock: Decimal = _NONE
    free: Decimal = _NONE
    arrivals: tuple[Arrival, ...] = ()
    parts: tuple[tuple[int, Decimal], ...] = ()
    """The components of a made product; empty where none are known, and for what is bought."""
    work_center: str | None = None


class How(StrEnum):
    """How a need is met."""

    STOCK = "stock"
    INBOUND = "inbound"
    LEAD = "lead"
    MADE = "made"


@dataclass(frozen=True)
class Way:
    """How `need` of a product is met: what of it stock lacks, the day on which all is there, and why that day."""

    product_id: int
    need: Decimal
    missing: Decimal
    how: How
    there: date
    number: str = ""
    """The purchase order that covers it."""
    ready: date | None = None
    """The day on which all its components are there (齐套); none for what is not made."""
    work_center: str | None = None
    load: Load | None = None
    """Its days at the work centre; none where nothing says how much that can make."""
    booked: bool = False
    """True where production has scheduled it."""
    parts: tuple["Way", ...] = ()

    @property
    def by_lead_time(self) -> bool:
        """True where the day is only the usual time: nothing on its way covers it, or the known days of the work centre do not."""
        return self.how is How.LEAD or (self.load is not None and self.load.beyond)

    @property
    def deciding(self) -> "Way | None":
        """The component that is there last; none for what has none."""
        lacking = [part for part in self.parts if part.missing]
        return max(lacking, key=lambda part: part.there, default=None)

    @property
    def only_to_be_made(self) -> bool:
        """True where everything that has to be bought for it is in stock: production could begin."""
        return self.how is How.MADE and all(part.how is How.STOCK or part.only_to_be_made for part in self.parts)

    def leaves(self, calendar: Calendar) -> date:
        """The day on which it can leave the warehouse: a lead time has that day in it."""
        return calendar.working_day_from(self.there) if self.by_lead_time else calendar.next_working_day(self.there)

    def all(self) -> Iterator["Way"]:
        """This way and all that it takes, each product once, the nearest first."""
        seen: dict[int, Way] = {}
        level = [self]
        while level:
            fresh = [way for way in level if way.product_id not in seen]
            seen |= {way.product_id: way for way in fresh}
            level = [part for way in fresh for part in way.parts]
        return iter(seen.values())


@dataclass
class Outlook:
    """What there is, what comes and what can be made, as one need after the other uses it up."""

    calendar: Calendar
    today: date
    items: Mapping[int, Item]
    capacity: Capacity
    _taken: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Of the stock, by needs before."""
    _ahead: defaultdict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Of what arrives, by needs before."""

    def take(self, product_id: int, quantity: Decimal) -> None:
        """Takes out of the stock."""
        self._taken[product_id] += quantity

    def give_back(self, held: Mapping[int, Decimal]) -> None:
        """Puts materials that are held for a need back into the stock: it is worked out anew."""
        for product_id, quantity in held.items():
            self._taken[product_id] -= quantity

    def meet(
        self,
        product_id: int,
        missing: Decimal,
        booked: Booked | None = None,
        start: date | None = None,
        held: Mapping[int, Decimal] | None = None,
    ) -> Way:
        """How what stock lacks of a product is met, after all needs before it.

        `booked` says where and when production has scheduled it, `held` which materials it has by product, which are not among
        what is free; `start` is a day before which nothing is begun.
        """
        if missing <= 0:
            return Way(product_id, _NONE, _NONE, How.STOCK, self.today)
        bill = self._bill(product_id)
        needs: defaultdict[int, Decimal] = defaultdict(Decimal, {product_id: missing})
        own = defaultdict(Decimal, held or {})
        lacks = {id_: self._lack(id_, id_ == product_id, needs, parts, own[id_]) for id_, parts in bill.items()}
        ways: dict[int, Way] = {}
        for id_ in reversed(bill):
            way = lacks[id_]
            if way.how is How.MADE:
                parts = tuple(ways[part] for part, _ in bill[id_])
                way = self._make(way, parts, booked, start)
            ways[id_] = way
        return ways[product_id]

    def _bill(self, root: int) -> dict[int, tuple[tuple[int, Decimal], ...]]:
        """Every product that one takes, before its components; a component that leads back to itself is left out."""
        finished: dict[int, tuple[tuple[int, Decimal], ...]] = {}
        open_: dict[int, list[tuple[int, Decimal]]] = {root: []}
        path = [(root, iter(self.items[root].parts))]
        while path:
            product_id, parts = path[-1]
            part = next(parts, None)
            if part is None:
                finished[product_id] = tuple(open_.pop(product_id))
                path.pop()
            elif part[0] not in open_ and part[0] in self.items:
                open_[product_id].append(part)
                if part[0] not in finished:
                    open_[part[0]] = []
                    path.append((part[0], iter(self.items[part[0]].parts)))
        return dict(reversed(finished.items()))

    def _lack(
        self, product_id: int, is_root: bool, needs: dict[int, Decimal], parts: tuple[tuple[int, Decimal], ...], held: Decimal
    ) -> Way:
        """How a product is met as far as that does not depend on its components, whose needs it adds."""
        item, need = self.items[product_id], needs[product_id]
        own = min(held, need)
        stock = _NONE if is_root else min(max(item.free - self._taken[product_id], _NONE), need - own)
        self._taken[product_id] += stock
        missing = need - stock - own
        if not missing:
            return Way(product_id, need, missing, How.STOCK, self.today)
        arrival = self._covered(item, missing + self._ahead[product_id])
        if parts and arrival is None:
            for part, quantity in parts:
                needs[part] += missing * quantity
            return Way(product_id, need, missing, How.MADE, self.today)
        self._ahead[product_id] += missing
        if arrival:
            return Way(product_id, need, missing, How.INBOUND, max(arrival.day, self.today), arrival.number)
        return Way(product_id, need, missing, How.LEAD, self._after(self.today, item))

    def _covered(self, item: Item, wanted: Decimal) -> Arrival | None:
        """The first arrival that covers what is wanted and leaves the safety stock."""
        left = -wanted
        for arrival in sorted(item.arrivals, key=lambda arrival: arrival.day):
            left += arrival.quantity
            if left >= item.safety_stock:
                return arrival
        return None

    def _make(self, way: Way, parts: tuple[Way, ...], booked: Booked | None, start: date | None) -> Way:
        item = self.items[way.product_id]
        center = item.work_center
        ready = max([self.today, *(self._usable(part) for part in parts)])
        begins = max(ready, start) if start else ready
        load = None
        if booked is not None:
            load = Load(tuple(booked.get(center or "", ())))
        elif center and self.capacity.is_known(center):
            load = self.capacity.fill(center, way.missing, begins)
        there = self._after(begins, item) if load and load.beyond else self._made_on(begins, load)
        return Way(
            way.product_id,
            way.need,
            way.missing,
            How.MADE,
            there,
            ready=ready,
            work_center=center,
            load=load,
            booked=booked is not None,
            parts=parts,
        )

    def _made_on(self, begins: date, load: Load | None) -> date:
        return max([begins, *(day for day, _ in load.slots)]) if load else self.calendar.working_day_from(begins)

    def _usable(self, part: Way) -> date:
        """What is made on a day can be worked on from the next one, what arrives on the same."""
        return self.calendar.next_working_day(part.there) if part.how is How.MADE else part.there

    def _after(self, day: date, item: Item) -> date:
        return self.calendar.working_day_from(day + timedelta(days=item.lead_days))
