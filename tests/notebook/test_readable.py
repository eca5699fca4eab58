"""Rows behind a chart: no reader sees a column's machine name, the CSV keeps it."""

import pandas as pd
import pytest

from ccmlib.language.languages import Language
from ccmlib.notebook import readable
from ccmlib.pages import fragments
from ccmlib.pages.html_tables import HEADINGS

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt" viewBox="0 0 10 10"><path d="M0 0"/></svg>'
DATA = pd.DataFrame({
    "iso3": ["LAO", "LBN"], "indicator": ["art3_plan_reported", "va_national_plan"],
    "covers_year": [2015, 2015], "submitted_pct": [66.0, None]})


@pytest.fixture
def english():
    return Language("en", {"en": {"LAO": "Lao People's Democratic Republic", "LBN": "Lebanon"}})


def chart(language, **options):
    said = readable.rows(DATA, language)
    return fragments.chart("c", SVG, "A finding", "What", "Whose", "Seen", DATA, labels=language, said=said, **options)


def test_headings_and_cells_are_words(english):
    html = chart(english)
    table = html[html.index("<table"):html.index("</table>")]
    for said in ("Calendar year covered", "Submitted, %", "Lebanon", "Destruction plan in place or in process"):
        assert said in table
    assert "_" not in table.replace("<wbr>", "")


def test_the_csv_keeps_names_and_keys(english):
    html = chart(english)
    assert "covers_year" in html[html.index('class="downloads"'):]


def test_a_notebook_may_name_its_own_columns(english):
    assert "Share of reports" in chart(english, columns={"submitted_pct": "Share of reports"})


def test_names_of_states_stay_where_they_are_given(english):
    named = DATA.assign(name="x")
    assert "state" not in readable.rows(named, english)
    assert list(readable.rows(DATA, english)["state"]) == ["Lao People's Democratic Republic", "Lebanon"]


def test_every_heading_is_a_text():
    assert all(text[0].isupper() and "_" not in text for text in HEADINGS.values())
