"""A new section of the report: what `ccm new-section` writes, and CONTRIBUTING.md's steps from there, on a copy."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest

from ccmlib.base import project
from ccmlib.notebook import declared, new_section

STEM = "11_laws_in_force"
COPIED = ("ccmlib", "notebooks", "data/raw", "pyproject.toml", "environment.yml", "requirements-report.lock")


@pytest.fixture
def notebooks(tmp_path, monkeypatch):
    """Notebooks of a project that are free to change."""
    folder = shutil.copytree(project.NOTEBOOKS, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.setattr(project, "NOTEBOOKS", folder)
    monkeypatch.setattr(declared, "NOTEBOOKS", folder)
    yield folder
    declared._read.cache_clear()


def test_it_comes_after_the_others_under_a_letter_of_its_own(notebooks):
    before = {declared.metadata(stem).get("letter", "") for stem in declared.stems()}
    first, second = new_section.write("Laws in force"), new_section.write("gender and age")
    assert [first.stem, second.stem] == ["11_laws_in_force", "12_gender_and_age"]
    letters = [json.loads(path.read_text())["metadata"]["ccm"]["letter"] for path in (first, second)]
    assert [ord(letter) - ord(max(before)) for letter in letters] == [1, 2]
    assert declared.section_name("gender_and_age") == "Gender and age"


@pytest.mark.parametrize(("name", "said"), [
    ("Clearance", "there is a section clearance already: notebooks/03_clearance.ipynb"),
    ("stockpile-destruction", "there is a section stockpile_destruction already"), ("", "found ''"), ("2017", "found '2017'"),
])  # fmt: skip
def test_a_name_that_makes_no_section_is_refused(notebooks, name, said):
    before = sorted(notebooks.iterdir())
    with pytest.raises(ValueError, match=re.escape(said)):
        new_section.write(name)
    assert sorted(notebooks.iterdir()) == before


def blocks():
    """Read the code of CONTRIBUTING's steps: what goes into figures.yml, and the cells."""
    text = (project.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    steps = text.partition("## A figure, a chart, a section")[2].partition("\n## ")[0]
    found = re.findall(r"^ +```(\w+)\n(.*?)^ +```$", steps, re.DOTALL | re.MULTILINE)
    return {kind: [textwrap.dedent(code) for of, code in found if of == kind] for kind in ("yaml", "python")}


@pytest.mark.slow
def test_a_figure_a_chart_and_a_section_step_by_step(tmp_path):
    for name in COPIED:
        copy = shutil.copytree if (project.ROOT / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(project.ROOT / name, tmp_path / name)

    def ccm(*words, code=0):
        environment = {**os.environ, "CCM_ROOT": str(tmp_path), "PYTHONPATH": str(tmp_path)}
        command = [sys.executable, "-m", "ccmlib", *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr if code else done.stdout

    written = blocks()
    assert STEM in ccm("new-section", "Laws in force")
    figures = tmp_path / "ccmlib" / "figures" / "figures.yml"
    figures.write_text(figures.read_text(encoding="utf-8") + written["yaml"][0], encoding="utf-8")
    path = tmp_path / "notebooks" / f"{STEM}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for number, code in enumerate(written["python"]):
        cell = {**notebook["cells"][-2], "id": f"new{number}", "source": code.strip().splitlines(keepends=True)}
        notebook["cells"].insert(-1, cell)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert sum(len(code.strip().splitlines()) for code in (*written["yaml"], *written["python"])) <= 20

    assert "parties_with_a_law" in ccm("figures")
    ccm("report", "--section", "laws_in_force")
    report = tmp_path / "reports" / "6MSP"
    with (report / "figures.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = {row["figure_id"]: row for row in csv.DictReader(table)}
    assert rows["parties_with_a_law"]["section"] == "laws_in_force"
    assert int(rows["parties_with_a_law"]["lower"]) == len(rows["parties_with_a_law"]["states"].split(";"))
    page = (report / f"{STEM}.html").read_text(encoding="utf-8")
    assert "States Parties have a law on it" in page
    assert (report / "charts" / "laws_by_group.svg").is_file()
    assert f'href="{STEM}.html"' in (report / "index.html").read_text(encoding="utf-8")

    path.unlink()  # and nothing else needs to know
    assert f"there is no section '{STEM}'" in ccm("report", "--section", STEM, code=2)
