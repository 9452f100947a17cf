"""Exporting: the same columns that an import takes."""

from pathlib import Path

from connectors.files.kinds import KINDS
from connectors.files.rows import written
from connectors.files.tables import write_table
from store.transaction import Store


def export_file(store: Store, kind: str, path: Path) -> int:
    """Writes everything of one of KINDS as CSV or Excel, by the ending of `path`; answers with the number of rows.

    Raises UnreadableFile for another ending, OSError when the file cannot be written.
    """
    columns = KINDS[kind].columns
    with store.reading() as tx:
        rows = [written(values, columns, tx.zone) for values in KINDS[kind].read_out(tx)]
    write_table(path, [column.code for column in columns], rows)
    return len(rows)
