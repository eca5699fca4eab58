"""Pages of the sample project: nbconvert's basic template."""

import json
from pathlib import Path

import nbconvert


def warm_up():
    """Nothing to prepare."""


def render(notebook, name, facts):
    """Make a page."""
    body, _ = nbconvert.HTMLExporter(template_name="basic").from_notebook_node(notebook)
    return f"<!doctype html><title>{name} {facts['period']}</title>{body}", {"stem": name}


def assemble(stage: Path, facts) -> None:
    """Make the index."""
    titles = {name: title for name, title in facts["sections"] if name in facts["names"]}
    (stage / "index.html").write_text(json.dumps(titles, indent=1))
