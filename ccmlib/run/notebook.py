"""Run one notebook with papermill and give back the executed notebook, free of times and machine paths."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

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


class Executed(NamedTuple):
    """What came of running a notebook, as far as it went; each cell's time and standard error; and what went wrong.

    An error has ``kind``, ``cell`` (number in the source notebook, from 1), ``line`` (first of the cell), ``message``
    and perhaps ``traceback``.
    """

    notebook: Any
    log: list[dict[str, Any]]
    error: dict[str, Any] | None = None


def run_notebook(
    source: Mapping[str, Any], parameters: Mapping[str, Any], cwd: Path, manager: Any, limits: Limits,
    on_cell: Callable[[int, int], None],
) -> Executed:  # fmt: skip
    """Run a notebook (JSON) in a folder; an error of its own, of time or of the kernel is given, not raised."""
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.parameterize import parameterize_notebook

    notebook = nbformat.from_dict({**source, "metadata": {**source["metadata"], "papermill": {}}})
    how = {"kernel_name": KERNEL["name"], "language": KERNEL["language"]}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for its own
    notebook = parameterize_notebook(notebook, dict(parameters), **how)
    at, limit, error = 0, time.monotonic() + limits.notebook, None

    def cell_starts(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = cell_index
        on_cell(at + 1, len(notebook.cells))

    try:
        papermill_engines.execute_notebook_with_engine(
            "nbclient", notebook, KERNEL["name"], progress_bar=False, autosave_cell_every=0, start_timeout=limits.start,
            kernel_manager_class=manager, resources={"metadata": {"path": str(cwd)}}, record_timing=False,
            timeout_func=lambda cell: max(1, min(limits.cell, int(limit - time.monotonic()))), on_cell_start=cell_starts,
        )  # fmt: skip
        if notebook.cells[at].metadata.papermill.get("exception"):
            failed = next(output for output in notebook.cells[at].outputs if output.output_type == "error")
            error = {"kind": "cell failed", "message": f"{failed.ename}: {failed.evalue}".strip(": ")}
            error["traceback"] = _COLOURS.sub("", "\n".join(failed.traceback))
    except CellTimeoutError:
        whole = time.monotonic() >= limit - 1
        spent = f"the notebook's {limits.notebook}" if whole else f"a cell's {limits.cell}"
        error = {"kind": "time limit", "message": f"took longer than {spent} seconds"}
    except (DeadKernelError, ConnectionError, RuntimeError) as died:
        # nbclient says "RuntimeError" of a kernel that died before it answered.
        error = {"kind": "kernel died", "message": f"the kernel died ({died})"}
    if error:
        numbers = {cell["id"]: number for number, cell in enumerate(source["cells"], start=1)}
        error["cell"] = numbers.get(notebook.cells[at].id, 0)
        error["line"] = next((line for line in notebook.cells[at].source.splitlines() if line.strip()), "")
    return Executed(notebook, tidied(notebook), error)


def tidied(notebook: Any) -> list[dict[str, Any]]:
    """Take out of an executed notebook, in place, what differs from run to run; give it back as a log by cell."""
    log = []
    notebook.metadata["papermill"] = {"parameters": dict(notebook.metadata["papermill"]["parameters"])}
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    for number, cell in enumerate(notebook.cells, start=1):
        timing = cell.metadata.pop("papermill", {})
        if not cell.metadata.tags:
            del cell.metadata["tags"]
        elif INJECTED in cell.metadata.tags:
            cell["id"] = INJECTED
        if cell.cell_type != "code":
            continue
        entry: dict[str, Any] = {"cell": number, "seconds": timing.get("duration")}
        warned = [output for output in cell.outputs if output.get("name") == "stderr"]
        if warned:
            entry["stderr"] = "".join(output.text for output in warned)
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        for output in cell.outputs:
            said, kind = (output, "text") if output.output_type == "stream" else (output.get("data", {}), "text/plain")
            if kind in said:
                said[kind] = _ADDRESS.sub("", said[kind])
        log.append(entry)
    return log
