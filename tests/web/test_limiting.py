"""The limiter: bursts pass, floods do not, and memory is bounded."""

from __future__ import annotations

from gymletter.web.limiting import Limiter, network


def test_a_burst_passes_and_then_one_at_a_time() -> None:
    """The bucket fills again with time."""
    now = [0.0]
    limiter = Limiter(burst=3, per_second=0.5, clock=lambda: now[0])
    assert [limiter.passes("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 2
    assert [limiter.passes("a") for _ in range(2)] == [True, False]
    assert limiter.passes("b")


def test_an_ipv6_asker_is_a_network() -> None:
    """One machine has 2^64 addresses there."""
    assert network("2001:db8::1") == network("2001:db8::ffff") != network("2001:db8:1::1")
    assert network("192.0.2.1") != network("192.0.2.2")
