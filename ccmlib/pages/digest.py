"""What the sections' facts add up to: figures as CSV, main points, what is due next, tiles, passages by State."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import unescape
from typing import Any

from ccmlib.language.languages import BOUNDS
from ccmlib.pages.blocks import sparkline, tile
from ccmlib.pages.context import PageContext, is_last
from ccmlib.pages.csvs import csv_text
from ccmlib.pages.markup import escape

Section = Mapping[str, Any]
_LIST, _TAG = re.compile(r'\s*[:：(]\s*<a class="state"'), re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"[.。؟][\s)]*\S")

#: Columns of figures.csv, which others read by name.
FIGURE_COLUMNS = ("figure_id", "section", "label", "value", "lower", "last_word", "upper", "known_to", "unit", "states",
                  "rows", "tables")
#: A passage is cut at a word after so many characters.
PASSAGE_LENGTH = 120
MAIN_POINTS, TILES, DUE_NEXT = 6, 7, 5
#: Days in a year, and points of a sparkline.
YEAR, POINTS = timedelta(days=365.25), 24


def figures_csv(sections: Sequence[Section]) -> str:
    """Write the figures of all sections as CSV, one line for each, in the order of the report."""
    rows = [{"section": section.get("section", section["stem"]), **entry} for section, entry in own_figures(sections)]
    return csv_text(rows, FIGURE_COLUMNS)


def own_figures(sections: Sequence[Section]) -> list[tuple[Section, Mapping[str, Any]]]:
    """List each figure once, with the section that puts it forward as a tile, that of its theme, or the first that has it."""
    found: dict[str, tuple[Section, Mapping[str, Any]]] = {}
    rank: dict[str, tuple[bool, bool]] = {}
    for section in sections:
        for entry in section.get("figures", ()):
            key = entry["figure_id"]
            own = bool(entry.get("tile")), entry.get("theme", "") == section.get("section")
            if key not in found or own > rank[key]:
                found[key], rank[key] = (section, entry), own
    return list(found.values())


def main_points(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Choose what a reader must know of the period: at most six points."""
    points = [point for section in sections for point in section.get("main_points", ())]
    if points:
        return sorted(points, key=lambda point: point.get("rank", 0))[:MAIN_POINTS]
    changed = {entry["figure_id"] for _, entry in own_figures(sections)
               if entry.get("previous_value") not in (None, entry.get("value"))}
    lead = sections[0] if sections else {}
    return [{"html": entry.get("html") or escape(entry["text"]), "states": entry.get("states", ()),
             "lang": entry.get("lang", "")}
            for entry in lead.get("findings", ()) if changed & set(entry.get("figures", ()))][:MAIN_POINTS]


def due_next(sections: Sequence[Section], context: PageContext) -> list[dict[str, Any]]:
    """List what falls due after the period, by day, each once: ``on``, ``iso3``, ``name``, ``what`` and ``days``."""
    found = {(row["on"], row.get("iso3", ""), row["what"]) for section in sections
             for row in section.get("falls_due", ())}
    return [{"on": on, "iso3": iso3, "name": context.states.get(iso3, iso3), "what": context.labels(what),
             "days": (date.fromisoformat(on) - context.period.end.date()).days}
            for on, iso3, what in sorted(found)]


def tiles(sections: Sequence[Section], context: PageContext, one_file: bool = False) -> tuple[list[str], list[str]]:
    """Make the tiles: the first figure that each section puts forward, seven at most, no two with one label."""
    made: dict[str, str] = {}
    unknown: list[str] = []
    say, seen = context.labels, set()
    order = {section["stem"]: at for at, section in enumerate(sections)}
    for section, entry in sorted(own_figures(sections), key=lambda pair: (order[pair[0]["stem"]], pair[1].get("tile", 0))):
        label = say(entry["label"])
        if not entry.get("tile") or section["stem"] in seen or label in made or is_last(say.original(section["title"])):
            continue
        shown = say.said(*_told(entry))
        if shown == say("not known"):
            unknown.append(label)
            continue
        seen.add(section["stem"])
        page, key = "" if one_file else f"{section['stem']}.html", entry["figure_id"]
        change, mood = change_text(entry, context)
        line = _line(entry, context.period.end.date())
        made[label] = tile(shown, label, change, f"{page}#fig-{key}", key, mood, line)
    return list(made.values())[:TILES], unknown


def _told(entry: Mapping[str, Any]) -> list[Any]:
    """Give what a tile says of a figure: of two numbers without an end, the last word tells more than the least."""
    bounds = {name: entry.get(name) for name in BOUNDS}
    if bounds["upper"] is None and (bounds["last_word"] or 0) > (bounds["lower"] or 0):
        bounds["lower"] = None
    return list(bounds.values())


def _line(entry: Mapping[str, Any], end: date) -> str:
    """Draw the history of a figure at equal distances, to the last day."""
    history = _history(entry)
    if not history:
        return ""
    first = min(history)
    told = [_on(history, first + (end - first) * k / (POINTS - 1)) for k in range(POINTS)]
    return sparkline(told) if 2 * sum(number is not None for number in told) > POINTS else ""  # mostly unknown: no line


def _history(entry: Mapping[str, Any]) -> dict[date, float | None]:
    return {date.fromisoformat(day): value for day, value in entry.get("history", ())}


def _on(history: Mapping[date, float | None], day: date) -> float | None:
    """Give the number on a day: that of the last day told before it."""
    before = [told for told in history if told <= day]
    return history[max(before)] if before else None


def change_text(entry: Mapping[str, Any], context: PageContext) -> tuple[str, str]:
    """Say how a figure changed over the year, where its history tells; periods are of unequal length and not compared.

    Returns
    -------
    tuple of str
        Words such as ``+4 in a year``, and ``good``, ``bad`` or nothing. A figure that cannot be compared has no words.
    """
    now, say = entry.get("value"), context.labels
    before, words = _on(_history(entry), (context.period.end - YEAR).date()), say("{change} in a year")
    if not _is_number(now) or not _is_number(before):
        return "", ""
    difference = round(now - before, 6)
    if not difference:
        return words.format(change=say("no change")), ""
    better = entry.get("better", "")
    mood = "" if not better else "good" if (better == "up") == (difference > 0) else "bad"
    return words.format(change=say.change(difference)), mood


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def passages(sections: Sequence[Section], one_file: bool = False) -> dict[str, dict[str, list[dict[str, str]]]]:
    """List, State by State, the findings that name it, each where it is told last; figures that merely count it are left out.

    Returns
    -------
    dict
        ISO3 → title of the section → lines. Every State that a page can link to is there.
    """
    by_state: dict[str, dict[str, list[dict[str, str]]]] = {}
    told_last = {entry["text"]: section["stem"] for section in sections for entry in section.get("findings", ())}
    for section in sections:
        page = "" if one_file else f"{section['stem']}.html"
        for entry in section.get("findings", ()):
            line = {"href": f"{page}#{entry['id']}", "text": in_short(entry, PASSAGE_LENGTH),
                    "lang": entry.get("lang", "")}
            for iso3 in dict.fromkeys(entry.get("states", ())):
                by_state.setdefault(iso3, {})
                if told_last[entry["text"]] == section["stem"]:
                    by_state[iso3].setdefault(section["title"], []).append(line)
        for kind in ("figures", "charts", "tables"):
            for entry in section.get(kind, ()):
                for iso3 in entry.get("states", ()):
                    by_state.setdefault(iso3, {})
        for entry in section.get("falls_due", ()):
            by_state.setdefault(entry["iso3"], {})
    by_state.pop("", None)
    return by_state


def in_short(entry: Mapping[str, Any], length: int) -> str:
    """Say a finding in so many characters: without the list of States with which it ends, or else cut."""
    html, text = entry.get("html", ""), entry["text"]
    found = _LIST.search(html) if len(text) > length else None
    if found and not _SENTENCE.search(_TAG.sub("", html[found.start():])):  # another sentence may speak of other States
        text = unescape(_TAG.sub("", html[:found.start()]))
    return shortened(text, length)


def shortened(text: str, length: int) -> str:
    """Cut a sentence after a whole word.

    Examples
    --------
    >>> shortened("Four new States Parties bring the total to 100.", 24)
    'Four new States Parties …'
    """
    if len(text) <= length:
        return text
    return text[:length + 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
