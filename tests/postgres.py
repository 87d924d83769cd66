"""A real PostgreSQL for tests of the store; without one they are skipped, and that is said."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import Pool

from gymletter.database import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

_REASON = "no PostgreSQL on this machine"
_HOW_TO_GET = "On Debian: apt-get install postgresql"
_SETTINGS = ("listen_addresses=", "fsync=off", "max_connections=50", "shared_buffers=16MB")


def _binaries() -> Path | None:
    """Where `initdb` and `postgres` are: Debian's newest, else those on the path."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found and find_spec("psycopg") else None


@contextmanager
def _cluster(binaries: Path) -> Iterator[str]:
    """The address of a server that listens on a socket in a folder of its own, and nowhere else."""
    # Not below pytest's folder: the path of a socket may have some hundred characters.
    folder = tempfile.mkdtemp(prefix="gymletter-")
    who = _unprivileged(folder)
    data = f"{folder}/data"
    init = [f"{binaries}/initdb", "-D", data, "-U", "gym", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run([*init, "--locale=C"], check=True, capture_output=True, cwd=folder, **who)
    serve = [f"{binaries}/postgres", "-D", data, "-k", folder]
    with Path(folder, "log").open("wb") as log:
        options = [word for setting in _SETTINGS for word in ("-c", setting)]
        server = subprocess.Popen([*serve, *options], stderr=log, cwd=folder, **who)
    try:
        url = f"postgresql+psycopg://gym@/postgres?host={folder}"
        _wait(url)
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(30)
        shutil.rmtree(folder)


def _unprivileged(folder: str) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it is the user `postgres`, who owns the folder."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}


def _wait(url: str) -> None:
    engine = create_engine(url)
    for _ in range(300):
        try:
            engine.connect().close()
        except OperationalError:
            time.sleep(0.1)
        else:
            engine.dispose()
            return
    raise AssertionError("PostgreSQL did not start")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One server per worker."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip(_REASON)
    with _cluster(binaries) as url:
        yield url


@contextmanager
def _emptied(url: str) -> Iterator[str]:
    """Its database without a table; every connection that a test makes is closed at the end."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    made: list[Any] = []

    def keep(raw: Any, _record: Any) -> None:
        made.append(raw)

    event.listen(Pool, "connect", keep)
    yield url
    event.remove(Pool, "connect", keep)
    for raw in made:
        raw.close()


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty database on it."""
    with _emptied(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind: whatever uses it runs over both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Engine:
    """The same, opened."""
    return open_database(database_url)


@pytest.fixture
def either_database(workspace_dir: Path, database_url: str) -> None:
    """Makes `workspace` one that keeps its members in such a database."""
    with (workspace_dir / "gymletter.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[database]\nurl = "{database_url}"\n')


def summary_line(skipped: list[Any]) -> str:
    """How many tests lacked the server, and how to get it; "" for none."""
    count = sum(_REASON in str(report.longrepr) for report in skipped)
    return f"{count} PostgreSQL tests were skipped: {_REASON}. {_HOW_TO_GET}." if count else ""
