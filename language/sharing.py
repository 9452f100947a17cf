"""What the rows of a text say for each other: a quantity for several, a type said only once, a total, words that come late."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from language.lexer import Piece
from language.piece_kinds import NAMES, kind_of, names_product, says, types_of
from language.products import Finder
from language.row import MOST_PIECES, MOST_TOGETHER, Row


class Sharing:
    """Completes rows by their neighbours."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    def settle(self, rows: list[Row]) -> tuple[list[Row], list[Piece]]:
        """The rows that stay, each with all that was meant for it, and what belongs to none."""
        self._share(rows)
        self._inherit(rows)
        self._drop_total(rows)
        return self._with_trailing(rows)

    def _share(self, rows: Sequence[Row]) -> None:
        """M8×30/M8×40镀锌各1000支: what one of them says, the others mean too, as far as they need it."""
        for _, group in groupby((row for row in rows if row.shared is not None), key=lambda row: row.shared):
            shared = list(group)
            for row in shared:
                for other in shared:
                    self.complete(row, other.phrase)

    def complete(self, row: Row, phrase: Sequence[Piece]) -> None:
        kinds = {kind_of(piece) for piece in row.phrase}
        for piece in phrase:
            if self._finder.match(row.phrase).id is not None:
                return
            if (kind := kind_of(piece)) in kinds and (kind != "word" or says(row.phrase, piece)):
                continue
            if self._finder.fits([*row.phrase, piece]):
                row.phrase.append(piece)

    def _inherit(self, rows: Sequence[Row]) -> None:
        """座椅套 米色15套、黑色15套: a row that says only a part is of the product that the row before names."""
        for before, row in pairwise(rows):
            if row.phrase and bool(row.quantities) == bool(before.quantities) and (told := self._inherited(before, row)):
                row.phrase = [*told, *row.phrase]
        for row, behind in pairwise(rows):
            if not row.quantities and not behind.quantities and row.phrase and not names_product(row.phrase):
                row.phrase = [*self._named_for(row, behind), *row.phrase]

    def _named_for(self, row: Row, other: Row) -> list[Piece]:
        """What the other row names, where it is also there as this one describes it: 黑色和米色的座套."""
        named = [piece for piece in other.phrase if kind_of(piece) in NAMES]
        return named if named and self._finder.fits([*named, *row.phrase]) else []

    def _inherited(self, before: Row, row: Row) -> list[Piece]:
        """What the row before says that this one needs; nothing where it is a product by itself."""
        types = types_of(before.phrase)
        if not row.quantities and not names_product(row.phrase):
            return self._named_for(row, before)
        if not row.quantities:
            return types if types and _is_thread(row) and self._finder.fits([*types, *row.phrase]) else []
        called = types or [piece for piece in before.phrase if kind_of(piece) == "word"]
        if _is_bare_diameter(row):
            return called
        if self._is_size_only(row):
            return called if called and self._settles([*called, *row.phrase]) else []
        if not names_product(row.phrase):
            return self._named_for(row, before)
        named = [piece for piece in before.phrase if kind_of(piece) in NAMES]
        if all(kind_of(piece) == "word" for piece in row.phrase) and self._finder.match(row.phrase).count > 1:
            # 朗逸脚垫12套,轩逸的6套: the word that differs stands for the one before
            named = [piece for piece in named if not any(self._finder.apart(piece, said) for said in row.phrase)]
            return named if named and self._settles([*named, *row.phrase]) else []
        return []

    def _settles(self, phrase: Sequence[Piece]) -> bool:
        return self._finder.match(phrase).id is not None

    def _is_size_only(self, row: Row) -> bool:
        """铆钉4×12两盒 5×16两盒: a size by itself that several products have."""
        return len(row.phrase) == 1 and kind_of(row.phrase[0]) == "size" and self._finder.match(row.phrase).count > 1

    def _drop_total(self, rows: list[Row]) -> None:
        """一共16套,黑的10套米色6套: what the rows behind it add up to is no row of its own."""
        first, parts = rows[:1], rows[1:MOST_TOGETHER]
        counted = [row.quantities[0] for row in (*first, *parts) if len(row.quantities) == 1]
        if len(parts) < 2 or len(counted) <= len(parts) or self._finder.match(first[0].phrase).id is not None:
            return
        if len({piece.unit for piece in counted}) == 1 and counted[0].number == sum(piece.number or 0 for piece in counted[1:]):
            del rows[0]

    def _with_trailing(self, rows: Sequence[Row]) -> tuple[list[Row], list[Piece]]:
        """Words behind the quantity may say which product was meant before it: M8×30×500支 镀锌."""
        kept: list[Row] = []
        left_over: list[Piece] = []
        for row in rows:
            if row.quantities or (not kept and names_product(row.phrase)):
                kept.append(row)
            elif kept and self._belongs(kept[-1], row):
                more = [piece for piece in row.phrase if not says(kept[-1].phrase, piece)]
                kept[-1].phrase += more[: MOST_PIECES - len(kept[-1].phrase)]
            elif names_product(row.phrase):
                kept.append(row)
            else:
                left_over += row.phrase
        return kept, left_over

    def _belongs(self, before: Row, row: Row) -> bool:
        if not before.phrase or not before.quantities or not self._finder.fits([*before.phrase, *row.phrase]):
            return False
        alone, together = self._finder.match(before.phrase).id, self._finder.match([*before.phrase, *row.phrase]).id
        return together is not None and alone in (None, together)


def _is_bare_diameter(row: Row) -> bool:
    """钻咀φ6 5盒 φ10 3盒: a diameter alone names nothing; what is not there in it is asked, though something else has it."""
    size = row.phrase[0].size if len(row.phrase) == 1 else None
    return size is not None and size.prefix == "φ" and len(size.parts) == 1


def _is_thread(row: Row) -> bool:
    """丝杆M10和M12: a thread by itself."""
    return len(row.phrase) == 1 and row.phrase[0].size is not None and len(row.phrase[0].size.parts) == 1
