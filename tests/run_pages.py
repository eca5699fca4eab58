"""Pages of the sample project: nbconvert's basic template."""

import functools
import json
import os
from pathlib import Path

import nbconvert


@functools.cache
def exporter():
    """Compile the template once."""
    return nbconvert.HTMLExporter(template_name="basic")


def place_of_fault(facts) -> Path:
    """Find where a test writes what is to go wrong; pages are made in processes that no test can reach."""
    named = Path(facts["processed"]) / "fault"
    return Path(named.read_text() if named.exists() else named)


def fault_of(facts) -> str:
    """Read what is to go wrong."""
    place = place_of_fault(facts)
    return place.read_text() if place.exists() else ""


def render(notebook, name, facts):
    """Make a page; or go wrong, as a file in the cache says."""
    fault = fault_of(facts)
    if fault == "divide":
        1 / 0  # noqa: B018
    if fault.startswith("killed"):
        if fault == "killed once":
            place_of_fault(facts).unlink()
        os.kill(os.getpid(), 9)
    body, _ = exporter().from_notebook_node(notebook)
    return f"<!doctype html><title>{name} {facts['period']}</title>{body}", {"stem": name}


def assemble(stage: Path, facts) -> None:
    """Make the index."""
    if fault_of(facts) == "full":
        raise OSError(28, "No space left on device", str(stage.parent / "index.html"))
    titles = {name: title for name, title in facts["sections"] if name in facts["names"]}
    (stage / "index.html").write_text(json.dumps(titles, indent=1))
