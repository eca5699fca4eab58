"""A small project to try the runner on: its own exports, tables, notebooks and pages, in a folder of its own."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccmlib.base import project
from ccmlib.run import store

TESTS = Path(__file__).parent
NOTEBOOKS = TESTS / "notebooks"


def make(folder: Path, *notebooks: str) -> Path:
    """Lay out a project with copies of sample notebooks (``name`` or ``sample:name``)."""
    for part in ("data/raw", "data/processed", "notebooks", "reports"):
        (folder / part).mkdir(parents=True)
    periods = "period,start,end\n5MSP,2014-09-06,2015-09-06\n6MSP,2015-09-12,2016-06-30\n"
    (folder / "data/raw/periods.csv").write_text(periods)
    (folder / "data/raw/states.csv").write_text("iso3,name\nLAO,Lao PDR\nNOR,Norway\n")
    (folder / "data/raw/counts.csv").write_text("year,parties\n2014,88\n2015,96\n2016,100\n")
    (folder / "data/raw/treaty_actions.csv").write_text("iso3,action\nLAO,signature\nNOR,signature\n")
    states = "iso3,iso2,name_un,name_un_2016\n"
    for row in ("LAO,LA,Lao People's Democratic Republic,", "NOR,NO,Norway,Norway", "SWE,SE,Sweden,Sweden"):
        states += f"{row}\n"
    (folder / "data/raw/un_states.csv").write_text(states)
    (folder / "data/raw/state_names.csv").write_text("name,iso3,note\nLao PDR,LAO,short\n")
    (folder / "data/raw/state_names_un.csv").write_text("iso3,language,former_name,short_name\n")
    (folder / "data/raw/territories.csv").write_text("name,note\n")
    (folder / "requirements-report.lock").write_text("pandas==3\n")
    for name in notebooks:
        sample, _, stem = name.partition(":")
        shutil.copyfile(NOTEBOOKS / f"{sample}.ipynb", folder / "notebooks" / f"{stem or sample}.ipynb")
    return folder


def use(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Point ccmlib at the project for this test."""
    for name, place in places(folder).items():
        monkeypatch.setattr(project, name, place)
    monkeypatch.setattr(store, "BUILDER", ("run_tables",))


def places(folder: Path) -> dict[str, Path]:
    """Give the places of a project."""
    return {
        "ROOT": folder,
        "RAW": folder / "data/raw",
        "PROCESSED": folder / "data/processed",
        "NOTEBOOKS": folder / "notebooks",
        "REPORTS": folder / "reports",
        "CACHE": folder / ".cache",
    }


def change(path: Path, old: str, new: str) -> None:
    """Change a piece of a file that must be in it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def command(folder: Path, within: tuple[str, ...] = (), given: dict | None = None, **options) -> subprocess.Popen:
    """Run the runner on the project in a process of its own, to be killed or watched; `within` another command."""
    first = options.pop("before", "")
    places = os.pathsep.join(filter(None, (first, str(TESTS), str(TESTS.parent))))
    environment = {**os.environ, "CCM_ROOT": str(folder), "PYTHONPATH": places}
    program = (
        "import sys, json\n"
        "from ccmlib.run import cli, store\n"
        "store.BUILDER = ('run_tables',)\n"
        "sys.exit(cli.answered(cli.report, pages='run_pages', **json.loads(sys.argv[1])))"
    )
    line = [*within, sys.executable, "-c", program, json.dumps(given or {})]
    return subprocess.Popen(line, env=environment, text=True, **options)


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(newline="") as opened:
        return list(csv.DictReader(opened))
