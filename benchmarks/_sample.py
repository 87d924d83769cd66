"""The sample issue that the email benchmarks are about: the newest articles of the sample blog."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gymletter import sample
from gymletter.articles import collect
from gymletter.articles.article import Window
from gymletter.issue import Issue
from gymletter.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.workspace import Workspace

CONFIG = """\
[newsletter]
name = "Nieuws van Sportschool De Kade"
from = "Sportschool De Kade <nieuws@dekade.example>"
reply_to = "info@dekade.example"
postal_address = "Kade 12, 3111 AB Schiedam"
website = "https://dekade.example"

[[sources]]
kind = "folder"
path = "blog"
url = "https://dekade.example/blog"

[unsubscribe]
base_url = "https://nieuws.dekade.example"
"""
BODY = """\
Beste {{ member.first_name | default("sporter") }},

De dagen zijn lang en de zaal is heerlijk rustig: een mooi moment om **sterker** te worden. Deze
maand lees je hoe je begint, en wat je morgen al anders kunt doen.

Tot in de zaal!
"""


@contextmanager
def opened() -> Iterator[Workspace]:
    """A workspace with the sample blog, for as long as the context lasts."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(Path(sample.__path__[0]) / "blog", root / "blog")
        (root / "gymletter.toml").write_text(CONFIG, encoding="utf-8")
        yield open_workspace(root)


def issue(workspace: Workspace, articles: int) -> Issue:
    """An issue with the newest articles of the sample blog."""
    found = collect(workspace, Window()).articles
    return Issue(
        id="2025-08",
        path=workspace.issues / "2025-08.md",
        subject="Sterker de zomer uit",
        preheader="Wat je met twintig minuten per dag al kunt bereiken",
        since=date(2025, 8, 1),
        until=date(2025, 9, 1),
        articles=found[:articles],
        body=BODY,
    )
