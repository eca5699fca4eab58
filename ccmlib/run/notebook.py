"""Run one notebook with papermill and give back the executed notebook, free of times and machine paths."""

from __future__ import annotations

import functools
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# jsonschema would build a grammar for two seconds with it, to check a kind of address that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)

LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
INJECTED = "injected-parameters"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Limits:
    """Time limits in seconds: for one cell, for all cells of a notebook together, and for a kernel to answer."""

    cell: int = 300
    notebook: int = 900
    start: int = 60


@dataclass
class Executed:
    """What came of running a notebook, as far as it went; each cell's time and standard error; and what went wrong.

    An error has ``kind``, ``cell`` (number in the source notebook, from 1), ``line`` (first of the cell), ``message``
    and perhaps ``traceback``.
    """

    notebook: Any
    log: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None


@functools.cache
def papermill() -> Any:
    """Import papermill and register the engine that runs the notebooks."""
    import papermill as module
    from papermill.engines import NBClientEngine, papermill_engines

    class RunEngine(NBClientEngine):
        """papermill's own engine, which also hands out the notebook of a run that ends in an exception."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, started: Any = None, **kwargs: Any) -> Any:
            started(nb_man)
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)

    papermill_engines.register("ccm", RunEngine)
    return module


def run_notebook(
    source: Mapping[str, Any], parameters: Mapping[str, Any], cwd: Path, manager: Any, limits: Limits,
    on_cell: Callable[[int, int], None],
) -> Executed:  # fmt: skip
    """Run a notebook (JSON) in a folder; an error of its own, of time or of the kernel is given, not raised."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    notebook = nbformat.from_dict(prepared(source))
    numbers = {cell["id"]: number for number, cell in enumerate(notebook.cells, start=1)}
    running: list[Any] = []
    at = [0]
    limit = time.monotonic() + limits.notebook

    def cell_starts(cell: Any, cell_index: int) -> None:
        at[0] = cell_index
        on_cell(cell_index + 1, len(running[0].nb.cells))

    error = None
    try:
        papermill().execute_notebook(
            notebook, None, parameters=dict(parameters), engine_name="ccm", kernel_name=KERNEL["name"],
            language=KERNEL["language"], progress_bar=False, request_save_on_cell_execute=False, autosave_cell_every=0,
            start_timeout=limits.start, kernel_manager_class=manager, resources={"metadata": {"path": str(cwd)}},
            record_timing=False, timeout_func=lambda cell: max(1, min(limits.cell, int(limit - time.monotonic()))),
            on_cell_start=cell_starts, started=running.append,
        )
    except PapermillExecutionError as failed:
        error = {"kind": "cell failed", "message": f"{failed.ename}: {failed.evalue}".strip(": ")}
        error["traceback"] = _COLOURS.sub("", "\n".join(failed.traceback))
    except CellTimeoutError:
        whole = time.monotonic() >= limit - 1
        spent = f"the notebook's {limits.notebook}" if whole else f"a cell's {limits.cell}"
        error = {"kind": "time limit", "message": f"took longer than {spent} seconds"}
    except (DeadKernelError, ConnectionError, RuntimeError) as died:
        # nbclient says "RuntimeError" of a kernel that died before it answered.
        error = {"kind": "kernel died", "message": f"the kernel died ({died})"}
    done = running[0].nb if running else notebook
    if error:
        # papermill put two banners in; count without them.
        cells = [cell for cell in done.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
        cell = cells[min(at[0], len(cells) - 1)]
        error["cell"] = numbers.get(cell.get("id"), 0)
        error["line"] = next((line for line in cell.source.splitlines() if line.strip()), "")
    return Executed(done, tidied(done), error)


def prepared(source: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a notebook (JSON) without outputs, as version 4.5: an id for each cell, the same from run to run."""
    cells = []
    for number, cell in enumerate(source["cells"], start=1):
        copy = {**cell, "metadata": dict(cell.get("metadata", {})), "id": cell.get("id") or f"cell-{number}"}
        copy["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            copy.update(outputs=[], execution_count=None)
        cells.append(copy)
    metadata = {key: value for key, value in source["metadata"].items() if key not in ("papermill", "widgets")}
    return {**source, "cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def tidied(notebook: Any) -> list[dict[str, Any]]:
    """Take out of an executed notebook, in place, what differs from run to run; give it back as a log by cell."""
    log = []
    parameters = notebook.metadata.get("papermill", {}).get("parameters", {})
    notebook.metadata["papermill"] = {"parameters": dict(parameters)}
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    for number, cell in enumerate(notebook.cells, start=1):
        timing = cell.metadata.pop("papermill", {})
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
        if cell.cell_type != "code":
            continue
        entry: dict[str, Any] = {"cell": number, "seconds": timing.get("duration")}
        outputs = []
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                entry["stderr"] = entry.get("stderr", "") + output.text
                continue
            if output.output_type == "stream":
                output.text = _ADDRESS.sub("", output.text)
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = _ADDRESS.sub("", output.data["text/plain"])
            outputs.append(output)
        cell.outputs = outputs
        log.append(entry)
    return log
