"""The pages of real reports in a browser: everyone can read them, on a desk and on a phone, in light and dark."""

import pytest
from test_pages_browser import RULES, Opened, axe, browser, playwright  # noqa: F401  (fixtures)

from ccmlib.base import project
from ccmlib.run import verbs

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("report in a browser")]

SECTIONS = [path.stem for path in sorted(project.NOTEBOOKS.glob("0*.ipynb"))]
PAGES = [f"6MSP-fr/{stem}.html" for stem in ("index", *SECTIONS)] + [
    "briefs/6MSP-ar/LAO.html",
    "briefs/6MSP/SOM.html",
    "compare/6MSP-9MSP/compare.html",
]
#: Pages that every run of the tests opens: one of each kind; the others, before a release.
SOON = ("index.html", "02_stockpile_destruction.html", "LAO.html", "compare.html")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a report in French, a brief in Arabic, another in English and a comparison."""
    folder = tmp_path_factory.mktemp("reports")
    assert verbs.report("6MSP", locale="fr", reports_dir=folder) == 0
    assert verbs.briefs(["LAO"], "6MSP", locale="ar", reports_dir=folder) == 0
    assert verbs.briefs(["SOM"], "6MSP", reports_dir=folder) == 0
    assert verbs.compare("6MSP", "9MSP", reports_dir=folder) == 0
    return folder


@pytest.mark.parametrize(
    "name", [name if name.endswith(SOON) else pytest.param(name, marks=pytest.mark.release) for name in PAGES])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_moves_sideways(browser, axe, made, name, width, scheme):  # noqa: F811
    with Opened(browser, made / name, width, color_scheme=scheme, bypass_csp=True) as opened:
        opened.page.set_default_timeout(120_000)
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.evaluate(axe)
        found = opened.page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:5]]) for rule in found] == []
        assert opened.said == []


@pytest.mark.release  # what is translated is told apart before a release
@pytest.mark.parametrize("page", ["index", "01_universalization"])
def test_no_text_in_another_language_goes_unmarked(browser, made, page):  # noqa: F811
    with Opened(browser, made / f"6MSP-fr/{page}.html") as opened:
        words = opened.page.evaluate("""() => {
          document.querySelectorAll('[lang=en], .source, .downloads').forEach(node => node.remove());
          return document.querySelector('main').innerText;
        }""")
        assert [word for word in (" the ", " have ", " States ", " which ") if word in words] == []
