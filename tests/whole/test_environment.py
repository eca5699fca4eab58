"""requirements.lock, environment.yml and pyproject.toml name the same libraries in the same versions."""

import re
import tomllib

import yaml

from ccmlib.base.project import ROOT

CONDA_NAMES = {"country_converter": "country-converter"}


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line.split(";")[0].strip().split("==") for line in lines if "==" in line]
    return {name.lower(): version for name, version in pins}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
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


def test_lock_names_no_package_host():
    assert "://" not in (ROOT / "requirements.lock").read_text()
