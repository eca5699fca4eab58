"""Pages in a real browser, without network: they work, they are safe, everyone can read them."""

import pandas as pd
import pypdf
import pytest
from browsers import RULES, Opened
from sample_pages import SVG, context, make_report, notebook

from ccmlib import charts
from ccmlib.base import project
from ccmlib.language.languages import Language
from ccmlib.notebook import declared
from ccmlib.pages import exporter, fragments

TITLES = [declared.heading(path.stem)[0] for path in sorted(project.NOTEBOOKS.glob("0*.ipynb"))]
PAGES = ["index", "01_universalization", "06_transparency", "report"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def arabic(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("arabic"), labels=Language("ar"))


@pytest.fixture
def table(tmp_path):
    """Make a page with one long table."""
    frame = pd.DataFrame({"state": [f"State {k}" for k in range(12)], "change": [-3, 12, None, *range(9)],
                          "joined_on": pd.date_range("2015-11-28", periods=12)})

    def make(**changes):
        html = fragments.table(frame, "t", "Caption", **changes)
        page = tmp_path / "page.html"
        book = notebook(({"text/html": html}, {}))
        page.write_text(exporter.to_html(book, "01_universalization", context(**changes)), encoding="utf-8")
        return page

    return make


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_page_and_no_cell_runs(browser, stage, name):
    with Opened(browser, stage / f"{name}.html") as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.wait_for_timeout(100)
        elsewhere = [url for url in opened.asked if not url.startswith(("data:image/", "file://"))]
        assert elsewhere == []
        assert len([url for url in opened.asked if url.startswith("file://")]) == 1
        assert opened.said == []


def test_a_script_that_is_not_ours_is_blocked(browser, stage, tmp_path):
    html = (stage / "index.html").read_text(encoding="utf-8")
    page = tmp_path / "index.html"
    page.write_text(html.replace("<main", "<script>document.title = 'run'</script><img src=x onerror="
                                 "\"document.title = 'run'\"><main", 1), encoding="utf-8")
    with Opened(browser, page) as opened:
        assert opened.page.title() != "run"
        assert any("Content Security Policy" in text for text in opened.said)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_axe_finds_nothing(browser, stage, axe, name, width, scheme):
    path = stage / f"{name}.html"
    with Opened(browser, path, width, color_scheme=scheme, bypass_csp=True) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.evaluate(axe)
        found = opened.page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("name", ["index", "01_universalization"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_from_right_to_left(browser, arabic, axe, name, width):
    with Opened(browser, arabic / f"{name}.html", width, bypass_csp=True) as opened:
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.evaluate(axe)
        found = opened.page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_sideways_on_a_phone(any_fonts, stage, name):
    with Opened(any_fonts, stage / f"{name}.html", 360) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") == 360


def test_find_my_state_keeps_what_names_it(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        page = opened.page
        assert page.is_visible("#f-01-1")
        page.fill("#find-state", "Côte d'Ivoire")
        assert not page.is_visible("#f-01-1")
        assert page.inner_text(".found") == "Côte d'Ivoire is not named on this page"
        page.fill("#find-state", "cuba")
        assert page.is_visible("#f-01-1")
        assert page.locator("#table-joined tbody tr:visible").count() == 1
        assert "passages name Cuba" in page.inner_text(".found")
        page.fill("#find-state", "Atlantis")
        assert page.inner_text(".found") == "No State of this name"
        assert page.is_visible("#f-01-1")
        page.click("form.find button")
        assert page.locator("#table-joined tbody tr:visible").count() == 2


def test_the_card_of_a_state_opens_below_the_field_whatever_the_spelling(browser, stage):
    for written in ("Ivory Coast", "cote d’ivoire", "CÔTE D'IVOIRE", "civ"):
        with Opened(browser, stage / "index.html") as opened:
            opened.page.fill("#find-state", written)
            assert opened.page.inner_text(".state-card h2") == "Côte d'Ivoire", written
            assert opened.page.inner_text(".state-card .owed") == "Nothing owed."
    with Opened(browser, stage / "index.html") as opened:
        opened.page.fill("#find-state", "cuba")
        card = opened.page.locator(".state-card")
        assert card.locator(".owed.late").inner_text() == "Owes its initial report, due on 30 March 2017."
        assert "30 March 2017" in card.locator("li.late").first.inner_text()
        assert card.locator("ol.timeline li").count() == 3
        assert card.locator("svg.drawn circle").count() == card.locator("ol.timeline time").count() == 2
        assert card.locator("svg.drawn circle title").first.text_content().endswith("Deposit")
        assert opened.page.inner_text(".wrong-what").startswith("CUB, ")
        opened.page.fill("#find-state", "Somalia")
        assert card.count() == 1
        assert card.locator(".owed").count() == 0
        opened.page.fill("#find-state", "Atlantis")
        assert card.count() == 0
        assert opened.said == []


def test_the_state_goes_along_from_page_to_page(browser, stage):
    with Opened(browser, stage / "index.html", anchor="#state=CUB") as opened:
        page = opened.page
        assert page.input_value("#find-state") == "Cuba"
        page.click(".points a.fig")
        page.wait_for_url("**/01_universalization.html#fig-states_parties&state=CUB")
        assert page.input_value("#find-state") == "Cuba"
        assert page.is_visible("#fig-states_parties .behind")
        page.click(".to-card a")
        page.wait_for_url("**/index.html#state=CUB")
        assert page.is_visible(".state-card")
        page.click("form.find button")
        page.click("nav.sections a >> nth=1")
        page.wait_for_url("**/01_universalization.html")
        assert opened.said == []


def test_a_long_list_shortens_around_the_state(browser, tmp_path):
    names = [(f"State {k}", f"S{k:02}") for k in range(12)]
    figure = fragments.figure("many", "States", "12", states=names, rows=[])
    page = tmp_path / "page.html"
    facts = context(states=dict((iso3, name) for name, iso3 in names))
    page.write_text(exporter.to_html(notebook(({"text/html": figure}, {})), "01_x", facts), encoding="utf-8")
    with Opened(browser, page, anchor="#fig-many") as opened:
        before = opened.page.inner_text("p.states")
        opened.page.fill("#find-state", "State 7")
        assert opened.page.inner_text("p.states") == "State 7 (+11)"
        assert opened.page.inner_text(".wrong-what") == "many, S07"
        opened.page.fill("#find-state", "")
        assert opened.page.inner_text("p.states") == before


def test_the_values_of_a_chart_are_reached_with_the_pointer_and_with_keys(browser, tmp_path):
    fig, ax = charts.new(height=2)
    charts.bars(ax, ["Cuba", "Chad"], [3, 5], iso3=["CUB", "TCD"])
    charts.save(charts.finish(fig, "A finding", "What", "Source: a"), tmp_path, "c")
    svg, narrow = ((tmp_path / f"c{part}.svg").read_text(encoding="utf-8") for part in ("", "-narrow"))
    html = fragments.chart("c", svg, "A finding", "What", "a", "alt", [{"iso3": "CUB", "n": 3}], states=["CUB"],
                           narrow=narrow)
    page = tmp_path / "page.html"
    page.write_text(exporter.to_html(notebook(({"text/html": html}, {})), "01_x", context()), encoding="utf-8")
    for width, kind in ((1280, "wide-chart"), (360, "narrow-chart")):
        with Opened(browser, page, width) as opened:
            assert opened.page.locator(".paper svg:visible").get_attribute("class") == kind
            opened.page.focus(".paper")
            opened.page.keyboard.press("ArrowRight")
            assert opened.page.inner_text(".value-said") == "Cuba: 3"
            opened.page.keyboard.press("ArrowRight")
            assert opened.page.inner_text(".value-said") == "Chad: 5"
            opened.page.hover(f"svg.{kind} [data-iso3=CUB]")
            assert opened.page.inner_text(".value-said") == "Cuba: 3"
            opened.page.fill("#find-state", "Cuba")
            for code, shade in {"CUB": "1", "TCD": "0.22"}.items():
                mark = f"document.querySelector('svg.{kind} [data-iso3={code}]')"
                assert opened.page.evaluate(f"getComputedStyle({mark}).opacity") == shade
            assert opened.said == []


def test_a_grid_of_one_year_shows_another_at_the_keys(browser, tmp_path):
    data = pd.DataFrame({"donor": ["Norway", "Norway", "Japan"], "state": ["Chad", "Cuba", "Cuba"],
                         "iso3": ["TCD", "CUB", "CUB"], "year": [2014, 2015, 2014], "kind": ["much", "much", "little"]})
    slider = {"columns": ["year", "donor", "state", "kind"], "shown": "2015", "kinds": {"much": "#0b2f4f", "little": "#8fc1e3"}}
    html = fragments.chart("c", SVG, "In 2015", "What", "a", "alt", data, slider=slider)
    page = tmp_path / "page.html"
    page.write_text(exporter.to_html(notebook(({"text/html": html}, {})), "01_x", context()), encoding="utf-8")
    with Opened(browser, page) as opened:
        page = opened.page
        page.focus(".years input")
        page.keyboard.press("ArrowLeft")
        assert page.inner_text(".years output") == "2014"
        assert not page.is_visible(".chart .paper")
        assert not page.is_visible("text=In 2015")
        assert page.locator(".grid th[scope=col]").all_inner_texts() == ["TCD", "CUB"]
        assert page.locator(".grid td .dot").evaluate_all("all => all.map(dot => dot.title)") == [
            "Norway, Chad, much", "Japan, Cuba, little"]
        page.keyboard.press("ArrowRight")
        assert page.is_visible(".chart .paper")
        assert not page.is_visible(".grid")
        assert opened.said == []
    with Opened(browser, tmp_path / "page.html", java_script_enabled=False) as opened:
        opened.page.click(".data summary")
        assert opened.page.locator(".data tbody tr:visible").count() == 3


def test_texts_of_a_picture_stand_where_they_were_drawn_from_right_to_left_too(browser, tmp_path):
    svg = SVG.replace('<path d="M 0 0"/>', '<text id="t" x="20" y="20" font-size="6">الدولة</text>')
    html = fragments.chart("c", svg, "t", "s", "o", "alt", [])
    page = tmp_path / "page.html"
    page.write_text(exporter.to_html(notebook(({"text/html": html}, {})), "01_x", context(labels=Language("ar"))),
                    encoding="utf-8")
    with Opened(browser, page) as opened:
        picture, text = (opened.page.locator(it).bounding_box() for it in (".paper svg", ".paper text"))
        assert text["x"] >= picture["x"] + 0.2 * picture["width"]


@pytest.mark.parametrize("locale", ["en", "fr", "es", "ru", "ar", "zh"])
def test_the_navigation_is_one_line_that_stays(any_fonts, tmp_path, locale):
    say = Language(locale)
    facts = context(labels=say, sections=[(f"0{k}_x", say(title)) for k, title in enumerate(TITLES)])
    page = tmp_path / "page.html"
    html = exporter.to_html(notebook(({"text/html": '<p style="height: 4000px">x</p>'}, {})), "01_x", facts)
    page.write_text(html, encoding="utf-8")
    with Opened(any_fonts, page, 1024) as opened:
        strip = "document.querySelector('nav.sections ul')"
        assert opened.page.evaluate(f"{strip}.scrollWidth - {strip}.clientWidth") <= 0
        assert opened.page.locator("nav.sections").bounding_box()["height"] < 48
        opened.page.evaluate("scrollTo({top: 2000, behavior: 'instant'})")
        assert opened.page.locator("nav.sections").bounding_box()["y"] == 0


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 700)])
def test_ten_seconds_are_enough(any_fonts, stage, width, height):
    with Opened(any_fonts, stage / "index.html", width) as opened:
        for selector in (".points li", "#find-state", ".due .falls-due li"):
            box = opened.page.locator(selector).first.bounding_box()
            assert box["y"] + box["height"] <= height, selector


def test_a_number_leads_to_its_states_and_rows(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        page = opened.page
        assert not page.is_visible("#fig-states_parties .behind")
        page.click("a.fig")
        assert page.is_visible("#fig-states_parties .behind")
        with page.expect_download() as download:
            page.click("#fig-states_parties a.csv")
        assert download.value.suggested_filename == "states_parties.csv"


def test_long_tables_are_sorted_and_filtered_in_the_page(browser, stage):
    with Opened(browser, stage / "01_universalization.html", anchor="#fig-states_parties") as opened:
        page = opened.page
        table = page.locator("#fig-states_parties table")
        head = table.locator("th[scope=col]").first
        assert head.get_attribute("aria-sort") is None
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "ascending"
        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"


def test_everything_is_there_without_script(browser, stage):
    with Opened(browser, stage / "01_universalization.html", java_script_enabled=False) as opened:
        assert opened.page.is_visible("#f-01-1")
        assert not opened.page.is_visible("form.find")
        opened.page.click("#fig-states_parties summary")
        assert opened.page.is_visible("#fig-states_parties .behind")


def test_the_page_is_walked_with_the_keyboard(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        opened.page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert opened.page.evaluate(f"{focused}.className") == "skip"
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_timeout(50)
        assert opened.page.evaluate(f"{focused}.id") == "main"


def test_the_browser_prints_a4_without_navigation(browser, stage, tmp_path):
    with Opened(browser, stage / "01_universalization.html") as opened:
        opened.page.pdf(path=tmp_path / "a.pdf", prefer_css_page_size=True)
    sheet = pypdf.PdfReader(tmp_path / "a.pdf").pages[0]
    assert [float(v) for v in sheet.mediabox[2:]] == pytest.approx([595.3, 841.9], abs=1)
    text = sheet.extract_text()
    assert "Universalization" in text
    assert "Find a State" not in text


#: Where a character of the first text that holds it stands, from the left.
PLACE_OF = """letter => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(letter);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walk.currentNode, at); range.setEnd(walk.currentNode, at + 1);
    return range.getBoundingClientRect().left;
  }
}"""


def test_from_right_to_left_a_sign_stands_before_its_number_and_columns_begin_at_the_right(browser, table):
    with Opened(browser, table(labels=Language("ar"))) as opened:
        where = [opened.page.evaluate(PLACE_OF, letter) for letter in "−3"]
        assert where[0] < where[1]
        heads = [head.bounding_box()["x"] for head in opened.page.locator("#table-t th[scope=col]").all()]
        assert heads == sorted(heads, reverse=True)


def test_numbers_and_dates_are_sorted_by_value_and_blanks_stay_last(browser, table):
    with Opened(browser, table()) as opened:
        page = opened.page
        page.locator("#table-t thead button").nth(1).press("Enter")
        texts = page.locator("#table-t tbody td:nth-of-type(1)").all_inner_texts()
        assert texts == ["−3", *map(str, range(9)), "12", "–"]
        page.locator("#table-t thead button").nth(2).press("Enter")
        days = page.locator("#table-t tbody time").all_inner_texts()
        assert (days[0], days[3], days[-1]) == ("28 November 2015", "1 December 2015", "9 December 2015")


def test_a_long_table_is_filtered_by_what_is_typed(browser, table):
    with Opened(browser, table()) as opened:
        page = opened.page
        assert page.locator("#table-t tbody tr:visible").count() == 12
        page.fill(".filter input", "state 1")
        assert page.locator("#table-t tbody th:visible").all_inner_texts() == ["State 1", "State 10", "State 11"]
        page.fill(".filter input", "")
        assert page.locator("#table-t tbody tr:visible").count() == 12


def test_each_figure_and_paragraph_can_be_linked_to(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        page = opened.page
        for kind in (".finding", ".figure", ".chart", "figure.table", "main h2"):
            assert page.locator(f"{kind}:not([id])").count() == 0, kind
            assert page.locator(kind).count(), kind
        ids = page.locator(".finding").evaluate_all("all => all.map(p => '#' + p.id)")
        assert page.locator(".finding > .anchor").evaluate_all("all => all.map(a => a.hash)") == ids
    with Opened(browser, stage / "01_universalization.html", anchor="#fig-states_parties") as opened:
        assert opened.page.is_visible("#fig-states_parties .behind")


def test_a_figure_unfolds_to_sources_and_paragraphs_and_a_chart_to_its_data(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        page = opened.page
        assert page.get_attribute("a.fig", "title")
        page.click("#fig-states_parties summary")
        assert "a.xlsx:S:1" in page.inner_text("#fig-states_parties .behind")
        assert "para 3" in page.inner_text("#fig-states_parties .behind")
        page.click(".chart .data summary")
        with page.expect_download() as download:
            page.click(".chart a.csv")
        assert download.value.suggested_filename == "over_time.csv"


def test_contents_stay_beside_the_text_while_it_is_read(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        page = opened.page
        assert page.locator("nav.contents").bounding_box()["x"] < page.locator(".text").bounding_box()["x"]
        page.evaluate("scrollTo({top: 900, behavior: 'instant'})")
        assert 0 <= page.locator("nav.contents").bounding_box()["y"] < 60


def test_tiles_lead_to_their_figure_and_say_what_changed(browser, stage):
    with Opened(browser, stage / "index.html") as opened:
        tile = opened.page.locator("a.tile").first
        assert "+4 in a year" in tile.inner_text()
        tile.click()
        opened.page.wait_for_url("**/01_universalization.html#fig-states_parties")
        assert opened.page.is_visible("#fig-states_parties .behind")


def test_what_has_the_focus_is_seen(browser, stage):
    with Opened(browser, stage / "01_universalization.html") as opened:
        seen = set()
        for _ in range(25):
            opened.page.keyboard.press("Tab")
            seen.add(opened.page.evaluate("getComputedStyle(document.activeElement).outlineWidth"))
        assert seen == {"3px"}


@pytest.mark.parametrize(("motion", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_asked_for_it(browser, stage, motion, behaviour):
    with Opened(browser, stage / "index.html", reduced_motion=motion) as opened:
        assert opened.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
