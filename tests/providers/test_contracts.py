"""What we send, and what our fakes answer, is valid by the providers' own descriptions.

Known defects of the descriptions: Brevo's knows no `headers` in a version, Mailgun's says `to` and
`o:tag` are arrays in a form, where single values are sent. Postmark's carries no licence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from gymletter.http import Client
from gymletter.providers.base import Batch, Recipients
from tests.campaign.people import EMAIL, address, link
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES, multipart

if TYPE_CHECKING:
    from tests.providers.fake import Call

DATA = Path(__file__).parents[1] / "data"
CONTRACTS = DATA / "contracts"
MAILPIT = DATA / "mailpit.swagger.json"  # which the embedded inbox is tested by, too
DESCRIBED = ("brevo", "mailgun", "mailpit", "resend")


def _batch(count: int) -> Batch:
    values = {"first_name": ["<i>J</i>"] * count, "unsubscribe_url": [*map(link, range(count))]}
    people = Recipients([*map(address, range(count))], ["Jan “de” Vries"] * count, values)
    return Batch("2b1c9b0e-9d2f-4f8c-8f51-0a7f0ad7d5a1", "c0ffee", EMAIL, people)


def _described(shape: str) -> Any:
    """The source, the licence and the schemas of one shape's call."""
    if shape != "mailpit":
        return json.loads((CONTRACTS / f"{shape}.json").read_text("utf-8"))
    found = json.loads(MAILPIT.read_text("utf-8"))
    [body] = found["paths"]["/api/v1/send"]["post"]["parameters"]
    answer = found["responses"]["SendMessageResponse"]["schema"]
    return {
        "source": found["x-source"],
        "licence": found["x-licence"].partition(",")[0],
        "schemas": {"request": body["schema"], "answer": answer},
    }


def _schema(shape: str, which: str) -> Any:
    return _described(shape)["schemas"].get(which, {})


def _content(shape: str, call: Call) -> Any:
    if shape != "mailgun":
        return call.json
    form: dict[str, Any] = dict(multipart(call))
    return form | {"to": [form["to"]], "o:tag": [form["o:tag"]]}


@pytest.mark.parametrize("shape", DESCRIBED)
def test_a_call_is_valid_by_the_official_description(shape: str) -> None:
    """A batch with awkward values has the described form."""
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        provider = opened(shape, client, url)
        answer = provider.send(provider.prepare(_batch(1 if shape == "mailpit" else 3)))
    assert {outcome.state for outcome in answer.outcomes} == {"accepted"}
    jsonschema.validate(_content(shape, fake.calls[0]), _schema(shape, "request"))


@pytest.mark.parametrize("shape", DESCRIBED)
def test_the_fakes_answer_as_described(shape: str) -> None:
    """What a fake says would be a valid answer of the provider."""
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        provider = opened(shape, client, url)
        provider.send(provider.prepare(_batch(1)))
    reply, _ = SHAPES[shape]().take(fake.calls[0])
    jsonschema.validate(reply.content, _schema(shape, "answer"))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_description_names_its_source_and_licence(shape: str) -> None:
    """What was copied says from where, and under which licence."""
    if shape in DESCRIBED:
        found = _described(shape)
        assert found["source"]
        assert found["licence"] in ("MIT", "Apache-2.0")


def test_no_call_is_described_twice() -> None:
    """Each description is one file, so that they cannot come to differ."""
    described = [path.stem for path in CONTRACTS.iterdir()]
    assert sorted([*described, "mailpit"]) == sorted(DESCRIBED)
