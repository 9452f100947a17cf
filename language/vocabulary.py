"""The dictionary: every word that says something of a product, found longest first.

A meaning is written `type:六角螺栓`, `finish:镀锌`, `material:304` or, for an alias or any other word of a product, `word:手套`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from language.records import ProductRecord, WordRecord
from language.sizes import match_size
from language.sound import sound, syllable
from language.text import plain
from language.words import KINDS, shipped

LITERAL = "word:"
"""A word that stands for itself: it is also found inside longer words, as the others never are (镀锌 is not 热镀锌)."""

_MEASURES = (("平方", "平", "mm2", "方"), ("w", "瓦"), ("l", "升"), ("ml", "毫升"), ("g", "克"), ("v", "伏"), ("匹", "p"))
"""Units of measure that tell products apart and are no units of quantities there."""
_MEASURED = "|".join(sorted((word for group in _MEASURES for word in group), key=len, reverse=True))
_MEASURE = re.compile(rf"(?<![0-9.a-z])(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,2}})?) ?(?P<unit>{_MEASURED})(?![a-z0-9])")
_STANDARD = re.compile(r"(gb/t|gb|din|iso|jis)([0-9][0-9.]*)")
_LONGEST_SOUND = 8
"""Syllables of the longest word that is known by its sound."""


class Vocabulary:
    """Words and their meanings; built from what ships, the firm's words, and the fields of its products."""

    def __init__(self, products: Iterable[ProductRecord], own: Iterable[WordRecord]) -> None:
        self._meanings: dict[str, set[str]] = defaultdict(set)
        self._canonical: dict[tuple[str, str], str] = {}
        self._fields: dict[tuple[str, str], str] = {}
        self._add_shipped()
        for word in own:
            self._add_synonym(word.kind, word.means, word.word)
        products = list(products)
        for product in products:
            self._add_product(product)
        self.tails = frozenset(plain(product.type)[-1:] for product in products if product.type)
        """The characters with which types end: the 线 of 红线, where the firm sells 电线."""
        self.fillers = frozenset(shipped()["fillers"])
        self.signals = {plain(word): name for name, said in shipped()["signals"].items() for word in said}
        self._lengths = self._measured()
        self._add_names(products)
        self._add_measures(products)
        self._lengths = self._measured()
        self._sounds = self._heard()
        sounding: dict[str, set[int]] = defaultdict(set)
        for heard in self._sounds:
            sounding[heard.partition("'")[0]].add(heard.count("'") + 1)
        self._sound_lengths = {first: sorted(found, reverse=True) for first, found in sounding.items()}

    def meanings(self, word: str) -> frozenset[str]:
        """What a plain word means; nothing for a filler."""
        return frozenset(self._meanings.get(word, ()))

    def may_begin(self, character: str) -> bool:
        """True for a character with which a word begins, as it is written or as it sounds."""
        return character in self._lengths or syllable(character) in self._sound_lengths

    def match(self, text: str, at: int) -> str | None:
        """The longest known word that begins at `at`; a Latin word or a number is never found inside a longer one."""
        for length in self._lengths.get(text[at], ()):
            word = text[at : at + length]
            if (word in self._meanings or word in self.fillers or word in self.signals) and _stands_alone(text, at, at + len(word)):
                return word
        return None

    def by_sound(self, text: str, at: int) -> tuple[int, frozenset[str]] | None:
        """How long the word is that begins at `at` as it sounds, and what it means; where two words sound alike, none."""
        for length in self._sound_lengths.get(syllable(text[at]), ()):
            word = text[at : at + length]
            if len(word) == length and (heard := sound(word)) and heard in self._sounds:
                meant = {self.meanings(alike) for alike in self._sounds[heard]}
                if len(meant) == 1:
                    return length, meant.pop()
        return None

    def _heard(self) -> dict[str, set[str]]:
        """The words by their sound; of two syllables only those that name a type or a finish, since many words sound like short ones."""
        heard: dict[str, set[str]] = defaultdict(set)
        for word, meanings in self._meanings.items():
            short = len(word) == 2 and not any(meaning.startswith(("type:", "finish:")) for meaning in meanings)
            if 1 < len(word) <= _LONGEST_SOUND and not short and (said := sound(word)):
                heard[said].add(word)
        return heard

    def of_field(self, kind: str, value: str) -> str:
        """The meaning of a product's own field, by its canonical word."""
        if (kind, value) not in self._fields:
            self._fields[kind, value] = f"{kind}:{self._canonical.get((kind, plain(value)), plain(value))}"
        return self._fields[kind, value]

    def _measured(self) -> dict[str, list[int]]:
        lengths: dict[str, set[int]] = defaultdict(set)
        for said in (*self._meanings, *self.fillers, *self.signals):
            lengths[said[0]].add(len(said))
        return {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _add_measures(self, products: Iterable[ProductRecord]) -> None:
        """2.5平方, 18L and 70g of a name, as people write them: 2.5平, 18升, 70克."""
        for text in {plain(text) for product in products for text in (product.name, product.spec)}:
            for found in _MEASURE.finditer(text):
                for said in next(group for group in _MEASURES if found["unit"] in group):
                    self._meanings[f"{found['number']}{said}"].add(LITERAL + found.group())

    def _add_names(self, products: Iterable[ProductRecord]) -> None:
        """What stands in names besides the words that are known: 盘头, 五座通用."""
        for word in {plain(word) for product in products for word in product.name.split()}:
            if word.endswith("#") and word[:-1].isdecimal():
                self._meanings[f"{word[:-1]}号"].add(LITERAL + word)
            known = any(self.match(word, at) in self._meanings for at in range(len(word)))
            if len(word) > 1 and not known and not any(character.isdecimal() for character in word):
                self._meanings[word].add(LITERAL + word)

    def _add_shipped(self) -> None:
        words = shipped()
        for section, kind in KINDS.items():
            for means, said in words[section].items():
                for word in (means, *said):
                    self._add_synonym(kind, means, word)
        for word, types in words["families"].items():
            self._meanings[plain(word)] |= {f"type:{plain(means)}" for means in types}
        for size, said in words["pipes"].items():
            for word in map(plain, said):
                self._meanings[word] |= {size, LITERAL + word}

    def _add_synonym(self, kind: str, means: str, word: str) -> None:
        if kind in KINDS.values() and word.strip():
            canonical = self._canonical.get((kind, plain(means)), plain(means))
            self._canonical[kind, plain(word)] = canonical
            for said in _spellings(plain(word)):
                self._meanings[said].add(f"{kind}:{canonical}")

    def _add_product(self, product: ProductRecord) -> None:
        for kind, value in (("finish", product.finish), ("material", product.material), ("colour", product.colour)):
            if value:
                self._meanings[plain(value)].add(self.of_field(kind, value))
        if product.type and ("type", plain(product.type)) not in self._canonical:
            self._meanings[plain(product.type)] |= {self.of_field("type", product.type), LITERAL + plain(product.type)}
        for word in (product.code, product.spec, *product.aliases):
            said = plain(word)
            if said and not _is_size(said):
                self._meanings[said].add(LITERAL + said)


def _spellings(word: str) -> tuple[str, ...]:
    """GB/T5783 is also written GB/T 5783 and GBT5783."""
    standard = _STANDARD.fullmatch(word)
    if not standard:
        return (word,)
    body, number = standard.groups()
    return tuple(f"{said}{gap}{number}" for said in {body, body.replace("/", "")} for gap in ("", " ", "-"))


def _is_size(said: str) -> bool:
    found = match_size(said, 0)
    return found is not None and found[1] == len(said)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.isdecimal() and end - start > 1 and text[start:end].isalpha():
        after = ""  # BV2.5: letters end where a number begins
    if before.isalpha() and text[start].isdecimal() and text[max(0, start - 2) : start].isalpha() and start > 1:
        before = ""
    return not (_joins(before) and _joins(text[start])) and not (_joins(text[end - 1]) and _joins(after))


def _joins(character: str) -> bool:
    return character.isascii() and character.isalnum()
