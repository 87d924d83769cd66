"""The grammar of segments: text in, a tree out; an error marks where.

or    = and {"or" and}          and  = not {"and" not}        not = ["not"] atom
atom  = "(" or ")" | tag:NAME | segment:NAME | FIELD op VALUE | FIELD ["not"] in (VALUE, …)
op    = "=" | "!=" | "<" | "<=" | ">" | ">="
VALUE = "text" | 'text' | number | date such as 2024-01-31
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gymletter.errors import MemberError

if TYPE_CHECKING:
    from collections.abc import Callable

Value = str | Decimal | date
_MOST = 10_000
_DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<label>(?:tag|segment):(?:"[^"]*"|'[^']*'|[\w-]+))
    | (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<word>[^\W\d]\w*)
    | (?P<sign><=|>=|!=|[=<>(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Tag:
    """Members with this tag."""

    name: str


@dataclass(frozen=True)
class Named:
    """Members of a segment that has a name in the configuration."""

    name: str
    at: int


@dataclass(frozen=True)
class Compare:
    """A field against a value; `at` is where the field stands."""

    field: str
    sign: str
    value: Value
    at: int


@dataclass(frozen=True)
class In:
    """A field among values."""

    field: str
    values: tuple[Value, ...]
    at: int


@dataclass(frozen=True)
class Not:
    """Members who are not in `part`."""

    part: Node


@dataclass(frozen=True)
class Joined:
    """Members in all ("and") or any ("or") of the parts."""

    word: str
    parts: tuple[Node, ...]


Node = Tag | Named | Compare | In | Not | Joined


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of an expression; raises `MemberError` with the place marked by »…«."""
    if len(text) > _MOST:
        raise MemberError(f"the segment is longer than {_MOST} characters")
    return _Parser(text).whole()


def wrong(text: str, at: int, length: int, message: str) -> MemberError:
    """An error about `length` characters of the expression from `at`."""
    begin, end = max(0, at - 60), at + length + 60
    marked = f"{text[begin:at]}»{text[at : at + length]}«{text[at + length : end]}"
    return MemberError(
        f"segment, position {at + 1}: {message}: {marked}",
        remedy='Write it like: club = "Noord" and not tag:proefles',
    )


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match or match.lastgroup is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise wrong(text, at, 1, "this is not understood")
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "", len(text))]


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._or()
        if self._peek().kind != "end":
            raise self._wrong("expected and, or, or the end")
        return node

    def _or(self) -> Node:
        return self._joined("or", self._and)

    def _and(self) -> Node:
        return self._joined("and", self._not)

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self._took(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def _not(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong("this is nested too deeply")
        node = Not(self._not()) if self._took("not") else self._atom()
        self._depth -= 1
        return node

    def _atom(self) -> Node:
        token = self._peek()
        if self._took("("):
            node = self._or()
            self._require(")")
            return node
        if token.kind == "label":
            self._next += 1
            kind, _, name = token.text.partition(":")
            name = name.strip("\"'")
            return Tag(name.lower()) if kind == "tag" else Named(name, token.at)
        if token.kind != "word" or token.text.lower() in ("and", "or", "not", "in"):
            raise self._wrong("expected a field, tag:NAME, not or (")
        self._next += 1
        return self._condition(token)

    def _condition(self, field: _Token) -> Node:
        if self._took("not"):
            self._require("in")
            return Not(self._among(field))
        if self._took("in"):
            return self._among(field)
        sign = self._peek()
        if sign.text not in ("=", "!=", "<", "<=", ">", ">="):
            raise self._wrong("expected =, !=, <, <=, >, >=, in or not in")
        self._next += 1
        at = self._peek()
        value = self._value()
        if sign.text not in ("=", "!=") and isinstance(value, str):
            raise wrong(
                self._text, at.at, len(at.text), f"{sign.text} compares with a number or a date"
            )
        return Compare(field.text, sign.text, value, field.at)

    def _among(self, field: _Token) -> In:
        self._require("(")
        values = [self._value()]
        while self._took(","):
            values.append(self._value())
        self._require(")")
        return In(field.text, tuple(values), field.at)

    def _value(self) -> Value:
        token = self._peek()
        try:
            if token.kind == "date":
                value: Value = date.fromisoformat(token.text)
            elif token.kind == "number":
                value = Decimal(token.text)
            elif token.kind == "text":
                value = token.text[1:-1]
            else:
                raise self._wrong('expected "text" in quotes, a number or a date')
        except ValueError as error:
            raise self._wrong("there is no such day") from error
        self._next += 1
        return value

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _took(self, text: str) -> bool:
        token = self._peek()
        taken = token.kind in ("word", "sign") and token.text.lower() == text
        self._next += taken
        return taken

    def _require(self, text: str) -> None:
        if not self._took(text):
            raise self._wrong(f"expected {text}")

    def _wrong(self, message: str) -> MemberError:
        token = self._peek()
        return wrong(self._text, token.at, max(1, len(token.text)), message)
