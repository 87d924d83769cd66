"""One row of a member file, checked and cleaned, as it goes into the store.

Invariant: what comes out has a valid address, a consent, and no control character or line break.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from gymletter.errors import MemberError
from gymletter.members.address import address_key, parse
from gymletter.members.consent import PARTS, Consent, read_consent
from gymletter.members.dates import iso_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gymletter.members.columns import Columns

_MOST_NAME = 200
_MOST_FIELD = 1000
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
# Unusual spaces are spaces; whatever else is not printable is refused.
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
_NO_NAME = re.compile(r"[=@]|https?:|://|www\.", re.IGNORECASE)
_LANGUAGES = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}
#: What a status column may say → why no mail may go.
REFUSALS = {
    **dict.fromkeys(("unsubscribed", "uitgeschreven", "afgemeld", "opt-out"), "unsubscribed"),
    **dict.fromkeys(("bounced", "cleaned"), "bounced"),
    **dict.fromkeys(("complained", "spam"), "complained"),
    "suppressed": "suppressed",
}


class Person(NamedTuple):
    """`values` of the members table; `tags`; `refusal`: why no mail may go, or None."""

    values: dict[str, Any]
    tags: tuple[str, ...]
    refusal: str | None


class RowReader:
    """Reads the rows of one file. `consent` holds where the file's columns say nothing."""

    def __init__(self, columns: Columns, consent: Mapping[str, str]) -> None:
        self.columns = columns
        self._default = consent
        self._roles = tuple(columns.roles)
        self._fields = tuple(columns.fields)
        self._pick = itemgetter(0, 0, *(*columns.roles.values(), *columns.fields.values()))

    def read(self, cells: Sequence[str]) -> Person:
        """Raises `MemberError` with the reason, which holds nothing personal but a short quote."""
        picked = self._pick(self._fitted(cells))[2:]
        if not "".join(picked).isprintable():
            picked = tuple(map(self._cleaned, picked, (*self._roles, *self._fields)))
        values = dict(zip(self._roles, map(str.strip, picked), strict=False))
        shown, email = parse(values["email"])
        consent = self._consent(values)
        first, last = _names(values, shown)
        row = {
            "email": email,
            "address_key": address_key(email),
            "first_name": first,
            "last_name": last,
            "language": _language(values.get("language", "")),
            "fields": self._read_fields(picked[len(self._roles) :]),
            "consent_basis": consent.basis,
            "consent_source": consent.source,
            "consent_at": consent.at,
            "consent_wording": consent.wording,
        }
        refusal = REFUSALS.get(values.get("status", "").lower())
        return Person(row, read_tags(values.get("tags", "")), refusal)

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        width = self.columns.width
        if len(cells) == width:
            return cells
        if any(cells[width:]):
            raise MemberError(f"has {len(cells)} cells where the first row has {width}")
        return [*cells[:width], *("" for _ in range(width - len(cells)))]

    def _cleaned(self, text: str, name: str) -> str:
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
        if text.isprintable():
            return text
        if "\n" in text or "\r" in text:
            raise MemberError(f"has a line break in {name}")
        raise MemberError(f"has a control character in {name}")

    def _consent(self, values: Mapping[str, str]) -> Consent:
        default = self._default
        return _cached_consent(
            *(values.get(f"consent_{part}") or default.get(part, "") for part in PARTS)
        )

    def _read_fields(self, texts: Sequence[str]) -> dict[str, str]:
        return {name: _field(text, name) for name, text in zip(self._fields, texts, strict=True)}


_cached_consent = lru_cache(maxsize=4096)(read_consent)


def _names(values: Mapping[str, str], shown: str) -> tuple[str, str]:
    first, last = values.get("first_name", ""), values.get("last_name", "")
    if not first and not last and (whole := values.get("name") or shown):
        first, last = _split_name(whole)
    if infix := values.get("infix"):
        last = f"{infix} {last}"
    for name in (first, last):
        if len(name) > _MOST_NAME:
            raise MemberError(f"has a name longer than {_MOST_NAME} characters")
        if _NO_NAME.search(name):
            raise MemberError(f"has a name that is a formula, a link or an address: {name[:20]!r}")
    return first, last


def _split_name(whole: str) -> tuple[str, str]:
    """`Vries, Jan de` and `Jan de Vries`."""
    if "," in whole:
        last, _, rest = whole.partition(",")
        first, _, infix = rest.strip().partition(" ")
        return first, f"{infix} {last}".strip()
    first, _, last = whole.partition(" ")
    return first, last.strip()


def _field(text: str, name: str) -> str:
    text = text.strip()
    if len(text) > _MOST_FIELD:
        raise MemberError(f"has more than {_MOST_FIELD} characters in {name}")
    return (text[:1].isdigit() and iso_day(text)) or text


@lru_cache(maxsize=256)
def _language(text: str) -> str:
    """The language's code, or "" where it is none: the newsletter's own holds then."""
    word = text.lower()
    code = _LANGUAGES.get(word, re.split("[-_]", word)[0])
    return code if re.fullmatch("[a-z]{2,3}", code) else ""


@lru_cache(maxsize=1024)
def read_tags(text: str) -> tuple[str, ...]:
    """`proefles; yoga` → ("proefles", "yoga"), in lower case, each once."""
    tags = sorted({tag.strip().lower() for tag in re.split("[;,|]", text)} - {""})
    if any(len(tag) > _MOST_NAME for tag in tags):
        raise MemberError(f"has a tag longer than {_MOST_NAME} characters")
    return tuple(tags)
