"""The network's one door: bounded, checked, and clear about what may have happened."""

from __future__ import annotations

import gzip
import os
import socket
import subprocess
import sys
import threading
import zlib
from typing import TYPE_CHECKING

import pytest

from gymletter.errors import HttpError, InDoubt, NotSent, Refused
from gymletter.http import Client, origin_of, private_origins
from gymletter.network import is_private_host, is_public
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client() -> Iterator[Client]:
    """A client with a short patience."""
    with Client(timeout=3) as opened:
        yield opened


def test_a_page_is_read_and_inflated(client: Client) -> None:
    """Gzip is asked for and undone; the body is what was served."""
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(gzip.compress(b"hallo"), headers={"Content-Encoding": "gzip"})

    with serve(answer) as url:
        response = client.get(f"{url}/x", private=private_origins(url))
    assert (response.body, response.status, response.url) == (b"hallo", 200, f"{url}/x")
    assert asked[0].headers["accept-encoding"] == "gzip"
    assert asked[0].headers["user-agent"].startswith("gymletter/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::", "255.255.255.255",
    ],
)  # fmt: skip
def test_private_addresses_are_known(address: str) -> None:
    """Loopback, local, link-local, shared, multicast, and those wrapped in IPv6."""
    assert not is_public(address)
    assert is_private_host(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111"])
def test_public_addresses_are_known(address: str) -> None:
    """The open Internet."""
    assert is_public(address)
    assert not is_private_host(address)


@pytest.mark.parametrize(
    ("host", "private"),
    [("localhost", True), ("nas", True), ("site.local", True), ("dekade.example", False)],
)
def test_names_of_the_local_network_are_private(host: str, private: bool) -> None:
    """Only a person on that network can mean them."""
    assert is_private_host(host) is private


def test_a_private_address_is_refused_unless_it_was_configured(client: Client) -> None:
    """Neither a number nor a name for it is reached; nothing is asked of the server."""
    asked: list[Request] = []
    with serve(lambda request: asked.append(request) or Answer(b"geheim")) as url:  # type: ignore[func-returns-value]
        port = url.rpartition(":")[2]
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"):
            with pytest.raises((Refused, NotSent)):
                client.get(f"http://{host}:{port}/")
        assert not asked
        assert client.get(url, private=private_origins(url)).body == b"geheim"


def test_a_redirect_to_a_private_address_is_refused(client: Client) -> None:
    """Each address on the way is checked, also where the first one was allowed."""
    secret: list[Request] = []
    with serve(lambda request: secret.append(request) or Answer(b"geheim")) as inner:  # type: ignore[func-returns-value]
        target = f"{inner}/beheer"
        lead = Answer(status=302, headers={"Location": target})
        with serve(lambda _: lead) as url, pytest.raises(Refused, match="private address"):
            client.get(url, private=private_origins(url))
    assert not secret


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://x.example/", "//", "http://["])
def test_a_redirect_elsewhere_than_the_web_is_refused(client: Client, location: str) -> None:
    """Only http and https are followed."""
    lead = Answer(status=302, headers={"Location": location})
    with serve(lambda _: lead) as url, pytest.raises(Refused):
        client.get(url, private=private_origins(url))


def test_five_redirects_are_followed_and_no_sixth(client: Client) -> None:
    """Going round ends with an error that says so."""

    def answer(request: Request) -> Answer:
        left = int(request.path[1:])
        return Answer(b"er") if not left else Answer(b"", 302, {"Location": f"/{left - 1}"})

    with serve(answer) as url:
        assert client.get(f"{url}/5", private=private_origins(url)).body == b"er"
        with pytest.raises(Refused, match="more than 5 times"):
            client.get(f"{url}/6", private=private_origins(url))


@pytest.mark.parametrize(
    ("body", "encoding", "says"),
    [
        (bytes(2_000_001), "identity", "more than 1.91 MiB"),
        (gzip.compress(bytes(2_000_001)), "gzip", "more than 1.91 MiB"),
        (gzip.compress(gzip.compress(b"x")), "gzip, gzip", "encoding 'gzip, gzip'"),
        (zlib.compress(b"x"), "deflate", "encoding 'deflate'"),
        (b"x", "br", "encoding 'br'"),
        (b"geen gzip", "gzip", "broken gzip"),
        (gzip.compress(os.urandom(5000))[:-900], "gzip", "ends too early"),
    ],
    ids=["large", "inflated", "stacked", "deflate", "brotli", "broken", "cut"],
)
def test_a_body_that_is_not_accepted_is_refused(
    client: Client, body: bytes, encoding: str, says: str
) -> None:
    """Too large after inflating, or packed in another way than asked for."""
    packed = Answer(body, headers={"Content-Encoding": encoding})
    with serve(lambda _: packed) as url, pytest.raises(Refused, match=says):
        client.get(url, limit=2_000_000, private=private_origins(url))


def test_gzip_in_several_members_is_whole(client: Client) -> None:
    """What some servers join is read to its end."""
    body = gzip.compress(b"een ") + gzip.compress(b"twee")
    with serve(lambda _: Answer(body, headers={"Content-Encoding": "gzip"})) as url:
        assert client.get(url, private=private_origins(url)).body == b"een twee"


BOMB = """
import resource, sys
from gymletter.http import Client, private_origins
from gymletter.errors import Refused
url = sys.argv[1]
with Client() as client:
    client.get(url + "/small", private=private_origins(url))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        client.get(url + "/bomb", private=private_origins(url))
    except Refused as error:
        print(error)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("stacked", [False, True])
def test_a_bomb_costs_little_memory(stacked: bool) -> None:
    """A small body that inflates to gigabytes is refused within 60 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    inner = b"".join(packer.compress(bytes(1 << 24)) for _ in range(64)) + packer.flush()
    body = gzip.compress(inner, 9) if stacked else inner
    encoding = "gzip, gzip" if stacked else "gzip"

    def answer(request: Request) -> Answer:
        if request.path == "/small":
            return Answer(b"ok")
        return Answer(body, headers={"Content-Encoding": encoding})

    with serve(answer) as url:
        done = subprocess.run(
            [sys.executable, "-c", BOMB, url],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    told, grown = done.stdout.strip().splitlines()
    assert "answers with" in told
    assert int(grown) < 60


def test_a_server_that_is_not_there_got_nothing(client: Client) -> None:
    """A refused connection is harmless to repeat."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(NotSent, match="cannot be reached"):
            client.call("POST", url, content=b"x")
        with pytest.raises(NotSent):
            client.get(url, private=private_origins(url))


def test_an_unknown_name_is_not_reached(client: Client) -> None:
    """No address, no request; one line."""
    with pytest.raises(HttpError, match="cannot be reached"):
        client.get("http://nergens.invalid/")


@pytest.mark.parametrize(
    "behaviour", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"geen http"]
)
def test_a_broken_answer_is_in_doubt_and_never_repeated_by_call(behaviour: bytes) -> None:
    """After the request left, an answer that breaks off says nothing; `call` asks once."""
    asked = 0
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        nonlocal asked
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            asked += 1
            connection.recv(65536)
            connection.sendall(behaviour)
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    with Client(timeout=3) as client:
        with pytest.raises(InDoubt):
            client.call("POST", url, content=b"x")
        assert asked == 1
        with pytest.raises(InDoubt):
            client.get(url, private=private_origins(url))
        assert asked == 3
    listener.close()


def test_a_password_in_an_address_is_not_shown(client: Client) -> None:
    """Errors name the address without its user."""
    with pytest.raises(HttpError) as caught:
        client.get("http://jan:geheim@nergens.invalid/feed")
    assert "geheim" not in str(caught.value)
    assert "nergens.invalid/feed" in str(caught.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "feed.xml", "http:///x", "javascript:1"])
def test_only_the_web_is_read(client: Client, url: str) -> None:
    """Whatever a feed names, no file is opened."""
    with pytest.raises(Refused, match="not an http or https address"):
        client.get(url)


def test_an_origin_has_its_port() -> None:
    """So that one allowed port opens no other."""
    assert origin_of("http://NAS/x") == "http://nas:80"
    assert origin_of("https://127.0.0.1:8443/") == "https://127.0.0.1:8443"
    assert private_origins("https://dekade.example/feed") == frozenset()


def test_a_host_that_cannot_be_is_refused(client: Client) -> None:
    """A name that IDNA does not allow is an error of ours, with its place."""
    with pytest.raises(Refused, match="is an address that cannot be used"):
        client.get("http://xn--/", private=["http://xn--:80"])
    with pytest.raises(Refused, match="is an address that cannot be used"):
        client.call("POST", "http://xn--/")
