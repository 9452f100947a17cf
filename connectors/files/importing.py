"""Importing: everything is read and checked first, then all of it is written, or nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from connectors.files.kind import ChangedMeanwhile, Kind, repeated
from connectors.files.kinds import KINDS
from connectors.files.rows import Problem, Progress, Reading, Row, quiet, read_lines
from connectors.files.tables import UnreadableFile, lines_of, read_bytes
from store import revisions
from store.models import Installation
from store.staging import staging
from store.transaction import Store, Transaction

_CHANGED_MEANWHILE = "导入的同时有人改了资料，一行也没有导入，请再导入一次"


@dataclass
class ImportReport:
    """What an import did, or why it did nothing."""

    kind: Kind
    rows: int = 0
    new: int = 0
    taken_before: list[str] = field(default_factory=list)
    """Files whose very content was imported before; left out."""
    problems: list[Problem] = field(default_factory=list)
    dry_run: bool = False

    @property
    def succeeded(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class _File:
    path: Path
    content: bytes

    def mark(self, kind: Kind) -> str:
        return f"import:{kind.name}：{hashlib.sha256(self.content).hexdigest()}"


def import_files(store: Store, kind: str, paths: Sequence[Path], dry_run: bool = False, progress: Progress[Any] = quiet) -> ImportReport:
    """Imports files of one of KINDS: all their rows or none. `dry_run` only checks; bad rows stand in the report."""
    report = ImportReport(KINDS[kind], dry_run=dry_run)
    files = _new_files(store, report, paths)
    reading = _read(store, report.kind, files, progress)
    report.problems += reading.problems
    report.rows = len(reading.rows)
    if reading.rows:
        try:
            _settle_and_write(store, report, reading.rows, files, progress)
        except (IntegrityError, ChangedMeanwhile):
            report.problems.append(Problem("、".join(file.path.name for file in files), None, _CHANGED_MEANWHILE))
    return report


def _new_files(store: Store, report: ImportReport, paths: Sequence[Path]) -> list[_File]:
    files: dict[str, _File] = {}
    with store.reading() as tx:
        for path in paths:
            try:
                file = _File(path, read_bytes(path))
            except UnreadableFile as why:
                report.problems.append(Problem(path.name, None, str(why)))
                continue
            mark = file.mark(report.kind)
            if mark in files or tx.session.get(Installation, mark) is not None:
                report.taken_before.append(path.name)
            else:
                files[mark] = file
    return list(files.values())


def _read(store: Store, kind: Kind, files: list[_File], progress: Progress[Any]) -> Reading:
    reading = Reading()
    for file in files:
        try:
            lines = lines_of(file.path, file.content)
        except UnreadableFile as why:
            reading.problems.append(Problem(file.path.name, None, str(why)))
            continue
        one = read_lines(file.path.name, lines, kind.columns, store.settings.zone, progress)
        reading.rows += one.rows
        reading.problems += one.problems
    return reading


def _settle_and_write(store: Store, report: ImportReport, rows: list[Row], files: list[_File], progress: Progress[Any]) -> None:
    kind = report.kind
    with store.reading() as looking:
        report.problems += kind.settle(looking, rows)
        report.problems += repeated(rows, kind.columns, kind.key) if kind.key else ()
        if report.problems or report.dry_run:
            return
        with staging(store) as stage:
            move = kind.stage(looking, stage, rows, progress)
            with stage.swap() as tx:
                before = _count(tx, kind)
                move(tx)
                tx.session.flush()
                new = _count(tx, kind) - before
                revisions.bump(tx)
                for file in files:
                    tx.session.add(Installation(name=file.mark(kind), value=f"{tx.now.isoformat()} {file.path.name}"))
    report.new = new


def _count(tx: Transaction, kind: Kind) -> int:
    return tx.session.scalar(select(func.count()).select_from(kind.model)) or 0
