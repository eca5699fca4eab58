"""The State brief itself, from the real exports: what is owed stands first, of States of every standing."""

import json

import pytest

from ccmlib.base import project
from ccmlib.notebook import section

NOTEBOOK = json.loads((project.NOTEBOOKS / "state_brief.ipynb").read_text(encoding="utf-8"))
CODE = [
    compile("".join(cell["source"]), f"state_brief, cell {place}", "exec")
    for place, cell in enumerate(NOTEBOOK["cells"])
    if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
]


@pytest.fixture
def brief(processed, tmp_path, monkeypatch):
    """Run the notebook's cells and give what it showed, in order, and its calendar (nothing where it made none)."""

    def run(state, period="6MSP", from_on="", to_on=""):
        shown = []
        monkeypatch.setattr(section, "show", shown.append)
        names = {"state": state, "period": period, "from_on": from_on, "to_on": to_on, "processed": str(processed),
                 "out": str(tmp_path), "locale": "en"}
        for code in CODE:
            exec(code, names)
        assert shown.pop(0).startswith("<style>")  # the look of the page, and of which period it is: only in JupyterLab
        path = tmp_path / "state_brief" / f"{state}.ics"
        return shown, path.read_bytes() if path.exists() else b""

    return run


def test_what_is_owed_stands_first(brief):
    shown, calendar = brief("URY")
    assert shown[0] == '<p class="owed late">Annual report for 2015 overdue since 30 April 2016.</p>'
    assert b"UID:URY-annual-report-2016@ccm-notebooks" in calendar
    assert b"overdue since" in calendar.replace(b"\r\n ", b"")
    assert calendar == brief("URY")[1]


def test_a_party_with_a_deadline_has_it_in_words_list_calendar_and_picture(brief):
    shown, calendar = brief("LAO")
    html = "".join(shown)
    assert "Clearance (Article 4): to be completed by 1 August 2020." in shown[0]
    assert ('<li class="due"><time datetime="2020-08-01">1 August 2020</time> '
            "<span>Deadline of clearance (Article 4)</span></li>") in html
    assert b"UID:LAO-article-4-deadline@ccm-notebooks" in calendar
    assert "Assistance asked for: 2015." in html
    assert "12 dates under the Convention" in html


def test_a_signatory_owes_nothing_and_has_no_calendar(brief):
    shown, calendar = brief("AGO")
    assert shown[0] == '<p class="owed">Nothing owed.</p>'
    assert calendar == b""
    assert "Signature" in "".join(shown)


def test_who_joined_later_and_who_left(brief):
    assert "State not party" in "".join(brief("CUB", "1MSP")[0])
    assert "No longer a State Party" in "".join(brief("LTU", "13MSP")[0])


def test_any_two_days(brief):
    html = "".join(brief("HRV", "", "2018-07-01", "2019-06-30")[0])
    assert "Stockpile destruction (Article 3): ended (July 2018)." in html


def test_a_code_that_is_no_state_stops(brief):
    with pytest.raises(ValueError, match="'XYZ' is not the ISO3 code"):
        brief("XYZ")
