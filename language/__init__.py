"""Reading what people type: pure functions over a catalogue. Imports no other room, does no I/O but for its own word list."""

from language.catalogue import Catalogue
from language.reader import read
from language.reading import Line, Named, Reading, SaidDay
from language.records import CustomerRecord, ProductRecord, WordRecord

__all__ = ["Catalogue", "CustomerRecord", "Line", "Named", "ProductRecord", "Reading", "SaidDay", "WordRecord", "read"]
