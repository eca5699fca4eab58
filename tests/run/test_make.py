"""`make` hands over each value as one word, whatever it holds, and says what it does not understand."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ccmlib
from ccmlib.base import project
from ccmlib.run import cli

HARD = [
    "a b", "Côte d'Ivoire", '"q"', "6MSP; touch pwned", "$(touch pwned)", "`touch pwned`", "$HOME", "a&b|c>d", "-x",
    "*",
]  # fmt: skip
#: What make calls the options that it hands over: by the verb's own name, in capitals, but for these.
NAMES = {"[file]": "FILE", "state": "STATE", "period_a": "A", "period_b": "B"}
NOT_OF_MAKE = ("--force", "--code", "--layout", "--format", "[folder]")
#: For each target that takes values: which, and what the command line calls them (nothing: a word of its own).
TAKES = {
    target: {
        NAMES.get(option, option[2:].upper()): f"{option}=" if option.startswith("--") else ""
        for option in cli.VERBS[target][1].split() if not option.startswith(NOT_OF_MAKE)
    }
    for target in ("report", "reports", "pdf", "verify", "brief", "briefs", "check", "compare")
}  # fmt: skip
OTHERS = [
    "help", "data", "lab", "bench", "test", "test-fast", "release-check", "pythons", "coverage", "mutants", "lint", "golden",
    "strip", "env", "lock", "clean",
]  # fmt: skip


def make(*arguments, **environment):
    """Run make as an analyst does."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        ["make", *arguments], cwd=project.ROOT, capture_output=True, text=True, env={**kept, **environment}
    )


def commands(*arguments, **environment):
    """List the ccm commands that a target would run, as the shell would split them."""
    done = make("-n", "-o", ".venv/ready", *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return [shlex.split(line) for line in done.stdout.splitlines() if "-m ccmlib" in line]


@pytest.mark.parametrize("value", HARD)
@pytest.mark.parametrize("target", TAKES)
def test_each_value_arrives_as_one_word(target, value):
    given = {name: f"{value} {name}" for name in TAKES[target]}
    words = {option + given[name]: option for name, option in TAKES[target].items()}
    for found in (commands(target, *(f"{name}={one}" for name, one in given.items())), commands(target, **given)):
        line = found[-1]
        assert line[:4] == [".venv/bin/python", "-m", "ccmlib", target]
        assert [line.count(word) for word in words] == [1] * len(words)
        assert len(line) == 4 + len(words) + ("--" in line)
        # What begins with a hyphen is a value all the same.
        assert all("--" in line[: line.index(word)] for word, option in words.items() if not option)


def test_the_pdf_is_of_a_report_that_is_made_first():
    assert [line[3:] for line in commands("pdf", "PERIOD=9MSP", "LOCALE=fr", "JOBS=1")] == [
        ["report", "--period=9MSP", "--locale=fr", "--jobs=1"], ["pdf", "--period=9MSP", "--locale=fr"]]


@pytest.mark.parametrize("target", [*TAKES, *OTHERS])
def test_each_target_is_there_and_said_in_a_line(target):
    assert make("-n", "-o", ".venv/ready", target).returncode == 0
    assert f"  {target} " in make("help").stdout


def test_what_a_process_compiled_is_kept_for_the_next():
    assert "PYTHONDONTWRITEBYTECODE" not in make("--eval", "shown:; @env", "shown", PYTHONDONTWRITEBYTECODE="1").stdout


def test_an_unknown_target_gets_the_nearest_word():
    done = make("reprot")
    assert done.returncode != 0
    assert "make has no target 'reprot'; perhaps: make report" in done.stderr


def test_help_lists_periods_sections_and_languages():
    said = make("help").stdout
    for word in ("6MSP", "13MSP", "06_transparency", "FROM=", "LOCALE", "zh", "release-check"):
        assert word in said


def ccm(*arguments):
    """Run the command line."""
    command = [sys.executable, "-m", "ccmlib", *arguments]
    return subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["brief"], 2, "ccm: give STATE, the code or name of a State, such as STATE=LAO"),
        ([], 2, "ccm: give a verb, such as report; `ccm --help` lists them"),
        (["proof"], 2, "ccm: give the path of a file"),
        (["new-period"], 2, "ccm: give a name: of a section its title, of a period such as 14MSP"),
        (["compare", "6MSP"], 2, "ccm: give two periods, such as A=5MSP B=6MSP"),
        (["compare", "9MSP", "6MSP"], 2, "ccm: 9MSP is not before 6MSP"),
        (["raport"], 2, "ccm: there is no VERB 'raport'; perhaps: report"),
        (["report", "--period=6MPS"], 2, "ccm: there is no reporting period '6MPS'; perhaps: 6MSP"),
        (["report", "--period=../victim"], 2, "ccm: there is no reporting period '../victim'"),
        (["report", "--section=transparancy"], 2, "ccm: there is no section 'transparancy'; perhaps: transparency"),
        (["report", "--locale=de"], 2, "ccm: there is no locale 'de'"),
        (["check", "--format=html"], 2, "ccm: there is no --format 'html'. There are: text, json"),
        (["verify", "--period=5MPS"], 2, "ccm: there is no reporting period '5MPS'; perhaps: 5MSP"),
        (["briefs", "--jobs=0"], 2, "ccm: JOBS is 0, expected a whole number"),
        (["report", "--from=2017-07-01"], 2, "ccm: FROM and TO go together"),
        (["verify", "--from=1900-01-01", "--to=1900-12-31", "--locale=FR"], 1, "1900-12-31-fr was never made: make it"),
        (["pdf", "--from=1900-01-01", "--to=1900-12-31"], 1, "report.html: make the report first"),
    ],
)
def test_what_cannot_be_is_said_in_the_words_of_the_caller(arguments, code, said):
    done = ccm(*arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_installed_ccm_works_in_the_checkout_that_one_is_in(tmp_path):
    installed = tmp_path / "site"
    installed.mkdir()
    shutil.copytree(Path(ccmlib.__file__).parent, installed / "ccmlib", ignore=shutil.ignore_patterns("__pycache__"))
    kept = {name: value for name, value in os.environ.items() if name != "CCM_ROOT"}

    def verify(folder, **more):
        command = [sys.executable, "-P", "-m", "ccmlib", "verify", "--period=5msp", "--locale=ru"]
        environment = {**kept, "PYTHONPATH": str(installed), **more}
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment).stderr

    made_first = "ccm: reports/5MSP-ru was never made: make it first\n"
    assert verify(tmp_path) == f"ccm: {tmp_path} is not inside the project: cd there, or set CCM_ROOT to its folder\n"
    assert verify(tmp_path, CCM_ROOT=str(project.ROOT)) == made_first
    assert verify(project.ROOT / "notebooks") == made_first
