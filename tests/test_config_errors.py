"""What is wrong with a setting is one line with its place, whatever its name and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.config import read_config
from gymletter.errors import ConfigError
from tests.conftest import CONFIG

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ('[feed]\nurl = "x"\n', "19: unknown key 'feed'. Known here: brand, campaign,"),
        ("[segments]\nfolder = 3\n", "20: 'segments.folder': must be a text"),
        (
            '[links]\nutm = { sourse = "x" }\n',
            "unknown key 'links.utm.sourse'. Did you mean 'source'?",
        ),
        (
            '[[sources]]\nkind = "sitemap"\nurl = "https://x.example"\nmath = "x"\n',
            "22: unknown key 'sources.1.math'. Did you mean 'match'?",
        ),
        ('[[sources]]\nkind = "feed"\nurl = "http://[::1/x"\n', "21: 'sources.1.url': must be"),
        ('[[sources]]\nurl = "https://x.example"\n', "19: 'sources.1.kind' is missing. Add it"),
    ],
)
def test_a_setting_is_named_as_it_stands(tmp_path: Path, added: str, says: str) -> None:
    """Also one that is called as a kind of source is, and one in a table inside a table."""
    path = tmp_path / "gymletter.toml"
    path.write_text(f"{CONFIG}\n{added}", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert says in str(caught.value)


def test_a_missing_key_is_not_pointed_at_in_another_table(tmp_path: Path) -> None:
    """The place is the header of the table that lacks it."""
    path = tmp_path / "gymletter.toml"
    text = CONFIG.replace('name = "Nieuws van Sportschool De Kade"\n', "")
    path.write_text(f'{text}\n[provider]\nname = "inbox"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert str(caught.value) == f"{path}:1: 'newsletter.name' is missing. Add it"
