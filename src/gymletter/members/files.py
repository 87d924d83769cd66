"""From a member file on disk to the store, with the rows that could not be used put aside."""

from __future__ import annotations

import csv
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from gymletter.database import open_database, reading
from gymletter.errors import MemberError, not_written
from gymletter.members.columns import Columns, find_columns
from gymletter.members.consent import read_consent
from gymletter.members.formulas import defused
from gymletter.members.keys import keys, lazy_hasher, prefixes
from gymletter.members.readers import open_sheet
from gymletter.members.rights import any_forgotten, require_keys
from gymletter.members.rows import RowReader
from gymletter.members.store import Members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from gymletter.members.importing import Imported, Rejected
    from gymletter.workspace import Workspace

_SHOWN = 3


@dataclass(frozen=True)
class Options:
    """How to import. `mapping`: role → heading. `consent`: basis, source, at, wording.

    `sure`: mark as left however many a `full` import does not hold.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    keep: Sequence[str] = ()
    consent: Mapping[str, str] = field(default_factory=dict)
    full: bool = False
    dry_run: bool = False
    sure: bool = False


@dataclass(frozen=True)
class Report:
    """What an import did, for people and for scripts."""

    file: Path
    result: Imported
    columns: Columns
    rejected_file: Path
    options: Options

    def as_json(self) -> dict[str, Any]:
        """The counts, and the rows that were rejected."""
        counts = asdict(self.result)
        if not self.options.full:
            del counts["left"]
        return counts

    def summary(self) -> str:
        """One line."""
        done = self.result
        parts = [
            f"{done.imported} imported",
            f"{done.updated} updated",
            f"{done.unchanged} unchanged",
            f"{done.suppressed} suppressed",
            *([f"{done.left} left"] if self.options.full else []),
            f"{len(done.rejected)} rejected",
        ]
        return ("Would be: " if self.options.dry_run else "") + ", ".join(parts)

    def remarks(self) -> Iterator[str]:
        """What was rejected or not read, one line each."""
        for row in self.result.rejected[:_SHOWN]:
            yield f"{self.file}:{row.line}: {row.reason}"
        if self.result.rejected:
            yield f"All rejected rows, with line and reason: {self.rejected_file}"
        if self.columns.dropped:
            yield f"Not read: {', '.join(self.columns.dropped)} (--keep COLUMN keeps one)"


def import_file(workspace: Workspace, file: Path, options: Options) -> Report:
    """Import `file`; raises `MemberError`, such as `ManyLeave`, where nothing was imported."""
    file = file if file.exists() else workspace.root / file
    with open_sheet(file) as sheet:
        columns = find_columns(sheet.headings, options.mapping, options.keep, f"{file}:1")
        _require_consent(columns, options.consent, file)
        aside = workspace.state / "rejected.csv"
        store = Members(open_database(workspace.database_url))
        _require_keys(workspace, store)
        with _putting_aside(aside, sheet.headings) as put_aside:
            result = store.import_sheet(
                sheet,
                RowReader(columns, options.consent),
                file=file.name,
                digest=lazy_hasher(workspace),
                full=options.full,
                dry_run=options.dry_run,
                sure=options.sure,
                on_reject=put_aside,
            )
    return Report(file, result, columns, aside, options)


def _require_keys(workspace: Workspace, store: Members) -> None:
    """Without the keys of forgotten addresses these would come back."""
    with reading(store.engine) as connection:
        if any_forgotten(connection):
            require_keys(connection, prefixes(keys(workspace)))


def _require_consent(columns: Columns, given: Mapping[str, str], file: Path) -> None:
    missing = [
        f"--consent-{part}"
        for part in ("basis", "source")
        if not given.get(part) and f"consent_{part}" not in columns.roles
    ]
    if missing:
        raise MemberError(
            "does not say on which consent these members may be mailed",
            place=str(file),
            remedy=f"Add {' and '.join(missing)}, such as --consent-basis soft-opt-in "
            '--consent-source "inschrijving in de club", or the columns consent_basis and '
            "consent_source",
        )
    if given:
        read_consent(
            given.get("basis", "opt-in"), given.get("source", "-"), given.get("at", ""), ""
        )


@contextmanager
def _putting_aside(
    path: Path, headings: Sequence[str]
) -> Iterator[Callable[[Rejected, Sequence[str]], None]]:
    """Writes rejected rows to `path`, readable by the owner alone; no row leaves no file."""
    try:
        path.unlink(missing_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise not_written(path, error, "Move it out of the way", kind=MemberError) from error
    with open(opened, "w", encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *map(defused, headings)])
        yield lambda row, cells: writer.writerow(
            [row.line, defused(row.reason), *map(defused, cells)]
        )
