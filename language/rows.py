"""Which words and which quantity belong together: the pieces of a text as rows of a product phrase and its quantity.

People write the product first or the quantity first, run lines together or break them, put a word behind the quantity that belongs before
it, say what several lines share only once (各), leave out what the line before has said already, and correct themselves.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from language.lexer import Kind, Piece
from language.piece_kinds import alike, kind_of, looks_of, names_product, says
from language.products import Finder
from language.row import MOST_PIECES, MOST_TOGETHER, Row
from language.sharing import Sharing

_AHEAD = 16
"""Pieces that are looked at to see what follows; rows that may come with a bolt."""


class RowReader:
    """Reads the rows of one text."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._rows: list[Row] = []
        self._signal = ""
        self._corrected = False
        self._broken = True
        self._joined = False
        self._said_of_all = 0
        self._listed: list[Piece] = []
        """What is named before a list of numbers that goes on in the next segment."""
        self._kits: list[tuple[Row | None, str]] = []
        self.noise: list[Piece] = []
        """What is none of the dictionary's, and of no row."""

    def read(self, pieces: Sequence[Piece]) -> list[Row]:
        """All rows in their order."""
        for clause in _split(pieces, Kind.NEWLINE):
            segments = list(_split(clause, Kind.BREAK))
            for number, segment in enumerate(segments):
                self._segment(list(self._with_numbers(segment, segments, number)))
        self._add_kits()
        self._take_noise()
        rows, left_over = Sharing(self._finder).settle(self._rows)
        self.noise = sorted([*self.noise, *left_over], key=lambda piece: piece.start)
        return rows

    def _with_numbers(self, segment: Sequence[Piece], segments: Sequence[Sequence[Piece]], number: int) -> Iterator[Piece]:
        """The pieces, each bare number as a quantity or as a word of the product."""
        phrase = list(self._listed)
        self._listed = []
        for index, piece in enumerate(segment):
            if piece.kind is Kind.NUMBER:
                following = segment[index + 1 : index + _AHEAD]
                if not following and (each := _each_of(segments[number + 1 : number + _AHEAD])):
                    following = each
                    self._listed = [said for said in phrase if kind_of(said) != "number"]
                piece = self._number(phrase, piece, following)
            if piece.kind is Kind.QUANTITY:
                phrase = []
            elif piece.keys and not says(phrase, piece):
                phrase = [*phrase[1 - MOST_PIECES :], piece]
            yield piece

    def _number(self, phrase: Sequence[Piece], piece: Piece, following: Iterable[Piece]) -> Piece:
        counted, word, is_counted = piece._replace(kind=Kind.QUANTITY), piece._replace(kind=Kind.WORD), _is_counted(following)
        if not phrase:
            return word if is_counted and self._finder.knows(piece) else counted
        if any(f"#{part}" in piece.keys for said in phrase if said.size for part in said.size.parts):
            return counted
        fits = bool(self._finder.match([*phrase, piece]).count)
        if is_counted and not fits:  # 弯头20和25各50个: in the place of the number before
            fits = bool(self._finder.match([*(said for said in phrase if kind_of(said) != "number"), piece]).count)
        if is_counted:
            return word if fits else piece._replace(kind=Kind.OTHER)
        is_word = fits and (phrase[-1].end == piece.start or self._finder.match(phrase).id is None)
        return word if is_word else counted

    def _segment(self, pieces: Sequence[Piece]) -> None:
        self._broken = self._joined = True
        if self._signal != "correction" or self._corrected:
            self._signal = ""
        for index, piece in enumerate(pieces):
            if piece.kind is Kind.SIGNAL:
                self._signalled(piece.text, pieces[index + 1 : index + _AHEAD])
            elif piece.kind is Kind.QUANTITY:
                self._quantity(piece, pieces[index + 1 : index + _AHEAD])
            elif piece.keys or self._finder_knows(piece):
                self._word(piece)
            elif piece.text:
                self.noise.append(piece)

    def _signalled(self, signal: str, following: Iterable[Piece]) -> None:
        """A kit in one word (一平一弹一母) is written `kit:` and the types that come along."""
        if signal == "and":
            self._joined = True
            return
        if signal == "each" and _looks_only(following):
            signal = "all"  # 都要镀锌
        types = signal.partition(":")[2]
        if types:
            self._kits.append((next((row for row in self._rows[-1:] if row.has_length), None), types))
            return
        if signal == "kit_all":
            self._gather_kit()
        self._signal, self._corrected = "kit" if signal == "kit_all" else signal, False

    def _add_kits(self) -> None:
        """Each kit to the bolt before it, else to the first one."""
        for before, types in self._kits[:MOST_TOGETHER]:
            bolt = before or next((row for row in self._rows if row.has_length), None)
            if bolt and not bolt.kit:
                at = bolt.phrase[-1]
                bolt.kit = [Piece(Kind.WORD, said, at.start, at.end, keys=frozenset({f"type:{said}"})) for said in types.split("+")]

    def _gather_kit(self) -> None:
        """螺栓，平垫弹垫螺母都配齐: what was named since the bolt comes with it."""
        last = range(max(0, len(self._rows) - _AHEAD), len(self._rows))
        bolt = next((number for number in reversed(last) if self._rows[number].has_length), None)
        if bolt is None:
            return
        row, more = self._rows[bolt], self._rows[bolt + 1 :]
        if not row.quantities and all(not other.quantities and len(other.phrase) == 1 for other in more):
            row.kit += [piece for other in more for piece in other.phrase]
            del self._rows[bolt + 1 :]

    def _finder_knows(self, piece: Piece) -> bool:
        """True for a stretch outside the dictionary that stands in some product's name."""
        return len(piece.text) > 1 and self._finder.knows(piece)

    def _word(self, piece: Piece) -> None:
        row = self._rows[-1] if self._rows else None
        if self._signal == "no_kit" and row and _is_accessory(piece, row):
            return
        if self._signal == "kit" and row and _is_accessory(piece, row):
            row.kit += [] if says(row.kit, piece) or len(row.kit) == MOST_PIECES else [piece]
        elif self._signal == "correction" and row:
            self._correct(row, piece)
        elif self._signal == "all" and row and not names_product([piece]):
            self._said_of_all += 1
            for other in self._rows if self._said_of_all <= MOST_TOGETHER else ():
                other.phrase += [] if any(looks_of(said) & looks_of(piece) for said in other.phrase) else [piece]
        elif row is None or (row.quantities and row.phrase and (self._broken or not row.counted_first)) or self._begins(row, piece):
            self._rows.append(Row(phrase=[piece]))
        elif len(row.phrase) < MOST_PIECES and not says(row.phrase, piece):
            row.phrase.append(piece)
        self._broken = self._joined = False

    def _begins(self, row: Row, piece: Piece) -> bool:
        """True when the piece cannot belong to the row: it says something else of the same kind."""
        kind = kind_of(piece)
        like = [said for said in row.phrase if alike(kind_of(said), kind) or looks_of(said) & looks_of(piece)]
        if kind in ("word", "size") and says(row.phrase, piece) and self._finder.match(row.phrase).id is not None:
            return True
        if self._broken and kind in ("type", "size") and any(kind_of(said) == kind for said in like):
            return True
        if self._joined and looks_of(piece):
            like = [said for said in row.phrase if looks_of(said)]  # 304的和镀锌的: a material and a finish of two products
        return (kind != "number" or self._joined) and any(self._finder.apart(said, piece) for said in like)

    def _quantity(self, piece: Piece, following: Iterable[Piece]) -> None:
        row = self._rows[-1] if self._rows else None
        waiting = [row for row in self._rows[-MOST_TOGETHER:] if row.phrase and not row.quantities] if self._signal == "each" else []
        if self._signal == "correction" and row:
            row.quantities, self._corrected = [piece], True
            return
        if waiting:
            for each in waiting:
                each.quantities, each.shared = [piece], piece.start if len(waiting) > 1 else None
        elif row and not row.quantities:
            row.quantities.append(piece)
        elif row and self._corrected and _says_again(row, piece):
            return
        elif row is None or names_product(told := _phrase_of(following)) or (told and self._broken and row.counted_first):
            self._rows.append(Row(quantities=[piece], counted_first=True))
        else:
            row.quantities.append(piece)
        self._signal = ""

    def _correct(self, row: Row, piece: Piece) -> None:
        """What is said after 不对 takes the place of what it contradicts."""
        kind = kind_of(piece)
        looks = bool(looks_of(piece))
        kept = [
            said
            for said in row.phrase
            if not (alike(kind_of(said), kind) or (looks and looks_of(said))) or not self._finder.apart(said, piece)
        ]
        row.phrase = [*kept[1 - MOST_PIECES :], piece]
        self._corrected = True

    def _take_noise(self) -> None:
        """Gives a quantity without a product what stands before it, so that it can be asked what that is."""
        starts = [piece.start for piece in self.noise]
        taken: set[int] = set()
        end = 0
        for row in self._rows:
            if not row.phrase:
                found = range(bisect_left(starts, end), bisect_left(starts, row.start))
                row.noise = [self.noise[number] for number in found if number not in taken]
                taken |= {*found}
            end = max(piece.end for piece in (*row.phrase, *row.quantities))
        self.noise = [piece for number, piece in enumerate(self.noise) if number not in taken]


def _is_accessory(piece: Piece, row: Row) -> bool:
    return kind_of(piece) == "type" and row.has_length


def _says_again(row: Row, piece: Piece) -> bool:
    """True for the quantity of a row once more, behind what was put right."""
    said = row.quantities[0]
    return len(row.quantities) == 1 and piece.number is not None and (said.number, said.unit) == (piece.number, piece.unit)


def _looks_only(following: Iterable[Piece]) -> bool:
    """True where nothing but how goods look is said behind."""
    said = [piece for piece in following if piece.keys or piece.kind in (Kind.QUANTITY, Kind.NUMBER)]
    return bool(said) and all(looks_of(piece) for piece in said)


def _phrase_of(following: Iterable[Piece]) -> list[Piece]:
    """The words before the next quantity."""
    phrase = []
    for piece in following:
        if piece.kind is Kind.QUANTITY:
            break
        if piece.keys:
            phrase.append(piece)
    return phrase


def _each_of(behind: Sequence[Sequence[Piece]]) -> Sequence[Piece]:
    """The end of a list of bare numbers with one quantity that is said of each; nothing where it is none."""
    for segment in behind:
        if not segment or segment[0].kind is not Kind.NUMBER:
            break
        if len(segment) > 1:
            return segment if any(piece.kind is Kind.SIGNAL and piece.text == "each" for piece in segment) else ()
    return ()


def _is_counted(following: Iterable[Piece]) -> bool:
    """True when a quantity with its unit comes before the next product."""
    for piece in following:
        if piece.kind in (Kind.QUANTITY, Kind.SIZE) or (piece.kind is Kind.SIGNAL and piece.text not in ("and", "each")):
            return piece.kind is Kind.QUANTITY
    return False


def _split(pieces: Sequence[Piece], kind: Kind) -> Iterator[list[Piece]]:
    part: list[Piece] = []
    for piece in pieces:
        if piece.kind is kind:
            yield part
            part = []
        else:
            part.append(piece)
    yield part
