"""How often one client may ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qa.web.throttle import Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Clock()
    throttle = Throttle(6, clock=clock)
    assert [throttle.admits("a") for _ in range(7)] == [True] * 6 + [False]
    clock.now = 9.0
    assert not throttle.admits("a")
    clock.now = 10.0
    assert throttle.admits("a")
    assert not throttle.admits("a")


def test_clients_do_not_pay_for_each_other() -> None:
    throttle = Throttle(1, clock=Clock())
    assert throttle.admits("a")
    assert throttle.admits("b")
    assert not throttle.admits("a")


def test_one_network_of_ipv6_is_one_client() -> None:
    throttle = Throttle(1, clock=Clock())
    assert throttle.admits("2001:db8::1")
    assert not throttle.admits("2001:db8::ffff:2")
    assert throttle.admits("2001:db8:0:1::1")


def test_memory_is_bounded() -> None:
    throttle = Throttle(1, clients=100, clock=Clock())
    for number in range(1000):
        throttle.admits(f"client {number}")
    assert len(throttle) == 100


def test_no_address_at_all_is_still_a_client() -> None:
    throttle = Throttle(1, clock=Clock())
    assert throttle.admits(None)
    assert not throttle.admits(None)


def test_the_wait_is_as_long_as_it_says() -> None:
    clock = Clock()
    throttle = Throttle(6, clock=clock)
    assert throttle.wait("a") == 1
    assert all(throttle.admits("a") for _ in range(6))
    assert throttle.wait("a") == 10
    clock.now = 7.5
    assert throttle.wait("a") == 3
    assert not throttle.admits("a")
    clock.now += throttle.wait("a")
    assert throttle.admits("a")


@given(st.integers(1, 10_000), st.lists(st.floats(0, 90), max_size=30))
def test_who_waits_that_long_is_admitted(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    throttle = Throttle(per_minute, clock=clock)
    for pause in pauses:
        clock.now += pause
        if not throttle.admits("a"):
            clock.now += throttle.wait("a")
            assert throttle.admits("a")


def test_asking_how_long_to_wait_costs_nothing() -> None:
    throttle = Throttle(1, clock=Clock())
    assert [throttle.wait("a") for _ in range(3)] == [1, 1, 1]
    assert len(throttle) == 0
    assert throttle.admits("a")
