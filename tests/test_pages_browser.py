"""Pages in a real browser, without network: they work, they are safe, everyone can read them."""

import shutil
import subprocess

import pypdf
import pytest
from sample_pages import make_report

from ccmlib import project

AXE = "axe-core@4.14.1"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["index", "01_universalization", "06_transparency", "report"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def axe():
    """Bring axe-core, once for this checkout."""
    folder = project.ROOT / ".cache" / "axe"
    path = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, AXE], check=True)
    return path.read_text(encoding="utf-8")


class Opened:
    """A page, what it asked for and what it complained about."""

    def __init__(self, browser, path, width=1280, anchor="", **options):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        self.page = self.context.new_page()
        self.asked, self.said = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message) or dialog.dismiss())
        self.page.goto(f"file://{path}{anchor}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


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


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_sideways_on_a_phone(browser, stage, name):
    with Opened(browser, stage / f"{name}.html", 360) as opened:
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
        assert "passages name cuba" in page.inner_text(".found")
        page.fill("#find-state", "Atlantis")
        assert page.inner_text(".found") == "No State of this name"
        assert page.is_visible("#f-01-1")
        page.click("form.find button")
        assert page.locator("#table-joined tbody tr:visible").count() == 2


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
