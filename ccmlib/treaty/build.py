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
    """Tidy tables by name.

    Attributes
    ----------
    reports : list of ReadReport
        What became of each row of the exports.
    """

    def __init__(self, frames: dict[str, pd.DataFrame], reports: list[ReadReport]):
        super().__init__(frames)
        self.reports = reports


def build(raw: Path | str = project.RAW) -> Tables:
    """Build all tidy tables from the raw exports, with what follows from them for any State on any day.

    Parameters
    ----------
    raw : Path
        Folder of the exports and of their source cards.

    Raises
    ------
    ProblemsFound
        Everything that is wrong in the exports, at once.
    """
    problems = Problems()
    frames = _build(Path(raw), problems)
    problems.stop_if_any()
    _derive(frames)
    return frames


def check(file: Path | str | None = None, layout: str = "", raw: Path | str = project.RAW) -> tuple[Tables, Problems]:
    """Look for everything that is wrong, in all raw exports or in one file.

    Parameters
    ----------
    file : Path, optional
        An export. It is read in place of the raw file of the same name, or of the one that its layout reads, and
        checked together with all the others.
    layout : str
        Name of the layout, for a file whose name is not among the raw exports.
    raw : Path
        Folder of the exports.

    Returns
    -------
    Tables, Problems
        The problems of the file only, when one is given.

    Raises
    ------
    ValueError
        There is no such file or layout, or nothing says which layout reads the file.
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

    def in_force(frame: pd.DataFrame) -> pd.Series:
        return pd.Series(bound.reindex(frame["iso3"]).to_numpy(), index=frame.index, dtype="datetime64[us]")

    obligations["since"] = obligations["since"].fillna(in_force(obligations))
    initial = convention.initial_report_due(in_force(reports))
    years = reports["covers_year"].astype("float64")
    annual = pd.Series(pd.NaT, index=reports.index, dtype="datetime64[us]")
    for year in years.dropna().unique():
        annual[years == year] = convention.annual_report_due(int(year))
    reports["due_on"] = initial.where(reports["kind"] == "initial", annual.where(reports["kind"] == "annual"))


def _derive(frames: dict[str, pd.DataFrame]) -> None:
    """Add the observations that other tables imply, and the tables ``standings`` and ``last_words``."""
    said = observations.gather(frames)
    made = {"standings": standings.spells(said), "last_words": standings.last_words(said),
            "observations": said.assign(answer=said["answer"].map({True: "yes", False: "no"}))}
    frames.update({name: fields.arrange(name, frame) for name, frame in made.items()})
