"""Changes of an order's lines: quantities set, added or taken away, lines added, removed or replaced, partial shipments.

A verb stands between two operands: what is said before it (the product, the old quantity) and behind it (the new one).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from language.change_marks import take_changes, without_old
from language.lexer import Kind
from language.lines import read_lines
from language.phrases import phrase
from language.piece_kinds import looks_of
from language.reading import Change, Line, Named
from language.replacing import completed, described, replaced
from language.shipments import take_split
from language.slate import WIPED, Slate
from language.text import plain

_COUNTED_FIRST = re.compile(r" ?[0-9一二两三四五六七八九十百千万半][^\s]{0,12} (?=[^\s])")
_BREAKS = re.compile(r"[,;\n]+")
_OPEN_VERB = re.compile(r"(?:加|增加|新增|添加|追加|补)(?:上)?(?:一|1)?(?:行|项|款|种|个产品)?[ :|]*$")
_OF_EACH = re.compile(r"(?:各|都|均|每样|每种|全部?|一律)[^0-9a-z]{0,4}$")
_OF_DAYS = frozenset({"set_date", "shift_date"})
_OF_A_LINE = frozenset({"set_price", "scale", "split"})
"""What is changed of one line where a product is named beside it, else of the whole order."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb with what stands before it and behind it in its clause."""

    kind: str
    before: str
    behind: str


ROW = re.compile(r"第 ?(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3}) ?[行条项款]|最后一?[行条项款]")
"""A line of the order by its number."""


def read_changes(slate: Slate) -> list[Change]:
    """Every change that is asked for, wiped off or used up; nothing where the words do not say what to change."""
    slate = without_old(slate)
    while slate.take(phrase("instead")):
        pass
    changes = [split] if (split := take_split(slate)) else []
    whole = slate.copy()
    changes += take_changes(slate)
    wipe_asides(slate)
    beside: list[Named] = []
    for start, end in _clauses(slate.plain):
        made = _of_clause(slate, slate.shown[start:end], beside)
        changes = _joined(slate, changes, made, slate.shown[start:end])
    if changes and all(change.op in _OF_DAYS for change in changes) and _is_of_one_line(whole):
        return []
    return [_with_product(change, beside) for change in changes]


def _joined(slate: Slate, changes: list[Change], made: list[Change], clause: str) -> list[Change]:
    """All of them; what a clause only counts is of the line that the one before adds: 漏了M8平垫,帮忙加进去2包."""
    last = changes[-1] if changes else None
    if not (last and last.op == "add_line" and last.line and last.line.number is None):
        return [*changes, *made]
    counted = _quantity(_operands(slate, clause))
    if not counted or counted.product.said or any(change.op != "add_qty" or _names(change) for change in made):
        return [*changes, *made]
    return [*changes[:-1], last.model_copy(update={"line": last.line.counted_as(counted, counted.unit)})]


def _names(change: Change) -> bool:
    return change.line is not None and bool(change.line.product.said)


def _is_of_one_line(slate: Slate) -> bool:
    """018的平垫改到周五: of a day that is said of some goods nobody knows what becomes of the others; M8*40那单 only names the order."""
    for _, line in read_lines(slate.copy()).lines:
        at = slate.shown.find(line.product.said) if names_product(slate, line.product) else -1
        if at >= 0 and not slate.plain[at + len(line.product.said) :].lstrip(" 的").startswith(WIPED):
            return True
    return False


def read_command_lines(slate: Slate) -> list[Change]:
    """Lines without a verb, where the command itself says that they are changed: 改单 003 M8螺母镀锌 500个."""
    lines = [line for _, line in read_lines(slate).lines if names_product(slate, line.product) and line.number is not None]
    return [Change(op="set_qty", line=line) for line in lines]


def wipe_asides(slate: Slate) -> None:
    """Wipes what is said around a change without changing anything."""
    for found in list(phrase("asides").finditer(slate.plain)):
        slate.wipe(*found.span())


def names_product(slate: Slate, named: Named) -> bool:
    """True when the words are those of a product, known or not, and not talk."""
    pieces = slate.finder.cut(plain(named.said))
    return bool(named.said) and ((named.count > 0 and len(named.said) > 1) or any(piece.kind in (Kind.WORD, Kind.SIZE) for piece in pieces))


def _clauses(text: str) -> Iterable[tuple[int, int]]:
    """Where each clause begins and ends; one that only says to add a line goes on with the next."""
    start = 0
    for found in _BREAKS.finditer(text):
        if _OPEN_VERB.search(text, start, found.start()):
            continue
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _of_clause(slate: Slate, clause: str, beside: list[Named]) -> list[Change]:
    """The changes of one clause; `beside` gathers products that are only named: 那个M8平垫,改成6包."""
    changes: list[Change] = []
    verbs = _verbs(slate, clause)
    if not verbs and (product := _product(_operands(slate, clause))):
        beside.append(product)
    spoken_of = beside[-1] if beside else None
    for last, verb in zip(["", *(verb.kind for verb in verbs)], verbs):
        behind, before = _operands(slate, verb.behind), _operands(slate, verb.before)
        if (last, verb.kind) == ("sub", "remove") and _quantity(before) and not behind:
            continue  # 多了一盒切割片,去掉: just that one
        spoken_of = _product(before) or spoken_of
        if verb.kind in ("set", "now"):
            spoken_of, behind = _described(slate, verb, spoken_of, behind)
        if verb.kind == "old":
            spoken_of = spoken_of or _product(behind)  # 原来10盒M8*40,现在改成6盒
        if verb.kind == "old" and spoken_of and spoken_of not in beside:
            beside.append(spoken_of)  # 热镀锌的不要1800了,改1200支
        each: list[Named | None] = [*_each(slate, verb, before, spoken_of)] or [spoken_of]
        made = [change for product in each for change in _CHANGED[verb.kind](slate, product, behind)] or _of_row(verb)
        if made and spoken_of in beside:
            beside.remove(spoken_of)
        changes += made
    return changes


def _each(slate: Slate, verb: Verb, before: list[Line], spoken_of: Named | None) -> list[Named]:
    """M8螺母、M8平垫各加1包: every product of which the verb is said; 镀锌的改成500: one that is only described."""
    if verb.kind not in ("set", "add", "sub", "remove"):
        return []
    named = [line.product for line in before if line.product.said]
    if len(named) > 1 and _OF_EACH.search(verb.before):
        return named
    if spoken_of:
        return []
    looks = [piece for piece in slate.finder.cut(plain(verb.before)) if looks_of(piece)]
    matches = [slate.finder.match([piece]) for piece in looks]
    return [Named(said=piece.text, candidates=match.candidates, count=match.count) for piece, match in zip(looks, matches)]


def _of_row(verb: Verb) -> list[Change]:
    """去掉第2行: only the order can tell which product that is."""
    named = verb.kind == "remove" and ROW.search(f"{verb.before} {verb.behind}")
    return [Change(op="remove_line", line=Line())] if named else []


def _described(slate: Slate, verb: Verb, product: Named | None, behind: list[Line]) -> tuple[Named | None, list[Line]]:
    """Both sides of a replacement, where one of them says only what differs: 304的, 60cm的."""
    if product is None and _product(behind):
        return described(slate, verb.before), behind
    if product is not None and product.id is None and product.said not in verb.before and (own := described(slate, verb.before)):
        product = completed(slate, own, product)
    if product is not None and not behind and (other := described(slate, verb.behind)):
        return product, [Line(product=other)]
    return product, behind


def changes_lines(slate: Slate) -> bool:
    """True where a verb stands that may change lines."""
    return bool(_found(slate, slate.shown))


def _verbs(slate: Slate, clause: str) -> list[Verb]:
    found = _found(slate, clause)
    verbs: list[Verb] = []
    since = 0
    for verb, following in zip_longest(found, found[1:]):
        end = following.start() if following else len(clause)
        counted = _COUNTED_FIRST.match(clause, verb.end(), end) if following else None
        stop = counted.end() if counted else end
        before, behind = clause[since : verb.start()], clause[verb.end() : stop]
        if verb.lastgroup == "remove" and verb.group().endswith("了") and before.strip(" |"):
            behind = ""  # M10弹垫不要了 M10平垫改成…: what is gone stands before
        verbs.append(Verb(str(verb.lastgroup), before, behind))
        # 加2盒 手套减1打: what stands behind a quantity belongs to the next verb
        since = stop if counted else verb.end()
    return verbs


def _found(slate: Slate, clause: str) -> list[re.Match[str]]:
    """Every verb that is no part of a product's word: 加长, 卡扣."""
    found = list(phrase("verbs").finditer(plain(clause)))
    if not found:
        return found
    pieces = slate.finder.cut(plain(clause))
    inside = {at for piece in pieces if piece.kind is Kind.WORD and len(piece.text) > 1 for at in range(piece.start, piece.end)}
    return [verb for verb in found if verb.start() not in inside]


def _operands(slate: Slate, said: str) -> list[Line]:
    """What a stretch says: products, quantities or both, and nothing of what is only talk."""
    lines = [line for _, line in read_lines(slate.part(said)).lines]
    kept = [line if names_product(slate, line.product) else line.model_copy(update={"product": Named()}) for line in lines]
    return [line for line in kept if line.product.said or line.number is not None]


def _product(lines: list[Line]) -> Named | None:
    return next((line.product for line in reversed(lines) if line.product.said), None)


def _quantity(lines: list[Line]) -> Line | None:
    return next((line for line in lines if line.number is not None), None)


def _of(product: Named | None, counted: Line) -> Line:
    return counted.model_copy(update={"product": product or Named()})


def _set(slate: Slate, product: Named | None, behind: list[Line]) -> list[Change]:
    counted, other = _quantity(behind), _product(behind)
    if other is None and counted and counted.unit is None and counted.number and counted.number < 1:
        return [Change(op="set_price", line=Line(product=product) if product else None, price=counted.number)]
    if other is None:
        return [Change(op="set_qty", line=_of(product, counted))] if counted else []
    if product is None:
        return [Change(op="set_qty", line=counted)] if counted else [Change(op="replace", to=other)]
    old, new = replaced(slate, product, other)
    if old.id is not None and old.id == new.id:
        return [Change(op="set_qty", line=_of(old, counted))] if counted else []
    replacing = Change(op="replace", line=Line(product=old), to=new)
    return [replacing, Change(op="set_qty", line=_of(new, counted))] if counted else [replacing]


def _add(_slate: Slate, product: Named | None, behind: list[Line]) -> list[Change]:
    named = [line for line in behind if line.product.said]
    if named:
        return [Change(op="add_line", line=line) for line in named]
    counted = _quantity(behind)
    return [Change(op="add_qty", line=_of(product, counted))] if counted else []


def _row(_slate: Slate, _product: Named | None, behind: list[Line]) -> list[Change]:
    return [Change(op="add_line", line=line) for line in behind if line.product.said]


def _subtract(_slate: Slate, product: Named | None, behind: list[Line]) -> list[Change]:
    counted = _quantity(behind)
    return [Change(op="sub_qty", line=_of(_product(behind) or product, counted))] if counted else []


def _remove(_slate: Slate, product: Named | None, behind: list[Line]) -> list[Change]:
    gone = _product(behind) or product
    # 不要M8平垫2包 may mean two packs less or the whole line.
    return [Change(op="remove_line", line=Line(product=gone))] if gone and not _quantity(behind) else []


def _old(_slate: Slate, _product: Named | None, _behind: list[Line]) -> list[Change]:
    return []


_CHANGED = {"set": _set, "now": _set, "add": _add, "row": _row, "sub": _subtract, "remove": _remove, "old": _old}


def _with_product(change: Change, beside: list[Named]) -> Change:
    """A change of one line, with the only product that is named beside it."""
    if change.op in _OF_A_LINE and change.line is None and len(beside) == 1:
        return change.model_copy(update={"line": Line(product=beside[0])})
    return change
