"""Finding a word inside many short texts: an index of characters and pairs of characters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise


class LiteralIndex:
    """Which of the texts, by their ids, contain a word; made once, then only read."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        self._texts = texts
        self._grams: dict[str, set[int]] = defaultdict(set)
        for key, text in texts.items():
            for gram in {*text, *map("".join, pairwise(text))}:
                self._grams[gram].add(key)

    def containing(self, word: str) -> set[int]:
        """The ids of all texts in which `word` stands as it is."""
        grams = [word] if len(word) < 2 else list(map("".join, pairwise(word)))
        found = smallest_first([self._grams.get(gram, set()) for gram in grams])
        return found if len(word) <= 2 else {key for key in found if word in self._texts[key]}


def smallest_first(sets: Iterable[Collection[int]]) -> set[int]:
    """The intersection, beginning with the smallest set, so that it costs no more than that one."""
    ordered = sorted(sets, key=len)
    return set(ordered[0]).intersection(*ordered[1:]) if ordered else set()
