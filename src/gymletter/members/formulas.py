"""Spreadsheets run what begins like a formula: such cells are written with a quote before them.

Source: OWASP, CSV injection. Invariant: `fused(defused(text)) == text`.
"""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.lstrip(" '").startswith(_STARTS) else text


def fused(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text[:1] == "'" and text.lstrip(" '").startswith(_STARTS) else text
