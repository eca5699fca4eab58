"""The work list, read from what notebooks declare."""

import json
import pickle

import pytest

from ccmlib.run import worklist
from ccmlib.run.usage import WrongUsage
from ccmlib.run.worklist import Job


def notebook(folder, stem, ccm, source="# Title\n\nMore"):
    """Write a notebook with nothing but what the runner reads."""
    path = folder / f"{stem}.ipynb"
    parameters = "period: str = ''\nprocessed: str = ''\nout: str = ''"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source},
             {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": [parameters]}]
    path.write_text(json.dumps({"cells": cells, "metadata": {} if ccm is None else {"ccm": ccm}}))
    return path


def test_a_job_is_what_the_notebook_declares(tmp_path):
    path = notebook(tmp_path, "06_transparency", {"section": "transparency", "needs": ["01"]})
    job = worklist.job_of(path, {"period": "6MSP"})
    assert job.name == job.stem == "06_transparency"
    assert job.title == "Title"
    assert [cell["id"] for cell in job.source["cells"]] == ["cell-1", "cell-2"]
    assert job.needs == ("01",)
    assert pickle.loads(pickle.dumps(job)) == job


@pytest.mark.parametrize("ccm", [None, {}, {"section": "a"}, {"section": "a", "needs": 1}])
def test_a_notebook_that_declares_nothing_is_refused(tmp_path, ccm):
    with pytest.raises(WrongUsage, match=r"01_a\.ipynb cannot be run .*needs"):
        worklist.job_of(notebook(tmp_path, "01_a", ccm), {})


def test_a_file_that_is_no_notebook_is_named(tmp_path):
    (tmp_path / "01_a.ipynb").write_text("not JSON")
    with pytest.raises(WrongUsage, match=r"cannot be run .*expected a notebook"):
        worklist.job_of(tmp_path / "01_a.ipynb", {})


@pytest.mark.parametrize(("old", "said"), [
    ("period: str =", "the parameters cell, line 1"), ("parameters", "0 cells are tagged"),
])  # fmt: skip
def test_what_a_notebook_takes_has_to_be_readable(tmp_path, old, said):
    path = notebook(tmp_path, "01_a", {"section": "a", "needs": []})
    path.write_text(path.read_text().replace(old, "other"))
    with pytest.raises(WrongUsage, match=said):
        worklist.job_of(path, {})


def test_names_and_types_of_parameters_are_read():
    text = '"""What."""\nperiod: str = "6MSP"  # reporting period\nyears: int = -3\nrule: str = "a=b"'
    cell = {"source": [text], "metadata": {"tags": ["parameters"]}}
    assert worklist.parameters_of([cell]) == {"period": "str", "years": "int", "rule": "str"}
    with pytest.raises(ValueError, match="2 cells are tagged"):
        worklist.parameters_of([cell, cell])


def test_needs_that_cannot_be_met_are_named():
    with pytest.raises(WrongUsage, match="00 needs 09, which is not among: 00"):
        worklist.check_needs([Job("00", "00", {}, needs=("09",))])
    with pytest.raises(WrongUsage, match="in a circle: 00, 01, 00"):
        worklist.check_needs([Job("00", "00", {}, needs=("01",)), Job("01", "01", {}, needs=("00",))])


def test_a_section_is_chosen_with_what_it_needs():
    given = [Job("00", "00", {}, needs=("08",)), Job("01", "01", {}), Job("02", "02", {}), Job("08", "08", {}, needs=("01",))]
    assert worklist.with_needed(given, ["02"]) == ["02"]
    assert worklist.with_needed(given, ["00"]) == ["00", "01", "08"]
    with pytest.raises(WrongUsage, match="no section '03'"):
        worklist.with_needed(given, ["03"])


@pytest.mark.parametrize("asked", ["6", "06", "transparency", "Transparency", "06_TRANSPARENCY", "article 7", " 6 "])
def test_a_section_is_understood_as_an_analyst_writes_it(asked):
    given = [Job("05_cooperation", "", {}, section="cooperation"), Job("06_transparency", "", {}, section="article_7")]
    assert worklist.understood(asked, given).name == "06_transparency"


def test_a_section_that_is_none_gets_the_nearest_word():
    given = [Job("05_cooperation", "", {}), Job("06_transparency", "", {})]
    with pytest.raises(WrongUsage, match=r"perhaps: transparency\. There are: 05_cooperation, 06_transparency"):
        worklist.understood("transparancy", given)
    with pytest.raises(WrongUsage, match="no section '60'"):
        worklist.understood("60", given)
