"""Pages of the sample project: nbconvert's basic template."""

import functools
import json
from pathlib import Path

import nbconvert


@functools.cache
def exporter():
    """Compile the template once."""
    return nbconvert.HTMLExporter(template_name="basic")


def warm_up():
    """Compile the template for all workers."""
    exporter().template  # noqa: B018 - made when first looked at


def render(notebook, name, facts):
    """Make a page."""
    body, _ = exporter().from_notebook_node(notebook)
    return f"<!doctype html><title>{name} {facts['period']}</title>{body}", {"stem": name}


def assemble(stage: Path, facts) -> None:
    """Make the index."""
    titles = {name: title for name, title in facts["sections"] if name in facts["names"]}
    (stage / "index.html").write_text(json.dumps(titles, indent=1))
