"""Who is in a campaign: the one SELECT it is frozen with, and who may no longer get it.

Invariant: everything is decided in the database, so that an audience of millions is never in
memory. The order is by rendering, then by address, so that batches hold one rendering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, cast, exists, func, literal, null, select
from sqlalchemy.types import Text

from gymletter.campaign.stored import variant_of
from gymletter.campaign.tables import deliveries
from gymletter.database import Json
from gymletter.members import mailable, mailable_one
from gymletter.members.tables import members, suppressions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from gymletter.rendering.email import Email, MergeField

LINK = "unsubscribe_url"
STANDARD = ("first_name", "last_name", "language", "email")


def who(segment: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """The members that may be mailed, of one segment or all."""
    return mailable() if segment is None else and_(mailable(), segment)


def value(field: str) -> ColumnElement[Any]:
    """A member's field, a column of its own or one of the further ones, as text; "" without."""
    if field in STANDARD:
        return members.c[field]
    return func.coalesce(members.c.fields[field].as_string(), "")


def variants(
    connection: Connection, vary_by: Sequence[str], segment: ColumnElement[bool] | None
) -> list[dict[str, str]]:
    """The distinct values that the audience has for `vary_by`; one empty mapping without any."""
    if not vary_by:
        return [{}]
    columns = [value(name).label(f"v{n}") for n, name in enumerate(vary_by)]
    rows = connection.execute(select(*columns).where(who(segment)).distinct().order_by(*columns))
    return [dict(zip(vary_by, row, strict=True)) for row in rows]


def rows_to_freeze(
    campaign_id: int,
    emails: Iterable[Mapping[str, str]],
    segment: ColumnElement[bool] | None,
    *,
    with_fields: bool,
) -> Select[Any]:
    """The SELECT that becomes `deliveries`, its columns named as there."""
    variant = _variant(list(emails)).label("variant")
    position = func.row_number().over(order_by=(variant, members.c.address_key))
    return select(
        literal(campaign_id).label("campaign_id"),
        position.label("position"),
        literal("pending").label("state"),
        members.c.id.label("member_id"),
        members.c.address_key,
        members.c.email.label("address"),
        members.c.first_name,
        members.c.last_name,
        members.c.language,
        (members.c.fields if with_fields else cast(null(), Json)).label("fields"),
        variant,
    ).where(who(segment))


def needs_fields(emails: Iterable[Email]) -> bool:
    """Whether any email uses a member's further fields: only then are they copied."""
    known = {*STANDARD, LINK}
    return any(field.name not in known for email in emails for field in email.fields)


def without_value(
    connection: Connection, fields: Iterable[MergeField], segment: ColumnElement[bool] | None
) -> dict[str, int]:
    """How many of the audience have no value for a field that has no default, by field."""
    names = {field.name for field in fields if field.default is None} - {LINK}
    counted = {}
    for name in sorted(names):
        empty = func.trim(value(name)) == ""
        query = select(func.count()).select_from(members).where(who(segment), empty)
        if count := connection.execute(query).scalar_one():
            counted[name] = count
    return counted


def still_mailable() -> ColumnElement[bool]:
    """Of a delivery: its address is still that of a member who may be mailed."""
    return exists().where(members.c.address_key == deliveries.c.address_key, mailable_one())


def why_not() -> ColumnElement[str]:
    """Of a delivery that may not be mailed any more: the reason."""
    suppressed = select(suppressions.c.reason).where(
        suppressions.c.address_key == deliveries.c.address_key
    )
    status = select(
        case(
            (members.c.status != "active", members.c.status),
            (members.c.paused_until.is_not(None), "paused"),
            else_=null(),
        )
    ).where(members.c.address_key == deliveries.c.address_key)
    return func.coalesce(
        suppressed.scalar_subquery(), status.scalar_subquery(), literal("no longer a member")
    )


def _variant(emails: list[Mapping[str, str]]) -> ColumnElement[str]:
    """The name of the rendering that a member gets, as SQL."""
    named = [values for values in emails if values]
    if not named:
        return literal("", Text)
    return case(
        *(
            (and_(*(value(name) == wanted for name, wanted in values.items())), variant_of(values))
            for values in named
        ),
        else_=null(),
    )
