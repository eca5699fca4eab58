"""
The HTML that notebooks show: findings, figures and charts; tables, notes and tiles by other modules.

Every function takes plain text, escapes it and returns a string. Only arguments named ``html``, or
documented as HTML, are put in as they are; they come from functions that this module offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ccmlib.language.languages import Language
from ccmlib.pages.blocks import falls_due, lines, no_rows, note, owed, questions, tile
from ccmlib.pages.csvs import csv_text
from ccmlib.pages.html_tables import MOST_ROWS, action_table, breakable, left_out, plain_table, shown_columns, table
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
from ccmlib.pages.pictures import both

__all__ = [
    "action_table", "chart", "csv_link", "csv_text", "escape", "falls_due", "figure", "figures", "finding",
    "in_its_language", "language_of", "lines", "marked", "no_rows", "note", "number", "owed", "questions", "state", "table",
    "tile",
]


def number(text: str, figure_id: str, title: str = "", page: str = "") -> str:
    """Mark a number in a sentence and lead the reader to what lies behind it.

    Parameters
    ----------
    text
        The number as shown: ``100``, ``Four`` or ``between 3 and 5``.
    figure_id
        Figure that the number is the value of.
    title
        Shown when the pointer rests on it, such as the States counted.
    page
        Page that shows the figure, when it is not this one: ``01_universalization.html``.
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
        Language of the page.
    """
    marks = f' <span class="refs">{_refs(refs, labels)}</span>' if refs else ""
    link = f"{escape(labels('Link to this paragraph'))} {escape(finding_id[2:])}"
    anchor = f'<a class="anchor" href="#{escape(finding_id)}" aria-label="{link}">#</a>'
    return (
        f'<div class="finding-block"{attributes(data_states=" ".join(states))}>'
        f'<p class="finding"{attributes(id=finding_id)}{language_marks(lang)}>{html}{marks} {anchor}</p>'
        f"{_together(figures)}</div>"
    )


def figures(items: Sequence[str], heading: str = "") -> str:
    """Show figures (:func:`figure`) that no finding brings in, under a heading; empty text for none."""
    named = f'<p class="further">{escape(heading)}</p>' if heading and items else ""
    return named + _together(items)


def _together(items: Sequence[str]) -> str:
    return f'<div class="figures">{"".join(items)}</div>' if items else ""


def figure(
    figure_id: str, label: str, value: str, unit: str = "", states: Sequence[tuple[str, str]] = (), rows: Any = (),
    change: str = "", refs: Sequence[str] = (), note: str = "", labels: Language = ENGLISH,
) -> str:
    """Show a figure that unfolds to its States, the records behind it, their sources and a CSV.

    Parameters
    ----------
    figure_id
        Id, unique in the report.
    label
        What is counted: ``States Parties``.
    value
        Value as text: ``100``, ``between 3 and 5``, ``not known``.
    unit
        Unit, where the label does not say it.
    states
        Pairs of name and ISO3.
    rows
        DataFrame or mappings, one for each record behind the figure; the columns ``state``, ``date``, ``source`` and
        ``row`` come first.
    change
        Change against the period before, in words: ``+4 since 1RC``.
    refs
        Paragraphs of the official report.
    note
        A remark, such as the reason why nothing is known.
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
    caption = labels.after_colon(labels("Records behind this figure"), label)
    records, _ = plain_table(rows[:MOST_ROWS], caption, labels)
    download = f'{csv_link(f"{figure_id}.csv", csv_text(rows), labels)} ' if records else ""
    parts = [
        in_its_language(note, "p", class_="remark") if note else "", f'<p class="states">{listed}</p>' if listed else "",
        records, left_out(len(rows), labels),
        f'<p class="downloads">{download}<code>{breakable(figure_id)}</code> {_refs(refs, labels)}</p>',
    ]
    marks = attributes(class_="figure", id=f"fig-{figure_id}", data_figure=figure_id,
                       data_states=" ".join(iso3 for _, iso3 in states))
    return f'<details{marks}>{summary}<div class="behind">{"".join(parts)}</div></details>'


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
        Language of the page.
    said
        The same rows in words for the table, where they differ from those of the CSV.
    narrow
        The same chart laid out for a phone.
    slider
        Of a grid whose data have several years, of which the page lets its reader choose: ``columns`` with the year, row,
        column and kind, the year ``shown`` in the picture, and ``kinds`` with the colour of each.

    Raises
    ------
    ValueError
        If a text is empty: a chart without one cannot be read by everyone.
    """
    for name, text in (("title", title), ("subtitle", subtitle), ("source", source), ("alt", alt)):
        if not str(text).strip():
            raise ValueError(f"chart {chart_id}: {name} is empty; write one sentence")
    caption = labels.after_colon(labels("Data of the chart"), title)
    said = data if said is None else said
    rows, size = plain_table(said, caption, labels, columns)
    below = ""
    grid = attributes(
        data_over=" ".join(str(shown_columns(list(said.columns)).index(name)) for name in slider["columns"]),
        data_kinds="|".join(f"{colour} {kind}" for kind, colour in slider["kinds"].items()),
        data_shown=slider["shown"], data_year=labels("Year")) if slider else ""
    if size:
        link = csv_link(f"{chart_id}.csv", csv_text(data), labels)
        below = (f'<details class="data"><summary>{escape(labels("Data of the chart"))} '
                 f'{in_its_language(title, class_="visually-hidden")}</summary>{rows}'
                 f'<p class="downloads">{link}</p></details>')
    named = marked(source)
    return (
        f'<figure{attributes(class_="chart", id=f"chart-{chart_id}", data_states=" ".join(states))}{grid}>'
        f'<figcaption>{in_its_language(title, "b")} {in_its_language(subtitle, class_="what")}</figcaption>'
        f'<div class="paper">{both(svg, narrow, chart_id, alt)}</div>'
        f'<p class="source">{labels.after_colon(escape(labels("Source")), named)}</p>{below}</figure>'
    )
