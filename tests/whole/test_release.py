"""Before a release: reports in other languages say the same figures as those in English."""

import csv
import json

import pytest

from ccmlib.base import project
from ccmlib.run import publish, usage

pytestmark = pytest.mark.release

PAGES = {f"{path.stem}.html" for path in project.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
#: Each other language twice: the model period, and a period of another kind.
TRANSLATED = [name for name in usage.LOCALES if name != "en"]
KINDS = ("1MSP", "9MSP", "2RC", "11MSP", "13MSP")
CHOSEN = [("6MSP", locale) for locale in TRANSLATED] + list(zip(KINDS, TRANSLATED, strict=True))


def figures(folder):
    """Read each figure's value and States."""
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as opened:
        return {row["figure_id"]: (row["value"], row["states"]) for row in csv.DictReader(opened)}


@pytest.mark.parametrize(("period", "locale"), CHOSEN)
def test_a_report_says_the_same_in_another_language(made, period, locale):
    english = figures(made(period))
    assert english
    folder = made(period, locale)
    assert {path.name for path in folder.glob("*.html")} >= PAGES | {"index.html", "report.html"}
    assert publish.verify(folder) == []
    assert json.loads((folder / publish.NAME).read_text(encoding="utf-8"))["parameters"]["locale"] == locale
    assert figures(folder) == english
