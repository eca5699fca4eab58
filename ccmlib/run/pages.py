"""The pages of a report, made by :mod:`ccmlib.pages` from plain facts that a task can carry to another process."""

import json
import re
import shutil
from pathlib import Path

from ccmlib.figures import one_state
from ccmlib.language import state_names
from ccmlib.pages import exporter, site, state_cards
from ccmlib.pages.context import PageContext
from ccmlib.pages.drafts import docx
from ccmlib.treaty import periods
from ccmlib.treaty.facts import Facts

_TO_SECTION = re.compile(r' href="(\d\d_\w+\.html)[^"]*"')


def context(facts: dict, known: Facts) -> PageContext:
    """Make what the pages of one report have in common, from the facts of the report and its tables."""
    days = facts["from_on"], facts["to_on"]
    chosen = periods.from_days(*days) if facts["from_on"] else periods.from_table(known["periods"], facts["period"])
    language = state_names.speaking(facts["locale"], known.names, known["state_names_un"], chosen.end)
    return PageContext(
        period=chosen, sections=[(stem, language.text(title)) for stem, title in facts["sections"]], code=facts["code"],
        labels=language, states={iso3: language.state(iso3) for iso3 in known.names},
        known_to=known.treaty_known_to, spellings=one_state.spellings(known),
    )


def render(notebook: object, name: str, facts: dict) -> tuple[str, dict]:
    """Make the page of one executed notebook, and its part of the page that holds them all, where there is one."""
    shared = context(facts, Facts(processed=facts["processed"]))
    body = exporter.to_body(notebook, name, shared) if facts["sections"] else {}
    return exporter.to_html(notebook, name, shared), body


def assemble(stage: Path, facts: dict) -> None:
    """Write what belongs to the report as a whole, and put each section's own files in their place.

    The stage holds ``<name>.html`` and ``<name>/`` of each notebook.
    """
    known = Facts(processed=facts["processed"])
    shared = context(facts, known)
    for path in (path for name in facts["names"] for path in sorted((stage / name).iterdir())):
        if path.is_file() and path.name not in ("section.json", "body.json"):  # such as reconciliation.csv
            if (stage / path.name).exists():
                raise ValueError(f"{path.parent.name} writes {path.name}, which another section writes too")
            path.rename(stage / path.name)
    if facts["sections"]:
        briefs = stage.parent / "briefs" / facts["folder"]
        made = one_state.cards(known, shared.period.end, shared.labels, briefs, f"../briefs/{facts['folder']}/")
        (stage / state_cards.FILE).write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
        docx.write_docx(stage, shared, stage / "report.docx")
        site.assemble(stage, shared, files=["report.docx"])
        (stage / state_cards.FILE).unlink()
    (stage / "sections").mkdir()
    for name in facts["names"]:
        if (stage / name / "section.json").exists():
            (stage / name / "section.json").rename(stage / "sections" / f"{name}.json")
        shutil.rmtree(stage / name)
    drop_dead_links(stage)


def drop_dead_links(stage: Path) -> None:
    """Take out of the pages the links to sections that were not made, as after a first run with SECTION."""
    for page in stage.glob("*.html"):
        text = page.read_bytes().decode("utf-8")
        kept = _TO_SECTION.sub(lambda link: link[0] if (stage / link[1]).exists() else "", text)
        if kept != text:
            page.write_bytes(kept.encode("utf-8"))
