"""Sending a campaign to a provider on loopback, against a bare httpx loop.

The bare loop posts as many calls of as many bytes, to the same server, with the same concurrency,
and does nothing else: no ledger, no member is read, nothing is encoded. `seconds_per_call` is how
long the server takes over a call, as a provider's does, on both sides.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[1]
SECONDS_PER_CALL = 0.05
# Members per shape by default; `python -m benchmarks.send full` sends to 100,000 with each.
SHAPES = {
    "mailpit": 4_000,
    "brevo": 100_000,
    "mailgun": 100_000,
    "resend": 20_000,
    "postmark": 20_000,
}
FULL = 100_000
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def measure(counts: Mapping[str, int] = SHAPES) -> dict[str, object]:
    """Every shape in a process of its own, then freezing, and how memory and time grow."""
    return {
        "shapes": {
            shape: _child("shape", shape, count, SECONDS_PER_CALL)
            for shape, count in counts.items()
        },
        "freeze_500000": _child("freeze", 500_000),
        "growth": _growth(),
    }


def _growth() -> dict[str, object]:
    """The peak of a sender's memory, and its time beyond what it takes to begin."""
    found = [_child("memory", count) for count in SIZES]
    beyond = [
        (more["seconds"] - less["seconds"]) / (more["members"] - less["members"]) * 1e6
        for less, more in itertools.pairwise(found)
    ]
    return {
        "by_members": found,
        "more_mib": round(found[-1]["peak_mib"] - found[0]["peak_mib"], 1),
        "microseconds_per_further_member": [round(each, 2) for each in beyond],
    }


def _child(*arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.send", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _sink(shape: str, seconds: float) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks._sink", shape, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


class _Recorder:
    """A client that keeps the first calls and counts their bytes."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.bytes = 0
        self.count = 0

    def call(self, method: str, url: str, **rest: Any) -> Any:
        self.count += 1
        self.bytes += len(rest["content"])
        if len(self.calls) < 2:
            self.calls.append((url, dict(rest["headers"]), rest["content"]))
        return self.client.call(method, url, **rest)


def _email() -> Any:
    from tests.campaign.people import EMAIL

    html = EMAIL.html + "<p>Tekst in de nieuwsbrief, en nog wat.</p>\n" * 500
    return replace(EMAIL, html=html, text=EMAIL.text + "Tekst in de nieuwsbrief.\n" * 200)


def _frozen(folder: str, count: int) -> tuple[Any, Any, float]:
    from gymletter.campaign import Ledger
    from gymletter.campaign.freeze import Edition, freeze
    from tests.campaign.people import gym

    ledger = Ledger(gym(Path(folder) / "db", count))
    edition = Edition("x", "x", [({}, _email())], (), "x")
    began = time.perf_counter()
    campaign = freeze(ledger, edition, None, datetime.now(UTC))
    return ledger, campaign, time.perf_counter() - began


def _sent(ledger: Any, campaign: Any, provider: Any) -> float:
    from gymletter.campaign.pace import Pace
    from gymletter.campaign.running import run_to_end
    from gymletter.campaign.sender import Run
    from gymletter.members.unsubscribe import token_maker

    token = token_maker(("a-key-for-measuring-0123456789",), "2025-08")

    def link(member_id: int) -> str:
        return "https://nieuws.dekade.example/u/" + token(member_id)

    stop = threading.Event()
    emails = ledger.emails(campaign)
    plan = Run(
        ledger, campaign, emails, provider, link, Pace(1e9, stop), stop,
    )  # fmt: skip
    began = time.perf_counter()
    counts, fault = run_to_end(plan)
    assert fault is None
    assert counts["accepted"] == campaign.audience
    return time.perf_counter() - began


def _bare(recorder: _Recorder, concurrency: int) -> float:
    import httpx

    url, headers, body = recorder.calls[0]
    turn = itertools.count()
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    with httpx.Client(limits=limits, timeout=60, trust_env=False) as client:

        def work() -> None:
            while next(turn) < recorder.count:
                client.post(url, headers=headers, content=body).raise_for_status()

        threads = [threading.Thread(target=work) for _ in range(concurrency)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - began


def shape(name: str, count: int, seconds: float) -> dict[str, object]:
    """One shape: our time, the bare loop's, and what goes over the wire."""
    from gymletter.http import Client
    from tests.providers.opening import opened

    with tempfile.TemporaryDirectory() as folder, _sink(name, seconds) as url, Client() as client:
        ledger, campaign, _ = _frozen(folder, count)
        recorder = _Recorder(client)
        provider = opened(name, recorder, url)  # type: ignore[arg-type]
        began = time.process_time()
        ours = _sent(ledger, campaign, provider)
        cpu = time.process_time() - began
        began = time.process_time()
        bare = _bare(recorder, provider.capabilities.calls_at_once)
        bare_cpu = time.process_time() - began
    size = len(_email().html.encode()) + len(_email().text.encode())
    return {
        "members": count,
        "seconds_per_call": seconds,
        "calls": recorder.count,
        "seconds": round(ours, 2),
        "bare_seconds": round(bare, 2),
        "ratio": round(ours / bare, 3),
        "cpu_microseconds_per_member": round(cpu / count * 1e6, 1),
        "bare_cpu_microseconds_per_member": round(bare_cpu / count * 1e6, 1),
        "bytes_per_member": round(recorder.bytes / count, 1),
        "bytes_per_member_without_email": round(
            (recorder.bytes - recorder.count * size) / count, 1
        ),
    }


def frozen(count: int) -> dict[str, object]:
    """How fast an audience is frozen."""
    with tempfile.TemporaryDirectory() as folder:
        _, _, seconds = _frozen(folder, count)
    return {"members": count, "seconds": round(seconds, 2), "per_second": round(count / seconds)}


def peak(count: int) -> dict[str, object]:
    """The peak memory of a process that sends a campaign that another one froze."""
    with tempfile.TemporaryDirectory() as folder, _sink("brevo", 0) as url:
        script = f"from benchmarks.send import _frozen; _frozen({folder!r}, {count})"
        subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
        return _child("send", folder, url)


def send(folder: str, url: str) -> dict[str, object]:
    """Send what is frozen in `folder`, to a server that answers at once; this process's peak."""
    from gymletter.campaign import Ledger
    from gymletter.database import open_database
    from gymletter.http import Client
    from gymletter.providers.brevo import Brevo

    ledger = Ledger(open_database(f"sqlite:///{folder}/db"))
    campaign = ledger.get("x")
    with Client() as client:
        seconds = _sent(ledger, campaign, Brevo(client, "k", url))
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "members": campaign.audience,
        "peak_mib": round(peak_kib / 1024, 1),
        "seconds": round(seconds, 4),
    }


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "full":
        print(json.dumps(measure(dict.fromkeys(SHAPES, FULL)), indent=2))
    elif what == "shape":
        print(json.dumps(shape(rest[0], int(rest[1]), float(rest[2]))))
    elif what == "freeze":
        print(json.dumps(frozen(int(rest[0]))))
    elif what == "memory":
        print(json.dumps(peak(int(rest[0]))))
    else:
        print(json.dumps(send(*rest)))
