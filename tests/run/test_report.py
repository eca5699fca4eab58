"""Whole runs of small reports: what comes out, what is done again, and what is said when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import run_samples

from ccmlib.pages import look
from ccmlib.run import cli, hashing, publish, store

pytestmark = pytest.mark.slow
UP_TO_DATE = "6MSP is up to date: reports/6MSP\n"
SECTIONS = ("01_parties", "02_states", "00_summary")


@pytest.fixture
def sample(tmp_path, monkeypatch):
    """Lay out a project, and give a function that makes its report."""

    def lay_out(*notebooks):
        folder = run_samples.make(tmp_path / "project", *notebooks)
        run_samples.use(monkeypatch, folder)
        return folder

    return lay_out


def make(**options) -> int:
    return cli.answered(cli.report, **{"pages": "run_pages", "jobs": 2, **options})


def ran(output: str) -> dict[str, str]:
    """Read what was said of each notebook."""
    lines = [line.split(maxsplit=2) for line in output.splitlines() if "/" in line[:6]]
    return {name: rest.split(",")[0].strip() for _, name, rest in lines}


def test_a_report_is_made_once_and_then_only_where_something_changed(sample, capsys):
    folder = sample(*SECTIONS)
    report = folder / "reports/6MSP"
    assert make() == 0
    assert set(ran(capsys.readouterr().out)) == set(SECTIONS)
    assert sorted(path.name for path in report.glob("*")) == [
        "00_summary",
        "00_summary.html",
        "01_parties",
        "01_parties.html",
        "02_states",
        "02_states.html",
        "6MSP.zip",
        "index.html",
        "manifest.json",
        "notebooks",
    ]
    assert json.loads((report / "01_parties/section.json").read_text()) == {"period": "6MSP", "parties": 100}
    assert json.loads((report / "00_summary/section.json").read_text()) == {"read": ["01_parties", "02_states"]}

    before = hashing.of_folder(report)
    assert make() == 0
    assert capsys.readouterr().out == UP_TO_DATE

    # Times do not count, contents do: a file touched, or written again as it was, is not a change.
    raw = folder / "data/raw/counts.csv"
    os.utime(raw)
    assert make() == 0
    assert capsys.readouterr().out == UP_TO_DATE

    run_samples.change(raw, "2016,100", "2016,101")
    assert make() == 0
    assert all(seconds.endswith(" s") for seconds in ran(capsys.readouterr().out).values())
    assert json.loads((report / "01_parties/section.json").read_text())["parties"] == 101

    # Back to what it was: everything is in the store.
    run_samples.change(raw, "2016,101", "2016,100")
    assert make() == 0
    assert set(ran(capsys.readouterr().out).values()) == {"unchanged"}
    assert hashing.of_folder(report) == before

    # A summary whose sections say the same as before is not run again.
    notebook = json.loads((folder / "notebooks/02_states.ipynb").read_text())
    notebook["cells"][2]["source"] = notebook["cells"][2]["source"] + ["\n# a comment"]
    (folder / "notebooks/02_states.ipynb").write_text(json.dumps(notebook))
    assert make() == 0
    done = ran(capsys.readouterr().out)
    assert done["02_states"].endswith(" s")
    assert done["01_parties"] == done["00_summary"] == "unchanged"

    # An output that was changed or taken away is made again, from the store.
    (report / "index.html").write_text("changed by hand")
    assert make() == 0
    assert "changed by hand" not in (report / "index.html").read_text()
    (report / "01_parties.html").unlink()
    assert make() == 0
    assert publish.verify(report, store.input_path) == []


def test_both_engines_and_two_runs_give_the_same_bytes(sample, capfd):
    folder = sample("bench:01_parties", "02_states", "03_warns")
    found = {}
    for engine in ("warm", "warm", "plain"):
        assert make(engine=engine, force=True) == 0
        found.setdefault(engine, []).append(hashing.of_folder(folder / "reports/6MSP"))
    assert found["warm"][0] == found["warm"][1] == found["plain"][0]
    assert len(found["warm"][0]) == 13
    said = capfd.readouterr()
    assert "warnings in 1 cell (see the run log)" in said.out
    assert said.err == ""
    executed = json.loads((folder / "reports/6MSP/notebooks/03_warns.ipynb").read_text())
    outputs = [output for cell in executed["cells"] for output in cell.get("outputs", [])]
    first, second, third = ("".join(output.get("text") or output["data"]["text/plain"]) for output in outputs)
    assert (first, second) == ("<object>", "ok\n")
    assert "column_14" in third
    log = json.loads((folder / ".cache/log/6MSP.json").read_text())
    assert "a warning" in log["03_warns"]["log"][2]["stderr"]
    text = (folder / "reports/6MSP/notebooks/03_warns.ipynb").read_text()
    assert "start_time" not in text
    assert "injected-parameters" in text


def test_nothing_set_in_one_notebook_is_seen_in_another(sample):
    sample("05_marks:05_marks", "05_marks:06_marks", "05_marks:07_marks")
    assert make(jobs=1) == 0


def test_each_failure_is_told_with_section_cell_and_message(sample, capsys):
    folder = sample(
        *SECTIONS,
        "03_fails",
        "03_dies:04_dies",
        "03_hangs:05_hangs",
        "03_undeclared:06_undeclared",
        "03_dies_once:07_dies_once",
    )
    needed = "".join(f'\n    "{name}",' for name in ("03_fails", "04_dies", "05_hangs", "06_undeclared"))
    run_samples.change(folder / "notebooks/00_summary.ipynb", '"needs": [', f'"needs": [{needed}')
    (folder / "data/processed/mark").write_text(str(folder / "died"))
    (folder / "reports/6MSP").mkdir()
    (folder / "reports/6MSP/index.html").write_text("the earlier report")
    assert make(cell_seconds=3, notebook_seconds=60) == 1
    said = capsys.readouterr()
    assert "section clearance, 03_fails, cell 4: KeyError: 'missing State'" in said.err
    assert "in the cell that begins: import warnings" in said.err
    assert "04_dies, cell 3: the kernel died" in said.err
    assert "05_hangs, cell 3: took longer than a cell's 3 seconds" in said.err
    assert "06_undeclared, cell 3: FileNotFoundError" in said.err
    assert "00_summary: not run, since 03_fails, 04_dies, 05_hangs, 06_undeclared failed" in said.err
    assert "07_dies_once" not in said.err
    assert "second kernel" in next(line for line in said.out.splitlines() if "07_dies_once" in line)
    assert [path.name for path in (folder / "reports/6MSP").iterdir()] == ["index.html"]
    assert (folder / "reports/6MSP/index.html").read_text() == "the earlier report"
    kept = folder / ".cache/failed/6MSP-03_fails.ipynb"
    assert f"as far as it went: .cache/failed/{kept.name}" in said.err
    assert "missing State" in kept.read_text()


def test_a_notebook_has_a_time_limit_too(sample, capsys):
    sample("03_hangs")
    assert make(cell_seconds=100, notebook_seconds=2) == 1
    assert "took longer than the notebook's 2 seconds" in capsys.readouterr().err


def test_one_section_leaves_the_others_as_they_were(sample, capsys):
    folder = sample(*SECTIONS)
    report = folder / "reports/6MSP"
    assert make() == 0
    run_samples.change(folder / "data/raw/counts.csv", "2016,100", "2016,101")
    run_samples.change(folder / "data/raw/states.csv", "Norway", "Norge")
    capsys.readouterr()
    assert make(section="01_parties") == 0
    said = capsys.readouterr().out
    assert list(ran(said)) == ["01_parties"]
    assert "Open reports/6MSP/index.html; stale or absent: 00_summary, 02_states" in said.splitlines()[-1]
    assert [line.partition(",")[0] for line in publish.verify(report)] == ["00_summary: stale", "02_states: stale"]
    assert json.loads((report / "01_parties/section.json").read_text())["parties"] == 101
    assert "Norway" in (report / "02_states.html").read_text()
    assert len(list(report.glob("*.html"))) == 4
    assert make(section="01_parties") == 0
    assert capsys.readouterr().out == UP_TO_DATE.replace("6MSP is", "6MSP 01_parties is")
    assert make() == 0
    assert publish.verify(report) == []
    assert "Norge" in (report / "02_states.html").read_text()


def test_all_periods_and_any_two_days(sample):
    folder = sample("01_parties")
    assert cli.reports(pages="run_pages") == 0
    assert make(period="6MSP", from_on="2017-07-01", to_on="2018-06-30") == 0
    made = {
        path.parent.parent.name: json.loads(path.read_text())["period"]
        for path in (folder / "reports").glob("*/01_parties/section.json")
    }
    assert made == {"5MSP": "5MSP", "6MSP": "6MSP", "2017-07-01_2018-06-30": "2017-07-01_2018-06-30"}


def test_wrong_raw_data_stop_the_run(sample, capfd):
    folder = sample(*SECTIONS)
    assert make() == 0
    before = hashing.of_folder(folder / "reports/6MSP"), hashing.of_folder(folder / "data/processed")
    run_samples.change(folder / "data/raw/counts.csv", "2016,100", "2016,WRONG")
    assert make() == 1
    assert "counts.csv: found WRONG, expected a number" in capfd.readouterr().err
    assert (hashing.of_folder(folder / "reports/6MSP"), hashing.of_folder(folder / "data/processed")) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"period": "6MPS"}, "there is no reporting period '6MPS'; perhaps: 6MSP. There are: 5MSP, 6MSP"),
        ({"from_on": "2017-07-01"}, "go together"),
        ({"section": "09_trends"}, "there is no section '09_trends'"),
        ({"engine": "wram"}, "there is no engine 'wram'; perhaps: warm. There are: warm, plain, dask"),
        ({"jobs": 0}, "JOBS is 0, expected a whole number"),
    ],
)
def test_wrong_usage_is_told_before_anything_runs(sample, capsys, options, said):
    folder = sample(*SECTIONS)
    assert make(**options) == 2
    assert said in capsys.readouterr().err
    assert list((folder / "reports").iterdir()) == []


def test_a_notebook_that_does_not_take_what_it_is_given_is_told(sample, capsys):
    folder = sample(*SECTIONS)
    run_samples.change(folder / "notebooks/01_parties.ipynb", "from_on: str", "from_onn: str")
    run_samples.change(folder / "notebooks/02_states.ipynb", 'period: str = \\"6MSP\\"', "period: int = 6")
    assert make() == 2
    said = capsys.readouterr().err
    assert "01_parties does not take from_on as it is given; it takes period: str, from_onn: str" in said
    assert "02_states does not take period as it is given; it takes period: int" in said


def test_a_page_that_cannot_be_made_is_told(sample, capsys):
    folder = sample("01_parties")
    go_wrong(folder, "divide")
    assert make() == 1
    assert "section universalization, 01_parties: ZeroDivisionError" in capsys.readouterr().err


def test_a_worker_that_is_killed_is_replaced(sample, capsys):
    folder = sample("01_parties", "02_states")
    go_wrong(folder, "killed once")
    assert make(jobs=1) == 0
    assert publish.verify(folder / "reports/6MSP") == []
    go_wrong(folder, "killed always")
    assert make(force=True) == 1
    assert "01_parties: the process that ran it was killed" in capsys.readouterr().err


def test_an_output_folder_that_cannot_be_written_is_told(sample, capsys):
    go_wrong(sample("01_parties"), "full")
    assert make() == 1
    assert "ccm: reports/index.html: No space left on device" in capsys.readouterr().err


def go_wrong(folder, how):
    """Let the making of pages go wrong."""
    (folder / ".cache").mkdir(exist_ok=True)
    (folder / ".cache/fault").write_text(how)
    (folder / "data/processed/fault").write_text(str(folder / ".cache/fault"))


def test_an_analysts_notes_survive_and_make_nothing_stale(sample, capsys):
    folder = sample("01_parties")
    report = folder / "reports/6MSP"
    assert make() == 0
    (report / "my notes.txt").write_text("mine")
    capsys.readouterr()
    assert make() == 0
    assert capsys.readouterr().out.startswith("6MSP is up to date")
    assert make(force=True) == 0
    assert (report / "my notes.txt").read_text() == "mine"
    assert publish.verify(report) == []
    (report / "01_parties.html").write_text("changed by hand")
    (report / "01_parties/section.json").unlink()
    assert make() == 0
    assert "changed by hand" not in (report / "01_parties.html").read_text()
    assert (report / "my notes.txt").read_text() == "mine"


def test_a_period_that_would_lie_elsewhere_touches_nothing(sample, capsys):
    folder = sample("01_parties")
    (folder / "victim").mkdir()
    (folder / "victim/notes.txt").write_text("mine")
    with (folder / "data/raw/periods.csv").open("a") as table:
        table.write("../victim,2015-09-12,2016-06-30\n")
    for given in ({"period": "../victim"}, {}):
        assert make(**given) == 2
        assert "cannot name a folder" in capsys.readouterr().err
    assert [path.name for path in (folder / "victim").iterdir()] == ["notes.txt"]


def test_the_cache_of_another_user_is_not_trusted(sample, capsys, monkeypatch):
    sample("01_parties")
    assert make() == 0
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    capsys.readouterr()
    make()
    assert "unchanged" not in capsys.readouterr().out


def test_without_fork_and_fcntl_the_report_is_the_same(sample, tmp_path):
    folder = sample("bench:01_parties", "02_states")
    assert make() == 0
    before = hashing.of_folder(folder / "reports/6MSP")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import os, sys\nfor name in ('fork', 'sched_getaffinity'):\n    delattr(os, name)\n"
        "sys.modules['fcntl'] = None\n"
    )
    for lock in (folder / "reports/.6MSP.lock", *(folder / ".cache").glob("**/locks/*")):
        lock.unlink()  # without fcntl a lock is the file itself
    given = {"force": True}
    process = run_samples.command(folder, given=given, before=str(hidden), stdout=-1, stderr=-2)
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    assert hashing.of_folder(folder / "reports/6MSP") == before
    assert len(before) == 10


def test_a_new_library_version_makes_a_report_stale(sample, monkeypatch, capsys):
    sample("01_parties")
    assert make() == 0
    monkeypatch.setattr(hashing, "installed_versions", lambda *_: {"pandas": "99"})
    capsys.readouterr()
    assert make() == 0
    assert ran(capsys.readouterr().out)["01_parties"].endswith(" s")


def test_a_file_changed_with_its_times_put_back_is_seen(sample):
    folder = sample("01_parties")
    assert make() == 0
    raw = folder / "data/raw/counts.csv"
    before = raw.stat()
    run_samples.change(raw, "2016,100", "2016,101")
    os.utime(raw, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert raw.stat().st_size == before.st_size
    assert make() == 0
    assert json.loads((folder / "reports/6MSP/01_parties/section.json").read_text())["parties"] == 101


def test_the_quick_answer_imports_nothing_heavy(sample):
    folder = sample("01_parties")
    assert make() == 0
    program = (
        "import sys\nfrom ccmlib.run import cli\ncode = cli.report(pages='run_pages', jobs=2)\n"
        "heavy = {'pandas', 'numpy', 'papermill', 'nbformat', 'jupyter_client', 'yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "CCM_ROOT": str(folder), "PYTHONPATH": f"{run_samples.TESTS}:{run_samples.TESTS.parent}"},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, UP_TO_DATE, "")


@pytest.mark.parametrize(
    ("module", "is_part"),
    [
        ("ccmlib.notebook.section", lambda name: not name.startswith(store.NOT_IN_NOTEBOOKS)),
        ("ccmlib.run.data", lambda name: name.startswith((*store.IN_TABLES, "run/__init__", "run/usage"))),
    ],
)
def test_what_is_imported_is_part_of_the_key(module, is_part):
    program = (
        f"import sys; before = set(sys.modules); import ccmlib.run.cli; ours = set(sys.modules); import {module}\n"
        "print('\\n'.join(sys.modules[name].__file__ for name in sys.modules if name[:7] == 'ccmlib.'"
        " and name not in ours))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = [path.rpartition("/ccmlib/")[2] for path in done.stdout.split()]
    assert len(names) > 5
    assert [name for name in names if not is_part(name)] == []


def test_what_a_notebook_shows_of_the_look_of_pages_is_part_of_its_key(monkeypatch):
    look.in_lab.cache_clear()
    look.asset.cache_clear()
    read, read_text = [], Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda path, **how: read.append(path) or read_text(path, **how))
    look.in_lab()
    names = [path.relative_to(hashing.PACKAGE_PARENT / "ccmlib").as_posix() for path in read]
    assert names == ["pages/report.css"]
    assert [name for name in names if name.startswith(store.NOT_IN_NOTEBOOKS)] == []


def test_dask_gives_the_same_bytes(sample):
    folder = sample("bench:01_parties", "02_states")
    assert make() == 0
    before = hashing.of_folder(folder / "reports/6MSP")
    assert make(engine="dask", force=True) == 0
    assert hashing.of_folder(folder / "reports/6MSP") == before
    assert len(before) == 10


def test_briefs_of_one_and_of_all(sample, capsys):
    folder = sample("state_brief")
    briefs = folder / "reports/briefs/6MSP"
    assert cli.briefs(["lao pdr"], pages="run_pages") == 0
    assert (briefs / "LAO/LAO.ics").read_text() == "LAO"
    assert not (briefs / "NOR.html").exists()
    assert cli.briefs(pages="run_pages") == 0
    assert ran(capsys.readouterr().out)["LAO"] == "unchanged"
    assert {path.name for path in briefs.glob("*.html")} == {"LAO.html", "NOR.html", "index.html"}
    # One alone leaves the others.
    run_samples.change(folder / "data/raw/treaty_actions.csv", "LAO,signature", "LAO,accession")
    assert cli.briefs(["NOR"], pages="run_pages") == 0
    assert {path.name for path in briefs.glob("*.html")} == {"LAO.html", "NOR.html", "index.html"}
    for state, said in {
        "Norwai": "there is no State 'Norwai'; perhaps: Norway",
        "Atlantis": "There are: LAO, NOR",
        "Sweden": "Sweden (SWE) neither signed nor joined",
    }.items():
        assert cli.answered(cli.briefs, [state], pages="run_pages") == 2
        assert said in capsys.readouterr().err


def test_two_periods_are_compared(sample, capsys):
    folder = sample("compare")
    assert cli.compare("5MSP", "6MSP", pages="run_pages") == 0
    assert "5MSP6MSP" in (folder / "reports/compare/5MSP-6MSP/compare.html").read_text()
    assert cli.answered(cli.compare, "6MSP", "5MSP", pages="run_pages") == 2
    assert "6MSP is not before 5MSP" in capsys.readouterr().err
    assert cli.answered(cli.compare, "4MSP", "5MSP", pages="run_pages") == 2
    assert "there is no reporting period '4MSP'" in capsys.readouterr().err
