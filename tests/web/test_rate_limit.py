"""How often one client may ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.web.limits import RateLimiter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    limiter = RateLimiter(6, clock=clock)
    assert [limiter.take("a") for _ in range(7)] == [0] * 6 + [10]
    clock.now = 9.0
    assert limiter.take("a")
    clock.now = 10.0
    assert limiter.take("a") == 0
    assert limiter.take("a")


def test_clients_do_not_pay_for_each_other() -> None:
    limiter = RateLimiter(1, clock=Clock())
    assert limiter.take("a") == 0
    assert limiter.take("b") == 0
    assert limiter.take("a")


def test_one_network_of_ipv6_is_one_client() -> None:
    limiter = RateLimiter(1, clock=Clock())
    assert limiter.take("2001:db8::1") == 0
    assert limiter.take("2001:db8::ffff:2")
    assert limiter.take("2001:db8:0:1::1") == 0


def test_memory_is_bounded() -> None:
    limiter = RateLimiter(1, clients=100, clock=Clock())
    for number in range(1000):
        limiter.take(f"client {number}")
    assert len(limiter._free) == 100


def test_no_address_at_all_is_still_a_client() -> None:
    limiter = RateLimiter(1, clock=Clock())
    assert limiter.take(None) == 0
    assert limiter.take(None)


def test_the_wait_is_as_long_as_it_says() -> None:
    clock = Clock()
    limiter = RateLimiter(6, clock=clock)
    assert not any(limiter.take("a") for _ in range(6))
    assert limiter.take("a") == 10
    clock.now = 7.5
    assert limiter.take("a") == 3
    clock.now += 3
    assert limiter.take("a") == 0


@given(st.integers(1, 10_000), st.lists(st.floats(0, 90), max_size=30))
def test_who_waits_that_long_is_admitted(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = RateLimiter(per_minute, clock=clock)
    for pause in pauses:
        clock.now += pause
        if seconds := limiter.take("a"):
            clock.now += seconds
            assert limiter.take("a") == 0
