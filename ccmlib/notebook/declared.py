"""What a notebook declares: its section, the tables it reads, the notebooks it needs, its title."""

import json
from functools import cache

from ccmlib.base.project import NOTEBOOKS

#: Sections as tables and charts name them, shorter than the titles of their notebooks.
SECTION_NAMES = {
    "summary": "Summary", "universalization": "Universalization", "stockpile": "Stockpile destruction",
    "clearance": "Clearance", "victim_assistance": "Victim assistance", "cooperation": "Cooperation and assistance",
    "transparency": "Transparency", "national_implementation": "National implementation",
    "disputes": "Where sources disagree",
}


def stems() -> list[str]:
    """List the notebooks that are sections of the report, in its order: those whose names begin with a number."""
    return sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))


@cache
def _read(stem: str) -> dict:
    return json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))


def metadata(stem: str) -> dict:
    """Read what a notebook declares: section, tiles, notebooks it needs."""
    return _read(stem)["metadata"]["ccm"]


def heading(stem: str) -> tuple[str, str]:
    """Read a notebook's title and subtitle from its first cell."""
    title, _, subtitle = "".join(_read(stem)["cells"][0]["source"]).strip().partition("\n")
    return title.removeprefix("# ").strip(), subtitle.strip().partition("\n")[0].strip()


def section_name(section: str) -> str:
    """Name a section as tables and charts do: by its short name, or else by the title of its notebook."""
    titles = (heading(stem)[0] for stem in stems() if metadata(stem)["section"] == section)
    return SECTION_NAMES.get(section) or next(titles, section)
