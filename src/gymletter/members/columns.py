"""Which column of a member file is what: by its usual Dutch or English name, or as mapped.

Invariant: a column nobody asked for is not read (data minimisation).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.errors import MemberError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What a column is → its usual names, the best first; compared without case, spaces and signs.
_NAMES = {
    "email": "email e-mailadres mail mailadres emailaddress emailprive primaryemail",
    "first_name": "firstname roepnaam voornaam givenname forename",
    "infix": "tussenvoegsel tussenvoegsels voorvoegsel infix",
    "last_name": "lastname achternaam surname familienaam familyname",
    "name": "name naam volledigenaam fullname",
    "language": "language taal",
    "tags": "tags tag labels",
    "status": "status",
    "consent_basis": "consentbasis grondslag toestemming optin consent",
    "consent_source": "consentsource brontoestemming toestemmingbron",
    "consent_at": "consentat datumtoestemming toestemmingop consentdate optindate",
    "consent_wording": "consentwording toestemmingstekst",
    "club": "club vestiging locatie location",
    "membership": "membership abonnement lidmaatschap subscription",
    "birth_date": "birthdate geboortedatum dateofbirth dob",
}
#: Columns that become merge fields without being asked for.
KNOWN_FIELDS = ("club", "membership")
#: What else a column can be.
ROLES = tuple(role for role in _NAMES if role not in (*KNOWN_FIELDS, "birth_date"))


@dataclass(frozen=True)
class Columns:
    """`roles`: what a column is → its index. `fields`: merge field → index. `dropped`: headings."""

    roles: Mapping[str, int]
    fields: Mapping[str, int]
    dropped: tuple[str, ...]
    width: int


def find_columns(
    headings: Sequence[str], mapping: Mapping[str, str], keep: Sequence[str], place: str
) -> Columns:
    """Find each column. `mapping`: role or field → heading; `keep`: headings, or `*` for all.

    Raises `MemberError` where there is no e-mail column or a wish cannot be met.
    """
    found = _mapped(headings, mapping, place)
    for role, index in _guessed(headings, set(found.values()), place).items():
        found.setdefault(role, index)
    if "email" not in found:
        raise MemberError(
            "has no e-mail column; its first row is: " + _shown(headings),
            place=place,
            remedy="Put the column names in the first row, or name it: --map email=COLUMN",
        )
    fields = {name: i for name, i in found.items() if name in KNOWN_FIELDS or name in mapping}
    fields |= _kept(headings, keep, set(found.values()) - {found.get("birth_date", -1)}, place)
    fields = {name: index for name, index in fields.items() if name not in ROLES}
    roles = {role: index for role, index in found.items() if role in ROLES}
    used = {*fields.values(), *roles.values()}
    dropped = tuple(h for i, h in enumerate(headings) if i not in used and h.strip())
    return Columns(roles, fields, dropped, len(headings))


def field_name(heading: str) -> str:
    """A heading as the name of a merge field: `Lid sinds` → `lid_sinds`."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return name if name[:1].isalpha() else f"field_{name}"


def _mapped(headings: Sequence[str], mapping: Mapping[str, str], place: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for role, heading in mapping.items():
        index = _index(headings, heading, place)
        if index in found.values():
            other = next(name for name, at in found.items() if at == index)
            raise MemberError(
                f"the column {heading!r} is mapped twice, to {other} and to {role}",
                remedy="Map each column once",
            )
        found[role if role in _NAMES else field_name(role)] = index
    return found


def _index(headings: Sequence[str], wanted: str, place: str) -> int:
    for same in (str.strip, _simple):
        at = [i for i, heading in enumerate(headings) if same(heading) == same(wanted)]
        if len(at) == 1:
            return at[0]
        if at:
            raise MemberError(
                f"has {len(at)} columns {wanted!r}", place=place, remedy="Rename all but one"
            )
    raise MemberError(
        f"has no column {wanted!r}", place=place, remedy=f"It has: {_shown(headings)}"
    )


def _guessed(headings: Sequence[str], taken: set[int], place: str) -> dict[str, int]:
    simple = [_simple(heading) for heading in headings]
    found = {}
    for role, names in _NAMES.items():
        for name in map(_simple, names.split()):
            at = [i for i, heading in enumerate(simple) if heading == name and i not in taken]
            if len(at) > 1:
                raise MemberError(
                    f"has {len(at)} columns {headings[at[0]]!r}",
                    place=place,
                    remedy="Rename all but one",
                )
            if at:
                found[role] = at[0]
                break
    return found


def _kept(
    headings: Sequence[str], keep: Sequence[str], taken: set[int], place: str
) -> dict[str, int]:
    if "*" in keep:
        return {
            _field(heading): index
            for index, heading in enumerate(headings)
            if index not in taken and heading.strip()
        }
    return {_field(heading): _index(headings, heading, place) for heading in keep}


def _field(heading: str) -> str:
    known = (*KNOWN_FIELDS, "birth_date")
    same = (name for name in known if _simple(heading) in map(_simple, _NAMES[name].split()))
    return next(same, field_name(heading))


def _simple(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def _shown(headings: Sequence[str]) -> str:
    names = [heading.strip()[:30] for heading in headings if heading.strip()]
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")  # noqa: PLR2004
