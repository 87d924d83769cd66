"""Make the small table of what mail programs support out of caniemail's data.

Usage: python scripts/caniemail_table.py caniemail.json > src/gymletter/checks/caniemail.json

The data (MIT, © 2019 Rémi Parmentier, https://www.caniemail.com/api/data.json) also comes in the
npm package `caniemail`, as `data/caniemail.json`. Of each feature the newest tested version of
each client is kept: y(es), n(o), a(lmost) or u(nknown).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

CLIENTS = {
    "Gmail": ("gmail", "desktop-webmail"),
    "Gmail on iOS": ("gmail", "ios"),
    "Gmail on Android": ("gmail", "android"),
    "Outlook for Windows": ("outlook", "windows"),
    "new Outlook and Outlook.com": ("outlook", "outlook-com"),
    "Outlook for Mac": ("outlook", "macos"),
    "Outlook on iOS": ("outlook", "ios"),
    "Apple Mail": ("apple-mail", "macos"),
    "Apple Mail on iOS": ("apple-mail", "ios"),
    "Yahoo": ("yahoo", "desktop-webmail"),
    "Samsung Email": ("samsung-email", "android"),
    "Thunderbird": ("thunderbird", "macos"),
}
# How a feature is recognised, where its slug doesn't say.
KEYS = {
    "css-at-media-prefers-color-scheme": ("@media prefers-color-scheme",),
    "css-color-scheme": ("color-scheme:",),
    "css-conic-gradient": ("conic-gradient()",),
    "css-display-flex": ("display:flex", "display:inline-flex"),
    "css-display-grid": ("display:grid", "display:inline-grid"),
    "css-display-none": ("display:none",),
    "css-flex-direction": ("flex-direction:",),
    "css-gap": ("gap:", "column-gap:", "row-gap:"),
    "css-left-right-top-bottom": ("left:", "right:", "top:", "bottom:"),
    "css-linear-gradient": ("linear-gradient()",),
    "css-radial-gradient": ("radial-gradient()",),
    "css-rgb": ("rgb()",),
    "css-rgba": ("rgba()",),
    "css-selector-adjacent-sibling": ("a + b",),
    "css-selector-attribute": ("[attribute]",),
    "css-selector-child": ("a > b",),
    "css-selector-general-sibling": ("a ~ b",),
    "css-unit-calc": ("calc()",),
    "css-variables": ("var()",),
    "html-meta-color-scheme": ("<meta name=color-scheme>",),
    "html-semantics": ("<main>", "<header>", "<footer>", "<section>", "<article>", "<nav>"),
    "html-srcset": ("srcset=",),
    "html-svg": ("<svg>",),
    "image-base64": ("image data:",),
    "image-jpg": ("image jpg", "image jpeg"),
    "image-mp4": ("image mp4",),
    "image-tiff": ("image tiff", "image tif"),
}
SKIPPED = re.compile(
    r"css-(selector|important|comments|nesting|modern|sytem|inert|column-layout|intrinsic)"
    r"|css-at-media-|html-(comments|doctype|anchor|mailto|image-maps|h1|lists|style|body)|amp|bimi"
)


def keys_of(slug: str, title: str) -> tuple[str, ...]:
    """How the checker recognises a feature: `name:`, `@rule`, `<tag>`, `name=`, `image type`, …"""
    if slug in KEYS:
        return KEYS[slug]
    if SKIPPED.match(slug):
        return ()
    kind, _, name = slug.partition("-")
    for prefix, shape in (
        ("at-", "@{}"),
        ("pseudo-class-", ":{}"),
        ("pseudo-element-", "::{}"),
        ("unit-", "unit {}"),
        ("function-", "{}()"),
    ):
        if kind == "css" and name.startswith(prefix):
            return (shape.format(name.removeprefix(prefix)),)
    if kind == "html":
        tag = re.match(r"<([a-z]+)>", title)
        attribute = re.match(r"([a-z-]+) attribute", title)
        return (f"<{tag[1]}>",) if tag else (f"{attribute[1]}=",) if attribute else ()
    return (f"{name}:",) if kind == "css" else (f"image {name}",)


def table(data: dict[str, object]) -> dict[str, object]:
    """The trimmed table; only features that some client lacks."""
    features = {}
    for feature in data["data"]:
        marks = "".join(_mark(feature["stats"], *client) for client in CLIENTS.values())
        if "n" in marks:
            keys = keys_of(feature["slug"], feature["title"])
            features |= {key: [feature["slug"], marks] for key in keys}
    return {
        "source": "https://www.caniemail.com/api/data.json",
        "licence": "MIT, Copyright (c) 2019 Rémi Parmentier",
        "updated": data["last_update_date"][:10],
        "clients": list(CLIENTS),
        "features": dict(sorted(features.items())),
    }


def _mark(stats: dict[str, dict[str, dict[str, str]]], family: str, platform: str) -> str:
    versions = stats.get(family, {}).get(platform, {})
    return list(versions.values())[-1][0] if versions else "u"


if __name__ == "__main__":
    made = json.dumps(table(json.loads(Path(sys.argv[1]).read_text("utf-8"))), ensure_ascii=False)
    print(re.sub(r'("features": \{|\], )(?=")', r"\1\n", made))
