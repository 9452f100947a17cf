"""A text from which what has been understood is wiped off, so that nothing is read twice."""

import re
from collections.abc import Sequence
from datetime import date

from language.catalogue import Catalogue
from language.dates import Day, find_days
from language.lexer import Piece
from language.products import Finder
from language.text import plain
from language.workdays import NO_CALENDAR, WorkingDays

WIPED = "|"
"""Stands where something was wiped: whatever stood before and after it does not belong together."""


class Slate:
    """The text as `shown` (case kept) and as `plain` (what is compared), character for character alike.

    It is read over `catalogue`, on the company's day `today`; `working`: the days on which the firm works.
    """

    def __init__(
        self, shown: str, catalogue: Catalogue, today: date, working: WorkingDays = NO_CALENDAR, finder: Finder | None = None
    ) -> None:
        self.shown = shown
        self.plain = plain(shown)
        self.catalogue = catalogue
        self.today = today
        self.working = working
        self.unwanted: frozenset[str] = frozenset()
        """What no product may be that is meant: its finish, material or colour as keys."""
        self.finder = finder or Finder(catalogue.product_index)
        self._days: tuple[str, list[Day]] = ("", [])

    def part(self, shown: str) -> "Slate":
        """A part of the text on a slate of its own."""
        return Slate(shown, self.catalogue, self.today, self.working, self.finder)

    def copy(self) -> "Slate":
        """The same text on another slate, with what has been wiped off this one."""
        return Slate(self.shown, self.catalogue, self.today, self.working, self.finder)

    @property
    def pieces(self) -> Sequence[Piece]:
        """What is left, cut into pieces."""
        return self.finder.cut(self.plain)

    @property
    def days(self) -> list[Day]:
        """Every day that is named in what is left, by the firm's working days; looked for anew only when something was wiped off."""
        if self._days[0] != self.plain:
            self._days = self.plain, find_days(self.plain, self.today, self.working)
        return self._days[1]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match in the plain text, wiped off."""
        found = pattern.search(self.plain)
        if found:
            self.wipe(found.start(), found.end())
        return found

    def wipe(self, start: int, end: int) -> None:
        blank = WIPED + " " * (end - start - 1) if end > start else ""
        self.plain = self.plain[:start] + blank + self.plain[end:]
        self.shown = self.shown[:start] + blank + self.shown[end:]

    def wipe_all(self, spans: Sequence[tuple[int, int]]) -> None:
        """Wipes many stretches at once; they stand in their order and do not overlap."""
        kept, shown, at = [], [], 0
        for start, end in spans:
            blank = WIPED + " " * (end - start - 1) if end > start else ""
            kept += [self.plain[at:start], blank]
            shown += [self.shown[at:start], blank]
            at = end
        self.plain, self.shown = "".join([*kept, self.plain[at:]]), "".join([*shown, self.shown[at:]])

    def put(self, start: int, end: int, word: str) -> None:
        """Puts a word in the place of what stands there, which is no shorter."""
        kept = word + " " * (end - start - len(word))
        self.plain = self.plain[:start] + kept + self.plain[end:]
        self.shown = self.shown[:start] + kept + self.shown[end:]

    def said(self, start: int, end: int) -> str:
        """What stands there as people see it."""
        return " ".join(self.shown[start:end].replace(WIPED, " ").split())

    def take_group(self, pattern: re.Pattern[str], *groups: str) -> str | None:
        """What the first of `groups` that took part in the first match says; the whole match is wiped off."""
        found = pattern.search(self.plain)
        if not found:
            return None
        said = self.said(*found.span(next(name for name in groups if found[name] is not None)))
        self.wipe(*found.span())
        return said or None

    def take_flag(self, pattern: re.Pattern[str]) -> bool | None:
        """True where the pattern is found, False where its group `no` is, None where it is not; all of its matches are wiped off."""
        found = list(pattern.finditer(self.plain))
        self.wipe_all([match.span() for match in found])
        return not found[-1].groupdict().get("no") if found else None

    @property
    def rest(self) -> str:
        """All that is left, as people see it."""
        return self.said(0, len(self.shown)).strip(" ,;、+:")
