"""Which customer is meant: by code, name, alias, or a short form that fits only one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from language.literal import LiteralIndex
from language.products import OFFERED, Match
from language.records import CustomerRecord
from language.text import clean, plain

_FORM = re.compile(r"(?:股份|集团|责任)*(?:有限)?(?:责任)?公司$")


class CustomerIndex:
    """Finds customers by what people type; made once, then only read."""

    def __init__(self, customers: Sequence[CustomerRecord]) -> None:
        self._names: dict[str, set[int]] = defaultdict(set)
        self._codes = {customer.id: customer.code for customer in customers}
        texts = {}
        for customer in customers:
            said = [plain(clean(text)) for text in (customer.name, *customer.aliases) if text.strip()]
            for name in (*said, *map(_short, said), plain(clean(customer.code))):
                self._names[name].add(customer.id)
            texts[customer.id] = "\n".join(said)
        self._literal = LiteralIndex(texts)
        self._longest = max(map(len, self._names), default=0)

    def find(self, said: str) -> Match:
        """The customer that a plain text names; a name or alias counts before a part of one."""
        wanted = said.strip()
        found = self._names.get(wanted) or self._names.get(_short(wanted)) or self._containing(_short(wanted))
        if len(found) == 1:
            return Match(next(iter(found)), count=1)
        return Match(candidates=tuple(sorted(found, key=self._codes.__getitem__)[:OFFERED]), count=len(found))

    def leading(self, text: str) -> Iterable[int]:
        """Where a name, alias or code that the plain text begins with ends; longest first."""
        return (end for end in range(min(self._longest, len(text)), 1, -1) if text[:end] in self._names)

    def is_named(self, word: str) -> bool:
        """True for a whole name, alias or code."""
        return word in self._names

    def _containing(self, word: str) -> set[int]:
        return self._literal.containing(word) if len(word) > 1 else set()


def _short(name: str) -> str:
    """A firm's name without its legal form, which people leave out."""
    return _FORM.sub("", name) or name
