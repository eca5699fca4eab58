"""Every chart of the model period: no label collides or is cut off; before a release, in each language."""

import json

import pytest
from overlaps import overlaps

from ccmlib import charts
from ccmlib.base import project
from ccmlib.charts import layout
from ccmlib.language.catalogue import LANGUAGES

#: In the order in which the later ones read what the earlier ones recorded.
NOTEBOOKS = [path for part in ("0[1-7]*", "00*", "0[89]*") for path in sorted(project.NOTEBOOKS.glob(f"{part}.ipynb"))]
#: Languages in which all notebooks are run; in each of the others every second one, so that two alike share them.
WHOLE = ("en", "ar", "ru")
#: The files of the charts are not looked at here, and take the most time.
BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="40pt" viewBox="0 0 72 40"></svg>'

pytestmark = pytest.mark.slow


def run(path, **parameters):
    """Run the code cells of a notebook here, with these parameters."""
    given = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), given)
            if "parameters" in cell["metadata"].get("tags", []):
                given |= parameters


@pytest.mark.parametrize(
    "locale", [code if code == "en" else pytest.param(code, marks=pytest.mark.release) for code in LANGUAGES])
def test_no_label_collides_or_is_cut_off(locale, processed, tmp_path, monkeypatch):
    drawn, found = [], {}

    def look(fig, folder, chart_id, png):
        drawn.append(chart_id)
        if pairs := overlaps(fig):
            found[chart_id] = pairs
        if pairs := overlaps(layout.narrow(fig)):
            found[f"{chart_id} on a phone"] = pairs
        folder.mkdir(parents=True, exist_ok=True)
        for part in ("", "-narrow"):
            (folder / f"{chart_id}{part}.svg").write_text(BLANK)

    monkeypatch.setattr(charts, "save", look)
    chosen = NOTEBOOKS if locale in WHOLE else NOTEBOOKS[LANGUAGES.index(locale) % 2::2]
    for path in chosen:
        run(path, period="6MSP", locale=locale, processed=str(processed), out=str(tmp_path))
    assert len(drawn) >= (18 if locale in WHOLE else 5)  # those of 6MSP with enough to see; the others are tables or sentences
    assert found == {}
