"""explore.ipynb: right for every choice, whole without a click, following its lists in JupyterLab, and offline."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import tidy_tables
from nbclient import NotebookClient
from overlaps import overlaps

from ccmlib.base import project
from ccmlib.figures.counting import Counts
from ccmlib.notebook import explore
from ccmlib.tidy import tables
from ccmlib.treaty import periods

NOTEBOOK = project.NOTEBOOKS / "explore.ipynb"
PARTIES = "States Parties on 30 June 2016: 100"
CLEARANCE = "12 of 19 obligations under Article 4 (clearance) are open on 30 June 2016"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A copy of the notebook beside tidy tables, as in a checkout: JupyterLab saves what it opens."""
    folder = tmp_path_factory.mktemp("workshop")
    tables.write(tidy_tables.built(), folder / "data" / "processed")
    (folder / "notebooks").mkdir()
    shutil.copyfile(NOTEBOOK, folder / "notebooks" / NOTEBOOK.name)
    return folder


@pytest.fixture(scope="module")
def desk(facts):
    return explore.Desk(facts)


# ---- the rows


def counts(frame, column):
    return frame[column].value_counts().to_dict()


def test_states_stand_as_the_6msp_report_says(desk):
    frame = desk.states("6MSP")
    assert counts(frame, "state_party") == {"yes": 100, "no": 97}
    assert counts(frame, "signatory") == {"yes": 19, "no": 178}
    assert counts(frame, "initial_report_submitted")["yes"] == 75
    assert [counts(frame, name)["yes"] for name in ("art3_open", "art4_open", "art5_obligation")] == [10, 12, 13]
    assert frame["state"].is_unique
    assert list(frame["state"][:3]) == ["Afghanistan", "Albania", "Algeria"]


def test_nothing_is_told_of_a_day_after_the_period(desk, facts):
    later, earlier = (desk.states(name).set_index("iso3") for name in ("13MSP", "6MSP"))
    assert later.loc["LKA", "state_party"] == "yes"
    assert earlier.loc["LKA", ["signature_on", "deposit_on", "entry_into_force_on"]].isna().all()
    assert earlier.loc["LTU", "state_party"] == "yes"
    assert (later.loc["USA", "state_party"], later.loc["LTU", "state_party"]) == ("no", "no")


@pytest.mark.parametrize("period", ["1MSP", "6MSP", "9MSP", "13MSP"])
def test_tables_of_a_period_are_those_of_the_figures(desk, facts, period):
    chosen = periods.from_table(facts["periods"], period)
    frame, figure = desk.states(period), Counts(facts).figure
    assert set(frame.loc[frame["state_party"] == "yes", "iso3"]) == set(figure("states_parties", chosen).states)
    for article, figure_id in {3: "art3_remaining", 4: "art4_obligations"}.items():
        rows = desk.obligations(period, "all", article)
        assert set(rows.loc[rows["standing"] == "open", "iso3"]) == set(figure(figure_id, chosen).states)
    late = desk.reports(period).query("kind == 'late' and what.str.startswith('Initial')")
    assert set(late["iso3"]) == set(figure("initial_reports_overdue", chosen).states)


def test_regional_groups_add_up_to_all(desk):
    groups = [group for _, group in desk.choices("Region") if group != "all"]
    for make in (desk.states, desk.reports):
        parts = pd.concat([make("6MSP", group) for group in groups])
        assert sorted(parts["iso3"]) == sorted(make("6MSP", "all")["iso3"])
    rows = desk.obligations("6MSP", "African", 4)
    assert list(rows.loc[rows["standing"] == "open", "iso3"]) == ["MOZ", "TCD", "SOM"]


def test_one_state_reads_first_what_it_owes(desk):
    rows = desk.one("6MSP", "URY")
    assert rows.iloc[0].tolist() == ["owed", "Annual report for 2015 overdue since 30 April 2016.", "late"]
    assert {"next", "reports", "law", "timeline"} <= set(rows["part"])


def test_figures_have_their_doubt(desk):
    now, later = (desk.figures(name).set_index("figure_id")["said"] for name in ("6MSP", "13MSP"))
    assert (now["states_parties"], now["initial_reports_overdue"]) == ("100", "18")
    assert later["initial_reports_overdue"] == "at most 9"


# ---- the charts


@pytest.mark.parametrize(("period", "region"), [("1MSP", "all"), ("6MSP", "all"), ("13MSP", "none")])
def test_charts_find_something_and_nothing_collides(desk, period, region):
    made = [desk.draw_parties(period, region)]
    made += [desk.draw_obligations(period, region, article) for article in (3, 4)]
    for chart in made:
        html = chart._repr_html_()
        if "<figure" not in html:
            assert "No obligation under Article" in html
            continue
        assert overlaps(chart.figure) == []
        assert chart.title in html
        assert html.count(chart.title) >= 2  # above the chart, and in what a screen reader says of it
        assert len(chart.data)


def test_dates_of_a_state_say_when_no_more_exactly_than_it_is_known(desk):
    chart = desk.draw_dates("6MSP", "LAO")
    assert chart.title == "Lao People's Democratic Republic: 12 dates under the Convention"
    for said in ("Signature (3 December 2008)", "Annual report for 2015 (by 30 June 2016)",
                 "Deadline of clearance (Article 4) (1 August 2020)"):
        assert f"<title>{said}</title>" in chart.html
    assert desk.draw_dates("6MSP", "TUV").figure is None


def test_charts_say_what_the_6msp_report_counts(desk, facts):
    assert desk.draw_parties("6MSP").title == PARTIES
    assert desk.draw_obligations("6MSP", "all", 4).title == CLEARANCE
    assert desk.draw_obligations("13MSP", "all", 4).title.endswith(" it is not known")


def test_tables_charts_and_lists_are_in_the_language_chosen(facts):
    arabic, french = explore.Desk(facts, "ar"), explore.Desk(facts, "fr")
    assert "لبنان" in set(arabic.states("6MSP")["state"])
    html = french.table("fr", french.one("6MSP", "URY"), "{count} States").data
    assert "Rapport annuel pour 2015 en retard depuis le 30 avril 2016" in html
    assert "Annual report" not in html
    chart = arabic.draw_obligations("6MSP", "all", 4)
    assert "12 من أصل 19" in chart.title
    assert "obligation" not in chart._repr_html_()
    assert explore.Desk(facts, "es").pick("Article", 4).label == "artículo 4: limpieza"
    assert '<div dir="rtl">' in arabic.table("ar", arabic.reports("6MSP"), "{count} States").data


# ---- controls and places


@pytest.fixture
def places(monkeypatch):
    """What stands in each place, in place of a front end."""
    shown = {}
    put = lambda thing, display_id=None, **_: shown.setdefault(display_id, []).append(thing)  # noqa: E731
    monkeypatch.setattr("IPython.display.display", put)
    monkeypatch.setattr("IPython.display.update_display", put)
    return shown


def test_a_place_follows_its_list(desk, places):
    pick = desk.pick("Period", "6MSP")
    desk.follow("here", lambda period: f"shows {period}", pick)
    pick.value = "9MSP"
    assert places["here"] == ["shows 6MSP", "shows 9MSP"]
    assert pick.label == "9MSP, Geneva: 1 July 2018 – 30 June 2019"


def test_a_cell_run_again_takes_its_place_over(desk, places):
    pick = desk.pick("Period", "6MSP")
    desk.follow("again", lambda period: f"old {period}", pick)
    desk.follow("again", lambda period: f"new {period}", pick)
    pick.value = "9MSP"
    assert places["again"] == ["old 6MSP", "new 6MSP", "new 9MSP"]


def test_a_place_that_fails_does_not_keep_what_belongs_to_another_choice(desk, places):
    pick = desk.pick("Article", 4)
    desk.follow("broken", lambda article: {4: "clearance"}[article], pick)
    with pytest.raises(KeyError):
        pick.value = 3
    assert "KeyError: 3" in places["broken"][-1].data


def test_an_unknown_choice_names_those_that_there_are(desk):
    with pytest.raises(ValueError, match="period '6MPS': there are 1MSP, 2MSP"):
        desk.pick("Period", "6MPS")


def test_a_table_shows_text_as_text(desk):
    rows = desk.states("6MSP").head(1).assign(state="<script>alert(1)</script>")
    html = desk.table("try", rows, "{count} State").data
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# ---- the notebook, without a click


@pytest.fixture(scope="module")
def executed(workshop):
    book = nbformat.read(workshop / "notebooks" / NOTEBOOK.name, as_version=4)
    place = {"metadata": {"path": str(workshop / "notebooks")}}
    return NotebookClient(book, timeout=300, resources=place, store_widget_state=False).execute()


def shown(book, kind):
    return [out["data"][kind] for cell in book.cells for out in cell.get("outputs", []) if kind in out.get("data", {})]


@pytest.mark.slow
def test_notebook_runs_top_to_bottom_and_shows_the_defaults(executed):
    outputs = [out for cell in executed.cells for out in cell.get("outputs", [])]
    assert {out["output_type"] for out in outputs} == {"display_data", "execute_result"}
    html = "\n".join(shown(executed, "text/html"))
    for text in (PARTIES, CLEARANCE, "197 States at the end of the 6MSP", "lines on LAO", "Saint Kitts and Nevis"):
        assert text in html
    assert "(18, 18, 18)" in shown(executed, "text/plain")
    assert str(Path.home()) not in html
    assert str(project.ROOT) not in html


class Loaded(HTMLParser):
    """Everything that a browser would load from HTML: addresses in attributes, styles and scripts."""

    LOADING = frozenset({"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"})
    IN_CODE = re.compile(
        r"""(?:\bimport\b|\bfrom\b|\bfetch\(|\burl\(|@import|\.src\s*=|\bWorker\()\s*\(?\s*["'`]?((?:https?:)?//[^\s"'`)]+)""")

    def __init__(self, html):
        super().__init__()
        self.addresses = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in self.LOADING or (name == "href" and tag != "a"):
                self.addresses.append(value)
            elif name == "style":
                self.handle_data(value)

    def handle_data(self, data):
        self.addresses += self.IN_CODE.findall(data)
        # itables carries its script and stylesheet as base64 text.
        for packed in re.findall(r'"([A-Za-z0-9+/]{1000,}={0,2})"', data):
            self.addresses += self.IN_CODE.findall(base64.b64decode(packed).decode())


@pytest.mark.slow
def test_nothing_remote_is_referenced_in_the_outputs(executed):
    html = "\n".join(shown(executed, "text/html"))
    assert "window._itables" in html
    assert [address for address in Loaded(html).addresses if not address.startswith(("data:", "#"))] == []


@pytest.mark.parametrize("remote", [
    '<script src="https://x.org/a.js"></script>', "<style>@import '//x.org/a.css'</style>", '<img src="http://x.org/a.png">',
    "<script type='module'>import { a } from 'https://x.org/a.js';</script>", '<link rel=stylesheet href=https://x.org/a.css>',
    '<p style="background:url(https://x.org/a.png)">', "<script>fetch('https://x.org')</script>",
])
def test_what_is_remote_is_found(remote):
    assert any("x.org" in address for address in Loaded(remote).addresses)


# ---- the notebook in JupyterLab


@pytest.fixture
def lab(workshop, tmp_path):
    """A JupyterLab of its own, with nobody's settings; gives its address."""
    folders = {name: str(tmp_path / name.lower()) for name in (
        "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=for-this-test",
               f"--ServerApp.root_dir={workshop}", "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options], env=os.environ | folders, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 120
        found = []
        while not found and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
            found = list(Path(folders["JUPYTER_RUNTIME_DIR"]).glob("jpserver-*.json"))
        assert found, (tmp_path / "log").read_text()
        time.sleep(0.5)
        yield json.loads(found[0].read_text())["url"]
    finally:
        server.terminate()
        server.wait(60)


@pytest.mark.browser
def test_tables_and_charts_follow_in_jupyterlab_without_network(desk, lab):
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=120_000)
    away = []

    def only_here(route):
        if not route.request.url.startswith((lab, "data:", "blob:")):
            away.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-background-networking"])
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(120_000)
        page.route("**/*", only_here)
        page.goto(f"{lab}lab/tree/notebooks/explore.ipynb?token=for-this-test")
        expect(page.get_by_text("| Idle")).to_be_visible()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()

        def chart(name):
            return page.locator(f"#chart-{name} figcaption b")

        def pick(title, **option):
            named = page.locator("label", has_text=re.compile(f"^{title}$"))
            page.locator(".widget-dropdown").filter(has=named).last.locator("select").select_option(**option)

        expect(chart("article_4")).to_have_text(CLEARANCE)
        expect(chart("parties_by_group")).to_have_text(PARTIES)
        expect(page.locator("#explore-states_wrapper caption")).to_have_text("197 States at the end of the 6MSP period")
        expect(page.locator("#explore-states tbody tr")).to_have_count(10)
        # itables gives its tables a white ground, on which the dark theme writes in white.
        expect(page.locator("#explore-states_wrapper")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
        # Charts and their tables look as in the report.
        expect(page.locator("#chart-article_4 .paper")).to_have_css("background-color", "rgba(0, 0, 0, 0)")
        expect(page.locator("#chart-article_4 .data td").first).to_have_css("text-align", "start")

        pick("Period", label="9MSP, Geneva: 1 July 2018 – 30 June 2019")
        expect(chart("parties_by_group")).to_have_text("States Parties on 30 June 2019: 106")
        expect(page.locator("#explore-states_wrapper caption")).to_have_text("197 States at the end of the 9MSP period")
        # There is one row of lists, and it stays in sight.
        lists = page.locator(".ccm-picker select")
        expect(lists).to_have_count(4)
        page.locator("#explore-figures_wrapper").scroll_into_view_if_needed()
        expect(page.locator("#explore-figures_wrapper")).to_be_in_viewport()
        expect(lists.first).to_be_in_viewport()

        pick("Region", label="African")
        african = desk.states("9MSP", "African")
        expect(chart("parties_by_group")).to_have_text(desk.draw_parties("9MSP", "African").title)
        expect(page.locator("#explore-states_info")).to_contain_text(f"of {len(african)} entries")

        pick("Article", label="Article 3: stockpile destruction")
        expect(chart("article_3")).to_have_text(desk.draw_obligations("9MSP", "African", 3).title)
        caption = page.locator("#explore-obligations_wrapper caption")
        expect(caption).to_contain_text("under Article 3 at the end of the 9MSP")

        page.locator("#explore-states_wrapper input[type=search]").fill("Guinea-Bissau")
        expect(page.locator("#explore-states tbody tr")).to_have_count(1)
        pick("State", label="Guinea-Bissau")
        expect(page.locator("#explore-one_wrapper caption")).to_contain_text("lines on GNB at the end of the 9MSP")
        browser.close()
    assert away == []
