"""`Email`: what was rendered once, with opaque tokens where a member's values go.

Invariant: preview, test and campaign all start from this object; only tokens differ per member.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Encoding = Literal["text", "url"]


@dataclass(frozen=True)
class MergeField:
    """A place for a member's value.

    `token` is the opaque ASCII word that stands in the parts; `name` is the member's field
    (`first_name`, `unsubscribe_url`, …); `default` is used where the value is empty, and None
    means that the value must be there. `encoding` "url" percent-encodes the value; "text" leaves
    it plain in the subject, headers and text part and HTML-escapes it in the HTML part.
    """

    token: str
    name: str
    default: str | None = None
    encoding: Encoding = "text"


@dataclass(frozen=True)
class Email:
    """A rendered newsletter. `sender` and `reply_to` are header values, `headers` the further ones.

    Tokens may stand in `subject`, `preheader`, `html`, `text` and in the values of `headers`.
    """

    subject: str
    preheader: str
    html: str
    text: str
    sender: str
    reply_to: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    fields: tuple[MergeField, ...] = ()
