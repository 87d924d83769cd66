"""The only module that knows which database it is: SQLite embedded, PostgreSQL when asked for.

Invariant: what a `begin()` block committed survives a power cut (SQLite: WAL, synchronous=FULL).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    DateTime,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles

from gymletter.errors import ConfigError, DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Dialect, Engine, Insert, Table
    from sqlalchemy.sql.compiler import SQLCompiler

BUSY_SECONDS = 30
_CACHE_KIB = 2 * 1024
_BULK_CACHE_KIB = 48 * 1024
_POSITIONAL: dict[str, Any] = {"sqlite": "qmark", "postgresql": "format"}
_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reads_only": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
metadata = MetaData()
#: A JSON document: text in SQLite, jsonb in PostgreSQL (whose json cannot be compared).
Json = JSON().with_variant(postgresql.JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware point in time, stored in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; SQLite keeps no zone."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Always aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def open_database(url: str) -> Engine:
    """An engine for `url`; raises `ConfigError` where it cannot be opened. No table is made."""
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"[database] url cannot be used: {error}",
            remedy='Use "sqlite:///FILE", or "postgresql+psycopg://…" with gymletter[postgres]',
        ) from error
    if engine.dialect.name == "sqlite":
        _make_private_file(make_url(url).database)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    _try(engine)
    return engine


def is_there(url: str) -> bool:
    """Whether there is a database to open: False for a SQLite file that nobody has made yet."""
    parts = make_url(url)
    return parts.get_backend_name() != "sqlite" or Path(parts.database or "").is_file()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection with one consistent view, which never makes a writer wait.

    To write, use `engine.begin()`.
    """
    options = _READING[engine.dialect.name]
    with engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def bulk(engine: Engine) -> Iterator[Connection]:
    """A connection for writing very many rows at once: SQLite's page cache is large meanwhile."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name != "sqlite":
            yield connection
            return
        driver.execute(f"PRAGMA cache_size=-{_BULK_CACHE_KIB}")
        try:
            yield connection
        finally:
            driver.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def upsert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT into `table` that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


class Either(ColumnElement[bool]):
    """One condition, in the words that each database is quick with."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, *, sqlite: ColumnElement[bool], postgresql: ColumnElement[bool]) -> None:
        self.words = {"sqlite": sqlite, "postgresql": postgresql}


@compiles(Either)
def _either(element: Either, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.words[compiler.dialect.name].self_group(), **options)


@contextmanager
def exclusive(engine: Engine, name: str) -> Iterator[bool]:
    """Hold the lock `name` for as long as the context lasts; yields False where another has it.

    It ends with the process that holds it, however that ends: a lock on a file beside SQLite's,
    an advisory lock of PostgreSQL's session.
    """
    if engine.dialect.name == "sqlite":
        with _locked_file(Path(f"{engine.url.database}.{name}.lock")) as held:
            yield held
        return
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield held
        finally:
            # The session goes back to the pool with it otherwise. One that broke has lost it.
            if held:
                with suppress(DBAPIError):
                    connection.execute(select(func.pg_advisory_unlock(key)))


@contextmanager
def _locked_file(path: Path) -> Iterator[bool]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(handle)


class Bulk:
    """One statement for very many rows, some five times faster than SQLAlchemy's own way.

    It is compiled once; rows are tuples in the order of `columns`, which the statement binds by
    name, each once. A text is handed over as it is, also for a JSON column.
    """

    def __init__(self, connection: Connection, statement: Insert, columns: Sequence[str]) -> None:
        kind: Any = type(connection.dialect)
        dialect = kind(paramstyle=_POSITIONAL[connection.dialect.name])
        compiled = statement.compile(dialect=dialect)
        names = compiled.positiontup or ()
        self._connection = connection
        self._sql = str(compiled)
        self._constants = [value for name, value in compiled.params.items() if name not in columns]
        order = [*columns, *(name for name in compiled.params if name not in columns)]
        self._order = [order.index(name) for name in names]
        self._converters = [
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in names
        ]

    def __call__(self, rows: Sequence[tuple[Any, ...]]) -> int:
        """Run it for every row; gives how many rows of the table were written."""
        given = [*zip(*rows, strict=True), *([value] * len(rows) for value in self._constants)]
        converted = [
            _converted(given[at], convert)
            for at, convert in zip(self._order, self._converters, strict=True)
        ]
        values = list(zip(*converted, strict=True))
        return self._connection.exec_driver_sql(self._sql, values).rowcount


def _converted(values: Sequence[Any], convert: Callable[[Any], Any] | None) -> Sequence[Any]:
    if convert is None or set(map(type, values)) <= {str, type(None)}:
        return values
    done = {value: convert(value) for value in set(values)}
    return [done[value] for value in values]


def words(error: DBAPIError) -> str:
    """What a database said, in one line; no value of a statement is in it."""
    return str(error.orig).strip().partition("\n")[0]


def failed(error: DBAPIError) -> DatabaseError:
    """The same as an error for a person."""
    return DatabaseError(
        f"the database cannot be used: {words(error)}",
        remedy="Make room, or see that the file or server is there and free; then run it again",
    )


def _make_private_file(name: str | None) -> None:
    if not name or name == ":memory:":
        return
    path = Path(name)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the database file cannot be made: {error.strerror}",
            place=name,
            remedy="Check [database] url",
        ) from error


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins transactions, see _begin
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: a deferred one can fail half-way with no chance to wait."""
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _try(engine: Engine) -> None:
    try:
        with reading(engine):
            pass
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise ConfigError(
            f"the database cannot be opened: {cause}",
            place=engine.url.render_as_string(hide_password=True),
            remedy="Check [database] url, that the file or server is there, and that there is room",
        ) from error
