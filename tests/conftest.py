"""Settings of all tests."""

import sys

import pytest
import tidy_tables
from hypothesis import Phase, settings
from xdist.scheduler import LoadScopeScheduling

from ccmlib.figures.counting import Counts
from ccmlib.tidy import tables
from ccmlib.treaty.facts import Facts

# How long a case takes is a matter of the machine; a failing case is told as it was found, not shrunk for minutes.
settings.register_profile("steady", deadline=None, max_examples=50, phases=[Phase.explicit, Phase.reuse, Phase.generate])
settings.load_profile("steady")
# jsonschema would build a grammar for seconds with it in each process, to check a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)

#: Files whose tests share what takes long to make; one worker has them all.
TOGETHER = {
    **dict.fromkeys(("test_whole_report.py", "test_one_truth.py", "test_ten_seconds.py", "test_release.py"), "whole reports"),
    **dict.fromkeys(("test_accidents.py", "test_mistakes.py"), "real exports"),
}


class FileByFile(LoadScopeScheduling):
    """Gives all tests of a file to one worker, which makes once what they share.

    Marks of xdist do not do this: since pytest 9.2 a group of xdist 3.8 is none, and nothing says so.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::")[0]
        return TOGETHER.get(path.rpartition("/")[2], path)


def pytest_xdist_make_scheduler(config, log):
    """Files come in the order of the tests."""
    config.option.loadscopereorder = False
    return FileByFile(config, log)


def pytest_collection_modifyitems(items):
    """Whole reports take longest, so they come first."""
    items.sort(key=lambda item: TOGETHER.get(item.path.name) != "whole reports")


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
