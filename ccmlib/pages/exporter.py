"""
Notebooks as pages: one nbconvert exporter with the report's own template folder.

The templates are in ``templates/report``: ``index.html.j2`` makes a page of one notebook,
``body.html.j2`` its cells alone, for the file that holds all sections.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ccmlib.language.languages import Language, capital
from ccmlib.pages.context import PageContext
from ccmlib.pages.look import asset
from ccmlib.pages.markup import ENGLISH
from ccmlib.pages.state_cards import find_list
from ccmlib.pages.translate import language_of, markdown

FOLDER = Path(__file__).resolve().parent
#: Heading of the box at the end of a page.
NOTES = "Notes"
#: Cells that a report never shows.
HIDDEN_TAGS = frozenset({"parameters", "injected-parameters", "hide"})
_TAG = re.compile(r"<[^>]+>")
_LINK_TO_PAGE = re.compile(r'href="(index|\d\d_\w+)\.html(#?)')
#: What gives outputs their look in JupyterLab; a page has it already.
_STYLE = "<style>"
_NOTE = re.compile(r'<div class="(?:note|no-rows)"')
#: A heading, and paragraphs that lead to nothing, right before the next heading or the end, with the level of each.
_PARAGRAPHS = r'(?:<p>(?:(?!</p).)*</p>\s*)*'
_BARE_HEADING = re.compile(
    rf'<div class="prose"><h([2-6]) (?:(?!</h).)*</h\1>\s*{_PARAGRAPHS}</div>\s*'
    rf'(?:<div class="prose">\s*{_PARAGRAPHS}</div>\s*|<div class="shown">\s*</div>\s*)*'
    r'(?=<div class="prose"><h([2-6]) |<div class="shown"><p class="further"|\Z)', re.DOTALL)
_LINK_TO_OTHER = re.compile(r'href="(?:index|\d\d_\w+)\.html[^"]*"')


class Headings(IPythonRenderer):
    """Render Markdown with anchored headings, and list them.

    Parameters
    ----------
    prefix
        Begins each anchor, so that anchors are unique in the whole report.
    shift
        By how many levels headings are lowered.
    contents
        List to which each heading of the first two levels below the title is added.
    raw
        Whether HTML in the text is let through; only for text that authors wrote.
    """

    def __init__(self, prefix: str, shift: int, contents: list[dict[str, Any]], raw: bool) -> None:
        super().__init__(escape=not raw, allow_harmful_protocols=False)
        self._prefix, self._shift, self._contents = prefix, shift, contents

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """Write a heading with its anchor."""
        plain = unescape(_TAG.sub("", text)).strip()
        anchor = self._anchor(plain)
        level = max(level, 2)
        if level <= 3:
            self._contents.append({"level": level, "id": anchor, "text": plain})
        shown = min(level + self._shift, 6)
        link = f'<a class="anchor" href="#{anchor}" aria-label="# {escape(plain)}">#</a>'
        return f'<h{shown} id="{anchor}">{text} {link}</h{shown}>\n'

    def _anchor(self, text: str) -> str:
        slug = "-".join(re.findall(r"\w+", text.lower())) or "part"
        taken = {entry["id"] for entry in self._contents}
        anchor, k = f"{self._prefix}-{slug}", 2
        while anchor in taken:
            anchor, k = f"{self._prefix}-{slug}-{k}", k + 1
        return anchor


class ReportExporter(HTMLExporter):
    """nbconvert's HTML exporter with the report's template and stricter rules on what is shown.

    Unlike its parent it does not parse the finished page again: the templates write what is
    needed, and the page is made in a tenth of the time.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(
            template_name="report", extra_template_basedirs=[str(FOLDER / "templates")], template_file="index.html.j2", **kw
        )
        self.job = _Job("00", 0)
        for name in ("prose", "prose_of_data", "shown", "is_hidden", "described_image", "without_empty_parts"):
            self.register_filter(name, lambda *given, name=name: getattr(self.job, name)(*given))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Convert a notebook; the result of the template is the result."""
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)


class _Job:
    """What one conversion knows: its anchors, its heading level, where links lead, and the notes it gathered."""

    def __init__(
        self, prefix: str, shift: int, one_file: bool = False, alone: bool = False, labels: Language = ENGLISH
    ) -> None:
        self.prefix, self.shift, self.one_file, self.alone = prefix, shift, one_file, alone
        self.contents: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.cell = 0
        self.labels = labels

    def prose(self, source: str) -> str:
        renderer = Headings(self.prefix, self.shift, self.contents, raw=True)
        html = MarkdownWithMath(renderer=renderer).render(markdown(source, self.labels))
        return self.on_this_page(str(html).strip())

    def prose_of_data(self, source: str) -> str:
        renderer = Headings(self.prefix, self.shift, self.contents, raw=False)
        return str(MarkdownWithMath(renderer=renderer).render(source)).strip()

    def shown(self, html: str) -> str:
        """Show what a cell displays; a note waits for the box at the end of the page."""
        if html.startswith(_STYLE):
            return ""
        if _NOTE.match(html):
            self.notes.append(html)
            return ""
        return self.on_this_page(html)

    def on_this_page(self, html: str) -> str:
        # Quotes in text are escaped, so that only real attributes can match.
        if self.alone:
            return _LINK_TO_OTHER.sub('href="#main"', html)
        return in_one_file(html) if self.one_file else html

    def without_empty_parts(self, html: str) -> str:
        """Leave out headings under which nothing is left, here and in the contents."""
        while (shorter := _BARE_HEADING.sub(lambda h: h[0] if h[2] and h[2] > h[1] else "", html)) != html:
            html = shorter
        self.contents[:] = [entry for entry in self.contents if f'id="{entry["id"]}"' in html]
        return html

    def notes_box(self) -> str:
        """Gather the notes of the page under one heading, each once."""
        if not self.notes:
            return ""
        heading = self.prose(f"## {NOTES}")
        return f'<section class="notes-box">{heading}{"".join(dict.fromkeys(self.notes))}</section>'

    def is_hidden(self, cell: Any) -> bool:
        self.cell += 1
        return bool(HIDDEN_TAGS & set(cell.metadata.get("tags", ())))

    def described_image(self, output: Any, kind: str) -> str:
        alt = str(output.get("metadata", {}).get(kind, {}).get("alt", "")).strip()
        if not alt:
            raise ValueError(
                f"cell {self.cell} shows an image without a description: show it with the section's chart(), which asks for one"
            )
        data = "".join(output.data[kind].split()) if kind != "image/svg+xml" else \
            base64.b64encode(output.data[kind].encode()).decode()
        return (f'<figure class="chart"><div class="paper"><img src="data:{kind};base64,{escape(data)}" '
                f'alt="{escape(alt)}"></div></figure>')


def _to_anchor(link: re.Match[str]) -> str:
    page, sharp = link.groups()
    if sharp:
        return 'href="#'
    return f'href="#{"main" if page == "index" else part_of(page)}'


@cache
def exporter() -> ReportExporter:
    """Return the one exporter of this process; its templates are compiled once."""
    return ReportExporter()


@cache
def policy() -> str:
    """Write the content security policy: nothing from elsewhere, and no script but ours."""
    digest = base64.b64encode(hashlib.sha256(asset("report.js").encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def page_facts(context: PageContext, stem: str, title: str, subtitle: str = "", one_file: bool = False) -> dict[str, Any]:
    """Gather what the templates say on every page."""
    period, say = context.period, context.labels
    meeting = say.commas(filter(None, (say(period.meeting), say(getattr(period, "place", "")))))
    home = "#main" if one_file else "index.html"
    navigation = [{"href": home, "title": say("At a glance"), "stem": "index", "current": stem == "index"}]
    for other, _, short in context.in_order():
        href = f"#{part_of(other)}" if one_file else f"{other}.html"
        navigation.append({"href": href, "title": short, "stem": other, "current": other == stem})
    return {
        "locale": say.code, "dir": say.direction, "policy": policy(), "css": asset("report.css"),
        "js": asset("report.js"), "home": home, "title": title, "subtitle": subtitle,
        "window_title": f"{title} – {say('Progress report')} {period.name}",
        "period": period.name, "meeting": capital(meeting), "dates": context.dates,
        "navigation": navigation, "made_with": [], "states": find_list(context),
        "reach": context.reach, "beyond": context.known_to is not None and period.end > context.known_to,
    }


def part_of(stem: str) -> str:
    """Return the anchor of a section in the file that holds all of them, such as ``part-01``."""
    return f"part-{prefix_of(stem)}"


def prefix_of(stem: str) -> str:
    """Return what the anchors of a notebook begin with: its number, or the stem itself when it has none."""
    return stem[:2] if stem[:2].isdigit() else stem


def split_title(notebook: Any, stem: str) -> tuple[str, str, Any]:
    """Take title and subtitle off a notebook, because the page shows them in its header.

    Returns
    -------
    tuple
        Title, subtitle (the paragraph after the title) and a notebook without them.
    """
    found, cells = None, []
    for k, cell in enumerate(notebook.cells):
        # A heading after a code fence is a comment in code, not a title.
        is_title = cell.cell_type == "markdown" and cell.source.lstrip().startswith("# ")
        if is_title and found:
            raise ValueError(f"{stem}: cell {k + 1} has a second '# Title'; a page has one")
        if is_title:
            head, _, rest = cell.source.strip().partition("\n")
            first, _, others = rest.strip().partition("\n\n")
            if first.startswith(("#", "-", "*", "|", ">", "`")):
                first, others = "", rest
            found = (head[2:].strip(), " ".join(first.split()))
            cell = type(cell)({**cell, "source": others.strip()})
        cells.append(cell)
    if not found:
        raise ValueError(f"{stem}: no Markdown cell starts with '# Title'")
    return *found, type(notebook)({**notebook, "cells": cells})


def _convert(notebook: Any, template: str, job: _Job, resources: Mapping[str, Any]) -> str:
    converter = exporter()
    converter.template_file = template
    converter.job = job
    html, _ = converter.from_notebook_node(notebook, dict(resources))
    return html


def to_html(notebook: Any, stem: str, context: PageContext) -> str:
    """Make the page of one executed notebook, which needs nothing else.

    Parameters
    ----------
    notebook
        Executed notebook.
    stem
        Stem of its file.
    context
        Facts about the report.
    """
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    # The page of one State bears its name; like a comparison, it is sent alone and has no other page to lead to.
    state = context.states.get(parameters.get("state", ""), "")
    alone = bool(state) or not context.sections
    page = page_facts(context, stem, say.after_colon(say(title), state) if state else say(title), say(subtitle))
    page |= {"title_lang": language_of(title, say), "subtitle_lang": language_of(subtitle, say)}
    if alone:
        page |= {"navigation": [], "home": "#main", "states": [] if state else page["states"]}
    page["made_with"] = context.made_with(parameters)
    job = _Job(prefix_of(stem), 0, alone=alone, labels=say)
    # nbconvert copies the resources: a function still leads to what the cells fill.
    resources = {"page": page, "labels": say, "with_code": context.code, "contents": lambda: job.contents,
                 "notes_box": job.notes_box}
    return _convert(rest, "index.html.j2", job, resources)


def to_body(notebook: Any, stem: str, context: PageContext) -> dict[str, Any]:
    """Make the part of one executed notebook in the file that holds all sections.

    Returns
    -------
    dict
        ``stem``, ``title``, ``subtitle``, ``contents`` and ``html``; plain data for JSON.
    """
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    job = _Job(prefix_of(stem), 1, one_file=True, labels=say)
    resources = {"labels": say, "with_code": context.code, "notes_box": job.notes_box}
    html = _convert(rest, "body.html.j2", job, resources)
    return {"stem": stem, "title": say(title), "subtitle": say(subtitle),
            "subtitle_lang": language_of(subtitle, say), "contents": job.contents, "html": html}


def in_one_file(html: str) -> str:
    """Let links to other pages lead to parts of the one file that holds them all."""
    return _LINK_TO_PAGE.sub(_to_anchor, html)
