"""下单: what was typed becomes a draft that can be corrected by typing, and a confirmed draft an order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from handlers import dialogs, habits, questions, wording
from handlers.asking import Question, ask
from handlers.dialogs import Choice
from handlers.draft_changes import changed, continues, delivery
from handlers.fields import DAY
from handlers.line_fields import CUSTOMER, PRODUCT, QUANTITY, base_quantity
from handlers.notices import reached
from handlers.order_card import order_card
from handlers.talk import Talk
from language import Line, Reading, Split, amounts
from orders.links import draft_link
from orders.placing import Wish, WishLine, place_order, preview
from orders.refusals import Refused
from orders.words import plain
from platforms.words import Reply
from store.dialogs import SHOWN
from store.models import Dialog

NAME, FORGET = "place", "habit.forget"
_LONG = 3
"""Lines from which on a card may have no room for all."""
FIELDS = (CUSTOMER, PRODUCT, QUANTITY, DAY)


def run(talk: Talk, reading: Reading) -> Reply:
    """Shows the draft; a wanted date that is too early is asked for again, with the earliest one."""
    try:
        return show_draft(talk, reading)
    except Refused as refused:
        question = _other_day(reading, refused)
        if question is None:
            raise
        return ask(talk, NAME, DAY.name, reading, question)


def show_draft(talk: Talk, reading: Reading) -> Reply:
    """The card of a new draft, or of the open one as corrected; what was asked before is closed by it.

    Raises Refused when it cannot be placed.
    """
    wish = wish_of(talk, reading)
    draft = preview(talk.tx, wish, talk.person)
    former = dialogs.draft_of(talk)
    corrections = _corrections(talk, former, reading)
    replaced = [] if corrections else replaced_draft(talk, former)
    assumptions = [*replaced, *draft["assumptions"], *_assumptions(talk, reading)]
    by_habit = any(line.product.by == "habit" for line in reading.lines)
    not_that = [Choice(wording.NOT_THAT, action=FORGET)] if by_habit else []
    choices = [Choice(wording.CONFIRM, action=dialogs.CONFIRM), *not_that, Choice(wording.DROP, action=dialogs.DROP)]
    shown = draft | {
        "lines": [line | {"words": said.product.said} for line, said in zip(draft["lines"], reading.lines)],
        "by_habit": by_habit,
        "typed": reading.said,
        "changed": corrections,
        "assumptions": [text for text in assumptions if text not in corrections],
    }
    state = {"reading": reading.model_dump(mode="json", exclude_defaults=True), "wish": _as_shown(wish, draft).to_dict()}
    dialog = dialogs.start(talk, NAME, None, state, choices)
    data = shown | {"draft": str(dialog.number), "url": _page(talk, dialog, shown)}
    earlier = dialogs.former_key(talk, former)
    return Reply("order_draft", data, key=dialogs.card_key(dialog), replaces=earlier, brief="，".join(corrections))


def _corrections(talk: Talk, former: dict[str, Any] | None, reading: Reading) -> list[str]:
    """What has changed since the draft that was open, where this is the same one as corrected."""
    before = Reading.model_validate(former["state"]["reading"]) if former and former["command"] == NAME else None
    return changed(before, reading, talk.catalogue) if before and continues(before, reading) else []


def _page(talk: Talk, dialog: Dialog, shown: dict[str, Any]) -> str:
    """The address of the page with all lines of a draft that may be too long for a card; it shows what is kept with the draft."""
    link = draft_link(talk.tx, dialog, dialog.number) if len(shown["lines"]) >= _LONG else ""
    if link:
        dialog.state = {**dialog.state, SHOWN: shown}
    return link


def confirm(talk: Talk, dialog: Dialog) -> Reply:
    """Places the order of an open draft, once."""
    order = place_order(talk.tx, Wish.from_dict(dialog.state["wish"]), talk.person)
    habits.learn(talk, Reading.model_validate(dialog.state["reading"]))
    key = dialogs.card_key(dialog)
    dialogs.end(dialog, dialogs.PLACED, order_no=order.no)
    reply = order_card(talk, order, wording.placed(order.on_hold, reached=reached(order.customer)))
    return replace(reply, replaces=key)


def without_habits(talk: Talk, dialog: Dialog) -> Reading:
    """What an open draft was made from, after the customer's own words in it have been taken back."""
    reading = habits.forget(talk, Reading.model_validate(dialog.state["reading"]))
    dialogs.end(dialog, dialogs.ANSWERED)
    return reading


def wish_of(talk: Talk, reading: Reading) -> Wish:
    """A complete reading as the order that is wanted."""
    if reading.customer is None or reading.customer.id is None:
        raise Refused("unknown_customer")
    lines = tuple(_wish_line(talk, line) for line in reading.lines)
    return Wish(
        customer_id=reading.customer.id,
        lines=lines,
        wanted_date=_wanted(reading, lines),
        urgent=bool(reading.urgent),
        trial=bool(reading.trial),
        free_shipping=bool(reading.free_shipping),
        address=reading.address,
        contact=reading.contact,
        phone=reading.phone,
        carrier=reading.carrier,
        pickup=bool(reading.pickup),
        freight_collect=bool(reading.freight_collect),
        remarks=reading.remarks,
    )


def _wanted(reading: Reading, lines: tuple[WishLine, ...]) -> date | None:
    """The day on which all of it is wanted: as said, or that of the last part."""
    said = [reading.day.day] if reading.day and reading.day.day else []
    parts = [date.fromisoformat(part["date"]) for line in lines for part in line.splits if part["date"]]
    return max([*said, *parts], default=None)


def _wish_line(talk: Talk, line: Line) -> WishLine:
    quantity = base_quantity(talk, line)
    if line.product.id is None or quantity is None:
        raise Refused("unknown_product")
    number, unit = (None, None) if line.plus else (line.number, line.unit)
    splits = tuple(_split(*part) for part in zip(line.splits, amounts.split_quantities(talk.catalogue, line)))
    return WishLine(line.product.id, quantity, number, unit, line.price, line.processes, bool(line.tax_included), splits)


def _split(said: Split, quantity: Decimal | None) -> dict[str, Any]:
    """One part of a partial shipment; refuses parts that do not add up."""
    if quantity is None:
        raise Refused("splits_unclear")
    return {"quantity": plain(quantity), "date": said.day.day.isoformat() if said.day and said.day.day else None}


def _as_shown(wish: Wish, draft: dict[str, Any]) -> Wish:
    """The wish at the prices of its draft: what is confirmed is what was shown, even if a price list is imported meanwhile."""
    lines = (replace(line, price=Decimal(shown["price"])) for line, shown in zip(wish.lines, draft["lines"]))
    return replace(wish, lines=tuple(lines))


def replaced_draft(talk: Talk, former: dict[str, Any] | None) -> list[str]:
    """Says so when the draft of an order, which nobody has confirmed, gives way to another card."""
    if former is None or former["command"] != NAME:
        return []
    return [wording.replaces_draft(Reading.model_validate(former["state"]["reading"]), talk.catalogue)]


def _assumptions(talk: Talk, reading: Reading) -> list[str]:
    said = [wording.orders_follow(len(reading.then))] if reading.then else []
    said += [wording.conditional(reading.said)] if reading.conditional else []
    said += [wording.as_last_time(reading.repeats)] if reading.repeats else []
    said += [text for line in reading.lines for text in _assumed(talk, line)]
    said += delivery(reading)
    return said + ([wording.not_read(reading.unread)] if reading.unread else [])


def _assumed(talk: Talk, line: Line) -> Iterator[str]:
    """What was taken for granted of a line, or has no place of its own on the card."""
    product = talk.catalogue.products[line.product.id or 0]
    if line.product.by == "habit":
        yield wording.by_habit(line.product.said, product.name)
    if line.unit is None and product.units.keys() - {product.unit}:
        yield wording.counted_as_unit(product.name, product.unit)
    if line.plus or line.about:
        yield wording.counted_as(product.name, line, base_quantity(talk, line) or Decimal(0), product.unit)
    if line.splits:
        yield wording.in_parts(product.name, line.splits, amounts.split_quantities(talk.catalogue, line), product.unit)
    if line.tax_included:
        yield wording.tax_included(product.name)
    if line.processes:
        yield wording.processes(product.name, line.processes)


def _other_day(reading: Reading, refused: Refused) -> Question | None:
    wanted = reading.day.day if reading.day else None
    if wanted is None or refused.reason not in ("short_of_time", "date_past", "date_far"):
        return None
    if refused.reason == "date_past":
        return Question(questions.ask_past_day(wanted))
    if refused.reason == "date_far":
        return Question(questions.ask_far_day(wanted, date.fromisoformat(refused.details["latest"])))
    earliest = date.fromisoformat(refused.details["earliest"])
    choices = (
        Choice(wording.day_text(earliest), {"day": {"said": str(earliest), "day": str(earliest)}}),
        Choice(wording.URGENT, {"urgent": True}),
    )
    return Question(questions.ask_other_day(wanted, earliest), choices)
