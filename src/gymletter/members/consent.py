"""Consent: on which ground a member may be mailed (Telecommunicatiewet art. 11.7; AVG art. 7).

Invariant: nobody is stored without a basis and a source; when it was given is never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gymletter.errors import MemberError
from gymletter.members.dates import read_moment

if TYPE_CHECKING:
    from datetime import datetime

Basis = Literal["opt-in", "soft-opt-in"]
PARTS = ("basis", "source", "at", "wording")
_YES: dict[str, Basis] = {
    **dict.fromkeys(
        ("opt-in", "optin", "opt_in", "toestemming", "ja", "yes", "true", "1"), "opt-in"
    ),
    **dict.fromkeys(("soft-opt-in", "soft opt-in", "soft_opt_in", "soft", "klant"), "soft-opt-in"),
}
_NO = ("nee", "no", "false", "0", "opt-out", "geen")


@dataclass(frozen=True)
class Consent:
    """Why a member may be mailed.

    `basis`: asked and given ("opt-in"), or a customer who was told at the sale ("soft-opt-in").

    `source`: where, such as "inschrijfformulier"; `at`: when it was given, if that is known;
    `wording`: the sentence that was agreed to.
    """

    basis: Basis
    source: str
    at: datetime | None = None
    wording: str = ""


def read_consent(basis: str, source: str, at: str, wording: str) -> Consent:
    """A consent from texts; raises `MemberError` with what is wrong."""
    found = read_basis(basis)
    if not source.strip():
        raise MemberError("has no consent source")
    return Consent(found, source.strip(), read_moment(at) if at.strip() else None, wording.strip())


def read_basis(text: str) -> Basis:
    """The basis that a word means; raises `MemberError` with what is wrong."""
    word = text.strip().lower()
    if word in _NO:
        raise MemberError("did not agree to the newsletter")
    if not word:
        raise MemberError("has no consent basis")
    if word not in _YES:
        raise MemberError(f"consent basis {text[:30]!r} is neither opt-in nor soft-opt-in")
    return _YES[word]
