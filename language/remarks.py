"""What is to be heeded beside the goods, though nobody wrote 备注 before it: 包装跟上次一样, 月底结账, 周日休息别送, 到了打我电话."""

import re
from collections.abc import Iterator, Sequence

from language.lexer import Kind, Piece
from language.phrases import phrase
from language.piece_kinds import NAMES, kind_of, looks_of
from language.slate import Slate

_CLAUSE = re.compile(r"[^,;\n|]+")
_WORDS = re.compile(r"[^\s,;|]+")
_LONGEST = 40
"""Characters of such a clause at most; what is longer is no remark made by the way."""
_INSTRUCTIONS = ("instruction", "instruction_of_packing", "instruction_to_do")
_MOST = 40
"""Clauses that are looked at; an order has no more terms."""


def take_terms(slate: Slate) -> list[str]:
    """Clauses on payment, on days without anybody there, and on what is to be as before; to be taken before days and 老样子 are read."""
    notes = _times(slate)
    sent = phrase("as_before_sent").search(slate.plain)
    if sent and any(piece.kind is Kind.QUANTITY and piece.unit for piece in slate.pieces):
        notes.append(slate.said(sent.start(), sent.end("how")))
        slate.wipe(*sent.span())
    if not (phrase("as_before").search(slate.plain) or phrase("of_terms").search(slate.plain)):
        return notes
    for start, end in (*_short(slate, _WORDS), *_short(slate, _CLAUSE)):
        for found in list(phrase("as_before").finditer(slate.plain, start, end)):
            notes.append(slate.said(*found.span()))
            slate.wipe(*found.span())
        if phrase("of_terms").search(slate.plain[start:end]) and not _names_goods(slate.finder.cut(slate.plain[start:end])):
            notes.append(slate.said(start, end))
            slate.wipe(start, end)
    return [note for note in notes if note]


def _times(slate: Slate) -> list[str]:
    """5点前: of a day only its part is kept."""
    if not any(sign in slate.plain for sign in "点:"):
        return []
    found = list(phrase("time_of_day").finditer(slate.plain))[:_MOST]
    notes = [slate.said(*match.span()) for match in found]
    slate.wipe_all([match.span() for match in found])
    return notes


def take_instructions(slate: Slate) -> list[str]:
    """What is left that tells somebody to do something, and names neither goods nor a quantity."""
    notes = []
    for start, end in _short(slate, _WORDS):
        if _instructs(slate, slate.plain[start:end]):
            notes.append(slate.said(start, end))
            slate.wipe(start, end)
    return notes


def _instructs(slate: Slate, said: str) -> bool:
    """True for what is to be done; how the goods are to look is said of the goods, unless it is their packing."""
    if phrase("no_instruction").search(said) or not any(phrase(name).search(said) for name in _INSTRUCTIONS):
        return False
    pieces = slate.finder.cut(said)
    looks = any(map(looks_of, pieces)) and not phrase("instruction_of_packing").search(said)
    return not looks and not _names_goods(pieces)


def instructs_packing(slate: Slate, clause: str) -> bool:
    """True for a clause on what is to be done with the boxes, or when the goods arrive."""
    said = clause.strip()
    return phrase("instruction_of_packing").search(said) is not None and _instructs(slate, said)


def _short(slate: Slate, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    spans = [found.span() for found in pattern.finditer(slate.plain)]
    return iter([span for span in spans if span[1] - span[0] <= _LONGEST][:_MOST])


def _names_goods(pieces: Sequence[Piece]) -> bool:
    return any(
        piece.number is not None or piece.unit or piece.kind is Kind.SIZE or (piece.kind is Kind.WORD and kind_of(piece) in NAMES)
        for piece in pieces
    )
