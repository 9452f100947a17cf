"""Files as tables: CSV in UTF-8 or GB18030 and Excel workbooks in, both out.

Excel is read by python-calamine (ten times faster than openpyxl) and written by openpyxl, which is imported only then: it would
make every start of a program slower by a tenth of a second.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from connectors.files.cells import Cell

LARGEST_BYTES = 64 * 1024 * 1024
"""A workbook of that size is over ten million cells: nobody's master data, and more memory than a small server has."""
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Control characters: Excel keeps none of them, PostgreSQL not the first."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet program would run as a formula when it opens a CSV file; written with a ' before it, read without."""


class UnreadableFile(Exception):
    """Why a file is no table, in words."""


@dataclass(frozen=True)
class Line:
    """A row of a file that is not empty; `number` counts from 1 as a person sees it."""

    number: int
    cells: list[Cell | None]


def read_bytes(path: Path) -> bytes:
    """The content of a file; raises UnreadableFile."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UnreadableFile("只认 .csv 和 .xlsx 文件")
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnreadableFile(f"超过 {LARGEST_BYTES // 1024 // 1024} MB，请分成几个文件")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"打不开：{error.strerror}") from error


def lines_of(path: Path, content: bytes) -> list[Line]:
    """The rows of a file, the header first; raises UnreadableFile."""
    rows = _csv_rows(content) if path.suffix.lower() == ".csv" else _excel_rows(content)
    return [line for line in rows if any(cell is not None for cell in line.cells)]


def write_table(path: Path, header: list[str], rows: list[list[str | date | None]]) -> None:
    """Writes a table; raises UnreadableFile for an unknown ending, OSError when it cannot be written."""
    writers = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix.lower() not in writers:
        raise UnreadableFile("只认 .csv 和 .xlsx 文件")
    writers[path.suffix.lower()](path, header, rows)


def _csv_rows(content: bytes) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        begins = 1
        for row in reader:
            yield Line(begins, [_csv_cell(cell) for cell in row])
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"第 {begins} 行起不是 CSV 格式（引号不成对？）：{error}") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("编码既不是 UTF-8 也不是 GB18030")


def _csv_cell(cell: str) -> str | None:
    said = _clean(cell).strip()
    return said[1:] if said.startswith("'") and _FORMULA.match(said) else said or None


def _excel_rows(content: bytes) -> list[Line]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError) as error:
        raise UnreadableFile(f"不是能读的 Excel 文件：{error}") from error
    return [Line(number, [_excel_cell(cell) for cell in row]) for number, row in enumerate(rows, 1)]


def _excel_cell(cell: Any) -> Cell | None:
    if isinstance(cell, str):
        return _clean(cell).strip() or None
    return cell  # type: ignore[no-any-return]


def _clean(said: str) -> str:
    return _ILLEGAL.sub("", said)


def _write_csv(path: Path, header: list[str], rows: list[list[str | date | None]]) -> None:
    """In UTF-8 with a mark, by which Excel knows it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: str | date | None) -> str | date | None:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _write_excel(path: Path, header: list[str], rows: list[list[str | date | None]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("gendan")

    def text(said: str) -> Any:
        """A text that begins with = is no formula."""
        cell = WriteOnlyCell(sheet, said)
        cell.data_type = "s"
        return cell

    sheet.append(header)
    for row in rows:
        sheet.append([text(cell) if isinstance(cell, str) else cell for cell in row])
    book.save(path)
