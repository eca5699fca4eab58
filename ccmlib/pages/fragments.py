"""
The HTML that notebooks show: findings, figures, charts, notes, tiles; tables by :mod:`ccmlib.pages.html_tables`.

Every function takes plain text, escapes it and returns a string. Only arguments named ``html``, or
documented as HTML, are put in as they are; they come from functions that this module offers.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ccmlib.language.languages import Language
from ccmlib.pages.csvs import csv_text, frame_of
from ccmlib.pages.html_tables import (
    MOST_ROWS,
    action_table,
    breakable,
    cell_html,
    left_out,
    plain_table,
    shown_columns,
    table,
)
from ccmlib.pages.markup import (
    ENGLISH,
    attributes,
    csv_link,
    direction_of,
    escape,
    in_its_language,
    language_marks,
    language_of,
    marked,
    state,
)

__all__ = [
    "action_table", "both", "chart", "csv_link", "csv_text", "escape", "falls_due", "figure", "finding",
    "in_its_language", "language_of", "lines", "marked", "note", "number", "owed", "questions", "sparkline",
    "state", "table", "tile", "together",
]
_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
#: Ids that ccmlib.charts gives to what a page does not show: the texts around a plot and its white ground.
_AROUND = frozenset({"title", "subtitle", "source", "ground"})
#: That of the figure: plot-<top>-<bottom>.
_PLOT = re.compile(r"plot-([\d.]+)-([\d.]+)")


def number(text: str, figure_id: str, title: str = "", page: str = "") -> str:
    """Mark a number in a sentence and lead the reader to its figure, on this page or on ``page``, an HTML file.

    The number is ``text`` as shown: ``100``, ``Four`` or ``between 3 and 5``; ``title`` says what it counts.
    """
    marks = attributes(class_="fig", href=f"{page}#fig-{figure_id}", data_figure=figure_id, title=title)
    return f"<a{marks}>{escape(text)}</a>"


def _refs(refs: Sequence[str], labels: Language) -> str:
    """Show where the official report says it: ``para 3``, ``Table 6`` or ``II Clearance (a)``."""
    return " ".join(f'<span class="ref">{escape(labels.reference(text))}</span>' for text in refs)


def finding(
    html: str, finding_id: str, refs: Sequence[str] = (), figures: Sequence[str] = (), states: Iterable[str] = (),
    lang: str = "", labels: Language = ENGLISH,
) -> str:
    """Show one finding and, under it, the figures that it brings in.

    Parameters
    ----------
    html, finding_id
        The sentence, as HTML made of :func:`escape`, :func:`number` and :func:`state`; its anchor, such as ``f-01-3``.
    refs, states
        Paragraphs of the official report that say the same; ISO3 codes that it is about, named or counted.
    figures
        HTML of the figures (:func:`figure`) to unfold below the sentence.
    lang, labels
        Language of the sentence, when it differs from the page's, and that of the page.
    """
    marks = f' <span class="refs">{_refs(refs, labels)}</span>' if refs else ""
    link = f"{escape(labels('Link to this paragraph'))} {escape(finding_id[2:])}"
    anchor = f'<a class="anchor" href="#{escape(finding_id)}" aria-label="{link}">#</a>'
    return (f'<div class="finding-block"{attributes(data_states=" ".join(states))}>'
            f'<p class="finding"{attributes(id=finding_id)}{language_marks(lang)}>{html}{marks} {anchor}</p>'
            f"{together(figures)}</div>")


def together(items: Sequence[str], heading: str = "") -> str:
    """Show figures (:func:`figure`), perhaps under a heading; empty text for none."""
    named = f'<p class="further">{escape(heading)}</p>' if heading else ""
    return f'{named}<div class="figures">{"".join(items)}</div>' if items else ""


def figure(
    figure_id: str, label: str, value: str, unit: str = "", states: Sequence[tuple[str, str]] = (), rows: Any = (),
    change: str = "", refs: Sequence[str] = (), note: str = "", labels: Language = ENGLISH,
) -> str:
    """Show a figure that unfolds to its States, the records behind it, their sources and a CSV.

    Parameters
    ----------
    figure_id, label, value, unit
        Id, unique in the report; what is counted: ``States Parties``; the number in words: ``100``, ``between 3 and 5``,
        ``not known``; unit, where the label does not say it.
    states, rows
        Pairs of name and ISO3; DataFrame or mappings, one for each record behind the figure.
    change, refs, note
        Change against the period before, in words: ``+4 since 1RC``; paragraphs of the official report; a remark.
    labels
        Language of the page.
    """
    changed = f' <span class="change {direction_of(change)}">{escape(change)}</span>' if change else ""
    # "100 States States Parties" says it twice.
    said_already = unit == "States" or unit.casefold() in label.casefold()
    of_unit = "" if said_already else f' <span class="unit">{escape(unit)}</span>'
    summary = (f'<summary><b class="value"{attributes(data_figure=figure_id)}>{escape(value)}</b>{of_unit} '
               f'{in_its_language(label, class_="label")}{changed}</summary>')
    listed = labels.commas(state(*pair) for pair in states)
    rows = frame_of(rows)
    records = plain_table(rows[:MOST_ROWS], labels.after_colon(labels("Records behind this figure"), label), labels)
    download = f'{csv_link(f"{figure_id}.csv", csv_text(rows), labels)} ' if records else ""
    behind = [
        in_its_language(note, "p", class_="remark") if note else "", f'<p class="states">{listed}</p>' if listed else "",
        records, left_out(len(rows), labels),
        f'<p class="downloads">{download}<code>{breakable(figure_id)}</code> {_refs(refs, labels)}</p>',
    ]
    marks = attributes(class_="figure", id=f"fig-{figure_id}", data_figure=figure_id,
                       data_states=" ".join(iso3 for _, iso3 in states))
    return f'<details{marks}>{summary}<div class="behind">{"".join(behind)}</div></details>'


def chart(
    chart_id: str, svg: str, title: str, subtitle: str, source: str, alt: str, data: Any,
    columns: Mapping[str, str] | None = None, states: Iterable[str] = (), labels: Language = ENGLISH, said: Any = None,
    narrow: str = "", slider: Mapping[str, Any] | None = None,
) -> str:
    """Show a chart with its description, its data as a table and the data as CSV.

    Parameters
    ----------
    chart_id
        Id, unique in the report.
    svg, narrow
        Text of the SVG file, in which title, subtitle and source are drawn; and of the same laid out for a phone.
    title, subtitle, source, alt
        What the chart finds; what, when and unit; where the data come from; a description that states the finding.
    data, said, columns
        DataFrame or mappings of the plotted values; the same in words, for the table; headings of its columns.
    states, labels
        ISO3 codes of the States in the chart; language of the page.
    slider
        Of a grid whose data have several years, of which the page lets its reader choose: ``columns`` with the year, row,
        column and kind, the year ``shown`` in the picture, and ``kinds`` with the colour of each.
    """
    said = data if said is None else said
    rows = plain_table(said, labels.after_colon(labels("Data of the chart"), title), labels, columns)
    grid = attributes(
        data_over=" ".join(str(shown_columns(list(said.columns)).index(name)) for name in slider["columns"]),
        data_kinds="|".join(f"{colour} {kind}" for kind, colour in slider["kinds"].items()),
        data_shown=slider["shown"], data_year=labels("Year")) if slider else ""
    below = (f'<details class="data"><summary>{escape(labels("Data of the chart"))} '
             f'{in_its_language(title, class_="visually-hidden")}</summary>{rows}'
             f'<p class="downloads">{csv_link(f"{chart_id}.csv", csv_text(data), labels)}</p></details>') if rows else ""
    return (f'<figure{attributes(class_="chart", id=f"chart-{chart_id}", data_states=" ".join(states))}{grid}>'
            f'<figcaption>{in_its_language(title, "b")} {in_its_language(subtitle, class_="what")}</figcaption>'
            f'<div class="paper">{both(svg, narrow, alt)}</div>'
            f'<p class="source">{labels.after_colon(escape(labels("Source")), marked(source))}</p>{below}</figure>')


def inline(svg: str, alt: str, kind: str = "") -> str:
    """Make a chart's SVG, whose ids begin with its name, an element of a page, so that a reader can point at its marks.

    It is cut down to its plot: title, subtitle and source, with which the file can travel alone, are text around it here.
    """
    root = ET.fromstring(svg)
    width, bottom = (float(size) for size in root.get("viewBox").split()[2:])
    top = 0.0
    for parent in list(root.iter(f"{{{_SVG}}}g")):
        if found := _PLOT.fullmatch(parent.get("id", "")):
            top, bottom = map(float, found.groups())
            del parent.attrib["id"]  # of other charts of the page it may be the same
        for child in [child for child in parent if child.get("id") in _AROUND]:
            parent.remove(child)
    for node in root.iter():
        node.tag = node.tag.removeprefix(f"{{{_SVG}}}")
        if _HREF in node.attrib:
            node.set("href", node.attrib.pop(_HREF))
    root.attrib.pop("version", "")
    height = bottom - top
    root.attrib |= {"viewBox": f"0 {top:g} {width:g} {height:g}", "role": "img", "aria-label": str(alt),
                    "width": f"{width * 4 / 3:.0f}", "height": f"{height * 4 / 3:.0f}"}
    root.attrib |= {key: value for key, value in {"class": kind, "lang": language_of(alt)}.items() if value}
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def both(svg: str, narrow: str, alt: str) -> str:
    """Make a chart an element of a page, and, where there is one, its layout for phones."""
    return inline(svg, alt, "wide-chart") + inline(narrow, alt, "narrow-chart") if narrow else inline(svg, alt)


def note(text: str, lang: str = "", kind: str = "note") -> str:
    """Show a remark (``no-rows``: what the sources do not tell); the page gathers those of a section in a box at its end."""
    return f'<div class="{kind}" role="note"><p{language_marks(lang)}>{escape(text)}</p></div>'


def questions(items: Sequence[tuple[str, str]], lang: str = "") -> str:
    """List the questions for discussion, lettered (a), (b), ..."""
    texts = "".join(f"<li>{escape(text)}</li>" for _, text in items)
    return f'<ol class="questions" type="a"{language_marks(lang)}>{texts}</ol>' if items else ""


def owed(text: str, late: bool = False, lang: str = "") -> str:
    """Show what a State owes now in one line; in the colour of lateness where it is late for certain."""
    return f'<p class="owed{" late" if late else ""}"{language_marks(lang)}>{escape(text)}</p>'


def lines(rows: Sequence[Mapping[str, Any]], labels: Language = ENGLISH, timeline: bool = False) -> str:
    """List lines of a State's card (see :mod:`ccmlib.pages.state_cards`); empty text for none."""
    tag, kind = ("ol", "timeline") if timeline else ("ul", "lines")
    items = []
    for row in rows:
        on = row.get("on", "")
        day = f"<time{attributes(datetime=on)}>{escape(labels.value(on))}</time> " if on else ""
        text = f"<span{language_marks(row.get('lang', ''))}>{escape(row['text'])}</span>"
        marks = attributes(class_=row.get("kind"), data_figure=row.get("figure_id"), title=row.get("source"))
        items.append(f"<li{marks}>{day}{text}</li>")
    return f'<{tag} class="{kind}">{"".join(items)}</{tag}>' if items else ""


def falls_due(rows: Sequence[Mapping[str, Any]], labels: Language = ENGLISH) -> str:
    """List what falls due next: ``on``, ``name``, ``what``, and perhaps ``iso3`` and ``days`` to go."""
    items = []
    for row in rows:
        who = state(row["name"], row["iso3"]) if row.get("iso3") else escape(row.get("name", ""))
        days = row.get("days")
        left = "" if days is None else (
            f' <span class="days">{labels.number(days)} {escape(labels.plural("day", "days", days))}</span>')
        items.append(f'<li><span class="on">{cell_html(row["on"], labels)}</span> <span class="who">{who}</span> '
                     f'{in_its_language(row["what"], class_="what")}{left}</li>')
    return f'<div class="falls-due"><ul>{"".join(items)}</ul></div>' if items else ""


def tile(
    value: str, label: str, change: str = "", href: str = "", figure_id: str = "", mood: str = "", picture: str = ""
) -> str:
    """Show one figure at a glance."""
    name = "a" if href else "div"
    size = "value in-words" if any(map(str.isalpha, value)) else "value"
    changed = f'<span class="change {direction_of(change)} {escape(mood)}">{escape(change)}</span>' if change else ""
    return (f'<{name}{attributes(class_="tile", href=href)}>'
            f'<b{attributes(class_=size, data_figure=figure_id)}>{escape(value)}</b>'
            f'{in_its_language(label, class_="label")}{picture}{changed}</{name}>')


def sparkline(values: Sequence[float | None], width: int = 120, height: int = 26) -> str:
    """Draw a series as a line without axes; the tile beside it says its last value, so it is hidden from screen readers."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1
    step = (width - 6) / (len(values) - 1)
    points = [None if value is None else f"{3 + k * step:.1f} {height - 4 - (height - 8) * (value - low) / span:.1f}"
              for k, value in enumerate(values)]
    path = "".join(f"{'L' if k and points[k - 1] else 'M'}{point}" for k, point in enumerate(points) if point)
    end = "<circle cx=\"{}\" cy=\"{}\" r=\"2.5\"/>".format(*points[-1].split()) if points[-1] else ""
    return (f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
            f'<path d="{path}"/>{end}</svg>')
