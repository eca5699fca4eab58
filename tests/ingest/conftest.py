"""The real exports, read once for all tests that spoil them in memory; one group, so that one worker reads them."""

import pytest
from raw_exports import Exports


@pytest.fixture(scope="session")
def exports():
    """The real exports, and the tables that each gives."""
    return Exports()
