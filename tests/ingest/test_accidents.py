"""Accidents that happen to the real exports: each leaves the same tidy tables or a named problem.

``ACCIDENTS=20000 pytest tests/ingest/test_accidents.py`` tries more of them. The quick tests try the first part.
"""

import copy
import os
import random

import accidents
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccmlib.base import project
from ccmlib.base.problems import ProblemsFound
from ccmlib.ingest import grid

TRIED = int(os.environ.get("ACCIDENTS", "150"))
PARTS = 5
LATER = [pytest.param(part, marks=pytest.mark.slow) for part in range(1, PARTS)]


def folded(frames):
    """Give what tables say, whatever the case of its letters."""
    return {name: sorted(row.casefold() for row in rows) for name, rows in frames.items()}


@pytest.mark.parametrize("part", [0, *LATER])
@settings(max_examples=TRIED // PARTS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_an_accident_changes_nothing_or_is_named(exports, part, seed):
    chance = random.Random(seed * PARTS + part)
    file = chance.choice(exports.files)
    workbook = copy.deepcopy(exports.workbooks[file])
    accident = accidents.happen(workbook, exports.layout(file), chance)
    if not accident:
        return
    one, problems = exports.read(workbook)
    frames, more = exports.finish(file, one)
    problems.extend(more)
    if not problems:
        right = exports.right[file]
        if accident == "capitals":  # the publisher's wording is kept as written, beside the value read from it
            frames, right = folded(frames), folded(right)
        assert frames == right, f"{accident} in {file} changed the tables in silence"
    for problem in problems:
        assert problem.file, problem
        assert problem.expected, problem


@settings(max_examples=TRIED // 3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_bytes_that_rotted_change_nothing_or_are_named(exports, tmp_path_factory, seed):
    chance = random.Random(seed)
    file = chance.choice(sorted(exports.cards))
    content = bytearray((project.RAW / file).read_bytes())
    for _ in range(chance.choice([1, 1, 3, 20])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.2:
        del content[chance.randrange(len(content)) :]
    path = tmp_path_factory.getbasetemp() / file
    path.write_bytes(bytes(content))
    try:
        workbook = grid.read(path)
    except ProblemsFound as error:
        named = list(error.problems)
    else:
        named = []
    if named:
        assert {problem.file for problem in named} == {file}
        return
    same = [sheet.rows for sheet in workbook.sheets] == [sheet.rows for sheet in exports.workbooks[file].sheets]
    # A text file carries no checksum of its own: its source card does.
    assert same or workbook.kind == "csv"
