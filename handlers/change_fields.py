"""What a typed change of an order leaves open, asked one at a time: what to change, of which line, to which product, until when."""

import re
from collections.abc import Iterator
from typing import Any

from handlers import change_words, questions
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.order_meant import ORDER_MEANT, order_meant
from handlers.talk import Talk
from language import Change, Line, Named, Reading
from language.numbers import ordinal
from orders.amending import check_change
from store.models import Order, OrderLine

_OF_LINE = frozenset({"set_qty", "add_qty", "sub_qty", "remove_line", "replace", "set_price", "split"})
"""Changes of one line; `scale`, and a split by fractions, may mean all of them."""
_COUNTED = frozenset({"set_qty", "add_qty", "sub_qty", "add_line"})
_MOST_LINES = 6
_ROW = re.compile(r"(第 ?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})) ?[行条项]")


def read_more(talk: Talk, reading: Reading, text: str) -> Reading:
    """The reading with the changes that a further text says; unchanged when it says none."""
    order = reading.order or reading.order_tail or ""
    said = talk.read(f"{change_words.AMEND} {order} {text}")
    return reading.model_copy(update={"changes": (*reading.changes, *said.changes)}) if said.changes else reading


def by_rows(talk: Talk, reading: Reading) -> Reading:
    """The reading with 第2行 taken as that line of the order, where every change in doubt names one."""
    rows = [ordinal(found) or 0 for found in _ROW.findall(reading.said)]
    if not rows or ORDER_MEANT.question(talk, reading):
        return reading
    lines = sorted(order_meant(talk, reading).lines, key=lambda line: line.position)
    doubtful = list(_doubtful_lines(talk, reading))
    if len(rows) != len(doubtful) or not 0 < min(rows) <= max(rows) <= len(lines):
        return reading
    for index, row in zip(doubtful, rows):
        reading = _with_product(reading, index, lines[row - 1].product_id)
    return reading


def line_of(order: Order, line: Line | None) -> OrderLine | None:
    """The one line of the order that what was said fits; the only one, where nothing was said."""
    if line is None or (not line.product.said and line.product.id is None):
        found = list(order.lines)
    else:
        meant = {line.product.id} if line.product.id is not None else set(line.product.candidates)
        found = [own for own in order.lines if own.product_id in meant]
    return found[0] if len(found) == 1 else None


def _ask_change(talk: Talk, reading: Reading) -> Question | None:
    if reading.changes:
        return None
    # nobody is asked what to change of an order that they cannot change
    check_change(talk.tx, order_meant(talk, reading), talk.person, change_words.AMEND)
    if reading.change:
        return Question(change_words.ask_value(reading.change))
    return Question(change_words.WHICH_CHANGE, tuple(Choice(name, prefix) for name, prefix in change_words.CHANGES.items()))


def _type_change(talk: Talk, reading: Reading, text: str) -> Reading:
    if text in change_words.CHANGES:
        return _choose_change(reading, change_words.CHANGES[text])
    return read_more(talk, reading, f"{reading.change}{text}")


def _choose_change(reading: Reading, value: Any) -> Reading:
    return reading.model_copy(update={"change": value})


def _doubtful_lines(talk: Talk, reading: Reading) -> Iterator[int]:
    """The changes of which it is not clear which line of the order they mean."""
    order = order_meant(talk, reading)
    for index, change in enumerate(reading.changes):
        if change.op not in _OF_LINE or (change.op == "split" and all(part.number is None for part in change.parts)):
            continue
        is_new = change.op == "add_qty" and change.line is not None and change.line.product.id is not None
        if not is_new and line_of(order, change.line) is None and not _is_named(change):
            yield index


def _is_named(change: Change) -> bool:
    """True when a product was settled: if the order does not have it, the refusal says what it has."""
    return change.line is not None and change.line.product.id is not None


def _ask_line(talk: Talk, reading: Reading) -> Question | None:
    index = next(_doubtful_lines(talk, reading), None)
    if index is None:
        return None
    order, change = order_meant(talk, reading), reading.changes[index]
    said = change.line.product.said if change.line else ""
    lines = {line.product_id: line for line in order.lines}
    choices = tuple(
        Choice(change_words.line_text(line), {"change": index, "product": line.product_id}) for line in list(lines.values())[:_MOST_LINES]
    )
    return Question(change_words.ask_line(said), choices)


def _type_line(talk: Talk, reading: Reading, text: str) -> Reading:
    index = next(_doubtful_lines(talk, reading))
    said = next((line for line in talk.read(text).lines), None)
    line = line_of(order_meant(talk, reading), said) if said and said.product.said else None
    return _with_product(reading, index, line.product_id) if line else reading


def _choose_line(reading: Reading, value: Any) -> Reading:
    return _with_product(reading, value["change"], value["product"])


def _with_product(reading: Reading, index: int, product: int) -> Reading:
    change = reading.changes[index]
    line = (change.line or Line()).model_copy(update={"product": Named(said=change.line.product.said if change.line else "", id=product)})
    return _with_change(reading, index, change.model_copy(update={"line": line}))


def _with_change(reading: Reading, index: int, change: Change) -> Reading:
    return reading.model_copy(update={"changes": (*reading.changes[:index], change, *reading.changes[index + 1 :])})


def _new_product(change: Change) -> Named | None:
    """The product that a change brings in."""
    if change.op == "replace":
        return change.to or Named()
    return change.line.product if change.op == "add_line" and change.line else None


def _open_product(reading: Reading) -> int | None:
    named = ((index, _new_product(change)) for index, change in enumerate(reading.changes))
    return next((index for index, product in named if product is not None and product.id is None), None)


def _ask_product(talk: Talk, reading: Reading) -> Question | None:
    index = _open_product(reading)
    if index is None:
        return None
    product = _new_product(reading.changes[index]) or Named()
    offered = [talk.catalogue.products[candidate] for candidate in product.candidates]
    ask = questions.ask_product(product.said, product.count, len(offered)) if product.said else questions.WHICH_PRODUCT
    return Question(ask, tuple(Choice(record.name, {"change": index, "product": record.id}) for record in offered))


def _type_product(talk: Talk, reading: Reading, text: str) -> Reading:
    index = _open_product(reading) or 0
    before = _new_product(reading.changes[index]) or Named()
    match = talk.catalogue.find_product(text, among=before.candidates) if before.candidates else talk.catalogue.find_product(text)
    if not match.count:
        match = talk.catalogue.find_product(text)
    named = Named(said=text, id=match.id, candidates=match.candidates, count=match.count)
    return _bring_in(reading, index, named) if match.count else reading


def _bring_in(reading: Reading, index: int, product: Named) -> Reading:
    change = reading.changes[index]
    if change.op == "replace":
        return _with_change(reading, index, change.model_copy(update={"to": product}))
    line = (change.line or Line()).model_copy(update={"product": product})
    return _with_change(reading, index, change.model_copy(update={"line": line}))


def _choose_product(reading: Reading, value: Any) -> Reading:
    return _bring_in(reading, value["change"], Named(id=value["product"]))


def _open_quantity(reading: Reading) -> int | None:
    for index, change in enumerate(reading.changes):
        if change.op in _COUNTED and (change.line is None or change.line.number is None):
            return index
    return None


def _ask_quantity(talk: Talk, reading: Reading) -> Question | None:
    index = _open_quantity(reading)
    if index is None:
        return None
    line = reading.changes[index].line
    product = talk.catalogue.products.get((line and line.product.id) or 0)
    return Question(questions.ask_quantity(product.name if product else line.product.said if line else ""))


def _type_quantity(talk: Talk, reading: Reading, text: str) -> Reading:
    index = _open_quantity(reading) or 0
    said = next((line for line in talk.read(text).lines if line.number is not None), None)
    if said is None:
        return reading
    change = reading.changes[index]
    return _with_change(reading, index, change.model_copy(update={"line": (change.line or Line()).counted_as(said, said.unit)}))


def _open_day(reading: Reading) -> int | None:
    for index, change in enumerate(reading.changes):
        if change.op == "set_date" and (change.day is None or change.day.day is None):
            return index
    return None


def _ask_day(_talk: Talk, reading: Reading) -> Question | None:
    index = _open_day(reading)
    if index is None:
        return None
    day = reading.changes[index].day
    return Question(questions.ask_day(day.said if day else ""))


def _type_day(talk: Talk, reading: Reading, text: str) -> Reading:
    index, said = _open_day(reading) or 0, talk.read(text).day
    return _with_change(reading, index, reading.changes[index].model_copy(update={"day": said})) if said else reading


CHANGE = Field("change", _ask_change, _type_change, _choose_change)
LINE = Field("line", _ask_line, _type_line, _choose_line)
PRODUCT = Field("product", _ask_product, _type_product, _choose_product)
QUANTITY = Field("quantity", _ask_quantity, _type_quantity, lambda reading, _value: reading)
DAY = Field("day", _ask_day, _type_day, lambda reading, _value: reading)
