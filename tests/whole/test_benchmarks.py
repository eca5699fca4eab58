"""The measuring itself: what it writes follows from what was measured, and what it measures is whole."""

import json

import pytest

from benchmarks import cleaning, document, ways


def test_medians_and_ratios_stand_beside_their_targets(tmp_path, monkeypatch):
    monkeypatch.setattr(document, "DOCUMENT", tmp_path / "benchmarks.md")
    seconds = {"a": [100.0, 90.0, 300.0], "c": [40.0], "e": [9.0, 11.0, 10.0], "f": [0.2], "h": [8.0]}
    profile = {"whole": 10.0, "imports": 3.0, "cells": 4.0, "notebooks": 6.0}
    cleaned = {"name": "9 rows, csv", "rows": [9], "bare": [2.0], "cleaned": [3.5], "others": [1.0], "peak_mb": [80.0]}
    document.write({
        "python": "3.11.2", "cores": 2, "load": 0.0, "small": seconds, "report": {**seconds, "e": [30.0]},
        "small_profile": profile, "report_profile": profile, "cleaning": [cleaned],
        "briefs": {"count": 100, "ours": 60.0, "by_hand": [9.0, 10.0, 11.0]},
        "once": {"ours_all_periods": 150.0, "from_a_clone": 90.0},
    })  # fmt: skip
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "| a | papermill, then nbconvert, by hand | 100.00 | 100.00 90.00 300.00 |" in text
    assert "| e / a | 0.1 | ≤ 0.07 | missed |" in text
    assert "| e / a | 0.3 | ≤ 0.1 | missed |" in text
    assert "| e / c | 0.25 | ≤ 0.25 | met |" in text
    assert "| 9 rows, csv | 2.00 | 3.50 | 1.00 | 1.25 | 80 |" in text
    assert "0.060 of it" in text
    assert "| the briefs of all States | 60.0 | 2.00 | ≤ 1.8 | missed |" in text
    assert "| the reports of all periods | 150.0 | 5.00 | ≤ 6.3 | met |" in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["benchmarks.md", "benchmarks.png"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["activities.csv", "activities.xlsx"])
def test_every_row_of_a_large_export_is_cleaned(tmp_path, name):
    measured = cleaning.measure(cleaning.write(300, tmp_path / name))
    assert measured["rows"] == 300
    assert measured["peak_mb"] > 0


@pytest.mark.slow
def test_all_ways_but_the_book_make_the_small_notebooks(tmp_path, monkeypatch):
    monkeypatch.setattr(ways, "SMALL_COUNT", 1)
    subject = ways.lay_out(tmp_path / "project", small=True)
    assert subject.stems == ("01_small",)
    for letter in "acefgh":
        out = tmp_path / letter
        out.mkdir()
        ways.WAYS[letter][1](subject, out)
    for letter in "ac":
        assert "Chart 3: numbers that rise" in (tmp_path / letter / "01_small.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "h/01_small/section.json").read_text(encoding="utf-8"))["figures"] == []
    page = (subject.root / "reports/6MSP/01_small.html").read_text(encoding="utf-8")
    assert page.count("<img") == 3
    assert "Chart 3: numbers that rise" in page
