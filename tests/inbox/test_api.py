"""The inbox speaks Mailpit's HTTP API, as its official description has it."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from gymletter.http import Client, Response
from gymletter.inbox.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.workspace import Workspace

DESCRIPTION = json.loads(
    (Path(__file__).parent.parent / "data" / "mailpit.swagger.json").read_text(encoding="utf-8")
)
MAIL: dict[str, Any] = {
    "From": {"Email": "nieuws@dekade.example", "Name": "Sportschool De Kade"},
    "To": [{"Email": "jan@voorbeeld.example", "Name": "<b>Jan & Söhne"}],
    "ReplyTo": [{"Email": "info@dekade.example"}],
    "Subject": "Sterker de zomer uit – héél sterk",
    "HTML": "<html><head><title>x</title></head><body><div>Voorproefje\u200c\u034f</div>"
    "<p>Beste Jan, = {{x}}</p></body></html>",
    "Text": "Beste Jan,\n\n.\nFrom ons\ntab\t \n" + "lang " * 60,
    "Headers": {"List-Unsubscribe": "<https://nieuws.dekade.example/u/abc>", "X-Batch": "7"},
    "Tags": ["2025-08"],
}


@pytest.fixture
def inbox(workspace: Workspace) -> Iterator[str]:
    """The address of a running inbox."""
    with running(workspace) as url:
        yield url


@pytest.fixture
def client() -> Iterator[Client]:
    """An HTTP client."""
    with Client() as made:
        yield made


def post(client: Client, inbox: str, mail: object, **headers: str) -> Response:
    """`POST /api/v1/send`."""
    return client.call(
        "POST",
        f"{inbox}/api/v1/send",
        content=json.dumps(mail).encode(),
        headers={"content-type": "application/json", **headers},
    )


def conforms(answer: Response, path: str, method: str) -> Any:
    """The body of `answer`, after holding it against the description, formats and all."""
    responses = DESCRIPTION["paths"][path][method]["responses"]
    schema = responses[str(answer.status)]
    if "$ref" in schema:
        schema = DESCRIPTION["responses"][schema["$ref"].rpartition("/")[2]]
    body = json.loads(answer.body)
    jsonschema.validate(body, {**strict(schema["schema"]), "definitions": strict(DEFINITIONS)})
    return body


DEFINITIONS = DESCRIPTION["definitions"]


def strict(schema: Any) -> Any:
    """The same schema, in which properties nobody described are an error."""
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(value) for name, value in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in schema else closed


def test_the_example_request_fits_the_description() -> None:
    """What these tests send is what the description allows."""
    [body] = DESCRIPTION["paths"]["/api/v1/send"]["post"]["parameters"]
    jsonschema.validate(MAIL, body["schema"])


def test_sent_listed_and_shown(inbox: str, client: Client) -> None:
    """A message that was sent is in the list and can be read, in the described shapes."""
    sent = conforms(post(client, inbox, MAIL), "/api/v1/send", "post")
    listed = conforms(client.call("GET", f"{inbox}/api/v1/messages"), "/api/v1/messages", "get")
    shown = conforms(
        client.call("GET", f"{inbox}/api/v1/message/{sent['ID']}"), "/api/v1/message/{ID}", "get"
    )
    [summary] = listed["messages"]
    assert (listed["total"], listed["unread"], listed["start"]) == (1, 1, 0)
    assert summary["ID"] == shown["ID"] == sent["ID"]
    assert summary["Snippet"] == "Voorproefje Beste Jan, = {{x}}"
    assert summary["Subject"] == shown["Subject"] == MAIL["Subject"]
    assert shown["To"] == [{"Name": "<b>Jan & Söhne", "Address": "jan@voorbeeld.example"}]
    assert shown["HTML"] == MAIL["HTML"]
    assert shown["Text"] == MAIL["Text"].replace("\n", "\r\n")
    assert shown["ListUnsubscribe"]["Links"] == ["https://nieuws.dekade.example/u/abc"]
    assert shown["Tags"] == ["2025-08"]


def test_the_file_is_a_private_mime_message(
    inbox: str, client: Client, workspace: Workspace
) -> None:
    """The .eml file is what a mail program opens, and nobody but the owner can read it."""
    sent = json.loads(post(client, inbox, MAIL).body)
    [path] = (workspace.state / "inbox").rglob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=default)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert path.stem == sent["ID"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert message["To"].addresses[0].display_name == "<b>Jan & Söhne"
    assert message["X-Batch"] == "7"
    assert message["Date"].datetime is not None
    assert html is not None
    assert html.get_content() == MAIL["HTML"]
    assert text is not None
    assert text.get_content().splitlines() == MAIL["Text"].splitlines()
    assert max(map(len, path.read_bytes().splitlines())) < 999


def test_opened_is_read(inbox: str, client: Client) -> None:
    """A message is unread until it is shown; `latest` is the newest."""
    post(client, inbox, MAIL)
    newest = json.loads(post(client, inbox, MAIL).body)["ID"]
    shown = json.loads(client.call("GET", f"{inbox}/api/v1/message/latest").body)
    listed = json.loads(client.call("GET", f"{inbox}/api/v1/messages").body)
    assert shown["ID"] == newest
    assert [one["Read"] for one in listed["messages"]] == [True, False]
    assert listed["unread"] == 1


def test_enclosures(inbox: str, client: Client) -> None:
    """Attachments and inline pictures arrive, by their names."""
    content = base64.b64encode(b"\x89PNG\r\n\x00").decode()
    enclosed = [
        {"Content": content, "Filename": "rooster é.png", "ContentType": "image/png"},
        {"Content": content, "Filename": "logo.png", "ContentID": "logo"},
    ]
    post(client, inbox, {**MAIL, "Attachments": enclosed})
    shown = conforms(
        client.call("GET", f"{inbox}/api/v1/message/latest"), "/api/v1/message/{ID}", "get"
    )
    assert [(one["FileName"], one["Size"]) for one in shown["Attachments"]] == [
        ("rooster é.png", 7)
    ]
    assert [one["ContentID"] for one in shown["Inline"]] == ["logo"]
    assert shown["HTML"] == MAIL["HTML"]


@pytest.mark.parametrize(
    ("mail", "complaint"),
    [
        ({"Subject": "no sender"}, "From"),
        ({**MAIL, "From": {"Email": "not an address"}}, "From.Email"),
        ({**MAIL, "Headers": {"A: b\r\nBcc": "x"}}, "header name"),
        ({**MAIL, "Attachments": [{"Content": "~", "Filename": "x"}]}, "base64"),
        ([], "object"),
    ],
)
def test_refuses(inbox: str, client: Client, mail: object, complaint: str) -> None:
    """A request that is not as described is refused with the reason, and nothing is kept."""
    answer = post(client, inbox, mail)
    body = conforms(answer, "/api/v1/send", "post")
    listed = json.loads(client.call("GET", f"{inbox}/api/v1/messages").body)
    assert answer.status == 400
    assert complaint.lower() in body["Error"].lower()
    assert listed["total"] == 0


def test_no_value_begins_a_header(inbox: str, client: Client) -> None:
    """Line breaks in a subject, name or header value stay inside their own header."""
    evil = "x\r\nBcc: evil@voorbeeld.example\u2028y"
    mail = {**MAIL, "Subject": evil, "Headers": {"X-A": evil}}
    mail["To"] = [{"Email": "jan@voorbeeld.example", "Name": evil}]
    post(client, inbox, mail)
    shown = json.loads(client.call("GET", f"{inbox}/api/v1/message/latest").body)
    assert shown["Bcc"] == []
    assert len(shown["To"]) == 1


def test_only_json_is_taken(inbox: str, client: Client) -> None:
    """What a form of another site could post without asking is not taken."""
    assert post(client, inbox, MAIL, **{"content-type": "text/plain"}).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_other_sites_cannot_write(inbox: str, client: Client, headers: dict[str, str]) -> None:
    """A page of another site, or one that took over our name, cannot put mail here."""
    assert post(client, inbox, MAIL, **headers).status == 403


@pytest.mark.parametrize("message_id", ["nothing", "0123456789abcdefghj", "..%2Fread", "latest"])
def test_unknown_message(inbox: str, client: Client, message_id: str) -> None:
    """An id that no message has is a 404, whatever it looks like."""
    assert client.call("GET", f"{inbox}/api/v1/message/{message_id}").status == 404
