"""The report as a whole: front page, everything in one file and its charts together."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import pandas as pd

from ccmlib.pages import digest, state_cards
from ccmlib.pages.calendar_file import calendar_link, calendar_text
from ccmlib.pages.context import PageContext, is_last
from ccmlib.pages.exporter import environment, in_one_file, page_facts, part_of
from ccmlib.pages.fragments import both, falls_due

#: Findings of a section that the front page shows, and the characters of each.
CARD_FINDINGS, CARD_LENGTH = 2, 160
#: Files that the front page may link to, and what they are.
FILES = {
    "report.html": "the whole report in one file, for mail", "report.pdf": "the whole report for printing",
    "report.docx": "draft of the official document", "figures.csv": "every figure with its States and records",
    "reconciliation.csv": "published figures against computed ones",
    "manifest.json": "hash of each input and output, to verify this report",
}
_FIGURE = re.compile(r'<details class="figure" id="fig-([^"]+)".*?</details>', re.DOTALL)
_CHART_FILES = frozenset({".svg", ".png", ".csv"})


def assemble(stage: str | Path, context: PageContext, files: Sequence[str] = ()) -> None:
    """Write what belongs to the report as a whole, from ``section.json`` and ``body.json`` in the folder of each section.

    The front page links to those of ``files``, such as ``report.pdf``, too, which are made after this call.
    """
    stage = Path(stage)
    sections = read_sections(stage, context)
    bodies = [json.loads(path.read_text(encoding="utf-8")) for stem, _, _ in context.in_order()
              if (path := stage / stem / "body.json").exists()]
    linked = [name for name in FILES if name in {"report.html", "figures.csv", *files} or (stage / name).exists()]
    made = state_cards.read(stage)
    pages = {"figures.csv": digest.figures_csv(sections), "index.html": index_html(sections, context, linked, made),
             "report.html": report_html(sections, bodies, context, made)}
    for name, text in pages.items():
        (stage / name).write_text(text, encoding="utf-8", newline="")
    copy_charts(stage, [section["stem"] for section in sections])


def read_sections(stage: Path, context: PageContext) -> list[dict[str, Any]]:
    """Read each section's ``section.json`` in the order of the report, with its stem, title and the map to show."""
    found = []
    for stem, title, short in context.in_order():
        path = stage / stem / "section.json"
        if not path.exists():
            continue
        facts = {"stem": stem, "title": title, "short": short, **json.loads(path.read_text(encoding="utf-8"))}
        for entry in facts.get("charts", ()):
            if entry.get("front"):
                svgs = [stage / stem / "charts" / f"{entry['id']}{part}.svg" for part in ("", "-narrow")]
                entry["svg"], entry["narrow"] = (p.read_text(encoding="utf-8") if p.exists() else "" for p in svgs)
        found.append(facts)
    return found


def copy_charts(stage: Path, stems: Sequence[str]) -> None:
    """Bring the charts of all sections together in one folder."""
    target, owner = stage / "charts", {}
    for stem in stems:
        for path in sorted((stage / stem / "charts").glob("*")):
            if path.suffix not in _CHART_FILES or path.stem.endswith("-narrow"):
                continue
            if path.name in owner:
                raise ValueError(f"{stem} and {owner[path.name]} both have a chart {path.name}; "
                                 "a chart's id is unique in the report")
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, target / path.name)
            owner[path.name] = stem


def index_html(sections: Sequence[Mapping[str, Any]], context: PageContext, files: Sequence[str] = (),
               made: Sequence[Mapping[str, Any]] = ()) -> str:
    """Make the front page: main points, what is due, your State, tiles, the map, then the sections and files."""
    parts = [
        {"href": f"{section['stem']}.html", "title": section["title"], "subtitle": section.get("subtitle", ""),
         "findings": [{"href": f"{section['stem']}.html#{entry['id']}", "lang": entry.get("lang", ""),
                       "text": digest.in_short(entry, CARD_LENGTH)}
                      for entry in section.get("findings", ())[:CARD_FINDINGS]]}
        for section in sections]
    listed = [{"href": name, "about": context.labels(FILES[name])} for name in files]
    return _render("overview.html.j2", "index", sections, context, made, parts=parts, files=listed)


def report_html(sections: Sequence[Mapping[str, Any]], bodies: Sequence[Mapping[str, Any]],
                context: PageContext, made: Sequence[Mapping[str, Any]] = ()) -> str:
    """Put the whole report in one file; `bodies` come from :func:`ccmlib.pages.exporter.to_body`."""
    parts, contents = [], []
    owner = {entry["figure_id"]: section["stem"] for section, entry in digest.own_figures(sections)}
    place: dict[str, str] = {}  # in one file each figure unfolds in one place, where all links lead
    for body in bodies:
        for figure_id in _FIGURE.findall(body["html"]):
            place[figure_id] = body["stem"] if owner.get(figure_id) == body["stem"] else place.get(figure_id, body["stem"])
    for body in bodies:
        anchor, stem = part_of(body["stem"]), body["stem"]
        once = _FIGURE.sub(lambda found, stem=stem: found[0] if place[found[1]] == stem else "", body["html"])
        parts.append({**body, "html": once, "anchor": anchor, "about": is_last(context.labels.original(body["title"]))})
        contents.append({"level": 2, "id": anchor, "text": body["title"]})
        contents += [{**entry, "level": 3} for entry in body["contents"] if entry["level"] == 2]
    contents.append({"level": 2, "id": "by-state", "text": context.labels("State by State")})
    return _render("whole.html.j2", "report", sections, context, made, bodies=parts, contents=contents)


def _render(template: str, stem: str, sections: Sequence[Mapping[str, Any]], context: PageContext,
            made: Sequence[Mapping[str, Any]], **values: Any) -> str:
    """Fill the template of the front page, or of the one file, with what opens both."""
    say, one_file = context.labels, "bodies" in values
    title = say.after_colon(say("Progress report"), say(context.period.meeting))
    page = page_facts(context, stem, title if context.period.meeting else say("Progress report"),
                      f"{say('Reporting period')} {context.dates}", one_file)
    tiles, unknown = digest.tiles(sections, context, one_file)
    due = digest.due_next(sections, context)
    front = {
        "points": digest.main_points(sections), "tiles": tiles, "unknown": unknown,
        "due": falls_due(due[:digest.DUE_NEXT], say), "due_later": falls_due(due[digest.DUE_NEXT:], say),
        "due_later_count": max(0, len(due) - digest.DUE_NEXT), "calendar": _calendar(due, context),
        "states": state_cards.of_report(context, made, digest.passages(sections, one_file)),
        "maps": [] if one_file else [
            {**entry, "picture": both(entry["svg"], entry["narrow"], entry["alt"])}
            for section in sections for entry in section.get("charts", ()) if entry.get("svg")],
    }
    if one_file:
        there = {"index", *(body["stem"] for body in values["bodies"])}
        page["navigation"] = [entry for entry in page["navigation"] if entry["stem"] in there]
        front |= {name: in_one_file(front[name]) for name in ("due", "due_later")}
        front["points"] = [{**point, "html": in_one_file(point["html"])} for point in front["points"]]
    return environment().get_template(template).render(_=say, day=say.value, page=page, **front, **values).lstrip()


def _calendar(due: Sequence[Mapping[str, Any]], context: PageContext) -> str:
    if not due:
        return ""
    name = context.labels("Convention on Cluster Munitions")
    events = pd.DataFrame({
        "on": [pd.Timestamp(row["on"]) for row in due],
        "key": [f"{row['iso3']}-{row['on']}-{crc32(row['what'].encode()):x}" for row in due],
        "what": [f"{row['name']}: {row['what']}" for row in due], "description": [row["what"] for row in due]})
    text = calendar_text(events, context.period.name, name, context.period.end)
    return calendar_link(text, f"{context.period.name}.ics", context.labels("Calendar file (.ics)"))
