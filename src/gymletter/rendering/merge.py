"""Merge fields: tokens become a member's values, or the provider's own substitution syntax.

Invariant: a text is cut at its tokens once and joined per member; a value never becomes markup,
a header line or another token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from gymletter.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from gymletter.rendering.email import Email, MergeField

Part = Literal["html", "plain"]
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def values_of(field: MergeField, values: Sequence[str], part: Part) -> list[str]:
    """Members' values for `field` as they stand in `part`; raises `TemplateError` without one."""
    if not "".join(values).isprintable():
        values = [_INVISIBLE.sub(" ", value) for value in values]
    default = field.default or ""
    found = [value.strip() or default for value in values]
    if field.default is None and "" in found:
        raise TemplateError(
            f"a member has no {field.name!r} and the newsletter gives no default",
            remedy=f'Write {{{{ member.{field.name} | default("…") }}}}',
        )
    if field.encoding == "url":
        return [quote(value, safe="") for value in found]
    return escaped(found) if part == "html" else found


def escaped(values: list[str]) -> list[str]:
    """Each escaped for HTML; the list itself where none needs it. No value holds a line's end."""
    text = "\n".join(values)
    safe = escape(text)
    return values if safe == text else safe.split("\n")


@dataclass(frozen=True)
class Cut:
    """A text cut at its tokens: `pieces` has one more element than `fields`."""

    pieces: tuple[str, ...]
    fields: tuple[MergeField, ...]
    part: Part

    def fill(self, values: Mapping[str, str]) -> str:
        """The text for one member."""
        joined = [self.pieces[0]]
        for field, piece in zip(self.fields, self.pieces[1:], strict=True):
            joined += (*values_of(field, [values.get(field.name) or ""], self.part), piece)
        return "".join(joined)


def cut(text: str, fields: Iterable[MergeField], part: Part) -> Cut:
    """Cut `text` at the tokens of `fields`."""
    by_token = {field.token: field for field in fields}
    if not by_token:
        return Cut((text,), (), part)
    pieces = re.split(f"({'|'.join(map(re.escape, by_token))})", text)
    return Cut(tuple(pieces[::2]), tuple(by_token[token] for token in pieces[1::2]), part)


def fill(email: Email, values: Mapping[str, str]) -> Email:
    """The email as one member gets it: no tokens left."""
    return _convert(email, lambda text, part: cut(text, email.fields, part).fill(values))


def substitute(email: Email, syntax: Callable[[MergeField, Part], str]) -> Email:
    """The email with the provider's own placeholders in place of tokens."""

    def put(text: str, part: Part) -> str:
        pieces = cut(text, email.fields, part)
        return "".join(
            [pieces.pieces[0]]
            + [
                syntax(field, part) + piece
                for field, piece in zip(pieces.fields, pieces.pieces[1:], strict=True)
            ]
        )

    return _convert(email, put)


def readable(email: Email) -> Email:
    """The email for a person's eyes: `{first_name}` in place of a token, line for line."""
    return substitute(email, lambda field, _: f"{{{field.name}}}")


def _convert(email: Email, convert: Callable[[str, Part], str]) -> Email:
    return replace(
        email,
        subject=convert(email.subject, "plain"),
        preheader=convert(email.preheader, "plain"),
        html=convert(email.html, "html"),
        text=convert(email.text, "plain"),
        headers=tuple((name, convert(value, "plain")) for name, value in email.headers),
        fields=(),
    )
