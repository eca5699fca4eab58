"""Pages: complete in themselves, safe whatever a cell says, readable by everyone."""

import base64
import hashlib
import io
import re
import zipfile
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import nbformat
import pandas as pd
import pypdf
import pytest
from sample_pages import EVIL, SECTIONS, STATES, SVG, context, everything, make_report, notebook

from ccmlib.figures.sentences import Said, quoted
from ccmlib.language.languages import Language
from ccmlib.pages import csvs, digest, exporter, fragments, html_tables, look, pdf, site

VOID = {"meta", "img", "input", "br", "link", "hr", "wbr"}


class Page(HTMLParser):
    """Elements of a page as (tag, attributes), with a check that they nest."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.text = [], [], {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.text[self.open[-1]] = self.text.get(self.open[-1], "") + data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def page_of(*html, **changes):
    outputs = [({"text/html": part, "text/plain": "<object at 0x7f>"}, {}) for part in html]
    return exporter.to_html(notebook(*outputs), "01_universalization", context(**changes))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return make_report(tmp_path_factory.mktemp("stage"))


def pages(stage):
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(stage.glob("*.html"))}


def test_a_page_asks_for_nothing_from_elsewhere(stage):
    for name, html in pages(stage).items():
        page = Page(html)
        for tag, attrs in page.elements:
            for attribute in ("src", "srcset", "data", "action", "poster", "background"):
                value = attrs.get(attribute)
                assert value is None or value.startswith("data:"), (name, tag, value)
            assert tag not in {"link", "base", "iframe"}, (name, tag)
        assert "@import" not in html
        assert "url(" not in page.text["style"]


def test_the_policy_lets_only_our_script_run(stage):
    for name, html in pages(stage).items():
        page = Page(html)
        digest = base64.b64encode(hashlib.sha256(page.text["script"].encode()).digest()).decode()
        policy = [a["content"] for a in page.all("meta")
                  if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1, name
        assert f"script-src 'sha256-{digest}'" in policy[0]
        assert "default-src 'none'" in policy[0]
        assert "img-src data:" in policy[0]
        assert page.all("script") == [{}]
        assert "<script" not in page.text["script"]


def test_text_of_cells_cannot_become_markup(stage):
    for name, html in pages(stage).items():
        page = Page(html)
        assert all(not key.startswith("on") for _, attrs in page.elements for key in attrs), name
        assert all(image.get("src", "").startswith("data:image/") for image in page.all("img"))
        assert "<script>alert" not in html


def test_a_page_has_one_title_landmarks_and_a_language(stage):
    for name, html in pages(stage).items():
        page = Page(html)
        tags = [tag for tag, _ in page.elements]
        assert tags.count("h1") == 1, name
        assert tags.count("main") == 1
        assert page.all("html") == [{"lang": "en", "dir": "ltr"}]
        assert page.all("a")[0]["href"] == "#main"
        levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
        assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)


def test_anchors_are_unique_and_links_within_a_page_have_a_target(stage):
    anchors = {}
    for name, html in pages(stage).items():
        ids = [attrs["id"] for _, attrs in Page(html).elements if "id" in attrs]
        assert len(ids) == len(set(ids)), (name, [i for i in ids if ids.count(i) > 1])
        anchors[name] = set(ids)
    for name, html in pages(stage).items():
        for link in Page(html).all("a"):
            target, _, anchor = link["href"].partition("#")
            if anchor and not link["href"].startswith("data:") and anchor != "state-COL":
                assert anchor in anchors[target or name], (name, link["href"])


def test_every_image_says_what_it_shows(stage):
    images = [image for html in pages(stage).values() for image in Page(html).all("svg") if "aria-hidden" not in image]
    assert images
    assert all(image["role"] == "img" and image["aria-label"].strip() for image in images)


def test_table_headers_have_a_scope_and_tables_a_caption(stage):
    page = Page((stage / "01_universalization.html").read_text(encoding="utf-8"))
    assert page.all("th")
    assert all(head.get("scope") in {"col", "row", "rowgroup"} for head in page.all("th"))
    assert len([t for t, _ in page.elements if t in {"caption", "figcaption"}]) >= \
        len(page.all("table"))


def test_code_is_away_unless_asked_for_and_stderr_is_never_shown():
    hidden, folded = page_of("<p>x</p>"), page_of("<p>x</p>", code=True)
    assert "visible code" not in hidden
    assert "<details class=\"code\">" in folded
    assert "visible code" in folded
    for html in (hidden, folded):
        assert "parameters cell" not in html
        assert "injected cell" not in html
        assert "someone" not in html
        assert "Warning" not in html
        assert "0x7f" not in html


def test_made_with_names_parameters_and_versions_but_no_place():
    rows = context().made_with({"period": "6MSP", "to_on": "", "processed": "/x", "out": "y",
                                "locale": "en", "other": "/home/a"})
    assert rows[:2] == [("period", "6MSP"), ("locale", "en")]
    assert [name for name, _ in rows[2:]] == ["Python", "pandas", "matplotlib", "papermill", "nbconvert"]


def test_a_page_is_the_same_each_time():
    assert page_of(*everything()) == page_of(*everything())


def test_contents_list_the_headings_of_the_page_under_which_something_stands():
    html = page_of("<p>x</p>")
    anchors = re.findall(r'<li class="level-(\d)"><a href="#([^"]+)">([^<]+)</a>', html)
    assert anchors == [("2", "01-findings-2", "Findings"), ("3", "01-of-states", "Of States")]
    assert '<p class="subtitle">How many States have joined</p>' in html


def test_a_notebook_needs_exactly_one_title():
    with pytest.raises(ValueError, match="0 Markdown cells start with"):
        exporter.to_html(notebook(title="Text"), "01_universalization", context())
    second = nbformat.v4.new_markdown_cell("# Another")
    with pytest.raises(ValueError, match="2 Markdown cells start with"):
        exporter.to_html(notebook(extra=[second]), "01_universalization", context())


@pytest.mark.parametrize(("kind", "data"), [("image/png", "AA\nAA"), ("image/svg+xml", "<svg/>"), ("image/jpeg", "AAAA")])
def test_an_image_without_description_stops_the_page(kind, data):
    with pytest.raises(ValueError, match="cell 6 shows an image without a description"):
        exporter.to_html(notebook(({kind: data}, {})), "01_x", context())
    shown = exporter.to_html(notebook(({kind: data}, {kind: {"alt": "Parties rose"}})), "01_x", context())
    assert 'alt="Parties rose"' in shown


def test_the_last_expression_of_a_cell_is_shown_like_what_is_displayed():
    cell = nbformat.v4.new_code_cell("frame")
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/html": "<p>a table</p>", "text/plain": "no"})]
    html = exporter.to_html(notebook(extra=[cell]), "01_universalization", context())
    assert "<p>a table</p>" in html


def test_what_python_writes_of_an_object_is_not_shown_as_a_result():
    cell = nbformat.v4.new_code_cell("s.figure(...)")
    cell.outputs = [nbformat.v4.new_output("execute_result", data={"text/plain": "Figure(figure_id='x')"})]
    assert "Figure(" not in exporter.to_html(notebook(extra=[cell]), "01_universalization", context())


def test_other_outputs_are_shown_as_text_or_left_out():
    html = exporter.to_html(notebook(
        ({"text/plain": EVIL}, {}), ({"text/markdown": f"**bold** {EVIL}"}, {}),
        ({"application/javascript": "alert(3)"}, {}), ({"text/latex": EVIL}, {}),
        extra=[nbformat.v4.new_raw_cell("raw text")],
    ), "01_x", context())
    Page(html)
    assert "<strong>bold</strong>" in html
    assert "alert(3)" not in html
    assert "raw text" not in html
    assert "<img src=x" not in html


def test_right_to_left_pages_say_so():
    assert '<html lang="ar" dir="rtl">' in page_of("<p>x</p>", labels=Language("ar"))


def test_fixed_words_go_through_the_labels():
    class Loud(Language):
        def text(self, message):
            return f"⟦{message}⟧"

        __call__ = text

    loud = Loud("en")
    html = page_of(*everything(), labels=loud, code=True)
    for word in ("Sections", "Find your State", "Made with", "Code", "On this page", "Skip to the content"):
        assert f"⟦{word}⟧" in html
    table = fragments.table(pd.DataFrame({"state": ["Cuba"]}), "t", "x", labels=loud)
    assert ">⟦Data (CSV)⟧<" in table
    assert ">⟦State⟧<" in table


def test_the_whole_report_is_one_file_with_lowered_headings(stage):
    html = (stage / "report.html").read_text(encoding="utf-8")
    assert '<h2 id="part-01">Universalization</h2>' in html
    assert '<h3 id="01-findings-2">' in html
    assert 'href="#fig-states_parties"' in html
    assert 'href="index.html' not in html
    assert len(html.encode()) < 3_000_000


def test_the_index_shows_tiles_states_and_files(stage):
    html = (stage / "index.html").read_text(encoding="utf-8")
    assert html.count('class="tile"') == 1
    assert "since 1RC" not in html.split("At a glance")[1].split("<h2")[0]
    assert 'id="state-CUB"' in html
    assert 'href="06_transparency.html#f-06-1"' in html
    assert 'href="report.pdf"' in html


def test_figures_csv_has_the_fixed_columns_and_no_formula(stage):
    text = (stage / "figures.csv").read_text(encoding="utf-8")
    assert text.splitlines() == [
        "figure_id,section,label,value,lower,last_word,upper,known_to,unit,states,rows,tables",
        "states_parties,universalization,'=SUM(A1),100,,,,,States,CUB;SOM,a.xlsx:S:1,treaty_actions",
    ]


def test_charts_come_together_and_a_double_name_stops(tmp_path, stage):
    assert sorted(p.name for p in (stage / "charts").iterdir()) == ["chart_01.svg", "chart_06.svg"]
    for stem in ("01_a", "02_b"):
        (tmp_path / stem / "charts").mkdir(parents=True)
        (tmp_path / stem / "charts" / "same.svg").write_text("x")
        (tmp_path / stem / "charts" / "same.log").write_text("x")
    with pytest.raises(ValueError, match="02_b and 01_a both have a chart same"):
        site.copy_charts(tmp_path, ["01_a", "02_b"])


@pytest.mark.parametrize(("now", "before", "better", "expected"), [
    (100, 96, "up", ("+4 in a year", "good")),
    (4, 12, "up", ("−8 in a year", "bad")),
    (10, 13, "down", ("−3 in a year", "good")),
    (5, 5, "up", ("no change in a year", "")),
    (5, 4, "", ("+1 in a year", "")),
    (5, None, "", ("", "")),
    ("2018", 4, "", ("", "")),
    (True, 0, "", ("", "")),
])
def test_change_in_a_year(now, before, better, expected):
    entry = {"value": now, "better": better, "history": [["2015-06-29", before], ["2016-06-30", now]]}
    assert digest.change_text(entry, context()) == expected


def test_a_figure_of_a_period_is_not_compared_with_that_of_a_longer_one():
    assert digest.change_text({"value": 4, "previous_value": 12, "better": "up"}, context()) == ("", "")


def test_a_figure_with_a_history_tells_its_change_over_a_year_whatever_the_length_of_the_period():
    history = [["2013-06-30", 80], ["2015-06-28", 93], ["2015-09-11", 96], ["2016-06-30", 100]]
    entry = {"value": 100, "previous_value": 96, "better": "up", "history": history}
    assert digest.change_text(entry, context()) == ("+7 in a year", "good")
    assert digest.change_text({**entry, "history": [["2016-01-01", 99]]}, context()) == ("", "")


@pytest.mark.parametrize(("bounds", "said"), [
    ({"lower": 2, "last_word": 8}, "8 by the last word (30 June 2016)"),
    ({"lower": 2, "last_word": 2}, "at least 2"),
    ({"lower": 2, "last_word": 8, "upper": 9}, "between 2 and 9"),
    ({"lower": 0, "last_word": 0}, "0 by the last word (30 June 2016)"),
])
def test_a_tile_says_the_last_word_where_the_least_number_is_smaller_and_nothing_bounds_it_above(bounds, said):
    figure = {"figure_id": "f", "label": "States", "known_to": "2016-06-30", **bounds}
    assert said in digest.tiles(tiled([figure]), context())[0][0]


def tiled(figures, **more):
    return [{"stem": f"0{k}_x", "title": f"Section {k}", "figures": [figure | {"tile": True}], **more}
            for k, figure in enumerate(figures)]


def test_tiles_are_one_a_section_seven_at_most_no_two_alike_and_none_of_what_is_not_known():
    figures = [{"figure_id": f"f{k}", "label": f"label {k}", "value": k} for k in range(9)]
    made, unknown = digest.tiles(tiled(figures), context())
    assert (len(made), unknown) == (7, [])
    same = [{"figure_id": f"f{k}", "label": "same", "value": k} for k in range(3)]
    assert len(digest.tiles(tiled(same), context())[0]) == 1
    bounds = {"figure_id": "f", "label": "open", "value": None, "lower": 3, "upper": 5}
    made, unknown = digest.tiles(tiled([bounds, {"figure_id": "g", "label": "nothing", "value": None}]), context())
    assert [len(made), unknown] == [1, ["nothing"]]
    assert 'data-figure="f">between 3 and 5</b>' in made[0]
    about = tiled([{"figure_id": "f", "label": "matching", "value": 3}])
    assert digest.tiles([about[0] | {"title": "Reconciliation"}], context()) == ([], [])


def test_a_figure_stands_under_the_section_of_its_theme_or_that_puts_it_forward():
    def section(name, **more):
        return {"stem": name, "section": name, "figures": [{"figure_id": "f", "theme": "clearance", **more}]}

    def owner(*sections):
        return [one["section"] for one, _ in digest.own_figures(sections)]

    assert owner(section("summary"), section("clearance")) == ["clearance"]
    assert owner(section("summary"), section("trends", tile=True), section("clearance")) == ["trends"]
    assert owner(section("summary"), section("trends")) == ["summary"]


def test_in_one_file_a_figure_unfolds_once_under_its_own_section():
    def unfolded(*ids):
        return "".join(f'<details class="figure" id="fig-{one}"><p>{stem}</p></details>' for one in ids)

    sections, bodies = [], []
    for stem, _ in SECTIONS:
        late = {"figure_id": "late", "theme": "transparency", "label": "late"}
        sections.append({"stem": stem, "title": stem, "section": stem[3:], "figures": [late]})
        bodies.append({"stem": stem, "title": stem, "contents": [], "html": unfolded("late", f"own-{stem}")})
    text = site.report_html(sections, bodies, context())
    first, second = (stem for stem, _ in SECTIONS)
    assert re.findall(r'id="fig-([^"]+)"><p>(\w+)', text) == [
        (f"own-{first}", first), ("late", second), (f"own-{second}", second)]


def test_a_sparkline_has_a_gap_where_nothing_is_known():
    assert fragments.sparkline([1, None, 2]) == ""
    line = fragments.sparkline([1, 2, None, 3, 4])
    assert line.count("M") == 2
    assert line.count("L") == 2
    assert "<circle" in line
    assert "<circle" not in fragments.sparkline([1, 2, 3, None])


def test_main_points_come_by_rank_and_six_at_most():
    points = [{"html": f"p{k}", "states": [], "rank": -k} for k in range(8)]
    chosen = digest.main_points([{"main_points": points[:3]}, {"main_points": points[3:]}])
    assert [point["html"] for point in chosen] == ["p7", "p6", "p5", "p4", "p3", "p2"]


def test_what_is_due_is_told_once_in_order_of_days():
    rows = [{"on": "2016-10-01", "iso3": "CUB", "what": "b"}, {"on": "2016-07-30", "iso3": "SOM", "what": "a"}]
    due = digest.due_next([{"falls_due": rows}, {"falls_due": rows[:1]}], context())
    assert [(row["on"], row["name"], row["days"]) for row in due] == [("2016-07-30", "Somalia", 30),
                                                                     ("2016-10-01", "Cuba", 93)]


@pytest.mark.parametrize(("cell", "shown"), [
    (None, '<span class="blank">–</span>'), (float("nan"), '<span class="blank">–</span>'),
    (pd.NaT, '<span class="blank">–</span>'), (pd.NA, '<span class="blank">–</span>'),
    (True, "yes"), (False, "no"), (6.51, "6.51"), (7335, '<data value="7335">7,335</data>'),
    (125000, '<data value="125000">125,000</data>'), (-3, '<data value="-3">−3</data>'),
    (pd.Timestamp("2016-04-06"), '<time datetime="2016-04-06">6 April 2016</time>'),
    ("2016-04-06", '<time datetime="2016-04-06">6 April 2016</time>'),
    ("2016-13-06", "2016-13-06"), ("a < b", "a &lt; b"),
    ("legislation_in_development", "legislation_<wbr>in_<wbr>development"),
    ("short_id", "short_id"), (("x",), "(&#x27;x&#x27;,)"),
])
def test_cells(cell, shown):
    assert html_tables.cell_html(cell) == shown


def test_a_year_has_no_separator():
    html = fragments.table(pd.DataFrame({"state": ["Cuba"], "year": [2016.0], "covers_year": [2015]}), "t", "c")
    assert "<td class=\"number\">2016</td><td class=\"number\">2015</td>" in html


@pytest.mark.parametrize(("cell", "shown"), [
    ("0–7", '<span dir="ltr">0–7</span>'), ("≥ 4", '<span dir="ltr">≥ 4</span>'), ("المادة 3", "المادة 3"),
    (-3, '<data value="-3">\u200e−3</data>'), (-1.2, '<data value="-1.2">\u200e−1.2</data>'), (12, "12"),
])
def test_figures_read_the_same_from_right_to_left(cell, shown):
    assert html_tables.cell_html(cell, Language("ar")) == shown


def test_what_stays_english_is_marked_wherever_it_stands():
    english = Said("All <States> joined")
    english.lang = "en"
    arabic = Language("ar")
    made = [
        fragments.chart("c", SVG, english, english, quoted("UN Treaty Collection", arabic), english, [{"n": 1}], labels=arabic),
        fragments.figure("f", english, "1", note=english, labels=arabic),
        fragments.note(english, "en"), fragments.questions([("a", english)], "en"),
        fragments.finding(fragments.escape(english), "f-01-1", lang="en", labels=arabic),
    ]
    for html in made:
        page = Page(html)
        marked = [attrs for _, attrs in page.elements if attrs.get("lang") == "en"]
        assert marked
        assert all(attrs.get("dir") == "ltr" for attrs in marked if "aria-label" not in attrs)
    assert '<span lang="en" dir="ltr">UN Treaty Collection</span>' in made[0]
    assert fragments.note("نص") == '<div class="note" role="note"><p>نص</p></div>'


def test_cells_in_the_words_of_a_source_say_so_and_translations_do_not():
    arabic = Language("ar", {"ar": {"LBN": "لبنان"}})
    row = {"state": "لبنان", "publisher": "Mine Action Review", "value": "about 9", "on": "2016-05-01", "row": "a:1"}
    html = fragments.table(pd.DataFrame([row]), "t", "المساحات", labels=arabic, quoted=["value"])
    assert re.findall('<span lang="en" dir="ltr">(.*?)</span>', html) == ["Mine Action Review", "about 9", "a:1"]
    html = html_tables.plain_table([{**row, "kind": "عددان"}], "Records", arabic)
    assert re.findall('<span lang="en" dir="ltr">(.*?)</span>', html) == ["Mine Action Review", "about 9", "a:1"]
    assert 'lang="en"' not in fragments.table(pd.DataFrame([row]), "t", "Areas", quoted=["value"])


def test_lines_of_the_index_know_their_language(stage):
    sections = [{"stem": "01_universalization", "title": "t", "figures": [],
                 "findings": [{"id": "f-01-1", "text": "Cuba joined.", "states": ["CUB"], "lang": "en"}]}]
    html = site.index_html(sections, context(labels=Language("ar")))
    assert html.count('lang="en" dir="ltr">Cuba joined.</a>') == 2


def test_a_translated_report_says_at_its_head_that_no_one_reviewed_it():
    arabic = Language("ar")
    said = f'<p class="period" role="note">{arabic.notice}</p>'
    assert said in site.index_html([], context(labels=arabic))
    assert said in page_of("<p>x</p>", labels=arabic)
    assert 'class="period" role="note"' not in page_of("<p>x</p>")


@pytest.mark.parametrize(("cell", "written"), [
    ("=1+1", "'=1+1"), ("@x", "'@x"), ("+4 since", "'+4 since"), ("\t=1", "'\t=1"), ("-5", "-5"),
    ("-5+A1", "'-5+A1"), (None, ""), (4.0, 4), (4.5, 4.5),
    (pd.Timestamp("2016-04-06 10:00"), "2016-04-06T10:00:00"),
])
def test_csv_cells_are_no_formulas(cell, written):
    assert csvs.guarded(cell) == written


def test_csv_of_a_frame_and_its_link():
    frame = pd.DataFrame({"a": ["Côte d'Ivoire"], "b": [["x", "y"]]})
    assert csvs.csv_text(frame) == "a,b\nCôte d'Ivoire,x;y\n"
    assert csvs.csv_text(frame, ["b"]) == "b\nx;y\n"
    assert 'href="data:text/csv;charset=utf-8,%EF%BB%BF%22%C3%B4%0A"' in fragments.csv_link("a.csv", '"ô\n')


def test_a_long_table_is_cut_in_the_page_and_whole_in_its_csv():
    frame = pd.DataFrame({"state": "Cuba", "title": [f"Workshop {k} on reporting" for k in range(10_000)], "source": "A page",
                          "row": [f"activities.xlsx:Activities:{k}" for k in range(10_000)]})
    for html in (fragments.table(frame, "t", "Caption"), fragments.figure("t", "Meetings", "10,000", rows=frame)):
        assert len(html) < 400_000
        assert html.count("<tr") == 301
        assert "The first 300 of 10,000 rows are shown; the CSV has all." in html
        packed = base64.b64decode(re.search(r'href="data:application/zip;base64,([^"]+)"', html)[1])
        with zipfile.ZipFile(io.BytesIO(packed)) as opened:
            assert len(pd.read_csv(opened.open("t.csv"), encoding="utf-8-sig")) == 10_000
    assert "are shown" not in fragments.table(frame.head(300), "t", "Caption")


def test_a_table_says_what_is_missing():
    frame = pd.DataFrame({"state": ["Cuba"]})
    with pytest.raises(ValueError, match="caption is empty"):
        fragments.table(frame, "t", " ")
    with pytest.raises(ValueError, match="no column area; there are state"):
        fragments.table(frame, "t", "Caption", columns={"area": "Area"})


def test_long_tables_can_be_sorted_and_groups_keep_their_order():
    frame = pd.DataFrame({"state": [f"S{k}" for k in range(12)], "group": ["a", "b"] * 6, "n": 1})
    assert 'class="table sortable"' in fragments.table(frame, "t", "Caption")
    grouped = fragments.table(frame, "t", "Caption", groups="group")
    assert re.findall(r'scope="rowgroup" colspan="2">([^<]+)<', grouped) == ["a", "b"]
    assert "sortable" not in grouped


def test_headings_and_groups_of_tables_are_text():
    frame = pd.DataFrame({"state": ["Cuba"], "group": [EVIL], "n": [1]})
    html = fragments.table(frame, "t", "Caption", groups="group", columns={"state": EVIL, "n": EVIL})
    assert {tag for tag, _ in Page(html).elements}.isdisjoint({"script", "img"})


def test_a_picture_is_cut_down_to_the_plot():
    cut = fragments.inline(SVG, "what it shows")
    assert "Title" not in cut
    assert "plot-" not in cut
    assert cut.startswith('<svg width="96" height="27" viewBox="0 10 72 20" role="img" aria-label="what it shows">')
    assert 'viewBox="0 0 72 40"' in fragments.inline(SVG.replace("plot-10-30", "other"), "what")


def test_marks_of_a_picture_are_drawn_by_reference_within_the_page():
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"><defs>'
           '<path id="c-i1"/></defs><use xlink:href="#c-i1"/></svg>')
    html = fragments.both(svg, svg.replace("c-i1", "c-n-i1"), "alt")
    assert re.findall(r'href="#([^"]+)"', html) == re.findall(r' id="([^"]+)"', html) == ["c-i1", "c-n-i1"]
    assert "xmlns" not in html


def test_numbers_in_a_publishers_words_are_written_as_all_others():
    said = {"approximately 8470": "approximately 8,470", "790000 (one donor)": "790,000 (one donor)"}
    said |= {text: text for text in ("2015 (89th)", "2010–2014", "1,234 to 12345.5", "a.csv:S:4371")}
    assert {text: html_tables.cell_html(text) for text in said} == said


def test_what_gives_a_notebook_its_look_in_jupyterlab_is_not_in_its_page():
    html = exporter.to_html(notebook(({"text/html": f"{look.in_lab()}<p>6MSP: 12 September</p>"}, {})), "01_x", context())
    assert "jp-OutputArea" not in html
    assert "6MSP: 12 September" not in html


def test_a_passage_of_a_state_ends_before_the_long_list_unless_another_sentence_follows():
    names = ", ".join(fragments.state(name * 3, iso3) for iso3, name in STATES.items())
    more = f" The sources leave it open for {fragments.state('Chad', 'TCD')}."
    for tail, shown in ((".", "So many States Parties did so"), (f".{more}", "So many States Parties did so: CubaCubaCuba, ")):
        html = f"So many States Parties did so: {names}{tail}"
        entry = {"id": "f", "states": ["CUB"], "html": html, "text": unescape(re.sub("<[^>]+>", "", html)) + " " * 90}
        (line,) = digest.passages([{"stem": "s", "title": "S", "findings": [entry]}])["CUB"]["S"]
        assert line["text"].startswith(shown)
        assert (line["text"] == shown) == (tail == ".")


def test_notes_stand_in_one_box_at_the_end_each_once_and_in_the_contents():
    notes = [fragments.note("Said twice."), fragments.note("Said twice."), fragments.note("Nothing.", kind="no-rows")]
    html = page_of(*notes, "<p>after</p>")
    box = html.split('<section class="notes-box"><h2 id="01-notes">Notes')[1].split("</section>")[0]
    assert re.findall("<p>(.*?)</p>", box) == ["Said twice.", "Nothing."]
    assert html.count("Said twice.") == 1
    assert html.index("<p>after</p>") < html.index("notes-box\"")
    assert '<a href="#01-notes">Notes</a>' in html
    book = notebook(({"text/html": notes[0]}, {}), extra=[nbformat.v4.new_markdown_cell("## Only notes")])
    body = exporter.to_body(book, "01_universalization", context())
    assert "Only notes" not in body["html"]
    assert '<section class="notes-box"><h3 id="01-notes">' in body["html"]
    assert "notes-box" not in page_of("<p>x</p>").split("</style>")[1]


def test_short_texts():
    assert fragments.questions([]) == ""
    assert fragments.falls_due([]) == ""
    assert fragments.tile("1", "label").startswith("<div")


def test_a_page_becomes_a_pdf_with_page_numbers(stage, tmp_path):
    path = pdf.to_pdf(stage / "01_universalization.html", tmp_path / "a.pdf")
    reader = pypdf.PdfReader(path)
    text = reader.pages[0].extract_text()
    assert "Universalization" in text
    assert f"1 / {len(reader.pages)}" in text
    assert [round(float(v)) for v in reader.pages[0].mediabox[2:]] == [595, 842]
    assert path.read_bytes() == pdf.to_pdf(stage / "01_universalization.html",
                                           tmp_path / "b.pdf").read_bytes()


def test_without_pango_the_message_says_what_to_install(monkeypatch):
    import builtins

    real = builtins.__import__
    for error, word in ((ImportError("x"), "pip install weasyprint"), (OSError("x"), "Pango")):
        def missing(name, *rest, error=error, **kw):
            if name == "weasyprint":
                raise error
            return real(name, *rest, **kw)
        monkeypatch.setattr(builtins, "__import__", missing)
        with pytest.raises(pdf.PdfUnavailableError, match=word):
            pdf.to_pdf("a.html", "a.pdf")
        monkeypatch.setattr(builtins, "__import__", real)


def test_a_page_says_to_which_day_the_record_reaches_and_first_of_all_where_the_period_ends_later():
    within = exporter.to_html(notebook(), "01_universalization", context(known_to=pd.Timestamp(2025, 3, 6)))
    assert "reaches 6 March 2025" in within.split("<footer")[1]
    assert 'class="beyond"' not in within
    beyond = exporter.to_html(notebook(), "01_universalization", context(known_to=pd.Timestamp(2016, 3, 6)))
    assert "reaches 6 March 2016" in beyond.split("<main")[0]


def test_a_page_without_a_report_around_it_leads_to_no_other_page():
    html = exporter.to_html(notebook(*[({"text/html": part}, {}) for part in everything()]), "compare", context(sections=()))
    assert "index.html" not in html
    assert '<nav class="sections"' not in html
    assert '<form class="find"' in html
