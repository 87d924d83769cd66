"""Collecting: slow servers are asked side by side, and a large feed costs what parsing it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gymletter.articles import Window, collect
from gymletter.config import Config
from gymletter.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

LATENCY = 0.3
SOURCES = 8
ITEMS = 10_000
FEED_BYTES = 5 * 1024 * 1024
NEWSLETTER = {
    "name": "Bench",
    "from": "bench@dekade.example",
    "postal_address": "Kade 12, Schiedam",
    "website": "https://dekade.example",
}


def measure() -> dict[str, object]:
    """Both figures; the ratios are what counts."""
    return {"latency": _latency(), "large_feed": _large_feed()}


def _workspace(root: Path, *sources: dict[str, str]) -> Workspace:
    config = Config.model_validate({"newsletter": NEWSLETTER, "sources": sources})
    return Workspace(root, config, {})


def _latency() -> dict[str, float]:
    """Eight sources with 300 ms latency against the slowest one alone (at most 1.5)."""
    with _slow_server() as url, tempfile.TemporaryDirectory() as folder:
        sources = [{"kind": "feed", "url": f"{url}/{n}.xml"} for n in range(SOURCES)]
        collect(_workspace(Path(folder), sources[0]), Window())  # imports done
        alone = [_seconds(Path(folder), source) for source in sources]
        together = _seconds(Path(folder), *sources)
    slowest = max(alone)
    return {"slowest_s": slowest, "eight_s": together, "ratio": round(together / slowest, 2)}


def _seconds(root: Path, *sources: dict[str, str]) -> float:
    start = time.perf_counter()
    found = collect(_workspace(root, *sources), Window())
    if found.errors or len(found.articles) != 10 * len(sources):
        raise RuntimeError(f"the benchmark's own sources failed: {found.errors}")
    return round(time.perf_counter() - start, 3)


@contextmanager
def _slow_server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(LATENCY)
            body = _feed(10, 20_000, self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _feed(items: int, size: int, name: str = "") -> bytes:
    """An RSS feed of so many items and (nearly) so many bytes."""
    entry = (
        "<item><title>Artikel {name} {n} &amp; meer</title><link>https://dekade.example{name}/{n}</link>"
        "<guid>g{name}{n}</guid><pubDate>Wed, 13 Aug 2025 10:00:00 +0200</pubDate>"
        "<description>&lt;p&gt;{text}&lt;/p&gt;&lt;img src='/m.jpg' alt='M'&gt;"
        "</description></item>"
    )
    room = max(0, (size - 200) // items - len(entry) - len(name) * 3)
    text = ("kracht en rust, om en om. " * (room // 26 + 1))[:room]
    body = "".join(entry.format(n=n, name=name, text=text) for n in range(items))
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Bench</title>'
    return f"{head}{body}</channel></rss>".encode()


FEEDPARSER = """
import io, json, resource, sys, time
import feedparser
data = open(sys.argv[1], "rb").read()
start = time.process_time()
entries = len(feedparser.parse(io.BytesIO(data)).entries)
spent = time.process_time() - start
print(json.dumps([entries, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))
"""
GYMLETTER = """
import json, pathlib, resource, sys, time
from benchmarks.collect import _workspace
from gymletter.articles import Window, collect
path = pathlib.Path(sys.argv[1])
start = time.process_time()
found = collect(_workspace(path.parent, {"kind": "feed", "url": path.name}), Window())
spent = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([len(found.articles), spent, peak]))
"""


def _large_feed() -> dict[str, Any]:
    """A feed of 5 MiB and 10,000 items against feedparser's own CPU (at most 3, and 300 MiB)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.xml"
        path.write_bytes(_feed(ITEMS, FEED_BYTES))
        ours, theirs = _run(GYMLETTER, path), _run(FEEDPARSER, path)
        size = path.stat().st_size
    if ours[0] != ITEMS or theirs[0] != ITEMS:
        raise RuntimeError("not every item was read")
    return {
        "bytes": size,
        "items": ITEMS,
        "feedparser_cpu_s": round(theirs[1], 2),
        "collect_cpu_s": round(ours[1], 2),
        "ratio": round(ours[1] / theirs[1], 2),
        "collect_peak_mib": ours[2],
        "feedparser_peak_mib": theirs[2],
    }


def _run(script: str, path: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    found: list[float] = json.loads(done.stdout)
    return found
