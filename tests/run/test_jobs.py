"""The work list, read from what notebooks declare."""

import json
import pickle

import pytest

from ccmlib.run import jobs
from ccmlib.run.jobs import Job, WrongNotebook


def notebook(folder, stem, ccm, source="# Title\n\nMore"):
    """Write a notebook with nothing but what the runner reads."""
    path = folder / f"{stem}.ipynb"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source}]
    path.write_text(json.dumps({"cells": cells, "metadata": {} if ccm is None else {"ccm": ccm}}))
    return path


def test_a_job_is_what_the_notebook_declares(tmp_path):
    path = notebook(tmp_path, "06_transparency", {"section": "transparency", "tables": ["reports"], "needs": ["01"]})
    job = jobs.job_of(path, {"period": "6MSP"})
    assert job.name == job.stem == "06_transparency"
    assert job.title == "Title"
    assert job.tables == ("periods", "state_names_un", "states", "reports")
    assert job.needs == ("01",)
    assert pickle.loads(pickle.dumps(job)) == job


@pytest.mark.parametrize(
    "ccm", [None, {}, {"section": 3}, {"section": "a", "tables": "reports"}, {"section": "a", "needs": [1]}]
)
def test_a_notebook_that_declares_nothing_is_refused(tmp_path, ccm):
    with pytest.raises(WrongNotebook, match=r"01_a\.ipynb"):
        jobs.job_of(notebook(tmp_path, "01_a", ccm), {})


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    (tmp_path / "01_a.ipynb").write_text("not JSON")
    with pytest.raises(WrongNotebook, match="is not a notebook"):
        jobs.job_of(tmp_path / "01_a.ipynb", {})
    with pytest.raises(WrongNotebook, match="no notebook 01_b; there are: 01_a"):
        jobs.job_of(tmp_path / "01_b.ipynb", {})


def test_only_numbered_notebooks_are_in_a_report(tmp_path):
    for stem in ("01_b", "00_a", "explore", "state_brief"):
        notebook(tmp_path, stem, {"section": "a"})
    assert [path.stem for path in jobs.report_notebooks(tmp_path)] == ["00_a", "01_b"]


def test_sections_come_before_what_reads_them():
    given = [
        Job("00", "00", "", needs=("*", "08")),
        Job("01", "01", ""),
        Job("08", "08", "", needs=("*",)),
        Job("02", "02", ""),
    ]
    ordered = jobs.in_order(given)
    assert [job.name for job in ordered] == ["01", "02", "08", "00"]
    assert ordered[-1].needs == ("01", "02", "08")


def test_needs_that_cannot_be_met_are_named():
    with pytest.raises(WrongNotebook, match="00 needs 09, which is not among: 00"):
        jobs.in_order([Job("00", "00", "", needs=("09",))])
    with pytest.raises(WrongNotebook, match="in a circle: 00, 01"):
        jobs.in_order([Job("00", "00", "", needs=("01",)), Job("01", "01", "", needs=("00",))])


def test_a_section_is_chosen_with_what_it_needs():
    given = jobs.in_order([Job("00", "00", "", needs=("*",)), Job("01", "01", ""), Job("02", "02", "")])
    assert [job.name for job in jobs.with_needed(given, ["02"])] == ["02"]
    assert [job.name for job in jobs.with_needed(given, ["00"])] == ["01", "02", "00"]
    with pytest.raises(WrongNotebook, match="no section '03'; there are: 01, 02, 00"):
        jobs.with_needed(given, ["03"])
