"""The fields of lines and customers: which one is meant, how much of it, and in which unit."""

from decimal import Decimal
from typing import Any

from handlers import questions
from handlers.asking import Field, Question
from handlers.dialogs import Choice
from handlers.talk import Talk
from language import Line, Named, ProductRecord, Reading, amounts
from orders.refusals import Refused
from store.models import Product

OFFERED = 6
"""Candidates that are offered: as many as a card has room for buttons."""


def base_quantity(talk: Talk, line: Line) -> Decimal | None:
    """The line's quantity in the product's own unit; None while its unit is doubtful."""
    return amounts.base_quantity(talk.catalogue, line)


def only_line(talk: Talk, reading: Reading) -> tuple[Product, Decimal]:
    """The one product of a message and its quantity in base units; refuses several at once."""
    if len(reading.lines) != 1:
        raise Refused("one_product_only", count=len(reading.lines))
    line = reading.lines[0]
    return talk.product(line.product.id), base_quantity(talk, line) or Decimal(0)


def replace_line(reading: Reading, index: int, line: Line) -> Reading:
    """The reading with one line changed."""
    return reading.model_copy(update={"lines": (*reading.lines[:index], line, *reading.lines[index + 1 :])})


def said_at_once(talk: Talk, reading: Reading, text: str) -> Reading | None:
    """All that is asked for in one answer, as if typed behind the command: 下单, then the whole order. None where goods are known."""
    whole = talk.read(f"{reading.said} {text}")
    if reading.lines or not whole.lines or whole.command != reading.command:
        return None
    kept = {name: getattr(reading, name) for name in reading.model_dump(exclude_defaults=True) if name not in ("said", "unread")}
    if reading.customer and reading.customer.id is None:
        del kept["customer"]
    return whole.model_copy(update=kept)


def _ask_customer(talk: Talk, reading: Reading) -> Question | None:
    customer = reading.customer
    if customer is None:
        return Question(questions.which_customer(reading.unread))
    if customer.id is not None:
        return None
    names = [(talk.catalogue.customers[candidate].name, candidate) for candidate in customer.candidates[:OFFERED]]
    return Question(questions.ask_customer(customer.said, customer.count), tuple(Choice(*name) for name in names))


def _type_customer(talk: Talk, reading: Reading, text: str) -> Reading:
    if (answer := talk.answered(reading, "customer", text)) and answer.customer and answer.customer.id:
        return answer
    match = talk.catalogue.find_customer(text)
    if not match.count and reading.command == "place" and (whole := said_at_once(talk, reading, text)):
        return whole
    if not match.count and reading.customer and reading.customer.candidates:
        return reading
    return reading.model_copy(update={"customer": Named(said=text, id=match.id, candidates=match.candidates, count=match.count)})


def _choose_customer(reading: Reading, value: Any) -> Reading:
    said = reading.customer.said if reading.customer else ""
    return reading.model_copy(update={"customer": Named(said=said, id=value)})


def _open_product(reading: Reading) -> int | None:
    return next((index for index, line in enumerate(reading.lines) if line.product.id is None), None)


def _ask_product(talk: Talk, reading: Reading) -> Question | None:
    if not reading.lines:
        return Question(questions.ORDER_SAID_NOTHING if reading.command == "place" else questions.WHICH_PRODUCT)
    index = _open_product(reading)
    if index is None:
        return None
    product = reading.lines[index].product
    if not product.said:
        return Question(questions.WHICH_PRODUCT)
    offered = [talk.catalogue.products[candidate] for candidate in product.candidates[:OFFERED]]
    ask = questions.ask_product(product.said, product.count, len(offered))
    return Question(ask, tuple(Choice(_label(record, offered), record.id) for record in offered))


def _label(record: ProductRecord, offered: list[ProductRecord]) -> str:
    same = sum(other.name == record.name for other in offered) > 1
    return f"{record.name} {record.code}" if same else record.name


def _type_product(talk: Talk, reading: Reading, text: str) -> Reading:
    """The typed words narrow down what was said, or name a product of their own; more may come with them."""
    index, lines = _open_product(reading) or 0, reading.lines
    if not lines:
        return said_at_once(talk, reading, text) or reading.model_copy(update={"lines": talk.read(text).lines})
    answer, before = talk.answered(reading, "product", text) or reading, lines[index].product
    product = answer.lines[index].product
    if product.id is None or before.count > len(before.candidates):  # among all that fit there may be more than were kept
        said = next((line.product.said for line in talk.read(text).lines), text)
        named = _narrowed(talk, before, said or text)
        return replace_line(answer, index, answer.lines[index].model_copy(update={"product": named})) if named else reading
    return replace_line(answer, index, answer.lines[index].model_copy(update={"product": _settled(before, product.id)}))


def _settled(before: Named, product: int | None) -> Named:
    """A doubtful wording that was settled by choosing keeps its words: they may be the customer's own."""
    return Named(said=before.said, id=product, by="choice" if before.said else "")


def _narrowed(talk: Talk, before: Named, text: str) -> Named | None:
    """What both together mean, else which of the candidates the text means, else what it means alone.

    None when it means nothing and there are candidates to choose from.
    """
    both = f"{before.said} {text}"
    for said, match in (
        (both, talk.catalogue.find_product(both)),
        (text, talk.catalogue.find_product(text, among=before.candidates)),
        (text, talk.catalogue.find_product(text)),
    ):
        if match.count:
            by = "choice" if match.id and before.said else ""
            return Named(said=before.said if by else said, id=match.id, candidates=match.candidates, count=match.count, by=by)
    return None if before.candidates else Named(said=text, candidates=match.candidates)


def _choose_product(reading: Reading, value: Any) -> Reading:
    index = _open_product(reading) or 0
    line = reading.lines[index]
    return replace_line(reading, index, line.model_copy(update={"product": _settled(line.product, value)}))


def _open_quantity(talk: Talk, reading: Reading) -> int | None:
    return next((index for index, line in enumerate(reading.lines) if base_quantity(talk, line) is None), None)


def _ask_quantity(talk: Talk, reading: Reading) -> Question | None:
    index = _open_quantity(talk, reading)
    if index is None:
        return None
    line = reading.lines[index]
    product = talk.catalogue.products[line.product.id or 0]
    if line.number is None or line.plus:
        return Question(questions.ask_quantity(product.name))
    units = dict.fromkeys((product.unit, *product.units))
    choices = tuple(Choice(unit, {"line": index, "unit": unit}) for unit in units)
    return Question(questions.ask_unit(product.name, line.number, line.unit), choices)


def _type_quantity(talk: Talk, reading: Reading, text: str) -> Reading:
    index = _open_quantity(talk, reading) or 0
    line = reading.lines[index]
    if answer := talk.answered(reading, "qty" if line.number is None or line.plus else "unit", text):
        return answer
    if unit := talk.catalogue.unit(text):
        return replace_line(reading, index, line.model_copy(update={"unit": unit}))
    said = next((said for said in talk.read(text).lines if said.number is not None), None)
    if said is None:
        return reading
    unit = said.unit or (line.unit if line.number is None else None)
    return replace_line(reading, index, line.counted_as(said, unit))


def _choose_quantity(reading: Reading, value: Any) -> Reading:
    line = reading.lines[value["line"]]
    return replace_line(reading, value["line"], line.model_copy(update={"unit": value["unit"]}))


CUSTOMER = Field("customer", _ask_customer, _type_customer, _choose_customer)
PRODUCT = Field("product", _ask_product, _type_product, _choose_product)
QUANTITY = Field("quantity", _ask_quantity, _type_quantity, _choose_quantity)
