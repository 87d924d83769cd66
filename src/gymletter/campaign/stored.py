"""An `Email` as JSON in the ledger, and the hash by which a later rendering is compared to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from gymletter.rendering.email import Email, MergeField

if TYPE_CHECKING:
    from collections.abc import Mapping


def to_json(email: Email) -> str:
    """The email as canonical JSON."""
    return json.dumps(asdict(email), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Email:
    """The email again."""
    values = json.loads(text)
    values["headers"] = tuple((name, value) for name, value in values["headers"])
    values["fields"] = tuple(MergeField(**field) for field in values["fields"])
    return Email(**values)


def content_hash(emails: Mapping[str, Email]) -> str:
    """SHA-256 over all renderings, by variant."""
    digest = hashlib.sha256()
    for variant in sorted(emails):
        digest.update(f"{variant}\0{to_json(emails[variant])}\0".encode())
    return digest.hexdigest()


def differences(frozen: Email, now: Email) -> tuple[str, ...]:
    """The parts that differ, by name."""
    return tuple(
        field.name
        for field in fields(Email)
        if field.name != "fields" and getattr(frozen, field.name) != getattr(now, field.name)
    )


def variant_of(values: Mapping[str, str]) -> str:
    """The name of a rendering: the values it was made for, as canonical JSON, or ""."""
    if not values:
        return ""
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
