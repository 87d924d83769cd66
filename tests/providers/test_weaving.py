"""What is made for many recipients at once is what would be made for each alone."""

from __future__ import annotations

import json
from email.utils import formataddr
from html import escape
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from gymletter.providers.base import Recipients
from gymletter.providers.weaving import mailboxes, objects, quoted, woven
from gymletter.rendering.merge import escaped

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20), max_size=9
)


@given(st.lists(WORDS, max_size=9))
def test_strings_are_quoted_as_json_quotes_them(values: list[str]) -> None:
    """Quotes, commas and ends of lines within a value never look like those between values."""
    assert [json.loads(text) for text in quoted(values)] == values


@given(st.dictionaries(WORDS, WORDS, min_size=1, max_size=4))
def test_an_object_per_row_has_every_column(row: dict[str, str]) -> None:
    """Whatever the names and values hold, also signs of a template."""
    columns = {name: quoted([value, value]) for name, value in row.items()}
    assert [json.loads(text) for text in objects(columns)] == [row, row]


@given(st.lists(WORDS, min_size=1, max_size=9))
def test_a_mailbox_is_written_as_the_standard_library_writes_it(names: list[str]) -> None:
    """The short way for plain names gives the same header as the long one."""
    people = Recipients([f"lid{n}@post.example" for n in range(len(names))], names, {})
    expected = [formataddr(pair) for pair in zip(names, people.addresses, strict=True)]
    assert mailboxes(people) == expected


@given(LINES)
def test_values_are_escaped_together_as_each_alone(values: list[str]) -> None:
    """No value takes a part of its neighbour."""
    assert escaped(values) == [escape(value) for value in values]


def test_pieces_stand_between_the_columns() -> None:
    """Row after row, as many as the columns have."""
    parts = woven(("a", "b", "c"), [["1", "2"], ["x", "y"]])
    assert "".join(islice(parts, 99)) == "a1bxca2byc"
