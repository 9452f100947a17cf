"""Reading what people type: pure functions over a catalogue. Imports no other room, does no I/O but for its own word list."""

from language.catalogue import Catalogue
from language.reader import read
from language.reading import Ask, Change, Context, Line, Named, Pending, Reading, SaidDay, Split
from language.records import CustomerRecord, ProductRecord, WordRecord
from language.workdays import WorkingDays

__all__ = [
    "Ask",
    "Catalogue",
    "Change",
    "Context",
    "CustomerRecord",
    "Line",
    "Named",
    "Pending",
    "ProductRecord",
    "Reading",
    "SaidDay",
    "Split",
    "WordRecord",
    "WorkingDays",
    "read",
]
