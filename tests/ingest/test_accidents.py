"""Accidents that happen to the real exports: each leaves the same tidy tables or a named problem.

``ACCIDENTS=20000 pytest tests/ingest/test_accidents.py`` tries more of them.
"""

import copy
import os
import random

import accidents
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccmlib.base import fields, project
from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest import cards, grid, layouts, reading
from ccmlib.tidy import check, tables
from ccmlib.treaty import plausible

TRIED = int(os.environ.get("ACCIDENTS", "150"))


class Exports:
    """The real exports, read once, and the tidy tables that each of them alone gives."""

    def __init__(self):
        problems = Problems()
        # What is generated or printed text holds thousands of rows in one form; the forms are in the smaller files.
        every = cards.load(project.RAW, problems)
        self.cards = {card.file: card for card in every if (project.RAW / card.file).stat().st_size < 100_000}
        self.workbooks = {file: grid.read(project.RAW / file) for file in self.cards}
        self.names = reading.read_folder(project.RAW, problems).names
        self.parts = {file: self.read(workbook)[0] for file, workbook in self.workbooks.items() if file in self.files}
        self.right = {file: self.finish(file, self.parts[file])[0] for file in self.files}
        assert not problems

    @property
    def files(self):
        return sorted(set(self.cards) - set(reading.NAME_FILES))

    def layout(self, file):
        return layouts.load(self.cards[file].layout)

    def read(self, workbook):
        """Read one workbook, and nothing else."""
        problems, one = Problems(), reading.Reading(names=self.names)
        reading.read_one(workbook, self.cards[workbook.file], one, problems)
        return one, problems

    def finish(self, file, one):
        """Put a workbook's rows among those of all others, and check them as a run does."""
        problems, frames = Problems(), {}
        for name in fields.tables():
            parts = [part for other in self.files for part in (one if other == file else self.parts[other]).parts[name]]
            parts = parts or [fields.arrange(name, pd.DataFrame())]
            frames[name] = pd.concat(parts, ignore_index=True)
        frames["states"] = STATES
        tables._compute(frames, plausible.dates_by_state(frames["treaty_actions"]))
        fed = [name for name in one.parts if one.parts[name]]
        for name in fed:
            check.check(name, fields.arrange(name, frames[name]), one.origins, problems)
        check.check_references(frames, one.origins, problems)
        plausible.check(frames, one.origins, problems)
        return {name: said(frames[name]) for name in fed}, problems


def said(frame):
    """Give what a table says, whatever the order and place of its rows."""
    return sorted(map(str, frame.drop(columns="row").itertuples(index=False)))


def folded(frames):
    """Give what tables say, whatever the case of its letters."""
    return {name: sorted(row.casefold() for row in rows) for name, rows in frames.items()}


STATES = reading.read_folder(project.RAW, Problems()).tables()["states"]


@pytest.fixture(scope="module")
def exports():
    return Exports()


@settings(max_examples=TRIED, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_an_accident_changes_nothing_or_is_named(exports, seed):
    chance = random.Random(seed)
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
