"""What is wrong with a setting, in one line: where it stands, and the nearest key that is known.

It knows no setting by name: the model that refused the file says which there are.
"""

from __future__ import annotations

import difflib
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from gymletter.errors import ConfigError, expected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    Location = Sequence[str | int]


def explain(errors: ValidationError, model: type[BaseModel], path: Path, text: str) -> ConfigError:
    """The most telling of `errors`, which `model` found in `text`, the content of `path`."""
    error = _most_telling(errors.errors())
    location = _location(error)
    place = f"{path}:{_line_of(text, location)}"
    dotted = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        remedy = _nearest(str(location[-1]), _known_keys(model, error["loc"][:-1]))
        return ConfigError(f"unknown key {dotted!r}", place=place, remedy=remedy)
    if error["type"] in ("missing", "union_tag_not_found"):
        return ConfigError(f"{dotted!r} is missing", place=place, remedy="Add it")
    if error["type"] == "union_tag_invalid":
        said = "{tag!r} is none of {expected_tags}".format(**error["ctx"])
    else:
        said = expected(error["type"], error["msg"])
    return ConfigError(f"{dotted!r}: {said}", place=place)


def _most_telling(errors: list[ErrorDetails]) -> ErrorDetails:
    """A misspelt key before the missing one it makes."""
    return min(errors, key=lambda error: error["type"] != "extra_forbidden")


def _location(error: ErrorDetails) -> Location:
    """Where it stands in the file: without the tag that pydantic puts behind an index.

    What is wrong with a tag stands at the key that holds it.
    """
    pairs = pairwise(("", *error["loc"]))
    found = [part for before, part in pairs if isinstance(before, str) or isinstance(part, int)]
    tag = error.get("ctx", {}).get("discriminator")
    return [*found, tag.strip("'")] if tag else found


def _line_of(text: str, location: Location) -> int:
    """The line of a key's last named part, looked for in its table; else of that table's header."""
    *tables, name = [part for part in location if isinstance(part, str)] or [""]
    indexes = [part for part in location if isinstance(part, int)]
    lines = text.splitlines()
    start = _table_line(lines, tables, indexes[0] if indexes else 0)
    for number, line in enumerate(lines[start:], start + 1):
        if name and re.match(rf"\s*\[*\s*{re.escape(name)}\b", line):
            return number
        if start and re.match(rf"\s*\[(?!{re.escape(tables[0])}\.)", line):
            break
    return max(start, 1)


def _table_line(lines: list[str], names: list[str], index: int) -> int:
    header = re.compile(rf"\s*\[+\s*{re.escape(names[0])}\b") if names else None
    found = [n for n, line in enumerate(lines, 1) if header and header.match(line)]
    return found[min(index, len(found) - 1)] if found else 0


def _nearest(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(sorted(known))}"


def _known_keys(model: type[BaseModel], parents: Location) -> list[str]:
    """The keys of the models that `parents` leads to."""
    models = [model]
    for before, name in pairwise(("", *parents)):
        if isinstance(before, int):
            models = [
                each for each in models if name in get_args(each.model_fields["kind"].annotation)
            ]
        elif isinstance(name, str):
            models = [found for each in models for found in _below(each, name)]
    return [field.alias or name for each in models for name, field in each.model_fields.items()]


def _below(model: type[BaseModel], name: str) -> list[type[BaseModel]]:
    return (
        list(_models_in(model.model_fields[name].annotation)) if name in model.model_fields else []
    )


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
