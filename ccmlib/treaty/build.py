"""The tidy tables, built from the raw exports, with what follows from them for any State on any day."""

from pathlib import Path

import pandas as pd

from ccmlib.base import fields, project
from ccmlib.base.problems import Problems
from ccmlib.ingest import reading
from ccmlib.ingest.rows import ReadReport
from ccmlib.tidy import check as checks
from ccmlib.treaty import convention, disputes, observations, plausible, standings
from ccmlib.treaty.adherence import by_state


class Tables(dict):
    """Tidy tables by name; `reports` say what became of each row of the exports."""

    def __init__(self, frames: dict[str, pd.DataFrame], reports: list[ReadReport]):
        super().__init__(frames)
        self.reports = reports


def build(raw: Path | str = project.RAW) -> Tables:
    """Build all tidy tables from a folder of raw exports, with what follows from them for any State on any day.

    Raises `ProblemsFound` with everything that is wrong in the exports, at once.
    """
    problems = Problems()
    frames = _build(Path(raw), problems)
    problems.stop_if_any()
    for name in ("periods", "treaty_actions"):  # on which all rests
        if frames[name].empty:
            problems.add(Path(raw).name, found=f"no row for the table {name}", expected="the export that feeds it")
    problems.stop_if_any()
    _derive(frames)
    return frames


def check(file: Path | str | None = None, layout: str = "", raw: Path | str = project.RAW) -> tuple[Tables, Problems]:
    """Look for everything that is wrong in a folder of raw exports, or only in one file.

    The file is read in place of the raw file of the same name, or of the one that its layout reads, and checked together
    with all the others; `layout` names the layout of a file whose name is not among them. A ValueError says that there is
    no such file or layout, or that nothing says which layout reads the file.
    """
    problems = Problems()
    if file is None:
        return _build(Path(raw), problems), problems
    file = Path(file)
    if not file.is_file():
        raise ValueError(f"no file {file}")
    in_place_of, fits = reading.stands_for(file, layout, Path(raw))
    frames = _build(Path(raw), problems, {in_place_of: file}, fits)
    own = Problems()
    own.extend(problem for problem in problems if problem.file in (file.name, in_place_of, Path(layout).name))
    frames.reports = [report for report in frames.reports if report.file == file.name]
    return frames, own


def _build(raw: Path, problems: Problems, instead: dict[str, Path] | None = None, layout: str = "") -> Tables:
    read = reading.read_folder(raw, problems, instead, layout)
    frames = read.tables()
    bound = by_state(frames["treaty_actions"]).set_index("iso3")["entry_into_force_on"]
    _compute(frames, bound)
    frames["disputes"] = disputes.find(frames, bound)
    for name, frame in frames.items():
        frames[name] = fields.arrange(name, frame)
        checks.check(name, frames[name], read.origins, problems)
    checks.check_references(frames, read.origins, problems)
    plausible.check(frames, read.origins, problems)
    return Tables(frames, read.reports)


def _compute(frames: dict[str, pd.DataFrame], bound: pd.Series) -> None:
    """Fill in the two dates that the treaty sets: when an obligation began, and when a report was due."""
    obligations, reports = frames["obligations"], frames["reports"]
    began, in_force = (frame["iso3"].map(bound.get).astype("datetime64[us]") for frame in (obligations, reports))
    obligations["since"] = obligations["since"].fillna(began)
    annual = reports["covers_year"].map(lambda year: convention.annual_report_due(int(year)), na_action="ignore")
    annual = annual.astype("datetime64[us]").where(reports["kind"] == "annual")
    reports["due_on"] = convention.initial_report_due(in_force).where(reports["kind"] == "initial", annual)


def _derive(frames: dict[str, pd.DataFrame]) -> None:
    """Add the observations that other tables imply, and the tables ``standings`` and ``last_words``."""
    said = observations.gather(frames)
    made = {"standings": standings.spells(said), "last_words": standings.last_words(said),
            "observations": said.assign(answer=said["answer"].map({True: "yes", False: "no"}))}
    frames.update({name: fields.arrange(name, frame) for name, frame in made.items()})
