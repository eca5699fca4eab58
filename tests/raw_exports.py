"""The real exports, read once, any of which a test may spoil in memory and read again among the others."""

import copy

import pandas as pd

from ccmlib.base import fields, project
from ccmlib.base.problems import Problems
from ccmlib.figures import vocabulary
from ccmlib.ingest import cards, grid, layouts, reading
from ccmlib.tidy import check
from ccmlib.treaty import build, plausible
from ccmlib.treaty.adherence import by_state


class Exports:
    """The real exports, read once, and the tidy tables that each of them alone gives."""

    def __init__(self):
        problems = Problems()
        # What is generated or printed text holds thousands of rows in one form; the forms are in the smaller files.
        every = cards.load(project.RAW, problems)
        small = [card for card in every if (project.RAW / card.file).stat().st_size < 100_000]
        self.cards = {card.file: card for card in small if card.layout in layouts.names()}
        self.workbooks = {file: grid.read(project.RAW / file) for file in self.cards}
        found = reading.read_folder(project.RAW, problems)
        self.names, self.states = found.names, found.tables()["states"]
        self.parts = {file: self.read(workbook)[0] for file, workbook in self.workbooks.items() if file in self.files}
        self.whole = {}
        self.whole = self.frames(self.files[0], self.parts[self.files[0]])
        self.before = {file: self.frames(file, self.parts[file]) for file in self.files}
        self.right = {file: fed(self.parts[file], frames) for file, frames in self.before.items()}
        assert not problems

    @property
    def files(self):
        return sorted(set(self.cards) - set(reading.NAME_FILES))

    def layout(self, file):
        return layouts.load(self.cards[file].layout)

    def read(self, workbook):
        """Read one workbook, and nothing else."""
        problems, one = Problems(), reading.Reading(names=self.names)
        reading.read_one(copy.deepcopy(workbook), self.cards[workbook.file], one, problems)
        return one, problems

    def finish(self, file, one):
        """Put a workbook's rows among those of all others, and check them as a run does."""
        frames = self.frames(file, one)
        return fed(one, frames), self.check(file, one, frames)

    def frames(self, file, one):
        """Give all tables with a workbook's rows among those of all others."""
        touched = {name for found in (one, self.parts[file]) for name in found.parts if found.parts[name]}
        touched |= {"obligations", "reports"} if "treaty_actions" in touched else set()
        frames = {name: frame for name, frame in self.whole.items() if name not in touched}
        for name in fields.tables():
            if name in frames:
                continue
            parts = [part for other in self.files for part in (one if other == file else self.parts[other]).parts[name]]
            parts = parts or [fields.arrange(name, pd.DataFrame())]
            frames[name] = pd.concat(parts, ignore_index=True)
        frames["states"] = self.states
        frames |= {name: frames[name].copy() for name in ("obligations", "reports")}
        build._compute(frames, by_state(frames["treaty_actions"]).set_index("iso3")["entry_into_force_on"])
        return {name: frame if frame is self.whole.get(name) else fields.arrange(name, frame)
                for name, frame in frames.items()}  # fmt: skip

    def check(self, file, one, frames):
        """Check tables as a run does."""
        problems = Problems()
        for name in [name for name in one.parts if one.parts[name]]:
            check.check(name, frames[name], one.origins, problems)
        check.check_references(frames, one.origins, problems)
        plausible.check(frames, one.origins, problems)
        problems.extend(vocabulary.check(frames))
        return problems


def fed(one, frames):
    """Give what the tables say that a workbook feeds."""
    return {name: said(frames[name]) for name in one.parts if one.parts[name]}


def said(frame):
    """Give what a table says, whatever the order and place of its rows."""
    return sorted(map(str, frame.drop(columns="row").itertuples(index=False)))
