"""Answers to the question that is open: 第二个 · 304的 · 箱 · 两包吧 · 下周一 · 建材那个 · 对的 下吧 · 等等先不要."""

import re
from collections.abc import Callable
from decimal import Decimal

from language import marks, naming
from language.amending import read_amend
from language.amounts import base_quantity
from language.day_meant import take_day
from language.lexer import Kind, Piece
from language.lines import read_lines
from language.logs import read_log
from language.numbers import match_number, ordinal
from language.order_form import read_order
from language.order_references import OrderSaid, take_order
from language.products import Match
from language.reading import Context, Line, Named, Pending, Reading
from language.slate import Slate
from language.words import any_of

_DROP = re.compile(rf"(?:(?:{any_of('let_go')})[,;!~ 吧了哈啊先]*+)++")
_LET_GO = re.compile(rf"(?:{any_of('let_go')})[吧了哈啊]?[,; ]")
"""Said first, with the reason behind it."""
_YES = re.compile(rf"(?:(?:{any_of('agree')})[,;!~ 的了吧啊哈呢嘛]*+)++")
_POINTED = {"前": 0, "上": 0, "后": -1, "下": -1}
_POINTING = re.compile(r"(?P<which>前|上|后|下|最后)(?:面|边)?(?:的)?(?:那|一)?(?:一)?[个种款家]")
_TALK = re.compile(r"是|做|搞|卖|开|要|就|那个|这个|那家|这家|那边|那|家|的|吧|哈|啊|呢|按|论|算|用|选|老板|[ ,;|!]")
_CLAUSE = re.compile(r"[^,;|\n]*")
_KEPT = ("day", "urgent", "free_shipping", "freight_collect", "pickup", "address", "contact", "phone", "carrier", "remarks")
"""What may be said beside an answer."""


def answered(said: Reading, slate: Slate, pending: Pending) -> Reading | None:
    """What is known with the answer in it; None when the text is none."""
    text = slate.plain.strip(" |;,?")
    if _DROP.fullmatch(text) or (_LET_GO.match(text) and not _names(slate) and not _counted(slate)):
        return said.model_copy(update={"intent": "cancel", "drop_pending": True, "answered": True})
    known = pending.reading.model_copy(update={"ask": None, "answered": True, "said": said.said})
    if pending.ask == "confirm":
        return _confirmed(known, text, slate)
    if pending.ask in _OF_AN_ORDER:
        return _OF_AN_ORDER[pending.ask](known, slate)
    take = _TAKERS.get(pending.ask)
    filled = take(known, slate.copy(), pending) if take else None
    return _with_more(filled, slate) if filled else None


def _order(known: Reading, slate: Slate) -> Reading | None:
    """Which order was meant: its number, the end of it, the day, or the customer."""
    order = take_order(slate)
    customer = naming.take_customer(slate)
    if not order and customer is None:
        return None
    if slate.plain and any(line.product.count and line.number is not None for _, line in read_lines(slate).lines):
        return None
    return known.model_copy(update=order.fields() | {"customer": customer or known.customer})


def _change(known: Reading, slate: Slate) -> Reading | None:
    """What is to be changed of the order that is known."""
    order = take_order(slate.copy())
    said = OrderSaid(number=known.order, tail=known.order_tail, hint=known.order_hint, mentioned=True)
    if order and order.fields() != said.fields():
        return None
    read = read_amend(known, slate, said, Context(customer=known.customer.id if known.customer else None), command=True)
    return read.model_copy(update={"customer": read.customer or known.customer}) if read and read.changes else None


def _conclusion(known: Reading, slate: Slate) -> Reading | None:
    """What came of a talk; whatever is said is kept in its words."""
    read = read_log(known, slate, known.customer.id if known.customer else None)
    told = {name: getattr(read, name) or getattr(known, name) for name in ("contact", "channel", "time", "day", "conclusion", "todo")}
    return known.model_copy(update=told) if read.conclusion or read.todo else None


_OF_AN_ORDER: dict[str, Callable[[Reading, Slate], Reading | None]] = {"order": _order, "change": _change, "conclusion": _conclusion}


def _confirmed(known: Reading, text: str, slate: Slate) -> Reading | None:
    if _YES.fullmatch(text):
        return known.model_copy(update={"confirm": True, "conditional": False})
    counted = _counted(slate)
    if counted and len(known.lines) == 1 and not _names(slate):
        line = known.lines[0].counted_as(Line(number=counted.number, plus=counted.plus), counted.unit or known.lines[0].unit)
        return known.model_copy(update={"lines": (line,), "confirm": True, "conditional": False})
    return None


def _product(known: Reading, slate: Slate, pending: Pending) -> Reading | None:
    lines = known.lines or (Line(),)
    index = next((number for number, line in enumerate(lines) if line.product.id is None), 0)
    line, candidates = lines[index], pending.candidates or lines[index].product.candidates
    chosen = _chosen(slate, candidates)
    if chosen is not None:
        return _with_line(known, lines, index, line.model_copy(update={"product": Named(said=slate.rest, id=chosen)}))
    read = read_order(Reading(intent="place"), slate.copy())
    if len(read.lines) > 1:
        chosen_lines = _several(slate, line, read, candidates)
        return known.model_copy(update={"lines": (*lines[:index], *chosen_lines, *lines[index + 1 :])}) if chosen_lines else None
    if line.number is not None and read.lines and read.lines[0].number is not None and read.customer:
        return None
    phrase = [piece for piece in slate.pieces if piece.keys and piece.kind is not Kind.NUMBER]
    phrase += [piece for piece in slate.pieces if piece.kind is Kind.NUMBER and len(phrase) == 0]
    match = _narrowed(slate, phrase, candidates)
    if not match.count:
        return None
    product = Named(said=slate.rest, id=match.id, candidates=match.candidates, count=match.count)
    if read.lines and read.lines[0].number is not None and phrase and phrase[0].kind is not Kind.NUMBER:
        line = line.counted_as(read.lines[0], read.lines[0].unit)
    return _with_line(known, lines, index, line.model_copy(update={"product": product}))


def _several(slate: Slate, line: Line, read: Reading, candidates: tuple[int, ...]) -> list[Line]:
    """304的和镀锌的各一箱: a line for each, where every one is another of the candidates; else none."""
    chosen = []
    for said in read.lines:
        match = slate.catalogue.find_product(said.product.said, candidates)
        product = Named(said=said.product.said, id=match.id)
        chosen.append((line if said.number is None else line.counted_as(said, said.unit)).model_copy(update={"product": product}))
    ids = {one.product.id for one in chosen}
    return chosen if candidates and None not in ids and len(ids) == len(chosen) else []


def _narrowed(slate: Slate, phrase: list[Piece], candidates: tuple[int, ...]) -> Match:
    """Which of the candidates the words mean, else which product of all."""
    if not phrase:
        return Match()
    match = slate.finder.match(phrase, candidates) if candidates else Match()
    return match if match.count else slate.finder.match(phrase)


def _customer(known: Reading, slate: Slate, pending: Pending) -> Reading | None:
    candidates = pending.candidates or (known.customer.candidates if known.customer else ())
    chosen = _chosen(slate, candidates)
    if chosen is None:
        words = _TALK.sub("", slate.plain)
        called = {number: slate.catalogue.customers[number] for number in candidates}
        fits = [number for number, who in called.items() if words and any(words in name for name in (who.name, *who.aliases))]
        chosen = fits[0] if len(fits) == 1 else None
    if chosen is not None:
        return known.model_copy(update={"customer": Named(said=slate.rest, id=chosen)})
    if _names(slate):
        return None
    named = naming.take_customer(slate) or naming.find_customer(_TALK.sub("", slate.plain), slate)
    return known.model_copy(update={"customer": named}) if named.count else None


def _unit(known: Reading, slate: Slate, _pending: Pending) -> Reading | None:
    index = _open_line(known, slate)
    counted, line = _counted(slate), known.lines[index] if known.lines else Line()
    # 盒，一盒25片的: the unit is said first, and then what it holds
    if (first := _CLAUSE.match(slate.plain.strip(" |")).group().strip()) in slate.catalogue.units.words:  # type: ignore[union-attr]
        return _with_line(known, known.lines, index, line.model_copy(update={"unit": first}))
    if counted and counted.unit and not _names(slate):
        return _with_line(known, known.lines, index, line.counted_as(Line(number=counted.number, plus=counted.plus), counted.unit))
    unit = next((word for word in (_TALK.sub("", slate.plain), slate.plain.strip()) if word in slate.catalogue.units.words), None)
    return _with_line(known, known.lines, index, line.model_copy(update={"unit": unit})) if unit else None


def _quantity(known: Reading, slate: Slate, _pending: Pending) -> Reading | None:
    index, counted = _open_line(known, slate), _counted(slate)
    if counted is None or not known.lines or (_names(slate) and naming.take_customer(slate.copy())):
        return None
    line = known.lines[index]
    said = Line(number=counted.number, plus=counted.plus, vague=counted.vague)
    line = line.counted_as(said, counted.unit or (line.unit if line.number is None else None))
    return _with_line(known, known.lines, index, line.model_copy(update={"vague": counted.vague}))


def _day(known: Reading, slate: Slate, _pending: Pending) -> Reading | None:
    if _names(slate) and _counted(slate):
        return None
    urgent, day = marks.take_urgent(slate), take_day(slate)
    if day is None and not urgent:
        return None
    return known.model_copy(update={"day": day, "urgent": urgent or known.urgent})


_TAKERS: dict[str, Callable[[Reading, Slate, Pending], Reading | None]] = {
    "product": _product,
    "customer": _customer,
    "unit": _unit,
    "qty": _quantity,
    "date": _day,
}


def _chosen(slate: Slate, candidates: tuple[int, ...]) -> int | None:
    """第二个, 2, 后面那个; more may be said behind it: 2，3月25日到."""
    text = _CLAUSE.match(slate.plain.strip(" |;,、")).group().strip(" 吧的啊哈")  # type: ignore[union-attr]  # it matches any text
    number = ordinal(text) or (int(text) if text.isdecimal() and len(text) < 3 else None)
    if number and 1 <= number <= len(candidates):
        return candidates[number - 1]
    pointed = _POINTING.fullmatch(text)
    return candidates[_POINTED[pointed["which"][-1]]] if pointed and candidates else None


def _open_line(known: Reading, slate: Slate) -> int:
    return next((index for index, line in enumerate(known.lines) if base_quantity(slate.catalogue, line) is None), 0)


def _counted(slate: Slate) -> Piece | None:
    """The count that is said last, and not the figures of a day beside it: 3000支，3月20日到."""
    undated = slate.copy()
    take_day(undated)
    return _last_count(undated) or _last_count(slate)


def _last_count(slate: Slate) -> Piece | None:
    pieces = slate.pieces
    counted = [piece for piece in pieces if piece.kind in (Kind.QUANTITY, Kind.NUMBER)]
    if not counted and (number := match_number(slate.plain.strip(" |"), 0)):
        return Piece(Kind.QUANTITY, slate.plain, 0, number[1], number=Decimal(number[0]))
    return counted[-1] if counted else None


def _names(slate: Slate) -> bool:
    """True when the text names a product of its own."""
    pieces = slate.pieces
    return any(piece.kind in (Kind.WORD, Kind.SIZE) and piece.keys for piece in pieces)


def _with_line(known: Reading, lines: tuple[Line, ...], index: int, line: Line) -> Reading:
    return known.model_copy(update={"lines": (*lines[:index], line, *lines[index + 1 :])})


def _with_more(filled: Reading, slate: Slate) -> Reading:
    """With what is said beside the answer: 304的，下周三要."""
    read = read_order(Reading(intent="place"), slate.copy())
    more = {name: value for name in _KEPT if (value := getattr(read, name)) is not None and getattr(filled, name) is None}
    return filled.model_copy(update=more)
