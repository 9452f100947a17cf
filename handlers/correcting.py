"""Correcting a draft by typing, before it is confirmed: 改成800支 · 加一行 … · 去掉第2行 · 3月25日到 · 包邮 · 送到… ."""

from datetime import timedelta

from handlers.asking import Command, proceed
from handlers.draft_changes import CORRECTABLE, FREIGHT, LONGEST_SAID, YES_OR_NO, appended
from handlers.line_fields import replace_line
from handlers.place import show_draft
from handlers.talk import Talk
from language import Catalogue, Line, Reading, SaidDay
from orders.refusals import Refused
from platforms.words import Reply
from store.models import Dialog


def correct(talk: Talk, command: Command, dialog: Dialog, said: Reading) -> Reply:
    """The draft with what was typed; refuses, and keeps the draft as it is, when that says nothing or cannot be."""
    draft = Reading.model_validate(dialog.state["reading"])
    corrected = apply(draft, _settled(draft, said, talk.catalogue))
    if corrected == draft:
        raise Refused("correction_not_understood", said=said.said[:LONGEST_SAID])
    corrected = corrected.model_copy(update={"said": appended(draft, f"；{said.said}"), "unread": said.unread})
    if any(wanted.question(talk, corrected) for wanted in command.fields):
        return proceed(talk, command, corrected)
    return show_draft(talk, corrected)


def _settled(draft: Reading, said: Reading, catalogue: Catalogue) -> Reading:
    """What was said, with the product of the one line whose name has the word that was said for it: 螺栓改成600."""
    if said.change == "add":
        return said
    names = [(line.product, catalogue.products[line.product.id or 0].name) for line in draft.lines]

    def settled(line: Line) -> Line:
        fitting = [product for product, name in names if line.product.id is None and line.product.said and line.product.said in name]
        if len(fitting) > 1 and said.change == "set" and said.row is None:
            raise Refused("which_row", count=len(names))
        return line.model_copy(update={"product": fitting[0]}) if len(fitting) == 1 else line

    return said.model_copy(update={"lines": tuple(map(settled, said.lines))})


def apply(draft: Reading, said: Reading) -> Reading:
    """The draft as corrected by what was said; pure. Refuses lines that are not there."""
    update = {name: value for name in CORRECTABLE if (value := getattr(said, name)) is not None}
    if day := _shifted(draft, said):
        update["day"] = day
    calls_off = said.change == "remove" and not said.lines and said.row is None
    if calls_off:  # 不要加急
        update = {name: value if name not in YES_OR_NO else False for name, value in update.items()}
    if any(update.get(name) for name in FREIGHT):
        update = dict.fromkeys(FREIGHT) | update
    elif "address" in update:
        update = {"pickup": None} | update
    corrected = draft.model_copy(update=update)
    if said.change == "remove" and not (calls_off and update):
        return _removed(corrected, said)
    if said.row is not None:
        _check_row(corrected, said.row)
    for line in said.lines:
        corrected = _with_line(corrected, said, line)
    return corrected


def is_correction(said: Reading) -> bool:
    """Whether all that was said could only change a draft: 改成800支, 去掉第2行, 3月25日到."""
    if said.unread or any(line.product.said for line in said.lines if not said.change):
        return False
    return bool(said.change or said.lines) or any(getattr(said, name) is not None for name in CORRECTABLE)


def _shifted(draft: Reading, said: Reading) -> SaidDay | None:
    """往后推三天: the draft's own day, moved."""
    shift = next((change for change in said.changes if change.op == "shift_date"), None)
    if not shift or not draft.day or not draft.day.day:
        return None
    first = draft.day.first and draft.day.first + timedelta(days=shift.days or 0)
    return draft.day.model_copy(update={"day": draft.day.day + timedelta(days=shift.days or 0), "first": first})


def _with_line(draft: Reading, said: Reading, line: Line) -> Reading:
    if said.change == "add":
        return _added(draft, line)
    same = _same_product(draft, line)
    if said.row is None and same is None and line.product.said and not (said.change == "set" and len(draft.lines) == 1):
        if said.change == "set":
            raise Refused("which_row", count=len(draft.lines))
        return _added(draft, line)
    return _changed(draft, line, _row(draft, said.row, same))


def _row(draft: Reading, row: int | None, same: int | None) -> int:
    """The index of the line that is meant."""
    if row is not None:
        return row - 1
    if same is not None:
        return same
    if len(draft.lines) != 1:
        raise Refused("which_row", count=len(draft.lines))
    return 0


def _changed(draft: Reading, line: Line, index: int) -> Reading:
    before = draft.lines[index]
    changed = before if line.number is None else before.counted_as(line, line.unit or _unit_of(before, line))
    update: dict[str, object] = {}
    if line.product.said:
        update["product"] = line.product
    if line.price is not None:
        update["price"] = line.price
    if line.tax_included is not None:
        update["tax_included"] = line.tax_included
    if line.processes:
        update["processes"] = line.processes
    return replace_line(draft, index, changed.model_copy(update=update))


def _unit_of(before: Line, line: Line) -> str | None:
    """A bare number keeps the unit of the line, unless it is for another product."""
    return None if line.product.said and line.product.id != before.product.id else before.unit


def _added(draft: Reading, line: Line) -> Reading:
    return draft.model_copy(update={"lines": (*draft.lines, line)})


def _removed(draft: Reading, said: Reading) -> Reading:
    if said.row is not None:
        _check_row(draft, said.row)
        gone = {said.row - 1}
    else:
        gone = {index for line in said.lines if (index := _same_product(draft, line)) is not None}
    if not gone:
        raise Refused("not_in_draft", said=said.said[:LONGEST_SAID])
    kept = tuple(line for index, line in enumerate(draft.lines) if index not in gone)
    if not kept:
        raise Refused("last_row")
    return draft.model_copy(update={"lines": kept})


def _same_product(draft: Reading, line: Line) -> int | None:
    """The one line of the draft that is of this product; what is said loosely may fit only one of them."""
    meant = {line.product.id} if line.product.id is not None else set(line.product.candidates)
    found = [index for index, other in enumerate(draft.lines) if other.product.id in meant]
    return found[0] if len(found) == 1 else None


def _check_row(draft: Reading, row: int) -> None:
    if not 1 <= row <= len(draft.lines):
        raise Refused("no_such_row", row=row, count=len(draft.lines))
