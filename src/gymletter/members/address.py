"""E-mail addresses: parsing what people wrote, and the one key an address is known by.

Invariant: two spellings of one mailbox have the same key; validation asks no network.
"""

from __future__ import annotations

import re
import unicodedata
from email.utils import parseaddr
from functools import lru_cache

from gymletter.errors import MemberError

_MOST = 254  # RFC 5321, 4.5.3.1.3, as corrected by erratum 1690
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# What is surely fine as it stands; anything else is left to email-validator, which is slower.
_PLAIN = re.compile(
    rf"(?=.{{6,254}}\Z)(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@((?:{_LABEL}\.)+[a-z]{{2,63}})\Z"
)
_RESERVED = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")


def parse(text: str) -> tuple[str, str]:
    """`Jan <jan@dekade.example>` → ("Jan", "jan@dekade.example"); a bare address has the name "".

    Raises `MemberError` with the reason where it is no address; the text itself is not in it.
    """
    name, address = _split(text.strip())
    key = address.lower()
    if key == address and is_plain(key):
        return name, address
    if address.isascii() and is_plain(key):
        local, _, domain = address.rpartition("@")
        return name, f"{local}@{domain.lower()}"
    return name, _validated(address)


def parse_typed(text: str) -> str:
    """The address a person typed on the command line; an error names it and the remedy."""
    try:
        return parse(text)[1]
    except MemberError as error:
        error.place = repr(text)
        error.remedy = "Write it in full, such as jan@example.org"
        raise


def address_key(text: str) -> str:
    """The key of an address: NFC, case folded, the domain in its ASCII form (IDNA)."""
    return key_of(_split(text.strip())[1])


def key_of(address: str) -> str:
    """The key of an address that `parse` gave."""
    if address.isascii():
        return address.lower()
    local, _, domain = address.rpartition("@")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).casefold())
    return f"{folded}@{_ascii(domain)}"


def is_plain(address: str) -> bool:
    """An ASCII address in lower case that is valid and is its own key."""
    found = _PLAIN.match(address)
    return found is not None and not found[1].endswith(_RESERVED)


def _split(text: str) -> tuple[str, str]:
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if not text.endswith(">"):
        return "", text
    name, address = parseaddr(text)
    return name.strip(), address.strip()


def _validated(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    if len(address) > _MOST:
        raise MemberError(f"the e-mail address is longer than {_MOST} characters")
    try:
        return validate_email(address, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        raise MemberError(_reason(address, str(error))) from error


def _reason(address: str, words: str) -> str:
    if not address:
        return "there is no e-mail address"
    if "@" not in address:
        return "is not an e-mail address: it has no @"
    return f"is not an e-mail address: {words[:1].lower()}{words[1:].rstrip('.')}"


@lru_cache(maxsize=1024)
def _ascii(domain: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(f"x@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return unicodedata.normalize("NFC", domain).casefold()
