"""The report as a whole: index, everything in one file and its charts together."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ccmlib.pages.context import PageContext
from ccmlib.pages.digest import figures_csv, mentions, shortened, tiles
from ccmlib.pages.exporter import exporter, page_facts, part_of

#: Findings of a section that the index shows.
CARD_FINDINGS = 3
_CHART_FILES = frozenset({".svg", ".png", ".csv"})


def assemble(stage: str | Path, context: PageContext, files: Sequence[str] = ()) -> list[str]:
    """
    Write what belongs to the report as a whole.

    Reads ``<stem>/section.json`` and ``<stem>/body.json`` of each section that is there.

    Parameters
    ----------
    stage
        Folder in which the report is made.
    context
        Facts about the report.
    files
        Further files that the index links to, such as ``report.pdf``, made after this call.

    Returns
    -------
    list of str
        Paths written, relative to the folder.
    """
    stage = Path(stage)
    sections = read_sections(stage, context)
    written = ["figures.csv", "index.html", "report.html"]
    (stage / "figures.csv").write_text(figures_csv(sections), encoding="utf-8", newline="")
    written += copy_charts(stage, [section["stem"] for section in sections])
    linked = [name for name in ("report.html", "figures.csv", "reconciliation.csv", *files)
              if name in written or name in files or (stage / name).exists()]
    (stage / "index.html").write_text(index_html(sections, context, linked), encoding="utf-8",
                                      newline="")
    bodies = [json.loads(path.read_text(encoding="utf-8")) for stem, _ in context.sections
              if (path := stage / stem / "body.json").exists()]
    (stage / "report.html").write_text(report_html(sections, bodies, context), encoding="utf-8",
                                       newline="")
    return sorted(written)


def read_sections(stage: Path, context: PageContext) -> list[dict[str, Any]]:
    """
    Read the sections' facts in the order of the report.

    Parameters
    ----------
    stage
        Folder in which the report is made.
    context
        Facts about the report.

    Returns
    -------
    list of dict
        Contents of each ``section.json``; a section that was not made is left out.
    """
    found = []
    for stem, title in context.sections:
        path = stage / stem / "section.json"
        if path.exists():
            facts = json.loads(path.read_text(encoding="utf-8"))
            found.append({"stem": stem, "title": title, **facts})
    return found


def copy_charts(stage: Path, stems: Sequence[str]) -> list[str]:
    """
    Bring the charts of all sections together in one folder.

    Parameters
    ----------
    stage
        Folder in which the report is made.
    stems
        Sections to copy from.

    Returns
    -------
    list of str
        Paths written, relative to the folder.

    Raises
    ------
    ValueError
        If two sections have a chart of the same name.
    """
    target, written = stage / "charts", {}
    for stem in stems:
        for path in sorted((stage / stem / "charts").glob("*")):
            if path.suffix not in _CHART_FILES:
                continue
            name = f"charts/{path.name}"
            if name in written:
                raise ValueError(f"{stem} and {written[name]} both have a chart {path.name}; "
                                 "a chart's id is unique in the report")
            target.mkdir(exist_ok=True)
            shutil.copyfile(path, stage / name)
            written[name] = stem
    return list(written)


def index_html(sections: Sequence[Mapping[str, Any]], context: PageContext,
               files: Sequence[str] = ()) -> str:
    """
    Make the index: the report at a glance.

    Parameters
    ----------
    sections
        Sections' facts.
    context
        Facts about the report.
    files
        Names of files to link to.

    Returns
    -------
    str
        A page.
    """
    page = page_facts(context, "index", *_report_title(context))
    parts = []
    known = {section["stem"]: section for section in sections}
    for stem, title in context.sections:
        section = known.get(stem, {})
        lines = [{"href": f"{stem}.html#{entry['id']}", "text": shortened(entry["text"], 220),
                  "lang": entry.get("lang", "")}
                 for entry in section.get("findings", ())[:CARD_FINDINGS]]
        parts.append({"href": f"{stem}.html", "title": title, "findings": lines,
                      "subtitle": section.get("subtitle", "")})
    labels = context.labels
    about = {
        "report.html": labels("the whole report in one file, for mail"),
        "report.pdf": labels("the whole report for printing"),
        "report.docx": labels("draft of the official document"),
        "figures.csv": labels("every figure with its States and rows"),
        "reconciliation.csv": labels("published figures against computed ones"),
        "manifest.json": labels("hash of each input and output, to verify this report"),
    }
    listed = [{"href": name, "title": name, "about": about.get(name, "")}
              for name in files]
    return _render("overview.html.j2", context, page=page, tiles=tiles(sections, context),
                   parts=parts, states=mentions(sections, context), files=listed)


def report_html(sections: Sequence[Mapping[str, Any]], bodies: Sequence[Mapping[str, Any]],
                context: PageContext) -> str:
    """
    Put the whole report in one file.

    Parameters
    ----------
    sections
        Sections' facts.
    bodies
        The sections' cells, from :func:`ccmlib.pages.exporter.to_body`.
    context
        Facts about the report.

    Returns
    -------
    str
        A page.
    """
    page = page_facts(context, "report", *_report_title(context), one_file=True)
    parts, contents = [], []
    for body in bodies:
        anchor = part_of(body["stem"])
        parts.append({**body, "anchor": anchor})
        contents.append({"level": 2, "id": anchor, "text": body["title"]})
        contents += [{**entry, "level": 3} for entry in body["contents"] if entry["level"] == 2]
    contents.append({"level": 2, "id": "by-state", "text": context.labels("State by State")})
    made = {body["stem"] for body in bodies}
    page["navigation"] = [entry for entry, stem in
                          zip(page["navigation"], [None, *(s for s, _ in context.sections)],
                              strict=True) if stem is None or stem in made]
    return _render("whole.html.j2", context, page=page, bodies=parts, contents=contents,
                   tiles=tiles(sections, context, one_file=True),
                   states=mentions(sections, context, one_file=True))


def _report_title(context: PageContext) -> tuple[str, str]:
    period = context.period
    dates = f"{context.date(period.start)} – {context.date(period.end)}"
    title = f"{context.labels('Progress report')}: {context.labels(period.meeting)}"
    return title, f"{context.labels('Reporting period')} {dates}"


def _render(template: str, context: PageContext, **values: Any) -> str:
    html = exporter().environment.get_template(template).render(_=context.labels, **values)
    return html.lstrip()
