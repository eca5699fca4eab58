"""What a run shows while it goes."""

import io
from types import SimpleNamespace

from ccmlib.base import project
from ccmlib.run import driver
from ccmlib.run.driver import Progress, beyond, failure_text
from ccmlib.run.task import Outcome


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_moving_line(monkeypatch):
    clock = [100.0, 100.4, 103.0, 104.2]  # of its own: on a busy machine seconds pass
    monkeypatch.setattr(driver, "time", SimpleNamespace(monotonic=lambda: clock.pop(0)))
    shown = Terminal()
    progress = Progress(2, shown)
    progress.cell("06_transparency", 3, 20)
    assert "0/2 done, 0 s, running: 06_transparency 3/20" in shown.getvalue()
    progress.cell("07_national_implementation", 1, 9)
    progress.finished("06_transparency", Outcome("06_transparency", ran=True, seconds=1.23, attempts=2))
    progress.cell("07_national_implementation", 2, 9)
    last = shown.getvalue().split("\x1b[2K")
    assert last[-2].startswith("  1/2 06_transparency")
    assert last[-2].rstrip().endswith("1.2 s, second kernel")
    assert last[-1] == "1/2 done, 4 s, running: 07_national_implementation 2/9"


def test_anything_else_shows_one_line_for_each_notebook():
    shown = io.StringIO()
    progress = Progress(3, shown)
    progress.cell("a", 1, 2)
    progress.finished("a", Outcome("a"))
    progress.finished("b", Outcome("b", ran=True, error={"kind": "cell failed"}))
    progress.finished("c", Outcome("c", ran=True, seconds=2, log=[{"stderr": "x"}, {"stderr": "x"}]))
    progress.say("done")
    assert [" ".join(line.split()) for line in shown.getvalue().splitlines()] == [
        "1/3 a unchanged",
        "2/3 b FAILED",
        "3/3 c 2.0 s, warnings in 2 cells (see the run log)",
        "done",
    ]


def test_a_failure_names_section_cell_and_message():
    error = {"kind": "cell failed", "cell": 7, "line": "x = 1", "message": "KeyError: 'LAO'"}
    error["kept"] = str(project.ROOT / ".cache/failed/a.ipynb")
    assert failure_text("06_transparency", "transparency", error).splitlines() == [
        "section transparency, 06_transparency, cell 7: KeyError: 'LAO'",
        "    in the cell that begins: x = 1",
        "    the notebook as far as it went: .cache/failed/a.ipynb",
    ]
    skipped = {"kind": "skipped", "cell": 0, "line": "", "message": "not run"}
    assert failure_text("00", "summary", skipped) == "section summary, 00: not run"


def test_a_period_that_ends_after_the_record_is_told():
    tables = {"periods.csv": b"period,end\n6MSP,2016-06-30\n13MSP,2026-06-30\n",
              "coverage.csv": b"subject,to_on\nreported,2030-01-01\ntreaty_actions,2016-06-30\ntreaty_actions,2025-09-04\n"}
    assert beyond({"period": "6MSP", "to_on": ""}, tables) == beyond({"period": "6MSP", "to_on": "2025-09-04"}, tables) == ""
    said = "the period ends on 2026-06-30, the depositary's record on 2025-09-04: what came later is not known"
    assert beyond({"period": "13MSP", "to_on": ""}, tables) == beyond({"period": "6MSP", "to_on": "2026-06-30"}, tables) == said
    assert beyond({"period": "13MSP", "to_on": ""}, {}) == ""  # a project with other tables
