"""The palette of a brand: every text colour is chosen for contrast, in light and in dark.

Contrast is WCAG 2.2's ratio (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), 1 to 21.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

READABLE, VISIBLE = 4.5, 3.0
_LINEAR = 0.04045
_NEAR_WHITE, _NEAR_BLACK = "#fefefe", "#18181b"


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1."""
    red, green, blue = (
        c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio between two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """`color` with a share (0 to 1) of `other` in it."""
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(color: str, *grounds: str, target: str) -> str:
    """`color` moved towards `target` in steps until it can be read on every ground."""
    return _moved(color, *grounds, target=target, least=READABLE)


def _moved(color: str, *grounds: str, target: str, least: float) -> str:
    for step in range(51):
        moved = mix(color, target, step / 50)
        if all(contrast(moved, ground) >= least for ground in grounds):
            return moved
    return target


def on(ground: str) -> str:
    """Near white or near black: white where it can be read, else the better of the two."""
    if contrast(_NEAR_WHITE, ground) >= READABLE:
        return _NEAR_WHITE
    return max(_NEAR_WHITE, "#000000", key=lambda ink: contrast(ink, ground))


@dataclass(frozen=True)
class Scheme:
    """The colours of one mode: grounds, texts, the band of the headline, the buttons' action."""

    page: str
    sheet: str
    tint: str
    line: str
    text: str
    muted: str
    link: str
    accent: str
    band: str
    on_band: str
    action: str
    on_action: str


@dataclass(frozen=True)
class Palette:
    """A brand's colours in light and in dark."""

    light: Scheme
    dark: Scheme


@lru_cache(maxsize=32)
def palette(brand: str, accent: str | None) -> Palette:
    """The palette of a brand colour and, for labels and rules, an accent."""
    second = accent or brand
    return Palette(_light(brand, second), _dark(brand, second))


def _light(brand: str, accent: str) -> Scheme:
    page, sheet, tint = mix("#f7f7f5", brand, 0.04), _NEAR_WHITE, mix("#fafaf8", brand, 0.07)
    return Scheme(
        page=page,
        sheet=sheet,
        tint=tint,
        line=mix("#e6e6e8", brand, 0.08),
        text=mix(_NEAR_BLACK, brand, 0.04),
        muted=readable("#62626b", page, sheet, tint, target="#000000"),
        link=readable(brand, page, sheet, tint, target="#000000"),
        accent=readable(accent, page, sheet, tint, target="#000000"),
        band=brand,
        on_band=on(brand),
        action=brand,
        on_action=on(brand),
    )


def _dark(brand: str, accent: str) -> Scheme:
    page, sheet = mix("#101012", brand, 0.03), mix("#1b1b1e", brand, 0.04)
    tint = mix("#252529", brand, 0.08)
    band, on_band = _dark_band(brand)
    action = _moved(brand, sheet, target=_NEAR_WHITE, least=VISIBLE)
    return Scheme(
        page=page,
        sheet=sheet,
        tint=tint,
        line=mix("#36363b", brand, 0.08),
        text="#ededf0",
        muted=readable("#a8a8b1", page, sheet, tint, target=_NEAR_WHITE),
        link=readable(mix(brand, _NEAR_WHITE, 0.2), page, sheet, tint, target=_NEAR_WHITE),
        accent=readable(mix(accent, _NEAR_WHITE, 0.2), page, sheet, tint, target=_NEAR_WHITE),
        band=band,
        on_band=on_band,
        action=action,
        on_action=on(action),
    )


def _dark_band(brand: str) -> tuple[str, str]:
    """A ground that doesn't glare at night: a deep brand, or for a bright one a hint of it."""
    if on(brand) == _NEAR_WHITE:
        return mix(brand, "#101012", 0.25), _NEAR_WHITE
    ground = mix("#242428", brand, 0.12)
    return ground, readable(brand, ground, target=_NEAR_WHITE)
