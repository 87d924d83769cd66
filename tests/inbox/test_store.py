"""Messages are whole files in the order of their arrival, found by page."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from gymletter.inbox.store import Store, arrived

if TYPE_CHECKING:
    from pathlib import Path


def test_newest_first(tmp_path: Path) -> None:
    """Pages follow each other from the newest to the oldest, over bucket borders too."""
    store = Store(tmp_path)
    first = [store.add(b"x") for _ in range(3)]
    time.sleep(1.1)
    ids = first + [store.add(b"y") for _ in range(4)]
    ids.reverse()
    assert len({one[:7] for one in ids}) > 1
    for start in range(8):
        for limit in range(9):
            assert store.page(start, limit) == ids[start : start + limit]


def test_a_rested_bucket_still_shows_what_comes_and_goes(tmp_path: Path) -> None:
    """A bucket that is remembered is looked into again once it has changed."""
    store = Store(tmp_path)
    kept, gone = store.add(b"x"), store.add(b"y")
    time.sleep(1.1)
    assert store.count() == 2
    next(tmp_path.rglob(f"{gone}.eml")).unlink()
    assert store.page(0, 9) == [kept]
    assert store.read(gone) is None


def test_many_writers(tmp_path: Path) -> None:
    """Writers at the same time, each with a store of its own, lose nothing."""

    def add(number: int) -> str:
        return Store(tmp_path).add(str(number).encode())

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(add, range(200)))
    store = Store(tmp_path)
    assert store.count() == len(set(ids)) == 200
    assert [store.read(one) for one in ids] == [str(n).encode() for n in range(200)]


def test_a_torn_file_is_no_message(tmp_path: Path) -> None:
    """A file whose writing was cut short is not listed."""
    store = Store(tmp_path)
    one = store.add(b"x")
    next(tmp_path.rglob("*.eml")).with_suffix(".part").write_bytes(b"half")
    assert store.page(0, 9) == [one]


def test_the_id_tells_when(tmp_path: Path) -> None:
    """The time of arrival can be read off the id."""
    before = time.time()
    one = Store(tmp_path).add(b"x")
    assert before - 0.001 <= arrived(one) <= time.time()


def test_ids_are_confined(tmp_path: Path) -> None:
    """An id that is a path reads nothing outside."""
    (tmp_path / "secret.eml").write_bytes(b"secret")
    (tmp_path / "inbox").mkdir()
    assert Store(tmp_path / "inbox").read("../secret") is None
