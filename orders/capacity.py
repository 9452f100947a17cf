"""Capacity 产能: on which days a work centre can make so much, after what it has to make already. Pure calculation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Slot = tuple[date, Decimal]
"""So much of a work centre's day."""


@dataclass(frozen=True)
class Load:
    """What one work centre takes on: its days, and whether the days that are known are too few for all of it."""

    slots: tuple[Slot, ...]
    beyond: bool = False


class Capacity:
    """The days of all work centres as one calculation uses them up; a centre that is not named has no limit that is known."""

    def __init__(self, days: Mapping[str, Mapping[date, Decimal]]) -> None:
        self._room = {center: dict(sorted(of.items())) for center, of in days.items()}

    def is_known(self, center: str | None) -> bool:
        """Whether anything says how much the centre can make."""
        return center in self._room

    def book(self, center: str, slots: Iterable[Slot]) -> None:
        """Takes what is booked already out of its days, more than there is too."""
        room = self._room.get(center, {})
        for day, quantity in slots:
            if day in room:
                room[day] = max(room[day] - quantity, Decimal(0))

    def fill(self, center: str, quantity: Decimal, start: date) -> Load:
        """Takes on `quantity` from the day `start` on, as early as there is room; what does not fit has used up the rest."""
        slots = []
        room = self._room.get(center, {})
        for day in [day for day, left in room.items() if day >= start and left > 0]:
            part = min(quantity, room[day])
            room[day] -= part
            quantity -= part
            slots.append((day, part))
            if not quantity:
                break
        return Load(tuple(slots), beyond=quantity > 0)
