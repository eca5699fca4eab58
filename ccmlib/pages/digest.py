"""What the sections' facts add up to: figures as CSV, tiles, and what is said of each State."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ccmlib.language.languages import sorting_key
from ccmlib.pages.blocks import tile
from ccmlib.pages.context import PageContext
from ccmlib.pages.csvs import csv_text
from ccmlib.pages.tables import number_text, signed

#: Columns of figures.csv, which others read by name.
FIGURE_COLUMNS = ("figure_id", "section", "label", "value", "unit", "states", "rows", "tables")
#: A mention on the index is cut at a word after so many characters.
MENTION_LENGTH = 120


def figures_csv(sections: Sequence[Mapping[str, Any]]) -> str:
    """
    Write the figures of all sections as CSV.

    Parameters
    ----------
    sections
        Sections' facts.

    Returns
    -------
    str
        One line for each figure, in the order of the report.
    """
    rows = [{"section": section.get("section", section["stem"]), **entry}
            for section, entry in own_figures(sections)]
    return csv_text(rows, FIGURE_COLUMNS)


def own_figures(
    sections: Sequence[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """
    List each figure once, with the section that computed it.

    Parameters
    ----------
    sections
        Sections' facts.

    Returns
    -------
    list of tuple
        Section and figure, in the order of the report; the first section that has it counts.
    """
    found: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for section in sections:
        for entry in section.get("figures", ()):
            found.setdefault(entry["figure_id"], (section, entry))
    return list(found.values())


def tiles(sections: Sequence[Mapping[str, Any]], context: PageContext,
          one_file: bool = False) -> list[str]:
    """
    Make the tiles of the figures that sections put forward.

    Parameters
    ----------
    sections
        Sections' facts.
    context
        Facts about the report.
    one_file
        Whether sections are parts of the page.

    Returns
    -------
    list of str
        HTML of each tile.
    """
    made = []
    for section, entry in own_figures(sections):
        if not entry.get("tile"):
            continue
        page = "" if one_file else f"{section['stem']}.html"
        change, mood = change_text(entry, context)
        shown = entry.get("shown") or number_or_dash(entry.get("value"))
        made.append(tile(shown, context.labels(entry["label"]), change,
                         f"{page}#fig-{entry['figure_id']}", section["title"], mood))
    return made


def number_or_dash(value: Any) -> str:
    """
    Write a figure's value.

    Parameters
    ----------
    value
        Number, text or None.

    Returns
    -------
    str
        The number for readers, the text itself, or a dash.
    """
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else number_text(value)


def change_text(entry: Mapping[str, Any], context: PageContext) -> tuple[str, str]:
    """
    Say how a figure changed since the period before.

    Parameters
    ----------
    entry
        A figure's facts.
    context
        Facts about the report.

    Returns
    -------
    tuple of str
        Words such as ``+4 since 1RC``, and ``good``, ``bad`` or nothing. A figure that cannot be
        compared has no words.
    """
    now, before = entry.get("value"), entry.get("previous_value")
    if not _is_number(now) or not _is_number(before):
        return "", ""
    since = f"{context.labels('since')} {context.previous}".strip() if context.previous else ""
    difference = now - before
    if not difference:
        return f"{context.labels('no change')} {since}".strip(), ""
    direction = "up" if difference > 0 else "down"
    better = entry.get("better", "")
    mood = "" if not better else "good" if better == direction else "bad"
    return f"{signed(round(difference, 6), context.labels)} {since}".strip(), mood


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def mentions(sections: Sequence[Mapping[str, Any]], context: PageContext,
             one_file: bool = False) -> list[dict[str, Any]]:
    """
    List, State by State, the findings that name it and the figures that count it.

    Parameters
    ----------
    sections
        Sections' facts.
    context
        Facts about the report.
    one_file
        Whether sections are parts of the page.

    Returns
    -------
    list of dict
        ``iso3``, ``name``, ``count`` and ``parts`` (lines by section), by name. Every State that a
        page can link to is there.
    """
    by_state: dict[str, dict[str, list[dict[str, str]]]] = {}
    linked: set[str] = set()
    own: dict[str, list[Mapping[str, Any]]] = {section["stem"]: [] for section in sections}
    for section, entry in own_figures(sections):
        own[section["stem"]].append(entry)
    for section in sections:
        page = "" if one_file else f"{section['stem']}.html"
        for entry in section.get("findings", ()):
            line = {"href": f"{page}#{entry['id']}",
                    "text": shortened(entry["text"], MENTION_LENGTH),
                    "lang": entry.get("lang", "")}
            for iso3 in dict.fromkeys(entry.get("states", ())):
                by_state.setdefault(iso3, {}).setdefault(section["title"], []).append(line)
        told = {(key, iso3) for entry in section.get("findings", ())
                for key in entry.get("figures", ()) for iso3 in entry.get("states", ())}
        for entry in own[section["stem"]]:
            shown = entry.get("shown") or number_or_dash(entry.get("value"))
            line = {"href": f"{page}#fig-{entry['figure_id']}",
                    "text": f"{shown} {entry['label']}", "lang": entry.get("lang", "")}
            for iso3 in entry.get("states", ()):
                if (entry["figure_id"], iso3) not in told:
                    by_state.setdefault(iso3, {}).setdefault(section["title"], []).append(line)
        for kind in ("charts", "tables"):
            for entry in section.get(kind, ()):
                linked.update(entry.get("states", ()))
        linked.update(e["iso3"] for e in section.get("falls_due", ()) if e.get("iso3"))
    codes = sorted({*by_state, *linked}, key=lambda iso3: sorting_key(context.states.get(iso3, iso3), context.locale))
    return [{"iso3": iso3, "name": context.states.get(iso3, iso3),
             "parts": by_state.get(iso3, {}),
             "count": sum(map(len, by_state.get(iso3, {}).values()))} for iso3 in codes]


def shortened(text: str, length: int) -> str:
    """
    Cut a sentence after a whole word.

    Parameters
    ----------
    text
        The sentence.
    length
        Characters to keep at most.

    Returns
    -------
    str
        The sentence, or its beginning and an ellipsis.

    Examples
    --------
    >>> shortened("Four new States Parties bring the total to 100.", 24)
    'Four new States Parties …'
    """
    if len(text) <= length:
        return text
    return text[:length + 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
