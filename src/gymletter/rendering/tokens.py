"""Tokens: what a template gets where it asks for a member's value.

Invariant: a token is opaque ASCII that no article can hold (it contains a digest of everything the
rendering is made of), and the same input gives the same tokens.
"""

from __future__ import annotations

import hashlib
import re
from typing import NoReturn

from gymletter.errors import TemplateError
from gymletter.rendering.email import Encoding, MergeField

_DIGEST = 20
_MOST_FIELDS = 256


class Tokens:
    """The merge fields of one rendering, made as the templates ask for them."""

    def __init__(self, seed: str) -> None:
        self._stem = _stem(seed)
        self._fields: dict[tuple[str, str | None, Encoding], MergeField] = {}

    @property
    def fields(self) -> tuple[MergeField, ...]:
        """Every field asked for, in the order of asking."""
        return tuple(self._fields.values())

    def field(self, name: str, default: str | None, encoding: Encoding) -> MergeField:
        """The field with its token; the same question gets the same token."""
        key = (name, default, encoding)
        if key not in self._fields:
            if len(self._fields) >= _MOST_FIELDS:
                raise TemplateError(f"more than {_MOST_FIELDS} different merge fields")
            token = f"{self._stem}{len(self._fields):02x}"
            self._fields[key] = MergeField(token, name, default, encoding)
        return self._fields[key]

    def count(self, text: str) -> int:
        """How many tokens stand in `text`; raises `TemplateError` for a mangled one."""
        whole = len(re.findall(f"{self._stem}[0-9a-f]{{2}}", text))
        if len(re.findall(self._stem[:10], text, re.IGNORECASE)) != whole:
            raise TemplateError(
                "a merge field was changed by a filter such as upper or truncate",
                remedy="Only default and urlencode work on a member's value",
            )
        return whole


def _stem(seed: str) -> str:
    """Twenty hex digits of a digest behind "gm"; another one should the seed hold it."""
    for attempt in range(1000):
        digest = hashlib.sha256(f"{attempt}\0{seed}".encode("utf-8", "surrogatepass")).hexdigest()
        stem = f"gm{digest[:_DIGEST]}"
        if stem[:10] not in seed.lower():
            return stem
    raise AssertionError("a text that holds a thousand digests of itself")


class MergeValue:
    """`member.first_name` in a template: prints as its token and can't be looked at."""

    def __init__(
        self, tokens: Tokens, name: str, default: str | None = None, encoding: Encoding = "text"
    ) -> None:
        self._tokens, self._name, self._default, self._encoding = tokens, name, default, encoding

    def with_default(self, default: str) -> MergeValue:
        """The same field, with what stands in for an empty value."""
        return MergeValue(self._tokens, self._name, default, self._encoding)

    def url_encoded(self) -> MergeValue:
        """The same field, percent-encoded."""
        return MergeValue(self._tokens, self._name, self._default, "url")

    def __str__(self) -> str:
        return self._tokens.field(self._name, self._default, self._encoding).token

    __html__ = __str__

    def _refuse(self, *_: object) -> NoReturn:
        raise TemplateError(
            f"member.{self._name} can't be looked at, because the email is rendered once",
            remedy="Only default and urlencode work on it; for a condition, "
            f"add {self._name} to vary_by in the issue's front matter",
        )

    __bool__ = __len__ = __iter__ = __contains__ = __int__ = __float__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __mod__ = __mul__ = _refuse

    def __eq__(self, other: object) -> bool:
        self._refuse()

    def __ne__(self, other: object) -> bool:
        self._refuse()

    # Jinja puts values into sets and dictionaries for its own ends; that is no condition.
    __hash__ = object.__hash__


class Chosen(str):
    """A value of a `vary_by` field in this rendering: an ordinary text."""

    __slots__ = ()


class Member:
    """`member` in a template: every attribute is a merge field, or the value chosen for it."""

    def __init__(self, tokens: Tokens, chosen: dict[str, str]) -> None:
        self._tokens, self._chosen = tokens, chosen

    def __getattr__(self, name: str) -> MergeValue | Chosen:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._chosen:
            return Chosen(self._chosen[name])
        return MergeValue(self._tokens, name)

    def __str__(self) -> str:
        raise TemplateError("member is not a value", remedy="Name a field: member.first_name")

    __html__ = __str__
