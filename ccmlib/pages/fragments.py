"""
The HTML that notebooks show: findings, figures and charts; tables, notes and tiles by other modules.

Every function takes plain text, escapes it and returns a string. Only arguments named ``html``, or
documented as HTML, are put in as they are; they come from functions that this module offers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ccmlib.pages.blocks import falls_due, no_rows, note, questions, tile, warning
from ccmlib.pages.csvs import csv_text
from ccmlib.pages.markup import (
    after_colon,
    attributes,
    csv_link,
    direction_of,
    escape,
    isolated,
    language_marks,
    language_of,
    state,
)
from ccmlib.pages.pictures import plot_only, svg_size, svg_uri
from ccmlib.pages.tables import action_table, plain_table, table

__all__ = [
    "action_table", "chart", "csv_link", "csv_text", "escape", "falls_due", "figure", "figures",
    "finding", "isolated", "language_of", "no_rows", "note", "number", "questions", "ref", "state", "state_list",
    "table", "tile", "warning",
]

Labels = Callable[[str], str]


def number(text: str, figure_id: str, title: str = "", page: str = "") -> str:
    """
    Mark a number in a sentence and lead the reader to what lies behind it.

    Parameters
    ----------
    text
        The number as shown: ``100`` or ``Four``.
    figure_id
        Figure that the number is the value of.
    title
        Shown when the pointer rests on it, such as the States counted.
    page
        Page that shows the figure, when it is not this one: ``01_universalization.html``.

    Returns
    -------
    str
        A link.
    """
    target = f"{page}#fig-{figure_id}"
    marks = attributes(class_="fig", href=target, data_figure=figure_id, title=title)
    return f"<a{marks}>{escape(text)}</a>"


def state_list(states: Sequence[tuple[str, str]], and_: str = "and") -> str:
    """
    Write a list of States as in a sentence.

    Parameters
    ----------
    states
        Pairs of name and ISO3, in the order in which to print them.
    and_
        Word before the last one.

    Returns
    -------
    str
        ``A, B and C``, each a link; empty text for no State.
    """
    links = [state(name, iso3) for name, iso3 in states]
    if len(links) < 2:
        return "".join(links)
    return f"{', '.join(links[:-1])} {escape(and_)} {links[-1]}"


def ref(text: str) -> str:
    """
    Show where the official report says it.

    Parameters
    ----------
    text
        ``para 3``, ``Table 6`` or ``II Clearance (a)``.

    Returns
    -------
    str
        A small mark.
    """
    return f'<span class="ref">{escape(text)}</span>'


def finding(
    html: str,
    finding_id: str,
    refs: Sequence[str] = (),
    figures: Sequence[str] = (),
    states: Iterable[str] = (),
    lang: str = "",
    labels: Labels = str,
) -> str:
    """
    Show one finding and, under it, the figures that it brings in.

    Parameters
    ----------
    html
        The sentence, as HTML made of :func:`escape`, :func:`number` and :func:`state`.
    finding_id
        Anchor, such as ``f-01-3``.
    refs
        Paragraphs of the official report that say the same.
    figures
        HTML of the figures (:func:`figure`) to unfold below the sentence.
    states
        ISO3 codes that the finding is about, named or counted.
    lang
        Language of the sentence, when it differs from the page's.
    labels
        Translates fixed words.

    Returns
    -------
    str
        A block that "find my State" keeps or hides as one.
    """
    marks = "".join(f" {ref(text)}" for text in refs)
    marks = f' <span class="refs">{marks.strip()}</span>' if marks else ""
    anchor = (
        f' <a class="anchor" href="#{escape(finding_id)}" '
        f'aria-label="{escape(labels("Link to this paragraph"))} {escape(finding_id[2:])}">#</a>'
    )
    behind = _figures(figures)
    return (
        f'<div class="finding-block"{attributes(data_states=" ".join(states))}>'
        f'<p class="finding"{attributes(id=finding_id)}{language_marks(lang)}>{html}{marks}{anchor}</p>'
        f"{behind}</div>"
    )


def figures(items: Sequence[str], heading: str = "") -> str:
    """
    Show figures that no finding brings in.

    Parameters
    ----------
    items
        HTML of figures, from :func:`figure`.
    heading
        What they are called.

    Returns
    -------
    str
        One block; empty text for none.
    """
    named = f'<p class="further">{escape(heading)}</p>' if heading and items else ""
    return named + _figures(items)


def _figures(items: Sequence[str]) -> str:
    return f'<div class="figures">{"".join(items)}</div>' if items else ""


def figure(
    figure_id: str,
    label: str,
    value: str,
    unit: str = "",
    states: Sequence[tuple[str, str]] = (),
    rows: Any = (),
    change: str = "",
    refs: Sequence[str] = (),
    note: str = "",
    csv_columns: Sequence[str] | None = None,
    labels: Labels = str,
) -> str:
    """
    Show a figure that unfolds to its States, the rows behind it, their sources and a CSV.

    Parameters
    ----------
    figure_id
        Id, unique in the report.
    label
        What is counted: ``States Parties``.
    value
        Value as text: ``100``, ``29 %``, ``not itemised``.
    unit
        Unit, where the label does not say it.
    states
        Pairs of name and ISO3.
    rows
        DataFrame or mappings, one for each row behind the figure; the columns ``state``, ``date``,
        ``source`` and ``row`` come first.
    change
        Change against the period before, in words: ``+4 since 1RC``.
    refs
        Paragraphs of the official report.
    note
        A remark, such as the reason why there are no rows.
    csv_columns
        Columns of the CSV; all by default.
    labels
        Translates fixed words.

    Returns
    -------
    str
        A ``details`` element.
    """
    direction = direction_of(change)
    changed = f' <span class="change {direction}">{escape(change)}</span>' if change else ""
    # "100 States States Parties" says it twice.
    said_already = unit == "States" or unit.casefold() in label.casefold()
    of_unit = "" if said_already else f' <span class="unit">{escape(unit)}</span>'
    summary = (
        f'<summary><b class="value">{escape(value)}</b>{of_unit} '
        f'<span class="label"{language_marks(language_of(label))}>{escape(label)}</span>{changed}</summary>'
    )
    parts = []
    if note:
        parts.append(f'<p class="remark"{language_marks(language_of(note))}>{escape(note)}</p>')
    if states:
        parts.append(f'<p class="states">{", ".join(state(*pair) for pair in states)}</p>')
    rows_html, size = plain_table(rows, after_colon(labels("Rows behind this figure"), label, labels), labels)
    parts.append(rows_html)
    said = "".join(f" {ref(text)}" for text in refs)
    downloads = csv_link(f"{figure_id}.csv", csv_text(rows, csv_columns), labels) if size else ""
    foot = " ".join(filter(None, [downloads, said.strip()]))
    parts.append(f'<p class="downloads">{foot}</p>' if foot else "")
    codes = " ".join(iso3 for _, iso3 in states)
    marks = attributes(
        class_="figure", id=f"fig-{figure_id}", data_figure=figure_id, data_states=codes
    )
    return f'<details{marks}>{summary}<div class="behind">{"".join(parts)}</div></details>'


def chart(
    chart_id: str,
    svg: str,
    title: str,
    subtitle: str,
    source: str,
    alt: str,
    data: Any,
    columns: Mapping[str, str] | None = None,
    states: Iterable[str] = (),
    labels: Labels = str,
    said: Any = None,
) -> str:
    """
    Show a chart with its description, its data as a table and the data as CSV.

    Parameters
    ----------
    chart_id
        Id, unique in the report.
    svg
        Text of the SVG file; title, subtitle and source are drawn in it.
    title, subtitle, source
        What the chart finds; what, when and unit; where the data come from.
    alt
        Description that states the finding.
    data
        DataFrame or mappings of the plotted values.
    columns
        Headings of the data's columns.
    states
        ISO3 codes of the States in the chart.
    labels
        Translates fixed words.
    said
        The same rows in words for the table, where they differ from those of the CSV.

    Returns
    -------
    str
        A ``figure`` element.

    Raises
    ------
    ValueError
        If a text is empty: a chart without one cannot be read by everyone.
    """
    for name, text in (
        ("title", title), ("subtitle", subtitle), ("source", source), ("alt", alt)
    ):
        if not str(text).strip():
            raise ValueError(f"chart {chart_id}: {name} is empty; write one sentence")
    rows, size = plain_table(
        data if said is None else said, after_colon(labels("Data of the chart"), title, labels), labels, columns)
    below = ""
    if size:
        link = csv_link(f"{chart_id}.csv", csv_text(data), labels)
        below = (
            f'<details class="data"><summary>{escape(labels("Data of the chart"))} '
            f'<span class="visually-hidden"{language_marks(language_of(title))}>{escape(title)}</span></summary>'
            f'{rows}<p class="downloads">{link}</p></details>'
        )
    picture = plot_only(svg)
    width, height = svg_size(picture)
    image = (
        f'<div class="paper"><img src="{svg_uri(picture)}" alt="{escape(alt)}"{attributes(lang=language_of(alt))} '
        f'width="{width}" height="{height}"></div>'
    )
    marks = attributes(
        class_="chart", id=f"chart-{chart_id}", data_states=" ".join(states)
    )
    caption = (
        f'<b{language_marks(language_of(title))}>{escape(title)}</b> '
        f'<span class="what"{language_marks(language_of(subtitle))}>{escape(subtitle)}</span>'
    )
    # Publishers are named as they call themselves, in English.
    foreign = language_of(source) or ("" if getattr(labels, "code", "en") == "en" or hasattr(source, "lang") else "en")
    named = f"<span{language_marks(foreign)}>{escape(source)}</span>" if foreign else escape(source)
    origin = f'<p class="source">{after_colon(escape(labels("Source")), named, labels)}</p>'
    return f"<figure{marks}><figcaption>{caption}</figcaption>{image}{origin}{below}</figure>"
