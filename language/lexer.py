"""Cutting a plain text into pieces: words, sizes, quantities, numbers, and what is left over."""

import re
from collections.abc import Collection
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from language.numbers import match_number
from language.sizes import Size, decimal_key, match_size
from language.sound import is_hanzi
from language.units import Units
from language.vocabulary import Vocabulary


class Kind(Enum):
    """What a piece of text is."""

    WORD = auto()
    SIZE = auto()
    NUMBER = auto()
    """A bare number: a quantity, or part of a product's name; only the catalogue can tell."""
    QUANTITY = auto()
    OTHER = auto()
    SIGNAL = auto()
    """A word that says how its neighbours belong together; its text is its name in words.yaml's signals."""
    BREAK = auto()
    NEWLINE = auto()


class Piece(NamedTuple):
    """A stretch of the text from `start` to `end`; the fields that its kind needs are set."""

    kind: Kind
    text: str
    start: int
    end: int
    keys: frozenset[str] = frozenset()
    """Of a WORD, SIZE or NUMBER: what a product must have one of."""
    size: Size | None = None
    number: Decimal | None = None
    unit: str | None = None
    vague: bool = False
    """Of a QUANTITY: there is one, but how much it is was left open."""
    plus: tuple[Decimal, str] | None = None
    """Of a QUANTITY in two units: the second part, 1箱零2盒."""


_BREAKS = frozenset(",、+|~")
_HARD = frozenset("\n;")
_SILENT = frozenset(" ()[]{}【】「」“”\"'‘’<>《》:&")
_SIZE_STARTS = frozenset("0123456789mφd直s一二三四五六七八九十")
_NUMBER_STARTS = frozenset("0123456789-零一二两三四五六七八九十百千万半几上好")
_STARTS = _BREAKS | _HARD | _SILENT | _SIZE_STARTS | _NUMBER_STARTS | {"x"}
_SOME = r"[0-9]{1,6}|[一二两三四五六七八九十百千万]{1,8}"
_VAGUE = re.compile(
    r"(?:[一二三四五六七八九]?十|[一二两三四五六七八九]?[百千万])?几[十百千万]{0,2}(?![天号点周月日人])|[上好]几?[百千万]|好几|[十百千万]把?来|[十百千万]把(?=[^\s,;|])"
    rf"|(?:{_SOME})多(?=[十百千万]?[^\s,;|0-9十百千万])|一两(?=[^\s,;|])|两三[十百千万]?|二三[十百千万]|三[四五][十百千万]?(?=[^\s,;|十百千万])"
    rf"|四五[十百千万]?(?=[^\s,;|百千万])|(?:五六|六七|七八|八九)[十百千万]?"
    rf"|(?:{_SOME}) ?[百千万k]?[^\s0-9a-z,;|号日月天点周]?(?:或者?|还是|到|至|[-~—]) ?(?:{_SOME})(?![0-9.xa-z-])"
)
_BARE = re.compile(r"[0-9.]++(?!(?:mm|毫米|cm|公分|厘米)? ?[x乘])")
"""A number without a second one behind a sign: no size."""
_SPOKEN_GRADE = re.compile(r"(?P<whole>十?[一二三四五六七八九]|十)点(?P<part>[一二三四五六七八九])级")
_RUN = re.compile(r"\d++|[零一二两三四五六七八九十百千万几]{12,}+")
_AND = re.compile(r" ?(?:(?P<more>[零又])|[加外]) ?")
_TAIL = re.compile(r" ?(?:(?P<grade>级)|(?P<unit>mm|毫米|cm|公分|厘米|分|寸|#|号))")


_BEFORE_MOTHER = frozenset("字父云分酵保")
"""With these 母 is no nut."""


class Lexer:
    """Cuts texts by one vocabulary, one set of units, and the sizes that the catalogue knows."""

    def __init__(self, vocabulary: Vocabulary, units: Units, sizes: Collection[str] = ()) -> None:
        self.vocabulary = vocabulary
        self._units = units
        self.sizes = sizes

    def cut(self, text: str) -> list[Piece]:
        """The pieces of a plain text in their order, in time that grows with its length."""
        pieces: list[Piece] = []
        at = since = 0  # from `since` to `at` stands what is none of the dictionary's
        while at < len(text):
            if not self._may_begin(text[at]):
                at += 1
                continue
            piece = self._piece(text, at)
            if len(piece.text) == 1 and piece.kind is Kind.WORD and self._is_within(text, at):
                at += 1
                continue
            if piece.kind is not Kind.OTHER or not piece.text:
                pieces += _other(text, since, at)
                since = piece.end
                if piece.text:
                    pieces.append(piece)
            at = piece.end
        return [*pieces, *_other(text, since, at)]

    def _is_within(self, text: str, at: int) -> bool:
        """True for one character before another that nothing is known of: the 米 of 等米下锅 is no colour; and for the 母 of 字母."""
        if text[at] == "母" and text[at - 1 : at] in _BEFORE_MOTHER and at:
            return True
        following = text[at + 1 : at + 2]
        return (
            is_hanzi(following)
            and following not in self.vocabulary.tails
            and not (self.vocabulary.match(text, at + 1) or self._units.match(text, at + 1))
        )

    def _may_begin(self, character: str) -> bool:
        """False for a character with which nothing that is known begins."""
        return character in _STARTS or self.vocabulary.may_begin(character) or character.isdecimal()

    def _piece(self, text: str, at: int) -> Piece:
        character = text[at]
        if character in _SILENT:
            return Piece(Kind.OTHER, "", at, at + 1)
        if character in _HARD:
            return Piece(Kind.NEWLINE, character, at, at + 1)
        if character in _BREAKS:
            return Piece(Kind.BREAK, character, at, at + 1)
        return (
            (self._times(text, at) if character == "x" else None)
            or self._word(text, at)
            or (self._size(text, at) if character in _SIZE_STARTS else None)
            or (self._quantity(text, at) if character in _NUMBER_STARTS else None)
            or self._rest(text, at)
        )

    def _rest(self, text: str, at: int) -> Piece:
        # A run of digits that is no number anybody means is one piece, so that it is not looked at digit by digit.
        if heard := self.vocabulary.by_sound(text, at):
            return Piece(Kind.WORD, text[at : at + heard[0]], at, at + heard[0], keys=heard[1])
        run = _RUN.match(text, at)
        end = run.end() if run else at + 1
        return Piece(Kind.OTHER, text[at:end], at, end)

    def _times(self, text: str, at: int) -> Piece | None:
        """The sign before a quantity: ×500支, x -3."""
        start = at + 2 if text[at + 1 : at + 2] == " " else at + 1
        found = match_number(text, start)
        if not found:
            return None
        number, end = found
        return self._counted(text, at, end, number, self._unit(text, end))

    def _word(self, text: str, at: int) -> Piece | None:
        word = self.vocabulary.match(text, at)
        if word is None:
            return None
        end = at + len(word)
        if signal := self.vocabulary.signals.get(word):
            if word.endswith("批") and text[end : end + 1] in ("号", "次"):
                return None
            return Piece(Kind.QUANTITY, word, at, end, vague=True) if signal == "vague" else Piece(Kind.SIGNAL, signal, at, end)
        if word in self.vocabulary.fillers:
            return Piece(Kind.OTHER, "", at, end)
        if word.isdecimal() and (text[end : end + 1] in (".", "x") or self._unit(text, end)):
            return None
        return Piece(Kind.WORD, word, at, end, keys=self.vocabulary.meanings(word))

    def _size(self, text: str, at: int) -> Piece | None:
        found = None if _inside(text, at) or _BARE.match(text, at) else match_size(text, at)
        if not found:
            return None
        size, end, starts = found
        if starts and (self._unit(text, end) or self._last_is_quantity(size)):
            size, end = size.without_last(), starts[-1]
        if size.is_number:
            return self._word_by_number(text, at, end, size) if starts else None
        return Piece(Kind.SIZE, text[at:end], at, end, keys=frozenset(size.wanted()), size=size)

    def _last_is_quantity(self, size: Size) -> bool:
        return len(size.parts) > 2 and not self._known(size) and self._known(size.without_last())

    def _known(self, size: Size) -> bool:
        return any(key in self.sizes for key in size.wanted())

    def _word_by_number(self, text: str, at: int, end: int, size: Size) -> Piece:
        said = text[at:end]
        keys = self.vocabulary.meanings(said) or frozenset(size.wanted())
        return Piece(Kind.WORD, said, at, end, keys=keys)

    def _quantity(self, text: str, at: int) -> Piece | None:
        if _inside(text, at) or _is_dash(text, at):
            return None
        if vague := _VAGUE.match(text, at):
            unit = self._unit(text, vague.end())
            return Piece(Kind.QUANTITY, vague.group(), at, vague.end() + len(unit or ""), unit=unit, vague=True)
        if spoken := _SPOKEN_GRADE.match(text, at):
            return self._spoken_grade(spoken)
        found = (Decimal("0.5"), at + 1) if text[at] == "半" else match_number(text, at)
        if found is None:
            return None
        number, end = found
        if unit := self._unit(text, end):
            return self._counted(text, at, end, number, unit)
        return self._bare(text, at, end, number)

    def _counted(self, text: str, at: int, end: int, number: Decimal, unit: str | None) -> Piece:
        """A number with its unit, if it has one; 两箱半 is 2.5."""
        plus = None
        if unit is not None:
            end += len(unit) + (text[end] == " ")
            if text[end : end + 1] == "半" and not _joined(text, end + 1):
                number, end = number + Decimal("0.5"), end + 1
            elif second := self._plus(text, end, unit):
                plus, end = second
        return Piece(Kind.QUANTITY, text[at:end], at, end, number=number, unit=unit, plus=plus)

    def _plus(self, text: str, at: int, first: str) -> tuple[tuple[Decimal, str], int] | None:
        """The second part of 1箱零2盒 or 1箱2盒 in another unit, and where it ends; 1箱2盒螺母 is of two products."""
        said = _AND.match(text, at)
        start = said.end() if said else at
        found = match_number(text, start) if text[start : start + 1] in _NUMBER_STARTS else None
        unit = self._unit(text, found[1]) if found else None
        if not found or unit is None or unit == first:
            return None
        end = found[1] + len(unit) + (text[found[1]] == " ")
        return ((found[0], unit), end) if (said and said["more"]) or not _joined(text, end) else None

    def _bare(self, text: str, at: int, end: int, number: Decimal) -> Piece | None:
        said = text[at:end]
        if text[end : end + 1] == "瓦" and (meant := self.vocabulary.meanings(f"{said}w")):
            return Piece(Kind.WORD, f"{said}w", at, end + 1, keys=meant)
        if tail := _TAIL.match(text, end):
            return self._measure(text, at, number, tail)
        if said.strip("-").replace(".", "").isdecimal():
            keys = frozenset({decimal_key(number)}) if abs(number) < 10**6 else frozenset[str]()
            return None if _inside_after(text, end) else Piece(Kind.NUMBER, said, at, end, keys=keys, number=number)
        # 5千, 一千二: nobody calls a product so, when nothing is joined to it.
        return Piece(Kind.QUANTITY, said, at, end, number=number) if len(said) > 1 and not _joined(text, end) else None

    def _spoken_grade(self, spoken: re.Match[str]) -> Piece | None:
        """八点八级, as a voice message is written down."""
        parts = [match_number(spoken[name], 0) for name in ("whole", "part")]
        said = ".".join(str(part[0]) for part in parts if part)
        return Piece(Kind.WORD, f"{said}级", spoken.start(), spoken.end(), keys=frozenset({decimal_key(Decimal(said))}))

    def _measure(self, text: str, at: int, number: Decimal, tail: re.Match[str]) -> Piece:
        said = text[at : tail.end()]
        if tail["grade"] or tail["unit"] in ("mm", "毫米", "cm", "公分", "厘米"):
            scale = 10 if tail["unit"] in ("cm", "公分", "厘米") else 1
            return Piece(Kind.WORD, said, at, tail.end(), keys=frozenset({decimal_key(number * scale)}))
        return Piece(Kind.OTHER, said.replace(" ", ""), at, tail.end())

    def _unit(self, text: str, at: int) -> str | None:
        if text[at : at + 1] != " ":
            unit = self._units.match(text, at)
            word = self.vocabulary.match(text, at) if unit else None
            return None if unit and word and len(word) > len(unit) and self.vocabulary.meanings(word) else unit
        unit = self._units.match(text, at + 1)
        return unit if unit and not _joined(text, at + 1 + len(unit)) else None


def _other(text: str, start: int, end: int) -> list[Piece]:
    return [Piece(Kind.OTHER, text[start:end], start, end)] if end > start else []


def _joined(text: str, end: int) -> bool:
    return text[end : end + 1].isalnum()


def _inside(text: str, at: int) -> bool:
    """True in the middle of a Latin word or of a number."""
    before = text[at - 1 : at] if at else ""
    return before.isascii() and (before.isalnum() or before == ".") and text[at].isascii() and before != "x"


def _is_dash(text: str, at: int) -> bool:
    """True for a - that joins two things and makes no number negative."""
    return text[at] == "-" and at > 0 and text[at - 1] not in " ,;x、\n|"


def _inside_after(text: str, end: int) -> bool:
    after = text[end : end + 1]
    return after.isascii() and after.isalpha() and after != "x"
