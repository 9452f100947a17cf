"""What a customer's records settle before anything is asked: their own words for products, and 老样子, what they ordered last."""

from handlers.talk import Talk
from language import Line, Named, Reading
from language.text import clean, plain
from orders import customer_words
from orders.numbers import find_by_customer
from orders.refusals import Refused
from store.models import OrderLine


def understand(talk: Talk, reading: Reading) -> Reading:
    """The reading with what the customer's habits say; as it is while the customer is open. Of several orders the first."""
    if reading.orders:
        first, *others = reading.orders
        reading = first.model_copy(update={"command": reading.command, "said": reading.said, "then": tuple(others)})
    if reading.customer is None or reading.customer.id is None:
        return reading
    return _by_own_words(talk, _as_last_time(talk, reading, reading.customer.id), reading.customer.id)


def learn(talk: Talk, reading: Reading) -> None:
    """Notes how doubtful wordings were settled, now that the order is confirmed."""
    if reading.customer and reading.customer.id:
        for line in reading.lines:
            if line.product.by == "choice" and line.product.id and (word := _plain(line.product.said)):
                customer_words.learn(talk.tx, reading.customer.id, word, line.product.id)


def forget(talk: Talk, reading: Reading) -> Reading:
    """Takes the customer's own words in a reading back; their lines are open again."""
    lines = tuple(_reopened(talk, reading, line) if line.product.by == "habit" else line for line in reading.lines)
    return reading.model_copy(update={"lines": lines})


def _reopened(talk: Talk, reading: Reading, line: Line) -> Line:
    customer_words.forget(talk.tx, (reading.customer and reading.customer.id) or 0, _plain(line.product.said))
    match = talk.catalogue.find_product(line.product.said)
    named = Named(said=line.product.said, id=match.id, candidates=match.candidates, count=match.count)
    return line.model_copy(update={"product": named})


def _by_own_words(talk: Talk, reading: Reading, customer: int) -> Reading:
    doubtful = {_plain(line.product.said) for line in reading.lines if _is_doubtful(line)}
    own = customer_words.products_meant(talk.tx, customer, doubtful) if doubtful else {}
    lines = tuple(_meant(line, own) if _is_doubtful(line) else line for line in reading.lines)
    return reading.model_copy(update={"lines": lines})


def _is_doubtful(line: Line) -> bool:
    return line.product.id is None and bool(line.product.said)


def _meant(line: Line, own: dict[str, int]) -> Line:
    product = own.get(_plain(line.product.said))
    return line.model_copy(update={"product": line.product.model_copy(update={"id": product, "by": "habit"})}) if product else line


def _as_last_time(talk: Talk, reading: Reading, customer: int) -> Reading:
    """The lines of the customer's last order before those that were said."""
    if not reading.repeat_last:
        return reading
    last = next((order for order in find_by_customer(talk.tx, customer, talk.person) if order.stage != "cancelled"), None)
    if last is None:
        raise Refused("no_last_order", customer=talk.catalogue.customers[customer].name)
    lines = tuple(_again(line) for line in last.lines)
    return reading.model_copy(update={"lines": (*lines, *reading.lines), "repeat_last": None, "repeats": last.no})


def _again(line: OrderLine) -> Line:
    named = Named(said=line.product.name, id=line.product_id)
    return Line(product=named, number=line.quantity, unit=line.product.unit, processes=tuple(line.processes))


def _plain(said: str) -> str:
    return plain(clean(said)).replace(" ", "")
