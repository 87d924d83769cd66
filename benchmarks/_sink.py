"""A provider that takes everything, as fast as one core can: reads a call whole, answers its shape.

Run as a process of its own: `python -m benchmarks._sink SHAPE SECONDS` prints its port. SECONDS is
how long a provider takes over a call.
"""

from __future__ import annotations

import asyncio
import json
import sys


def answer(shape: str, body: bytes) -> bytes:
    """What the provider says to a call that it takes whole."""
    if shape == "brevo":
        return json.dumps({"messageIds": ["<id@brevo>"] * body.count(b'{"to":[')}).encode()
    if shape == "resend":
        return json.dumps({"data": [{"id": "0"}] * body.count(b'"to":[')}).encode()
    if shape == "postmark":
        said = {"ErrorCode": 0, "Message": "OK", "MessageID": "0", "To": "x"}
        return json.dumps([said] * body.count(b'"To":"')).encode()
    if shape == "mailgun":
        return b'{"id": "<id@mailgun>", "message": "Queued. Thank you."}'
    return b'{"ID": "0"}'


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, shape: str, seconds: float) -> None:
        self.shape = shape
        self.seconds = seconds
        self.parts: list[bytes] = []
        self.have = 0
        self.need = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Collect until the call is whole."""
        self.parts.append(data)
        self.have += len(data)
        if self.need < 0:
            head, found, _ = b"".join(self.parts).partition(b"\r\n\r\n")
            if not found:
                return
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            self.need = len(head) + 4 + int(length or 0)
        if self.have >= self.need:
            body = b"".join(self.parts).partition(b"\r\n\r\n")[2]
            self.parts, self.have, self.need = [], 0, -1
            if self.seconds:
                asyncio.get_running_loop().call_later(self.seconds, self.reply, body)
            else:
                self.reply(body)

    def reply(self, body: bytes) -> None:
        """Answer one call."""
        said = answer(self.shape, body)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(said)}"
        self.transport.write(head.encode() + b"\r\n\r\n" + said)


async def main(shape: str, seconds: float) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(shape, seconds), "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
