"""Master data, stock and orders from elsewhere, in and out by CSV and Excel files."""

from connectors.files.exporting import export_file
from connectors.files.importing import ImportReport, import_files
from connectors.files.kinds import KINDS

__all__ = ["KINDS", "ImportReport", "export_file", "import_files"]
