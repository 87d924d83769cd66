"""Importing a million members, and counting a segment of them.

The baseline is the least that fills a table: a bare csv reader and one `executemany` into a table
whose address is unique. The import is its ratio to that; its peak memory is a process's own.
A count is its ratio to one bare scan of the same table for the same field.
"""

from __future__ import annotations

import csv
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
_HEAD = "email,first_name,last_name,club,tags,language,consent_basis,consent_source,consent_at"
_CLUBS = ("Noord", "Zuid", "Oost", "West")
CONFIG = """\
[newsletter]
name = "Nieuws"
from = "nieuws@dekade.example"
postal_address = "Kade 12, Schiedam"
website = "https://dekade.example"
"""
_SEGMENT = 'club = "Noord" and not tag:proefles'


def measure() -> dict[str, object]:
    """Seconds, ratio, rows per second, peak MiB; seconds to count a segment."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> dict[str, object]:
    file = _write_file(folder / "leden.csv")
    bare = _bare_loop(file, folder / "bare.db")
    (folder / "gymletter.toml").write_text(CONFIG)
    seconds, peak, summary = _in_process("import", folder)
    again, _, unchanged = _in_process("import", folder)
    count, _, counted = _in_process("count", folder)
    scan = _bare_scan(folder / ".gymletter" / "gymletter.db")
    return {
        "rows": ROWS,
        "bare_loop_seconds": round(bare, 2),
        "import_seconds": round(seconds, 2),
        "import_ratio": round(seconds / bare, 2),
        "rows_per_second": round(ROWS / seconds),
        "import_peak_mib": round(peak, 1),
        "imported": summary,
        "import_again_seconds": round(again, 2),
        "import_again_ratio": round(again / seconds, 2),
        "imported_again": unchanged,
        "count_segment_seconds": round(count, 3),
        "count_segment_ratio": round(count / scan, 2),
        "counted": counted,
    }


def _write_file(path: Path) -> Path:
    """Addresses in no order, as in an export; a tenth has a tag."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEAD + "\n")
        for number in range(ROWS):
            address = f"lid{dice.getrandbits(40):x}.{number}@mail{number % 97}.example"
            tag = "" if number % 10 else "proefles"
            file.write(
                f"{address},Sanne,de Vries,{_CLUBS[number % 4]},{tag},nl,opt-in,formulier,"
                f"20{10 + number % 15}-03-{1 + number % 28:02}\n"
            )
    return path


def _bare_loop(file: Path, database: Path) -> float:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    columns = _HEAD.split(",")
    connection.execute(
        f"CREATE TABLE m (id INTEGER PRIMARY KEY, email TEXT UNIQUE, {', '.join(columns[1:])})"
    )
    marks = ",".join("?" * len(columns))
    began = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as opened:
        rows = csv.reader(opened)
        next(rows)
        connection.executemany(f"INSERT INTO m ({_HEAD}) VALUES ({marks})", rows)
    connection.commit()
    seconds = time.perf_counter() - began
    connection.close()
    database.unlink()
    return seconds


def _bare_scan(database: Path) -> float:
    query = (
        "SELECT count(*) FROM members NOT INDEXED WHERE json_extract(fields, '$.club') = 'Noord'"
    )
    connection = sqlite3.connect(database)
    connection.execute(query).fetchone()
    began = time.perf_counter()
    connection.execute(query).fetchone()
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def _in_process(what: str, folder: Path) -> tuple[float, float, str]:
    """Seconds, peak MiB and result of a step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.members", what, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    seconds, peak, result = done.stdout.strip().split("\t")
    return float(seconds), float(peak), result


def _step(what: str, folder: Path) -> None:
    from gymletter.database import open_database, reading
    from gymletter.members import Members, mailable, segment
    from gymletter.members.files import Options, import_file
    from gymletter.workspace import open_workspace

    workspace = open_workspace(folder)
    if what == "import":
        began = time.perf_counter()
        result = import_file(workspace, folder / "leden.csv", Options()).summary()
    else:
        store = Members(open_database(workspace.database_url))
        with reading(store.engine) as connection:
            clause = segment.resolve(workspace, connection, _SEGMENT) & mailable()
        store.count(clause)
        began = time.perf_counter()
        result = str(store.count(clause))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, peak, result, sep="\t")


if __name__ == "__main__":
    _step(sys.argv[1], Path(sys.argv[2]))
