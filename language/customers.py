"""Which customer is meant: by code, name, alias, or a short form that fits only one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from language.literal import LiteralIndex
from language.products import OFFERED, Match
from language.records import CustomerRecord
from language.sound import sound
from language.text import clean, plain
from language.words import places

_FORM = re.compile(r"(?:股份|集团|责任)*(?:有限)?(?:责任)?公司$")
_LEAST_SOUND = 3
"""Syllables that a name must have to be known by its sound alone."""


class CustomerIndex:
    """Finds customers by what people type; made once, then only read."""

    def __init__(self, customers: Sequence[CustomerRecord]) -> None:
        self._names: dict[str, set[int]] = defaultdict(set)
        self._shorts: dict[str, set[int]] = defaultdict(set)
        self._sounds: dict[str, set[int]] = defaultdict(set)
        self._codes = {customer.id: customer.code for customer in customers}
        texts = {}
        for customer in customers:
            said = [plain(clean(text)) for text in (customer.name, *customer.aliases) if text.strip()]
            for name in {*said, *map(_short, said), *map(_core, said), plain(clean(customer.code))}:
                self._add(name, customer.id)
            texts[customer.id] = "\n".join(said)
        self._literal = LiteralIndex(texts)
        self._longest = max(map(len, self._names), default=0)
        self._lengths = self._measured()
        self.firsts = self._lengths.keys()
        """The characters with which names begin."""

    def find(self, said: str) -> Match:
        """The customer that a plain text names; a name or alias counts before a part of one."""
        wanted = said.strip()
        found = self._names.get(wanted) or self._names.get(_short(wanted)) or self._containing(_short(wanted)) or self._sounding(wanted)
        return self._match(found)

    def leading(self, text: str) -> Iterable[int]:
        """Where a name, alias or code that the plain text begins with ends; longest first."""
        return (end for end in range(min(self._longest, len(text)), 1, -1) if text[:end] in self._names)

    def at(self, text: str, start: int) -> Iterator[str]:
        """Every name, alias or short form that begins at `start` of a plain text; longest first."""
        for length in self._lengths.get(text[start], ()):
            word = text[start : start + length]
            if word in self._names or word in self._shorts:
                yield word

    def named(self, word: str) -> Match:
        """The customers of a name or short form; one that is a whole name or alias is of nobody else's."""
        return self._match(self._names.get(word) or self._shorts.get(word, set()))

    def is_named(self, word: str) -> bool:
        """True for a whole name, alias or code."""
        return word in self._names

    def _add(self, name: str, number: int) -> None:
        if len(name) < 2:
            return
        self._names[name].add(number)
        if len(name) >= _LEAST_SOUND and (heard := sound(name)):
            self._sounds[heard].add(number)
        core = _core(name)
        for length in range(2, len(core)):
            if core[:length] not in places():
                self._shorts[core[:length]].add(number)

    def _measured(self) -> dict[str, list[int]]:
        lengths: dict[str, set[int]] = defaultdict(set)
        for name in (*self._names, *self._shorts):
            lengths[name[0]].add(len(name))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _containing(self, word: str) -> set[int]:
        return self._literal.containing(word) if len(word) > 1 else set()

    def _sounding(self, word: str) -> set[int]:
        """Who is called what sounds alike: 宏大建材 for 宏达建材."""
        heard = sound(word) if _LEAST_SOUND <= len(word) <= self._longest else ""
        return self._sounds.get(heard, set()) if heard else set()

    def _match(self, found: Iterable[int]) -> Match:
        found = set(found)
        if len(found) == 1:
            return Match(next(iter(found)), count=1)
        return Match(candidates=tuple(sorted(found, key=self._codes.__getitem__)[:OFFERED]), count=len(found))


def _short(name: str) -> str:
    """A firm's name without its legal form, which people leave out."""
    return _FORM.sub("", name) or name


def _core(name: str) -> str:
    """A firm's short name without the place that it begins with."""
    short = _short(name)
    for length in (3, 2):
        if short[:length] in places() and len(short) > length + 1:
            rest = short[length:]
            return rest[1:] if rest[0] in "市省" and len(rest) > 2 else rest
    return short
