"""The pages of real reports in a browser: everyone can read them, on a desk and on a phone, in light and dark."""

import re

import pytest
from browsers import RULES, Opened
from bs4 import BeautifulSoup

from ccmlib.base import project
from ccmlib.language.catalogue import LANGUAGES
from ccmlib.run import cli

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECTIONS = [path.stem for path in sorted(project.NOTEBOOKS.glob("0*.ipynb"))]
PAGES = [f"6MSP-fr/{stem}.html" for stem in ("index", *SECTIONS)] + [
    "briefs/6MSP-ar/LAO.html",
    "briefs/6MSP/SOM.html",
    "compare/6MSP-9MSP/compare.html",
]
#: Pages that every run of the tests opens: one of each kind; the others, before a release.
SOON = ("index.html", "02_stockpile_destruction.html", "LAO.html", "compare.html")
ADDRESS = re.compile(r"\S+[./]\S+")
#: Words that only English has.
ENGLISH = re.compile(r"\b(the|of|and|which|have|with|by|from|States)\b")
#: Sections that every run of the tests makes in another language; whole reports, before a release.
SOME = {"fr": ("01_universalization", "02_stockpile_destruction"),
        "ar": ("01_universalization", "05_cooperation_assistance", "10_where_sources_disagree")}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make some of a report in French and in Arabic, a brief in Arabic, another in English and a comparison."""
    folder = tmp_path_factory.mktemp("reports")
    for locale, sections in SOME.items():
        assert cli.report("6MSP", section=sections, locale=locale, reports_dir=folder) == 0
    assert cli.briefs(["LAO"], "6MSP", locale="ar", reports_dir=folder) == 0
    assert cli.briefs(["SOM"], "6MSP", reports_dir=folder) == 0
    assert cli.compare("6MSP", "9MSP", reports_dir=folder) == 0
    return folder


@pytest.mark.parametrize(
    "name", [name if name.endswith(SOON) else pytest.param(name, marks=pytest.mark.release) for name in PAGES])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_nothing_and_nothing_moves_sideways(browser, axe, made, name, width, scheme):
    if not (made / name).exists():
        assert cli.report("6MSP", locale="fr", reports_dir=made) == 0
    with Opened(browser, made / name, width, color_scheme=scheme, bypass_csp=True) as opened:
        opened.page.set_default_timeout(120_000)
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width
        opened.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        opened.page.evaluate(axe)
        found = opened.page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"][:5]]) for rule in found] == []
        assert opened.said == []


def unmarked(html):
    """List the texts of a page in another language that are English and do not say so; files and addresses are no text."""
    page = BeautifulSoup(html, "html.parser")
    for node in page.select("[lang=en], a.csv, code, script, style, wbr"):
        node.extract()
    page.smooth()
    return [text for text in page.body.stripped_strings if ENGLISH.search(ADDRESS.sub("", text))]


def test_unmarked_english_is_seen():
    page = ('<html lang="ar"><body><p>الدول الأطراف: the States</p><p lang="en">the States</p>'
            "<p>http://<wbr>www.the-monitor.org/<wbr>the</p></body></html>")
    assert unmarked(page) == ["الدول الأطراف: the States"]


@pytest.mark.release
def test_what_the_report_says_itself_is_translated(made):
    ours = "p.finding[lang=en], .note p[lang=en], .no-rows p[lang=en], figcaption > [lang=en], :is(h1, h2, h3)[lang=en]"
    pages = [*made.glob("6MSP-*/[!r]*.html"), *made.glob("briefs/6MSP-*/*.html")]
    found = [(path, BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").select(ours)) for path in pages]
    assert [(path.name, texts) for path, texts in found if texts] == []


@pytest.mark.parametrize(("locale", "whole"), [
    *((code, False) for code in SOME), *(pytest.param(code, True, marks=pytest.mark.release) for code in LANGUAGES[1:])])
def test_no_english_goes_unmarked_in_another_language(made, locale, whole):
    if whole:
        assert cli.report("6MSP", locale=locale, reports_dir=made) == 0
    pages = sorted({*(made / f"6MSP-{locale}").glob("*.html")} - {made / f"6MSP-{locale}/report.html"})  # it holds the others
    assert len(pages) > len(SECTIONS if whole else SOME[locale])
    assert {path.name: found for path in pages if (found := unmarked(path.read_text(encoding="utf-8")))} == {}
