"""What a notebook declares: its section, the tables it reads, the notebooks it needs, its title."""

import json
from functools import cache

from ccmlib.base.project import NOTEBOOKS

#: Sections as tables and charts name them, shorter than the titles of their notebooks.
SECTION_NAMES = {
    "summary": "Summary",
    "universalization": "Universalization",
    "stockpile": "Stockpile destruction",
    "clearance": "Clearance",
    "victim_assistance": "Victim assistance",
    "cooperation": "Cooperation and assistance",
    "transparency": "Transparency",
    "national_implementation": "National implementation",
    "disputes": "Where sources disagree",
}


def stems() -> list[str]:
    """List the notebooks that are sections of the report, in its order: those whose names begin with a number."""
    return sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))


@cache
def metadata(stem: str) -> dict:
    """Read what a notebook declares: section, tiles, notebooks it needs."""
    notebook = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    declared = notebook["metadata"]["ccm"]
    return {"needs": [], **declared}


def heading(stem: str) -> tuple[str, str]:
    """Read a notebook's title and subtitle from its first cell."""
    notebook = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    lines = [line.strip() for line in "".join(notebook["cells"][0]["source"]).splitlines() if line.strip()]
    return lines[0].removeprefix("# "), lines[1] if len(lines) > 1 else ""


def section_name(section: str) -> str:
    """Name a section as tables and charts do: by its short name, or else by the title of its notebook."""
    titles = (heading(stem)[0] for stem in stems() if metadata(stem)["section"] == section)
    return SECTION_NAMES.get(section) or next(titles, section)
