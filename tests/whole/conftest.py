"""Whole reports, each made once for all tests; their files are among those that one worker has all of."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browsers import browser, playwright  # noqa: F401

from ccmlib.run import cli, usage


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Callable[..., Path]:
    """Give the folder of the report of a period or, as ``2027-01-01_2027-12-31``, of any days; in any language."""
    reports = tmp_path_factory.mktemp("reports")

    def make(period: str, locale: str = "en") -> Path:
        folder = reports / usage.folder(period, locale)
        if not folder.exists():
            from_on, between, to_on = period.partition("_")
            days = {"from_on": from_on, "to_on": to_on} if between else {}
            assert cli.report(period, locale=locale, reports_dir=reports, **days) == 0
        return folder

    return make
