"""What goes wrong around the command is told in one line, and never as a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
import tidy_tables

from ccmlib.base import project
from ccmlib.run import cli, worklist
from ccmlib.run.usage import NotThere
from ccmlib.treaty import build


def ccm(*arguments, shell=""):
    command = [sys.executable, "-m", "ccmlib", *arguments]
    if shell:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    return subprocess.run(command, capture_output=True, timeout=120, cwd=project.ROOT)


@pytest.mark.parametrize("verb", ["brief", "check", "new-section"])
def test_an_argument_that_is_no_text_is_wrong_usage(verb):
    done = ccm(verb, b"caf\xe9")
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"holds bytes that are no text" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_an_output_that_is_full_is_told_in_one_line():
    done = ccm("figures", shell=">/dev/full")
    assert (done.returncode, done.stderr) == (1, b"ccm: No space left on device\n")


def test_with_its_output_closed_the_command_does_its_work():
    done = ccm("figures", shell=">&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


class TooMany(Exception):
    """Such as ZeroMQ raises."""

    errno = 24


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (PermissionError(13, "Permission denied", "/none/reports"), "/none/reports: Permission denied"),
        (TooMany("Too many open files"), "Too many open files"),
        (MemoryError(), "there is not enough memory"),
    ],
)
def test_what_the_machine_refuses_is_told_in_one_line(monkeypatch, capfd, wrong, said):
    def refuse(**_):
        raise wrong

    monkeypatch.setattr(cli, "report", refuse)
    assert cli.main(["report"]) == 1
    assert capfd.readouterr().err == f"ccm: {said}\n"


def test_a_brief_of_data_that_are_wrong_is_no_traceback(monkeypatch, capsys):
    def refuse(*_):
        raise NotThere("the tidy tables could not be made")

    monkeypatch.setattr(worklist, "jobs_of", refuse)
    assert cli.main(["brief", "LAO", "--force"]) == 1
    assert capsys.readouterr().err == "ccm: the tidy tables could not be made\n"


def test_a_card_that_is_up_to_date_tells_of_no_change(monkeypatch, capsys, processed):
    monkeypatch.setattr(project, "PROCESSED", processed)
    monkeypatch.setattr(build, "build", tidy_tables.built)
    assert cli.main(["card", "use.xlsx"]) == 0
    assert capsys.readouterr().out.partition("\n")[2].strip() == ""


def test_a_layout_without_a_file_is_wrong_usage(capsys):
    assert cli.main(["check", "--layout", "use"]) == 2
    assert "a layout goes with the file" in capsys.readouterr().err


def test_the_folder_of_the_project_is_named():
    error = PermissionError(13, "Permission denied", str(project.ROOT / "reports"))
    assert project.refused(error) == "reports: Permission denied"
    assert project.shown(project.ROOT) == str(project.ROOT)
