"""What the kernel knows of a program's processes."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """A process and all its descendants."""
    parents = {pid: _parent(pid) for pid in everybody()}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def everybody() -> list[int]:
    """All processes of the machine."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def cpu_seconds(root: int) -> float:
    """Processor time that a process and its descendants have used."""
    return sum(sum(int(ticks) for ticks in _stat(pid)[11:13]) / _TICKS for pid in family(root))


def works_in(pid: int) -> Path | None:
    """The folder in which a process runs."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return None


def memory(pid: int) -> tuple[str, float]:
    """A process's name and its megabytes, shared pages divided among those who share them (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return f"{Path(f'/proc/{pid}/comm').read_text().strip()} {pid}", kilobytes / 1024


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name; zeros when the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 20
