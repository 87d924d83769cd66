"""Issues and workspaces made by hand, for tests of rendering and checks."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gymletter.articles.article import Article, Image
from gymletter.config import Config
from gymletter.issue import Cta, DateItem, Dates, Issue, Quote
from gymletter.workspace import Workspace

TITLES = (
    "Wat doet krachttraining met je metabolisme?",
    "Hardlopen langs de haven: drie routes van 3, 5 en 10 kilometer",
    "Zo kies je de juiste kettlebell",
    "Slaap: de vergeten training",
    "Eiwitten na het sporten: hoeveel heb je echt nodig?",
    "Rekken vóór of na het sporten?",
    "Nieuwe groepsles: core op woensdagavond",
    "Trainen op hartslag, uitgelegd zonder jargon",
    "Water drinken: acht glazen is een fabeltje",
    "Touwtjespringen in tien minuten",
    "De trap als sportschool",
    "Terugkomen na een blessure",
)
BODY = """\
Beste {{ member.first_name | default("sporter") }},

De dagen zijn lang en de zaal is heerlijk rustig. Een mooi moment om **sterker** te worden, en
[zo begin je](https://dekade.example/beginnen?x=1#nu).

- een lijst
- met twee regels
"""
BLOCKS: dict[str, Any] = {
    "cta": Cta("Plan je gratis proefles", "https://dekade.example/proefles"),
    "dates": Dates(
        "Agenda",
        (
            DateItem("ma 1 september", "Het herfstrooster begint"),
            DateItem("za 6 september", "Open dag, 10.00 tot 14.00 uur"),
        ),
    ),
    "quote": Quote("Je moet beginnen om goed te worden.", "het team"),
}


def workspace(root: Path = Path("/nowhere"), **sections: Any) -> Workspace:
    """A workspace of a Dutch gym; `sections` are added to its configuration."""
    newsletter = {
        "name": "Nieuws van Sportschool De Kade",
        "from": "Sportschool De Kade <nieuws@dekade.example>",
        "reply_to": "info@dekade.example",
        "postal_address": "Kade 12, 3111 AB Schiedam",
        "website": "https://dekade.example",
    } | sections.pop("newsletter", {})
    unsubscribe = {"mode": "hosted", "base_url": "https://nieuws.dekade.example"}
    config = {"newsletter": newsletter, "unsubscribe": unsubscribe} | sections
    return Workspace(root, Config.model_validate(config), {})


def article(number: int, *, picture: bool = True, **changes: Any) -> Article:
    """The article of a number: a Dutch title, a date in August, a picture."""
    made = Article(
        id=f"a{number}",
        title=TITLES[number % len(TITLES)],
        url=f"https://dekade.example/blog/{number}",
        date=date(2025, 8, 28) - timedelta(days=number),
        summary="Twee keer per week is genoeg om verschil te merken, ook op de dagen zonder sport.",
        image=Image(f"https://dekade.example/p{number}.jpg", f"Tekening {number}")
        if picture
        else None,
        tags=("Training",),
    )
    return dataclasses.replace(made, **changes)


def issue(count: int = 3, *, pictures: bool = True, **changes: Any) -> Issue:
    """The issue of August 2025 with a number of articles."""
    made = Issue(
        id="2025-08",
        path=Path("/nowhere/issues/2025-08.md"),
        subject="Sterker de zomer uit",
        preheader="Wat krachttraining met je metabolisme doet, en meer",
        since=date(2025, 8, 1),
        until=date(2025, 9, 1),
        articles=tuple(article(n, picture=pictures) for n in range(count)),
        body=BODY,
    )
    return dataclasses.replace(made, **changes)
