"""A figure of a period is the same number wherever it stands, in tables, sections and pages, and says no more than is known."""

import csv
import html
import json
import re
from pathlib import Path

import pytest

from ccmlib.base import project
from ccmlib.figures import vocabulary
from ccmlib.language.languages import BOUNDS, Language
from ccmlib.run import usage

pytestmark = pytest.mark.slow

#: Periods of every run of the tests: the model, and one whose end most records do not reach. The others, before a release.
FEW = ("6MSP", "13MSP")
#: Days that end after the record, and days still to come.
AHEAD = ("2025-07-01_2026-06-30", "2027-01-01_2027-12-31")
OTHERS = [pytest.param(name, marks=pytest.mark.release) for name in (*usage.period_names(), *AHEAD) if name not in FEW]
ENGLISH = Language("en")
CHIP = re.compile(r'<b class="value[^"]*" data-figure="([^"]+)">(.*?)</b>')
IN_PROSE = re.compile(r'<a class="fig"[^>]* data-figure="([^"]+)"[^>]*>([^<]+)</a>')
REF = re.compile(r'<span class="ref">(.*?)</span>')


@pytest.fixture(params=[*FEW, *OTHERS])
def report(request, made) -> Path:
    return made(request.param)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def sections(report: Path) -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(report.glob("sections/*.json"))]


def told(report: Path) -> dict[str, set[tuple]]:
    """Give, of each figure, its bounds as each section tells them."""
    found = {}
    for section in sections(report):
        for record in section["figures"]:
            found.setdefault(record["figure_id"], set()).add(tuple(record[name] for name in BOUNDS))
    return found


def written(bounds: tuple) -> tuple[str, ...]:
    return tuple("" if one is None else str(one) for one in bounds)


def plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]+>", "", text))


def forms(bounds: tuple) -> set[str]:
    """Say a number in every form in which a sentence may have it, in lower case."""
    value, lower, last_word, upper, _ = bounds
    said = {ENGLISH.said(*bounds)}
    if isinstance(value, int):
        said.add(ENGLISH.words(value, 1000))  # no sentence begins with digits
    if value is None and lower == 0 and upper is not None:
        said.add(ENGLISH.said(upper=upper))
    if value is None and lower is None and last_word is not None:  # its sentence says of which day it is
        said |= {ENGLISH.number(last_word), ENGLISH.words(last_word)}
    return {text.casefold() for text in said}


def shown_as(bounds: tuple) -> set[str]:
    """Say a number as a chip may have it; a tile has the last word where the least is smaller and nothing bounds it above."""
    value, lower, last_word, upper, known_to = bounds
    said = {ENGLISH.said(*bounds)}
    if value is None and upper is None and (last_word or 0) > (lower or 0):
        said.add(ENGLISH.said(last_word=last_word, known_to=known_to))
    return said


def claimed(finding: dict, figure: dict) -> set[str]:
    """List the States that a finding names as late without a word that they may not be."""
    named = set(finding["states"]) - set(figure["states"])
    if figure["value"] is None and figure["lower"] is not None and "leave it open" in finding["text"]:
        named -= set(figure["possible"])
    day = ENGLISH.date(figure["known_to"]) if figure["known_to"] else "no day"
    if figure["value"] is None and figure["lower"] is None and day in finding["text"]:
        named -= set(figure["last"])
    return named


def test_a_figure_has_one_value_in_all_tables_and_sections(report):
    found = told(report)
    assert {figure_id: sorted(map(str, each)) for figure_id, each in found.items() if len(each) > 1} == {}
    one = {figure_id: written(next(iter(each))) for figure_id, each in found.items()}
    table = {row["figure_id"]: tuple(row[name] for name in BOUNDS) for row in rows(report / "figures.csv")}
    assert table == one
    series = [row for row in rows(report / "trends_by_period.csv") if row["period"] == report.name]
    assert series
    assert [row["figure_id"] for row in series if one.get(row["figure_id"], "") not in ("", tuple(map(row.get, BOUNDS)))] == []


def test_pages_print_the_numbers_of_the_sections(report):
    found = {figure_id: next(iter(each)) for figure_id, each in told(report).items()}
    chips, prose = [], []
    for page in sorted(report.glob("*.html")):
        text = page.read_text(encoding="utf-8")
        chips += [(page.name, plain(figure_id), plain(shown)) for figure_id, shown in CHIP.findall(text)]
        prose += [(page.name, plain(figure_id), plain(shown)) for figure_id, shown in IN_PROSE.findall(text)]
    assert {page for page, _, _ in chips} >= {"index.html", "report.html", "01_universalization.html"}
    assert prose
    assert [chip for chip in chips if chip[2] not in shown_as(found[chip[1]])] == []
    assert [one for one in prose if one[2].casefold() not in forms(found[one[1]])] == []


def test_references_are_to_the_document_of_the_period(report):
    refs = [plain(ref) for page in report.glob("*.html") for ref in REF.findall(page.read_text(encoding="utf-8"))]
    assert [ref for ref in refs if not ref.startswith(f"{report.name} report: ")] == []
    assert bool(refs) == (project.RAW / f"published_figures_{report.name}.csv").exists()


def test_a_state_is_named_as_late_only_where_that_is_certain_or_said_not_to_be(report):
    read = sections(report)
    late = {record["figure_id"]: record for section in read for record in section["figures"]
            if vocabulary.find(record["figure_id"]).late}  # fmt: skip
    naming = [(finding, late[name]) for section in read for finding in section["findings"]
              for name in finding["figures"] if name in late]  # fmt: skip
    assert naming
    assert [(finding["id"], finding["text"]) for finding, figure in naming if claimed(finding, figure)] == []
