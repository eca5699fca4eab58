"""Two threads that want one lock."""

import threading

import pytest


def order_of_two(lock) -> list[str]:
    """Let a second thread want a lock that the first holds, `lock(told)`; it has to be told. Give who had it when."""
    told, order = threading.Event(), []

    def second():
        with lock(told.set):
            order.append("second")

    with lock(pytest.fail):
        waiting = threading.Thread(target=second)
        waiting.start()
        assert told.wait(5)
        order.append("first")
    waiting.join()
    return order
