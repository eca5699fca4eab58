"""Before a release: the whole report of each period is made in each language, and says the same figures in all."""

import csv
import json

import pytest

from ccmlib import run
from ccmlib.base import project
from ccmlib.run import manifest, usage

pytestmark = pytest.mark.release

PAGES = {f"{path.stem}.html" for path in project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}


def figures(folder):
    """Read each figure's value and States."""
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as opened:
        return {row["figure_id"]: (row["value"], row["states"]) for row in csv.DictReader(opened)}


@pytest.mark.parametrize("period", usage.period_names())
def test_a_report_says_the_same_in_all_languages(period, tmp_path, capsys):
    english = {}
    for locale in usage.LOCALES:
        assert run.report(period, locale=locale, reports_dir=tmp_path, jobs=1) == 0, capsys.readouterr().err
        folder = tmp_path / usage.folder(period, locale)
        assert {path.name for path in folder.glob("*.html")} >= PAGES | {"index.html", "report.html"}
        assert manifest.verify(folder) == []
        assert json.loads((folder / manifest.NAME).read_text(encoding="utf-8"))["parameters"]["locale"] == locale
        english = english or figures(folder)
        assert english
        assert figures(folder) == english
