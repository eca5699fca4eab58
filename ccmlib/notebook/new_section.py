"""``ccm new-section``: a notebook to begin a section of the report with, which runs as it is."""

import re
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ccmlib.base import project
from ccmlib.base.files import write_whole
from ccmlib.notebook import declared

SUBTITLE = "What the sources tell of it, as it stood at the end of the period."
OPENED = """from ccmlib import charts, open_section

s = open_section("{stem}", period=period, from_on=from_on, to_on=to_on, processed=processed, out=out, locale=locale)
now = s.on(s.period.end)  # one row a State: what is known of it on the last day"""
EXAMPLE = 's.tell("states_parties")  # any figure that `ccm figures` lists'


def write(name: str) -> Path:
    """Write the notebook of a new section, such as "Risk education", under the next number that is free.

    Raises
    ------
    ValueError
        The name has no letters to make a file name of, or another section has it.
    """
    section, stems = "_".join(re.findall(r"[a-z0-9]+", name.lower())), declared.stems()
    if not re.match("[a-z]", section):
        raise ValueError(f"name the section by a title in Latin letters, such as \"Risk education\"; found {name!r}")
    taken = {declared.metadata(stem)["section"]: stem for stem in stems} | {stem.partition("_")[2]: stem for stem in stems}
    if section in taken:
        raise ValueError(f"there is a section {section} already: notebooks/{taken[section]}.ipynb")
    stem = f"{max(int(stem[:2]) for stem in stems) + 1:02d}_{section}"
    letter = chr(1 + max(ord(declared.metadata(each).get("letter") or "@") for each in stems))  # before A comes @
    first = nbformat.read(project.NOTEBOOKS / f"{stems[0]}.ipynb", as_version=4)
    parameters = next(cell for cell in first.cells if "parameters" in cell.metadata.get("tags", []))  # the same in all
    title = f"# {name.strip()[0].upper()}{name.strip()[1:]}\n\n{SUBTITLE}"
    cells = [new_markdown_cell(title), parameters, new_code_cell(OPENED.replace("{stem}", stem)),
             new_markdown_cell("## Findings"), new_code_cell(EXAMPLE), new_code_cell("s.close()")]
    for number, cell in enumerate(cells):
        cell.id = f"c{number:02d}"
    ccm = {"letter": letter, "needs": [], "section": section, "tiles": []}
    path = project.NOTEBOOKS / f"{stem}.ipynb"
    write_whole(path, nbformat.writes(new_notebook(cells=cells, metadata={**first.metadata, "ccm": ccm})) + "\n")
    return path
