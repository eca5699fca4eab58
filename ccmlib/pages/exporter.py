"""
Notebooks as pages: one nbconvert exporter with the report's own template folder.

The templates are in ``templates/report``: ``index.html.j2`` makes a page of one notebook,
``body.html.j2`` its cells alone, for the file that holds all sections.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ccmlib.pages.context import PageContext
from ccmlib.pages.pictures import svg_uri
from ccmlib.pages.translate import language_of, markdown

FOLDER = Path(__file__).resolve().parent
#: Cells that a report never shows.
HIDDEN_TAGS = frozenset({"parameters", "injected-parameters", "hide"})
_TAG = re.compile(r"<[^>]+>")
_LINK_TO_PAGE = re.compile(r'href="(index|\d\d_\w+)\.html(#?)')
_LINK_TO_OTHER = re.compile(r'href="(?:index|\d\d_\w+)\.html[^"]*"')


class Headings(IPythonRenderer):
    """
    Render Markdown with anchored headings, and list them.

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
    """
    nbconvert's HTML exporter with the report's template and stricter rules on what is shown.

    Unlike its parent it does not parse the finished page again: the templates write what is
    needed, and the page is made in a tenth of the time.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(
            template_name="report",
            extra_template_basedirs=[str(FOLDER / "templates")],
            template_file="index.html.j2",
            **kw,
        )
        self.job = _Job("00", 0)
        for name in ("prose", "prose_of_data", "on_this_page", "is_hidden"):
            self.register_filter(name, lambda value, name=name: getattr(self.job, name)(value))
        self.register_filter("described_image", lambda o, kind: self.job.described_image(o, kind))
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """Convert a notebook; the result of the template is the result."""
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)


class _Job:
    """What one conversion knows: its anchors, its heading level and where links lead."""

    def __init__(
        self, prefix: str, shift: int, one_file: bool = False, alone: bool = False, labels: Callable[[str], str] = str
    ) -> None:
        self.prefix, self.shift, self.one_file, self.alone = prefix, shift, one_file, alone
        self.contents: list[dict[str, Any]] = []
        self.cell = 0
        self.labels = labels

    def prose(self, source: str) -> str:
        renderer = Headings(self.prefix, self.shift, self.contents, raw=True)
        return self.on_this_page(str(MarkdownWithMath(renderer=renderer).render(markdown(source, self.labels))).strip())

    def prose_of_data(self, source: str) -> str:
        renderer = Headings(self.prefix, self.shift, self.contents, raw=False)
        return str(MarkdownWithMath(renderer=renderer).render(source)).strip()

    def on_this_page(self, html: str) -> str:
        # Quotes in text are escaped, so that only real attributes can match.
        if self.alone:
            return _LINK_TO_OTHER.sub('href="#main"', html)
        return _LINK_TO_PAGE.sub(_to_anchor, html) if self.one_file else html

    def is_hidden(self, cell: Any) -> bool:
        self.cell += 1
        return bool(HIDDEN_TAGS & set(cell.metadata.get("tags", ())))

    def described_image(self, output: Any, kind: str) -> str:
        alt = str(output.get("metadata", {}).get(kind, {}).get("alt", "")).strip()
        if not alt:
            raise ValueError(
                f"cell {self.cell} shows an image without a description: show it with the "
                "section's chart(), which asks for one"
            )
        data = output.data[kind]
        uri = svg_uri(data) if kind == "image/svg+xml" else \
            f"data:{kind};base64,{''.join(data.split())}"
        return (f'<figure class="chart"><div class="paper"><img src="{escape(uri)}" '
                f'alt="{escape(alt)}"></div></figure>')


def _to_anchor(link: re.Match[str]) -> str:
    page, sharp = link.groups()
    if sharp:
        return 'href="#'
    return f'href="#{"main" if page == "index" else part_of(page)}'


@cache
def exporter() -> ReportExporter:
    """
    Return the one exporter of this process; its templates are compiled once.

    Returns
    -------
    ReportExporter
        Ready for use.
    """
    return ReportExporter()


@cache
def stylesheet() -> str:
    """
    Read the stylesheet of all pages.

    Returns
    -------
    str
        CSS.
    """
    return (FOLDER / "report.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """
    Read the script of all pages.

    Returns
    -------
    str
        JavaScript.
    """
    return (FOLDER / "report.js").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """
    Write the content security policy: nothing from elsewhere, and no script but ours.

    Returns
    -------
    str
        Value of the ``Content-Security-Policy`` meta element.
    """
    digest = base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()
    return (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def page_facts(
    context: PageContext, stem: str, title: str, subtitle: str = "", one_file: bool = False
) -> dict[str, Any]:
    """
    Gather what the templates say on every page.

    Parameters
    ----------
    context
        Facts about the report.
    stem
        Stem of the page: ``index``, ``report`` or a notebook's.
    title, subtitle
        Heading of the page and the line below it.
    one_file
        Whether sections are parts of this page and not pages of their own.

    Returns
    -------
    dict
        Values by the names that the templates use.
    """
    period = context.period
    place = f", {context.labels(period.place)}" if getattr(period, "place", "") else ""
    navigation = [{"href": "#main" if one_file else "index.html",
                   "title": context.labels("At a glance"), "current": stem == "index"}]
    for other, name in context.sections:
        href = f"#{part_of(other)}" if one_file else f"{other}.html"
        navigation.append({"href": href, "title": name, "current": other == stem})
    dates = f"{context.date(period.start)} – {context.date(period.end)}"
    return {
        "locale": context.locale, "dir": context.dir, "policy": policy(),
        "css": stylesheet(), "js": script(), "home": "#main" if one_file else "index.html",
        "title": title, "subtitle": subtitle,
        "window_title": f"{title} – {context.labels('Progress report')} {period.name}",
        "period": period.name, "meeting": f"{context.labels(period.meeting)}{place}", "dates": dates,
        "navigation": navigation, "made_with": [],
        "states": sorted(context.states.items(), key=lambda pair: pair[1]),
    }


def part_of(stem: str) -> str:
    """
    Return the anchor of a section in the file that holds all of them.

    Parameters
    ----------
    stem
        Stem of the notebook.

    Returns
    -------
    str
        Anchor such as ``part-01``.
    """
    return f"part-{prefix_of(stem)}"


def prefix_of(stem: str) -> str:
    """
    Return what the anchors of a notebook begin with.

    Parameters
    ----------
    stem
        Stem of the notebook.

    Returns
    -------
    str
        Its number, or the stem itself when it has none.
    """
    return stem[:2] if stem[:2].isdigit() else stem


def split_title(notebook: Any, stem: str) -> tuple[str, str, Any]:
    """
    Take title and subtitle off a notebook, because the page shows them in its header.

    Parameters
    ----------
    notebook
        Notebook whose first Markdown cell starts with ``# Title``.
    stem
        Its stem, for the message.

    Returns
    -------
    tuple
        Title, subtitle (the paragraph after the title) and a notebook without them.

    Raises
    ------
    ValueError
        If no Markdown cell starts with a title, or if there is a second one.
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
    """
    Make the page of one executed notebook.

    Parameters
    ----------
    notebook
        Executed notebook.
    stem
        Stem of its file.
    context
        Facts about the report.

    Returns
    -------
    str
        A page that needs nothing else.
    """
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    # The page of one State bears its name and is sent alone: it has no other page to lead to.
    state = context.states.get(parameters.get("state", ""), "")
    page = page_facts(context, stem, f"{say(title)}: {state}" if state else say(title), say(subtitle))
    page |= {"title_lang": language_of(title, say), "subtitle_lang": language_of(subtitle, say)}
    if state:
        page |= {"navigation": [], "home": "#main", "states": []}
    page["made_with"] = context.made_with(parameters)
    job = _Job(prefix_of(stem), 0, alone=bool(state), labels=context.labels)
    # nbconvert copies the resources: a function still leads to the list that the cells fill.
    resources = {"page": page, "labels": context.labels, "with_code": context.code,
                 "contents": lambda: job.contents}
    return _convert(rest, "index.html.j2", job, resources)


def to_body(notebook: Any, stem: str, context: PageContext) -> dict[str, Any]:
    """
    Make the part of one executed notebook in the file that holds all sections.

    Parameters
    ----------
    notebook
        Executed notebook.
    stem
        Stem of its file.
    context
        Facts about the report.

    Returns
    -------
    dict
        ``stem``, ``title``, ``subtitle``, ``contents`` and ``html``; plain data for JSON.
    """
    title, subtitle, rest = split_title(notebook, stem)
    say = context.labels
    job = _Job(prefix_of(stem), 1, one_file=True, labels=context.labels)
    resources = {"labels": context.labels, "with_code": context.code}
    html = _convert(rest, "body.html.j2", job, resources)
    return {"stem": stem, "title": say(title), "subtitle": say(subtitle),
            "subtitle_lang": language_of(subtitle, say), "contents": job.contents,
            "html": html}
