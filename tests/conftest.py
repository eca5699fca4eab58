"""Settings of all tests."""

import sys

import pytest
import tidy_tables
from hypothesis import Phase, settings

from ccmlib.figures.counting import Counts
from ccmlib.tidy import tables
from ccmlib.treaty.facts import Facts

# How long a case takes is a matter of the machine; a failing case is told as it was found, not shrunk for minutes.
settings.register_profile("steady", deadline=None, max_examples=50, phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.load_profile("steady")
# jsonschema would build a grammar for seconds with it in each process, to check a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)


@pytest.fixture(scope="module")
def built():
    """The tidy tables of the raw exports."""
    return tidy_tables.built()


@pytest.fixture(scope="session")
def processed(tmp_path_factory):
    """A folder of their files, to read."""
    folder = tmp_path_factory.mktemp("processed")
    tables.write(tidy_tables.built(), folder)
    return folder


@pytest.fixture(scope="session")
def facts():
    """What follows from them."""
    return Facts(tidy_tables.built())


@pytest.fixture(scope="session")
def counts(facts):
    """The figures that are counted of them."""
    return Counts(facts)
