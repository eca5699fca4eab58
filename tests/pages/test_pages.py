"""Pages: complete in themselves, safe whatever a cell says, readable by everyone."""

import base64
import hashlib
import re
from itertools import pairwise

import nbformat
import pandas as pd
import pypdf
import pytest
from sample_pages import EVIL, SECTIONS, SVG, Page, context, everything, make_report, notebook

from ccmlib.figures.sentences import Said, quoted
from ccmlib.language.languages import Language
from ccmlib.pages import exporter, fragments, look, pdf, site


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


def test_what_gives_a_notebook_its_look_in_jupyterlab_is_not_in_its_page():
    html = exporter.to_html(notebook(({"text/html": f"{look.in_lab()}<p>6MSP: 12 September</p>"}, {})), "01_x", context())
    assert "jp-OutputArea" not in html
    assert "6MSP: 12 September" not in html


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
