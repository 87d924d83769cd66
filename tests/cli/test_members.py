"""`gymletter members …` as a person runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.members.helpers import write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Result

ROW = "email,first_name,club,tags,consent_basis,consent_source\n"


def test_import_and_list_have_the_documented_shapes(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Scripts rely on the names."""
    file = write(workspace_dir, ROW + "jan@x.example,Jan,Noord,yoga,opt-in,formulier\nx,,,,,\n")
    done = gymletter("members", "import", str(file), "--json").json
    assert done == {
        "imported": 1,
        "updated": 0,
        "unchanged": 0,
        "suppressed": 0,
        "rejected": [{"line": 3, "reason": "is not an e-mail address: it has no @"}],
    }
    assert gymletter("members", "list", "--json").json == {
        "members": [
            {
                "email": "jan@x.example",
                "first_name": "Jan",
                "last_name": "",
                "language": "",
                "status": "active",
                "fields": {"club": "Noord"},
                "tags": ["yoga"],
            }
        ]
    }


def test_a_file_without_an_email_column_is_one_line(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Place and remedy, exit code 1, nothing stored."""
    result = gymletter("members", "import", str(write(workspace_dir, "naam,club\nJan,Noord\n")))
    assert result.code == 1
    assert "leden.csv:1: has no e-mail column" in result.err
    assert "--map email=COLUMN" in result.err
    assert result.err.count("\n") == 1


def test_a_nearly_empty_full_export_is_asked_about(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Without an answer nothing changes; "y" and --yes import it."""
    consent = ("--consent-basis", "soft_opt_in", "--consent-source", "balie")
    people = [f"lid{n}@x.example\n" for n in range(4)]
    everyone = write(workspace_dir, "email\n" + "".join(people), "alle.csv")
    for name, answer in (("een.csv", "y\n"), ("twee.csv", None)):
        one = str(write(workspace_dir, "email\n" + people[0], name))
        assert gymletter("members", "import", str(everyone), *consent).code == 0
        silent = gymletter("members", "import", one, "--full", *consent, input="")
        assert silent.code == 1
        assert "3 of the 4 active members" in silent.err
        assert "--yes" in silent.err
        assert gymletter("members", "list", "--mailable", "--count").out == "4\n"
        sure = () if answer else ("--yes",)
        done = gymletter("members", "import", one, "--full", *consent, *sure, input=answer)
        assert (done.code, done.out.count("3 left")) == (0, 1)


def test_a_consent_basis_that_is_none_is_wrong_usage(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """The two that there are stand in the message."""
    file = str(write(workspace_dir, "email\nlid@x.example\n"))
    result = gymletter("members", "import", file, "--consent-basis", "gevonden")
    assert result.code == 2
    assert "neither opt-in nor soft-opt-in" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("members", "show", "jan"),
        ("members", "suppress", "jan"),
        ("send", "2025-08", "--test", "jan"),
    ],
)
def test_a_mistyped_address_is_named_with_a_remedy(
    gymletter: Callable[..., Result], arguments: tuple[str, ...]
) -> None:
    """One line, before anything is done."""
    result = gymletter(*arguments)
    assert result.code == 1
    assert result.err.startswith("Error: 'jan': is not an e-mail address")
    assert "such as jan@example.org" in result.err


def test_an_empty_list_says_how_it_is_filled(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """Where members were selected, it is the selection that is empty."""
    empty = "No member yet. `gymletter members import FILE` brings them in.\n"
    assert gymletter("members", "list").out == empty
    assert gymletter("members", "list", "--json").json == {"members": []}
    file = str(write(workspace_dir, ROW + "jan@x.example,Jan,Noord,,opt-in,formulier\n"))
    assert gymletter("members", "import", file).code == 0
    none = gymletter("members", "list", "--segment", 'club = "Zuid"')
    assert (none.code, none.out) == (0, "No member that was asked for.\n")


@pytest.fixture
def here(workspace_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the workspace, where a member file lies."""
    monkeypatch.chdir(workspace_dir)
    write(workspace_dir, ROW)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("show jan@x.example", 3, "nothing is stored about this address"),
        ("suppress jan@x.example --lift", 3, "this address is not suppressed"),
        ("forget jan@x.example", 130, "Stopped."),
        ("export -o nowhere/x.csv", 1, "nowhere/x.csv: cannot be written: No such file or"),
        ("import leden.csv --map email", 2, "'email' is not FIELD=COLUMN"),
        ("import leden.csv --map a=b --map a=c", 2, "a is mapped twice"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    gymletter: Callable[..., Result], arguments: str, code: int, says: str
) -> None:
    """The last line says what is wrong."""
    result = gymletter("members", *arguments.split(), input="")
    assert result.code == code
    assert says in result.err.splitlines()[-1]


def test_rows_that_cannot_be_put_aside_stop_an_import(
    gymletter: Callable[..., Result], workspace_dir: Path
) -> None:
    """The file for them is named, not the member file, and nobody is imported."""
    (workspace_dir / ".gymletter" / "rejected.csv").mkdir(parents=True)
    file = str(write(workspace_dir, ROW + "jan@x.example,Jan,Noord,,opt-in,formulier\n"))
    result = gymletter("members", "import", file)
    assert result.code == 1
    assert ".gymletter/rejected.csv: cannot be written" in result.err
    assert gymletter("members", "list", "--json").json == {"members": []}


def test_who_was_not_there_is_kept_from_coming_back(gymletter: Callable[..., Result]) -> None:
    """Forgetting says whether anything was stored; lifting takes the hash back, once."""
    told = gymletter("members", "forget", "jan@x.example", "--yes").out.splitlines()
    assert told[0] == "Nothing was stored."
    assert gymletter("members", "suppress", "jan@x.example", "--lift").code == 0
    assert gymletter("members", "suppress", "jan@x.example", "--lift").code == 3
