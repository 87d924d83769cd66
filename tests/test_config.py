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
