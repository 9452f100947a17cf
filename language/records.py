"""The plain records that a catalogue is built from: products, customers and the firm's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as people may name it; `units` says how many of `unit` one larger unit holds."""

    id: int
    code: str
    name: str
    unit: str
    spec: str = ""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    moq: Decimal | None = None
    type: str = ""
    material: str = ""
    finish: str = ""
    colour: str = ""
    grade: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer as people may name them."""

    id: int
    code: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordRecord:
    """A word of the firm: `word` means `means` where a `kind` (type, material, finish, unit) is read.

    Of the kinds piece (a word that counts single pieces) and piece_unit (a unit that such a word may stand for) only `word` says something.
    """

    word: str
    means: str
    kind: str
