"""Whole reports, each made once for all tests; these are of one group, so that one worker has them all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ccmlib.run import usage, verbs


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Callable[..., Path]:
    """Give the folder of the report of a period, in English or in another language."""
    reports = tmp_path_factory.mktemp("reports")

    def make(period: str, locale: str = "en") -> Path:
        folder = reports / usage.folder(period, locale)
        if not folder.exists():
            assert verbs.report(period, locale=locale, reports_dir=reports) == 0
        return folder

    return make
