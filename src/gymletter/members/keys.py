"""Our own keys: GYMLETTER_SECRET_KEY holds one or more, comma separated; the first signs.

Invariant: what an older listed key made is still understood, so that keys can be changed.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from gymletter.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.workspace import Workspace

NAME = "GYMLETTER_SECRET_KEY"
LEAST = 16
_ADVICE = "python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one"


def keys(workspace: Workspace) -> tuple[str, ...]:
    """All keys, the signing one first; raises `ConfigError` where there is none or a weak one."""
    found = tuple(key.strip() for key in workspace.secret(NAME).split(",") if key.strip())
    if not found or any(len(key) < LEAST for key in found):
        raise ConfigError(f"{NAME} holds a key shorter than {LEAST} characters", remedy=_ADVICE)
    return found


def hasher(keys: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """A function that gives an address key's keyed hashes, the signing key's first.

    "hmac:KEY_ID:HEX", HMAC-SHA-256 (RFC 2104); KEY_ID tells which key made it, not the key.
    """
    derived = [_derive(key) for key in keys]

    def digest(address_key: str) -> tuple[str, ...]:
        message = address_key.encode()
        return tuple(
            f"{prefix}{hmac.digest(key, message, 'sha256').hex()}" for key, prefix in derived
        )

    return digest


def lazy_hasher(workspace: Workspace) -> Callable[[str], tuple[str, ...]]:
    """The same, which asks for the keys when it is first used."""
    made: list[Callable[[str], tuple[str, ...]]] = []

    def digest(address_key: str) -> tuple[str, ...]:
        if not made:
            made.append(hasher(keys(workspace)))
        return made[0](address_key)

    return digest


def prefixes(keys: tuple[str, ...]) -> tuple[str, ...]:
    """What the hashes made with these keys begin with."""
    return tuple(prefix for _, prefix in map(_derive, keys))


def _derive(key: str) -> tuple[bytes, str]:
    derived = hashlib.sha256(b"gymletter forgotten address\0" + key.encode()).digest()
    return derived, f"hmac:{hashlib.sha256(derived).hexdigest()[:8]}:"
