"""`gymletter.toml`: valid settings are read, everything else is one line with a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.config import read_config
from gymletter.errors import ConfigError
from tests.conftest import CONFIG

if TYPE_CHECKING:
    from pathlib import Path


def test_a_full_configuration_is_read(tmp_path: Path) -> None:
    """The documented keys arrive under their names."""
    path = tmp_path / "gymletter.toml"
    path.write_text(CONFIG, encoding="utf-8")
    config = read_config(path)
    assert config.newsletter.sender == "Sportschool De Kade <nieuws@dekade.example>"
    assert config.sources[0].kind == "folder"
    assert config.provider.name == "inbox"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "says"),
    [
        ("reply_to =", "reply_too =", 4, "Did you mean 'reply_to'?"),
        ('language = "nl"', 'language = "fy"', 6, "newsletter.language"),
        ("[unsubscribe]", "[unsubscrib]", 15, "Did you mean 'unsubscribe'?"),
        ('path = "articles"', 'pad = "articles"', 12, "Did you mean 'path'?"),
        ('timezone = "Europe/Amsterdam"', 'timezone = "Europe/Schiedam"', 7, "time zone"),
        ("from =", "fron =", 3, "Did you mean 'from'?"),
        ('kind = "folder"', 'kind = "folders"', 11, "folders"),
        ('kind = "folder"', 'kind = "feed"', 12, "Known here: kind, url"),
        ('kind = "folder"', "kind =", 11, "is not valid TOML: Invalid value. Write"),
        ('language = "nl"', "language = 3", 6, "must be 'nl' or 'en'"),
        ('reply_to = "info@dekade.example"', "reply_to = 3", 4, "must be a text"),
        ('"info@dekade.example"', '"info@dekade.nl iets"', 4, "must be an e-mail address"),
        ('"info@dekade.example"', '"<a@b.nl>, c@d.nl"', 4, "must be an e-mail address"),
        ('"https://dekade.example"', '"https://[::1/"', 8, "must be an http:// or https://"),
        ('"https://dekade.example"', '"https://x.nl:99999"', 8, "must be an http:// or https://"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, says: str
) -> None:
    """The error holds the file, the line and the remedy."""
    path = tmp_path / "gymletter.toml"
    path.write_text(CONFIG.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert says in str(caught.value)
    assert f"gymletter.toml:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///x.db?mode=ro",
        "sqlite:///a\\u0000b",
        "mysql://gym@x.example/gym",
        "postgresql+psycopg://gym:very-secret@x.example:port/gym",
        "very-secret",
    ],
)
def test_a_database_must_be_one_that_lasts(tmp_path: Path, url: str) -> None:
    """One in memory would forget what was sent; a password is not shown."""
    path = tmp_path / "gymletter.toml"
    path.write_text(f'{CONFIG}\n[database]\nurl = "{url}"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"'database\.url': must be \"sqlite:///FILE\"") as caught:
        read_config(path)
    assert "very-secret" not in str(caught.value)


def test_brackets_without_end_are_no_traceback(tmp_path: Path) -> None:
    """The parser gives up, and the file is named."""
    path = tmp_path / "gymletter.toml"
    path.write_text("a = " + "[" * 5000)
    with pytest.raises(ConfigError, match=r"gymletter\.toml: is nested too deeply"):
        read_config(path)
