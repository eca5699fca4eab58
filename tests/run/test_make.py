"""`make` hands over each value as one word, whatever it holds, and says what it does not understand."""

import os
import shlex
import subprocess
import sys

import pytest

from ccmlib.base import project

HARD = [
    "a b", "Côte d'Ivoire", '"q"', "6MSP; touch pwned", "$(touch pwned)", "`touch pwned`", "$HOME", "a&b|c>d", "-x",
    "*",
]  # fmt: skip
WHEN = {"PERIOD": "--period=", "FROM": "--from=", "TO": "--to=", "LOCALE": "--locale="}
#: For each target that takes values: which, and what the command line calls them (nothing: a word of its own).
TAKES = {
    "report": {**WHEN, "SECTION": "--section=", "JOBS": "--jobs=", "ENGINE": "--engine="},
    "reports": {"LOCALE": "--locale=", "JOBS": "--jobs="},
    "pdf": WHEN,
    "verify": WHEN,
    "brief": {**WHEN, "STATE": ""},
    "briefs": WHEN,
    "check": {"FILE": ""},
    "compare": {"LOCALE": "--locale=", "A": "", "B": ""},
}
OTHERS = [
    "help", "data", "lab", "bench", "test", "test-fast", "release-check", "coverage", "mutants", "lint", "golden",
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
@pytest.mark.parametrize(("target", "name"), [(target, name) for target, names in TAKES.items() for name in names])
def test_each_value_arrives_as_one_word(target, name, value):
    others = {"A": "6MSP"} if name == "B" else {}
    found = commands(target, f"{name}={value}", *(f"{key}={one}" for key, one in others.items()))
    assert found
    word = TAKES[target][name] + value
    assert [line.count(word) for line in found] == [1] * len(found)
    assert [line for line in commands(target, **{name: value}, **others) if word not in line] == []
    if not TAKES[target][name]:  # what begins with a hyphen is a value all the same
        assert all("--" in line[: line.index(word)] for line in found)


@pytest.mark.parametrize("target", [*TAKES, *OTHERS])
def test_each_target_is_there_and_said_in_a_line(target):
    assert make("-n", "-o", ".venv/ready", target).returncode == 0
    assert f"  {target} " in make("help").stdout


@pytest.mark.parametrize("target", ["pdf", "verify"])
def test_what_acts_on_a_report_acts_on_the_one_that_is_asked_for(target):
    last = commands(target, "FROM=2017-07-01", "TO=2018-06-30", "LOCALE=fr")[-1]
    assert last[3:] == [target, "--from=2017-07-01", "--to=2018-06-30", "--locale=fr"]


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
        (["compare", "6MSP"], 2, "ccm: give two periods, such as A=5MSP B=6MSP"),
        (["compare", "9MSP", "6MSP"], 2, "ccm: 9MSP is not before 6MSP"),
        (["raport"], 2, "ccm: there is no VERB 'raport'; perhaps: report"),
        (["report", "--period=6MPS"], 2, "ccm: there is no reporting period '6MPS'; perhaps: 6MSP"),
        (["report", "--period=../victim"], 2, "ccm: there is no reporting period '../victim'"),
        (["report", "--section=transparancy"], 2, "ccm: there is no section 'transparancy'; perhaps: transparency"),
        (["report", "--locale=de"], 2, "ccm: there is no locale 'de'"),
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
