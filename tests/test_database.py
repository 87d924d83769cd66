"""The database: private, durable, and read without making a writer wait."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text

from gymletter.database import Moment, bulk, exclusive, open_database, reading
from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

TABLE = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("at", Moment))


def test_the_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    """Members are in it, so nobody else on the machine may read it."""
    open_database(f"sqlite:///{tmp_path}/a/b.db")
    assert stat.S_IMODE((tmp_path / "a/b.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_what_is_committed_is_durable(tmp_path: Path) -> None:
    """SQLite is told to sync each commit: WAL with synchronous=FULL."""
    with reading(open_database(f"sqlite:///{tmp_path}/b.db")) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_a_reader_has_one_view_however_long_it_reads(engine: Engine) -> None:
    """What is committed meanwhile is not mixed in."""
    TABLE.metadata.create_all(engine)
    with reading(engine) as reader:
        assert reader.execute(select(TABLE)).all() == []
        with engine.begin() as writer:
            writer.execute(insert(TABLE).values(id=1))
        assert reader.execute(select(TABLE)).all() == []


def test_a_reader_goes_on_while_another_writes(engine: Engine) -> None:
    """`status` answers while `send` holds the write lock, with what was committed before."""
    TABLE.metadata.create_all(engine)
    with engine.begin() as writer:
        writer.execute(insert(TABLE).values(id=1))
        with reading(engine) as reader:
            assert reader.execute(select(TABLE)).all() == []


def test_a_lock_is_one_holders_until_it_is_given_back(engine: Engine) -> None:
    """The second is told at once; afterwards it is anybody's, in this process too."""
    with exclusive(engine, "a") as first, exclusive(engine, "a") as second:
        assert (first, second) == (True, False)
    with exclusive(engine, "a") as again:
        assert again


def test_a_moment_is_stored_in_utc_and_read_back_aware(engine: Engine) -> None:
    """The zone it was given in makes no difference."""
    TABLE.metadata.create_all(engine)
    there = datetime(2025, 3, 30, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with engine.begin() as connection:
        connection.execute(insert(TABLE).values(id=1, at=there))
    with reading(engine) as connection:
        (at,) = connection.execute(select(TABLE.c.at)).scalars()
    assert at == there
    assert at.tzinfo is UTC


@pytest.mark.parametrize("url", ["nonsense", "oracle://x", "sqlite:///{folder}/file/below/x.db"])
def test_a_database_that_cannot_be_opened_is_one_line(url: str, tmp_path: Path) -> None:
    """The error says what is wrong and what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        open_database(url.format(folder=tmp_path))
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_password_is_not_shown() -> None:
    """A server that is not there is named without the password of its address."""
    with pytest.raises(ConfigError) as caught:
        open_database("postgresql+psycopg://gym:geheim@127.0.0.1:9/gym?connect_timeout=1")
    assert "geheim" not in str(caught.value)


def test_only_bulk_work_has_a_large_page_cache(tmp_path: Path) -> None:
    """An import may use memory for speed; a sender of a million members may not."""
    engine = open_database(f"sqlite:///{tmp_path}/b.db")
    size = text("PRAGMA cache_size")
    with bulk(engine) as connection:
        assert connection.execute(size).scalar() == -49152
    with reading(engine) as connection:
        assert connection.execute(size).scalar() == -2048
