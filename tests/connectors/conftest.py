from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.files import ImportReport, import_files
from store.transaction import Store

Importer = Callable[..., ImportReport]


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Importer:
    """Imports texts as the CSV files of one call."""

    def load(kind: str, *texts: str, dry_run: bool = False) -> ImportReport:
        paths = []
        for number, text in enumerate(texts, 1):
            paths.append(tmp_path / f"{kind}-{number}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        return import_files(store, kind, paths, dry_run)

    return load


def problems(report: ImportReport) -> list[str]:
    return [str(problem) for problem in report.problems]
