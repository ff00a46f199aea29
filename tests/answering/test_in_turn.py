"""Who waits longest is next, and never are more inside than there are places."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from qa.answering.in_turn import InTurn


def until(true: Callable[[], bool]) -> None:
    """Waits, however busy the machine is; the test's own timeout ends what never comes."""
    while not true():
        time.sleep(0.001)


def test_they_come_in_the_order_in_which_they_waited() -> None:
    turns, order, let_go = InTurn(1), list[int](), threading.Event()

    def work(number: int) -> None:
        with turns:
            order.append(number)
            let_go.wait()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        until(lambda number=number: len(order) + len(turns._waiting) == number + 1)  # type: ignore[misc]
    assert order == [0]
    let_go.set()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_never_are_more_inside_than_there_are_places() -> None:
    turns, inside, most = InTurn(2), 0, list[int]()
    counting = threading.Lock()

    def work() -> None:
        nonlocal inside
        with turns:
            with counting:
                inside += 1
                most.append(inside)
            time.sleep(0.002)
            with counting:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 12
    assert max(most) <= 2


def test_a_failure_gives_its_place_back() -> None:
    turns = InTurn(1)
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    with turns:
        pass
