"""Changing an order that stands: which one, whose, and what is to be changed."""

import re

from language import naming
from language.amounts import base_quantity
from language.changes import changes_lines, names_product, read_changes, read_command_lines
from language.inquiries import asked, asked_whether
from language.lexer import Kind
from language.lines import read_lines
from language.order_references import OrderSaid
from language.phrases import phrase
from language.reading import Ask, Change, Context, Line, Named, Reading
from language.slate import Slate

_CLAUSE = re.compile(r"[^,;\n?]+\??")
_COUNTED = frozenset({"set_qty", "add_qty", "sub_qty", "add_line"})


def may_amend(slate: Slate, order: OrderSaid) -> bool:
    """True where an order is spoken of, or a change is asked for that is no correction of an order in the same text."""
    if order:
        return True
    found = phrase("amend").search(slate.plain)
    if order.mentioned:
        return bool(found or changes_lines(slate) or phrase("first").search(slate.plain)) or not _has_line(slate.copy())
    if phrase("corrected").search(slate.plain):
        return False
    if not found and _shift(slate):
        return not _has_line(slate.copy())
    found = found or phrase("cancel").search(slate.plain)  # goods that are not wanted: of a whole order it has been looked at before
    if not found:
        return False
    if _declines_another(slate, found.start()):
        return False
    start = found.start() if found.group() == "算了" else _clause_start(slate.plain, found.start())
    return not _has_line(slate.part(slate.shown[:start]))


def _declines_another(slate: Slate, at: int) -> bool:
    """瓷砖800的5箱 600的不要了: what is not wanted is another than what is ordered before it."""
    start = slate.plain.rfind(" ", 0, at) + 1
    word = slate.plain[start:at].strip(" |")
    counted = any(piece.kind is Kind.QUANTITY for piece in slate.finder.cut(word))
    return len(word) > 1 and not counted and not phrase("amend").search(slate.plain) and _has_line(slate.part(slate.shown[:start]))


def _shift(slate: Slate) -> re.Match[str] | None:
    """交期往后拖三天: a date is moved by some days."""
    found = phrase("shift").search(slate.plain)
    return found if found and (found["count"] or found["half"] or found["few"]) else None


def read_amend(said: Reading, slate: Slate, order: OrderSaid, context: Context, *, command: bool = False) -> Reading | None:
    """The changes that are asked for; None where nothing is. Asks for the order, or for the change where that stays open."""
    slate = slate.part(slate.shown)
    also = _take_questions(slate)
    wanted = command or any((phrase("amend").search(slate.plain), _shift(slate), order.mentioned and _is_to_change(slate.plain)))
    customer = naming.take_customer(slate)
    changes = [] if phrase("all_but").search(slate.plain) else read_changes(slate.part(slate.shown))
    if command and not changes:
        changes = read_command_lines(slate)
    if (not changes and not wanted) or (also and {change.op for change in changes} <= {"set_urgent"}):
        return None
    known = bool(order or customer or context.customer is not None)
    ask = Ask(field="order") if not known else None if customer and customer.id is None else _ask(slate, changes)
    update = {"intent": "amend", "customer": customer, "changes": tuple(changes), "also": also, "ask": ask}
    return said.model_copy(update=update | order.fields())


def _take_questions(slate: Slate) -> tuple[str, ...]:
    """What is asked besides; such clauses change nothing."""
    also: dict[str, None] = {}
    for clause in list(_CLAUSE.finditer(slate.plain)):
        done = phrase("whether_done").search(clause.group())
        about = asked(clause.group()) or asked_whether(clause.group())
        if about and (done or not phrase("amend").search(clause.group())):
            also |= dict.fromkeys(about)
            slate.wipe(*clause.span())
    return tuple(also)


def _is_to_change(text: str) -> bool:
    """True beside an order: it is to be changed, though perhaps nobody says how."""
    return any(phrase(name).search(text) for name in ("repriced", "change_wanted", "part_only"))


def _clause_start(text: str, at: int) -> int:
    return max(text.rfind(sign, 0, at) for sign in ",;\n") + 1


def _has_line(slate: Slate) -> bool:
    if phrase("declined").search(slate.plain):
        return False
    return any(line.number is not None and names_product(slate, line.product) for _, line in read_lines(slate).lines)


def _ask(slate: Slate, changes: list[Change]) -> Ask | None:
    """What must be known of a change before it is made."""
    if not changes:
        return Ask(field="change")
    for change in changes:
        for product in _products(change):
            if product.said and product.id is None:
                return Ask(field="product", candidates=product.candidates if product.count else ())
        if change.op in _COUNTED and (field := _open(slate, change)):
            return Ask(field=field)
        days = [change.day, *(part.day for part in change.parts)]
        if any(day and day.day is None for day in days):
            return Ask(field="date")
    return None


def _products(change: Change) -> list[Named]:
    return [named for named in (change.line.product if change.line else None, change.to) if named]


def _open(slate: Slate, change: Change) -> str | None:
    line = change.line or Line()
    if line.number is None or line.vague:
        return "qty"
    return "unit" if line.product.id is not None and base_quantity(slate.catalogue, line) is None else None
