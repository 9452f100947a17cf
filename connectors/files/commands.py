"""The command lines `import`, `export` and `migrate`: what they answer, and with which exit code."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from connectors.files.exporting import export_file
from connectors.files.importing import ImportReport, import_files
from connectors.files.kinds import KINDS, kind_of
from connectors.files.tables import UnreadableFile
from store.migrate import bring_up_to_date
from store.settings import Settings
from store.transaction import Store

_LONG = 2000
"""From so many rows on a progress bar is shown."""
_Item = TypeVar("_Item")
Answer = tuple[str, int]


def import_command(store: Store, kind: str, files: Sequence[Path], dry_run: bool = False) -> Answer:
    """Imports and says what came of it; 1 when nothing was taken because something is wrong."""
    found = kind_of(kind)
    if found is None:
        return _unknown(kind)
    report = import_files(store, found.name, files, dry_run, _bar)
    return "\n".join(_sentences(report)), 0 if report.succeeded else 1


def export_command(store: Store, kind: str, file: Path) -> Answer:
    """Exports and says how much."""
    found = kind_of(kind)
    if found is None:
        return _unknown(kind)
    try:
        rows = export_file(store, found.name, file)
    except UnreadableFile as why:
        return f"没有导出：{why}", 1
    except OSError as why:
        return f"没有导出：{file} 写不了（{why.strerror}）", 1
    return f"已导出{found.chinese} {rows} 行：{file}", 0


def migrate_command(settings: Settings) -> Answer:
    """Brings the schema up to date."""
    return ("数据库已升级到最新" if bring_up_to_date(settings) else "数据库已是最新，没有改动"), 0


def _unknown(kind: str) -> Answer:
    return f"没有“{kind}”这一类，可以是：{'、'.join(f'{one.name} {one.chinese}' for one in KINDS.values())}", 1


def _sentences(report: ImportReport) -> Iterator[str]:
    for name in report.taken_before:
        yield f"{name}：内容和以前导入过的一样，没有再导入"
    yield from map(str, report.problems)
    what = f"{report.kind.chinese} {report.rows} 行"
    if report.problems:
        yield f"共 {len(report.problems)} 处要改，一行也没有导入"
    elif report.dry_run:
        yield f"检查通过：{what}（只检查，没有导入）"
    elif report.rows or not report.taken_before:
        yield f"已导入{what}，其中新增 {report.new}"


def _bar(items: Sequence[_Item], doing: str) -> Iterable[_Item]:
    return _shown(items, doing) if len(items) >= _LONG else items


def _shown(items: Sequence[_Item], doing: str) -> Iterator[_Item]:
    with click.progressbar(items, label=doing, file=sys.stderr) as bar:
        yield from bar
