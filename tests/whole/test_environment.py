"""The locks, environment.yml and pyproject.toml name the same libraries in the same versions."""

import os
import re
import subprocess
import tomllib

import yaml

from ccmlib.base.project import ROOT

LOCKS = ("requirements-report.lock", "requirements-lab.lock", "requirements-test.lock")
CONDA_NAMES = {"country_converter": "country-converter", "python-duckdb": "duckdb"}


def locked() -> dict[str, str]:
    return {name: version for lock in LOCKS for name, version in pins_of(lock).items()}


def pins_of(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    pins = [re.split("[ ;]", line)[0].split("==") for line in lines if re.match(r"[\w.-]+==", line)]
    return {name.lower(): version for name, version in pins}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["lab"] + extras["test"]
    return {re.match(r"[\w.-]+", line).group(0).lower() for line in wanted}


def test_conda_environment_has_the_locked_versions():
    pins = dict(
        line.split("=", 1)
        for line in yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
        if "=" in line and not line.startswith("python=")
    )
    conda = {CONDA_NAMES.get(name, name): version for name, version in pins.items()}
    assert conda.keys() == declared()
    lock = locked()
    assert {name: lock[name] for name in conda} == conda


def test_every_dependency_earns_its_line():
    text = (ROOT / "pyproject.toml").read_text()
    dependencies = re.findall(r'^    "[\w.-]+[><=].*$', text, flags=re.M)
    assert dependencies
    assert [line for line in dependencies if "# " not in line] == []


def test_locks_name_no_package_host_and_carry_hashes():
    for lock in LOCKS:
        text = (ROOT / lock).read_text()
        assert "://" not in text
        packages = [package for package in re.split(r"\n(?=[\w.-]+==)", text) if "==" in package]
        assert [package.split(" ")[0] for package in packages if "--hash=sha256:" not in package] == []


def test_each_lock_lies_on_top_of_the_one_before():
    names = [set(pins_of(lock)) for lock in LOCKS]
    for below, lock, position in zip(LOCKS, LOCKS[1:], (1, 2), strict=False):
        assert (ROOT / lock).read_text().startswith(f"-r {below}\n")
        assert not names[position] & set.union(*names[:position])
    assert {"jupyterlab", "ipywidgets"} <= names[1]
    assert {"pytest", "duckdb", "playwright"} <= names[2]


def test_a_debian_package_that_cannot_be_had_stops_no_report(tmp_path):
    for name, does in {"ldconfig": "true", "id": "echo 0", "apt-get": "exit 100"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    surroundings = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [ROOT / "tools/system_packages.sh", "report"], env=surroundings, capture_output=True, text=True, check=True)
    assert "missing system packages: libpango-1.0-0" in done.stdout
