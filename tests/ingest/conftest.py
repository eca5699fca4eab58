"""The real exports, read once for all tests that spoil them in memory; their files go to one worker."""

import pytest
from raw_exports import Exports


@pytest.fixture(scope="session")
def exports():
    """The real exports, and the tables that each gives."""
    return Exports()
