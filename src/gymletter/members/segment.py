"""Segments: a small, safe expression over members, compiled to SQL.

    club = "Noord" and not tag:proefles
    membership in ("Goud", "Zilver") or lid_sinds >= 2024-01-01
    segment:jeugd and visits > 3             a segment that gymletter.toml names
    @testers.txt                             the addresses in a file, one per line

Invariant: what a person wrote reaches the database as values, never as SQL.
A field that a member does not have is the empty text.
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime, time
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Numeric, and_, case, cast, exists, false, func, or_, select

from gymletter.errors import MemberError
from gymletter.members.address import address_key
from gymletter.members.segment_parser import (
    Compare,
    In,
    Joined,
    Named,
    Node,
    Not,
    Tag,
    parse,
    wrong,
)
from gymletter.members.tables import imports, member_tags, members

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Connection

    from gymletter.members.segment_parser import Value
    from gymletter.workspace import Workspace

_SIGNS: dict[str, Any] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TEXTS = ("first_name", "last_name", "language", "status", "consent_basis", "consent_source")
_MOMENTS = ("consent_at", "created_at", "paused_until")
_DEEPEST = 10


def resolve(workspace: Workspace, connection: Connection, expression: str) -> ColumnElement[bool]:
    """The clause over `members` for what a person wrote.

    Names that no import ever brought are errors, so that a typing error selects nobody by mistake.
    """
    brought = connection.scalars(select(imports.c.field_names))
    known = {name for names in brought for name in names}
    return compile(expression, workspace.config.segments, known_fields=known, folder=workspace.root)


def compile(  # noqa: A001
    expression: str,
    named: Mapping[str, str] | None = None,
    *,
    known_fields: Collection[str] | None = None,
    folder: Path | None = None,
) -> ColumnElement[bool]:
    """The clause over `members`. `named`: the segments of the configuration.

    `known_fields` None lets every field name pass. Raises `MemberError` with the place marked.
    """
    return _Compiler(named or {}, known_fields, folder or Path()).compile(expression, 0)


class _Compiler:
    def __init__(
        self, named: Mapping[str, str], known: Collection[str] | None, folder: Path
    ) -> None:
        self._named = named
        self._known = known
        self._folder = folder

    def compile(self, expression: str, depth: int) -> ColumnElement[bool]:
        if depth > _DEEPEST:
            raise MemberError("[segments] refer to each other in a circle")
        if expression.strip().startswith("@"):
            return _addresses_in(self._folder / expression.strip()[1:])
        return self._node(parse(expression), expression, depth)

    def _node(self, node: Node, text: str, depth: int) -> ColumnElement[bool]:
        if isinstance(node, Joined):
            join = and_ if node.word == "and" else or_
            return join(*(self._node(part, text, depth) for part in node.parts))
        if isinstance(node, Not):
            return ~self._node(node.part, text, depth)
        if isinstance(node, Tag):
            has_it = (member_tags.c.member_id == members.c.id) & (member_tags.c.tag == node.name)
            return exists().where(has_it).correlate(members)
        if isinstance(node, Named):
            return self.compile(self._definition(node, text), depth + 1)
        self._check_field(node, text)
        return _condition(node)

    def _definition(self, node: Named, text: str) -> str:
        if node.name in self._named:
            return self._named[node.name]
        near = difflib.get_close_matches(node.name, self._named, n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        length = len("segment:") + len(node.name)
        raise wrong(text, node.at, length, f"no segment {node.name!r} in gymletter.toml{hint}")

    def _check_field(self, node: Compare | In, text: str) -> None:
        own = ("email", *_TEXTS, *_MOMENTS)
        if self._known is None or node.field in (*own, *self._known):
            return
        near = difflib.get_close_matches(node.field, [*own, *self._known], n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        raise wrong(text, node.at, len(node.field), f"no member has a field of this name{hint}")


def _condition(node: Compare | In) -> ColumnElement[bool]:
    if isinstance(node, In):
        texts = [value for value in node.values if isinstance(value, str)]
        others = [value for value in node.values if not isinstance(value, str)]
        column = _text(node.field)
        parts = [column.in_([_spelt(node.field, text) for text in texts])] if texts else []
        return or_(*parts, *(_compare(node.field, "=", value) for value in others))
    return _compare(node.field, node.sign, node.value)


def _compare(field: str, sign: str, value: Value) -> ColumnElement[bool]:
    operator = _SIGNS[sign]
    if isinstance(value, str):
        found: ColumnElement[bool] = operator(_text(field), _spelt(field, value))
        return found
    if isinstance(value, Decimal):
        return _unless_none(sign, operator(_number(_text(field)), value))
    if field in _MOMENTS:
        midnight = datetime.combine(value, time(), UTC)
        return _unless_none(sign, operator(members.c[field], midnight))
    day = func.substr(_text(field), 1, 10)
    is_day = _text(field).like("____-__-__%")
    return _unless_none(sign, case((is_day, operator(day, value.isoformat()))))


def _unless_none(sign: str, condition: ColumnElement[Any]) -> ColumnElement[bool]:
    """What cannot be compared is unequal, and neither smaller nor larger."""
    return func.coalesce(condition, sign == "!=").is_(True)


def _text(field: str) -> ColumnElement[str]:
    """A field as a text that is never NULL."""
    if field == "email":
        return members.c.address_key
    if field in _TEXTS:
        return members.c[field]
    return func.coalesce(members.c.fields[field].as_string(), "")


def _number(text: ColumnElement[str]) -> ColumnElement[Decimal]:
    is_number = text.regexp_match(r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")
    return case((is_number, cast(text, Numeric(24, 9))))


def _spelt(field: str, value: str) -> str:
    return address_key(value) if field == "email" else value


def _addresses_in(path: Path) -> ColumnElement[bool]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MemberError(
            "the list of addresses cannot be read",
            place=str(path),
            remedy="Name a text file with one address per line",
        ) from error
    keys = {address_key(line) for line in lines if line.strip() and not line.startswith("#")}
    return members.c.address_key.in_(keys) if keys else false()
