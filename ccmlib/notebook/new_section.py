"""``ccm new-section``: a notebook to begin a section of the report with, which runs as it is."""

import json
import re
from pathlib import Path

from ccmlib.base import project
from ccmlib.base.files import write_whole
from ccmlib.notebook import declared

SUBTITLE = "What the sources tell of it, as it stood at the end of the period."
OPENED = """from ccmlib import charts, open_section

s = open_section("{stem}", period=period, from_on=from_on, to_on=to_on, processed=processed, out=out, locale=locale)
now = s.on(s.period.end)  # one row a State: what is known of it on the last day"""
COUNTED = 's.tell("states_parties")  # any figure that `ccm figures` lists'



def write(name: str) -> Path:
    """Write the notebook of a new section, after those that there are.

    Parameters
    ----------
    name : str
        Its title, such as "Risk education".

    Returns
    -------
    Path
        The notebook, ``notebooks/11_risk_education.ipynb``; its number is the next one that is free.

    Raises
    ------
    ValueError
        The name has no letters to make a file name of, or another section has it.
    """
    section = "_".join(re.findall(r"[a-z0-9]+", name.lower()))
    if not re.match("[a-z]", section):
        raise ValueError(f"name the section by a title in Latin letters, such as \"Risk education\"; found {name!r}")
    stems = declared.stems()
    taken = {declared.metadata(stem)["section"]: stem for stem in stems} | {stem.partition("_")[2]: stem for stem in stems}
    if section in taken:
        raise ValueError(f"there is a section {section} already: notebooks/{taken[section]}.ipynb")
    stem = f"{max(int(stem[:2]) for stem in stems) + 1:02d}_{section}"
    letter = chr(1 + max(ord(declared.metadata(each).get("letter") or "@") for each in stems))  # before A comes @
    path = project.NOTEBOOKS / f"{stem}.ipynb"
    title = name.strip()[0].upper() + name.strip()[1:]
    opened = OPENED.replace("{stem}", stem)
    parts = [f"# {title}\n\n{SUBTITLE}", _parameters(stems[0]), opened, "## Findings", COUNTED, "s.close()"]
    cells = []
    for number, source in enumerate(parts):
        code = {} if source.startswith("#") else {"execution_count": None, "outputs": []}
        cells.append({"cell_type": "code" if code else "markdown", "id": f"c{number:02d}",
                      "metadata": {"tags": ["parameters"]} if number == 1 else {}, **code,
                      "source": source.splitlines(keepends=True)})
    notebook = {"cells": cells, "metadata": {
        "ccm": {"letter": letter, "needs": [], "section": section, "tiles": []},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    write_whole(path, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return path


def _parameters(stem: str) -> str:
    """Take the parameters from a notebook that there is: all sections have the same."""
    notebook = json.loads((project.NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    return next("".join(cell["source"]) for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
