"""The sample firm: a hardware wholesaler with its people, customers, products and stock, for the demo.

Its dates are written as of one Monday and move by whole weeks, so that nobody has to work on a Sunday.
"""

import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from connectors.files import KINDS, import_files
from store.transaction import Store

KINDS_OF_THE_FIRM = ("staff", "customers", "products", "words", "components", "capacity", "stock", "inbound")
"""In the order in which they name each other."""
_WRITTEN_ON = date(2026, 3, 2)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_sample_firm(store: Store) -> None:
    """Imports what is not there yet: a kind of which the database has anything is left alone."""
    with store.reading() as tx:
        missing = [kind for kind in KINDS_OF_THE_FIRM if tx.session.scalar(select(KINDS[kind].model).limit(1)) is None]
        shift = _monday_from(tx.today) - _WRITTEN_ON
    with tempfile.TemporaryDirectory() as folder:
        for kind in missing:
            written = Path(__file__).with_name(f"{kind}.csv").read_text(encoding="utf-8")
            path = Path(folder) / f"{kind}.csv"
            path.write_text(_DAY.sub(lambda day: str(date.fromisoformat(day.group()) + shift), written), encoding="utf-8")
            report = import_files(store, kind, [path])
            if not report.succeeded:
                raise ValueError("; ".join(map(str, report.problems)))


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)
