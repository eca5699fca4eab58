"""The 6MSP report as `make report` makes it from the raw exports: its figures, its reconciliation, its files."""

import csv
import getpass
import json
import re
import socket
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import golden_figures as golden
import pandas as pd
import pytest

from ccmlib.base import project
from ccmlib.run import cli, hashing, publish

pytestmark = pytest.mark.slow

PAGES = [path.stem for path in sorted(project.NOTEBOOKS.glob("0*.ipynb"))]
#: Named in the report: no source has the year; and of one State named it is not known whether its report was late.
NO_EXPORT = {"art3_expected_completion_before", "initial_reports_after_letters"}


@pytest.fixture(scope="module")
def report(made) -> Path:
    return made("6MSP")


@pytest.fixture(scope="module")
def reconciliation(report) -> list[dict]:
    with (report / "reconciliation.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_figures_are_the_golden_ones(report):
    assert golden.differences(golden.read(golden.GOLDEN), golden.read(report / "figures.csv")) == []


def test_every_published_figure_is_reconciled(reconciliation):
    with (project.RAW / "published_figures_6MSP.csv").open(encoding="utf-8", newline="") as file:
        published = list(csv.DictReader(file))
    assert [row["ref"] for row in reconciliation] == [row["ref"] for row in published]
    assert {row["status"] for row in reconciliation} == {"matches", "differs", "not itemised"}


def test_every_difference_has_its_reason(reconciliation):
    differing = [row for row in reconciliation if row["status"] == "differs"]
    assert differing
    assert [row["ref"] for row in differing if len(row["explanation"]) < 30] == []


def test_what_the_report_names_is_computed(reconciliation):
    not_itemised = {row["figure_id"] for row in reconciliation if row["status"] == "not itemised"}
    named = {row["figure_id"] for row in reconciliation if row["published_states"]}
    assert not_itemised & named == NO_EXPORT


def test_every_recorded_activity_reaches_its_section(report):
    table = pd.read_csv(project.PROCESSED / "activities.csv")
    sections = [json.loads(path.read_text(encoding="utf-8")) for path in (report / "sections").glob("*.json")]
    listed = {activity["row"] for section in sections for activity in section["activities"]}
    assert set(table.loc[table["source"].str.startswith("6MSP report"), "row"]) == listed


def test_one_figure_has_one_number_wherever_it_stands(report):
    shown: dict[str, set[str]] = {}
    for path in (report / "sections").glob("*.json"):
        for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]:
            shown.setdefault(figure["figure_id"], set()).add(figure["shown"])
    assert {figure_id: numbers for figure_id, numbers in shown.items() if len(numbers) > 1} == {}


def test_sentences_of_the_draft_begin_with_words_and_speak_of_sources(report):
    document = docx.Document(report / "report.docx")
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert not re.search(r"(^|[.:] )\[?\d+ [A-Za-z]|export|(?<![\w.])1 [a-z]+s\b", "\n".join(texts), re.MULTILINE)


def test_a_page_for_each_notebook_and_the_files_for_reading_on(report):
    expected = {f"{stem}.html" for stem in PAGES} | {
        "index.html",
        "report.html",
        "report.docx",
        "figures.csv",
        "reconciliation.csv",
        "manifest.json",
        "6MSP.zip",
    }
    assert expected <= {path.name for path in report.iterdir()}


def test_pages_stay_within_their_budget(report):
    assert (report / "report.html").stat().st_size < 3_000_000
    assert [path.name for path in report.glob("*.html") if path.stat().st_size > 1_000_000] == ["report.html"]


def test_each_chart_has_svg_png_and_data(report):
    charts = {path.stem for path in (report / "charts").glob("*.svg")}
    assert charts
    for ending in ("png", "csv"):
        assert {path.stem for path in (report / "charts").glob(f"*.{ending}")} == charts


def test_every_figure_has_rows_or_a_reason(report):
    figures = golden.read(report / "figures.csv").values()
    counted = [row for row in figures if row["unit"] == "States" and row["value"] not in ("", "0")]
    assert counted
    assert [row["figure_id"] for row in counted if not row["rows"] or not row["states"]] == []


def test_nothing_of_this_machine_is_in_the_report(report):
    secrets = {str(project.ROOT), str(report.parent), f"/home/{getpass.getuser()}", "/tmp/"}
    secrets |= {name for name in [socket.gethostname()] if len(name) > 5}  # a short one stands in any text by chance
    endings = {".html", ".ipynb", ".json", ".csv", ".svg"}
    texts = {path.name: path.read_bytes() for path in report.rglob("*") if path.suffix in endings}
    with zipfile.ZipFile(report / "report.docx") as draft:
        texts |= {name: draft.read(name) for name in draft.namelist()}
    found = [(name, secret) for name, text in texts.items() for secret in secrets if secret.encode() in text]
    assert found == []


class Loads(HTMLParser):
    """Collects what a page would load: the addresses of its scripts, stylesheets, images and frames."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "img", "iframe", "source", "object"):
            self.found += [value for name, value in attrs if name in ("src", "href", "data")]


def test_no_page_loads_anything_from_elsewhere(report):
    for page in report.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        loads = Loads()
        loads.feed(text)
        assert [address[:60] for address in loads.found if not address.startswith("data:")] == []
        assert "Content-Security-Policy" in text


@pytest.mark.parametrize("sections", [("02_stockpile_destruction",), pytest.param((), marks=pytest.mark.release)])
def test_stock_kernels_give_the_same_bytes(report, tmp_path, sections):
    assert cli.report("6MSP", section=sections, reports_dir=tmp_path, engine="plain", force=True) == 0
    made, whole = hashing.of_folder(tmp_path / "6MSP"), hashing.of_folder(report)
    same = ("charts/", "notebooks/", "sections/") if sections else ""  # pages lead to those that there are
    assert {name: one for name, one in made.items() if name.startswith(same)}.items() <= whole.items()
    if not sections:
        assert made == whole


def test_report_can_be_verified_and_a_changed_file_is_named(report, capsys):
    assert publish.main(report) == 0
    page = report / "01_universalization.html"
    original = page.read_bytes()
    try:
        page.write_bytes(original.replace(b"100", b"101", 1))
        assert publish.main(report) == 1
        assert "01_universalization.html" in "".join(capsys.readouterr())
    finally:
        page.write_bytes(original)
