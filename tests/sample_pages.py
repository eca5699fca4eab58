"""A small report whose every cell tries to break out of the page, and a reader of pages."""

import json
from html.parser import HTMLParser
from types import SimpleNamespace

import nbformat
import pandas as pd

from ccmlib.pages import exporter, fragments, site
from ccmlib.pages.context import PageContext

PERIOD = SimpleNamespace(
    name="6MSP", meeting="Sixth Meeting of States Parties", place="Geneva",
    start=pd.Timestamp("2015-09-12"), end=pd.Timestamp("2016-06-30"),
)
STATES = {"CUB": "Cuba", "CIV": "Côte d'Ivoire", "SOM": "Somalia"}
SECTIONS = [("01_universalization", "Universalization"), ("06_transparency", "Transparency")]
VOID = {"meta", "img", "input", "br", "link", "hr", "wbr"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
SVG = ('<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="40pt" viewBox="0 0 72 40">'
       '<g id="plot-10-30"><g id="title"><text>Title</text></g><g><path d="M 0 0"/></g></g></svg>')


#: A State that owes, with something in every list, and one that owes nothing; Somalia has no card.
CARDS = [
    {"iso3": "CUB", "names": ["Republic of Cuba"], "status": "State Party", "since": "2016-04-06", "late": True,
     "first_line": "Owes its initial report, due on 30 March 2017.",
     "next": [{"on": "2016-10-01", "text": "The Convention enters into force", "kind": "due",
               "figure_id": "not_in_force", "source": "untc_xxvi_6.xlsx"}],
     "obligations": [{"text": EVIL}], "reports": [{"on": "2017-03-30", "text": "Initial report", "kind": "late"}],
     "cooperation": [{"text": "None on record"}], "law": [{"text": "No law on record"}],
     "votes": [{"text": "Voted for"}], "files": [{"href": "../../briefs/6MSP/CUB.html", "text": "Brief"}],
     "timeline": [{"on": "2016-04-06", "text": "Deposit", "kind": "done"}, {"text": "Law (by 30 June 2016)"},
                  {"on": "2017-03-30", "text": "Report", "kind": "late"}]},
    {"iso3": "CIV", "first_line": "Nothing owed.", "status": "State Party", "since": "2012-03-12"},
]


def context(**changes):
    return PageContext(**{"period": PERIOD, "sections": SECTIONS, "states": STATES,
                          "spellings": {"CIV": ["Ivory Coast"], "CUB": ["Republic of Cuba"]}, **changes})


def notebook(*outputs, title="# Universalization\n\nHow many States\nhave joined", extra=()):
    book = nbformat.v4.new_notebook()
    book.metadata["papermill"] = {"parameters": {
        "period": "6MSP", "from_on": "", "processed": "/home/someone/data", "out": "../x"}}
    parameters = nbformat.v4.new_code_cell("period: str = '6MSP'  # parameters cell")
    parameters.metadata["tags"] = ["parameters"]
    injected = nbformat.v4.new_code_cell("period = '6MSP'  # injected cell")
    injected.metadata["tags"] = ["injected-parameters"]
    shown = nbformat.v4.new_code_cell("s.finding('visible code')", execution_count=3)
    shown.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="/home/someone/lib.py: Warning"),
        *(nbformat.v4.new_output("display_data", data=data, metadata=meta)
          for data, meta in outputs),
    ]
    book.cells = [nbformat.v4.new_markdown_cell(title), parameters, injected,
                  nbformat.v4.new_markdown_cell("## Findings\n\nText."),
                  nbformat.v4.new_markdown_cell("## Findings\n\n### Of States"), shown, *extra]
    return book


def everything():
    rows = [{"state": EVIL, "iso3": "CUB", "date": pd.Timestamp("2016-04-06"),
             "source": EVIL, "row": "a.xlsx:S:1"}] * 9
    frame = pd.DataFrame({"state": ["Cuba", EVIL], "iso3": ["CUB", None], "joined_on":
                          pd.to_datetime(["2016-04-06", None]), "area": [12345.5, None]})
    figure = fragments.figure("states_parties", EVIL, "100", states=[("Cuba", "CUB")], rows=rows,
                              change="+4 since 1RC", refs=["para 3"], note=EVIL)
    return [
        fragments.finding(
            f"{fragments.number('Four', 'states_parties', EVIL)} States: "
            f"{fragments.state('Cuba', 'CUB')} and {fragments.state(EVIL, 'SOM')}.", "f-01-1",
            refs=["para 3", EVIL], figures=[figure], states=["CUB", "SOM"]),
        fragments.chart("over_time", SVG, EVIL, EVIL, EVIL, EVIL, [{"state": EVIL, "count": 1}]),
        fragments.table(frame, "joined", EVIL, notes=[{"area": EVIL}, EVIL], iso3="iso3",
                        columns={"state": "State", "joined_on": EVIL, "area": "Area"},
                        units={"area": "km²"}),
        fragments.action_table([{"goals": [EVIL], "action": EVIL,
                                 "state_of_play": [fragments.escape(EVIL)]}], "table_1", EVIL),
        fragments.note(EVIL, kind="no-rows"), fragments.note(EVIL), fragments.note(EVIL, kind="note warning"),
        fragments.questions([("a", EVIL)]), fragments.together([]),
        fragments.falls_due([{"on": "2016-08-27", "name": EVIL, "iso3": "COL", "what": EVIL,
                              "days": 58}]),
        fragments.tile("100", EVIL, "+4 since 1RC", "index.html", "states_parties", "good"),
    ]


def make_report(folder, **changes):
    """Write a small report, with what an attacker might put in every cell."""
    ctx = context(**changes)
    for stem, title in SECTIONS:
        (folder / stem / "charts").mkdir(parents=True)
        (folder / stem / "charts" / f"chart_{stem[:2]}.svg").write_text(SVG)
        html = everything() if stem.startswith("01") else [
            fragments.finding(fragments.number(
                "100", "states_parties", page="01_universalization.html"), "f-06-1")]
        book = notebook(*[({"text/html": part}, {}) for part in html], title=f"# {title}\n\nAll.")
        (folder / f"{stem}.html").write_text(exporter.to_html(book, stem, ctx), encoding="utf-8")
        (folder / stem / "body.json").write_text(json.dumps(exporter.to_body(book, stem, ctx)))
        (folder / stem / "section.json").write_text(json.dumps({
            "stem": stem, "section": title.lower(), "title": title, "subtitle": EVIL,
            "figures": [{"figure_id": "states_parties", "label": "=SUM(A1)", "value": 100,
                         "unit": "States", "states": ["CUB", "SOM"], "rows": ["a.xlsx:S:1"],
                         "tables": ["treaty_actions"], "previous_value": 96, "tile": True,
                         "history": [["2015-06-29", 96], ["2016-06-30", 100]],
                         "better": "up"}],
            "falls_due": [{"on": "2016-10-01", "iso3": "CUB", "what": "The Convention enters into force"}],
            "main_points": [{"html": f'{fragments.state("Cuba", "CUB")} joined; '
                             + fragments.number("100", "states_parties", page="01_universalization.html"),
                             "states": ["CUB"], "rank": 1}],
            "findings": [{"id": f"f-{stem[:2]}-1", "text": f"Cuba joined. {EVIL}",
                          "states": ["CUB"]}],
        }))
    (folder / "state_cards.json").write_text(json.dumps(CARDS))
    site.assemble(folder, ctx, files=["report.pdf"])
    return folder


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
