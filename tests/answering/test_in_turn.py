"""Who waits longest is next, and never are more inside than there are places."""

from __future__ import annotations

import threading
import time

import pytest

from qa.answering.in_turn import InTurn


def test_they_come_in_the_order_in_which_they_waited() -> None:
    turns, inside, most, order = InTurn(2), 0, 0, list[int]()
    counting = threading.Lock()
    held = threading.Event()

    def work(number: int) -> None:
        nonlocal inside, most
        with turns:
            with counting:
                inside += 1
                most = max(most, inside)
                order.append(number)
            held.wait(5)
            time.sleep(0.002)
            with counting:
                inside -= 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    assert order == [0, 1]
    held.set()
    for thread in threads:
        thread.join(5)
    assert most == 2
    assert sorted(order) == list(range(12))
    assert all(abs(place - number) <= 1 for place, number in enumerate(order))


def test_a_failure_gives_its_place_back() -> None:
    turns = InTurn(1)
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    with turns:
        pass
