"""What the sections' facts add up to: figures as CSV, main points, what is due next, tiles, passages by State."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import unescape
from typing import Any

from ccmlib.language.languages import BOUNDS
from ccmlib.pages.context import PageContext, is_last
from ccmlib.pages.csvs import csv_text
from ccmlib.pages.fragments import sparkline, tile

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
    found: dict[str, list[tuple[Section, Mapping[str, Any]]]] = {}
    for section in sections:
        for entry in section.get("figures", ()):
            found.setdefault(entry["figure_id"], []).append((section, entry))
    return [max(pairs, key=lambda pair: (bool(pair[1].get("tile")), pair[1].get("theme", "") == pair[0].get("section")))
            for pairs in found.values()]


def main_points(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """Choose what a reader must know of the period: at most six points."""
    points = [point for section in sections for point in section.get("main_points", ())]
    return sorted(points, key=lambda point: point.get("rank", 0))[:MAIN_POINTS]


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
        label, stem = say(entry["label"]), section["stem"]
        if not entry.get("tile") or stem in seen or label in made or is_last(say.original(section["title"])):
            continue
        bounds = {name: entry.get(name) for name in BOUNDS}
        if bounds["upper"] is None and (bounds["last_word"] or 0) > (bounds["lower"] or 0):
            bounds["lower"] = None  # of two numbers without an end, the last word tells more than the least
        shown = say.said(*bounds.values())
        if shown == say("not known"):
            unknown.append(label)
            continue
        seen.add(stem)
        change, mood = change_text(entry, context)
        page, key = "" if one_file else f"{stem}.html", entry["figure_id"]
        line = _line(entry, context.period.end.date())
        made[label] = tile(shown, label, change, f"{page}#fig-{key}", key, mood, line)
    return list(made.values())[:TILES], unknown


def _line(entry: Mapping[str, Any], end: date) -> str:
    """Draw the history of a figure at equal distances, to the last day; nothing where most of it is unknown."""
    history = entry.get("history")
    if not history:
        return ""
    first = date.fromisoformat(history[0][0])
    told = [_on(entry, first + (end - first) * k / (POINTS - 1)) for k in range(POINTS)]
    return sparkline(told) if 2 * sum(number is not None for number in told) > POINTS else ""


def _on(entry: Mapping[str, Any], day: date) -> float | None:
    """Give the number of a figure on a day: that of the last day told before it."""
    return next((value for told, value in reversed(entry.get("history", ())) if date.fromisoformat(told) <= day), None)


def change_text(entry: Mapping[str, Any], context: PageContext) -> tuple[str, str]:
    """Say how a figure changed over the year, where its history tells; periods are of unequal length and not compared.

    It gives words such as ``+4 in a year``, and ``good``, ``bad`` or nothing.
    """
    now, say = entry.get("value"), context.labels
    before, words = _on(entry, (context.period.end - YEAR).date()), say("{change} in a year")
    if type(now) not in (int, float) or before is None:
        return "", ""
    difference = round(now - before, 6)
    if not difference:
        return words.format(change=say("no change")), ""
    better = entry.get("better", "")
    mood = "" if not better else "good" if (better == "up") == (difference > 0) else "bad"
    return words.format(change=say.change(difference)), mood


def passages(sections: Sequence[Section], one_file: bool = False) -> dict[str, dict[str, list[dict[str, str]]]]:
    """List, State by State, the findings that name it, each where it is told last; figures that merely count it are left out.

    Lines are given by ISO3 and title of the section. Every State that a page can link to is there.
    """
    by_state: dict[str, dict[str, list[dict[str, str]]]] = {}
    told_last = {entry["text"]: section["stem"] for section in sections for entry in section.get("findings", ())}
    for section in sections:
        page = "" if one_file else f"{section['stem']}.html"
        for entry in section.get("findings", ()):
            line = {"href": f"{page}#{entry['id']}", "text": in_short(entry, PASSAGE_LENGTH),
                    "lang": entry.get("lang", "")}
            for iso3 in dict.fromkeys(entry.get("states", ())):
                lines = by_state.setdefault(iso3, {})
                if told_last[entry["text"]] == section["stem"]:
                    lines.setdefault(section["title"], []).append(line)
        for entry in (entry for kind in ("figures", "charts", "tables", "falls_due") for entry in section.get(kind, ())):
            for iso3 in entry.get("states", [entry.get("iso3", "")]):
                by_state.setdefault(iso3, {})
    by_state.pop("", None)
    return by_state


def in_short(entry: Mapping[str, Any], length: int) -> str:
    """Say a finding in so many characters: without the list of States with which it ends, or else cut after a whole word."""
    html, text = entry.get("html", ""), entry["text"]
    found = _LIST.search(html) if len(text) > length else None
    if found and not _SENTENCE.search(_TAG.sub("", html[found.start():])):  # another sentence may speak of other States
        text = unescape(_TAG.sub("", html[:found.start()]))
    return text if len(text) <= length else text[:length + 1].rsplit(" ", 1)[0].rstrip(",;:") + " …"
