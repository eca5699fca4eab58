"""The pages of a report, made by :mod:`ccmlib.pages` from plain facts that a task can carry to another process."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ccmlib.base.names import StateNames
from ccmlib.figures import one_state
from ccmlib.language import state_names
from ccmlib.language.languages import Language
from ccmlib.pages import exporter, site
from ccmlib.pages.context import PageContext
from ccmlib.pages.drafts import docx
from ccmlib.tidy import tables
from ccmlib.treaty import periods
from ccmlib.treaty.facts import Facts


def warm_up() -> None:
    """Compile the templates, once for all workers that are forked after this."""
    templates = exporter.exporter().environment
    for name in ("index.html.j2", "body.html.j2"):
        templates.get_template(name)


@functools.lru_cache(maxsize=8)
def _context(
    processed: str,
    period: str,
    from_on: str,
    to_on: str,
    locale: str,
    code: bool,
    sections: tuple[tuple[str, str], ...],
) -> PageContext:
    table = tables.load("periods", processed)
    chosen = periods.from_days(from_on, to_on) if from_on else periods.from_table(table, period)
    previous = periods.before(table, chosen)
    register = tables.load("states", processed)
    names = StateNames(register, [])
    english = {iso3: names.name(iso3, chosen.end) for iso3 in register["iso3"]}
    language = Language(locale, state_names.in_use(english, tables.load("state_names_un", processed)))
    return PageContext(
        period=chosen,
        sections=[(stem, language.text(title)) for stem, title in sections],
        code=code,
        labels=language,
        states={iso3: language.state(iso3) for iso3 in english},
        previous=previous.name if previous else "",
        cards=[{"iso3": iso3, "names": spelt}
               for iso3, spelt in one_state.spellings(Facts(processed=processed)).items()],
    )


def context(facts: Mapping[str, Any]) -> PageContext:
    """Make what the pages of one report have in common.

    Parameters
    ----------
    facts : mapping
        ``processed``, ``period``, ``from_on``, ``to_on``, ``locale``, ``code`` and ``sections``.

    Returns
    -------
    PageContext
        Made once for each report in each process.
    """
    sections = tuple((name, title) for name, title in facts["sections"])
    given = (facts["processed"], facts["period"], facts["from_on"], facts["to_on"], facts["locale"], facts["code"])
    return _context(*given, sections)


def render(notebook: Any, name: str, facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Make the page of one executed notebook, and its part of the page that holds them all.

    Parameters
    ----------
    notebook : Any
        The executed notebook.
    name : str
        Of the page.
    facts : mapping
        About the report.

    Returns
    -------
    tuple
        The page as HTML, and the part as plain data; no part where no page holds them all.
    """
    shared = context(facts)
    body = exporter.to_body(notebook, name, shared) if facts["whole"] else {}
    return exporter.to_html(notebook, name, shared), body


def assemble(stage: Path, facts: Mapping[str, Any]) -> None:
    """Write what belongs to the report as a whole, and put each section's own files in their place.

    Parameters
    ----------
    stage : Path
        With ``<name>.html`` and ``<name>/`` of each notebook.
    facts : mapping
        About the report.
    """
    shared = context(facts)
    for name in facts["names"]:
        _own_files(stage, name)
    if facts["whole"]:
        known, briefs = Facts(processed=facts["processed"]), stage.parent / "briefs" / facts["folder"]
        shared = replace(shared, cards=one_state.cards(
            known, shared.period.end, shared.labels, briefs, f"../briefs/{facts['folder']}/"))
        docx.write_docx(stage, shared, stage / "report.docx")
        site.assemble(stage, shared, files=["report.docx"])
    (stage / "sections").mkdir()
    for name in facts["names"]:
        if (stage / name / "section.json").exists():
            (stage / name / "section.json").rename(stage / "sections" / f"{name}.json")
        shutil.rmtree(stage / name)


def _own_files(stage: Path, name: str) -> None:
    """Move what a notebook wrote beside its section.json, such as reconciliation.csv, to the top of the report."""
    for path in sorted((stage / name).iterdir()):
        if path.is_file() and path.name not in ("section.json", "body.json"):
            if (stage / path.name).exists():
                raise ValueError(f"{name} writes {path.name}, which another section writes too")
            path.rename(stage / path.name)
