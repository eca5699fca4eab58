"""The tidy tables of the raw exports, built once in a process for all tests that only read them."""

from functools import cache

from ccmlib.treaty import build

_once = cache(build.build)


def built() -> build.Tables:
    """Give the tables; what a test changes in them stays its own."""
    made = _once()
    return build.Tables({name: frame.copy(deep=False) for name, frame in made.items()}, made.reports)
