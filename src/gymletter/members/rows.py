"""One row of a member file, checked and cleaned, as it goes into the store.

Invariant: what comes out has a valid address, a consent, and no control character or line break.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from gymletter.errors import MemberError
from gymletter.members.address import key_of, parse
from gymletter.members.columns import ROLES
from gymletter.members.consent import PARTS, read_consent
from gymletter.members.dates import iso_day
from gymletter.members.formulas import fused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

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


#: The order of a person's values.
COLUMNS = (
    "email",
    "address_key",
    "first_name",
    "last_name",
    "language",
    "fields",
    "consent_basis",
    "consent_source",
    "consent_at",
    "consent_wording",
)


class Person(NamedTuple):
    """`values` of the members table in the order of COLUMNS; `refusal`: why no mail may go."""

    key: str
    values: tuple[Any, ...]
    tags: tuple[str, ...]
    refusal: str | None

    def with_fields(self, stored: Mapping[str, str]) -> Person:
        """The same, with the stored fields that the file does not have."""
        at = COLUMNS.index("fields")
        if not stored or stored.keys() <= json.loads(self.values[at]).keys():
            return self
        merged = fields_text({**stored, **json.loads(self.values[at])})
        return self._replace(values=(*self.values[:at], merged, *self.values[at + 1 :]))


class RowReader:
    """Reads the rows of one file. `consent` holds where the file's columns say nothing."""

    def __init__(self, columns: Columns, consent: Mapping[str, str]) -> None:
        self.columns = columns
        self._consent = _consent_reader(tuple(consent.get(part, "") for part in PARTS))
        self._names = (*ROLES, *columns.fields)
        # A role without a column is read from the empty cell put behind each row.
        indexes = (*(columns.roles.get(role, -1) for role in ROLES), *columns.fields.values())
        self._pick = itemgetter(*indexes)
        self._fields = _field_reader(tuple(columns.fields))

    def read(self, cells: Sequence[str], *further: Any) -> Person:
        """A person, whose values end with `further`.

        Raises `MemberError` with the reason, which holds nothing personal but a short quote.
        """
        picked = self._pick(self._fitted(cells))
        if not "".join(picked).isprintable():
            picked = map(_cleaned, picked, self._names)
        address, first, infix, last, name, language, tags, status, *rest = map(str.strip, picked)
        shown, email = parse(address)
        basis, source, at, wording = self._consent(*rest[:4])
        key = key_of(email)
        first, last = _names(first, infix, last, name or shown)
        return Person(
            key,
            (
                email,
                key,
                first,
                last,
                _language(language),
                self._fields(*rest[4:]),
                basis,
                source,
                at,
                wording,
                *further,
            ),
            read_tags(tags),
            REFUSALS.get(status.lower()),
        )

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        width = self.columns.width
        if len(cells) == width:
            return (*cells, "")
        if any(cells[width:]):
            raise MemberError(f"has {len(cells)} cells where the first row has {width}")
        return [*cells[:width], *("" for _ in range(width - len(cells))), ""]


def fields_text(fields: Mapping[str, str]) -> str:
    """Fields as they are stored: the same fields are the same text."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _field_reader(names: tuple[str, ...]) -> Callable[..., str]:
    @lru_cache(maxsize=4096)
    def read(*texts: str) -> str:
        return fields_text({n: _field(text, n) for n, text in zip(names, texts, strict=True)})

    return read


def _consent_reader(
    defaults: tuple[str, ...],
) -> Callable[..., tuple[str, str, datetime | None, str]]:
    @lru_cache(maxsize=4096)
    def read(*texts: str) -> tuple[str, str, datetime | None, str]:
        given = (text or default for text, default in zip(texts, defaults, strict=True))
        consent = read_consent(*given)
        return consent.basis, consent.source, consent.at, consent.wording

    return read


def _cleaned(text: str, name: str) -> str:
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    if text.isprintable():
        return text
    if "\n" in text or "\r" in text:
        raise MemberError(f"has a line break in {name}")
    raise MemberError(f"has a control character in {name}")


def _names(first: str, infix: str, last: str, whole: str) -> tuple[str, str]:
    if whole and not first and not last:
        first, last = _split_name(whole)
    if infix:
        last = f"{infix} {last}"
    if len(first) > _MOST_NAME or len(last) > _MOST_NAME:
        raise MemberError(f"has a name longer than {_MOST_NAME} characters")
    if _NO_NAME.search(f"{first} {last}"):
        raise MemberError("has a name that is a formula, a link or an address")
    return fused(first), fused(last)


def _split_name(whole: str) -> tuple[str, str]:
    """`Vries, Jan de` and `Jan de Vries`."""
    if "," in whole:
        last, _, rest = whole.partition(",")
        first, _, infix = rest.strip().partition(" ")
        return first, f"{infix} {last}".strip()
    first, _, last = whole.partition(" ")
    return first, last.strip()


def _field(text: str, name: str) -> str:
    text = fused(text)
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
