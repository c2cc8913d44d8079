"""What processes took, as the kernel counts it: processor time and memory of a server and of its database."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    found = [pid]
    for parent in found:
        for task in (PROC / str(parent) / "task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def backends(database: str) -> list[int]:
    """The processes of PostgreSQL that work for a database; none for SQLite, which works inside the server."""
    mark = f" {database} ".encode()
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit() and _command(entry).startswith(b"postgres: ") and mark in _command(entry)
    ]


def _command(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ") + b" "
    except OSError:
        return b""


def processor_seconds(pids: list[int]) -> float:
    """Time on a processor so far, of all threads; a machine that is busy with other work does not count."""
    nanoseconds = 0
    for pid in pids:
        for task in (PROC / str(pid) / "task").glob("*/schedstat"):
            nanoseconds += int(task.read_text().split()[0])
    return nanoseconds / 1e9


def proportional_mib(pids: list[int]) -> float:
    """Memory, with what several processes share counted in parts (PSS)."""
    kib = 0
    for pid in pids:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kib += int(line.split()[1])
    return kib / 1024
