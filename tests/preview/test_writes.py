"""Writes to the preview site: only with this run's token, only on what the page showed."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from gymletter.http import Client, Response
from tests.preview.conftest import freeze_issue, import_members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.preview.conftest import Preview


@pytest.fixture
def client() -> Iterator[Client]:
    """An HTTP client."""
    with Client() as made:
        yield made


def token_of(preview: Preview, client: Client) -> str:
    """The token that the page carries."""
    found = re.search(r'name="token" content="([^"]+)"', client.call("GET", preview.url).text)
    assert found
    return found[1]


def edit(preview: Preview, client: Client, body: object, token: str, **headers: str) -> Response:
    """`POST …/edit`."""
    return client.call(
        "POST",
        f"{preview.url}/api/issue/2025-08/edit",
        content=json.dumps(body).encode(),
        headers={"content-type": "application/json", "x-gymletter-token": token, **headers},
    )


def shown(preview: Preview, client: Client) -> Any:
    """What the page is told of the issue."""
    return json.loads(client.call("GET", f"{preview.url}/api/issue/2025-08").body)


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("guessed", {}),
        ("TOKEN", {"origin": "https://evil.example"}),
        ("TOKEN", {"sec-fetch-site": "cross-site"}),
        ("TOKEN", {"host": "evil.example"}),
    ],
)
def test_another_site_cannot_write(
    preview: Preview, client: Client, token: str, headers: dict[str, str]
) -> None:
    """Without the token, from another site or by another name nothing is written."""
    before = preview.issue.read_bytes()
    body = {"version": shown(preview, client)["version"], "field": "subject", "value": "evil"}
    known = token.replace("TOKEN", token_of(preview, client))
    assert edit(preview, client, body, known, **headers).status == 403
    assert preview.issue.read_bytes() == before


def test_an_old_version(preview: Preview, client: Client) -> None:
    """An edit of what the file no longer holds is refused, and the file stays as it is."""
    version, token = shown(preview, client)["version"], token_of(preview, client)
    changed = preview.issue.read_bytes() + b"\nEen regel erbij.\n"
    preview.issue.write_bytes(changed)
    answer = edit(preview, client, {"version": version, "field": "subject", "value": "x"}, token)
    assert answer.status == 409
    assert "has changed in the meantime" in answer.text
    assert preview.issue.read_bytes() == changed


@pytest.mark.parametrize(
    "body",
    [
        {"field": "subject", "value": "x"},
        {"field": "title", "article": 0, "value": "x"},
        {"articles": [0]},
        {"undo": True},
    ],
)
def test_what_was_sent_is_fixed(preview: Preview, client: Client, body: dict[str, Any]) -> None:
    """An issue that has a campaign is not edited and no edit of it undone; the page is told."""
    token = token_of(preview, client)
    first = {"version": shown(preview, client)["version"], "field": "subject", "value": "Eerst"}
    assert edit(preview, client, first, token).status == 200
    freeze_issue(preview.root)
    before, told = preview.issue.read_bytes(), shown(preview, client)
    assert (told["frozen"], told["undo"]) == (True, False)
    answer = edit(preview, client, {"version": told["version"], **body}, token)
    assert answer.status == 409
    assert "this issue is fixed" in json.loads(answer.body)["message"]
    assert preview.issue.read_bytes() == before


def test_converted_pictures(preview: Preview, client: Client) -> None:
    """A picture of `issues/ID/` is served under the address that it will have."""
    config = preview.root / "gymletter.toml"
    images = '\n[images]\nbase_url = "https://pictures.example/mail"\n'
    config.write_text(config.read_text("utf-8") + images, "utf-8")
    (preview.root / "issues" / "2025-08").mkdir()
    (preview.root / "issues" / "2025-08" / "a.png").write_bytes(b"picture")
    asked = f"{preview.url}/picture?address=https://pictures.example/mail/2025-08/a.png"
    deadline = time.monotonic() + 10
    while (answer := client.call("GET", asked)).status == 404 and time.monotonic() < deadline:
        time.sleep(0.05)  # until the changed configuration is seen
    assert (answer.status, answer.body) == (200, b"picture")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"field": "subject", "value": ""}, 422),
        ({"field": "language", "value": "nl"}, 400),
        ({"field": "title", "article": 99, "value": "x"}, 422),
        ({"articles": ["nothing like it"]}, 422),
        ({"articles": [0, 0]}, 200),
        ([], 400),
        ({"undo": True}, 422),
    ],
)
def test_odd_edits(preview: Preview, client: Client, body: Any, status: int) -> None:
    """What cannot be done is refused with a reason; the issue still reads."""
    version = shown(preview, client)["version"]
    asked = body | {"version": version} if isinstance(body, dict) else body
    answer = edit(preview, client, asked, token_of(preview, client))
    assert answer.status == status
    assert status == 200 or json.loads(answer.body)["message"]
    assert shown(preview, client)["error"] is None


@pytest.mark.parametrize(
    "path",
    [
        "/issue/..%2f..%2fgymletter/source",
        "/api/issue/..%2Fgymletter.toml",
        "/issue/%2e%2e/message.eml",
        "/own/../app.py",
        "/own/%2e%2e/app.py",
        "/look/../guard.py",
        "/picture?address=https://dekade.example/blog/..%2f..%2f.env",
    ],
)
def test_paths_are_confined(preview: Preview, client: Client, path: str) -> None:
    """Nothing outside the issues and the page's own files can be read."""
    answer = client.call("GET", preview.url + path)
    assert "GYMLETTER_SECRET_KEY" not in answer.text
    assert "postal_address" not in answer.text
    assert "import" not in answer.text


def test_addresses_are_masked(preview: Preview, client: Client) -> None:
    """A member's address is shown when asked for, and not before."""
    import_members(preview.root)
    people = f"{preview.url}/api/people?q=anna"
    masked = json.loads(client.call("GET", people).body)[0]
    shown_ = json.loads(client.call("GET", f"{people}&reveal=1").body)[0]
    mail = client.call("GET", f"{preview.url}/issue/2025-08/message.eml?as={masked['key']}").text
    assert masked["address"] == "a•••@p•••.example"
    assert shown_["address"] == "anna.devries@post.example"
    assert masked["name"] == shown_["name"] == "Anna de Vries"
    assert "anna.devries" not in mail
    assert "Beste Anna" in mail


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE members; --", "x" * 500])
def test_odd_searches(preview: Preview, client: Client, words: str) -> None:
    """Whatever is typed is looked for as it is, and finds nobody."""
    import_members(preview.root)
    assert json.loads(client.call("GET", f"{preview.url}/api/people?q={quote(words)}").body) == []
