"""Which program listens on a port, read from Linux's /proc; elsewhere it stays unknown."""

from __future__ import annotations

from pathlib import Path

_LISTEN = "0A"  # state in /proc/net/tcp, proc_pid_net(5)


def listener(port: int, proc: Path = Path("/proc")) -> str:
    """`name (process number)`, or "" where it cannot be told."""
    inodes = {one for name in ("tcp", "tcp6") for one in _inodes(proc / "net" / name, port)}
    for process in proc.glob("[0-9]*") if inodes else ():
        if _has_open(process, inodes):
            return f"{_name(process)} (process {process.name})"
    return ""


def _inodes(table: Path, port: int) -> list[str]:
    """The inodes of the sockets that listen on `port`."""
    try:
        rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()[1:]]
    except OSError:
        return []
    return [row[9] for row in rows if row[3] == _LISTEN and int(row[1].split(":")[1], 16) == port]


def _has_open(process: Path, inodes: set[str]) -> bool:
    wanted = {f"socket:[{inode}]" for inode in inodes}
    try:
        return any(str(one.readlink()) in wanted for one in (process / "fd").iterdir())
    except OSError:
        return False


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a program"
