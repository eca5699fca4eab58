"""
Notebooks as pages: nbconvert's environment with the report's own template folder.

The templates are in ``templates/report``: ``index.html.j2`` makes a page of one notebook,
``body.html.j2`` its cells alone, for the file that holds all sections.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters.html import HTMLExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ccmlib.language.languages import Language, capital
from ccmlib.language.messages import cut
from ccmlib.pages.context import PageContext
from ccmlib.pages.look import asset
from ccmlib.pages.markup import ENGLISH
from ccmlib.pages.state_cards import find_list

_TAG = re.compile(r"<[^>]+>")
#: Quotes in text are escaped, so that only real attributes can match.
_LINK_TO_PAGE = re.compile(r'href="(index|\d\d_\w+)\.html(#[^"]*)?"')
_NOTE = re.compile(r'<div class="(?:note|no-rows)"')
#: A heading, and paragraphs that lead to nothing, right before the next heading or the end, with the level of each.
_PARAGRAPHS = r'(?:<p>(?:(?!</p).)*</p>\s*)*'
_BARE_HEADING = re.compile(
    rf'<div class="prose"><h([2-6]) (?:(?!</h).)*</h\1>\s*{_PARAGRAPHS}</div>\s*'
    rf'(?:<div class="prose">\s*{_PARAGRAPHS}</div>\s*|<div class="shown">\s*</div>\s*)*'
    r'(?=<div class="prose"><h([2-6]) |<div class="shown"><p class="further"|<section class="notes-box">|\Z)', re.DOTALL)


@cache
def environment() -> Environment:
    """Make nbconvert's environment of templates, once in a process."""
    exporter = HTMLExporter(template_name="report", extra_template_basedirs=[str(Path(__file__).with_name("templates"))])
    exporter.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))
    digest = base64.b64encode(hashlib.sha256(asset("report.js").encode()).digest()).decode()
    exporter.environment.globals.update(css=asset("report.css"), js=asset("report.js"), js_sha256=digest)
    return exporter.environment


class PageCells(IPythonRenderer):
    """The cells of one notebook as they become HTML, with the headings and the notes found on the way.

    Anchors begin with ``prefix``, so that they are unique in the whole report. In the one file headings are lowered by
    a level; a page that is sent alone has no other page to lead to.
    """

    def __init__(self, stem: str, labels: Language = ENGLISH, one_file: bool = False, alone: bool = False) -> None:
        super().__init__(escape=False, allow_harmful_protocols=False)
        self.prefix, self.labels, self.one_file, self.alone = prefix_of(stem), labels, one_file, alone
        self.contents: list[dict[str, Any]] = []
        self.notes: list[str] = []

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Write a heading with its anchor, and list it."""
        plain = unescape(_TAG.sub("", text)).strip()
        slug = "-".join(re.findall(r"\w+", plain.lower())) or "part"
        base = anchor = f"{self.prefix}-{slug}"
        taken, k, level = {entry["id"] for entry in self.contents}, 2, max(level, 2)
        while anchor in taken:
            anchor, k = f"{base}-{k}", k + 1
        if level <= 3:
            self.contents.append({"level": level, "id": anchor, "text": plain})
        shown = min(level + self.one_file, 6)
        link = f'<a class="anchor" href="#{anchor}" aria-label="# {escape(plain)}">#</a>'
        return f'<h{shown} id="{anchor}">{text} {link}</h{shown}>\n'

    def prose(self, source: str) -> str:
        """Show a text cell, in which authors may write HTML."""
        return self._linked(str(MarkdownWithMath(renderer=self).render(translated(source, self.labels))).strip())

    def prose_of_data(self, source: str) -> str:
        """Show Markdown that code wrote, in which HTML is text."""
        renderer = IPythonRenderer(escape=True, allow_harmful_protocols=False)
        renderer.heading = self.heading
        return str(MarkdownWithMath(renderer=renderer).render(source)).strip()

    def shown(self, html: str) -> str:
        """Show what a cell displays, but not its look in JupyterLab; a note waits for the box at the end of the page."""
        if _NOTE.match(html):
            self.notes.append(html)
        return "" if html.startswith("<style>") or _NOTE.match(html) else self._linked(html)

    def _linked(self, html: str) -> str:
        return _LINK_TO_PAGE.sub('href="#main"', html) if self.alone else in_one_file(html) if self.one_file else html

    def without_empty_parts(self, html: str) -> str:
        """Leave out headings under which nothing is left, here and in the contents."""
        while (shorter := _BARE_HEADING.sub(lambda h: h[0] if h[2] and h[2] > h[1] else "", html)) != html:
            html = shorter
        self.contents = [entry for entry in self.contents if f'id="{entry["id"]}"' in html]
        return html

    def notes_box(self) -> str:
        """Gather the notes of the page under one heading, each once."""
        box = "".join(dict.fromkeys(self.notes))
        heading = self.heading(escape(self.labels("Notes")), 2).strip() if box else ""
        return box and f'<section class="notes-box">{heading}{box}</section>'

    def image(self, output: Any, kind: str, number: int) -> str:
        """Show an image that a cell gave with a description; without one not everyone could read it."""
        alt = str(output.metadata.get(kind, {}).get("alt", "")).strip()
        if not alt:
            raise ValueError(f"cell {number} shows an image without a description: show it with the section's chart(), "
                             "which asks for one")
        data = output.data[kind] if kind != "image/svg+xml" else base64.b64encode(output.data[kind].encode()).decode()
        return (f'<figure class="chart"><div class="paper"><img src="data:{kind};base64,{"".join(data.split())}" '
                f'alt="{escape(alt)}"></div></figure>')

    def convert(self, template: str, notebook: Any, **values: Any) -> str:
        """Fill a template with the cells."""
        told = dict.fromkeys(("include_code", "include_input", "include_output", "include_markdown"), True)
        made = environment().get_template(template).render(
            nb=notebook, cells_as=self, _=self.labels, resources={"global_content_filter": told}, **values)
        return made.lstrip("\r\n")


def in_one_file(html: str) -> str:
    """Let links to other pages lead to parts of the one file that holds them all."""
    return _LINK_TO_PAGE.sub(
        lambda link: f'href="{link[2] or "#" + ("main" if link[1] == "index" else part_of(link[1]))}"', html)


def translated(source: str, labels: Language) -> str:
    """Translate a text cell block by block; what has no translation stays English and says so."""
    if labels.code == "en":
        return source
    return "\n\n".join(_block(*block, labels) for block in cut(source))


def _block(marks: str, text: str, labels: Language) -> str:
    if labels.has(text):
        return marks + labels(text)
    return f'{marks}<span lang="en" dir="ltr">{text}</span>' if marks else f'<div lang="en" dir="ltr">\n\n{text}\n\n</div>'


def page_facts(context: PageContext, stem: str, title: str, subtitle: str = "", one_file: bool = False) -> dict[str, Any]:
    """Gather what the templates say on every page."""
    period, say = context.period, context.labels
    meeting = say.commas(filter(None, (say(period.meeting), say(getattr(period, "place", "")))))
    home = "#main" if one_file else "index.html"
    places = [("index", say("At a glance"), home)]
    places += [(other, short, f"#{part_of(other)}" if one_file else f"{other}.html") for other, _, short in context.in_order()]
    return {
        "home": home, "title": title, "subtitle": subtitle, "period": period.name, "meeting": capital(meeting),
        "dates": context.dates, "navigation": [dict(zip(("stem", "title", "href"), place, strict=True)) for place in places],
        "stem": stem, "states": find_list(context), "reach": context.reach,
        "beyond": context.known_to is not None and period.end > context.known_to,
    }


def part_of(stem: str) -> str:
    """Return the anchor of a section in the file that holds all of them, such as ``part-01``."""
    return f"part-{prefix_of(stem)}"


def prefix_of(stem: str) -> str:
    """Return what the anchors of a notebook begin with: its number, or the stem itself when it has none."""
    return stem[:2] if stem[:2].isdigit() else stem


def split_title(notebook: Any, stem: str) -> tuple[str, str, Any]:
    """Take title and subtitle, the paragraph after it, off a notebook, because the page shows them in its header."""
    titled = [cell for cell in notebook.cells if cell.cell_type == "markdown" and cell.source.lstrip().startswith("# ")]
    if len(titled) != 1:
        raise ValueError(f"{stem}: {len(titled)} Markdown cells start with '# Title'; a page has one")
    head, _, rest = titled[0].source.strip().partition("\n")
    subtitle, _, others = rest.strip().partition("\n\n")
    cells = [type(cell)({**cell, "source": others.strip()}) if cell is titled[0] else cell for cell in notebook.cells]
    return head[2:].strip(), " ".join(subtitle.split()), type(notebook)({**notebook, "cells": cells})


def _english(text: str, labels: Language) -> str:
    """Name the language of a title or subtitle where it is not that of the page."""
    return "" if labels.has(text) else "en"


def to_html(notebook: Any, stem: str, context: PageContext) -> str:
    """Make the page of one executed notebook, which needs nothing else; ``stem`` is that of its file."""
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    # The page of one State bears its name; like a comparison, it is sent alone and has no other page to lead to.
    state = context.states.get(parameters.get("state", ""), "")
    alone = bool(state) or not context.sections
    page = page_facts(context, stem, say.after_colon(say(title), state) if state else say(title), say(subtitle))
    page |= {"title_lang": _english(title, say), "subtitle_lang": _english(subtitle, say)}
    if alone:
        page |= {"navigation": [], "home": "#main", "states": [] if state else page["states"]}
    page["made_with"] = context.made_with(parameters)
    return PageCells(stem, say, alone=alone).convert("index.html.j2", rest, page=page, with_code=context.code)


def to_body(notebook: Any, stem: str, context: PageContext) -> dict[str, Any]:
    """Make the part of one executed notebook in the file that holds all sections, as plain data for JSON."""
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    cells = PageCells(stem, say, one_file=True)
    html = cells.convert("body.html.j2", rest, with_code=context.code)
    return {"stem": stem, "title": say(title), "subtitle": say(subtitle), "subtitle_lang": _english(subtitle, say),
            "contents": cells.contents, "html": html}
