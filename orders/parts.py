"""The parts of an order that leaves at different times 分批: what of each line leaves together, one part after the other.

A part is there once all that it takes of every line is held. One whose day lies after the day wanted was put off for want of
goods (orders/negotiating.py): it leaves as soon as it is there, with whatever has not left yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from orders.reserving import in_parts
from orders.words import plain
from store.models import Fulfilment, Order, OrderLine, Reservation, Stage

_NONE = Decimal(0)
_Place = tuple[date, int]
"""Where a share comes in the order of parts: its day, or that of the share before it, and how many of that day come before it."""
_AT_ONCE: _Place = (date.min, 0)
_LAST = 1_000_000


@dataclass
class Part:
    """What leaves together: so much of each reservation; `number` counts the parts of the whole order, `day` is the one agreed."""

    number: int
    day: date | None
    takes: list[tuple[Reservation, Decimal]] = field(default_factory=list)


@dataclass(frozen=True)
class _Share:
    """What one part takes of one line."""

    place: _Place
    day: date | None
    quantity: Decimal


def moved_shares(line: OrderLine, lack: Decimal, day: date, *, cut: bool) -> list[dict[str, str | None]]:
    """The splits of a line that had its own, once what lacks of it comes on a day: what is there keeps its days.

    `cut`: what is there of a share leaves without the rest of it.
    """
    found: list[_Share] = []
    held = line.quantity - lack
    for share in _shares(line):
        there = min(held, share.quantity)
        late = max(day, share.day or day)
        held -= there
        if there < share.quantity and share.day != late:
            there = there if cut else _NONE
            found += [replace(share, quantity=there), replace(share, quantity=share.quantity - there, day=late)]
        else:
            found.append(share)
    return [_split(share) for share in _joined(share for share in found if share.quantity)]


def parts_there(order: Order) -> list[Part]:
    """The parts that have not left and of which all is held, in their order, up to the first one that lacks something."""
    shares = {line.position: _shares(line) for line in order.lines}
    places = sorted({share.place for own in shares.values() for share in own}) or [_AT_ONCE]
    open_shares = {line.position: _not_left(line, shares[line.position] or _whole(line, places[0])) for line in order.lines}
    held = {line.position: _held(line) for line in order.lines}
    found: list[Part] = []
    for number, place in enumerate(places, 1):
        own = [(line, share) for line in order.lines for share in open_shares[line.position] if share.place == place]
        if any(sum((left for _, left in held[line.position]), _NONE) < share.quantity for line, share in own):
            break
        if own:
            _add(found, order, Part(number, next((share.day for _, share in own if share.day), None), _take(own, held)))
    return found


def next_day(order: Order) -> date | None:
    """The day that was agreed for what leaves next of an order in parts; none where none was, or where it only waits for goods."""
    days = [share.day for line in order.lines for share in _not_left(line, _shares(line)) if share.day]
    first = min(days, default=None)
    return None if first is None or _is_put_off(order, first) else first


def may_leave_early(order: Order, part: Fulfilment) -> bool:
    """Whether a part need not wait for its day: the first one, and what was only put off for want of goods."""
    is_first = not any(other.part < part.part for other in order.fulfilments)
    return part.due_on is None or is_first or _is_put_off(order, part.due_on)


def before(order: Order, part: Fulfilment) -> list[Fulfilment]:
    """The parts that have to be picked before this one."""
    if not in_parts(order):
        return []
    return [other for other in order.fulfilments if other.stage == Stage.ALLOCATED and other.part < part.part]


def goods_of(part: Fulfilment) -> list[tuple[OrderLine, Decimal]]:
    """What of each line a part holds, in the order of the lines."""
    found: dict[OrderLine, Decimal] = {}
    for held in part.reservations:
        found[held.line] = found.get(held.line, _NONE) + held.quantity
    return sorted(found.items(), key=lambda item: item[0].position)


def parcel_goods(part: Fulfilment) -> list[str]:
    """What a part holds, in words: M12×80镀锌螺栓 2000支."""
    return [_said(line, quantity) for line, quantity in goods_of(part)]


def rest_goods(order: Order, *parts: Fulfilment) -> list[str]:
    """What of an order follows these parts, and when, in words; what has left before is not told again."""
    found = []
    for part in sorted(order.fulfilments, key=lambda part: part.part):
        if part not in parts and part.stage in (Stage.ALLOCATED, Stage.PICKED):
            found += [_said(line, quantity) + _when(order, part.due_on) for line, quantity in goods_of(part)]
    for line in order.lines:
        handed = sum((held.quantity for held in line.reservations if held.fulfilment), _NONE)
        if line.quantity > handed:
            days = [share.day for share in _shares(line) if share.day]
            found.append(_said(line, line.quantity - handed) + _when(order, max(days, default=None)))
    return found


def _said(line: OrderLine, quantity: Decimal) -> str:
    return f"{line.product.name} {plain(quantity)}{line.product.unit}"


def _when(order: Order, day: date | None) -> str:
    day = day or order.promised_date
    return f"（预计{day.month}月{day.day}日到）" if day else ""


def _shares(line: OrderLine) -> list[_Share]:
    """The parts that a line was split into; the last one takes what the others leave of it."""
    found: list[_Share] = []
    place, left = _AT_ONCE, line.quantity
    for split in line.splits or []:
        day = date.fromisoformat(split["date"]) if split["date"] else None
        if day and day > place[0]:
            place = (day, 0)
        elif found:
            place = (place[0], place[1] + 1)
        quantity = min(Decimal(split["quantity"]), left)
        found.append(_Share(place, day, quantity))
        left -= quantity
    if found and left:
        found[-1] = _Share(found[-1].place, found[-1].day, found[-1].quantity + left)
    return found


def _joined(shares: Iterable[_Share]) -> list[_Share]:
    """Shares of one day are one."""
    found: list[_Share] = []
    for share in shares:
        if found and share.day and share.day == found[-1].day:
            found[-1] = replace(share, quantity=found[-1].quantity + share.quantity)
        else:
            found.append(share)
    return found


def _split(share: _Share) -> dict[str, str | None]:
    return {"quantity": plain(share.quantity), "date": str(share.day) if share.day else None}


def _whole(line: OrderLine, place: _Place) -> list[_Share]:
    return [_Share(place, None, line.quantity)]


def _not_left(line: OrderLine, shares: Sequence[_Share]) -> list[_Share]:
    """What is left of the shares once those that were picked are taken off, the first ones first."""
    picked = sum((held.quantity for held in line.reservations if held.picked), _NONE)
    found = []
    for share in shares:
        gone = min(picked, share.quantity)
        picked -= gone
        if share.quantity > gone:
            found.append(_Share(share.place, share.day, share.quantity - gone))
    return found


def _held(line: OrderLine) -> list[tuple[Reservation, Decimal]]:
    """What is held and not picked, in the order in which it is to leave: as handed out, then nearest expiry first."""
    held = [one for one in line.reservations if not one.picked]
    held.sort(key=lambda one: (one.fulfilment.part if one.fulfilment else _LAST, one.batch.expires_on or date.max))
    return [(one, one.quantity) for one in held]


def _take(own: list[tuple[OrderLine, _Share]], held: dict[int, list[tuple[Reservation, Decimal]]]) -> list[tuple[Reservation, Decimal]]:
    return [taken for line, share in own for taken in _deal(held[line.position], share.quantity)]


def _deal(held: list[tuple[Reservation, Decimal]], quantity: Decimal) -> Iterator[tuple[Reservation, Decimal]]:
    """Takes so much off what is held."""
    while quantity > 0:
        reservation, there = held.pop(0)
        taken = min(there, quantity)
        if there > taken:
            held.insert(0, (reservation, there - taken))
        quantity -= taken
        yield reservation, taken


def _add(found: list[Part], order: Order, part: Part) -> None:
    """Lets what was put off go along with the first part that has not left; anything else is a part of its own."""
    if found and part.day and _is_put_off(order, part.day):
        found[0].takes += part.takes
    else:
        found.append(part)


def _is_put_off(order: Order, day: date) -> bool:
    return order.wanted_date is not None and day > order.wanted_date
